import Lang

/// Brings the layers of an image to registries, ahead of its publication.
struct Preload: Sendable {
    let image: ImageReference
    let registries: [Registry]

    init(_ image: ImageReference, _ registries: [Registry]) throws {
        if registries.isEmpty { throw RuntimeError(.value, .nothingToPreloadTo(image.familiar)) }
        self.image = image
        self.registries = registries
    }

    /// What a person would type.
    var line: String {
        get throws {
            let places = registries.map { "project.registries.get(\(quoted($0.name)))" }.joined(separator: ", ")
            return RegistryClient.line(["registry.preload(Image(\"\(image.familiar)\"), to: [\(places)])"])
        }
    }

    func perform(in world: World) async throws {
        let client = RegistryClient(world: world)
        let project = try await world.project.load()
        let source = try await client.repository(of: image)
        var targets: [ImageCopy.Target] = []
        for registry in registries {
            let place = try project.image(image.tag ?? "latest", in: registry)
            targets.append(ImageCopy.Target(repository: try await client.repository(of: place), tag: nil))
        }
        let copy = ImageCopy(source: source, reference: RegistryClient.reference(image), targets: targets)
        let reports: [Result<ImageCopy.Report, any Error>]
        do {
            reports = try await world.http.nearby { try await copy.preload() }
        } catch let error as RuntimeError where error.id == "no-such-remote-image" {
            guard error.message.hasPrefix(image.familiar), (try? await Docker.seenID(of: image, in: world)) != nil
            else {
                throw error
            }
            throw RuntimeError(.world, .onlyOnThisMachine(image.familiar))
        }
        let failures = zip(registries, reports).compactMap { registry, report -> String? in
            guard case .failure(let error) = report else { return nil }
            return "\(registry.name): \((error as? RuntimeError)?.message ?? "\(error)")"
        }
        for case .failure(let error) in reports {
            if error is CancellationError || (error as? RuntimeError)?.kind == .cancelled { throw error }
        }
        if !failures.isEmpty {
            throw RuntimeError(.world, .preloadFailed(image.familiar, failures: failures))
        }
    }
}
