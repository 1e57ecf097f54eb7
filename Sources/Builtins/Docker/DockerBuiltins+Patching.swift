import Lang

extension DockerBuiltins {
    /// Changing an image by hand, in a container of it.
    static let patching: [Builtin] = [
        .script(
            "patch",
            "Patches an image by hand: opens a shell in a container of it on this terminal and, when that ends, shows what has "
                + "changed, asks for a tag, makes an image of it that starts as the old one does, and pushes it if that is wanted.",
            form: .function, effect: .changes,
            parameters: [
                ParameterSignature(
                    name: "image", summary: "the image to start from", type: .union([.image, .str]), defaultText: nil),
                ParameterSignature(
                    name: "tag", summary: "what to call the new image: a tag, or a whole name; asked where it is null",
                    type: .optional(.str), defaultText: "null"),
                ParameterSignature(
                    name: "push", summary: "push it; asked where it is null", type: .optional(.bool),
                    defaultText: "null"),
            ], result: .optional(.image),
            example: """
                > patch("app:dev", tag: "dev_ccxtpro")
                Image("app:dev_ccxtpro@sha256:6b1e…")
                """,
            reversals: [
                .by(
                    "docker rmi {image}",
                    "takes the name off this machine; what was pushed is taken back in the registry")
            ],
            source: """
                fn(given, wanted = null, pushes = null) {
                    let image = Image(given)
                    let container = docker.open_shell(image)
                    let changes = docker.diff(container)
                    if changes.len() == 0 {
                        docker.remove_container(container)
                        print("nothing was changed: no image is made")
                        return null
                    }
                    print("changed in the container ${container}, which stays until an image is made of it:")
                    for change in changes.take(40) { print("  ${change["Kind"]}  ${change["Path"]}") }
                    if changes.len() > 40 { print("  … ${changes.len() - 40} more") }
                    var patched = null
                    while patched == null {
                        let tag = wanted ?? ui.prompt("tag for the patched image (- to throw it away)")
                        if tag == "-" {
                            docker.remove_container(container)
                            print("thrown away")
                            return null
                        }
                        let isName = tag.contains(":") or tag.contains("/")
                        try {
                            let target = if isName { Image(tag) } else { image.with(tag: tag, digest: null) }
                            patched = docker.commit(container, target, like: image)
                        } catch e {
                            if wanted != null {
                                fail "${e.message}; the container ${container} has what was changed"
                            }
                            print("${e.message}: choose another")
                        }
                    }
                    docker.remove_container(container)
                    let target = patched.with(digest: null)
                    let isWanted = if pushes == null { confirm("Push ${target}?") } else { pushes }
                    if isWanted {
                        docker.push(target)
                        print("on other machines: docker pull ${target.familiar}")
                    }
                    return patched
                }
                """),

        .changes(
            "docker.open_shell",
            "Opens a shell in a new container on this terminal and gives the container's name when it ends; the container stays.",
            Parameter("image", "the image"),
            Parameter("mounts", "`HOST:CONTAINER` or `HOST:CONTAINER:ro`", default: [String]()),
            example: """
                > docker.open_shell("app:dev")
                "relsh-shell-4711-1"
                """,
            reversals: [
                .by("docker rm --force --volumes {container}"),
                .unknown("it depends on what is typed: what it does to mounted directories and the network stays"),
            ],
            commands: { world, image, mounts in
                let run = try await shell(try await Docker.address(of: image, in: world), mounts, in: world)
                return [Docker.line(run.words(in: world))]
            },
            requires: { image, _ in [.image(image)] },
            body: { (world: World, image: ImageReference, mounts: [String]) -> String in
                let name = UniqueName.next("shell")
                let run = try await shell(try await Docker.address(of: image, in: world), mounts, in: world)
                let purpose = "open a shell in a container of \(image.familiar)"
                let outcome = try await run.perform(purpose: purpose, name: name, in: world)
                // Those are docker's own; any other code is that of the last command that was typed.
                guard (125...127).contains(outcome.exitCode) else { return name }
                if outcome.exitCode == 125 {
                    throw RuntimeError(
                        .command, .dockerFailed(purpose, reason: "it has said why, above", remedy: nil))
                }
                let found = try await Docker.run(
                    ["container", "inspect", name], to: "look at the container", in: world, check: false)
                if found.exitCode == 0, try await isStarted(name, in: world) { return name }
                throw RuntimeError(.command, .noShell(image.familiar))
            }),

        .reads(
            "docker.diff", "What has changed in a container since it was made of its image.",
            Parameter("container", "its name or id"),
            example: """
                > docker.diff("d2916dd5f122")[0]
                {Kind: "added", Path: "/usr/lib/python3/dist-packages/yfinance"}
                """
        ) { (world: World, container: String) -> [OrderedMap<String>] in
            let outcome = try await Docker.run(
                ["diff", container], to: "tell what has changed in container \(container)", in: world)
            return outcome.stdout.split(separator: "\n").compactMap { line in
                guard let kind = kinds[line.prefix(1)] else { return nil }
                var change = OrderedMap<String>()
                change["Kind"] = kind
                change["Path"] = String(line.dropFirst(2))
                return change
            }
        },
    ]

    /// Source: `docker container diff --help`.
    private static let kinds: [Substring: String] = ["A": "added", "C": "changed", "D": "deleted"]

    /// bash where the image has it, without a file of what was typed: that would become part of the image.
    private static func shell(_ image: String, _ mounts: [String], in world: World) async throws -> DockerRun {
        let choice = "if command -v bash >/dev/null 2>&1; then HISTFILE=/dev/null exec bash; else exec sh; fi"
        var run = DockerRun(image: image, command: ["-c", choice], mounts: mounts, entrypoint: "sh")
        // `docker commit` cannot take an entry point away again.
        if try await start(of: image, in: world).entrypoint == nil {
            (run.command, run.entrypoint) = (["sh", "-c", choice], nil)
        }
        (run.removes, run.usesInit, run.isInteractive, run.checks) = (false, false, true, false)
        return run
    }

    /// How an image starts, as lists in JSON; nil for what it does not say.
    private static func start(of image: String, in world: World) async throws -> (entrypoint: String?, command: String?)
    {
        let format = "{{json .Config.Entrypoint}}\n{{json .Config.Cmd}}"
        let outcome = try await Docker.run(
            ["image", "inspect", "--format", format, image], to: "see how \(image) starts", in: world, check: false)
        let lines = outcome.stdout.split(separator: "\n").map { $0 == "null" || $0 == "[]" ? nil : String($0) }
        return lines.count == 2 ? (lines[0], lines[1]) : (nil, nil)
    }

    /// False for a container that docker has made and could not start.
    private static func isStarted(_ container: String, in world: World) async throws -> Bool {
        let outcome = try await Docker.run(
            ["container", "inspect", "--format", "{{.State.StartedAt}}", container], to: "look at the container",
            in: world, check: false)
        return !outcome.stdout.hasPrefix("0001")
    }

    /// The words that make a committed image start as another does. A container that ran something else would leave that as
    /// the image's command.
    static func changes(like image: ImageReference?, in world: World) async throws -> [String] {
        guard let image else { return [] }
        let start = try await start(of: try await Docker.address(of: image, in: world), in: world)
        let words = start.entrypoint.map {
            ["--change", "ENTRYPOINT \($0)", "--change", "CMD \(start.command ?? "[]")"]
        }
        return words ?? start.command.map { ["--change", "CMD \($0)"] } ?? []
    }
}
