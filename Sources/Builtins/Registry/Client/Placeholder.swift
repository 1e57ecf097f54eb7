import Lang

/// An image of nothing, unlike any other: deleting it takes no other image's tags along.
struct Placeholder: Sendable {
    let manifest: Manifest
    let configuration: [UInt8]
    let descriptor: ContentDescriptor

    /// - Parameter now: seconds since 1970; with the name it makes the bytes, and so the digest, its own.
    init(for name: String, at now: Double) throws {
        configuration = Array("{\"architecture\":\"unknown\",\"os\":\"unknown\"}".utf8)
        let digest = ContentHash.digest(of: configuration)
        let type = "application/vnd.oci.image.config.v1+json"
        descriptor = ContentDescriptor(mediaType: type, digest: digest, size: configuration.count)
        let text =
            "{\"schemaVersion\":2,\"mediaType\":\"\(MediaType.ociManifest)\",\"config\":{\"mediaType\":\"\(type)\","
            + "\"digest\":\"\(digest)\",\"size\":\(configuration.count)},\"layers\":[],"
            + "\"annotations\":{\"relsh.placeholder\":\"\(name) \(now)\"}}"
        let bytes = Array(text.utf8)
        manifest = try Manifest(bytes, type: MediaType.ociManifest, digest: ContentHash.digest(of: bytes))
    }
}
