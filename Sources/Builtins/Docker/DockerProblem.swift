/// What a failing docker, buildx or registry is known to say.
enum DockerProblem: Sendable, CaseIterable {
    // In the order in which they are looked for: what is said of a registry can stand in what is said of the engine.
    case forbidden, unreachable, noBuildx, notKept, noRoom, limited, unauthorised, manyPlatforms, cacheLost, noSource
    case noPlatform, nameTaken, portTaken, noConnection, noContainer, notFound

    init?(_ output: String) {
        let text = output.lowercased()
        let found = Self.allCases.first { problem in problem.phrases.contains { text.contains($0) } }
        guard let found else { return nil }
        self = found
    }

    private var phrases: [String] {
        switch self {
        case .forbidden: ["permission denied while trying to connect to the docker"]
        case .unreachable:
            ["cannot connect to the docker daemon", "is the docker daemon running", "docker daemon socket"]
        case .noBuildx:
            [
                "'buildx' is not a docker command", "unknown flag: --iidfile", "unknown flag: --load",
                "unknown flag: --push", "unknown flag: --builder", "unknown command: docker buildx",
            ]
        case .notKept: ["error saving credentials", "error storing credentials"]
        case .noRoom: ["no space left on device"]
        case .limited: ["toomanyrequests", "429 too many requests"]
        case .unauthorised:
            [
                "authorization failed", "unauthorized", "access denied", "no basic auth credentials", "denied:",
                "authentication required", "403 forbidden",
            ]
        case .manyPlatforms:
            ["does not currently support exporting manifest lists", "multi-platform build is not supported"]
        case .cacheLost: ["failed to load cache key"]
        case .noSource: ["failed to calculate checksum of ref"]
        case .noPlatform: ["no match for platform in manifest", "exec format error"]
        case .nameTaken: ["is already in use by container"]
        case .portTaken: ["port is already allocated", "address already in use"]
        case .noConnection:
            [
                "connection refused", "no such host", "i/o timeout", "tls handshake", "no route to host",
                "server misbehaving", "connection reset", "deadline exceeded", "500 internal", "502 bad gateway",
                "503 service", "504 gateway",
            ]
        case .noContainer: ["no such container"]
        case .notFound: [": not found", "manifest unknown", "name unknown", "no such image", "no such object"]
        }
    }

    /// That the engine cannot be used, whatever it is asked for.
    var isOfEngine: Bool { self == .unreachable || self == .forbidden }

    /// What a person can do; nil where a message of its own says so.
    var remedy: String? {
        switch self {
        case .unauthorised:
            "log in (`docker_login`, or docker.login(registry)) with a password or token that is right, and check that the account may do this"
        case .limited:
            "wait, or log in: a registry that counts requests counts those of an account apart, and lets it make more"
        case .noConnection: "check that the registry's address is right and that it answers, then run this again"
        case .notFound: "check the name and the tag; `docker images` lists what is on this machine"
        case .noContainer: "check its name or id; `docker ps --all` lists the containers of this machine"
        case .nameTaken: "choose another name, or remove that container: `docker rm --force NAME`"
        case .portTaken: "choose another port, or stop what has it: `docker ps` shows the ports of containers"
        case .manyPlatforms:
            "this engine cannot hold an image of several platforms: pass push: true, or turn on its containerd image store"
        case .noPlatform:
            "the image, or its base, is made for another platform: build it for this one, or let the machine run others "
                + "(`docker run --privileged --rm tonistiigi/binfmt --install all`)"
        case .cacheLost:
            "the cache of the builder knows something that the engine has deleted: empty it with `docker builder prune`, then "
                + "run this again"
        case .noSource:
            "what COPY or ADD names has to be in the directory of the build; a .dockerignore beside it can leave it out"
        case .noRoom:
            "make room where the engine keeps its images: `docker system df` shows what takes it, `docker builder prune` empties the cache"
        case .notKept:
            "docker keeps passwords in the directory that DOCKER_CONFIG names, or in ~/.docker: make it writable, "
                + "or set DOCKER_CONFIG to another that is"
        case .unreachable, .forbidden, .noBuildx: nil
        }
    }
}
