import Lang

/// How to ask a token server for an access token, by the
/// [distribution token specification](https://distribution.github.io/distribution/spec/auth/token/) and its OAuth 2 form.
struct TokenRequest: Sendable {
    let realm: WebAddress
    let service: String?
    let scopes: [RegistryScope]

    /// Nil where the challenge is none for a token, or names no address to ask.
    ///
    /// - Parameter scopes: what is needed; where nothing is named, what the challenge names.
    init?(_ challenge: AuthChallenge, scopes: [RegistryScope]) {
        guard challenge.scheme == "bearer", let realm = challenge.parameters["realm"].flatMap(WebAddress.init) else {
            return nil
        }
        self.realm = realm
        service = challenge.parameters["service"]
        self.scopes = scopes.sorted { $0.description < $1.description }
    }

    /// One request, with what it carries in secret apart from it.
    ///
    /// A password goes as Basic in a GET, which every token server knows; an identity token can only be changed by a POST.
    func request(with credentials: RegistryCredentials?) -> (request: HTTPRequest, authorization: Secret?) {
        if case .identityToken(let token)? = credentials?.form {
            var form = [("grant_type", "refresh_token"), ("service", service ?? ""), ("client_id", "relsh")]
            if !scopes.isEmpty { form.append(("scope", scopes.map(\.description).joined(separator: " "))) }
            form.append(("refresh_token", token.text))
            let body = Array(PercentEncoding.form(form).utf8)
            let fields: HTTPFields = ["Content-Type": "application/x-www-form-urlencoded"]
            return (HTTPRequest("POST", realm, fields: fields, body: .bytes(body)), nil)
        }
        var url = realm
        if let service { url = url.adding("service", service) }
        for scope in scopes { url = url.adding("scope", scope.description) }
        if case .password(let user, _)? = credentials?.form { url = url.adding("account", user) }
        return (HTTPRequest("GET", url), credentials?.basic)
    }
}

/// What a token server gave.
struct AccessToken: Sendable, Hashable {
    let text: Secret
    /// Seconds since 1970.
    let expiry: Double

    /// By the specification a token without a time is good for this long, in seconds, and none for less.
    static let shortestLife = 60.0

    /// Nil for what holds no token.
    ///
    /// - Parameter now: when it was asked for. A server's own clock may be wrong, so `issued_at` is not read.
    init?(_ answer: JSON, now: Double) {
        guard let token = answer["token"]?.text ?? answer["access_token"]?.text, !token.isEmpty else { return nil }
        let life: Double =
            switch answer["expires_in"] {
            case .int(let seconds)?: Double(seconds)
            case .float(let seconds)?: seconds
            default: Self.shortestLife
            }
        text = Secret(token, source: "token server")
        expiry = now + max(life, Self.shortestLife)
    }

    init(_ text: Secret, expiry: Double) {
        self.text = text
        self.expiry = expiry
    }

    /// A token that ends while a request is under way is of no use: the last tenth of its life, and at least ten
    /// seconds, are not used.
    func isGood(at now: Double, issued: Double) -> Bool { now < expiry - max(10, (expiry - issued) / 10) }
}
