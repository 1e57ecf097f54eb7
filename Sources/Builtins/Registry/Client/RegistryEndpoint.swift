import Lang

/// Where a registry answers.
struct RegistryEndpoint: Sendable, Hashable {
    /// As images name it: `docker.io`, `127.0.0.1:5001`.
    let registry: String
    let address: WebAddress

    /// - Parameter scheme: `http` or `https` where `relsh.toml` says so. Otherwise plain HTTP goes to this machine only,
    ///   as docker has it.
    init(_ registry: String, scheme: String? = nil) throws {
        self.registry = registry
        let host = registry == "docker.io" ? "registry-1.docker.io" : registry
        let scheme = scheme ?? (Self.isLoopback(registry) ? "http" : "https")
        guard let address = WebAddress("\(scheme)://\(host)/v2/") else {
            throw RuntimeError(.value, .notARegistryHost(registry))
        }
        self.address = address
    }

    private static func isLoopback(_ registry: String) -> Bool {
        if registry.hasPrefix("[::1]") { return true }
        let name = registry.prefix { $0 != ":" }
        return name == "localhost" || name.hasPrefix("127.") && name.allSatisfy { $0.isNumber || $0 == "." }
    }

    /// `…/v2/team/app/manifests/dev`
    func url(_ repository: String, _ path: String) -> WebAddress {
        var url = address
        url.path = "/v2/\(repository)/\(path)"
        return url
    }
}
