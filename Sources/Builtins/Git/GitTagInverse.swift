import Lang

/// Git tags, and how they are taken back.
extension Inverse {
    static func lookAtGitTag(_ name: String, isPushed: Bool, in world: World) async throws -> State {
        let name = try GitName.checked(name)
        let commit =
            isPushed
            ? try await Git.originTag(name, in: world)?.commit : try await Git.commit(ofTag: name, in: world)
        return commit.map(State.commit) ?? .absent
    }

    static func gitTagCommands(_ name: String, isPushed: Bool) -> [String] {
        let commands = (try? GitTag(name, push: true, message: nil).removalCommands()) ?? []
        return isPushed ? Array(commands.prefix(1)) : Array(commands.suffix(1))
    }

    func restoreGitTag(_ name: String, isPushed: Bool, in world: World) async throws {
        let tag = try GitTag(name, push: isPushed, message: nil)
        if isPushed { try await tag.removeFromOrigin(in: world) } else { try await tag.remove(in: world) }
    }
}
