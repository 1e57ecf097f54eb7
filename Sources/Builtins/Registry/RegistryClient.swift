import Lang

/// Everything relsh asks of registries, in one place: today by docker's own tools, later by a client of its own.
struct RegistryClient: Sendable {
    let world: World

    /// What a name stands for; nil where the registry answers that there is no such tag. A registry that cannot be
    /// reached or asks for a password is an error: nothing is known then.
    func manifest(of image: ImageReference) async throws -> RemoteManifest? {
        let arguments = ["buildx", "imagetools", "inspect", image.familiar, "--format", "{{json .Manifest}}"]
        let outcome = try await ask(arguments, "look up \(image.familiar)") { $0 == .notFound }
        guard outcome.exitCode == 0 else { return nil }
        let json = try JSON.read(outcome.stdout, from: Docker.line(arguments))
        guard let manifest = RemoteManifest(json) else {
            throw RuntimeError(.command, .dockerGaveNoDigest(Docker.line(arguments), output: outcome.combined))
        }
        return manifest
    }

    /// The digest of the configuration that a single manifest names: the id that engines without the containerd image
    /// store know the image by. Nil for an index.
    func configuration(of image: ImageReference) async throws -> Digest? {
        let arguments = ["buildx", "imagetools", "inspect", "--raw", image.familiar]
        let outcome = try await ask(arguments, "read the manifest of \(image.familiar)") { _ in false }
        let json = try JSON.read(outcome.stdout, from: Docker.line(arguments))
        return json["config"]?["digest"]?.text.flatMap { try? Digest(parsing: $0) }
    }

    /// The commands that make `target` stand for what `source` stands for, with the same digest.
    ///
    /// buildx copies an index as it is, but wraps a single manifest into an index of its own, which has another digest
    /// (seen with 0.13). Newer ones can be told not to; where buildx cannot, the engine pulls and pushes it.
    func copyCommands(
        _ source: ImageReference, _ manifest: RemoteManifest, to target: ImageReference
    ) async throws -> [[String]] {
        let name = try Docker.tagged(target)
        let origin = try source.with(tag: nil).with(digest: manifest.digest).familiar
        let create = ["buildx", "imagetools", "create"]
        if manifest.isIndex { return [create + ["--tag", name, origin]] }
        if try await knowsPreferIndex() { return [create + ["--prefer-index=false", "--tag", name, origin]] }
        return [["pull", origin], ["tag", origin, name], ["push", name]]
    }

    /// Makes `target` stand for what `source` stands for, and reads it back.
    func copy(_ source: ImageReference, _ manifest: RemoteManifest, to target: ImageReference) async throws {
        let purpose = "point \(try Docker.tagged(target)) at \(manifest.digest)"
        for command in try await copyCommands(source, manifest, to: target) {
            try await Docker.run(command, to: purpose, in: world, quiet: false)
        }
        let found = try await self.manifest(of: target.with(digest: nil))?.digest
        if found != manifest.digest {
            throw RuntimeError(
                .world, .copyChangedDigest(try Docker.tagged(target), expected: manifest.digest, got: found))
        }
    }

    private func knowsPreferIndex() async throws -> Bool {
        let words = ["buildx", "imagetools", "create", "--help"]
        return try await Docker.run(words, to: "look at buildx", in: world).stdout.contains("--prefer-index")
    }

    /// Asks, and lets a failure through where it is an answer too.
    private func ask(
        _ arguments: [String], _ purpose: String, isAnswer: (DockerProblem?) -> Bool
    ) async throws -> ProcessOutcome {
        let outcome = try await Docker.run(arguments, to: purpose, in: world, check: false)
        if outcome.exitCode == 0 { return outcome }
        let problem = DockerProblem(outcome.combined)
        if isAnswer(problem) { return outcome }
        let line = Docker.line(arguments)
        let command = RuntimeError.FailedCommand(line: line, exitCode: outcome.exitCode, output: outcome.combined)
        if problem == .unreachable || problem == .noBuildx {
            throw Docker.explained(
                RuntimeError(
                    .command, .commandFailed(line, stage: nil, exitCode: outcome.exitCode), command: command), purpose)
        }
        let reason = Docker.reason(in: outcome.combined)
        throw RuntimeError(
            .world, .registryFailed(purpose, reason: reason, remedy: problem?.remedy), command: command)
    }
}
