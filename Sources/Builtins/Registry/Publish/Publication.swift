import Lang

/// Publishes one image under the same tags in several registries.
///
/// First the content goes everywhere, by digest and under its version tags, which nobody follows yet; what arrived is read
/// back and compared. Only then do the moving tags (`dev`, `prod`) change; where one of them fails, those that moved go
/// back to what they were. So whoever pulls a moving tag gets the old image everywhere or the new one everywhere.
struct Publication: Sendable {
    /// One tag in one registry.
    struct Place: Sendable {
        let registry: Registry
        let tag: String
        let image: ImageReference
    }

    /// What a place stood for, and what it stands for now.
    struct Change: Sendable {
        let place: Place
        let before: Digest?
        let after: Digest
        var isMove: Bool { before != after }
    }

    let image: ImageReference
    let registries: [Registry]
    let versionTags: [String]
    let movingTags: [String]
    let overwrites: Bool
    let project: Project
    let client: RegistryClient

    /// - Parameter tags: those that are the bare name of a stage move; all others are versions and stay.
    init(
        _ image: ImageReference, to registries: [Registry], tags: [String], overwrite: Bool, in world: World
    ) async throws {
        if registries.isEmpty { throw RuntimeError(.value, .nothingToPublish("registry")) }
        if tags.isEmpty { throw RuntimeError(.value, .nothingToPublish("tag")) }
        let project = try await world.project.load()
        let stages = project.stages.keys + ["local"]
        self.image = image
        self.registries = registries
        versionTags = tags.filter { !stages.contains($0) }
        movingTags = tags.filter(stages.contains)
        overwrites = overwrite
        self.project = project
        client = RegistryClient(world: world)
    }

    // MARK: - Doing

    func perform() async throws -> [Change] { try await client.world.http.nearby { try await publish() } }

    private func publish() async throws -> [Change] {
        let source = try await PublishSource.find(image, among: project.registries, client: client)
        let before = try await survey()
        try await refuseTakenVersions(before, source)
        let content = try await bringContent(source, before)
        let versions = try await tagVersions(content, before)
        let moves: [Change]
        do {
            moves = try await moveTags(content, before)
        } catch {
            await takeAway(content.staged)
            throw error
        }
        await takeAway(content.staged)
        await nameOnThisMachine(source, moves)
        let changes = versions + moves
        for change in changes where change.isMove {
            let old = change.before.map { $0.short } ?? "nothing"
            client.world.events.note(
                "\(change.place.registry.name) \(change.place.tag): \(old) → \(change.after.short)")
        }
        return changes
    }

    var allPlaces: [Place] {
        get throws { try registries.flatMap { try places($0, versionTags + movingTags) } }
    }

    /// What every tag stands for now, by name. A registry that cannot be read ends it here, before anything changed.
    private func survey() async throws -> [String: Digest] {
        let all = try allPlaces
        let seen = client.world.seen ?? []
        let found = await inParallel(all) { place in
            if let known = try Inverse.remoteTag(place.image, among: seen) { return known }
            return try await client.digest(of: place.image)
        }
        var digests: [String: Digest] = [:]
        for (place, result) in zip(all, found) { digests[place.image.description] = try result.get() }
        return digests
    }

    private func refuseTakenVersions(_ before: [String: Digest], _ source: PublishSource) async throws {
        if overwrites { return }
        var conflicts: [String] = []
        for registry in registries {
            for place in try places(registry, versionTags) {
                guard let held = before[place.image.description] else { continue }
                if try await isSame(held, at: place.image, as: source) { continue }
                conflicts.append("\(try name(place)) is \(held), not \(source.digest)")
            }
        }
        if !conflicts.isEmpty { throw RuntimeError(.world, .versionTaken(conflicts, source: image.familiar)) }
    }

    /// The names of this machine follow, where the image came from here: home's, which images are built under. That
    /// one of them cannot be set takes nothing back that is published.
    private func nameOnThisMachine(_ source: PublishSource, _ moves: [Change]) async {
        guard case .engine(let id) = source else { return }
        for move in moves where move.place.registry == project.registries.first {
            guard let name = try? name(move.place) else { continue }
            _ = try? await Docker.run(["tag", id.description, name], to: "tag \(id) as \(name)", in: client.world)
        }
    }

    // MARK: - Small things

    /// An engine with the older image store knows images by their configuration, which a manifest names.
    func isSame(_ held: Digest, at image: ImageReference, as source: PublishSource) async throws -> Bool {
        if held == source.digest { return true }
        guard case .engine(let id) = source else { return false }
        return try await client.configuration(of: image.with(tag: nil).with(digest: held)) == id
    }

    func places(_ registry: Registry, _ tags: [String]) throws -> [Place] {
        try tags.map { Place(registry: registry, tag: $0, image: try project.image($0, in: registry)) }
    }

    func name(_ place: Place) throws -> String { try Docker.tagged(place.image) }

    func failure<T>(_ name: String, _ result: Result<T, any Error>) -> String? {
        guard case .failure(let error) = result else { return nil }
        return "\(name): \((error as? RuntimeError)?.message ?? "\(error)")"
    }

    func command<T>(of results: [Result<T, any Error>]) -> RuntimeError.FailedCommand? {
        for case .failure(let error as RuntimeError) in results { if let command = error.command { return command } }
        return nil
    }

    func rethrowCancellation<T>(
        _ results: [Result<T, any Error>], unlessStuck report: PublishUndo.Report? = nil
    ) throws {
        if let report, !report.stuck.isEmpty || !report.left.isEmpty { return }
        for case .failure(let error) in results {
            if error is CancellationError || (error as? RuntimeError)?.kind == .cancelled { throw error }
        }
    }
}

/// Does all of them at once, waits for every one, and gives what came of each in order: one that fails does not stop the
/// others half-way.
func inParallel<Item: Sendable, T: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> T
) async -> [Result<T, any Error>] {
    await withTaskGroup(of: (Int, Result<T, any Error>).self) { group in
        for (position, item) in items.enumerated() {
            group.addTask {
                do { return (position, .success(try await body(item))) } catch { return (position, .failure(error)) }
            }
        }
        var results: [Int: Result<T, any Error>] = [:]
        for await (position, result) in group { results[position] = result }
        return items.indices.compactMap { results[$0] }
    }
}
