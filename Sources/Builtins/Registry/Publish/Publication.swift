import Lang

/// Publishes one image under the same tags in several registries.
///
/// First the content goes everywhere under its version tags, which nobody follows yet, and what arrived is read back and
/// compared. Only then do the moving tags (`dev`, `prod`) change; where one of them fails, those that moved go back to
/// what they were. So whoever pulls a moving tag gets the old image everywhere or the new one everywhere.
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
        let before: RemoteManifest?
        let after: RemoteManifest
        var isMove: Bool { before?.digest != after.digest }
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

    // MARK: - Showing

    /// What a person would type; tags that already stand for the image are left out.
    ///
    /// In a dry run the image may be one that a build before this would give: then its name has to do, whatever stands
    /// under that name now.
    func commands() async throws -> [String] {
        var source = try? await PublishSource.find(image, among: project.registries, client: client)
        if case .engine? = source, image.digest == nil { source = nil }
        var lines: [String] = []
        // The first place takes the content from the engine; all that follow take it from there.
        var origin: ImageReference?
        for tags in [versionTags, movingTags] {
            for registry in registries {
                for place in try places(registry, tags) {
                    let held = source == nil ? nil : try? await client.manifest(of: place.image)
                    defer { origin = origin ?? place.image }
                    if let held, held.digest == source?.digest { continue }
                    if case .registry(let image, let manifest)? = source {
                        lines.append(try RegistryClient.pointLine(place.image, at: manifest.digest, of: image))
                    } else if let origin {
                        lines.append(try RegistryClient.pointLine(place.image, at: source?.digest, of: origin))
                    } else {
                        let name = try name(place)
                        let words = [["tag", source?.digest.description ?? image.familiar, name], ["push", name]]
                        lines += words.map(Docker.line)
                    }
                }
            }
        }
        return lines
    }

    // MARK: - Doing

    func perform() async throws -> [Change] {
        let source = try await PublishSource.find(image, among: project.registries, client: client)
        let before = try await survey()
        try await refuseTakenVersions(before, source)
        let versions = try await pushVersions(source, before)
        let moves = try await moveTags(source, before, versions)
        await nameOnThisMachine(source, moves)
        let changes = versions + moves
        for change in changes where change.isMove {
            let old = change.before.map { $0.digest.short } ?? "nothing"
            client.world.events.note(
                "\(change.place.registry.name) \(change.place.tag): \(old) → \(change.after.digest.short)")
        }
        return changes
    }

    var allPlaces: [Place] {
        get throws { try registries.flatMap { try places($0, versionTags + movingTags) } }
    }

    /// What every tag stands for now, by name. A registry that cannot be read ends it here, before anything changed.
    private func survey() async throws -> [String: RemoteManifest] {
        let all = try allPlaces
        let found = await inParallel(all) { place in try await client.manifest(of: place.image) }
        var manifests: [String: RemoteManifest] = [:]
        for (place, result) in zip(all, found) { manifests[place.image.description] = try result.get() }
        return manifests
    }

    private func refuseTakenVersions(_ before: [String: RemoteManifest], _ source: PublishSource) async throws {
        if overwrites { return }
        var conflicts: [String] = []
        for registry in registries {
            for place in try places(registry, versionTags) {
                guard let held = before[place.image.description] else { continue }
                if try await isSame(held, at: place, as: source) { continue }
                conflicts.append("\(try name(place)) is \(held.digest), not \(source.digest)")
            }
        }
        if !conflicts.isEmpty { throw RuntimeError(.world, .versionTaken(conflicts, source: image.familiar)) }
    }

    /// An engine with the older image store knows images by their configuration, which a manifest names.
    private func isSame(_ held: RemoteManifest, at place: Place, as source: PublishSource) async throws -> Bool {
        if held.digest == source.digest { return true }
        guard case .engine(let id) = source, !held.isIndex else { return false }
        return try await client.configuration(of: place.image.with(tag: nil).with(digest: held.digest)) == id
    }

    // MARK: - Content

    private func pushVersions(_ source: PublishSource, _ before: [String: RemoteManifest]) async throws -> [Change] {
        let outcomes = try await everywhere(source) { registry, source in
            var source = source
            var changes: [Change] = []
            for place in try places(registry, versionTags) {
                let held = before[place.image.description]
                if let held, try await isSame(held, at: place, as: source) {
                    changes.append(Change(place: place, before: held, after: held))
                } else {
                    let pushed = try await source.push(to: place.image, client: client)
                    guard try await isSame(pushed, at: place, as: source) else {
                        throw RuntimeError(
                            .world, .copyChangedDigest(try name(place), expected: source.digest, got: pushed.digest))
                    }
                    changes.append(Change(place: place, before: held, after: pushed))
                }
                source = changes.last.map(source.following) ?? source
            }
            return changes
        }
        let results = outcomes.map(\.result)
        let changes = results.flatMap { (try? $0.get()) ?? [] }
        let failures = outcomes.compactMap { failure($0.registry.name, $0.result) }
        try rethrowCancellation(results)
        if !failures.isEmpty {
            let reached = changes.filter(\.isMove).map { "\($0.place.registry.name): \($0.place.tag)" }
            throw RuntimeError(
                .world,
                .publishFailed(image.familiar, failures: failures, reached: reached, movingTags: movingTags),
                command: command(of: results))
        }
        if Set(changes.map(\.after.digest)).count > 1 {
            let found = changes.map { "\($0.place.registry.name): \($0.place.tag) is \($0.after.digest)" }
            throw RuntimeError(.world, .differentDigests(image.familiar, found))
        }
        return changes
    }

    // MARK: - Moving tags

    private func moveTags(
        _ source: PublishSource, _ before: [String: RemoteManifest], _ versions: [Change]
    ) async throws -> [Change] {
        let all = try registries.flatMap { try places($0, movingTags) }
        if all.isEmpty { return [] }
        var undo = PublishUndo(client: client)
        for place in all {
            // Only an engine that pushes a moving tag itself has to name it on this machine first.
            let isNamedHere = versions.isEmpty && source.isEngine
            try await undo.remember(place, before[place.image.description], onThisMachine: isNamedHere)
        }
        let expected = versions.first?.after.digest
        let outcomes = try await everywhere(versions.isEmpty ? source : nil, otherwise: source) { registry, source in
            var changes: [Change] = []
            // The content is taken from the version beside it: nothing crosses from one registry to another any more.
            var source = versions.first { $0.place.registry == registry }.map(source.following) ?? source
            for place in try places(registry, movingTags) {
                let held = before[place.image.description]
                if let held, held.digest == expected ?? source.digest {
                    changes.append(Change(place: place, before: held, after: held))
                } else {
                    let pushed = try await source.push(to: place.image, client: client)
                    if let expected, pushed.digest != expected {
                        throw RuntimeError(
                            .world, .copyChangedDigest(try name(place), expected: expected, got: pushed.digest))
                    }
                    changes.append(Change(place: place, before: held, after: pushed))
                }
                source = changes.last.map(source.following) ?? source
            }
            return changes
        }
        let results = outcomes.map(\.result)
        let changes = results.flatMap { (try? $0.get()) ?? [] }
        var failures = outcomes.compactMap { failure($0.registry.name, $0.result) }
        if Set(changes.map(\.after.digest)).count > 1 { failures.append("the registries hold different digests") }
        if failures.isEmpty { return changes }
        // A task of its own: being cancelled is a reason to put things back, not to leave them.
        let report = await Task { [undo] in await undo.perform() }.value
        try rethrowCancellation(results, unlessStuck: report)
        throw report.error(image.familiar, failures: failures, command: command(of: results))
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

    /// Does it for all registries, those that can take the content from another after that one.
    ///
    /// An engine pushes to the first registry alone, and the others are given it from there. A registry that is being
    /// written may answer a read of the same manifest with an error (seen with 2.8), so the one that the content comes
    /// from goes first in any case.
    ///
    /// - Parameter first: where the content comes from; nil where every registry has it already.
    private func everywhere(
        _ first: PublishSource?, otherwise source: PublishSource? = nil,
        _ body: @escaping @Sendable (Registry, PublishSource) async throws -> [Change]
    ) async throws -> [(registry: Registry, result: Result<[Change], any Error>)] {
        guard var source = first ?? source else { return [] }
        var rounds = [registries]
        if let first {
            let isFirst: (Registry) -> Bool =
                switch first {
                case .engine: { $0 == registries.first }
                case .registry(let image, _): { $0.host == image.registry }
                }
            rounds = [registries.filter(isFirst), registries.filter { !isFirst($0) }]
        }
        var outcomes: [(registry: Registry, result: Result<[Change], any Error>)] = []
        for round in rounds {
            let results = await inParallel(round) { [source] registry in try await body(registry, source) }
            for (registry, result) in zip(round, results) { outcomes.append((registry, result)) }
            if results.contains(where: { if case .failure = $0 { true } else { false } }) { break }
            if let change = (try results.first?.get())?.last { source = source.following(change) }
        }
        return outcomes
    }

    func places(_ registry: Registry, _ tags: [String]) throws -> [Place] {
        try tags.map { Place(registry: registry, tag: $0, image: try project.image($0, in: registry)) }
    }

    private func name(_ place: Place) throws -> String { try Docker.tagged(place.image) }

    private func failure<T>(_ name: String, _ result: Result<T, any Error>) -> String? {
        guard case .failure(let error) = result else { return nil }
        return "\(name): \((error as? RuntimeError)?.message ?? "\(error)")"
    }

    private func command<T>(of results: [Result<T, any Error>]) -> RuntimeError.FailedCommand? {
        for case .failure(let error as RuntimeError) in results { if let command = error.command { return command } }
        return nil
    }

    private func rethrowCancellation<T>(
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
