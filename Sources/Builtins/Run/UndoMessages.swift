package import Lang

/// What can go wrong when a change is taken back.
extension Message {
    package static func changedSince(_ subject: String, now: String, commands: [String]) -> Message {
        Message(
            "\(subject) was changed by somebody else since: it is \(now) now, and was left so",
            help: commands.isEmpty ? nil : "to take it back all the same: \(commands.joined(separator: "; "))")
    }

    package static func contentNotKept(_ path: String) -> Message {
        Message(
            "what \(path) held is not in the ledger any more", help: "`[ledger]` in relsh.toml says how long it is kept"
        )
    }

    package static func perhapsMade(_ title: String, now: String, commands: [String]) -> Message {
        Message(
            "\(title) is \(now) now, and the run died before it could tell whether it had made that: it was left so",
            help: commands.isEmpty ? nil : "to take it back: \(commands.joined(separator: "; "))")
    }

    package static func undoFailed(_ subject: String, reason: String, commands: [String]) -> Message {
        Message(
            "could not take back: \(subject): \(reason)",
            help: commands.isEmpty ? nil : "this completes it: \(commands.joined(separator: "; "))")
    }
}
