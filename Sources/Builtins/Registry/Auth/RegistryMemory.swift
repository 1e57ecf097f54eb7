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
    private var content: [String: HeldContent] = [:]
    private var manifests: [String: Manifest] = [:]
    private var unanswered: Set<String> = []

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

    // MARK: - What they hold

    /// What a repository was seen to have. A registry throws away what nothing names, yet not within a run; where it has all the
    /// same, it refuses the manifest that needs it.
    struct HeldContent: Sendable {
        var blobs: Set<Digest> = []
        /// Manifests that it lacks, whose blobs it has been given ahead.
        var awaited: Set<Digest> = []
    }

    func content(of repository: String) -> HeldContent { content[repository] ?? HeldContent() }

    func note(blobs: [Digest], in repository: String) {
        content[repository, default: HeldContent()].blobs.formUnion(blobs)
    }

    func note(awaited manifests: [Digest], in repository: String) {
        content[repository, default: HeldContent()].awaited.formUnion(manifests)
    }

    func note(written manifests: [Digest], in repository: String) { content[repository]?.awaited.subtract(manifests) }

    func forgetContent(of repository: String) { content[repository] = nil }

    /// Of a request that changes a tag: whether it may yet be done although nobody waits for it any more; nil where that is not told.
    func note(_ url: WebAddress, mayYetBeDone: Bool?) {
        guard let mayYetBeDone else { return }
        if mayYetBeDone { unanswered.insert(url.text) } else { unanswered.remove(url.text) }
    }

    func mayYetBeDone(_ url: WebAddress) -> Bool { unanswered.contains(url.text) }

    /// The largest manifest that is kept, in bytes, and how many are: a run of many images need not remember all of them.
    private static let keptManifest = 64 << 10
    private static let keptManifests = 200

    /// What was read in this repository.
    func manifest(_ digest: Digest, of repository: String) -> Manifest? { manifests["\(repository)@\(digest)"] }

    func keep(_ manifest: Manifest, of repository: String) {
        if manifest.bytes.count > Self.keptManifest { return }
        if manifests.count >= Self.keptManifests { manifests = [:] }
        manifests["\(repository)@\(manifest.digest)"] = manifest
    }

    func forget(_ manifest: Digest, of repository: String) { manifests["\(repository)@\(manifest)"] = nil }
}
