import Lang

/// What docker's `config.json`, or a file of that form, says about logging in.
struct DockerConfig: Sendable {
    /// Where it stands, for errors.
    private let origin: String
    private let auths: OrderedMap<JSON>
    private let helpers: OrderedMap<JSON>
    /// The name of the helper for every registry that has none of its own.
    private let store: String?

    /// What helpers and files know Docker Hub as.
    static let hubKey = "https://index.docker.io/v1/"

    static let empty = DockerConfig(JSON.null)

    init(_ json: JSON, from origin: String = "docker's config.json") {
        self.origin = origin
        auths = json["auths"]?.map ?? OrderedMap()
        helpers = json["credHelpers"]?.map ?? OrderedMap()
        store = json["credsStore"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Where the file may be; the first that is there counts: in `DOCKER_CONFIG`, or else in `.docker` of the home
    /// directory, and then where podman and skopeo have it.
    static func paths(_ environment: [String: String]) -> [String] {
        func value(_ name: String) -> Path? { environment[name].flatMap { $0.isEmpty ? nil : Path($0) } }
        let docker = value("DOCKER_CONFIG") ?? value("HOME")?.joined(".docker")
        let settings = value("XDG_CONFIG_HOME") ?? value("HOME")?.joined(".config")
        let podman =
            value("REGISTRY_AUTH_FILE").map { [$0] }
            ?? [value("XDG_RUNTIME_DIR"), settings].compactMap { $0?.joined("containers/auth.json") }
        return ([docker?.joined("config.json")] + podman).compactMap { $0?.text }
    }

    /// The name of the program `docker-credential-NAME` that knows a registry's credentials, and what it knows the
    /// registry as.
    func helper(for registry: String) -> (name: String, server: String)? {
        let names = Self.keys(of: registry)
        for key in names {
            if let name = helpers[key]?.text, !name.isEmpty { return (name, Self.serverName(of: registry)) }
        }
        return store.map { ($0, Self.serverName(of: registry)) }
    }

    /// What the file itself holds for a registry.
    func credentials(for registry: String) throws -> RegistryCredentials? {
        let wanted = Self.keys(of: registry)
        let entry =
            wanted.lazy.compactMap { self.auths[$0] }.first
            ?? auths.first { Self.host(in: $0.0).map(wanted.contains) ?? false }?.1
        guard let entry else { return nil }
        return try credentials(in: entry, registry)
    }

    private func credentials(in entry: JSON, _ registry: String) throws -> RegistryCredentials? {
        if let token = entry["identitytoken"]?.text, !token.isEmpty {
            return RegistryCredentials(form: .identityToken(Secret(token, source: origin)), origin: origin)
        }
        if let token = entry["registrytoken"]?.text, !token.isEmpty {
            return RegistryCredentials(form: .accessToken(Secret(token, source: origin)), origin: origin)
        }
        if let encoded = entry["auth"]?.text, !encoded.isEmpty {
            guard let text = Base64.decode(encoded.filter { !$0.isNewline }), let colon = text.firstIndex(of: ":")
            else {
                throw RuntimeError(.world, .dockerConfigAuth(registry, in: origin))
            }
            let password = Secret(String(text[text.index(after: colon)...]), source: origin)
            return RegistryCredentials(form: .password(user: String(text[..<colon]), password), origin: origin)
        }
        guard let user = entry["username"]?.text, let password = entry["password"]?.text, !user.isEmpty else {
            return nil
        }
        return RegistryCredentials(form: .password(user: user, Secret(password, source: origin)), origin: origin)
    }

    // MARK: - Names of registries

    /// What helpers are asked for.
    static func serverName(of registry: String) -> String { isHub(registry) ? hubKey : registry }

    /// The keys a registry may stand under, best first.
    private static func keys(of registry: String) -> [String] {
        isHub(registry) ? [hubKey, "docker.io", "index.docker.io", "registry-1.docker.io"] : [registry]
    }

    private static func isHub(_ registry: String) -> Bool {
        ["docker.io", "index.docker.io", "registry-1.docker.io"].contains(registry)
    }

    /// Old files hold addresses: `https://host/v1/` is `host`. Nil for `host/team/app`, by which podman means one repository
    /// and no other.
    private static func host(in key: String) -> String? {
        var rest = key[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        let host = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(host.count)
        return ["", "/", "/v1", "/v1/", "/v2", "/v2/"].contains(path) ? String(host) : nil
    }
}
