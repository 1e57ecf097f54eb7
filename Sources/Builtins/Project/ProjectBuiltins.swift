package import Lang

/// What a recipe can ask of its project.
package enum ProjectBuiltins {
    package static let all: [Builtin] =
        [
            .reads(
                "project.name", "The image's name and the prefix of git tags.",
                example: """
                    > project.name
                    "hello-service"
                    """, form: .constant
            ) { world in try await world.project.load().name },

            .reads(
                "project.root", "The directory of relsh.toml.",
                example: """
                    > project.root
                    Path("/work/hello-service")
                    """, form: .constant
            ) { world in Path(try await world.project.load().root) },

            .reads(
                "project.changelog", "The project's changelog.",
                example: """
                    > project.changelog
                    Path("/work/hello-service/changelog.txt")
                    """, form: .constant
            ) { world in try await world.project.load().changelogPath },

            .reads(
                "project.stages", "The names of the stages: `dev` and `prod`, and what relsh.toml adds.",
                example: """
                    > project.stages()
                    ["dev", "prod"]
                    """
            ) { world in try await world.project.load().stages.keys },

            .reads(
                "project.suites", "The names of the test suites, in the order of relsh.toml.",
                example: """
                    > project.suites()
                    ["fast", "slow", "superslow", "qa"]
                    """
            ) { world in try await world.project.load().suites.keys },

            .reads(
                "project.dockerfile", "The Dockerfile of a stage; `local` has that of `dev`.",
                Parameter("stage", "`local`, `dev`, `prod` or another of the project's stages"),
                example: """
                    > project.dockerfile("dev")
                    Path("/work/hello-service/devops/docker_build/dev.Dockerfile")
                    """
            ) { (world: World, stage: String) in
                let project = try await world.project.load()
                return Path(project.root).joined(try project.stage(stage).dockerfile)
            },

            .reads(
                "project.ignore_file",
                "The file that says what stays out of a stage's build; null where there is none.",
                Parameter("stage", "`local`, `dev`, `prod` or another of the project's stages"),
                example: """
                    > project.ignore_file("dev")
                    null
                    """
            ) { (world: World, stage: String) -> Path? in
                let project = try await world.project.load()
                return try project.stage(stage).ignoreFile.map { Path(project.root).joined($0) }
            },

            .reads(
                "project.platforms",
                "What images of several platforms are built for: `platforms` in relsh.toml, or linux/amd64 and linux/arm64.",
                example: """
                    > project.platforms()
                    ["linux/amd64", "linux/arm64"]
                    """
            ) { world in try await world.project.load().platforms },

            .reads(
                "project.builder",
                "The buildx builder for images of several platforms: `builder` in relsh.toml; null where docker chooses.",
                example: """
                    > project.builder
                    null
                    """, form: .constant
            ) { world in try await world.project.load().builder },

            .reads(
                "project.user", "The user's name as it stands in local tags: from USER, LOGNAME or the account.",
                example: """
                    > project.user()
                    "saggese"
                    """
            ) { world in try user(in: world) },

            .reads(
                "project.image", "The project's image with this tag: `REGISTRY/NAME:TAG`.",
                Parameter("tag", "the tag, such as `dev` or `local-saggese-1.2.0`"),
                Parameter("registry", "the registry it is in; home where none is given", default: Registry?.none),
                example: """
                    > project.image("dev-1.2.0")
                    Image("127.0.0.1:5001/team/hello-service:dev-1.2.0")
                    """
            ) { (world: World, tag: String, registry: Registry?) in
                let project = try await world.project.load()
                return try project.image(tag, in: registry ?? project.home())
            },
        ] + registries + flows + lock

    private static let registries: [Builtin] = [
        .reads(
            "project.registries.all", "All registries, in the order of relsh.toml.",
            example: """
                > project.registries.all()
                [Registry("ecr"), Registry("dockerhub"), Registry("ghcr")]
                """
        ) { world in try await world.project.load().registries },

        .reads(
            "project.registries.home", "The registry that comes first in relsh.toml: where images are built for.",
            example: """
                > project.registries.home()
                Registry("ecr")
                """
        ) { world in try await world.project.load().home() },

        .reads(
            "project.registries.get", "The registry of this name.",
            Parameter("name", "the name it has in relsh.toml"),
            example: """
                > project.registries.get("ghcr")
                Registry("ghcr")
                """
        ) { (world: World, name: String) in try await world.project.load().registry(name) },

        .reads(
            "project.registries.for_stage", "The registries that get images of this stage.",
            Parameter("stage", "`local`, `dev`, `prod` or another of the project's stages"),
            example: """
                > project.registries.for_stage("local")
                [Registry("ecr")]
                """
        ) { (world: World, stage: String) in
            let project = try await world.project.load()
            _ = try project.stage(stage)
            return project.registries.filter { $0.stages.contains(stage) }
        },
    ]

    /// The user's name with everything that a tag cannot hold replaced by `-`.
    static func user(in world: World) throws -> String {
        for variable in ["USER", "LOGNAME"] {
            if let name = world.environment[variable], !name.isEmpty { return tagSafe(name) }
        }
        guard let name = ProcessMark.accountName else { throw RuntimeError(.world, .unknownUser()) }
        return tagSafe(name)
    }

    static func tagSafe(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    switch scalar {
                    case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-": scalar
                    default: "-"
                    }
                }))
    }
}
