import Lang

// How an image is called in commands. An image that docker.build gave carries the id it had, so that a tag that moves
// meanwhile changes nothing: such an image is addressed by its id.
extension Docker {
    /// The id of an image on this machine; nil where there is no such image. With the containerd image store the id is
    /// the digest a push will have; with the older stores it is that of the image's configuration.
    ///
    /// - Parameter isNew: the docker command has just made it.
    static func id(of image: ImageReference, in world: World, isNew: Bool = false) async throws -> Digest? {
        // A digest may be an id (from a build) or that of a manifest (from a registry): the engine knows them apart.
        let names = try image.digest.map { [$0.description, try image.with(tag: nil).familiar] } ?? [image.familiar]
        let socket = image.digest != nil || world.images.isEngineKnown ? EngineSocket(of: world) : nil
        for name in names {
            guard let id = try await id(of: name, socket, in: world, isNew) else { continue }
            world.images.insert(id)
            return id
        }
        return nil
    }

    private static func id(
        of name: String, _ socket: EngineSocket?, in world: World, _ isNew: Bool
    ) async throws -> Digest? {
        switch try await socket?.id(of: name, in: world) {
        case .found(let id):
            if isNew { world.images.noteEngine() }
            return id
        case .absent where world.images.isEngineKnown: return nil
        default:
            let outcome = try await inspect(name, in: world)
            return outcome.exitCode == 0 ? try digest(outcome.stdout.trimmed, of: name) : nil
        }
    }

    /// As `id`, but an image that is called by its id and was seen during this run is not looked up again.
    static func seenID(of image: ImageReference, in world: World) async throws -> Digest? {
        if let digest = image.digest, world.images.contains(digest) { return digest }
        return try await id(of: image, in: world)
    }

    private static func inspect(_ name: String, in world: World) async throws -> ProcessOutcome {
        let arguments = ["image", "inspect", "--format", "{{.Id}}", name]
        let outcome = try await run(arguments, to: "look at \(name)", in: world, check: false)
        if outcome.exitCode == 0 || DockerProblem(outcome.combined) == .notFound { return outcome }
        let line = line(arguments)
        let failure = RuntimeError(
            .command, .commandFailed(line, stage: nil, exitCode: outcome.exitCode),
            command: .init(line: line, exitCode: outcome.exitCode, output: outcome.combined))
        throw explained(failure, "look at \(name)")
    }

    private static func digest(_ text: String, of name: String) throws -> Digest {
        guard let digest = try? Digest(parsing: text) else {
            throw RuntimeError(.command, .dockerGaveNoDigest("docker image inspect \(name)", output: text))
        }
        return digest
    }

    /// The image's id, or an error that there is none.
    static func knownID(of image: ImageReference, in world: World) async throws -> Digest {
        if let id = try await id(of: image, in: world) { return id }
        throw RuntimeError(.world, .noSuchLocalImage(image.familiar))
    }

    /// What stands for the image in a command: its name, or its id where it carries one that is on this machine.
    static func address(of image: ImageReference, in world: World) async throws -> String {
        if image.digest == nil { return image.familiar }
        if let id = try await seenID(of: image, in: world) { return id.description }
        return try image.with(tag: nil).familiar
    }

    /// The name and tag, without the digest: what can be pushed or pointed at something.
    static func tagged(_ image: ImageReference) throws -> String {
        guard image.tag != nil else { throw RuntimeError(.value, .pushNeedsTag(image.familiar)) }
        return try image.with(digest: nil).familiar
    }

    /// The digest that a push tells at its end: `dev: digest: sha256:… size: 855`.
    static func pushedDigest(in output: String) -> Digest? {
        for line in output.split(whereSeparator: \.isNewline).reversed() {
            let words = line.split(separator: " ")
            if let label = words.firstIndex(of: "digest:"), label + 1 < words.count {
                return try? Digest(parsing: String(words[label + 1]))
            }
        }
        return nil
    }

    /// Pushes a tagged image and gives the digest of its manifest.
    static func push(_ name: String, in world: World) async throws -> Digest {
        let arguments = ["push", name]
        let outcome = try await run(arguments, to: "push \(name)", in: world, quiet: false)
        guard let digest = pushedDigest(in: outcome.stdout) else {
            throw RuntimeError(.command, .dockerGaveNoDigest(line(arguments), output: outcome.combined))
        }
        return digest
    }

    /// What `docker … --format '{{json .}}'` prints: one map a line.
    static func maps(_ arguments: [String], to purpose: String, in world: World) async throws -> [OrderedMap<JSON>] {
        let output = try await run(arguments, to: purpose, in: world).stdout
        return try output.split(whereSeparator: \.isNewline).compactMap { row in
            try JSON.read(String(row), from: line(arguments)).map
        }
    }
}
