/// Remembers what failed commands printed until it is known whether that matters: a command may fail and be forgiven
/// (`check: false`, `try`, `retry`), and then its output is noise.
struct FailedCommands: Sendable {
    struct Failure: Sendable, Equatable {
        let line: String
        /// Negative for a program that could not be started or was stopped: then there is none.
        let exitCode: Int
        let output: String

        /// The command, and all that it printed.
        var lines: [String] {
            var text = Substring(output)
            while text.last?.isNewline == true { text.removeLast() }
            let body = text.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
            return ["$ \(cut(line))"] + (text.isEmpty ? [] : body) + (exitCode < 0 ? [] : ["exit code \(exitCode)"])
        }
    }

    /// By step; the last command there, if it failed.
    private var last: [Int?: Failure] = [:]
    private var shown: Set<String> = []

    mutating func finished(step: Int?, line: String, exitCode: Int, output: String) {
        // Of what printed nothing, or to the terminal, the error tells all there is.
        let saysNothing = exitCode == 0 || output.isEmpty || shown.contains(line)
        last[step] = saysNothing ? nil : Failure(line: line, exitCode: exitCode, output: output)
    }

    /// What to show now that a step has ended.
    mutating func stepEnded(_ step: Int, failed: Bool) -> Failure? {
        guard let failure = last.removeValue(forKey: step), failed else { return nil }
        shown.insert(failure.line)
        return failure
    }

    /// What is left to show of the command that ended the run.
    mutating func runEnded(commandLine: String) -> Failure? {
        guard !shown.contains(commandLine), let failure = last.values.first(where: { $0.line == commandLine }) else {
            return nil
        }
        shown.insert(commandLine)
        return failure
    }

    /// True where a person has already seen all that the command printed.
    func hasShown(_ commandLine: String) -> Bool { shown.contains(commandLine) }

    /// For output that was shown as it came.
    mutating func markShown(_ commandLine: String) { shown.insert(commandLine) }
}
