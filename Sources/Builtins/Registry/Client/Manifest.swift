import Lang

/// A manifest or an index as a registry holds it. Its bytes are kept, since the digest is theirs.
struct Manifest: Sendable, Hashable {
    let bytes: [UInt8]
    let mediaType: String
    let digest: Digest
    /// What must be in the repository before it: configuration and layers of an image, nothing of an index.
    let blobs: [ContentDescriptor]
    /// The manifests of an index: platforms, attestations.
    let manifests: [ContentDescriptor]
    /// The configuration, of an image.
    let configuration: ContentDescriptor?

    var isIndex: Bool { MediaType.isIndex(mediaType) }

    /// More than this many bytes no manifest has (the specification asks registries to take 4 MiB).
    static let maximumSize = 16 << 20

    /// - Parameters:
    ///   - type: the answer's `Content-Type`; what the manifest says of itself counts where it is none of a manifest.
    ///   - digest: that of the bytes, checked before.
    /// - Throws: `Unreadable`, which says what is wrong with it.
    init(_ bytes: [UInt8], type: String, digest: Digest) throws(Unreadable) {
        guard let json = try? JSON.parse(String(decoding: bytes, as: UTF8.self)), json.map != nil else {
            throw Unreadable(reason: "what it holds is not JSON")
        }
        let bare = MediaType.bare(type)
        mediaType = MediaType.manifests.contains(bare) ? bare : Self.type(of: json) ?? bare
        guard MediaType.manifests.contains(mediaType) else {
            throw Unreadable(reason: "its type is \(mediaType.isEmpty ? "not given" : mediaType)")
        }
        self.bytes = bytes
        self.digest = digest
        if MediaType.isIndex(mediaType) {
            manifests = try Self.descriptors(json["manifests"])
            blobs = []
            configuration = nil
        } else {
            guard let config = json["config"].flatMap(ContentDescriptor.init) else {
                throw Unreadable(reason: "it names no configuration")
            }
            configuration = config
            blobs = [config] + (try Self.descriptors(json["layers"])).filter { !$0.isForeign }
            manifests = []
        }
    }

    struct Unreadable: Error { let reason: String }

    private static func type(of json: JSON) -> String? {
        if let type = json["mediaType"]?.text { return type }
        if json["manifests"] != nil { return MediaType.ociIndex }
        return json["config"] != nil ? MediaType.ociManifest : nil
    }

    private static func descriptors(_ json: JSON?) throws(Unreadable) -> [ContentDescriptor] {
        try (json?.list ?? []).map { item throws(Unreadable) in
            guard let descriptor = ContentDescriptor(item) else {
                throw Unreadable(reason: "it names content without a digest")
            }
            return descriptor
        }
    }
}
