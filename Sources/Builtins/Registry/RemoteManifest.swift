import Lang

/// What a registry holds under a name.
struct RemoteManifest: Sendable, Hashable {
    let digest: Digest
    /// Whether it is a list of manifests, one for each platform, and not a single one.
    let isIndex: Bool

    /// Reads what `docker buildx imagetools inspect --format '{{json .Manifest}}'` prints.
    init?(_ json: JSON) {
        guard let text = json["digest"]?.text, let digest = try? Digest(parsing: text) else { return nil }
        let type = json["mediaType"]?.text ?? ""
        self.init(digest: digest, isIndex: type.contains("index") || type.contains("manifest.list"))
    }

    init(digest: Digest, isIndex: Bool) {
        self.digest = digest
        self.isIndex = isIndex
    }
}
