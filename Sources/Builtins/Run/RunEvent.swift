import Lang

/// What happens during a run, for progress, reports and tests. Steps and commands are numbered in the order they begin.
package enum RunEvent: Sendable {
    package enum Ending: Sendable {
        case succeeded
        case failed(String)
        case cancelled
    }

    /// `step`, `transaction` and branches of `parallel` are shown alike.
    case stepStarted(Int, parent: Int?, title: String)
    case stepFinished(Int, Ending, elapsed: Duration)
    case commandStarted(Int, step: Int?, line: String)
    case commandOutput(Int, step: Int?, line: String)
    /// A line that `$ …` printed: shown to the person as it comes. `command` is the command's line.
    case liveOutput(step: Int?, command: String, line: String)
    /// `output` is all of it, for a command that failed.
    case commandFinished(Int, step: Int?, line: String, exitCode: Int, output: String, elapsed: Duration)
    /// Bytes begin to go to a place, `total` of them, which may be many.
    case transferStarted(Int, step: Int?, place: String, total: Int)
    /// So many of them have gone.
    case transferred(Int, step: Int?, bytes: Int)
    case transferFinished(Int, step: Int?)
    /// A change that a dry run would make.
    case planned(step: Int?, line: String)
    case note(step: Int?, text: String)
    /// What an undo has left as it is, and why: worth a line however little is to be shown.
    case remains(step: Int?, text: String)
}

/// Called from any thread, in order for any one step; must not block for long.
package protocol RunObserver: Sendable {
    func handle(_ event: RunEvent)
    /// False where `commandOutput` is of no use, which spares reading the output of commands while they run.
    var watchesCommands: Bool { get }
}

extension RunObserver {
    package var watchesCommands: Bool { true }
}
