package import Lang

/// What can go wrong with registries and with publishing to them.
extension Message {
    package static func registryFailed(_ purpose: String, reason: String, remedy: String?) -> Message {
        Message("cannot \(purpose): \(reason)", help: remedy)
    }

    package static func noSuchRemoteImage(_ image: String) -> Message {
        Message("\(image) is not in its registry", help: "check the tag: registry.tags(image) lists those there are")
    }

    package static func noContent(_ image: String) -> Message {
        Message(
            "\(image) is neither on this machine nor in its registry",
            help: "build it first, or check its name and tag")
    }

    package static func copyChangedDigest(_ target: String, expected: Digest, got: Digest?) -> Message {
        Message(
            "\(target) should have the digest \(expected), but has \(got?.description ?? "none")",
            help: "somebody else may have pushed it at the same time, or this docker rewrites manifests; look at both "
                + "with `docker buildx imagetools inspect`")
    }

    package static func nothingToPublish(_ what: String) -> Message {
        Message(
            "registry.publish was given no \(what)",
            help: "pass to: project.registries.all(), tags: [\"dev-1.2.0\", \"dev\"]")
    }

    package static func versionTaken(_ conflicts: [String], source: String) -> Message {
        Message(
            "a released version would be changed; nothing was pushed:\n  " + conflicts.joined(separator: "\n  "),
            help:
                "release \(source) under a new version, or pass overwrite: true if it is really meant to replace this one"
        )
    }

    package static func publishFailed(
        _ image: String, failures: [String], reached: [String], movingTags: [String]
    ) -> Message {
        let moved = movingTags.isEmpty ? "" : "; \(movingTags.joined(separator: ", ")) did not move anywhere"
        let state =
            reached.isEmpty ? "" : "\npushed before that, which harms nothing:\n  " + reached.joined(separator: "\n  ")
        return Message(
            "cannot publish \(image)\(moved):\n  " + failures.joined(separator: "\n  ") + state,
            help: "remove the cause and run this again: what is there with the same digest is accepted")
    }

    package static func differentDigests(_ image: String, _ found: [String]) -> Message {
        Message(
            "the registries hold different digests of \(image) after the push; no moving tag was touched:\n  "
                + found.joined(separator: "\n  "),
            help: "use an engine with the containerd image store, whose pushes are the same everywhere")
    }

    package static func flipFailed(
        _ image: String, failures: [String], restored: [String], left: [String], stuck: [String]
    ) -> Message {
        func section(_ title: String, _ lines: [String]) -> String {
            lines.isEmpty ? "" : "\n\(title):\n  " + lines.joined(separator: "\n  ")
        }
        return Message(
            "cannot move the tags of \(image):\n  " + failures.joined(separator: "\n  ")
                + section("put back", restored)
                + section("left behind: it was not there before, and cannot be deleted from here", left)
                + section("NOT put back", stuck),
            help: stuck.isEmpty
                ? "remove the cause and run this again: what is there with the same digest is accepted"
                : "run the commands above by hand, then this again")
    }

    package static func curlMissing(_ registry: String) -> Message {
        Message(
            "cannot list the tags in \(registry): docker has no command for it, and there is no curl",
            help: "install curl (`apt-get install curl`)")
    }
}
