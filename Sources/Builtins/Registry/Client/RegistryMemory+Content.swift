import Lang

// What a run has learnt of what registries hold, and of what they were told to do without an answer.
extension RegistryMemory {
    /// What a repository was seen to have. A registry throws away what nothing names, yet not within a run; where it has all the
    /// same, it refuses the manifest that needs it.
    struct HeldContent: Sendable {
        var blobs: Set<Digest> = []
        /// Manifests that it lacks, whose blobs it has been given ahead.
        var awaited: Set<Digest> = []
    }

    func content(of repository: String) -> HeldContent { content[repository] ?? HeldContent() }

    func note(blobs: [Digest], in repository: String) {
        content[repository, default: HeldContent()].blobs.formUnion(blobs)
    }

    func note(awaited manifests: [Digest], in repository: String) {
        content[repository, default: HeldContent()].awaited.formUnion(manifests)
    }

    func note(written manifests: [Digest], in repository: String) { content[repository]?.awaited.subtract(manifests) }

    func forgetContent(of repository: String) { content[repository] = nil }

    /// Of a request that changes a tag: whether it may yet be done although nobody waits for it any more; nil where that is not told.
    func note(_ url: WebAddress, mayYetBeDone: Bool?) {
        guard let mayYetBeDone else { return }
        if mayYetBeDone { unanswered.insert(url.text) } else { unanswered.remove(url.text) }
    }

    func mayYetBeDone(_ url: WebAddress) -> Bool { unanswered.contains(url.text) }

    /// The largest manifest that is kept, in bytes, and how many are: a run of many images need not remember all of them.
    private static let keptManifest = 64 << 10
    private static let keptManifests = 200

    /// What was read in this repository.
    func manifest(_ digest: Digest, of repository: String) -> Manifest? { manifests["\(repository)@\(digest)"] }

    func keep(_ manifest: Manifest, of repository: String) {
        if manifest.bytes.count > Self.keptManifest { return }
        if manifests.count >= Self.keptManifests { manifests = [:] }
        manifests["\(repository)@\(manifest.digest)"] = manifest
    }

    func forget(_ manifest: Digest, of repository: String) { manifests["\(repository)@\(manifest)"] = nil }
}
