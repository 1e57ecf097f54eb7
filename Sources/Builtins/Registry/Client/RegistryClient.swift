import Lang

/// Registries by the names of images: what builtins ask of them.
struct RegistryClient: Sendable {
    let world: World

    /// The repository of an image, reached as `relsh.toml` says.
    func repository(of image: ImageReference) async throws -> RegistryRepository {
        let project = try? await world.project.load()
        let scheme = project?.registries.first { $0.host == image.registry }?.scheme
        let endpoint = try RegistryEndpoint(image.registry, scheme: scheme)
        return RegistryRepository(
            session: RegistrySession(endpoint: endpoint, world: world), name: image.repository)
    }

    /// What names an image in its repository; an image without tag and digest is `latest`, as docker has it.
    static func reference(_ image: ImageReference) -> String {
        image.digest?.description ?? image.tag ?? "latest"
    }

    /// What a name stands for; nil where the registry answers that there is no such tag. A registry that cannot be
    /// reached or asks for a password is an error: nothing is known then.
    func digest(of image: ImageReference) async throws -> Digest? {
        try await repository(of: image).head(Self.reference(image))
    }

    /// The digest of the configuration that a single manifest names: the id that engines without the containerd image
    /// store know the image by. Nil for an index.
    func configuration(of image: ImageReference) async throws -> Digest? {
        try await repository(of: image).manifest(Self.reference(image))?.configuration?.digest
    }

    /// The tags that a registry has for an image.
    func tags(of image: ImageReference) async throws -> [String] { try await repository(of: image).tags() }

    // MARK: - Copying

    /// A copy of an image to other names, from registry to registry.
    func copy(
        _ source: ImageReference, to targets: [ImageReference], _ platforms: PlatformChoice = .all
    ) async throws -> ImageCopy {
        var places: [ImageCopy.Target] = []
        for target in targets {
            guard target.tag != nil else { throw RuntimeError(.value, .pushNeedsTag(target.familiar)) }
            places.append(ImageCopy.Target(repository: try await repository(of: target), tag: target.tag))
        }
        return ImageCopy(
            source: try await repository(of: source), reference: Self.reference(source), targets: places,
            platforms: platforms)
    }

    /// Brings the manifest of this digest, with all it names, from the repository of `source` into those of `targets`.
    /// Only its digest names it there, which nobody follows.
    ///
    /// - Parameter readsBack: false where a tag is made to stand for it next, and read back.
    /// - Returns: the manifest, and for each target, in order, what went wrong.
    func bring(
        _ digest: Digest, of source: ImageReference, to targets: [ImageReference], readsBack: Bool
    ) async throws -> (manifest: Manifest, results: [Result<Void, any Error>]) {
        var places: [ImageCopy.Target] = []
        for target in targets {
            places.append(ImageCopy.Target(repository: try await repository(of: target), tag: nil))
        }
        var copy = ImageCopy(
            source: try await repository(of: source), reference: digest.description, targets: places)
        copy.readsBack = readsBack
        let (manifest, reports) = try await copy.perform()
        return (manifest, reports.map { $0.map { _ in } })
    }

    /// Makes `target` stand for the manifest of this digest that the repository of `source` has, with all it names, and
    /// reads it back.
    func point(_ target: ImageReference, at digest: Digest, of source: ImageReference) async throws {
        let origin = try source.with(tag: nil).with(digest: digest)
        let (_, reports) = try await copy(origin, to: [try target.with(digest: nil)]).perform()
        for report in reports { _ = try report.get() }
    }

    /// Whether a registry was told to move a tag and did not answer: what it is told after that counts.
    func mayYetMove(_ image: ImageReference) async throws -> Bool {
        let place = try await repository(of: image).url("manifests/\(Self.reference(image))")
        return await world.registries.mayYetBeDone(place)
    }

    /// Makes `target` stand for a manifest whose content its repository has, and reads it back.
    func point(_ target: ImageReference, at manifest: Manifest) async throws {
        guard let tag = target.tag else { throw RuntimeError(.value, .pushNeedsTag(target.familiar)) }
        try await repository(of: target).place(manifest, as: tag)
    }

    /// The command that would do the same: what a person types who has to do it by hand.
    static func pointLine(_ target: ImageReference, at digest: Digest?, of source: ImageReference) throws -> String {
        line([try pointCall(target, at: digest, of: source)])
    }

    static func pointCall(_ target: ImageReference, at digest: Digest?, of source: ImageReference) throws -> String {
        let origin = try digest.map { try source.with(tag: nil).with(digest: $0) } ?? source
        return "registry.retag(Image(\"\(origin.familiar)\"), Image(\"\(try Docker.tagged(target))\"))"
    }

    static func deleteCall(_ target: ImageReference) throws -> String {
        "registry.delete(Image(\"\(try Docker.tagged(target))\"))"
    }

    /// One command for all of these calls.
    static func line(_ calls: [String]) -> String {
        ProcessRequest(["relsh", "-e", calls.joined(separator: "; ")]).line
    }

    /// Deletes a tag that was not there before. Where a registry cannot delete a tag, a manifest of its own is put under
    /// it and deleted: deleting the image would take every other tag of it along.
    ///
    /// - Returns: false where the registry deletes nothing.
    func takeBack(_ image: ImageReference) async throws -> Bool {
        guard let tag = image.tag else { throw RuntimeError(.value, .pushNeedsTag(image.familiar)) }
        let repository = try await repository(of: image)
        if try await repository.delete(tag: tag) { return true }
        let placeholder = try Placeholder(for: image.description, at: world.clock.now())
        try await repository.upload(placeholder.configuration, placeholder.descriptor)
        // Without a tag first: where a registry deletes nothing, the tag must not be left with a placeholder.
        try await repository.put(placeholder.manifest, as: placeholder.manifest.digest.description)
        guard try await repository.delete(placeholder.manifest.digest) else { return false }
        try await repository.put(placeholder.manifest, as: tag)
        return try await repository.delete(placeholder.manifest.digest)
    }
}
