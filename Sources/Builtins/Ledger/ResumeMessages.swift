package import Lang

/// Why a run cannot go on where it stopped.
extension Message {
    package static func wasUnderWay(_ call: String) -> Message {
        Message(
            "`\(call)` was under way when the run stopped, and nothing tells how far it came",
            help: "look what it has done; `relsh resume --again` runs it again")
    }

    static func undoWasBegun(_ step: String, _ call: String, run: Int) -> Message {
        Message(
            "step \(step) was being taken back when the run stopped: its undo had made or begun `\(call)`",
            help: "look how far that came; `relsh undo \(run)` takes the run back, and then it can be begun anew")
    }

    /// - Parameter undo: the number of the run that takes it back.
    static func beingTakenBack(_ run: Int, by undo: Int, process: Int) -> Message {
        Message(
            "run #\(run) cannot be resumed while `relsh undo` is taking it back, as run #\(undo), process \(process)",
            help: "wait until that is done; `relsh show \(undo)` tells how far it is")
    }

    static func takenBackMeanwhile(_ run: Int) -> Message {
        Message(
            "somebody else has taken back something of run #\(run) meanwhile",
            help: "`relsh show \(run)` tells what; `relsh resume \(run)` makes it again")
    }

    package static func runNotUndoable(_ run: String, process: String) -> Message {
        Message("run \(run) cannot be taken back while process \(process) works on it", help: "interrupt it first")
    }

    static func resumedMeanwhile(_ run: Int) -> Message {
        Message(
            "somebody else has resumed run #\(run) meanwhile",
            help: "`relsh show \(run)` tells how far it is; it cannot be worked on twice")
    }

    package static func resumedOtherwise(was: String, now: String) -> Message {
        Message(
            "the run goes another way than it did: where it made `\(was)`, it would now make `\(now)`",
            help: "look what has changed since; `relsh resume --force` makes the new one")
    }

    package static func outcomeNotKept(_ call: String) -> Message {
        Message(
            "`\(call)` was made, but what it gave is not in the ledger: it held a secret or was too large",
            help: "`relsh resume --again` makes it again")
    }

    package static func resultIsGone(_ call: String, _ value: String) -> Message {
        Message(
            "`\(call)` gave \(value), which is neither on this machine nor in its registry any more",
            help: "`relsh resume --again` makes it again")
    }

    package static func releaseUnderWay(_ holder: LedgerLock) -> Message {
        Message(
            "another release of this project is under way: \(holder.description)",
            help: "wait until it is done, or add --wait; `relsh show \(holder.run)` tells what it is doing")
    }

    package static func changedMeanwhile(_ title: String, now: String, call: String) -> Message {
        Message(
            "\(title) was changed by somebody else while the run was down: it is \(now) now, in the middle of `\(call)`",
            help: "look who did; `relsh resume --force` goes on all the same")
    }
}
