/// The name of an image, by Docker's rules of
/// [distribution/reference](https://github.com/distribution/reference): what a person writes as `redis` is
/// `docker.io/library/redis`.
///
/// A reference without a tag or digest stays without: `latest` is for the engine to add. Two texts that the Go package
/// lets through are refused here, since what they name cannot be what was meant: a bare `sha256:…` (there a tag of the
/// image `library/sha256`), and a registry host with an underscore (there a path without any registry).
package struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    /// Host and port of the registry: `docker.io`, `localhost:5000`, `[fc00::1]:5000`.
    package let registry: String
    /// The path within the registry: `library/redis`.
    package let repository: String
    /// The tag as it was given, nil when there is none.
    package let tag: String?
    /// The digest as it was given, nil when there is none.
    package let digest: Digest?

    /// Reads a reference such as `redis`, `ghcr.io/me/app:1.2` or `localhost:5000/app@sha256:…`.
    package init(parsing text: String) throws(ValueError) {
        try Self.refuseMistakenIdentity(text)
        let (registry, remainder) = Self.splitRegistry(Array(text.utf8)[...])
        let at = remainder.firstIndex(of: UInt8(ascii: "@")) ?? remainder.endIndex
        let colon = remainder[..<at].firstIndex(of: UInt8(ascii: ":")) ?? at
        let repository = remainder[..<colon]
        guard Self.isRepository(repository) else { throw Self.repositoryError(in: text, repository) }
        guard Self.isRegistry(Array(registry.utf8)[...]) else { throw Self.registryError(registry) }
        let tag = colon < at ? String(decoding: remainder[(colon + 1)..<at], as: UTF8.self) : nil
        let digest = at < remainder.endIndex ? String(decoding: remainder[(at + 1)...], as: UTF8.self) : nil
        try self.init(
            registry: registry, path: String(decoding: repository, as: UTF8.self), tag: tag,
            digest: digest.map { text throws(ValueError) in try Digest(parsing: text) }
        )
    }

    /// The last checks, on what no split can decide.
    private init(registry: String, path: String, tag: String?, digest: Digest?) throws(ValueError) {
        guard path.utf8.count <= Self.repositoryLength else {
            throw ValueError(
                "repository of an image", mustBe: "at most \(Self.repositoryLength) characters", butIs: path)
        }
        if let tag, !Self.isTag(tag) {
            throw ValueError(
                "tag of an image",
                mustBe: "1 to 128 letters, digits, \"_\", \".\" and \"-\" that start with neither \".\" nor \"-\"",
                butIs: tag
            )
        }
        if let digest, !digest.isRegistered {
            throw ValueError("digest of an image", mustBe: "sha256 or sha512", butIs: digest.description)
        }
        self.registry = registry
        self.repository = path
        self.tag = tag
        self.digest = digest
    }

    private static let defaultRegistry = "docker.io"
    private static let legacyDefaultRegistry = "index.docker.io"
    private static let officialNamespace = "library/"
    private static let repositoryLength = 255
}

// MARK: - Forms

extension ImageReference {
    /// Registry and repository, without tag and digest: `docker.io/library/redis`.
    package var name: String { "\(registry)/\(repository)" }

    /// The whole reference in its normalised form: `docker.io/library/redis:6@sha256:…`.
    package var description: String { name + suffix }

    /// The shortest form that means the same: `redis:6`, `user/app@sha256:…`.
    ///
    /// As Docker's `FamiliarString`, except where that would name another image, as `localhost/app` for
    /// `docker.io/localhost/app`: there the name stays whole.
    package var familiar: String {
        guard registry == Self.defaultRegistry else { return description }
        var path = repository[...]
        if path.hasPrefix(Self.officialNamespace) {
            let image = path.dropFirst(Self.officialNamespace.count)
            if !image.utf8.contains(UInt8(ascii: "/")) { path = image }
        }
        let short = String(path) + suffix
        return (try? ImageReference(parsing: short)) == self ? short : description
    }

    private var suffix: String { (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }
}

// MARK: - Copies

extension ImageReference {
    /// The same image in another registry: `host` or `host:port`, which must be recognisable as one.
    package func with(registry: String) throws(ValueError) -> ImageReference {
        let bytes = Array(registry.utf8)[...]
        guard Self.isRegistry(bytes), Self.namesRegistry(bytes) else { throw Self.registryError(registry) }
        return try ImageReference(parsing: "\(registry)/\(repository)\(suffix)")
    }

    /// Another repository of the same registry. On Docker Hub a single name is an official image, as `redis` is
    /// `library/redis`.
    package func with(repository: String) throws(ValueError) -> ImageReference {
        let bytes = Array(repository.utf8)[...]
        guard Self.isRepository(bytes) else { throw Self.repositoryError(in: repository, bytes) }
        return try ImageReference(parsing: "\(registry)/\(repository)\(suffix)")
    }

    /// The same repository with another tag, or with none. A digest stays.
    package func with(tag: String?) throws(ValueError) -> ImageReference {
        try ImageReference(registry: registry, path: repository, tag: tag, digest: digest)
    }

    /// The same repository with another digest, or with none. A tag stays.
    package func with(digest: Digest?) throws(ValueError) -> ImageReference {
        try ImageReference(registry: registry, path: repository, tag: tag, digest: digest)
    }
}

// MARK: - Normalisation

extension ImageReference {
    /// The registry, with Docker's defaults, and what follows it.
    private static func splitRegistry(_ text: ArraySlice<UInt8>) -> (registry: String, remainder: ArraySlice<UInt8>) {
        var registry = defaultRegistry
        var remainder = text
        if let slash = text.firstIndex(of: UInt8(ascii: "/")), namesRegistry(text[..<slash]) {
            registry = String(decoding: text[..<slash], as: UTF8.self)
            remainder = text[(slash + 1)...]
        }
        if registry == legacyDefaultRegistry { registry = defaultRegistry }
        if registry == defaultRegistry && !remainder.contains(UInt8(ascii: "/")) {
            remainder = (Array(officialNamespace.utf8) + remainder)[...]
        }
        return (registry, remainder)
    }

