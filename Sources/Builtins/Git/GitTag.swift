import Lang

/// Making a tag at the current commit, and pushing it.
struct GitTag: Sendable {
    let name: String
    let pushes: Bool
    let message: String?

    init(_ name: String, push: Bool, message: String?) throws {
        self.name = try Git.checked(name)
        pushes = push
        self.message = message
    }

    private var words: [String] { ["tag"] + (message.map { ["--annotate", "--message", $0] } ?? []) + [name] }
    private var ref: String { "refs/tags/\(name)" }

    /// What a person would type.
    func commands(in world: World) async throws -> [String] {
        let make = try await exists(in: world) ? [] : [Git.line(words)]
        return make + (pushes ? [Git.line(Git.pushWords(ref))] : [])
    }

    /// A tag that is at this commit already is as good as made. One that this call made is removed again where pushing
    /// it fails.
    func perform(in world: World) async throws {
        // What was looked at just now need not be looked at again.
        let isNew = world.seen.contains { $0.subject == .gitTag(name, isPushed: pushes) }
        let isThere = isNew ? false : try await exists(in: world)
        if !isThere { try await Git.run(words, to: "tag the commit as \(name)", in: world) }
        guard pushes else { return }
        do {
            try await Git.push(ref, in: world)
        } catch {
            // In a task of its own: being cancelled is a reason to put things back, not to leave them.
            if !isThere {
                await Task { _ = try? await Git.run(removalWords, to: "remove the tag \(name)", in: world) }.value
            }
            throw error
        }
    }

    private var removalWords: [String] { ["tag", "--delete", name] }
    /// Only what this machine knows the tag as: somebody may have moved it there.
    private func remoteRemovalWords(_ object: String) -> [String] {
        ["push", "--force-with-lease=\(ref):\(object)", "origin", ":\(ref)"]
    }

    /// What a person would type who has looked at both.
    func removalCommands() -> [String] {
        ((pushes ? [["push", "origin", "--delete", ref]] : []) + [removalWords]).map(Git.line)
    }

    /// Just what `remove` runs, where the tag is here.
    func removalCommands(in world: World) async throws -> [String] {
        let words = ["rev-parse", "--verify", "--quiet", ref]
        let found = try await Git.run(words, to: "look up the tag \(name)", in: world, check: false)
        if found.exitCode != 0 { return removalCommands() }
        return ((pushes ? [remoteRemovalWords(found.stdout.trimmed)] : []) + [removalWords]).map(Git.line)
    }

    /// From origin first: where that fails, the tag here still says what is there.
    func remove(in world: World) async throws {
        if pushes {
            let object = try await Git.output(["rev-parse", "--verify", ref], to: "look up the tag \(name)", in: world)
            try await Git.run(
                remoteRemovalWords(object), to: "remove the tag \(name) from origin", in: world,
                environment: Git.withoutPrompt)
        }
        try await Git.run(removalWords, to: "remove the tag \(name)", in: world)
    }

    /// For a tag that this call makes; empty where there is one already.
    func inverses(in world: World) async throws -> [Inverse] {
        async let checkedOut = Git.head(in: world)
        let tagged = try await Git.commit(ofTag: name, in: world)
        let head = try await checkedOut
        if tagged != nil { return [] }
        return [Inverse(.gitTag(name, isPushed: pushes), before: .absent, made: .commit(head))]
    }

    /// Whether what `remove` does has been done: the tag here goes last.
    func isRemoved(in world: World) async throws -> Bool { try await Git.commit(ofTag: name, in: world) == nil }

    private func exists(in world: World) async throws -> Bool {
        async let checkedOut = Git.head(in: world)
        let tagged = try await Git.commit(ofTag: name, in: world)
        let head = try await checkedOut
        guard let commit = tagged else { return false }
        if commit != head { throw RuntimeError(.world, .tagElsewhere(name, at: commit, wanted: head)) }
        return true
    }
}
