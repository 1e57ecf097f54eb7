package import Lang

/// `secrets`: what must not be seen, from where it is kept. `env.secret` and `ui.secret` are the other two sources.
package enum SecretBuiltins {
    package static let all: [Builtin] = [file, command, aws, docker]

    private static let file: Builtin = .reads(
        "secrets.file", "Returns what a file holds as a secret, without the newline at its end.",
        Parameter<Path>("path", "the file, such as one that a CI system mounts"),
        example: """
            > secrets.file("/run/secrets/ghcr_token")
            •••
            """
    ) { (world: World, path: Path) -> Secret in
        try SecretSource.file(path, in: world)
    }

    private static let command: Builtin = .reads(
        "secrets.command",
        "Returns what a program prints as a secret, without the newline at its end. It must change nothing: a dry run runs it.",
        Parameter<[String]>("command", "the program and its arguments, such as that of a password manager"),
        Parameter<Duration?>("timeout", "stop it when it takes longer", default: .seconds(60)),
        example: """
            > secrets.command(["pass", "show", "ghcr"])
            •••
            """
    ) { (world: World, command: [String], timeout: Duration?) -> Secret in
        try await SecretSource.command(command, timeout: timeout, in: world)
    }

    private static let aws: Builtin = .reads(
        "secrets.aws",
        "Returns a secret of AWS Secrets Manager, which the `aws` command fetches as whoever it is logged in.",
        Parameter<String>("name", "the secret's name or ARN"),
        Parameter<String?>("key", "the field to take, of a secret that is a JSON object", default: nil),
        Parameter<String?>("region", "where it is; otherwise what `aws` is set to", default: nil),
        example: """
            > secrets.aws("ci/ghcr", key: "token")
            •••
            """
    ) { (world: World, name: String, key: String?, region: String?) -> Secret in
        try await SecretSource.aws(name, key: key, region: region, in: world)
    }

    private static let docker: Builtin = .reads(
        "secrets.docker",
        "Returns the password that docker has for a registry, from its config.json or the credential helper that it names.",
        Parameter<String>("host", "the registry as images name it, such as `ghcr.io`"),
        example: """
            > secrets.docker("ghcr.io")
            •••
            """
    ) { (world: World, host: String) -> Secret in
        try await SecretSource.docker(host, in: world)
    }
}
