import Lang

extension DockerBuiltins {
    static let containers: [Builtin] = [
        .changes(
            "docker.run",
            "Runs a command in a new container, which is gone afterwards; also when relsh is interrupted.",
            Parameter("image", "the image; one from docker.build is addressed by its id"),
            Parameter(
                "command", "the program and its arguments; the image's own where none is given", default: [String]()),
            Parameter(
                "platform", "which of the image's platforms to run; this machine's where none is given",
                default: String?.none),
            Parameter("mounts", "`HOST:CONTAINER` or `HOST:CONTAINER:ro`", default: [String]()),
            Parameter("env", "environment of the program", default: OrderedMap<String>()),
            Parameter("secrets", "environment that is never shown", default: OrderedMap<Secret>()),
            Parameter("user", "`UID:GID` or a name", default: String?.none),
            Parameter("workdir", "the directory it starts in", default: String?.none),
            Parameter("network", "such as `host` or `none`", default: String?.none),
            Parameter("entrypoint", "instead of the image's own", default: String?.none),
            Parameter("labels", "labels of the container", default: OrderedMap<String>()),
            Parameter("remove", "remove the container afterwards", default: true),
            Parameter("interactive", interactive, default: false),
            Parameter("check", "an exit code other than 0 is an error", default: true),
            Parameter("timeout", "stop it after this long", default: Duration?.none),
            example: """
                > docker.run("app:dev", command: ["pip", "list"]).stdout.lines().len()
                42
                """,
            reversals: [
                .unknown(
                    "it depends on the program that runs: what it does to mounted directories and the network stays"
                )
            ],
            commands: {
                world, image, command, platform, mounts, env, secrets, user, workdir, network, entrypoint, labels,
                remove, interactive, check, timeout in
                let run = DockerRun(
                    image: try await Docker.address(of: image, in: world), command: command, platform: platform,
                    mounts: mounts, environment: env, secrets: secrets, user: user, workdir: workdir, network: network,
                    entrypoint: entrypoint, labels: labels, removes: remove, isInteractive: interactive,
                    timeout: timeout, checks: check)
                return [Docker.line(run.words(in: world))]
            },
            requires: { image, _, _, _, _, _, _, _, _, _, _, _, _, _, _ in [.image(image)] },
            body: {
                (
                    world: World, image: ImageReference, command: [String], platform: String?, mounts: [String],
                    env: OrderedMap<String>,
                    secrets: OrderedMap<Secret>, user: String?, workdir: String?, network: String?, entrypoint: String?,
                    labels: OrderedMap<String>, remove: Bool, interactive: Bool, check: Bool, timeout: Duration?
                ) -> CommandResult in
                let run = DockerRun(
                    image: try await Docker.address(of: image, in: world), command: command, platform: platform,
                    mounts: mounts, environment: env, secrets: secrets, user: user, workdir: workdir, network: network,
                    entrypoint: entrypoint, labels: labels, removes: remove, isInteractive: interactive,
                    timeout: timeout, checks: check)
                return CommandResult(try await run.perform(purpose: "run \(image.familiar)", in: world))
            }),

        .changes(
            "docker.exec", "Runs a command in a container that is running.",
            Parameter("container", "its name or id"),
            Parameter("command", "the program and its arguments"),
            Parameter("user", "`UID:GID` or a name", default: String?.none),
            Parameter("workdir", "the directory it starts in", default: String?.none),
            Parameter("interactive", interactive, default: false),
            Parameter("check", "an exit code other than 0 is an error", default: true),
            example: """
                > docker.exec("d2916dd5f122", ["pip", "install", "yfinance"]).ok
                true
                """,
            reversals: [
                .unknown("it depends on the program that runs")
            ],
            commands: { world, container, command, user, workdir, interactive, check in
                [Docker.line(execWords(container, command, user, workdir, interactive, in: world))]
            },
            body: {
                (
                    world: World, container: String, command: [String], user: String?, workdir: String?,
                    interactive: Bool,
                    check: Bool
                ) in
                let words = execWords(container, command, user, workdir, interactive, in: world)
                return CommandResult(
                    try await Docker.run(
                        words, to: "run a command in container \(container)", in: world, check: check, quiet: false,
                        printsLittle: false, input: interactive ? .terminal : .none))
            }),

        .reads(
            "docker.ps", "The containers that run, as `docker ps` lists them.",
            Parameter("all", "those that have ended too", default: false),
            example: """
                > docker.ps().map(fn(c) => c["Image"])
                ["app:dev"]
                """
        ) { (world: World, all: Bool) in
            let words = ["ps", "--no-trunc"] + (all ? ["--all"] : []) + ["--format", "{{json .}}"]
            return try await Docker.maps(words, to: "list containers", in: world)
        },
    ]

    private static let interactive =
        "with relsh's own standard input, output and errors, as a terminal where they are one; nothing of it is captured, "
        + "nor are secrets hidden in it"

    private static func execWords(
        _ container: String, _ command: [String], _ user: String?, _ workdir: String?, _ interactive: Bool,
        in world: World
    ) -> [String] {
        var words = ["exec"]
        if interactive { words += Docker.streams(in: world) }
        if let user { words += ["--user", user] }
        if let workdir { words += ["--workdir", workdir] }
        return words + [container] + command
    }
}

extension CommandResult {
    init(_ outcome: ProcessOutcome) {
        self.init(
            exitCode: outcome.exitCode, stdout: outcome.stdout, stderr: outcome.stderr, duration: outcome.duration)
    }
}
