import Lang

// The first phase: every registry gets the content and the version tags.
extension Publication {
    /// What the registries hold when tags begin to move.
    struct Content: Sendable {
        let source: PublishSource
        /// What tags are to stand for, once every registry has its content. Nil where an engine has yet to push it.
        var manifest: Manifest?
        /// What the engine's push has done already.
        var pushed: Change?
        /// A name that is only there because an engine pushes names.
        var staged: Place?
    }

    /// Brings the content into every registry. No name that anybody follows stands for it afterwards.
    ///
    /// An engine pushes to the first registry alone, and the others are given it from there, all at once: it is read once.
    func bringContent(_ source: PublishSource, _ before: [String: Digest]) async throws -> Content {
        var content = Content(source: source)
        do {
            if case .engine(let id) = source {
                guard let pushed = try await push(id, before) else { return content }
                content = pushed
            }
        } catch {
            try fail([.failure(error)], of: registries.prefix(1).map(\.name))
        }
        guard case .registry(let origin, let digest) = content.source else { return content }
        let targets = try registries.map { try project.image(versionTags.first ?? movingTags[0], in: $0) }
        do {
            try refuseOtherManifests(digest, before)
            let brought = await bring(digest, of: origin, to: targets)
            content.manifest = brought.manifest
            try fail(brought.results, of: registries.map(\.name))
        } catch {
            await takeAway(content.staged)
            throw error
        }
        return content
    }

    /// For each registry, in order, what went wrong; where the source cannot be read, it is said once.
    private func bring(
        _ digest: Digest, of origin: ImageReference, to targets: [ImageReference]
    ) async -> (manifest: Manifest?, results: [Result<Void, any Error>]) {
        do {
            return try await client.bring(digest, of: origin, to: targets, readsBack: versionTags.isEmpty)
        } catch {
            return (nil, registries.map { $0 == registries.first ? .failure(error) : .success(()) })
        }
    }

    /// The same image can have several manifests where an engine makes them anew with each push.
    private func refuseOtherManifests(_ digest: Digest, _ before: [String: Digest]) throws {
        if overwrites { return }
        let others = try registries.flatMap { try places($0, versionTags) }.compactMap { place -> String? in
            guard let held = before[place.image.description], held != digest else { return nil }
            return "\(place.registry.name): \(place.tag) is \(held), not \(digest)"
        }
        if !others.isEmpty { throw RuntimeError(.world, .differentDigests(image.familiar, others)) }
    }

    /// Lets the engine push, under the first version tag or under a name of its own. Nil where there is but one registry
    /// and no version: then it pushes the moving tag itself.
    private func push(_ id: Digest, _ before: [String: Digest]) async throws -> Content? {
        let source = PublishSource.engine(id)
        if let staged = try stagedPlace(source) {
            let digest = try await PublishSource.push(id, to: staged.image, client: client)
            return Content(source: .registry(staged.image, digest), staged: staged)
        }
        guard let place = try registries.first.flatMap({ try places($0, versionTags).first }) else { return nil }
        let held = before[place.image.description]
        if let held, try await isSame(held, at: place.image, as: source) {
            return Content(source: .registry(place.image, held))
        }
        let digest = try await PublishSource.push(id, to: place.image, client: client)
        guard try await isSame(digest, at: place.image, as: source) else {
            throw RuntimeError(
                .world, .copyChangedDigest(try name(place), expected: source.digest, got: digest))
        }
        return Content(
            source: .registry(place.image, digest), pushed: Change(place: place, before: held, after: digest))
    }

    /// Where an engine pushes to when there is no version tag: moving tags must not be first to have the content.
    ///
    /// - Parameter source: nil where it is not known.
    func stagedPlace(_ source: PublishSource?) throws -> Place? {
        guard versionTags.isEmpty, registries.count > 1, let home = registries.first else { return nil }
        let known = source?.digest.plannedNumber == nil ? source : nil
        let mark = known.map { String($0.digest.encoded.prefix(12)) } ?? "DIGEST"
        return try places(home, ["staged-\(mark)"]).first
    }

    /// Takes such a name away, here and as far as its registry lets it.
    func takeAway(_ staged: Place?) async {
        guard let staged else { return }
        // A task of its own: being cancelled is a reason to clean up.
        let isGone = await Task { [client] in
            if let name = try? Docker.tagged(staged.image) {
                _ = try? await Docker.run(["rmi", name], to: "forget \(name)", in: client.world)
            }
            return (try? await client.takeBack(staged.image)) ?? false
        }.value
        if !isGone { client.world.events.note("\(staged.image.familiar) stays: its registry deletes no tags") }
    }

    // MARK: - Version tags

    /// Points the version tags at what their registry holds: nothing crosses from one registry to another any more.
    func tagVersions(_ content: Content, _ before: [String: Digest]) async throws -> [Change] {
        guard case .registry(_, let digest) = content.source, !versionTags.isEmpty else { return [] }
        let results = await inParallel(registries) { registry in
            try await place(digest, content.manifest, at: try places(registry, versionTags), before, content.pushed)
        }
        let reached = results.flatMap { (try? $0.get()) ?? [] }.filter(\.isMove)
        try fail(results.map { $0.map { _ in } }, of: registries.map(\.name), reached: reached)
        return try results.flatMap { try $0.get() }
    }

    /// Points tags of one registry at a manifest that it holds.
    ///
    /// - Parameters:
    ///   - manifest: nil where only its registry has it yet.
    ///   - pushed: a change that has been made already.
    func place(
        _ digest: Digest, _ manifest: Manifest?, at places: [Place], _ before: [String: Digest],
        _ pushed: Change? = nil
    ) async throws -> [Change] {
        var changes: [Change] = []
        for place in places {
            let held = before[place.image.description]
            if let pushed, pushed.place.image == place.image {
                changes.append(pushed)
                continue
            }
            if held != digest {
                if let manifest {
                    try await client.point(place.image, at: manifest)
                } else {
                    try await client.point(place.image, at: digest, of: place.image)
                }
            }
            changes.append(Change(place: place, before: held, after: digest))
        }
        return changes
    }

    private func fail(_ results: [Result<Void, any Error>], of names: [String], reached: [Change] = []) throws {
        try rethrowCancellation(results)
        let failures = zip(names, results).compactMap { failure($0, $1) }
        if failures.isEmpty { return }
        throw RuntimeError(
            .world,
            .publishFailed(
                image.familiar, failures: failures,
                reached: reached.map { "\($0.place.registry.name): \($0.place.tag)" }, movingTags: movingTags),
            command: command(of: results))
    }
}
