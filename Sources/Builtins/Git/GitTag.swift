import Lang

/// Making a tag at the current commit, and pushing it.
struct GitTag: Sendable {
    let name: String
    let pushes: Bool
    let message: String?

    init(_ name: String, push: Bool, message: String?) throws {
        self.name = try GitName.checked(name)
        pushes = push
        self.message = message
    }

    private var words: [String] { ["tag"] + (message.map { ["--annotate", "--message", $0] } ?? []) + [name] }
    private var ref: String { "refs/tags/\(name)" }

    /// What a person would type.
    func commands(in world: World) async throws -> [String] {
        let found = try await look(in: world, atOrigin: pushes)
        let isThere = try isMade(found.here, found.head)
        let isPushed = try isMade(found.atOrigin, found.head, atOrigin: true)
        if !isThere, isPushed { return [Git.line(fetchWords)] }
        return (isThere ? [] : [Git.line(words)]) + (pushes && !isPushed ? [Git.line(Git.pushWords(ref))] : [])
    }

    /// A tag that is at this commit already is as good as made, here and at origin. What this call made is removed again where
    /// pushing it fails.
    func perform(in world: World) async throws {
        // What was looked at just now need not be looked at again.
        func isToBeMade(atOrigin: Bool) -> Bool {
            world.seen?.contains { $0.subject == .gitTag(name, isPushed: atOrigin) } ?? false
        }
        let (isNew, isNewAtOrigin) = (isToBeMade(atOrigin: false), isToBeMade(atOrigin: true))
        if isNew, pushes, !isNewAtOrigin {
            // Another of the same name would stand in the way of everybody who fetches.
            try await Git.run(
                fetchWords, to: "fetch the tag \(name)", in: world, shows: true, environment: Git.withoutPrompt)
            return
        }
        let isThere = world.seen == nil ? try await exists(in: world) : !isNew
        if !isThere { try await Git.run(words, to: "tag the commit as \(name)", in: world) }
        if !pushes || world.seen != nil && !isNewAtOrigin { return }
        do {
            try await Git.push(ref, in: world)
        } catch {
            // In a task of its own: being cancelled is a reason to put things back, not to leave them.
            await Task {
                if isNewAtOrigin { await takeBackPush(in: world) }
                if !isThere { _ = try? await Git.run(removalWords, to: "remove the tag \(name)", in: world) }
            }.value
            throw error
        }
    }

    private var fetchWords: [String] { ["fetch", "--no-tags", "origin", "\(ref):\(ref)"] }

    /// A push that was broken off may have reached origin all the same. Only what this machine made is taken away there.
    private func takeBackPush(in world: World) async {
        let purpose = "remove the tag \(name) from origin"
        guard let own = try? await Git.output(["rev-parse", "--verify", ref], to: purpose, in: world),
            let there = try? await Git.originTag(name, in: world), there.object == own
        else { return }
        let removed = try? await Git.run(
            remoteRemovalWords(own), to: purpose, in: world, environment: Git.withoutPrompt)
        if removed == nil { world.events.note("the git tag \(name) stays at origin: it could not be removed there") }
    }

    /// The commit that is checked out, and those that the tag stands for here and at origin: nil where there is none, and where
    /// origin cannot be asked, which pushing says then.
    private func look(
        in world: World, atOrigin isAsked: Bool
    ) async throws -> (head: String, here: String?, atOrigin: String?) {
        async let head = Git.head(in: world)
        async let atOrigin = isAsked ? try? Git.originTag(name, in: world) : nil
        let here = try await Git.commit(ofTag: name, in: world)
        return (try await head, here, await atOrigin?.commit)
    }

    /// - Throws: where the tag is at another commit than the one that is checked out.
    private func isMade(_ commit: String?, _ head: String, atOrigin: Bool = false) throws -> Bool {
        guard let commit else { return false }
        if commit == head { return true }
        throw RuntimeError(.world, .tagElsewhere(name, at: commit, wanted: head, isAtOrigin: atOrigin))
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
        if pushes, try await Git.originTag(name, in: world) != nil {
            let object = try await Git.output(["rev-parse", "--verify", ref], to: "look up the tag \(name)", in: world)
            try await Git.run(
                remoteRemovalWords(object), to: "remove the tag \(name) from origin", in: world,
                environment: Git.withoutPrompt)
        }
        try await Git.run(removalWords, to: "remove the tag \(name)", in: world)
    }

    /// As origin has it now.
    func removeFromOrigin(in world: World) async throws {
        guard let there = try await Git.originTag(name, in: world) else { return }
        try await Git.run(
            remoteRemovalWords(there.object), to: "remove the tag \(name) from origin", in: world,
            environment: Git.withoutPrompt)
    }

    /// For the tags that this call makes, here and at origin; none where there is one already.
    func inverses(in world: World) async throws -> [Inverse] {
        let found = try await look(in: world, atOrigin: pushes)
        var places: [Bool] = try isMade(found.here, found.head) ? [] : [false]
        if try !isMade(found.atOrigin, found.head, atOrigin: true), pushes { places.append(true) }
        return places.map { Inverse(.gitTag(name, isPushed: $0), before: .absent, made: .commit(found.head)) }
    }

    /// Whether what `remove` does has been done: the tag here goes last.
    func isRemoved(in world: World) async throws -> Bool { try await Git.commit(ofTag: name, in: world) == nil }

    private func exists(in world: World) async throws -> Bool {
        let found = try await look(in: world, atOrigin: false)
        return try isMade(found.here, found.head)
    }
}
