package import Lang

/// What can go wrong with docker.
extension Message {
    package static func dockerFailed(_ purpose: String, reason: String, remedy: String?) -> Message {
        Message("docker could not \(purpose): \(reason)", help: remedy)
    }

    package static func programEnded(in image: String, exitCode: Int, reason: String?) -> Message {
        Message("what ran in \(image) ended with exit code \(exitCode)\(reason.map { ": \($0)" } ?? "")")
    }

    package static func dockerUnreachable(_ purpose: String) -> Message {
        Message(
            "docker could not \(purpose): its engine cannot be reached",
            help: "start it (`systemctl start docker`, or Docker Desktop), or point DOCKER_HOST at one that runs; "
                + "`docker info` tells when it answers")
    }

    package static func dockerForbidden(_ purpose: String) -> Message {
        Message(
            "docker could not \(purpose): this account may not use its engine",
            help:
                "join the group that may, and log in anew (`sudo usermod -aG docker $USER`), or point DOCKER_HOST at an engine "
                + "of your own; `docker info` tells when it answers")
    }

    package static func buildxMissing(_ purpose: String) -> Message {
        Message(
            "docker could not \(purpose): it has no buildx",
            help: "install the buildx plugin (package docker-buildx or docker-buildx-plugin); `docker buildx version` "
                + "tells when it is there")
    }

    package static func dockerGaveNoDigest(_ command: String, output: String) -> Message {
        Message(
            "`\(command)` told no digest: \(Docker.reason(in: output))",
            help: "this docker may be too old; 23 and later are known to tell it")
    }

    package static func noSuchLocalImage(_ image: String) -> Message {
        Message("there is no image \(image) on this machine", help: "build it, or pull it with docker.pull")
    }

    package static func buildNeedsTag() -> Message {
        Message("docker.build needs at least one tag", help: "pass tags: [project.image(\"local-me-1.2.0\")]")
    }

    package static func pushNeedsTag(_ image: String) -> Message {
        Message("\(image) has no tag, and needs one here", help: "give it one: image.with(tag: \"dev\")")
    }

    package static func passwordMissing(_ registry: Registry) -> Message {
        Message(
            "cannot log in to \(registry.name) (\(registry.host)): the environment variable "
                + "\(registry.passwordEnvironment ?? "for its password") is not set",
            help: "export it, then run this again; relsh.toml names it in [registries.\(registry.name)] password_env")
    }

    package static func notAnECRHost(_ registry: Registry) -> Message {
        Message(
            "registry \(registry.name) has login = \"ecr\", but \(registry.host) is not an ECR host",
            help: "ECR hosts read ACCOUNT.dkr.ecr.REGION.amazonaws.com; set login = \"password\" for other registries")
    }

    package static func malformedIgnoreFile(_ path: String, line: Int, _ text: String) -> Message {
        let help =
            text == "!"
            ? "`!` takes in again what stands behind it"
            : "a `[` begins a set of characters and needs its `]`, and a `\\` something behind it; to mean the character itself, write "
                + "`\\[` or `\\\\`"
        return Message("\(path) has a pattern that cannot be read: \(quoted(text)), in line \(line)", help: help)
    }

    package static func unreadableJSON(_ command: String, _ error: ValueError) -> Message {
        Message("`\(command)` gave something else than JSON: \(error.message)")
    }

    static func noShell(_ image: String) -> Message {
        Message(
            "a shell in a container of \(image) was asked for, but it has neither bash nor sh",
            help: "`docker.run(…, interactive: true, command: […])` runs what it has")
    }
}
