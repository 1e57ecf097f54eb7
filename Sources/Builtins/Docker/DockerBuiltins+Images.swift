import Lang

extension DockerBuiltins {
    static let images: [Builtin] = [
        .changes(
            "docker.tag", "Points the name `target` at the image `source`.",
            Parameter("source", "an image on this machine"),
            Parameter("target", "the further name for it"),
            example: """
                > docker.tag("app:local-me-1.2.0", "app:dev-1.2.0")
                Image("app:dev-1.2.0")
                """,
            reversals: [
                .by(
                    "docker rmi {target}",
                    "takes the name away again; where it stood for another image before, point it back with docker tag")
            ],
            commands: { world, source, target in
                [Docker.line(["tag", try await Docker.address(of: source, in: world), try Docker.tagged(target)])]
            },
            planned: { world, source, target in try target.with(digest: source.digest) },
            requires: { source, _ in [.localImage(source)] },
            inverse: { world, source, target in
                let made = try await Docker.seenID(of: source, in: world)
                return [try await .ofLocalName(target, made: made, in: world)]
            },
            repeats: .again,
            body: { (world: World, source: ImageReference, target: ImageReference) in
                let address = try await Docker.address(of: source, in: world)
                let name = try Docker.tagged(target)
                try await Docker.run(["tag", address, name], to: "tag \(source.familiar) as \(name)", in: world)
                return try target.with(digest: source.digest)
            }),

        .changes(
            "docker.push", "Pushes a tagged image to its registry and gives the digest it has there.",
            Parameter("image", "the image, with the tag to push"),
            example: """
                > docker.push("127.0.0.1:5001/team/app:dev-1.2.0")
                Digest("sha256:6b1e…")
                """,
            reversals: [
                .never(
                    "others may have pulled it already; the tag can be pushed again, and only the registry can delete it"
                )
            ],
            commands: { world, image in [Docker.line(["push", try Docker.tagged(image)])] },
            requires: { image in [.localImage(image)] },
            repeats: .again,
            body: { (world: World, image: ImageReference) in try await Docker.push(try Docker.tagged(image), in: world)
            }),

        .changes(
            "docker.pull", "Fetches an image from its registry and gives it with its id.",
            Parameter("image", "the image"),
            Parameter("platform", "such as `linux/arm64`; this machine's where none is given", default: String?.none),
            example: """
                > docker.pull("127.0.0.1:5001/team/app:dev")
                Image("127.0.0.1:5001/team/app:dev@sha256:6b1e…")
                """,
            reversals: [
                .by("docker rmi {image}", "where the name was here before, it stood for what was here then")
            ],
            commands: { world, image, platform in [Docker.line(pullWords(image, platform))] },
            planned: { world, image, platform in try world.images.plan(image) },
            repeats: .again,
            body: { (world: World, image: ImageReference, platform: String?) in
                try await Docker.run(pullWords(image, platform), to: "pull \(image.familiar)", in: world, quiet: false)
                return try image.with(digest: try await Docker.knownID(of: image, in: world))
            }),

        .changes(
            "docker.rmi", "Takes an image's name off this machine, and the image with it where that was its last.",
            Parameter("image", "the image"),
            Parameter("force", "even where containers use it", default: false),
            example: """
                > docker.rmi("app:local-me-1.2.0")
                """,
            reversals: [
                .by("docker pull {image}", "only where a registry has the image; one that was only here is gone")
            ],
            commands: { world, image, force in [Docker.line(try removalWords(image, force))] },
            planned: { world, image, force in Nothing() },
            repeats: .compared,
            found: { world, _, image, force in try await Docker.id(of: image, in: world) == nil ? Nothing() : nil },
            body: { (world: World, image: ImageReference, force: Bool) in
                try await Docker.run(try removalWords(image, force), to: "remove \(image.familiar)", in: world)
                return Nothing()
            }),

        .reads(
            "docker.id", "The id of an image on this machine: what stays the same whatever tags point at it.",
            Parameter("image", "the image"),
            example: """
                > docker.id("app:local-me-1.2.0")
                Digest("sha256:6b1e…")
                """
        ) { (world: World, image: ImageReference) in try await Docker.knownID(of: image, in: world) },

        .reads(
            "docker.exists", "Whether an image is on this machine.",
            Parameter("image", "the image"),
            example: """
                > docker.exists("app:local-me-1.2.0")
                true
                """
        ) { (world: World, image: ImageReference) in try await Docker.id(of: image, in: world) != nil },

        .reads(
            "docker.images", "The images on this machine, as `docker images` lists them.",
            Parameter("repository", "only those of this name, without a tag", default: String?.none),
            example: """
                > docker.images(repository: "app").map(fn(i) => i["Tag"])
                ["dev", "dev-1.2.0"]
                """
        ) { (world: World, repository: String?) in
            let filter = repository.map { [$0] } ?? []
            return try await Docker.maps(
                ["images", "--no-trunc", "--format", "{{json .}}"] + filter, to: "list images", in: world)
        },

        .reads(
            "docker.inspect", "Everything docker knows of an image, container, network or volume.",
            Parameter("name", "its name or id"),
            example: """
                > docker.inspect("app:dev")["Architecture"]
                "amd64"
                """
        ) { (world: World, name: String) in
            let words = ["inspect", name]
            let output = try await Docker.run(words, to: "inspect \(name)", in: world).stdout
            return try JSON.read(output, from: Docker.line(words)).list?.first?.map ?? OrderedMap<JSON>()
        },
    ]

    private static func pullWords(_ image: ImageReference, _ platform: String?) -> [String] {
        ["pull"] + (platform.map { ["--platform", $0] } ?? []) + [image.familiar]
    }

    private static func removalWords(_ image: ImageReference, _ force: Bool) throws -> [String] {
        ["rmi"] + (force ? ["--force"] : []) + [image.tag == nil ? image.familiar : try Docker.tagged(image)]
    }
}
