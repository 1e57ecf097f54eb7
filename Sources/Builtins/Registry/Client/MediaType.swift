/// The kinds of manifests, by the OCI image specification 1.1 and Docker's schema 2.
enum MediaType {
    static let ociManifest = "application/vnd.oci.image.manifest.v1+json"
    static let ociIndex = "application/vnd.oci.image.index.v1+json"
    static let dockerManifest = "application/vnd.docker.distribution.manifest.v2+json"
    static let dockerList = "application/vnd.docker.distribution.manifest.list.v2+json"

    /// Everything that can be copied as it is.
    static let manifests = [ociIndex, dockerList, ociManifest, dockerManifest]

    static func isIndex(_ type: String) -> Bool { type == ociIndex || type == dockerList }

    /// `application/json; charset=utf-8` without what follows the semicolon.
    static func bare(_ field: String) -> String { String(field.prefix { $0 != ";" }).trimmed.lowercased() }
}
