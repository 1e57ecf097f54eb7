package import Lang

/// What can be said about the lock that keeps the releases of several machines apart.
extension Message {
    package static func noLockRemote(_ name: String) -> Message {
        Message(
            "releases are to be locked at the git remote \(quoted(name)), which this repository does not have",
            help: "`git remote -v` shows those it has; `remote` in `[lock]` of relsh.toml names the one to use")
    }

    package static func releaseElsewhere(_ holder: String, at remote: String, end: String?) -> Message {
        let end =
            end.map { "its lease ends at \($0) unless it is renewed" } ?? "it ends by itself when it is not renewed"
        return Message(
            "another release of this project is under way: \(holder); it holds the lock at \(remote)",
            help: "wait until it is done, or add --wait; where that machine is gone for good, \(end), "
                + "and `relsh runs --unlock` takes it away at once")
    }

    package static func lockNotTaken(_ remote: String, reason: String, help: String?) -> Message {
        Message(
            "the lock of this release could not be taken at \(remote): \(reason)",
            help: (help.map { "\($0); " } ?? "")
                + "`relsh resume` goes on then; where \(remote) cannot hold a lock, `relsh resume --set lock.remote=false` goes on "
                + "without it, and `remote = false` in `[lock]` of relsh.toml does so always: then nothing keeps another machine "
                + "from releasing at the same time")
    }

    /// For a run that goes on: nobody has asked for the lock by name.
    package static func goesOnWithoutLock(_ remote: String, reason: String) -> Message {
        Message(
            "goes on without a lock at \(remote): \(reason). Another machine could release at the same time; `remote` in `[lock]` of "
                + "relsh.toml says whether that stops a release (\(quoted(remote))) or is never tried (false)")
    }

    package static func lockLost(_ remote: String, to holder: String?) -> Message {
        Message(
            "this release has lost its lock at \(remote), and stops before its next change: "
                + (holder.map { "\($0) has it now" } ?? "somebody has taken it away"),
            help: "look with `relsh runs --locks` who is at it, and what has become of the project since; "
                + "then `relsh resume` goes on, or `relsh undo` takes back what this run has changed")
    }

    package static func lockNotRenewed(_ remote: String, reason: String) -> Message {
        Message(
            "the lease of this release's lock at \(remote) is over, and it could not be renewed: \(reason)",
            help: "another machine may have the lock by now; when \(remote) answers again, `relsh resume` goes on")
    }

    package static func lockNotReleased(_ remote: String, reason: String, end: String) -> Message {
        Message(
            "the lock of this release could not be taken away from \(remote): \(reason)",
            help: "it ends by itself at \(end); `relsh runs --unlock` takes it away when \(remote) answers")
    }

    package static func lockMovedMeanwhile(_ remote: String) -> Message {
        Message(
            "the lock at \(remote) is not the one that was shown any more", help: "look again with `relsh runs --locks`"
        )
    }
}
