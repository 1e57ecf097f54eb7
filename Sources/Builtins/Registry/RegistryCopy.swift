import Lang

/// A copy that a recipe asks for.
struct RegistryCopy: Sendable {
    let source: ImageReference
    let targets: [ImageReference]
    let platforms: PlatformChoice

    init(
        _ source: ImageReference, _ targets: [ImageReference], _ platform: String?, _ platforms: [String]
    ) throws {
        if targets.isEmpty { throw RuntimeError(.value, .nothingToCopyTo(source.familiar)) }
        self.source = source
        self.targets = targets
        self.platforms = try PlatformChoice(platform, platforms)
    }

    /// The image's last name and tag below each registry's base.
    static func places(_ image: ImageReference, _ registries: [Registry]) throws -> [ImageReference] {
        guard let tag = image.tag else { throw RuntimeError(.value, .pushNeedsTag(image.familiar)) }
        let name = image.repository.split(separator: "/").last.map(String.init) ?? image.repository
        return try registries.map { try ImageReference(parsing: "\($0.base)/\(name):\(tag)") }
            .filter { $0.name != image.name }
    }

    /// What would be done, as a person would type it.
    func lines() throws -> [String] {
        try targets.map { target in
            let names = "Image(\"\(source.familiar)\"), to: [Image(\"\(try Docker.tagged(target))\")]"
            let call = "registry.copy(\(names)\(platforms.argument))"
            return ProcessRequest(["relsh", "-e", call]).line
        }
    }

    /// The digest that the targets are to stand for; nil where it depends on the platforms.
    func known(in world: World) async throws -> Digest? {
        platforms.argument.isEmpty ? try await RegistryClient(world: world).digest(of: source) : nil
    }

    func perform(in world: World) async throws -> Digest {
        let copy = try await RegistryClient(world: world).copy(source, to: targets, platforms)
        let (manifest, reports) = try await world.http.nearby { try await copy.perform() }
        var failures: [String] = []
        var done: [String] = []
        for (target, report) in zip(copy.targets, reports) {
            switch report {
            case .success(let report):
                world.events.note("\(target.shown): \(Self.told(report))")
                done.append(target.shown)
            case .failure(let error):
                if error is CancellationError { throw error }
                failures.append("\(target.shown): \((error as? RuntimeError)?.message ?? "\(error)")")
                if let error = error as? RuntimeError, targets.count == 1 { throw error }
            }
        }
        if failures.isEmpty { return manifest.digest }
        throw RuntimeError(.world, .copyFailed(source.familiar, failures: failures, done: done))
    }

    /// `3 blobs written (120 MiB), 2 taken over`
    private static func told(_ report: ImageCopy.Report) -> String {
        var parts: [String] = []
        if report.written > 0 {
            parts.append("\(report.written) blobs written (\(Size(bytes: report.bytes).literal))")
        }
        if report.mounted > 0 { parts.append("\(report.mounted) taken over from another repository") }
        return parts.isEmpty ? "had all of it" : parts.joined(separator: ", ")
    }
}
