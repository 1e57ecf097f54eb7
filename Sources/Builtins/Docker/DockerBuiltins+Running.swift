import Lang

extension DockerBuiltins {
    /// Looking after containers that are there already.
    static let running: [Builtin] = [
        .reads(
            "docker.stats", "What running containers use of the machine, as `docker stats` tells it once.",
            Parameter("containers", "names or ids; all that run where none is given", default: [String]()),
            example: """
                > docker.stats().map(fn(c) => c["CPUPerc"])
                ["0.15%"]
                """
        ) { (world: World, containers: [String]) in
            let words = ["stats", "--no-stream", "--format", "{{json .}}"] + containers
            return try await Docker.maps(words, to: "tell what containers use", in: world)
        },

        .changes(
            "docker.remove_container", "Stops a container and removes it with its volumes that have no name.",
            Parameter("container", "its name or id"),
            example: """
                > docker.remove_container("d2916dd5f122")
                """,
            reversals: [
                .never("what was only in the container is gone; `docker.commit` keeps it as an image")
            ],
            commands: { world, container in [Docker.line(removalOfContainer(container))] },
            planned: { world, container in Nothing() },
            repeats: .again,
            body: { (world: World, container: String) in
                try await Docker.run(removalOfContainer(container), to: "remove container \(container)", in: world)
                return Nothing()
            }),
    ]

    private static func removalOfContainer(_ container: String) -> [String] {
        ["rm", "--force", "--volumes", container]
    }
}
