import Lang

/// What names a piece of content: its type, digest and size
/// ([OCI image specification](https://github.com/opencontainers/image-spec/blob/main/descriptor.md)).
struct ContentDescriptor: Sendable, Hashable {
    let mediaType: String
    let digest: Digest
    /// In bytes.
    let size: Int
    var platform: Platform?
    /// Where else the content is; of layers that no registry may hand on.
    var urls: [String] = []
    /// What it is for: of signatures, lists of contents and the like.
    var artifactType: String?

    init(mediaType: String, digest: Digest, size: Int, platform: Platform? = nil) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.platform = platform
    }

    /// Nil for what is no descriptor.
    init?(_ json: JSON) {
        guard let digest = json["digest"]?.text.flatMap({ try? Digest(parsing: $0) }), digest.isRegistered,
            case .int(let size)? = json["size"], size >= 0
        else { return nil }
        mediaType = json["mediaType"]?.text ?? ""
        self.digest = digest
        self.size = size
        platform = json["platform"].flatMap(Platform.init)
        artifactType = json["artifactType"]?.text
        urls = json["urls"]?.list?.compactMap(\.text) ?? []
    }

    /// Windows' base layers, which stay where Microsoft serves them.
    var isForeign: Bool { mediaType.contains("foreign") || mediaType.contains("nondistributable") && !urls.isEmpty }
}

/// `linux/arm64/v8`
struct Platform: Sendable, Hashable, CustomStringConvertible {
    let os: String
    let architecture: String
    let variant: String?

    init?(_ json: JSON) {
        guard let os = json["os"]?.text, let architecture = json["architecture"]?.text else { return nil }
        self.init(os: os, architecture: architecture, variant: json["variant"]?.text)
    }

    init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant?.isEmpty == true ? nil : variant
    }

    /// Reads `os/architecture` or `os/architecture/variant`.
    init(parsing text: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), !parts.contains("") else {
            throw ValueError("platform", mustBe: "os/architecture, such as linux/arm64", butIs: text)
        }
        self.init(os: parts[0], architecture: parts[1], variant: parts.count == 3 ? parts[2] : nil)
    }

    /// Whether an image for `other` is one for this. A variant that is not asked for does not matter, and `v8` is what
    /// arm64 without a variant means.
    func accepts(_ other: Platform) -> Bool {
        guard os == other.os, architecture == other.architecture else { return false }
        guard let variant else { return true }
        return variant == (other.variant ?? (architecture == "arm64" ? "v8" : nil))
    }

    var description: String { "\(os)/\(architecture)" + (variant.map { "/\($0)" } ?? "") }
}
