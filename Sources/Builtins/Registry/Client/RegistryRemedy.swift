/// What to do about a call that failed.
enum RegistryRemedy {
    static func text(_ failure: RegistryFailure) -> String? {
        switch failure.cause {
        case .status(let status, let body, let wait): text(status, body, wait, failure.registry)
        case .http(let failure): text(failure.kind)
        }
    }

    private static func text(_ status: Int, _ body: RegistryErrorBody, _ wait: Double?, _ registry: String) -> String? {
        switch status {
        case 401, 403:
            "log in to \(registry) first (`docker_login`, or docker.login(registry)), and check that the account may do this"
        case 404: "check the name: some registries want a repository to be made before the first push"
        case 405 where body.codes.contains("UNSUPPORTED"): "this registry does not do that; ask those who run it"
        case 413: "the registry, or a proxy before it, takes no body of this size; ask those who run it"
        case 429: wait.map { "wait \(Int($0)) s, then run this again" } ?? "wait some minutes, then run this again"
        case 500...: "the registry is in trouble; run this again later"
        default: nil
        }
    }

    private static func text(_ kind: HTTPFailure.Kind) -> String {
        switch kind {
        case .encryption:
            "check the address; a certificate of your own goes into SSL_CERT_FILE or /etc/docker/certs.d/HOST/ca.crt, "
                + "and a registry without encryption needs scheme = \"http\" in relsh.toml"
        case .proxy: "check HTTPS_PROXY, and name hosts that are reached without a proxy in NO_PROXY"
        case .malformed, .tooLarge: "check that a registry answers at this address"
        case .unknownHost, .refused, .timeout, .reset:
            "check that the registry's address is right and that it answers, then run this again"
        }
    }
}
