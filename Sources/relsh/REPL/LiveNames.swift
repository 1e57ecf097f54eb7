import Builtins
import Glibc
import Lang
import Synchronization

/// Names that only a look at the world can tell, for completion: fetched in the background, kept for a few seconds, and waited for
/// no longer than a person notices.
final class LiveNames: Sendable {
    enum Kind: Hashable, Sendable {
        case containers, images, versions, recipes
        /// The tags of a repository in a registry, `HOST/NAME`.
        case tags(String)
    }

    private struct Known {
        var names: [Completion.Candidate] = []
        var since: ContinuousClock.Instant?
        var isUnderWay = false
    }

    private static let lifetime = Duration.seconds(5)
    private static let patience = Duration.milliseconds(400)
    private static let timeout = Duration.seconds(5)

    private let project: LiveProject
    private let known = Mutex<[Kind: Known]>([:])

    init(_ project: LiveProject) { self.project = project }

    /// What is known now; a first look is waited for shortly.
    func names(_ kind: Kind) -> [Completion.Candidate] {
        begin(kind)
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            let (entry, isOver) = known.withLock { known in
                (known[kind]?.names ?? [], known[kind]?.isUnderWay == false)
            }
            if isOver { return entry }
            usleep(5_000)
        }
        return known.withLock { $0[kind]?.names ?? [] }
    }

    /// Looks, unless that is under way or was done just now.
    func begin(_ kind: Kind) {
        let mustFetch = known.withLock { known in
            var entry = known[kind] ?? Known()
            let isFresh = entry.since.map { .now - $0 < Self.lifetime } ?? false
            if isFresh || entry.isUnderWay { return false }
            entry.isUnderWay = true
            known[kind] = entry
            return true
        }
        if mustFetch { Task.detached { [self] in await fetch(kind) } }
    }

    /// After something was changed: the next question is worth another look.
    func forget() { known.withLock { known in for kind in known.keys { known[kind]?.since = nil } } }

    private func fetch(_ kind: Kind) async {
        let found = await look(kind)
        known.withLock { known in
            var entry = known[kind] ?? Known()
            if let found { entry.names = found }
            entry.since = .now
            entry.isUnderWay = false
            known[kind] = entry
        }
    }

    private func look(_ kind: Kind) async -> [Completion.Candidate]? {
        switch kind {
        case .containers:
            let rows = await docker(["ps", "--all", "--format", "{{.Names}}\t{{.ID}}\t{{.Image}}\t{{.Status}}"])
            return rows?.flatMap { row in
                row.count < 4
                    ? []
                    : [
                        Completion.Candidate(row[0], detail: "\(row[2]), \(row[3])"),
                        Completion.Candidate(row[1], detail: "\(row[0]), \(row[2])"),
                    ]
            }
        case .images:
            let rows = await docker(["images", "--format", "{{.Repository}}:{{.Tag}}\t{{.ID}}\t{{.Size}}"])
            let own = await repositories().map { Completion.Candidate($0 + ":", detail: "a registry of the project") }
            let local = rows?.filter { $0.count == 3 && !$0[0].contains("<none>") }
                .map { Completion.Candidate($0[0], detail: $0[2]) }
            return (local ?? []) + own
        case .versions: return await versions()
        case .recipes:
            return RecipeFinder().all().entries.map { Completion.Candidate($0.name, detail: $0.file) }
        case .tags(let repository): return await tags(repository)
        }
    }

    private func docker(_ arguments: [String]) async -> [[String]]? {
        await lines(["docker"] + arguments)?.map { $0.split(separator: "\t").map(String.init) }
    }

    private func lines(_ words: [String]) async -> [String]? {
        var options = ProcessOptions()
        options.timeout = Self.timeout
        options.collectsAtEnd = true
        let world = World.quiet(project: project)
        guard let outcome = try? await world.processes.run([ProcessRequest(words)], options), outcome.exitCode == 0
        else {
            return nil
        }
        return outcome.stdout.split(separator: "\n").map(String.init)
    }

    /// Where the project's image is, by registry.
    private func repositories() async -> [String] {
        guard let project = try? await project.load() else { return [] }
        return project.registries.map { "\($0.base)/\(project.name)" }
    }

    private func versions() async -> [Completion.Candidate] {
        let tags = await lines(["git", "tag", "--list"]) ?? []
        let versions = tags.compactMap { tag in
            (try? Version(parsing: tag))
                ?? tag.split(separator: "-", maxSplits: 1).last.flatMap { try? Version(parsing: String($0)) }
        }
        return Set(versions).sorted { $1.precedes($0) }.map {
            Completion.Candidate($0.description, detail: "a git tag")
        }
    }

    private func tags(_ repository: String) async -> [Completion.Candidate]? {
        guard let image = try? ImageReference(parsing: repository) else { return nil }
        let world = World.quiet(project: project)
        let task = Task { try await TagLookup.tags(of: image, in: world) }
        let watch = Task {
            try await Task.sleep(for: Self.timeout)
            task.cancel()
        }
        defer { watch.cancel() }
        return (try? await task.value)?.map { Completion.Candidate("\(repository):\($0)") }
    }
}
