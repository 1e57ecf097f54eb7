package import Builtins
import Lang

/// The programs of transcripts: a few that need no machine and answer the same everywhere.
///
///     args a "b c"     each argument on a line, as a literal
///     echo a b         the arguments with blanks between
///     env NAME …       the variables the command sets, as NAME=value; `NAME is not set`
///     cat, upper       standard input, as it is or in capitals
///     exit 3 text      writes the text to standard error and ends with the code
///     true, false      end with 0 and 1
///     sleep 20         takes 20 milliseconds
///     hang             runs until it is stopped
package struct TranscriptPrograms: ProcessRunner {
    package init() {}

    package func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        var input =
            switch options.input {
            case .text(let text): text
            case .secret(let secret): secret.text
            case .none, .terminal: ""
            }
        var errors = ""
        var exitCode = 0
        var failedStage: Int?
        for (index, stage) in stages.enumerated() {
            let result = try await run(stage, input: input)
            input = result.output
            errors += result.errors
            if result.exitCode != 0 { (exitCode, failedStage) = (result.exitCode, index) }
        }
        let shown = errors + (options.streamsOutput ? input : "")
        for line in shown.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            options.onLine?(String(line))
        }
        return ProcessOutcome(
            exitCode: exitCode, stdout: options.capturesOutput ? input : "", stderr: errors, combined: errors + input,
            duration: .milliseconds(20), failedStage: failedStage)
    }

    private func run(
        _ stage: ProcessRequest, input: String
    ) async throws -> (output: String, errors: String, exitCode: Int) {
        let arguments = stage.arguments.dropFirst()
        switch stage.arguments[0] {
        case "args": return (arguments.map { quoted($0) + "\n" }.joined(), "", 0)
        case "echo": return (arguments.joined(separator: " ") + "\n", "", 0)
        case "cat": return (input, "", 0)
        case "upper": return (input.uppercased(), "", 0)
        case "true": return ("", "", 0)
        case "false": return ("", "", 1)
        case "env":
            let lines = arguments.map { name in
                let value = stage.secrets[name]?.text ?? stage.environment[name]
                return value.map { "\(name)=\($0)\n" } ?? "\(name) is not set\n"
            }
            return (lines.joined(), "", 0)
        case "exit":
            let text = arguments.dropFirst().joined(separator: " ")
            return ("", text.isEmpty ? "" : text + "\n", arguments.first.flatMap { Int($0) } ?? 0)
        case "sleep", "hang":
            try await Task.sleep(for: .milliseconds(arguments.first.flatMap { Int($0) } ?? 60_000))
            return ("", "", 0)
        default:
            throw RuntimeError(.command, .programNotFound(stage.arguments[0], path: "/usr/bin:/bin"))
        }
    }
}
