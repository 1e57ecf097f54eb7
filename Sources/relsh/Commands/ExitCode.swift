/// How relsh ends. Documented in `relsh --help`; scripts and CI look at nothing else.
enum ExitCode: Int32, CaseIterable, Sendable {
    case success = 0
    /// The recipe failed; what it had changed was undone where it was in a transaction. Also where standard output was
    /// closed before the end, which stops the run as an interruption does, or could not be written.
    case failed = 1
    /// The command line, the program or `relsh.toml` is wrong: nothing was run.
    case usage = 2
    /// The recipe failed, and undoing what it had changed failed too.
    case undoIncomplete = 3
    /// Ctrl-C.
    case interrupted = 130

    var summary: String {
        switch self {
        case .success: "done"
        case .failed: "the recipe failed"
        case .usage: "usage or check error; nothing was run"
        case .undoIncomplete: "the recipe failed and could not be undone completely"
        case .interrupted: "interrupted"
        }
    }
}
