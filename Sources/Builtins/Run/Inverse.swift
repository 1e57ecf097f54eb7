package import Lang
import Synchronization

/// How one change is taken back, as data: what was changed, what it stood for before the change, and what the change has made
/// of it. It does nothing where the thing is again as it was before; where somebody else has changed it since, it refuses.
///
/// Being data it can be kept in the ledger, for a later process to perform. When that is done, the interpreter decides, or a
/// person with `relsh undo`.
package struct Inverse: Sendable, Hashable {
    /// What was changed. Each kind has a file beside its builtins that looks at it and puts it back.
    package enum Subject: Sendable, Hashable {
        /// A name of an image on this machine.
        case localName(String)
        /// A tag in a registry, with the image's name.
        case remoteTag(String)
        /// A path, as the recipe gave it, or where that leads: of a file, a directory or a link.
        case file(String)
        /// A tag of this repository; `isPushed` for the one of its name at origin.
        case gitTag(String, isPushed: Bool)
        /// An ECS task definition, by its family.
        case taskDefinition(String, region: String?)
        /// `s3://BUCKET/KEY`
        case object(String)
        /// The open pull request of a branch.
        case pullRequest(String)
    }

    /// What a subject stands for.
    package enum State: Sendable, Hashable {
        case absent
        /// The id or digest of an image.
        case image(Digest)
        case content(Digest, count: Int)
        case directory
        /// A directory and what is in it, where that is more than is kept.
        case tree(entries: Int, bytes: Int)
        /// A symbolic link, with where it leads.
        case link(String)
        /// At a path: what cannot be read, or is neither a file nor a directory.
        case special
        case commit(String)
        /// What somebody else has named: the ARN of a revision, the address of a pull request.
        case named(String)
    }

    package let subject: Subject
    package internal(set) var before: State
    /// Nil where that is not known: then nothing tells whether somebody else has changed it since.
    package var made: State?
    /// Of a file that was there before.
    package var content: [UInt8]?
    /// The permissions of what was at a path.
    package var mode: Int?
    /// The image that a name is to stand for, where it is known before the change: by its digest, or by its id.
    package var meant: Digest?

    package init(_ subject: Subject, before: State, made: State? = nil, content: [UInt8]? = nil) {
        self.subject = subject
        self.before = before
        self.made = made
        self.content = content
    }

    /// Whether there is anything to take back.
    package var changesNothing: Bool { made == before }

    /// What is put back, as it stands after "take back": `the name app:dev on this machine`.
    package var title: String {
        switch subject {
        case .localName(let name): "the name \(name) on this machine"
        case .remoteTag(let image): "\(image) in its registry"
        case .file(let path): fileTitle(path)
        case .gitTag(let name, let isPushed): "the git tag \(name)\(isPushed ? " at origin" : "")"
        case .taskDefinition(let family, _): "the task definition \(family)"
        case .object(let url): url
        case .pullRequest(let head): "the pull request of \(head)"
        }
    }

    /// What a person would type to do it.
    package var commands: [String] {
        switch subject {
        case .localName(let name): localNameCommands(name)
        case .remoteTag(let image): remoteTagCommands(image)
        case .file(let path): fileCommands(path)
        case .gitTag(let name, let isPushed): Self.gitTagCommands(name, isPushed: isPushed)
        case .taskDefinition(_, let region): taskDefinitionCommands(region)
        case .object(let url): objectCommands(url)
        case .pullRequest: pullRequestCommands
        }
    }

    /// What it takes to put it back, that cannot be told before.
    package var condition: String? {
        switch subject {
        case .remoteTag where before == .absent: "if its registry deletes tags"
        case .file where made == .directory && before == .absent: "if nothing else has been put there"
        default: nil
        }
    }

    /// Why it cannot be put back, where that can be told before.
    var refusal: RuntimeError? {
        switch subject {
        case .file(let path): fileRefusal(path)
        case .object(let url): objectRefusal(url)
        default: nil
        }
    }

    /// What the subject stands for now.
    package func look(in world: World) async throws -> State {
        switch subject {
        case .localName(let name): try await Self.lookAtLocalName(name, in: world)
        case .remoteTag(let image): try await Self.lookAtRemoteTag(image, in: world)
        case .file(let path): try lookAtFile(path, in: world)
        case .gitTag(let name, let isPushed):
            try await Self.lookAtGitTag(name, isPushed: isPushed, in: world)
        case .taskDefinition(let family, let region):
            try await Self.lookAtTaskDefinition(family, region, in: world)
        case .object(let url): try await Self.lookAtObject(url, in: world)
        case .pullRequest(let head): try await Self.lookAtPullRequest(head, in: world)
        }
    }

    /// What became of taking it back.
    package enum Ending: Sendable, Hashable {
        case takenBack
        /// It was as before already.
        case alreadyBack
        /// It stays, and why: nothing that relsh can do takes it away.
        case stays(String)
    }

    /// Whether it is done with: a directory that somebody else uses is tried again by the next `relsh undo`.
    func isDone(with ending: Ending) -> Bool {
        if case .stays = ending { !isWorthAnotherTry } else { true }
    }

    /// Whether it may work later where it has not yet: a directory goes when what others have put there has been taken back, too.
    var isWorthAnotherTry: Bool {
        if case .file = subject { made == .directory && before == .absent } else { false }
    }

    /// Puts the subject back.
    /// - Parameter commands: that a person is told where somebody else has changed it since; nil for those of this change.
    /// - Throws: `RuntimeError` where it cannot be done, or somebody else has changed it since.
    @discardableResult
    package func perform(advising commands: [String]? = nil, in world: World) async throws -> Ending {
        let now = try await look(in: world)
        guard try await mustBePutBack(now, advising: commands, in: world) else { return .alreadyBack }
        switch subject {
        case .localName(let name): try await restoreLocalName(name, in: world)
        case .remoteTag(let image): return try await restoreRemoteTag(image, in: world)
        case .file(let path): return try restoreFile(path, in: world)
        case .gitTag(let name, let isPushed): try await restoreGitTag(name, isPushed: isPushed, in: world)
        case .taskDefinition(let family, let region):
            try await restoreTaskDefinition(family, region: region, in: world)
        case .object(let url): try await restoreObject(url, in: world)
        case .pullRequest: try await closePullRequest(in: world)
        }
        return .takenBack
    }

    /// - Parameter now: what the subject stands for now.
    /// - Returns: false where it is as before already.
    /// - Throws: where somebody else has changed it since.
    func mustBePutBack(_ now: State, advising commands: [String]? = nil, in world: World) async throws -> Bool {
        if now == before || isGone(now) { return false }
        if let made, now != made {
            let who = try? await world.history.maker(of: subject, as: now)
            throw RuntimeError(
                .world, .changedSince(shortTitle, now: told(now), by: who, commands: commands ?? self.commands))
        }
        return true
    }

    /// As `perform`.
    /// - Throws: where it cannot be done, with the command that a person can complete it with.
    @discardableResult
    func takeBack(advising commands: [String], in world: World) async throws -> Ending {
        do {
            return try await perform(advising: commands, in: world)
        } catch let error as RuntimeError {
            if error.id == "changed-since" || error.kind == .cancelled { throw error }
            var failure = RuntimeError(.world, .undoFailed(title, reason: error.message, commands: commands))
            failure.help = failure.help ?? error.help
            failure.command = error.command
            throw failure
        }
    }

    /// A git tag that is gone is as good as taken back, and so is a pull request that is closed.
    private func isGone(_ now: State) -> Bool {
        switch subject {
        case .gitTag, .pullRequest: now == .absent
        default: false
        }
    }

    var shortTitle: String {
        switch subject {
        case .localName(let name), .gitTag(let name, false), .taskDefinition(let name, _), .object(let name): name
        case .gitTag(let name, true): "\(name) at origin"
        case .pullRequest: title
        case .remoteTag(let image): image
        case .file(let path): path
        }
    }

    func told(_ state: State) -> String {
        switch state {
        case .absent: "gone"
        case .image(let digest): digest.description
        case .content(_, let count): "\(count) bytes of other content"
        case .directory: "a directory"
        case .tree(let entries, let bytes): "a directory with \(entries) entries and \(Size(bytes: bytes))"
        case .link(let target): "a link to \(target)"
        case .special: "something that cannot be read"
        case .commit(let commit): commit
        case .named(let name): name
        }
    }
}

