import Glibc
import Lang

/// One run of a test suite on an image.
struct SuiteRun: Sendable {
    let name: String
    let suite: Project.TestSuite
    let project: Project
    /// As the recipe named it, for messages.
    let image: ImageReference
    /// What stands for it in commands: its id where it carries one, so that what is tested is what was built.
    private(set) var address: String
    let stage: String
    let version: Version?
    let platform: String?
    /// Who is said to run it, in the container's label.
    private let user: String?

    init(_ name: String, image: ImageReference, stage: String, version: Version?, platform: String?, in world: World)
        async throws
    {
        let project = try await world.project.load()
        suite = try project.suite(name)
        _ = try project.stage(stage)
        self.name = name
        self.project = project
        self.image = image
        self.stage = stage
        self.version = version
        self.platform = platform
        user = try? ProjectBuiltins.user(in: world)
        address = try await Docker.address(of: image, in: world)
        if version == nil, suite.command.contains(where: { $0.contains("{version}") }) {
            throw RuntimeError(.value, .suiteNeedsVersion(name))
        }
    }

    /// The same on the image that its name stands for now, whatever becomes of the name meanwhile; the ledger can then tell
    /// what was tested.
    func settled(in world: World) async -> SuiteRun {
        var run = self
        // Where docker does not answer, a suite outside the image may pass all the same, and one inside it will say so.
        if let id = try? await Docker.seenID(of: image, in: world) { run.address = id.description }
        return run
    }

    /// The command of relsh.toml with what it leaves open.
    var command: [String] {
        suite.command.map { word in
            ["{image}": address, "{stage}": stage, "{version}": version?.description ?? ""]
                .reduce(word) { $0.replacing($1.key, with: $1.value) }
        }
    }

    /// What the tests can ask for.
    private var variables: OrderedMap<String> {
        var variables = OrderedMap([("IMAGE", address), ("IMAGE_STAGE", stage)])
        if let platform { variables["IMAGE_PLATFORM"] = platform }
        if let version { variables["IMAGE_VERSION"] = version.description }
        return variables
    }

    // MARK: - Inside and outside

    /// In the image. For local and dev the source is mounted, as people work with these images, and the tests run as the
    /// person who started them, who else could not remove what they write there.
    private var container: DockerRun {
        let mounts = ["local", "dev"].contains(stage)
        return DockerRun(
            image: address, command: command, platform: platform, mounts: mounts ? ["\(project.root):/app"] : [],
            environment: variables,
            user: mounts ? "\(getuid()):\(getgid())" : nil, workdir: "/app",
            labels: OrderedMap(user.map { [("user", $0)] } ?? []), timeout: suite.timeout, checks: false)
    }

    /// On this machine, as a user of the image would.
    private var request: ProcessRequest {
        ProcessRequest(command, environment: Dictionary(uniqueKeysWithValues: zip(variables.keys, variables.values)))
    }

    /// What a person would type.
    func line(in world: World) -> String {
        suite.place == .inside
            ? Docker.line(container.words(in: world)) : "cd \(shellQuoted(project.root)) && \(request.line)"
    }

    func perform(in world: World) async throws -> CommandResult {
        do {
            let outcome =
                switch suite.place {
                case .inside: try await container.perform(purpose: "run the \(name) tests", in: world)
                case .outside:
                    try await Command.run(
                        request.arguments, in: world, check: false, timeout: suite.timeout, cwd: project.root,
                        environment: request.environment)
                }
            if outcome.exitCode == 0 { return CommandResult(outcome) }
            // As it was run, and shown with its output.
            throw failure(outcome, suite.place == .inside ? line(in: world) : request.line)
        } catch let error as RuntimeError where error.kind == .timeout {
            throw timeout(error)
        }
    }

    private func failure(_ outcome: ProcessOutcome, _ line: String) -> RuntimeError {
        let command = RuntimeError.FailedCommand(line: line, exitCode: outcome.exitCode, output: outcome.combined)
        // 125 is docker's own: the container was not even started.
        if suite.place == .inside, outcome.exitCode == 125 {
            return Docker.explained(
                RuntimeError(.command, .commandFailed(line, stage: nil, exitCode: 125), command: command),
                "run the \(name) tests on \(image.familiar)")
        }
        // 126 and 127: the program cannot be run, or its interpreter is not there.
        if let platform, [126, 127].contains(outcome.exitCode) {
            return RuntimeError(
                .command, .cannotRunPlatform(name, image: image.familiar, platform: platform), command: command)
        }
        return RuntimeError(
            .command, .testsFailed(name, image: image.familiar, exitCode: outcome.exitCode), command: command)
    }

    private func timeout(_ error: RuntimeError) -> RuntimeError {
        guard let limit = suite.timeout else { return error }
        return RuntimeError(.timeout, .testsTimedOut(name, image: image.familiar, limit: limit), command: error.command)
    }
}

extension String {
    /// Every occurrence, without Foundation.
    fileprivate func replacing(_ old: String, with new: String) -> String {
        var result = ""
        var rest = self[...]
        while !rest.isEmpty {
            if rest.hasPrefix(old) {
                result += new
                rest = rest.dropFirst(old.count)
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result
    }
}
