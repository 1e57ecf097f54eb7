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
        secrets: [String: Secret] = [:]
    ) async throws -> ProcessOutcome {
        do {
            return try await Command.run(
                ["docker"] + arguments, in: world, check: check, quiet: quiet, printsLittle: printsLittle,
                timeout: timeout, input: input, secrets: secrets)
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
            case .noBuildx: .buildxMissing(purpose)
            default: .dockerFailed(purpose, reason: reason(in: command.output), remedy: problem?.remedy)
            }
        var explained = RuntimeError(problem == .unreachable ? .world : .command, message, command: command)
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

/// What a failing docker, buildx or registry is known to say.
enum DockerProblem: Sendable {
    case unreachable, noBuildx, unauthorised, notFound, noContainer, noConnection, manyPlatforms, noRoom, notKept

    init?(_ output: String) {
        let text = output.lowercased()
        func says(_ phrases: String...) -> Bool { phrases.contains { text.contains($0) } }
        if says("cannot connect to the docker daemon", "is the docker daemon running", "docker daemon socket") {
            self = .unreachable
        } else if says(
            "'buildx' is not a docker command", "unknown flag: --iidfile", "unknown flag: --load",
            "unknown flag: --push",
            "unknown flag: --builder", "unknown command: docker buildx")
        {
            self = .noBuildx
        } else if says("error saving credentials", "error storing credentials") {
            self = .notKept
        } else if says("no space left on device") {
            self = .noRoom
        } else if says(
            "authorization failed", "unauthorized", "access denied", "no basic auth credentials", "denied:",
            "authentication required", "403 forbidden")
        {
            self = .unauthorised
        } else if says("does not currently support exporting manifest lists", "multi-platform build is not supported") {
            self = .manyPlatforms
        } else if says(
            "connection refused", "no such host", "i/o timeout", "tls handshake", "no route to host",
            "server misbehaving",
            "connection reset", "deadline exceeded", "500 internal", "502 bad gateway", "503 service", "504 gateway")
        {
            self = .noConnection
        } else if says("no such container") {
            self = .noContainer
        } else if says(": not found", "manifest unknown", "name unknown", "no such image", "no such object") {
            self = .notFound
        } else {
            return nil
        }
    }

    var remedy: String? {
        switch self {
        case .unauthorised:
            "log in first (`docker_login`, or docker.login(registry)), and check that the account may do this"
        case .noConnection: "check that the registry's address is right and that it answers, then run this again"
        case .notFound: "check the name and the tag; `docker images` lists what is on this machine"
        case .noContainer: "check its name or id; `docker ps --all` lists the containers of this machine"
        case .manyPlatforms:
            "this engine cannot hold an image of several platforms: pass push: true, or turn on its containerd image store"
        case .noRoom:
            "make room where the engine keeps its images: `docker system df` shows what takes it, `docker builder prune` empties the cache"
        case .notKept:
            "docker keeps passwords in the directory that DOCKER_CONFIG names, or in ~/.docker: make it writable, "
                + "or set DOCKER_CONFIG to another that is"
        case .unreachable, .noBuildx: nil
        }
    }
}
