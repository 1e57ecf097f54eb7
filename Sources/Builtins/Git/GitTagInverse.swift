import Lang

/// Git tags, and how they are taken back.
extension Inverse {
    static func lookAtGitTag(_ name: String, in world: World) async throws -> State {
        try await Git.commit(ofTag: try Git.checked(name), in: world).map(State.commit) ?? .absent
    }

    static func gitTagCommands(_ name: String, isPushed: Bool) -> [String] {
        (try? GitTag(name, push: isPushed, message: nil).removalCommands()) ?? []
    }

    func restoreGitTag(_ name: String, isPushed: Bool, in world: World) async throws {
        try await GitTag(name, push: isPushed, message: nil).remove(in: world)
    }
}
