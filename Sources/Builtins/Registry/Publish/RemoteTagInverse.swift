import Lang

/// Takes a tag of a registry back to what it stood for.
struct RemoteTagInverse: Sendable {
    private let client: RegistryClient
    private let image: ImageReference
    /// Nil where there was no such tag.
    private let before: Digest?

    /// Looks at what the tag stands for now.
    init(_ image: ImageReference, client: RegistryClient) async throws {
        let tagged = try image.with(digest: nil)
        self.init(tagged, before: try await client.manifest(of: tagged)?.digest, client: client)
    }

    init(_ image: ImageReference, before: Digest?, client: RegistryClient) {
        self.client = client
        self.image = image
        self.before = before
    }

    /// Looks at all of them at once.
    static func all(_ images: [ImageReference], client: RegistryClient) async throws -> [RemoteTagInverse] {
        try await inParallel(images) { try await RemoteTagInverse($0, client: client) }.map { try $0.get() }
    }

    /// - Parameter made: what the change has made it stand for. Empty where that is what it stood for before.
    func inverse(from made: Digest) -> [Inverse] {
        if made == before { return [] }
        let (client, image, before) = (client, image, before)
        let commands = before.flatMap { try? [RegistryClient.pointLine(image, at: $0, of: image)] } ?? []
        let inverse = Inverse("\(image.familiar) in its registry", commands: commands) { world in
            let now = try await client.manifest(of: image)?.digest
            if now == before { return }
            if now != made {
                throw RuntimeError(
                    .world,
                    .changedSince(image.familiar, now: now?.description ?? "gone", commands: commands))
            }
            if let before {
                try await client.point(image, at: before, of: image)
                world.events.note("\(image.familiar) is \(before.short) again")
            } else if try await client.takeBack(image) {
                world.events.note("\(image.familiar) is gone again")
            } else {
                world.events.note("\(image.familiar) stays: its registry deletes no tags")
            }
        }
        return [inverse]
    }
}
