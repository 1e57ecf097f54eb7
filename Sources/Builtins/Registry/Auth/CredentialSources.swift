import Lang

/// Finds the credentials for a registry: what `relsh.toml` says about it, then `DOCKER_AUTH_CONFIG`, docker's own files and
/// helpers, then other variables, then the `aws` command for a registry of Amazon.
struct CredentialSources: Sendable {
    let world: World

    /// Nil where nothing is known: then nobody's name is given.
    ///
    /// - Parameter registry: host and port, as images name it.
    func credentials(for registry: String) async throws -> RegistryCredentials? {
        if let configured = try await project(registry) { return configured }
        if let known = try await docker(registry) { return known }
        if let given = EnvironmentCredentials.credentials(for: registry, world.environment) { return given }
        guard let host = ECRHost(registry) else { return nil }
        return try await amazon(host)
    }

    private func project(_ registry: String) async throws -> RegistryCredentials? {
        guard let project = try? await world.project.load() else { return nil }
        guard let entry = project.registries.first(where: { $0.host == registry && $0.login != "none" }) else {
            return nil
        }
        let login = DockerLogin(registry: entry)
        if entry.login == "ecr" { return try await amazon(login.ecrHost()) }
        let password = try login.password(in: world)
        return RegistryCredentials(
            form: .password(user: entry.username ?? "", password), origin: password.source)
    }

    /// What docker itself would use: `DOCKER_AUTH_CONFIG`, its config.json, and the helpers that one names.
    func docker(_ registry: String) async throws -> RegistryCredentials? {
        if let text = world.environment["DOCKER_AUTH_CONFIG"], !text.isEmpty,
            let found = try config(text, "env DOCKER_AUTH_CONFIG").credentials(for: registry)
        {
            return found
        }
        // A directory of that name is what is left where a secret that may be missing is not mounted.
        let path = DockerConfig.paths(world.environment).first { world.files.status($0)?.isDirectory == false }
        guard let path else { return nil }
        let isDockers = path.hasSuffix("/config.json")
        let text = String(decoding: try world.files.read(path), as: UTF8.self)
        let config = try config(text, isDockers ? "docker's config.json" : path, in: path)
        if let (name, server) = config.helper(for: registry),
            let found = try await CredentialHelper(name: name).credentials(for: server, in: world)
        {
            return found
        }
        return try config.credentials(for: registry)
    }

    private func config(_ text: String, _ origin: String, in place: String? = nil) throws -> DockerConfig {
        // docker takes an empty file for one that says nothing.
        if text.trimmed.isEmpty { return DockerConfig.empty }
        do {
            return DockerConfig(try JSON.parse(text), from: origin)
        } catch is ValueError {
            // The reader quotes what it stumbles over, which here may be a password.
            throw RuntimeError(.world, .dockerConfigUnreadable(place ?? origin))
        }
    }

    private func amazon(_ host: ECRHost) async throws -> RegistryCredentials {
        let source = "aws ecr get-login-password"
        let password = try await Command.run(host.passwordCommand, in: world, quiet: true, hidesOutput: true).stdout
            .trimmed
        return RegistryCredentials(form: .password(user: "AWS", Secret(password, source: source)), origin: source)
    }
}
