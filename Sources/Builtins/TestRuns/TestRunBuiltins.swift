package import Lang

/// Testing images.
package enum TestRunBuiltins {
    package static let all: [Builtin] = [
        .changes(
            "tests.run",
            "Runs a test suite of relsh.toml on an image: inside it, or outside as a user would. A failure is an error "
                + "that carries the whole output.",
            Parameter("suite", "its name in relsh.toml"),
            Parameter("image", "the image; one from docker.build is addressed by its id"),
            Parameter("stage", "`local` and `dev` have the source mounted, `prod` has its own", default: "local"),
            Parameter("version", "for suites that ask for it", default: Version?.none),
            Parameter(
                "platform",
                "which of the image's platforms to test, such as `linux/arm64`; this machine's where none is given",
                default: String?.none),
            example: """
                > tests.run("fast", image: Image("app:local-me-1.2.0")).ok
                true
                """,
            reversals: [
                .unknown(
                    "it depends on what the tests do; for local and dev the source is mounted where they can write"
                )
            ],
            commands: { world, suite, image, stage, version, platform in
                [
                    try await SuiteRun(
                        suite, image: image, stage: stage, version: version, platform: platform, in: world
                    ).line(in: world)
                ]
            },
            requires: { _, image, _, _, _ in [.image(image)] },
            repeats: .again,
            body: {
                (
                    world: World, suite: String, image: ImageReference, stage: String, version: Version?,
                    platform: String?
                ) in
                try await SuiteRun(suite, image: image, stage: stage, version: version, platform: platform, in: world)
                    .settled(in: world).perform(in: world)
            }),

        .reads(
            "tests.passed",
            "Whether the ledger has a run in which a suite passed on just this image, whatever it was called.",
            Parameter("suite", "its name in relsh.toml"),
            Parameter("image", "the image"),
            example: """
                > tests.passed("fast", Image("app:local-me-1.2.0"))
                true
                """
        ) { (world: World, suite: String, image: ImageReference) in
            _ = try await world.project.load().suite(suite)
            guard let id = try await Docker.seenID(of: image, in: world) ?? image.digest else { return false }
            return try await world.tests.pass(of: suite, on: id) != nil
        },
    ]
}
