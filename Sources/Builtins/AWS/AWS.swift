import Lang

/// The aws command line, as all builtins call it. Credentials, region and endpoint are its own affair: it reads them from the
/// environment and its files, so that none of them passes through relsh.
enum AWS {
    /// Runs aws and waits for it. A failure says what was tried and, for what is known to happen, what to do.
    ///
    /// - Parameters:
    ///   - purpose: what it is for, as it stands after "aws could not": `describe the task definition hello-prod`.
    ///   - input: given to it as its standard input.
    @discardableResult
    static func run(
        _ arguments: [String], to purpose: String, in world: World, check: Bool = true, input: String? = nil
    ) async throws -> ProcessOutcome {
        do {
            let outcome = try await Command.run(
                ["aws"] + arguments, in: world, check: false, quiet: true, printsLittle: true,
                input: input.map(ProcessOptions.Input.text) ?? .none)
            if outcome.exitCode == 0 || !check { return outcome }
            throw failure(outcome, arguments, purpose)
        } catch var error as RuntimeError where error.command?.exitCode == nil && error.kind == .command {
            error.help = error.help ?? "install the AWS command line client, or put its directory on PATH"
            throw error
        }
    }

    static func failure(_ outcome: ProcessOutcome, _ arguments: [String], _ purpose: String) -> RuntimeError {
        RuntimeError(
            .command, .awsFailed(purpose, output: outcome.combined),
            command: .init(
                line: line(arguments), exitCode: outcome.exitCode, output: outcome.combined.lastLines(40)))
    }

    /// What it answers, as JSON.
    static func json(_ arguments: [String], to purpose: String, in world: World, input: String? = nil) async throws
        -> JSON
    {
        let arguments = arguments + ["--output", "json"]
        let outcome = try await run(arguments, to: purpose, in: world, input: input)
        return try JSON.read(outcome.stdout, from: line(arguments))
    }

    /// The command as a person would type it.
    static func line(_ arguments: [String]) -> String { ProcessRequest(["aws"] + arguments).line }

    static func regionWords(_ region: String?) -> [String] { region.map { ["--region", $0] } ?? [] }

    /// The name in `An error occurred (NoSuchKey) when calling …`.
    static func errorCode(_ output: String) -> String? {
        guard let start = output.firstRange(of: "An error occurred ("),
            let end = output[start.upperBound...].firstIndex(of: ")")
        else { return nil }
        return String(output[start.upperBound..<end])
    }
}