    /// Whether the first element of a path is a registry and not the user or organisation on Docker Hub: it is
    /// `localhost`, or has a dot, a port or an uppercase letter.
    private static func namesRegistry(_ element: ArraySlice<UInt8>) -> Bool {
        element.elementsEqual("localhost".utf8)
            || element.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") || isUppercase($0) }
    }

    /// Texts that are something else, and would otherwise pass as an image's name.
    private static func refuseMistakenIdentity(_ text: String) throws(ValueError) {
        let shape = "[registry/]repository[:tag][@digest]"
        if text.isEmpty { throw ValueError("image reference", mustBe: shape, butIs: text) }
        // Looked at before they are read: nearly all names are neither.
        if text.utf8.count == 64, let digest = try? Digest(parsing: "sha256:\(text)") {
            throw ValueError(
                "image reference", mustBe: "a name, not 64 hexadecimal digits alone", butIs: text,
                hint: "for the image with that digest write name@\(digest)"
            )
        }
        if text.hasPrefix("sha"), let digest = try? Digest(parsing: text), digest.isRegistered {
            throw ValueError(
                "image reference", mustBe: "a name, not a digest alone", butIs: text,
                hint: "for the image with that digest write name@\(digest)"
            )
        }
        for scheme in ["https://", "http://", "docker://", "oci://"] where text.hasPrefix(scheme) {
            throw ValueError("image reference", mustBe: shape, butIs: text, hint: "leave out \"\(scheme)\"")
        }
    }
}

// MARK: - Grammar

extension ImageReference {
    /// `host [':' port-number]`
    private static func isRegistry(_ text: ArraySlice<UInt8>) -> Bool {
        let isAddress = text.first == UInt8(ascii: "[")
        let hostEnd =
            isAddress
            ? text.firstIndex(of: UInt8(ascii: "]")).map { $0 + 1 } : text.firstIndex(of: UInt8(ascii: ":"))
        let host = text[..<(hostEnd ?? text.endIndex)]
        let port = text[host.endIndex...]
        guard
            port.isEmpty || (port.first == UInt8(ascii: ":") && port.count > 1 && port.dropFirst().allSatisfy(isDigit))
        else { return false }
        guard isAddress else { return isDomainName(host) }
        return host.count > 2 && host.last == UInt8(ascii: "]")
            && host.dropFirst().dropLast().allSatisfy { isHex($0) || $0 == UInt8(ascii: ":") }
    }

    /// `domain-component ['.' domain-component]*`
    private static func isDomainName(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { component in
            guard let first = component.first, let last = component.last else { return false }
            return first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
                && component.allSatisfy { isLowercaseOrDigit($0) || isUppercase($0) || $0 == UInt8(ascii: "-") }
        }
    }

    /// `path-component ['/' path-component]*`
    private static func isRepository(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(isPathComponent)
    }

    /// `alpha-numeric [separator alpha-numeric]*`, where a separator is `.`, `_`, `__` or any number of `-`.
    private static func isPathComponent(_ component: ArraySlice<UInt8>) -> Bool {
        var rest = component
        while true {
            guard rest.first.map(isLowercaseOrDigit) == true else { return false }
            rest = rest.drop(while: isLowercaseOrDigit)
            let separator = rest.prefix { !isLowercaseOrDigit($0) }
            rest = rest[separator.endIndex...]
            if separator.isEmpty { return true }
            let isAllowed =
                separator.elementsEqual(".".utf8) || separator.elementsEqual("_".utf8)
                || separator.elementsEqual("__".utf8) || separator.allSatisfy { $0 == UInt8(ascii: "-") }
            if !isAllowed { return false }
        }
    }

    /// `[\w][\w.-]{0,127}`
    private static func isTag(_ tag: String) -> Bool {
        func isWord(_ byte: UInt8) -> Bool {
            isLowercaseOrDigit(byte) || isUppercase(byte) || byte == UInt8(ascii: "_")
        }
        return tag.utf8.first.map(isWord) == true && tag.utf8.count <= 128
            && tag.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isUppercase(_ byte: UInt8) -> Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || isDigit(byte)
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "f") ~= byte | 0x20 || isDigit(byte)
    }
}

// MARK: - Errors

extension ImageReference {
    private static func repositoryError(in text: String, _ repository: ArraySlice<UInt8>) -> ValueError {
        let lowercased = repository.map { isUppercase($0) ? $0 | 0x20 : $0 }[...]
        if isRepository(lowercased) {
            return ValueError(
                "repository of an image", mustBe: "lowercase", butIs: String(decoding: repository, as: UTF8.self),
                hint: "write \(String(decoding: lowercased, as: UTF8.self))"
            )
        }
        return ValueError(
            "repository of an image",
            mustBe: "lowercase letters and digits, with \".\", \"_\", \"__\" or \"-\" between and \"/\" for folders",
            butIs: text
        )
    }

    private static func registryError(_ registry: String) -> ValueError {
        let bytes = Array(registry.utf8)[...]
        var hint: String?
        if bytes.contains(UInt8(ascii: "/")) {
            hint = "leave the folders to the repository"
        } else if isRegistry(bytes) {
            hint = "a name without a dot or a port would be read as a user of Docker Hub"
        }
        return ValueError("registry of an image", mustBe: "host or host:port", butIs: registry, hint: hint)
    }
}
