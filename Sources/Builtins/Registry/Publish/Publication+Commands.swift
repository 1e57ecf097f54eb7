import Lang

// What a publication would do.
extension Publication {
    /// What a person would type; tags that already stand for the image are left out.
    ///
    /// In a dry run the image may be one that a build before this would give: then its name has to do, whatever stands
    /// under that name now.
    func commands() async throws -> [String] {
        var source = try? await PublishSource.find(image, among: project.registries, client: client)
        if case .engine? = source, image.digest == nil { source = nil }
        var lines: [String] = []
        // The first place takes the content from the engine; all that follow take it from there.
        var origin: ImageReference?
        for tags in [versionTags, movingTags] {
            for registry in registries {
                for place in try places(registry, tags) {
                    let held = source == nil ? nil : try? await client.digest(of: place.image)
                    if let held, held == source?.digest {
                        origin = origin ?? place.image
                        continue
                    }
                    if case .registry(let image, let digest)? = source {
                        lines.append(try RegistryClient.pointLine(place.image, at: digest, of: image))
                        continue
                    }
                    if origin == nil {
                        let first = try stagedPlace(source)?.image ?? place.image
                        lines += try pushLines(source, first)
                        origin = first
                        if first == place.image { continue }
                    }
                    if let origin {
                        lines.append(try RegistryClient.pointLine(place.image, at: source?.digest, of: origin))
                    }
                }
            }
        }
        return lines
    }

    private func pushLines(_ source: PublishSource?, _ target: ImageReference) throws -> [String] {
        let name = try Docker.tagged(target)
        return [["tag", source?.digest.description ?? image.familiar, name], ["push", name]].map(Docker.line)
    }
}
