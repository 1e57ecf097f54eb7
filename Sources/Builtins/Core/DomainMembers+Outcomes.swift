internal import Lang

/// The members of what commands leave behind, of errors and of secrets.
extension DomainBuiltins {
    static let outcomes: [Builtin] = results + errors + secrets

    private static let results: [Builtin] = [
        .property(
            "CommandResult.ok", "Whether it ended with exit code 0.",
            example: """
                > run(["true"]).ok
                true
                """
        ) { (result: CommandResult) -> Bool in result.exitCode == 0 },
        .property(
            "CommandResult.exit_code", "The exit code; 128 and the signal's number for what a signal ended.",
            example: """
                > run(["false"], check: false).exit_code
                1
                """
        ) { (result: CommandResult) -> Int in result.exitCode },
        .property(
            "CommandResult.stdout", "What it wrote to standard output.",
            example: #"""
                > run(["echo", "dev"]).stdout
                "dev\n"
                """#
        ) { (result: CommandResult) -> String in result.stdout },
        .property(
            "CommandResult.stderr", "What it wrote to standard error.",
            example: """
                > run(["true"]).stderr
                ""
                """
        ) { (result: CommandResult) -> String in result.stderr },
        .property(
            "CommandResult.duration", "How long it took.",
            example: """
                > run(["true"]).duration < 1m
                true
                """
        ) { (result: CommandResult) -> Duration in result.duration },
    ]

    private static let errors: [Builtin] = [
        .property(
            "Error.message", "What went wrong.",
            example: """
                > try { fail "no" } catch err { err.message }
                "no"
                """
        ) { (error: RuntimeError) -> String in error.message },
        .property(
            "Error.help", "What to do about it; null where that cannot be told.",
            example: """
                > try { Version("1.2") } catch err { err.help }
                "write 1.2.0"
                """
        ) { (error: RuntimeError) -> String? in error.help },
        .property(
            "Error.kind", "Which family it belongs to: `value`, `failure`, `command`, `world` or `timeout`.",
            example: """
                > try { fail "no" } catch err { err.kind }
                "failure"
                """
        ) { (error: RuntimeError) -> String in error.kind.rawValue },
        .property(
            "Error.command", "The command that failed, as it would be typed; null where none did.",
            example: """
                > try { run(["false"]) } catch err { err.command }
                "false"
                """
        ) { (error: RuntimeError) -> String? in error.command?.line },
        .property(
            "Error.exit_code", "The exit code of the command that failed; null where none did.",
            example: """
                > try { run(["false"]) } catch err { err.exit_code }
                1
                """
        ) { (error: RuntimeError) -> Int? in error.command?.exitCode },
        .property(
            "Error.output", "The end of what the command that failed wrote; null where none did.",
            example: """
                > try { $ sh -c "echo 'no such host'; exit 1" } catch err { err.output }
                "no such host"
                """
        ) { (error: RuntimeError) -> String? in error.command?.output },
        .property(
            "Error.position", "Where it happened, as `file:line:column`; null where that is not known.",
            example: """
                > try { fail "no" } catch err { err.position != null }
                true
                """
        ) { (error: RuntimeError) -> String? in error.location?.description },
    ]

    private static let secrets: [Builtin] = [
        .method(
            "Secret.reveal", "Its text, for all to see. `relsh explain` lists every use.",
            example: """
                > type_of(env.secret("HOME").reveal())
                "Str"
                """
        ) { (secret: Secret) -> String in
            KnownSecrets.current.reveal(secret.text)
            return secret.text
        }
    ]
}
