import Lang

/// Names of images on this machine, and how they are taken back to the images they stood for.
extension Inverse {
    /// Looks at what `target` stands for now.
    static func ofLocalName(_ target: ImageReference, made: Digest?, in world: World) async throws -> Inverse {
        let name = try Docker.tagged(target)
        return Inverse(
            .localName(name), before: try await lookAtLocalName(name, in: world), made: made.map(State.image))
    }

    static func lookAtLocalName(_ name: String, in world: World) async throws -> State {
        try await Docker.id(of: try ImageReference(parsing: name), in: world).map(State.image) ?? .absent
    }

    func localNameCommands(_ name: String) -> [String] { [Docker.line(localNameWords(name))] }

    func restoreLocalName(_ name: String, in world: World) async throws {
        try await Docker.run(localNameWords(name), to: "put \(name) back", in: world, quiet: false)
    }

    private func localNameWords(_ name: String) -> [String] {
        if case .image(let digest) = before { return ["tag", digest.description, name] }
        return ["rmi", name]
    }
}
