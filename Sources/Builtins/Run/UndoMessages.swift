package import Lang

/// What can go wrong when a change is taken back.
extension Message {
    package static func changedSince(_ subject: String, now: String, by maker: ChangeMaker?, commands: [String])
        -> Message
    {
        let who = maker.map { "since, by \($0.description)" } ?? "by somebody else since"
        return Message(
            "\(subject) was changed \(who): it is \(now) now, and was left so",
            help: commands.isEmpty ? nil : "to take it back all the same: \(commands.joined(separator: "; "))")
    }

    /// - Parameter run: nil where no ledger is kept.
    package static func undoLeftSomething(_ run: Int?) -> Message {
        Message(
            "the recipe came to its end, but something in it could not be undone, as is said above",
            help: run.map { "`relsh undo \($0)` tries again" } ?? "take it back by hand")
    }

    /// - Parameter place: where it stands, as `release.rel:12:3`.
    static func undoNotKept(_ refusal: String, at place: String?) -> Message {
        let place = place.map { "at \($0)" } ?? "in the recipe"
        return Message(
            "its `undo` can only be called by the run itself: \(refusal)",
            help: "do by hand what it would do, as it stands \(place); one that uses only plain values, secrets of "
                + "`env.secret` and functions that the file declares with `fn` can be called later")
    }

    static func undoSecretMissing(_ source: String) -> Message {
        Message("its `undo` needs the secret of \(source), which is not there", help: "set it, and try again")
    }

    static func undoNotFound(_ file: String) -> Message {
        Message(
            "its `undo` is not found in \(file) as this relsh reads it",
            help: "use the relsh that the run was made with, or look in the recipe what it would do")
    }

    static func undoWasUnderWay(_ step: String, _ call: String, run: Int) -> Message {
        Message(
            "the undo of \(step) was under way when the run died, at `\(call)`, and nothing tells how far it came",
            help: "look what it has done; `relsh undo \(run) --again` calls it again")
    }

    static func undoNotCompiled(_ reason: String) -> Message {
        Message(
            "the recipe of the run cannot be read any more: \(reason)",
            help: "use the relsh that the run was made with")
    }

    /// - Parameter source: where else it can be had.
    package static func contentNotKept(_ path: String, _ digest: Digest, count: Int, source: String) -> Message {
        let why =
            count > Inverse.largestFile
            ? "it is larger than \(Size(bytes: Inverse.largestFile))"
            : "it has a secret in it, or the run is too long ago"
        return Message(
            "the \(count) bytes that \(path) held are not kept: \(why)",
            help: "\(source); its digest was \(digest)")
    }

    static func fileNotKept(_ path: String, _ what: String, source: String) -> Message {
        Message("\(path) was \(what), which is not kept", help: source)
    }

    package static func perhapsMade(_ title: String, now: String, was: String, commands: [String]) -> Message {
        let help = commands.isEmpty ? "" : "; to take it back: \(commands.joined(separator: "; "))"
        return Message(
            "\(title) is \(now) now and was \(was) before, and the run died before it could tell whether it had made that: "
                + "it was left so",
            help: "look whether it is what the run was to make, with `relsh show`\(help)")
    }

    package static func undoFailed(_ subject: String, reason: String, commands: [String]) -> Message {
        Message(
            "could not take back: \(subject): \(reason)",
            help: commands.isEmpty ? nil : "this completes it: \(commands.joined(separator: "; "))")
    }
}
