import Lang

/// What a run has learnt about registries: whom they know us as, how they ask, the tokens they gave, what they hold, and what
/// they were told without an answer. Kept in memory alone.
package actor RegistryMemory {
    /// How a registry wants to be asked.
    enum Scheme: Sendable, Hashable {
        case basic
        case bearer(AuthChallenge)
    }

    struct TokenKey: Sendable, Hashable {
        let registry: String
        let challenge: AuthChallenge
        let scopes: Set<RegistryScope>
    }

    private struct HeldToken {
        let token: AccessToken
        let issued: Double
    }

    private var schemes: [String: Scheme] = [:]
    private var credentials: [String: Task<RegistryCredentials?, any Error>] = [:]
    private var tokens: [TokenKey: HeldToken] = [:]
    private var asking: [TokenKey: Task<AccessToken, any Error>] = [:]
    /// By repository.
    var content: [String: HeldContent] = [:]
    /// By repository and digest.
    var manifests: [String: Manifest] = [:]
    /// The addresses of tags.
    var unanswered: Set<String> = []

    package init() {}

    // MARK: - How to ask

    func scheme(of registry: String) -> Scheme? { schemes[registry] }

    func remember(_ scheme: Scheme, of registry: String) { schemes[registry] = scheme }

    // MARK: - Whom they know us as

    /// Looked up once, however many ask at the same time; a failure is not kept.
    func credentials(
        for registry: String, _ find: @escaping @Sendable () async throws -> RegistryCredentials?
    ) async throws -> RegistryCredentials? {
        let task = credentials[registry] ?? Task { try await find() }
        credentials[registry] = task
        do {
            return try await task.value
        } catch {
            credentials[registry] = nil
            throw error
        }
    }

    /// After a login: what was known of a registry may be wrong now.
    package func forget(_ registry: String) {
        credentials[registry] = nil
        tokens = tokens.filter { $0.key.registry != registry }
    }

    // MARK: - Tokens

    /// A token that is still good, or a new one; `isFresh` says which.
    ///
    /// - Parameter now: seconds since 1970.
    func token(
        _ key: TokenKey, now: Double, _ ask: @escaping @Sendable () async throws -> AccessToken
    ) async throws -> (token: AccessToken, isFresh: Bool) {
        if let held = tokens[key], held.token.isGood(at: now, issued: held.issued) { return (held.token, false) }
        let task = asking[key] ?? Task { try await ask() }
        asking[key] = task
        defer { asking[key] = nil }
        let token = try await task.value
        tokens[key] = HeldToken(token: token, issued: now)
        return (token, true)
    }

    /// A token that the registry did not take.
    func drop(_ key: TokenKey) { tokens[key] = nil }
}
