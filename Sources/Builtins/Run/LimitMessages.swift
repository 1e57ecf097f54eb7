package import Lang

// What a run is told that uses more than it may. `Limits` has the numbers.

extension Message {
    package static func memoryExceeded(limit: Int, needed: Int) -> Message {
        Message(
            "a run must hold at most \(Size(bytes: limit).literal) of memory, but this one needs \(rounded(needed))",
            help: "look for a list or text that grows without an end, or allow more with `--max-memory`")
    }

    package static func stepsExceeded(limit: Int, taken: Int) -> Message {
        Message(
            "a run must take at most \(limit) steps (turns of loops and calls), but this one has taken \(taken)",
            help: "look for a loop or recursion without an end, or allow more with `--max-steps`")
    }

    package static func timeExceeded(limit: Duration) -> Message {
        Message(
            "a run must end within \(limit.literal), but this one has not",
            help: "allow more with `--max-time`, or bound what takes long with `timeout(…)`")
    }

    /// Up to whole MB.
    private static func rounded(_ bytes: Int) -> String { "\(bytes / 1_000_000 + 1)MB" }
}
