import Lang

/// The gh command line, as all builtins call it. Who is logged in is its own affair.
enum GitHub {
    /// Runs gh and waits for it. A failure says what was tried and, for what is known to happen, what to do.
    ///
    /// - Parameter purpose: what it is for, as it stands after "gh could not": `read the issue 12`.
    @discardableResult
    static func run(_ arguments: [String], to purpose: String, in world: World) async throws -> ProcessOutcome {
        do {
            let outcome = try await Command.run(
                ["gh"] + arguments, in: world, check: false, quiet: true, printsLittle: true,
                environment: ["GH_PROMPT_DISABLED": "1"])
            if outcome.exitCode == 0 { return outcome }
            throw RuntimeError(
                .command, .githubFailed(purpose, output: outcome.combined),
                command: .init(
                    line: line(arguments), exitCode: outcome.exitCode, output: outcome.combined.lastLines(40)))
        } catch var error as RuntimeError where error.command?.exitCode == nil && error.kind == .command {
            error.help = error.help ?? "install GitHub's command line client gh, or put its directory on PATH"
            throw error
        }
    }

    static func json(_ arguments: [String], to purpose: String, in world: World) async throws -> JSON {
        try JSON.read(try await run(arguments, to: purpose, in: world).stdout, from: line(arguments))
    }

    /// The command as a person would type it.
    static func line(_ arguments: [String]) -> String { ProcessRequest(["gh"] + arguments).line }
}
