import Builtins
import Lang

/// What shows a run to a person. One object is both observer and console, because whatever a recipe prints or asks must
/// not run into what is drawn.
protocol RunProgress: RunObserver, Console {
    /// Ends the showing; nothing is drawn after it. Call it before the error is printed.
    /// - Returns: true if all output of the command that failed is on the screen already.
    func finish(_ error: RuntimeError?) -> Bool
}

/// How progress is to be shown.
struct ProgressOptions: Sendable {
    var isQuiet = false
    /// Output of commands is shown as it comes.
    var isVerbose = false
    var colour = false
    /// Steps are folded, as GitHub Actions shows them.
    var groupsSteps = false

    /// The right one for where standard error goes.
    func progress(on console: TerminalConsole, environment: [String: String]) -> any RunProgress {
        if isQuiet || !Terminal.isTerminal(2) || Self.isDumb(environment) {
            var options = self
            options.groupsSteps = environment["GITHUB_ACTIONS"] == "true"
            return PlainProgress(options, console: console)
        }
        return LiveProgress(self, console: console)
    }

    /// Whether to use colours on standard error: not where the user said so, and only on a terminal that can.
    static func wantsColour(isOff: Bool, environment: [String: String], descriptor: CInt = 2) -> Bool {
        if isOff || environment["NO_COLOR"]?.isEmpty == false { return false }
        if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" { return true }
        return Terminal.isTerminal(descriptor) && !isDumb(environment)
    }

    /// A terminal that knows no escape sequences.
    private static func isDumb(_ environment: [String: String]) -> Bool {
        ["", "dumb"].contains(environment["TERM"] ?? "")
    }
}
