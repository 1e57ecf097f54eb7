import Lang

/// Finds the credentials for a registry: what `relsh.toml` says about it, then docker's own files and helpers, then
/// the environment, then the `aws` command for a registry of Amazon.
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

    private func docker(_ registry: String) async throws -> RegistryCredentials? {
        guard let path = DockerConfig.path(world.environment), world.files.status(path) != nil else { return nil }
        let text = String(decoding: try world.files.read(path), as: UTF8.self)
        let json: JSON
        do {
            json = try JSON.parse(text)
        } catch is ValueError {
            // The reader quotes what it stumbles over, which here may be a password.
            throw RuntimeError(.world, .dockerConfigUnreadable(path))
        }
        let config = DockerConfig(json)
        if let (name, server) = config.helper(for: registry),
            let found = try await CredentialHelper(name: name).credentials(for: server, in: world)
        {
            return found
        }
        return try config.credentials(for: registry)
    }

    private func amazon(_ host: ECRHost) async throws -> RegistryCredentials {
        let source = "aws ecr get-login-password"
        let password = try await Command.run(host.passwordCommand, in: world, quiet: true).stdout.trimmed
        return RegistryCredentials(form: .password(user: "AWS", Secret(password, source: source)), origin: source)
    }
}
