import Lang

/// What an image is made of, and in which order it is written: a manifest comes after what it names.
struct CopyPlan: Sendable {
    /// What names the rest.
    let top: Manifest
    /// Everything below it by digest.
    private let below: [Digest: Manifest]

    init(top: Manifest, below: [Digest: Manifest]) {
        self.top = top
        self.below = below
    }

    /// What everything in it is called.
    var digests: [Digest] { [top.digest] + below.keys }

    /// All manifests, those that are named before those that name them; each once.
    var manifests: [Manifest] { order { _ in false } }

    /// The manifests that a repository lacks. What is below one that it has is there too: registries see to that.
    func missing(in present: Set<Digest>) -> [Manifest] { order { present.contains($0) } }

    private func order(_ isSkipped: (Digest) -> Bool) -> [Manifest] {
        var ordered: [Manifest] = []
        var seen: Set<Digest> = []
        func visit(_ manifest: Manifest) {
            guard !isSkipped(manifest.digest), seen.insert(manifest.digest).inserted else { return }
            for child in manifest.manifests { if let found = below[child.digest] { visit(found) } }
            ordered.append(manifest)
        }
        visit(top)
        return ordered
    }

    /// The blobs that some manifests name, each once, the largest first: what takes longest should begin first.
    static func blobs(of manifests: [Manifest]) -> [ContentDescriptor] {
        var seen: Set<Digest> = []
        let all = manifests.flatMap(\.blobs).filter { seen.insert($0.digest).inserted }
        return all.enumerated().sorted { ($1.element.size, $0.offset) < ($0.element.size, $1.offset) }.map(\.element)
    }
}
