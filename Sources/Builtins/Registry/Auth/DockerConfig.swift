import Lang

/// What docker's `config.json` says about logging in.
struct DockerConfig: Sendable {
    private let auths: OrderedMap<JSON>
    private let helpers: OrderedMap<JSON>
    /// The name of the helper for every registry that has none of its own.
    private let store: String?

    /// What helpers and files know Docker Hub as.
    static let hubKey = "https://index.docker.io/v1/"

    static let empty = DockerConfig(JSON.null)

    init(_ json: JSON) {
        auths = json["auths"]?.map ?? OrderedMap()
        helpers = json["credHelpers"]?.map ?? OrderedMap()
        store = json["credsStore"]?.text.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Where the file is: in `DOCKER_CONFIG`, or in `.docker` of the home directory.
    static func path(_ environment: [String: String]) -> String? {
        if let directory = environment["DOCKER_CONFIG"], !directory.isEmpty {
            return Path(directory).joined("config.json").text
        }
        return environment["HOME"].map { Path($0).joined(".docker/config.json").text }
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
            ?? auths.first { wanted.contains(Self.host(in: $0.0)) }?.1
        guard let entry else { return nil }
        return try Self.credentials(in: entry, registry)
    }

    private static func credentials(in entry: JSON, _ registry: String) throws -> RegistryCredentials? {
        let origin = "docker's config.json"
        if let token = entry["identitytoken"]?.text, !token.isEmpty {
            return RegistryCredentials(form: .identityToken(Secret(token, source: origin)), origin: origin)
        }
        if let token = entry["registrytoken"]?.text, !token.isEmpty {
            return RegistryCredentials(form: .accessToken(Secret(token, source: origin)), origin: origin)
        }
        if let encoded = entry["auth"]?.text, !encoded.isEmpty {
            guard let text = Base64.decode(encoded), let colon = text.firstIndex(of: ":") else {
                throw RuntimeError(.world, .dockerConfigAuth(registry))
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

    /// Old files hold addresses: `https://host/v1/` is `host`.
    private static func host(in key: String) -> String {
        var rest = key[...]
        for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
        return String(rest.prefix { $0 != "/" })
    }
}
