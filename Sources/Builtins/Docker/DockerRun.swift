import Lang

/// One container that runs in the foreground and is gone afterwards.
struct DockerRun: Sendable {
    /// What stands for the image in the command: its name or its id.
    var image: String
    var command: [String] = []
    /// Which of the image's platforms to run; this machine's where it is nil.
    var platform: String?
    var mounts: [String] = []
    var environment = OrderedMap<String>()
    var secrets = OrderedMap<Secret>()
    var user: String?
    var workdir: String?
    var network: String?
    var entrypoint: String?
    var labels = OrderedMap<String>()
    var removes = true
    /// Whether docker's own init is process 1, which adds a file to the container.
    var usesInit = true
    /// Has relsh's own standard input, output and errors.
    var isInteractive = false
    var timeout: Duration?
    /// An exit code other than 0 is an error.
    var checks = true
    /// Shows the output as it comes.
    var isShown = true

    /// `docker run …`. With `--init` a stop reaches the program even where it runs as process 1 without a handler.
    func words(name: String? = nil, in world: World) -> [String] {
        var words = ["run"]
        if removes { words.append("--rm") }
        if usesInit { words.append("--init") }
        if let name { words += ["--name", name] }
        if let platform { words += ["--platform", platform] }
        if isInteractive { words += Docker.streams(in: world) }
        if let user { words += ["--user", user] }
        if let workdir { words += ["--workdir", workdir] }
        if let network { words += ["--network", network] }
        if let entrypoint { words += ["--entrypoint", entrypoint] }
        for mount in mounts { words += ["--volume", mount] }
        for (name, value) in environment { words += ["--env", "\(name)=\(value)"] }
        // Without a value, docker takes it from its own environment: no secret stands on the command line.
        for name in secrets.keys { words += ["--env", name] }
        for (name, value) in labels { words += ["--label", "\(name)=\(value)"] }
        return words + [image] + command
    }

    /// Runs it to its end. Where that end does not come by itself, because the run is cancelled or out of time, the
    /// container is removed: docker's client passes a stop on, but a program may ignore it. So it is where the client was
    /// killed by a signal, as by writing to a reader that has gone: the container would go on without it.
    @discardableResult
    func perform(
        purpose: String, name: String = UniqueName.next("run"), in world: World
    ) async throws -> ProcessOutcome {
        do {
            let outcome = try await Docker.run(
                words(name: name, in: world), to: purpose, in: world, check: checks, quiet: !isShown,
                printsLittle: false, timeout: timeout, input: isInteractive ? .terminal : .none,
                secrets: Dictionary(uniqueKeysWithValues: zip(secrets.keys, secrets.values)))
            if Task.isCancelled || isKilled(outcome.exitCode) { await Self.remove(name, in: world) }
            return outcome
        } catch {
            let failure = error as? RuntimeError
            let isStopped = failure?.kind == .timeout || failure?.kind == .cancelled
            if Task.isCancelled || isStopped || isKilled(failure?.command?.exitCode) {
                await Self.remove(name, in: world)
            }
            throw ended(error, purpose)
        }
    }

    /// The client, or the program: then the container is gone already.
    private func isKilled(_ exitCode: Int?) -> Bool { removes && exitCode ?? 0 > 128 }

    /// docker itself ends with 125 where it could not start the container; every other code is the program's.
    private func ended(_ error: any Error, _ purpose: String) -> any Error {
        guard let error = error as? RuntimeError, let command = error.command, let code = command.exitCode else {
            return error
        }
        if code == 125 {
            guard isInteractive, DockerProblem(command.output) == nil else { return error }
            var unstarted = RuntimeError(
                .command, .dockerFailed(purpose, reason: "it has said why, above", remedy: nil), command: command)
            unstarted.location = error.location
            return unstarted
        }
        let isSilent = command.output.allSatisfy(\.isWhitespace)
        let reason = isSilent ? nil : Docker.reason(in: command.output)
        var ended = RuntimeError(
            .command, .programEnded(in: image, exitCode: code, reason: reason), command: command)
        ended.location = error.location
        return ended
    }

    /// In a task of its own, which the cancellation does not reach. A container that is gone already is no error.
    private static func remove(_ name: String, in world: World) async {
        await Task {
            _ = try? await Command.run(
                ["docker", "rm", "--force", "--volumes", name], in: world, check: false, quiet: true)
        }.value
    }
}
