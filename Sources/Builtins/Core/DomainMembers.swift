package import Lang

/// The members of the domain types.
package enum DomainBuiltins {
    package static let all: [Builtin] = versions + images + digests + amounts + paths + registries + outcomes

    private static let versions: [Builtin] = [
        .property(
            "Version.major", "The first number.",
            example: """
                > 1.2.3.major
                1
                """
        ) { (version: Version) -> Int in version.major },
        .property(
            "Version.minor", "The second number.",
            example: """
                > 1.2.3.minor
                2
                """
        ) { (version: Version) -> Int in version.minor },
        .property(
            "Version.patch", "The third number.",
            example: """
                > 1.2.3.patch
                3
                """
        ) { (version: Version) -> Int in version.patch },
        .property(
            "Version.prerelease", "What follows the `-`; null for a release.",
            example: """
                > Version("1.2.3-rc.1").prerelease
                "rc.1"
                """
        ) { (version: Version) -> String? in version.prerelease },
        .property(
            "Version.build", "What follows the `+`; null where there is none.",
            example: """
                > Version("1.2.3+linux").build
                "linux"
                """
        ) { (version: Version) -> String? in version.build },
        .method(
            "Version.bump",
            """
            With one part raised, the lower parts 0, and neither prerelease nor build. A prerelease becomes what it \
            leads up to where that raises the part: `2.1.0-rc.1` gives 2.1.0 for minor and patch, and 3.0.0 for major.
            """,
            Parameter<String>("part", "`major`, `minor` or `patch`", default: "patch"),
            example: """
                > 1.4.2.bump("minor")
                1.5.0
                """
        ) { (version: Version, part: String) -> Version in
            guard let part = Version.Part(rawValue: part) else { throw RuntimeError(.value, .versionPart(part)) }
            return try version.bumped(part)
        },
        .method(
            "Version.with", "With other parts in place of its own; null takes a prerelease or build away.",
            Parameter<Int?>("major", "the first number", default: nil),
            Parameter<Int?>("minor", "the second number", default: nil),
            Parameter<Int?>("patch", "the third number", default: nil),
            Parameter<Change<String>>("prerelease", "what follows the `-`", default: .keep),
            Parameter<Change<String>>("build", "what follows the `+`", default: .keep),
            example: """
                > 1.2.3.with(patch: 0)
                1.2.0
                """
        ) {
            (
                version: Version, major: Int?, minor: Int?, patch: Int?, prerelease: Change<String>,
                build: Change<String>
            ) -> Version in
            try Version(
                major: major ?? version.major, minor: minor ?? version.minor, patch: patch ?? version.patch,
                prerelease: prerelease.applied(to: version.prerelease), build: build.applied(to: version.build))
        },
    ]

    private static let images: [Builtin] = [
        .property(
            "Image.registry", "Host and port of its registry.",
            example: """
                > Image("redis").registry
                "docker.io"
                """
        ) { (image: ImageReference) -> String in image.registry },
        .property(
            "Image.repository", "The path within its registry.",
            example: """
                > Image("redis").repository
                "library/redis"
                """
        ) { (image: ImageReference) -> String in image.repository },
        .property(
            "Image.name", "Registry and repository.",
            example: """
                > Image("redis:7").name
                "docker.io/library/redis"
                """
        ) { (image: ImageReference) -> String in image.name },
        .property(
            "Image.tag", "Its tag; null where it has none.",
            example: """
                > Image("redis:7").tag
                "7"
                """
        ) { (image: ImageReference) -> String? in image.tag },
        .property(
            "Image.digest", "Its digest; null where it has none.",
            example: """
                > Image("redis@sha256:6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e").digest
                Digest("sha256:6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e6b1e")
                """
        ) { (image: ImageReference) -> Digest? in image.digest },
        .property(
            "Image.familiar", "The shortest name that means the same.",
            example: """
                > Image("docker.io/library/redis:7").familiar
                "redis:7"
                """
        ) { (image: ImageReference) -> String in image.familiar },
        .method(
            "Image.with", "With other parts in place of its own; null takes a tag or digest away.",
            Parameter<String?>("registry", "host and port", default: nil),
            Parameter<String?>("repository", "the path within the registry", default: nil),
            Parameter<Change<String>>("tag", "the tag", default: .keep),
            Parameter<Change<Digest>>("digest", "the digest", default: .keep),
            example: """
                > Image("me/app:1").with(registry: "ghcr.io", tag: "2")
                Image("ghcr.io/me/app:2")
                """
        ) {
            (
                image: ImageReference, registry: String?, repository: String?, tag: Change<String>,
                digest: Change<Digest>
            ) -> ImageReference in
            var result = image
            if let registry { result = try result.with(registry: registry) }
            if let repository { result = try result.with(repository: repository) }
            return try result.with(tag: tag.applied(to: image.tag)).with(digest: digest.applied(to: image.digest))
        },
    ]

    private static let digests: [Builtin] = [
        .property(
            "Digest.algorithm", "How the content was hashed.",
            example: #"""
                > Digest("sha256:${"ab".repeat(32)}").algorithm
                "sha256"
                """#
        ) { (digest: Digest) -> String in digest.algorithm },
        .property(
            "Digest.hex", "The hash itself.",
            example: #"""
                > Digest("sha256:${"ab".repeat(32)}").hex.len()
                64
                """#
        ) { (digest: Digest) -> String in digest.encoded },
        .property(
            "Digest.short", "The first 12 characters of the hash.",
            example: #"""
                > Digest("sha256:${"ab".repeat(32)}").short
                "abababababab"
                """#
        ) { (digest: Digest) -> String in digest.short },
    ]

    private static let amounts: [Builtin] = [
        .property(
            "Duration.milliseconds", "All of it in whole milliseconds.",
            example: """
                > 1s500ms.milliseconds
                1500
                """
        ) { (duration: Duration) -> Int in Int(duration.milliseconds) },
        .property(
            "Duration.seconds", "All of it in seconds. (For other units divide: `d / 1m`.)",
            example: """
                > 1m30s.seconds
                90.0
                """
        ) { (duration: Duration) -> Double in duration / .seconds(1) },
        .property(
            "Size.bytes", "All of it in bytes. (For other units divide: `s / 1MB`.)",
            example: """
                > 1KiB.bytes
                1024
                """
        ) { (size: Size) -> Int in size.bytes },
    ]

    private static let paths: [Builtin] = [
        .property(
            "Path.name", "Its last part.",
            example: """
                > Path("a/b.txt").name
                "b.txt"
                """
        ) { (path: Path) -> String in path.name },
        .property(
            "Path.stem", "Its last part without the extension.",
            example: """
                > Path("a/b.txt").stem
                "b"
                """
        ) { (path: Path) -> String in path.stem },
        .property(
            "Path.extension", "The extension without its point; empty where there is none.",
            example: """
                > Path("a/b.txt").extension
                "txt"
                """
        ) { (path: Path) -> String in path.fileExtension },
        .property(
            "Path.parent", "The directory it stands in.",
            example: """
                > Path("a/b.txt").parent
                Path("a")
                """
        ) { (path: Path) -> Path in path.parent },
        .property(
            "Path.is_absolute", "Whether it begins at the root.",
            example: """
                > Path("/etc").is_absolute
                true
                """
        ) { (path: Path) -> Bool in path.text.utf8.first == UInt8(ascii: "/") },
        .method(
            "Path.join", "`other` seen from here; an absolute `other` stands for itself.",
            Parameter<Path>("other", "a Path or Str"),
            example: """
                > Path("a").join("b.txt")
                Path("a/b.txt")
                """
        ) { (path: Path, other: Path) -> Path in path.joined(other.text) },
    ]

    private static let registries: [Builtin] = [
        .property(
            "Registry.name", "The name that options take.",
            example: """
                > project.registries.all()[0].name
                "local"
                """
        ) { (registry: Registry) -> String in registry.name },
        .property(
            "Registry.base", "What stands before an image's name.",
            example: """
                > project.registries.all()[0].base
                "127.0.0.1:5001/team"
                """
        ) { (registry: Registry) -> String in registry.base },
        .property(
            "Registry.host", "Host and port.",
            example: """
                > project.registries.all()[0].host
                "127.0.0.1:5001"
                """
        ) { (registry: Registry) -> String in registry.host },
        .property(
            "Registry.stages", "The stages it gets.",
            example: """
                > project.registries.all()[0].stages
                ["dev", "prod"]
                """
        ) { (registry: Registry) -> [String] in registry.stages },
        .property(
            "Registry.login", "How to log in: `none`, `password` or `ecr`.",
            example: """
                > project.registries.all()[0].login
                "none"
                """
        ) { (registry: Registry) -> String in registry.login },
    ]
}

/// An argument that keeps what is there when it is not given, and takes it away when it is null.
enum Change<Wrapped: Bridged & Sendable>: Bridged, Sendable {
    case keep
    case set(Wrapped?)

    static var valueType: ValueType { .optional(Wrapped.valueType) }
    static func from(_ value: Value) throws -> Change? {
        if case .missing = value { return .keep }
        return try Wrapped?.from(value).map(Change.set)
    }
    var value: Value {
        switch self {
        case .keep: .missing
        case .set(let wrapped): wrapped.value
        }
    }

    func applied(to current: Wrapped?) -> Wrapped? {
        if case .set(let wrapped) = self { wrapped } else { current }
    }
}
