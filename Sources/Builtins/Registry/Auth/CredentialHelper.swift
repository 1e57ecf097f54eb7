import Lang

/// A program `docker-credential-NAME`, by the
/// [helper protocol](https://github.com/docker/docker-credential-helpers): the server's name by standard input, JSON back.
struct CredentialHelper: Sendable {
    let name: String

    var arguments: [String] { ["docker-credential-\(name)", "get"] }

    /// Nil where the helper knows of none.
    func credentials(for server: String, in world: World) async throws -> RegistryCredentials? {
        let outcome = try await Command.run(arguments, in: world, check: false, quiet: true, input: .text(server))
        if outcome.exitCode == 0 { return try Self.read(outcome.stdout, from: arguments[0]) }
        if Self.saysNotFound(outcome.combined) { return nil }
        let line = ProcessRequest(arguments).line
        throw RuntimeError(
            .command,
            .credentialHelperFailed(arguments[0], server: server, reason: Docker.reason(in: outcome.combined)),
            command: .init(line: line, exitCode: outcome.exitCode, output: outcome.combined))
    }

    static func read(_ output: String, from helper: String) throws -> RegistryCredentials? {
        // The output may hold a password: an error must not show it.
        guard let json = try? JSON.parse(output), let secret = json["Secret"]?.text, let user = json["Username"]?.text
        else { throw RuntimeError(.world, .credentialHelperUnreadable(helper)) }
        if secret.isEmpty { return nil }
        let hidden = Secret(secret, source: helper)
        // How the protocol tells an identity token from a password.
        if user == "<token>" { return RegistryCredentials(form: .identityToken(hidden), origin: helper) }
        return RegistryCredentials(form: .password(user: user, hidden), origin: helper)
    }

    private static func saysNotFound(_ output: String) -> Bool {
        let text = output.lowercased()
        return ["credentials not found", "no credentials server url", "no credentials username"].contains(
            where: text.contains)
    }
}
