import Lang

/// Copies an image from one registry to several places at once, without an engine.
struct ImageCopy: Sendable {
    let source: RegistryRepository
    /// The tag or digest to copy.
    let reference: String
    var targets: [Target]
    var platforms = PlatformChoice.all
    /// Whether what a target was seen to have need not be asked for.
    private var trustsMemory = true
    /// Whether what has been written is looked up again.
    var readsBack = true

    init(
        source: RegistryRepository, reference: String, targets: [Target], platforms: PlatformChoice = .all
    ) {
        self.source = source
        self.reference = reference
        self.targets = targets
        self.platforms = platforms
    }

    /// Where an image goes.
    struct Target: Sendable {
        let repository: RegistryRepository
        /// Nil where only the digest names it.
        let tag: String?
        var shown: String { repository.registry + "/" + repository.name + (tag.map { ":\($0)" } ?? "") }
    }

    /// What had to be done for one target.
    struct Report: Sendable, Hashable {
        var written = 0
        var mounted = 0
        /// Of the blobs that were written.
        var bytes = 0
    }

    /// Blobs that are on their way at the same time, so that the last of a few large ones is not alone at the end. Each takes
    /// at most 3 MiB of memory, and a connection for each target.
    private static let maximumBlobs = 6

    /// Of a manifest with no more blobs than this it is not asked whether a target has it.
    private static let fewBlobs = 4

    // MARK: - Copying

    /// One result for each target, in order; a target that fails does not stop the others.
    func perform() async throws -> (manifest: Manifest, reports: [Result<Report, any Error>]) {
        try await perform(chosen())
    }

    private func perform(
        _ top: Manifest
    ) async throws -> (manifest: Manifest, reports: [Result<Report, any Error>]) {
        let survey = try await survey(top)
        let moved = await moveBlobs(survey)
        let finished = await inParallel(Array(targets.indices)) { position in
            let report = try moved[position].get()
            let missing = try survey.missing[position].get()
            do {
                try await write(missing, survey.top, to: targets[position])
            } catch is RegistryFailure {
                // What was there has gone: the target is looked at anew, once.
                await memory.forgetContent(of: targets[position].repository.place)
                var again = self
                again.targets = [targets[position]]
                again.trustsMemory = false
                return try await again.perform(top).reports[0].get()
            }
            return report
        }
        return (survey.top, finished)
    }

    /// Brings the blobs that targets lack, and nothing that names them: what follows has little left to do.
    ///
    /// Few at a time: it is done beside something else that is waited for.
    func preload() async throws -> [Result<Report, any Error>] {
        let survey = try await survey(chosen())
        let moved = await moveBlobs(survey, atOnce: 2)
        for (target, (missing, moved)) in zip(targets, zip(survey.missing, moved)) {
            guard case .success = moved, let manifests = try? missing.get().manifests else { continue }
            await memory.note(awaited: manifests.map(\.digest), in: target.repository.place)
        }
        return moved
    }

    private var memory: RegistryMemory { source.session.world.registries }

    /// The manifest that is copied: all platforms, the one that is wanted, or an index of some.
    func chosen() async throws -> Manifest {
        let top = try await manifest(reference)
        guard top.isIndex else { return top }
        switch platforms {
        case .all: return top
        case .one(let platform):
            let chosen = try top.choose([platform], of: source.shown(reference))
            return try await manifest(chosen[0].digest.description)
        case .several(let platforms):
            return try top.narrowed(to: platforms, of: source.shown(reference))
        }
    }

    /// Reads everything below it.
    private func plan(_ top: Manifest) async throws -> CopyPlan {
        var below: [Digest: Manifest] = [:]
        var level = [top]
        // Indexes may name indexes; nobody nests them deeper than this.
        for _ in 0..<4 where !level.isEmpty {
            let wanted = Set(level.flatMap(\.manifests).map(\.digest)).subtracting(below.keys)
            let found = await inParallel(wanted.sorted { $0.encoded < $1.encoded }) {
                try await manifest($0.description)
            }
            level = try found.map { try $0.get() }
            for manifest in level { below[manifest.digest] = manifest }
        }
        return CopyPlan(top: top, below: below)
    }

