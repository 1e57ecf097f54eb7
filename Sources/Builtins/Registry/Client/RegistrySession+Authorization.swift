import Lang

// How a request is let in: what is known of the registry, and what it asks for.
extension RegistrySession {
    /// An `Authorization` field. One that was made just now is fresh: where it is refused, another would be, too.
    struct Authorization: Sendable {
        let field: Secret
        let isFresh: Bool
        let key: RegistryMemory.TokenKey?
    }

    /// What is sent without being asked; nil where the registry has not asked yet.
    func authorization(_ scopes: [RegistryScope]) async throws -> Authorization? {
        switch await world.registries.scheme(of: endpoint.registry) {
        case .basic?: try await basic()
        case .bearer(let challenge)?: try await bearer(challenge, scopes)
        case nil: nil
        }
    }

    /// What a registry's challenges ask for; nil where there is nothing to answer with.
    func answer(to challenges: [AuthChallenge], _ scopes: [RegistryScope]) async throws -> Authorization? {
        for challenge in challenges where challenge.scheme == "bearer" {
            let general = AuthChallenge(
                scheme: "bearer", parameters: challenge.parameters.filter { ["realm", "service"].contains($0.key) })
            await world.registries.remember(.bearer(general), of: endpoint.registry)
            return try await bearer(general, scopes)
        }
        guard challenges.contains(where: { $0.scheme == "basic" }) else { return nil }
        await world.registries.remember(.basic, of: endpoint.registry)
        return try await basic()
    }

    private func credentials() async throws -> RegistryCredentials? {
        let (registry, sources) = (endpoint.registry, CredentialSources(world: world))
        return try await world.registries.credentials(for: registry) { try await sources.credentials(for: registry) }
    }

    private func basic() async throws -> Authorization? {
        try await credentials()?.basic.map { Authorization(field: $0, isFresh: true, key: nil) }
    }

    private func bearer(_ challenge: AuthChallenge, _ scopes: [RegistryScope]) async throws -> Authorization? {
        let credentials = try await credentials()
        if case .accessToken(let token)? = credentials?.form {
            return Authorization(field: Self.field(token), isFresh: true, key: nil)
        }
        guard let ask = TokenRequest(challenge, scopes: scopes) else {
            throw RuntimeError(.world, .unusableChallenge(endpoint.registry))
        }
        if ask.realm.scheme == "http", endpoint.address.scheme == "https" {
            throw RuntimeError(.world, .tokenWithoutEncryption(endpoint.registry, realm: ask.realm.shown))
        }
        let key = RegistryMemory.TokenKey(
            registry: endpoint.registry, challenge: challenge, scopes: Set(scopes))
        let (token, isFresh) = try await world.registries.token(key, now: world.clock.now()) {
            try await fetch(ask, credentials)
        }
        return Authorization(field: Self.field(token.text), isFresh: isFresh, key: key)
    }

    private static func field(_ token: Secret) -> Secret { Secret("Bearer \(token.text)", source: token.source) }

    // MARK: - The token server

    private func fetch(_ ask: TokenRequest, _ credentials: RegistryCredentials?) async throws -> AccessToken {
        let purpose = "get a token for \(endpoint.registry)"
        var (request, authorization) = ask.request(with: credentials)
        request.fields["User-Agent"] = "relsh"
        request.fields["Authorization"] = authorization?.text
        let call = RegistryCall("GET", ask.realm, scopes: [], to: purpose)
        var attempt = 1
        while true {
            do {
                return try await token(request, credentials)
            } catch let failure as RegistryFailure {
                try await pause(after: failure, of: call, attempt: attempt)
                attempt += 1
            }
        }
    }

    private func token(_ request: HTTPRequest, _ credentials: RegistryCredentials?) async throws -> AccessToken {
        let now = world.clock.now()
        do {
            let answer = try await world.http.send(request)
            let body = try await answer.bytes(limit: 1 << 20)
            if answer.status == 200 {
                // The answer holds the token: an error must not show it.
                if let json = try? JSON.parse(String(decoding: body, as: UTF8.self)),
                    let token = AccessToken(json, now: now)
                {
                    return token
                }
                throw RuntimeError(.world, .tokenUnreadable(endpoint.registry, server: request.url.shown))
            }
            let said = RegistryErrorBody(body)
            if [400, 401, 403].contains(answer.status) {
                throw RuntimeError(
                    .world,
                    .tokenRefused(
                        endpoint.registry, server: request.url.shown, status: answer.status, said: said.text,
                        origin: credentials?.origin))
            }
            let wait = answer.fields["Retry-After"].flatMap { RetryPolicy.seconds($0, now: now) }
            throw RegistryFailure(
                cause: .status(answer.status, said, retryAfter: wait), line: request.line, registry: endpoint.registry)
        } catch let failure as HTTPFailure {
            throw RegistryFailure(cause: .http(failure), line: request.line, registry: endpoint.registry)
        }
    }
}
