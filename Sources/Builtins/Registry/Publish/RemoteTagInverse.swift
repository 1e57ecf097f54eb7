import Lang

/// Tags in registries, and how they are taken back to what they stood for.
extension Inverse {
    static func ofRemoteTag(_ image: ImageReference, before: Digest?, made: Digest? = nil) throws -> Inverse {
        Inverse(
            .remoteTag(try image.with(digest: nil).familiar), before: before.map(State.image) ?? .absent,
            made: made.map(State.image))
    }

    /// What a tag stood for when an inverse looked at it: a digest, nil in it where there was none; nil where none did.
    static func remoteTag(_ image: ImageReference, among inverses: [Inverse]) throws -> Digest?? {
        let name = try image.with(digest: nil).familiar
        for inverse in inverses where inverse.subject == .remoteTag(name) {
            if case .image(let digest) = inverse.before { return digest }
            return .some(nil)
        }
        return nil
    }

    /// Looks at what all of them stand for now, at once.
    static func ofRemoteTags(_ images: [ImageReference], in world: World) async throws -> [Inverse] {
        let client = RegistryClient(world: world)
        return try await inParallel(images) { image in
            let tagged = try image.with(digest: nil)
            return try ofRemoteTag(tagged, before: try await client.digest(of: tagged))
        }.map { try $0.get() }
    }

    static func lookAtRemoteTag(_ image: String, in world: World) async throws -> State {
        let digest = try await RegistryClient(world: world).digest(of: try ImageReference(parsing: image))
        return digest.map(State.image) ?? .absent
    }

    func remoteTagCommands(_ image: String) -> [String] {
        guard case .image(let digest) = before, let image = try? ImageReference(parsing: image),
            let line = try? RegistryClient.pointLine(image, at: digest, of: image)
        else { return [] }
        return [line]
    }

    func restoreRemoteTag(_ name: String, in world: World) async throws {
        let image = try ImageReference(parsing: name)
        let client = RegistryClient(world: world)
        if case .image(let digest) = before {
            try await client.point(image, at: digest, of: image)
            world.events.note("\(name) is \(digest.short) again")
        } else if try await client.takeBack(image) {
            world.events.note("\(name) is gone again")
        } else {
            world.events.note("\(name) stays: its registry deletes no tags")
        }
    }
}
