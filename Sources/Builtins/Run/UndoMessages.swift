package import Lang

/// What can go wrong when a change is taken back.
extension Message {
    package static func changedSince(_ subject: String, now: String, commands: [String]) -> Message {
        Message(
            "\(subject) was changed by somebody else since: it is \(now) now, and was left so",
            help: commands.isEmpty ? nil : "to take it back all the same: \(commands.joined(separator: "; "))")
    }

    package static func undoFailed(_ subject: String, reason: String, commands: [String]) -> Message {
        Message(
            "could not take back: \(subject): \(reason)",
            help: commands.isEmpty ? nil : "this completes it: \(commands.joined(separator: "; "))")
    }
}