    /// One that a digest names is read once in a run.
    private func manifest(_ reference: String) async throws -> Manifest {
        if reference.contains(":"),
            let kept = await memory.manifest(try Digest(parsing: reference), of: source.place)
        {
            return kept
        }
        guard let found = try await source.manifest(reference) else {
            throw RuntimeError(.world, .noSuchRemoteImage(source.shown(reference)))
        }
        await memory.keep(found, of: source.place)
        return found
    }

    // MARK: - What is missing

    private struct Survey: Sendable {
        let top: Manifest
        /// For each target.
        let missing: [Result<Missing, any Error>]
    }

    private struct Missing: Sendable {
        var manifests: [Manifest] = []
        var blobs: [ContentDescriptor] = []
        /// Whether something was not asked for, since it was known.
        var isFromMemory = false
    }

    private func survey(_ top: Manifest) async throws -> Survey {
        let isOfSource = if case .several = platforms { false } else { true }
        let heads = await inParallel(targets) { target in
            if isOfSource, target.repository.isSame(as: source) { return true }
            return try await holds(top.digest, target.repository, await known(of: target.repository))
        }
        // Where all have it there is nothing to look into: moving a tag reads one manifest.
        let isEverywhere = heads.allSatisfy { (try? $0.get()) == true }
        let plan = isEverywhere ? CopyPlan(top: top, below: [:]) : try await plan(top)
        let missing = await inParallel(Array(zip(targets, heads))) { target, head in
            try head.get() ? Missing() : try await self.missing(plan, in: target.repository)
        }
        return Survey(top: top, missing: missing)
    }

    private func missing(_ plan: CopyPlan, in repository: RegistryRepository) async throws -> Missing {
        let known = await known(of: repository)
        var present: Set<Digest> = []
        let below = plan.manifests.dropLast()
        let heads = await inParallel(Array(below)) { manifest in
            // Asking for a few blobs at once takes less time than asking whether that is needed.
            if !manifest.isIndex, manifest.blobs.count <= Self.fewBlobs { return false }
            return try await holds(manifest.digest, repository, known)
        }
        for (manifest, found) in zip(below, heads) where try found.get() { present.insert(manifest.digest) }
        let manifests = plan.missing(in: present)
        let blobs = CopyPlan.blobs(of: manifests)
        let asked = blobs.filter { !known.blobs.contains($0.digest) }
        let found = try await inParallel(asked) { try await repository.hasBlob($0.digest) }.map { try $0.get() }
        await memory.note(blobs: zip(asked, found).filter(\.1).map(\.0.digest), in: repository.place)
        let isFromMemory = asked.count < blobs.count || !known.awaited.isDisjoint(with: plan.digests)
        return Missing(
            manifests: manifests, blobs: zip(asked, found).filter { !$0.1 }.map(\.0), isFromMemory: isFromMemory)
    }

    private func known(of repository: RegistryRepository) async -> RegistryMemory.HeldContent {
        trustsMemory ? await memory.content(of: repository.place) : RegistryMemory.HeldContent()
    }

    private func holds(
        _ manifest: Digest, _ repository: RegistryRepository, _ known: RegistryMemory.HeldContent
    ) async throws -> Bool {
        if known.awaited.contains(manifest) { return false }
        return try await repository.head(manifest.description) != nil
    }

    // MARK: - Blobs

    /// For each target, what had to be done.
    private func moveBlobs(_ survey: Survey, atOnce limit: Int = Self.maximumBlobs) async -> [Result<Report, any Error>]
    {
        let missing = survey.missing
        let meters = zip(targets, missing).map { target, missing in
            let total = (try? missing.get())?.blobs.reduce(0) { $0 + $1.size } ?? 0
            return total == 0 ? nil : TransferMeter(target.shown, total: total, source.session.world.events)
        }
        var reports: [Result<Report, any Error>] = missing.map { $0.map { _ in Report() } }
        await moveBlobs(missing, meters, &reports, atOnce: limit)
        for meter in meters { meter?.finish() }
        return reports
    }

