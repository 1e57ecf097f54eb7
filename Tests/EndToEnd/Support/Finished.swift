/// How a program ended, and all that it wrote.
struct Finished: Sendable, CustomStringConvertible {
    let line: String
    /// Nil where a signal ended it.
    let code: Int32?
    let signal: Int32?
    let stdout: String
    let stderr: String
    let duration: Duration

    /// What a person would have seen, in no particular order.
    var output: String { stdout + stderr }

    /// Standard output without its final newline.
    var value: String { stdout.hasSuffix("\n") ? String(stdout.dropLast()) : stdout }

    var description: String {
        let ending = code.map { "exit code \($0)" } ?? "signal \(signal ?? 0)"
        return "\(line)\n\(ending) after \(duration)\n--- stdout\n\(stdout.shortened)\n--- stderr\n\(stderr.shortened)"
    }
}

extension String {
    /// Short enough for the log of a test.
    fileprivate var shortened: String {
        count <= 6000 ? self : "\(prefix(3000))\n… \(count - 6000) characters …\n\(suffix(3000))"
    }
}

/// Something that a test needs did not come about.
struct SetUpFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
