import Lang

/// What is shown to a registry to be let in.
struct RegistryCredentials: Sendable, Hashable {
    enum Form: Sendable, Hashable {
        case password(user: String, Secret)
        /// A token that stands for a login, to be changed for access tokens (OAuth 2).
        case identityToken(Secret)
        /// Sent as it is.
        case accessToken(Secret)
    }

    let form: Form
    /// Where they came from, for errors: `docker's config.json`, `env GHCR_TOKEN`.
    let origin: String

    /// The `Authorization` field for the registry itself or for its token server; nil where there is no such form.
    var basic: Secret? {
        guard case .password(let user, let password) = form else { return nil }
        return Secret("Basic " + Base64.encode("\(user):\(password.text)"), source: password.source)
    }
}

/// RFC 4648, section 4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ text: String) -> String {
        var encoded: [UInt8] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for position in 0..<4 {
                encoded.append(
                    position <= group.count ? alphabet[bits >> (18 - 6 * position) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Nil for what is not base64. Padding may be missing, and NUL bytes at the end are dropped, as docker does.
    static func decode(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for byte in text.utf8.reversed().drop(while: { $0 == UInt8(ascii: "=") }).reversed() {
            guard let digit = alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 6 | digit) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        while bytes.last == 0 { bytes.removeLast() }
        return String(validating: bytes, as: UTF8.self)
    }
}
