import Lang

/// The docker command line, as all builtins call it.
enum Docker {
    /// Runs docker and waits for it. A failure says what was tried and, for what is known to happen, what to do.
    ///
    /// - Parameters:
    ///   - purpose: what it is for, as it stands after "docker could not": `push app:dev`.
    ///   - quiet: do not show its output while it runs.
    ///   - printsLittle: false where it runs a program in a container, which may print without end.
    @discardableResult
    static func run(
        _ arguments: [String], to purpose: String, in world: World, check: Bool = true, quiet: Bool = true,
        printsLittle: Bool = true, timeout: Duration? = nil, input: ProcessOptions.Input = .none,
        environment: [String: String] = [:], secrets: [String: Secret] = [:]
    ) async throws -> ProcessOutcome {
        do {
            return try await Command.run(
                ["docker"] + arguments, in: world, check: check, quiet: quiet, printsLittle: printsLittle,
                timeout: timeout, input: input, environment: environment, secrets: secrets)
        } catch let error as RuntimeError {
            throw explained(error, purpose)
        }
    }

    /// How a program in a container gets relsh's own streams. As a terminal only where both ends are one: it would put a
    /// carriage return into every line of a file, and docker refuses one for input that is none.
    static func streams(in world: World) -> [String] {
        ["--interactive"] + (world.console.hasTerminal ? ["--tty"] : [])
    }

    /// The command as a person would type it.
    static func line(_ arguments: [String]) -> String { ProcessRequest(["docker"] + arguments).line }

    /// The same error with docker's reason in its message, and a remedy where there is one.
    static func explained(_ error: RuntimeError, _ purpose: String) -> RuntimeError {
        guard error.kind == .command else { return error }
        guard let command = error.command, command.exitCode != nil else {
            var missing = error
            missing.help = error.help ?? "install Docker's command line client, or put its directory on PATH"
            return missing
        }
        let problem = DockerProblem(command.output)
        let message: Message =
            switch problem {
            case .unreachable: .dockerUnreachable(purpose)
            case .forbidden: .dockerForbidden(purpose)
            case .noBuildx: .buildxMissing(purpose)
            default: .dockerFailed(purpose, reason: reason(in: command.output), remedy: problem?.remedy)
            }
        var explained = RuntimeError(problem?.isOfEngine == true ? .world : .command, message, command: command)
        explained.location = error.location
        return explained
    }

    /// The line of the output that tells why: the last one that says it is an error, else the last one.
    static func reason(in output: String) -> String {
        let lines = output.split(whereSeparator: \.isNewline).map { String($0).trimmed }
            .filter { !$0.isEmpty && !$0.hasPrefix("See '") && !$0.hasPrefix("------") }
        let telling = lines.last { line in
            ["ERROR:", "Error", "docker:", "error:"].contains { line.hasPrefix($0) }
        }
        return telling ?? lines.last ?? "it said nothing"
    }
}
