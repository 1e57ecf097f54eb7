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
                + "with registry.digest")
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
                "release \(source) under a new version; if it is really meant to replace this one, pass --just-do-it to the "
                + "release, or overwrite: true to registry.publish"
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
            "the registries hold different manifests of \(image); no moving tag was touched:\n  "
                + found.joined(separator: "\n  "),
            help: "use an engine with the containerd image store, whose pushes are the same everywhere")
    }

    package static func flipFailed(
        _ image: String, failures: [String], restored: [String], left: [String], stuck: [String],
        completion: String?
    ) -> Message {
        func section(_ title: String, _ lines: [String]) -> String {
            lines.isEmpty ? "" : "\n\(title):\n  " + lines.joined(separator: "\n  ")
        }
        return Message(
            "cannot move the tags of \(image):\n  " + failures.joined(separator: "\n  ")
                + section("put back", restored)
                + section("left behind: it was not there before, and its registry deletes nothing", left)
                + section("NOT put back, or not known to be", stuck),
            help: completion.map { "once the registry answers, this completes it: \($0)" }
                ?? "remove the cause and run this again: what is there with the same digest is accepted")
    }

    package static func tagStays(_ image: String) -> Message {
        Message(
            "\(image) is still there: its registry deletes neither tags nor manifests",
            help: "delete it where the registry is managed, or point it at another image with registry.retag")
    }

    package static func contentChanged(_ what: String, expected: Digest, got: Digest?) -> Message {
        Message(
            "\(what) should have the digest \(expected), but has \(got?.description ?? "none")",
            help: "it was damaged on its way or in the registry; nothing was written under this digest. Run this again")
    }

    package static func manifestUnreadable(_ image: String, reason: String) -> Message {
        Message(
            "cannot read the manifest of \(image): \(reason)",
            help: "only OCI images and Docker images of schema 2 are known; push the image again with a newer docker")
    }

    package static func uploadWithoutLocation(_ content: String, status: Int) -> Message {
        Message(
            "cannot begin the upload of \(content): the registry answered \(status) and named no place for it",
            help: "check that a registry answers at this address")
    }

}

// MARK: - Being let in

extension Message {
    package static func notARegistryHost(_ host: String) -> Message {
        Message("\(host) is no address of a registry", help: "write host or host:port")
    }

    package static func dockerConfigUnreadable(_ path: String) -> Message {
        Message("cannot read \(path): it is not JSON", help: "repair it, or move it away and log in again")
    }

    package static func dockerConfigAuth(_ registry: String, in place: String) -> Message {
        Message(
            "\(place) has an `auth` for \(registry) that is not base64 of user:password",
            help: "log in again: `docker login \(registry)`")
    }

    package static func credentialHelperFailed(_ helper: String, server: String, reason: String) -> Message {
        Message(
            "\(helper) could not give the credentials for \(server): \(reason)",
            help: "try it: `echo \(server) | \(helper) get`")
    }

    package static func credentialHelperUnreadable(_ helper: String) -> Message {
        Message(
            "\(helper) must give JSON with Username and Secret, but gave something else",
            help: "it may be too old; log in again, or take it out of docker's config.json")
    }

    package static func unusableChallenge(_ registry: String) -> Message {
        Message(
            "\(registry) asks for a token, but names no http or https address to get one from",
            help: "check that a registry answers at this address")
    }

    package static func tokenWithoutEncryption(_ registry: String, realm: String) -> Message {
        Message(
            "\(registry) wants its password sent to \(realm), which is not encrypted",
            help: "ask those who run the registry; nothing was sent")
    }

    package static func tokenRefused(
        _ registry: String, server: String, status: Int, said: String?, origin: String?
    ) -> Message {
        let who = origin.map { "with the credentials from \($0)" } ?? "without credentials, as none are known"
        return Message(
            "cannot get a token for \(registry): \(server) answered \(status)\(said.map { " (\($0))" } ?? ""), asked \(who)",
            help: "log in (`docker_login`, or docker.login(registry)), and check that the account may do this")
    }

    package static func tokenUnreadable(_ registry: String, server: String) -> Message {
        Message(
            "cannot get a token for \(registry): what \(server) answered holds none",
            help: "check that a registry answers at this address")
    }
}

// MARK: - Copying

extension Message {
    package static func platformMissing(_ platform: String, _ image: String, known: [String]) -> Message {
        Message(
            "\(image) has no image for \(platform)",
            help: "it has \(known.filter { !$0.hasPrefix("unknown/") }.joined(separator: ", "))")
    }

    package static func platformTwice() -> Message {
        Message(
            "a copy takes either platform: or platforms:, but was given both",
            help: "platform: copies one image as such, platforms: an index of several")
    }

    package static func nothingToCopyTo(_ image: String) -> Message {
        Message("\(image) was to be copied, but to no other place", help: "pass to: the names it should get")
    }

    package static func copyFailed(_ image: String, failures: [String], done: [String]) -> Message {
        Message(
            "cannot copy \(image) everywhere:\n  " + failures.joined(separator: "\n  ")
                + (done.isEmpty ? "" : "\ncopied:\n  " + done.joined(separator: "\n  ")),
            help: "remove the cause and run this again: what is there already is not sent again")
    }

    package static func nothingToPreloadTo(_ image: String) -> Message {
        Message(
            "the layers of \(image) were to be brought ahead, but to no registry",
            help: "pass to: the registries that the image will be published to")
    }

    package static func onlyOnThisMachine(_ image: String) -> Message {
        Message(
            "\(image) is on this machine alone, and layers go ahead from registry to registry",
            help:
                "leave registry.preload out: registry.publish pushes what is on this machine; or push it first, with docker.push"
        )
    }

    package static func preloadFailed(_ image: String, failures: [String]) -> Message {
        Message(
            "cannot bring the layers of \(image) ahead:\n  " + failures.joined(separator: "\n  "),
            help: "remove the cause and run this again: nothing has been published, and what is there is not sent again"
        )
    }
}
