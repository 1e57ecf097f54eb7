import Lang

/// What a project was when a run began: its commit, and what has been changed since that.
package struct ProjectState: Sendable, Hashable {
    package let commit: String
    /// The digests of files that differ from the commit, by path from the root; `absent` for those that are gone.
    package let changed: [String: String]
    /// The repository's; empty where this comes from a ledger.
    package let root: String

    /// Nil outside of a repository.
    ///
    /// - Parameter own: a file that is no part of the project.
    package static func read(in world: World, but own: String? = nil) async -> ProjectState? {
        var world = world
        world.events = SilentEvents()
        guard let commit = try? await Git.head(in: world),
            let root = try? await Git.output(["rev-parse", "--show-toplevel"], to: "tell its root", in: world),
            let listed = try? await Git.run(
                ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"],
                to: "tell what has changed",
                in: world)
        else { return nil }
        var changed: [String: String] = [:]
        for entry in listed.stdout.split(separator: "\0") where entry.utf8.count > 3 {
            let path = String(entry.dropFirst(3))
            if let own, Path(root).joined(path).text == own { continue }
            changed[path] = digest(Path(root).joined(path).text, in: world)
        }
        return ProjectState(commit: commit, changed: changed, root: root)
    }

    private static let largest = 32 << 20

    private static func digest(_ path: String, in world: World) -> String {
        guard let status = world.files.status(path) else { return "absent" }
        // A larger one is told apart by its size alone.
        guard status.size <= largest, let content = try? world.files.read(path) else { return "\(status.size) bytes" }
        return ContentHash.digest(of: content).description
    }

    // MARK: In the ledger

    var text: String {
        let entries = changed.sorted { $0.key < $1.key }.map { Value.list([.string($0.key), .string($0.value)]) }
        return (try? StoredValue.text(of: .list(entries))) ?? "[]"
    }

    /// As it stands in a plan.
    init(commit: String, changed: [String: String]) { self.init(commit: commit, changed: changed, root: "") }

    private init(commit: String, changed: [String: String], root: String) {
        self.commit = commit
        self.changed = changed
        self.root = root
    }

    init?(commit: String?, text: String?) {
        guard let commit, let text, let entries = try? StoredValue.value(of: text).asList else { return nil }
        self.commit = commit
        root = ""
        var changed: [String: String] = [:]
        for entry in entries {
            guard let pair = entry.asList, pair.count == 2, let path = pair[0].asString else { return nil }
            changed[path] = pair[1].asString
        }
        self.changed = changed
    }
}

/// For looks at the world that are no part of a recipe.
struct SilentEvents: EffectEvents {
    var watchesCommands: Bool { false }
    func commandStarted(_ line: String) -> Int { 0 }
    func commandOutput(_ command: Int, _ line: String) {}
    func commandFinished(_ command: Int, exitCode: Int, output: String) {}
    func note(_ text: String) {}
}
