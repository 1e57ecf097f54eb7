import Lang

/// What a registry holds under a name.
struct RemoteManifest: Sendable, Hashable {
    let digest: Digest
    /// Whether it is a list of manifests, one for each platform, and not a single one.
    let isIndex: Bool
}