    private func moveBlobs(
        _ missing: [Result<Missing, any Error>], _ meters: [TransferMeter?],
        _ reports: inout [Result<Report, any Error>], atOnce limit: Int
    ) async {
        var wanted = OrderedMap<[Int]>()
        var descriptors: [ContentDescriptor] = []
        for (position, result) in missing.enumerated() {
            for blob in (try? result.get())?.blobs ?? [] {
                let key = blob.digest.description
                if wanted[key] == nil { descriptors.append(blob) }
                wanted[key] = (wanted[key] ?? []) + [position]
            }
        }
        let jobs = descriptors.map { (blob: $0, positions: wanted[$0.digest.description] ?? []) }
        await withTaskGroup(of: (ContentDescriptor, [Int], [Result<BlobTransfer.Way, any Error>]).self) { group in
            var rest = jobs[...]
            func start() {
                while let job = rest.popFirst() {
                    // A target that has failed gets nothing of it any more.
                    let positions = job.positions.filter { if case .success = reports[$0] { true } else { false } }
                    if positions.isEmpty { continue }
                    group.addTask { (job.blob, positions, await move(job.blob, to: positions, meters)) }
                    return
                }
            }
            for _ in 0..<limit { start() }
            for await (blob, positions, results) in group {
                for (position, result) in zip(positions, results) {
                    reports[position].add(result, of: blob)
                    guard case .success = result else { continue }
                    await memory.note(blobs: [blob.digest], in: targets[position].repository.place)
                }
                start()
            }
        }
    }

    /// Repositories of one registry share what is in it: the first of them gets a blob, the others take it over. Mirrors
    /// often have the same image under the name of its source, so that the first asks there.
    private func move(
        _ blob: ContentDescriptor, to positions: [Int], _ meters: [TransferMeter?]
    ) async -> [Result<BlobTransfer.Way, any Error>] {
        let transfer = BlobTransfer(descriptor: blob, source: source)
        var results: [Int: Result<BlobTransfer.Way, any Error>] = [:]
        var donors: [String: String] = [source.registry: source.name]
        var rest = positions
        while !rest.isEmpty {
            var taken: Set<String> = []
            let round = rest.filter { position in
                let registry = targets[position].repository.registry
                return donors[registry] != nil || taken.insert(registry).inserted
            }
            let outcome = await transfer.perform(
                to: round.map { position in
                    let repository = targets[position].repository
                    let guess = source.name == repository.name ? nil : source.name
                    return BlobTransfer.Target(
                        repository: repository, donor: donors[repository.registry] ?? guess, meter: meters[position])
                })
            for (position, result) in zip(round, outcome) {
                results[position] = result
                let repository = targets[position].repository
                if case .success = result, donors[repository.registry] == nil {
                    donors[repository.registry] = repository.name
                }
            }
            rest.removeAll(where: round.contains)
        }
        return positions.compactMap { results[$0] }
    }

    // MARK: - Manifests

    /// What registries answer to a manifest that names what they lack.
    private static let lacking: Set<Int> = [400, 404]

    /// - Throws: `RegistryFailure` where the target lacks what it was seen to have.
    private func write(_ missing: Missing, _ top: Manifest, to target: Target) async throws {
        let manifests = missing.manifests
        let refusals = missing.isFromMemory ? Self.lacking : []
        let below = manifests.filter { $0.digest != top.digest }
        // Those of platforms name no other.
        let put = await inParallel(below.filter { !$0.isIndex }) {
            try await target.repository.put($0, as: $0.digest.description, refusals: refusals)
        }
        for result in put { try result.get() }
        for manifest in below where manifest.isIndex {
            try await target.repository.put(manifest, as: manifest.digest.description, refusals: refusals)
        }
        let reference = target.tag ?? top.digest.description
        if target.tag == nil, manifests.isEmpty { return }
        if readsBack {
            try await target.repository.place(top, as: reference, refusals: refusals)
        } else {
            try await target.repository.put(top, as: reference, refusals: refusals)
        }
        await memory.note(written: manifests.map(\.digest), in: target.repository.place)
    }
}

extension Result<ImageCopy.Report, any Error> {
    fileprivate mutating func add(_ result: Result<BlobTransfer.Way, any Error>, of blob: ContentDescriptor) {
        guard case .success(var report) = self else { return }
        switch result {
        case .success(.mounted): report.mounted += 1
        case .success(.written):
            report.written += 1
            report.bytes += blob.size
        case .failure(let error):
            self = .failure(error)
            return
        }
        self = .success(report)
    }
}
