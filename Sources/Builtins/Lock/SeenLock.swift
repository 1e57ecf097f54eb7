import Lang

/// A project's lock at its git remote, as somebody who does not hold it sees it: for `relsh runs --locks`.
package struct SeenLock: Sendable {
    private let remote: LockRemote
    private let object: String
    /// Nil where it cannot be read.
    package let note: LockNote?

    /// What was found at the remote of a project.
    package enum Look: Sendable {
        /// The project is not locked at a remote.
        case noRemote
        case free(remote: String)
        case held(SeenLock)
    }

    /// - Throws: `RuntimeError` where the remote does not answer.
    package static func look(for project: Project, in world: World) async throws -> Look {
        guard let remote = try await LockRemote.find(for: project, in: world) else { return .noRemote }
        guard let object = try await remote.look(in: world) else { return .free(remote: remote.name) }
        return .held(SeenLock(remote: remote, object: object, note: try await remote.read(object, in: world)))
    }

    package var remoteName: String { remote.name }

    package func description(in world: World) -> String {
        guard let note else { return "somebody, with a lock that this relsh cannot read, at \(remote.name)" }
        var end = ""
        if note.isKnownDead {
            end = " (that process is gone: the lock is free)"
        } else if note.isOver(now: world.clock.now()) {
            end = " (it was not renewed: the lock is free)"
        }
        return "\(note.longDescription), at \(remote.name)\(end)"
    }

    /// Takes it away from whoever holds it; not where somebody else has got it since it was looked at.
    package func breakOff(in world: World) async throws {
        switch try await remote.push(nil, expecting: object, in: world) {
        case .done: return
        case .failed(let error): throw error
        case .overtaken:
            if try await remote.look(in: world) == nil { return }
            throw RuntimeError(.world, .lockMovedMeanwhile(remote.name))
        }
    }
}
