import Lang

/// Logging in to one of the project's registries. The password goes to docker by standard input, never as a word.
struct DockerLogin: Sendable {
    let registry: Registry

    /// What a person would type.
    func lines() throws -> [String] {
        switch registry.login {
        case "ecr": [try ecrPipeline().map(\.line).joined(separator: " | ")]
        case "password": ["printenv \(registry.passwordEnvironment ?? "") | \(login(as: registry.username ?? "").line)"]
        default: []
        }
    }

    func perform(in world: World) async throws {
        let purpose = "log in to \(registry.name) (\(registry.host))"
        do {
            switch registry.login {
            case "ecr": _ = try await Command.perform(try ecrPipeline(), capture: false, world: world)
            case "password":
                let request = login(as: registry.username ?? "")
                _ = try await Command.run(
                    request.arguments, in: world, quiet: true, printsLittle: true,
                    input: .secret(try password(in: world)))
            default: world.events.note("\(registry.name) (\(registry.host)) asks for no password")
            }
        } catch let error as RuntimeError {
            throw Docker.explained(error, purpose)
        }
        await world.registries.forget(registry.host)
    }

    /// What the registry's password variable holds.
    func password(in world: World) throws -> Secret {
        guard let variable = registry.passwordEnvironment, let password = world.environment[variable], !password.isEmpty
        else { throw RuntimeError(.world, .passwordMissing(registry)) }
        return Secret(password, source: "env \(variable)")
    }

    private func login(as user: String) -> ProcessRequest {
        ProcessRequest(["docker", "login", "--username", user, "--password-stdin", registry.host])
    }

    private func ecrPipeline() throws -> [ProcessRequest] {
        [ProcessRequest(try ecrHost().passwordCommand), login(as: "AWS")]
    }

    func ecrHost() throws -> ECRHost {
        guard let host = ECRHost(registry.host) else { throw RuntimeError(.value, .notAnECRHost(registry)) }
        return host
    }
}
