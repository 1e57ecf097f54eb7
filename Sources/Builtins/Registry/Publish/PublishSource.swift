import Lang

/// Where the content of a publication comes from.
enum PublishSource: Sendable {
    /// The engine of this machine, which pushes what it knows by this id.
    case engine(Digest)
    /// A registry that has all of it, every platform: copied from there without the engine.
    case registry(ImageReference, Digest)

    /// An image that is in its registry already is taken from there: an engine may hold only one of its platforms, and
    /// needs longer. Everything else that is on this machine is taken from here.
    ///
    /// - Parameter registries: the project's; no others are asked for an image that is on this machine.
    static func find(
        _ image: ImageReference, among registries: [Registry], client: RegistryClient
    ) async throws -> PublishSource {
        if let digest = image.digest, client.world.images.isPushed(digest) { return .registry(image, digest) }
        if let id = try await Docker.seenID(of: image, in: client.world) {
            guard registries.contains(where: { image.name.hasPrefix($0.base + "/") }) else { return .engine(id) }
            let name = image.digest == nil ? image : try image.with(tag: nil)
            // It need not be in its registry, which then need not even answer.
            if let remote = try? await client.digest(of: name), try await isSame(id, remote, image, in: client.world) {
                return .registry(image, remote)
            }
            return .engine(id)
        }
        guard let remote = try await client.digest(of: image) else {
            throw RuntimeError(.world, .noContent(image.familiar))
        }
        return .registry(image, remote)
    }

    /// Whether an engine's id is what a registry knows by this digest. With the older image store, the id is that of the one
    /// platform that was pulled, and the engine remembers the digest that it was pulled by.
    private static func isSame(
        _ id: Digest, _ remote: Digest, _ image: ImageReference, in world: World
    ) async throws -> Bool {
        if remote == image.digest ?? id { return true }
        return try await Docker.id(of: image.with(tag: nil).with(digest: remote), in: world) == id
    }

    /// The digest that will be pushed, as far as it is known before: with an engine it is the id, unless that has the
    /// older image store.
    var digest: Digest {
        switch self {
        case .engine(let id): id
        case .registry(_, let digest): digest
        }
    }

    var isEngine: Bool { if case .engine = self { true } else { false } }

    /// Lets the engine push what it knows by this id under a name, and gives what can be read there.
    static func push(_ id: Digest, to target: ImageReference, client: RegistryClient) async throws -> Digest {
        let name = try Docker.tagged(target)
        try await Docker.run(["tag", id.description, name], to: "tag \(id) as \(name)", in: client.world)
        _ = try await Docker.push(name, in: client.world)
        guard let found = try await client.digest(of: target) else {
            throw RuntimeError(.world, .noSuchRemoteImage(name))
        }
        return found
    }
}
