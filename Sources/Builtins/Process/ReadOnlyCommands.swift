/// Which programs leave the world as it is: `$( … )` around one of these counts as `reads`, so that a dry run runs it.
///
/// What is not listed here changes something, as far as relsh can know. A `false` too many asks for
/// `run(…, effect: "reads")`; a `true` too many would change something in a dry run.
package enum ReadOnlyCommands {
    /// - Parameter arguments: the program and its arguments.
    package static func isReadOnly(_ arguments: [String]) -> Bool {
        guard let program = arguments.first, let rules = table[program] else { return false }
        return rules.contains { $0.allows(arguments.dropFirst()) }
    }

    /// A pipeline reads if all its stages do, and none is given an environment that could make it do something else
    /// (`GIT_EXTERNAL_DIFF=… git diff`).
    package static func isReadOnly(_ pipeline: [ProcessRequest]) -> Bool {
        !pipeline.isEmpty
            && pipeline.allSatisfy { stage in
                stage.secrets.isEmpty && stage.environment.keys.allSatisfy(harmlessVariables.contains)
                    && isReadOnly(stage.arguments)
            }
    }

    private static let harmlessVariables: Set<String> = ["LANG", "LC_ALL", "LC_TIME", "TZ", "NO_COLOR", "COLUMNS"]

    private static let table: [String: [CommandRule]] =
        Dictionary(uniqueKeysWithValues: printing.map { ($0, [CommandRule()]) })
        .merging(["git": git, "docker": docker]) { $1 }
        .merging(others) { $1 }

    /// Whatever they are given, these only print.
    private static let printing = [
        "uname", "whoami", "id", "pwd", "cat", "ls", "head", "tail", "wc", "grep", "echo", "printf", "cut", "tr",
        "basename", "dirname", "realpath", "readlink", "stat", "test", "true", "false", "nproc", "arch", "which", "seq",
        "sha256sum", "printenv",
    ]

    private static let others: [String: [CommandRule]] = [
        "sort": [CommandRule(except: ["-o", "--output", "--compress-program"])],
        // A second file is written to.
        "uniq": [CommandRule(valued: ["-f", "-s", "-w"], operands: 0...1)],
        // A name sets the name.
        "hostname": [CommandRule(only: ["-f", "-s", "-i", "-I", "-d", "--fqdn", "--short"], operands: 0...0)],
        // Anything but a format sets the clock.
        "date": [
            CommandRule(
                only: [
                    "-u", "--utc", "-I", "-Idate", "-Iminutes", "-Iseconds", "--iso-8601", "-R", "--rfc-3339", "-d",
                    "--date", "-r", "--reference",
                ],
                valued: ["-d", "--date", "-r", "--reference"], operands: 0...1, operandPrefix: "+")
        ],
        "python3": [CommandRule("--version", operands: 0...0), CommandRule("-V", operands: 0...0)],
    ]

    private static let git: [CommandRule] = [
        CommandRule("--version", operands: 0...0),
        CommandRule("rev-parse"), CommandRule("status"), CommandRule("describe"), CommandRule("ls-files"),
        CommandRule("rev-list"), CommandRule("merge-base"), CommandRule("for-each-ref"), CommandRule("cat-file"),
        CommandRule("log", except: ["--output"]), CommandRule("show", except: ["--output"]),
        CommandRule("diff", except: ["--output"]),
        CommandRule("branch --show-current", only: [], operands: 0...0),
        CommandRule("tag --list", only: gitTagOptions), CommandRule("tag -l", only: gitTagOptions),
        CommandRule("config --get", only: gitConfigOptions, operands: 1...2),
        CommandRule("config --get-all", only: gitConfigOptions, operands: 1...2),
        CommandRule("remote get-url", only: ["--push", "--all"], operands: 1...1),
        CommandRule("remote -v", only: [], operands: 0...0),
        CommandRule("ls-remote", except: ["--upload-pack", "--exec"]),
    ]

    private static let gitTagOptions = ["--sort", "--points-at", "--contains", "--merged", "--no-merged", "--format"]
    private static let gitConfigOptions = ["--local", "--global", "--system", "--bool", "--int", "--path", "--type"]

    private static let docker: [CommandRule] =
        [
            "--version", "inspect", "images", "ps", "version", "info", "history", "port", "image inspect", "image ls",
            "image history", "container ls", "container inspect", "container port", "manifest inspect",
            "buildx imagetools inspect", "buildx ls", "buildx version", "context ls", "context show", "network ls",
            "network inspect", "volume ls", "volume inspect",
        ].map { CommandRule($0) } + [CommandRule("buildx inspect", except: ["--bootstrap"])]
}
