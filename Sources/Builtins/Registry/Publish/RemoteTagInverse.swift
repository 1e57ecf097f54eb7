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
    /// - Parameter meant: what they are about to stand for, where that is known.
    static func ofRemoteTags(_ images: [ImageReference], meant: Digest? = nil, in world: World) async throws
        -> [Inverse]
    {
        let client = RegistryClient(world: world)
        return try await inParallel(images) { image in
            let tagged = try image.with(digest: nil)
            var inverse = try ofRemoteTag(tagged, before: try await client.digest(of: tagged))
            inverse.meant = meant
            return inverse
        }.map { try $0.get() }
    }

    static func lookAtRemoteTag(_ image: String, in world: World) async throws -> State {
        let digest = try await RegistryClient(world: world).digest(of: try ImageReference(parsing: image))
        return digest.map(State.image) ?? .absent
    }

    func remoteTagCommands(_ image: String) -> [String] {
        guard let image = try? ImageReference(parsing: image) else { return [] }
        let line =
            if case .image(let digest) = before {
                try? RegistryClient.pointLine(image, at: digest, of: image)
            } else {
                try? RegistryClient.line([RegistryClient.deleteCall(image)])
            }
        return [line].compactMap(\.self)
    }

    /// Whether what a tag stands for now is what it was meant to stand for. An engine with the older image store knows an image by
    /// its configuration, which the manifest names.
    func isAsMeant(_ now: State, in world: World) async throws -> Bool {
        guard let meant, case .image(let digest) = now else { return false }
        if digest == meant { return true }
        guard case .remoteTag(let name) = subject else { return false }
        let image = try ImageReference(parsing: name).with(tag: nil).with(digest: digest)
        return try await RegistryClient(world: world).configuration(of: image) == meant
    }

    func restoreRemoteTag(_ name: String, in world: World) async throws -> Ending {
        let image = try ImageReference(parsing: name)
        let client = RegistryClient(world: world)
        if case .image(let digest) = before {
            try await client.point(image, at: digest, of: image)
            world.events.note("\(name) is \(digest.short) again")
        } else if try await client.takeBack(image) {
            world.events.note("\(name) is gone again")
        } else {
            return .stays("its registry deletes no tags")
        }
        return .takenBack
    }
}
