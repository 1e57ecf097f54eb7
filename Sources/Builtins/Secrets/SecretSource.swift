import Lang

/// Where secrets come from, and what each must be.
enum SecretSource {
    /// - Parameter source: what is recorded of it.
    /// - Throws: where the text is none: empty, or so short that it could not be hidden.
    static func checked(_ text: String, from source: String) throws -> Secret {
        if text.isEmpty { throw RuntimeError(.world, .secretEmpty(source)) }
        if text.utf8.count < KnownSecrets.shortest {
            throw RuntimeError(.world, .secretTooShort(source, least: KnownSecrets.shortest))
        }
        if text.utf8.contains(0) { throw RuntimeError(.world, .secretNotText(source)) }
        return Secret(text, source: source)
    }

    /// Editors and programs end what they write with a newline, which is no part of it.
    static func withoutFinalNewline(_ text: String) -> String {
        var bytes = Substring(text).utf8
        if bytes.last == UInt8(ascii: "\n") {
            bytes = bytes.dropLast()
            if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
        }
        return String(Substring(bytes))
    }

    static func file(_ path: Path, in world: World) throws -> Secret {
        let source = "file \(path.text)"
        guard let text = String(validating: try world.files.read(path.text), as: UTF8.self) else {
            throw RuntimeError(.world, .secretNotText(source))
        }
        return try checked(withoutFinalNewline(text), from: source)
    }

    static func command(_ words: [String], timeout: Duration?, in world: World) async throws -> Secret {
        let line = ProcessRequest(words).line
        let outcome = try await run(words, timeout: timeout, in: world)
        guard outcome.exitCode == 0 else {
            throw RuntimeError(
                .command,
                .secretCommandFailed(line, exitCode: outcome.exitCode, reason: outcome.stderr.lastLines(3).trimmed))
        }
        return try checked(withoutFinalNewline(outcome.stdout), from: "command \(line)")
    }

    /// What it prints is seen by nobody, not even where it fails.
    private static func run(_ words: [String], timeout: Duration?, in world: World) async throws -> ProcessOutcome {
        do {
            return try await Command.run(
                words, in: world, check: false, quiet: true, hidesOutput: true, timeout: timeout)
        } catch var error as RuntimeError {
            error.command = error.command.map { .init(line: $0.line, exitCode: $0.exitCode, output: "") }
            throw error
        }
    }

    // MARK: Amazon

    static func awsCommand(_ name: String, region: String?) -> [String] {
        ["aws", "secretsmanager", "get-secret-value", "--secret-id=\(name)", "--query=SecretString", "--output=json"]
            + (region.map { ["--region=\($0)"] } ?? [])
    }

    /// - Parameter key: of the field, where the secret is a JSON object.
    static func aws(_ name: String, key: String?, region: String?, in world: World) async throws -> Secret {
        let words = awsCommand(name, region: region)
        let outcome = try await run(words, timeout: .seconds(60), in: world)
        guard outcome.exitCode == 0 else {
            throw RuntimeError(
                .command, .awsSecretFailed(name, reason: outcome.stderr.trimmed),
                command: .init(line: ProcessRequest(words).line, exitCode: outcome.exitCode, output: outcome.stderr))
        }
        let source = "aws \(name)" + (key.map { " \($0)" } ?? "")
        // One that is bytes has no text.
        guard let text = (try? JSON.parse(outcome.stdout))?.text else {
            throw RuntimeError(.world, .awsSecretIsNoText(name))
        }
        let whole = try checked(text, from: source)
        guard let key else { return whole }
        guard let fields = (try? JSON.parse(text))?.map else {
            throw RuntimeError(.world, .awsSecretHasNoFields(name, key))
        }
        guard let field = fields[key] else {
            let known = fields.keys
            throw RuntimeError(
                .world,
                .awsSecretHasNoField(name, key, known: known, suggestion: suggestion(for: key, among: known)))
        }
        return try checked(field.text ?? field.value.display, from: source)
    }

    // MARK: Docker

    /// The password or token that docker would log in to a registry with.
    static func docker(_ host: String, in world: World) async throws -> Secret {
        guard let credentials = try await CredentialSources(world: world).docker(host) else {
            throw RuntimeError(.world, .noDockerSecret(host))
        }
        switch credentials.form {
        case .password(_, let secret), .identityToken(let secret), .accessToken(let secret):
            return try checked(secret.text, from: "docker \(host)")
        }
    }
}
