import Lang

/// Takes a name on this machine back to the image it stood for.
struct LocalTagInverse: Sendable {
    let name: String
    let image: ImageReference
    /// Nil where the name was not there.
    let before: Digest?

    init(_ target: ImageReference, in world: World) async throws {
        name = try Docker.tagged(target)
        image = try target.with(digest: nil)
        before = try await Docker.id(of: image, in: world)
    }

    /// - Parameter made: what the change has made the name stand for; nil where that is not known.
    func inverse(from made: Digest?) -> Inverse? {
        if let made, made == before { return nil }
        let words = before.map { ["tag", $0.description, name] } ?? ["rmi", name]
        return Inverse("the name \(name) on this machine", commands: [Docker.line(words)]) { world in
            let now = try await Docker.id(of: image, in: world)
            if now == before { return }
            if let made, now != made {
                throw RuntimeError(
                    .world, .changedSince(name, now: now?.description ?? "gone", commands: [Docker.line(words)]))
            }
            try await Docker.run(words, to: "put \(name) back", in: world, quiet: false)
        }
    }
}
