import Lang

/// What a project was when a run began: its commit, and what has been changed since that.
package struct ProjectState: Sendable, Hashable {
    package let commit: String
    /// The digests of files that differ from the commit, by path from the root; `absent` for those that are gone. What stands for links
    /// and for repositories in this one is in `ProjectLook`. Bytes of names that are not UTF-8 are escaped.
    package let changed: [String: String]
    /// Those of them that the commit does not have; empty where this comes from a ledger or a plan.
    package let new: Set<String>
    /// The repository's; empty where this comes from a ledger.
    package let root: String

    /// Nil outside of a repository, and before its first commit.
    /// - Parameters:
    ///   - root: the repository's, where it is known already.
    ///   - own: a file that is no part of the project.
    package static func read(in world: World, root: String? = nil, but own: String? = nil) async -> ProjectState? {
        let world = world.silent
        async let known = self.root(root, in: world)
        guard let status = await ProjectLook.status(in: world), let commit = status.commit else { return nil }
        guard let root = await known else { return nil }
        var look = ProjectLook(in: world, but: own)
        await look.take(status, of: root)
        return ProjectState(commit: commit, changed: look.changed, new: look.new, root: root)
    }

    private static func root(_ known: String?, in world: World) async -> String? {
        if let known { return known }
        return try? await Git.output(["rev-parse", "--show-toplevel"], to: "tell its root", in: world)
    }

    /// This, with what has changed between two others: what somebody else has changed before is not in it.
    func changed(from before: ProjectState, to after: ProjectState) -> ProjectState {
        var changed = changed
        for path in Set(before.changed.keys).union(after.changed.keys)
        where before.changed[path] != after.changed[path] { changed[path] = after.changed[path] }
        return ProjectState(
            commit: before.commit == after.commit ? commit : after.commit, changed: changed, new: after.new, root: root)
    }

    // MARK: In the ledger

    var text: String {
        // A name with a secret in it is left out: then the file is taken for one that somebody else has made.
        let kept = changed.filter { LedgerMask.isClean($0.key) }.sorted { $0.key < $1.key }
        let entries = kept.map { Value.list([.string($0.key), .string($0.value)]) }
        return (try? StoredValue.text(of: .list(entries))) ?? "[]"
    }

    /// As it stands in a plan.
    init(commit: String, changed: [String: String], new: Set<String> = []) {
        self.init(commit: commit, changed: changed, new: new, root: "")
    }

    private init(commit: String, changed: [String: String], new: Set<String>, root: String) {
        self.commit = commit
        self.changed = changed
        self.new = new
        self.root = root
    }

    init?(commit: String?, text: String?) {
        guard let commit, let text, let entries = try? StoredValue.value(of: text).asList else { return nil }
        self.commit = commit
        root = ""
        new = []
        var changed: [String: String] = [:]
        for entry in entries {
            guard let pair = entry.asList, pair.count == 2, let path = pair[0].asString else { return nil }
            changed[path] = pair[1].asString
        }
        self.changed = changed
    }
}

extension World {
    /// For looks at the world that are no part of a recipe.
    var silent: World {
        var world = self
        world.events = SilentEvents()
        return world
    }
}

private struct SilentEvents: EffectEvents {
    var watchesCommands: Bool { false }
    func commandStarted(_ line: String) -> Int { 0 }
    func commandOutput(_ command: Int, _ line: String) {}
    func commandFinished(_ command: Int, exitCode: Int, output: String) {}
    func note(_ text: String) {}
}
