import Lang

/// Objects in S3, and how they are taken back to what they held.
extension Inverse {
    /// Looks at what an object holds that is about to hold what a file does. What is too large is not kept.
    static func ofObject(_ object: S3Object, replacedBy path: Path, in world: World) async throws -> [Inverse] {
        let old = try await object.read(in: world)
        let made = try state(of: world.files.read(path.text))
        return [
            Inverse(
                .object(object.url), before: old.map(state) ?? .absent, made: made,
                content: (old?.count ?? 0) > largestFile ? nil : old)
        ]
    }

    static func lookAtObject(_ url: String, in world: World) async throws -> State {
        try await S3Object(url).read(in: world).map(state) ?? .absent
    }

    func objectCommands(_ url: String) -> [String] {
        guard let object = try? S3Object(url) else { return [] }
        if case .content(let digest, _) = before {
            return content == nil ? [] : ["\(KeptContent.command(digest)) | \(AWS.line(object.inputWords))"]
        }
        return [AWS.line(object.removalWords)]
    }

    func restoreObject(_ url: String, in world: World) async throws {
        let object = try S3Object(url)
        if let refusal = objectRefusal(url) { throw refusal }
        if let content {
            try await object.write(content, in: world)
        } else {
            try await AWS.run(object.removalWords, to: "remove \(url)", in: world)
        }
    }

    func objectRefusal(_ url: String) -> RuntimeError? {
        guard case .content(let digest, let count) = before, content == nil else { return nil }
        let source = (try? S3Object(url)).map {
            "`\(AWS.line($0.versionWords))` lists what it held, where its bucket keeps versions"
        }
        return RuntimeError(
            .world, .contentNotKept(url, digest, count: count, source: source ?? "take it from a backup"))
    }
}