extension [Inverse] {
    /// The same, with what can be known only now that the change has been made.
    func settled(in world: World) async -> [Inverse] {
        await inParallel(self) { inverse in
            var inverse = inverse
            switch inverse.subject {
            // What a file holds is known best when it has been written.
            case .file: inverse.made = try? await inverse.look(in: world)
            case .localName: if inverse.made == nil { inverse.made = try? await inverse.look(in: world) }
            default: break
            }
            return inverse
        }.compactMap { try? $0.get() }
    }

    /// What an effect that has failed has made all the same: part of the files and directories. What else there is looks after
    /// that itself.
    func madeInFailing(in world: World) async -> [Inverse] {
        for inverse in self { guard case .file = inverse.subject else { return [] } }
        return await settled(in: world)
    }

    /// The same, each made into `state`.
    func made(_ state: Inverse.State) -> [Inverse] {
        map { inverse in
            var inverse = inverse
            inverse.made = state
            return inverse
        }
    }
}

extension PreparedEffect {
    /// Performs it, and tells what it has made of what was there.
    func perform(before: [Inverse], _ world: World) async throws -> (Outcome, [Inverse]) {
        let (outcome, made) =
            if let performUndoably {
                try await performUndoably(world, before)
            } else {
                (try await perform(world), before)
            }
        return (outcome, await made.settled(in: world))
    }
}

/// Takes in inverses while a change is made, so that none is lost when the run is interrupted at just that moment.
final class InverseList: Sendable {
    private let inverses = Mutex<[RecordedInverse]>([])

    func append(_ made: [Inverse], of effect: String) {
        inverses.withLock { list in
            for (position, inverse) in made.enumerated() where !inverse.changesNothing {
                list.append(
                    RecordedInverse(inverse: inverse, effect: effect, position: position, sequence: 0, state: "made"))
            }
        }
    }

    /// All of them, oldest first; afterwards it is empty.
    func takeAll() -> [RecordedInverse] {
        inverses.withLock { list in
            defer { list.removeAll() }
            return list
        }
    }
}
