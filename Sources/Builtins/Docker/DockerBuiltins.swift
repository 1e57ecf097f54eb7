package import Lang

/// Images and containers on this machine, through the docker command line.
package enum DockerBuiltins {
    package static let all: [Builtin] = building + images + files + containers + running + patching

    private static let building: [Builtin] = [
        .changes(
            "docker.build",
            "Builds an image and gives it with its id, so that what is tested and published is just what was built.",
            Parameter("context", "the directory that the Dockerfile can copy from"),
            Parameter("file", "the Dockerfile; a FILE.dockerignore beside it says what stays out"),
            Parameter("tags", "what to call the image"),
            Parameter("args", "build arguments", default: OrderedMap<String>()),
            Parameter("cache", "reuse layers of earlier builds", default: true),
            Parameter(
                "target", "the stage of the Dockerfile to build; the last where none is given", default: String?.none),
            Parameter("platforms", "such as `linux/arm64`; this machine's where none is given", default: [String]()),
            Parameter(
                "builder", "the buildx builder, such as one on other machines; docker chooses where none is given",
                default: String?.none),
            Parameter("labels", "labels of the image", default: OrderedMap<String>()),
            Parameter("pull", "look for newer base images", default: false),
            Parameter("push", "push to the registries of the tags, in the same go", default: false),
            Parameter("provenance", "attach how it was built; gives every build another digest", default: false),
            example: """
                > docker.build(context: ".", file: "dev.Dockerfile", tags: ["app:local"], args: {VERSION: "1.2.0"})
                Image("app:local@sha256:6b1e…")
                """,
            reversals: [
                .by(
                    "docker rmi {tags}",
                    "takes the names off this machine, and the image with them; the build cache stays"),
                .never("what was pushed stays in the registries", flag: "push"),
            ],
            commands: {
                world, context, file, tags, args, cache, target, platforms, builder, labels, pull, push, provenance in
                let build = DockerBuild(
                    context: context, file: file, tags: tags, arguments: args, usesCache: cache, target: target,
                    platforms: platforms, builder: builder, labels: labels, pulls: pull, pushes: push,
                    provenance: provenance)
                return try await build.commands(in: world)
            },
            planned: {
                world, context, file, tags, args, cache, target, platforms, builder, labels, pull, push, provenance in
                try tags.first.map { try world.images.plan($0, isPushed: push) }
            },
            requires: { _, file, _, _, _, _, _, _, _, _, _, _ in [.file(file)] },
            repeats: .again,
            body: {
                (
                    world: World, context: Path, file: Path, tags: [ImageReference], args: OrderedMap<String>,
                    cache: Bool,
                    target: String?, platforms: [String], builder: String?, labels: OrderedMap<String>, pull: Bool,
                    push: Bool,
                    provenance: Bool
                ) -> ImageReference in
                let build = DockerBuild(
                    context: context, file: file, tags: tags, arguments: args, usesCache: cache, target: target,
                    platforms: platforms, builder: builder, labels: labels, pulls: pull, pushes: push,
                    provenance: provenance)
                return try await build.perform(in: world)
            }),

        .changes(
            "docker.commit", "Makes an image of a container as it is now, and gives it with its id.",
            Parameter("container", "its name or id"),
            Parameter("image", "what to call the image"),
            Parameter("message", "why", default: String?.none),
            Parameter("author", "who", default: String?.none),
            Parameter(
                "like", "an image that the new one starts like; as the container was started where none is given",
                default: ImageReference?.none),
            example: """
                > docker.commit("d2916dd5f122", "app:dev_ccxtpro", message: "add ccxtpro")
                Image("app:dev_ccxtpro@sha256:6b1e…")
                """,
            reversals: [
                .by("docker rmi {image}")
            ],
            commands: { world, container, image, message, author, like in
                let changes = try await changes(like: like, in: world)
                return [Docker.line(try commitWords(container, image, message, author, changes))]
            },
            planned: { world, container, image, message, author, like in try world.images.plan(image) },
            inverse: { world, container, image, message, author, like in
                [try await .ofLocalName(image, made: nil, in: world)]
            },
            made: { inverses, image in image.digest.map { inverses.made(.image($0)) } ?? inverses },
            repeats: .compared,
            found: { world, inverses, container, image, message, author, like in
                guard let inverse = inverses.first, case .image(let id) = try await inverse.look(in: world),
                    inverse.before != .image(id)
                else { return nil }
                return try image.with(digest: id)
            },
            body: {
                (
                    world: World, container: String, image: ImageReference, message: String?, author: String?,
                    like: ImageReference?
                ) in
                let changes = try await changes(like: like, in: world)
                try await Docker.run(
                    try commitWords(container, image, message, author, changes), to: "commit container \(container)",
                    in: world)
                return try image.with(digest: try await Docker.knownID(of: image, in: world))
            }),

        .changes(
            "docker.login",
            "Logs in to a registry as relsh.toml says: with the password in its environment variable, or with AWS's.",
            Parameter("registry", "the registry"),
            example: """
                > docker.login(project.registries.get("ghcr"))
                """,
            reversals: [
                .by("docker logout {registry.host}")
            ],
            commands: { world, registry in try DockerLogin(registry: registry).lines() },
            planned: { world, registry in Nothing() },
            repeats: .always,
            body: { (world: World, registry: Registry) in
                try await DockerLogin(registry: registry).perform(in: world)
                return Nothing()
            }),
    ]

    private static func commitWords(
        _ container: String, _ image: ImageReference, _ message: String?, _ author: String?, _ changes: [String]
    ) throws -> [String] {
        let messageWords = message.map { ["--message", $0] } ?? []
        let authorWords = author.map { ["--author", $0] } ?? []
        return ["commit"] + messageWords + authorWords + changes + [container, try Docker.tagged(image)]
    }
}
