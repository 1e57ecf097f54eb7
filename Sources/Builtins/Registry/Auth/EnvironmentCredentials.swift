import Lang

/// Tokens as CI systems hand them over, in variables with names that are the custom.
enum EnvironmentCredentials {
    private struct Custom {
        let registry: String
        let tokens: [String]
        let users: [String]
        /// Where none of the variables names a user.
        let user: String?
    }

    private static let customs = [
        // GitHub takes any name beside a token.
        Custom(
            registry: "ghcr.io", tokens: ["GHCR_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"],
            users: ["GHCR_USERNAME", "GITHUB_ACTOR"], user: "token"),
        Custom(
            registry: "docker.io", tokens: ["DOCKERHUB_TOKEN", "DOCKER_HUB_TOKEN", "DOCKERHUB_PASSWORD"],
            users: ["DOCKERHUB_USERNAME", "DOCKER_HUB_USERNAME"], user: nil),
    ]

    /// The variables whose names say that they hold a secret: these, and those of `aws`.
    static let secretVariables =
        customs.flatMap(\.tokens) + ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "DOCKER_AUTH_CONFIG"]

    static func credentials(for registry: String, _ environment: [String: String]) -> RegistryCredentials? {
        func value(_ names: [String]) -> (name: String, text: String)? {
            names.lazy.compactMap { name in environment[name].flatMap { $0.isEmpty ? nil : (name, $0) } }.first
        }
        guard let custom = customs.first(where: { $0.registry == registry }), let token = value(custom.tokens),
            let user = value(custom.users)?.text ?? custom.user
        else { return nil }
        let origin = "env \(token.name)"
        return RegistryCredentials(form: .password(user: user, Secret(token.text, source: origin)), origin: origin)
    }
}
