/// One challenge of a `WWW-Authenticate` field: a scheme with its parameters, or with a token of 68 characters
/// (RFC 9110, section 11).
struct AuthChallenge: Sendable, Hashable {
    /// Lowercase: `bearer`, `basic`.
    let scheme: String
    /// Names in lowercase; of two with one name the first counts.
    let parameters: [String: String]

    /// All challenges, in their order. Several may stand in one field, and several fields may come. What cannot be read
    /// ends the reading of its field; what stands before it counts.
    static func parse(_ fields: [String]) -> [AuthChallenge] {
        fields.flatMap { field in
            var reader = ChallengeReader(field)
            return reader.read()
        }
    }
}

/// Reads `1#challenge`. A comma separates both parameters and challenges; which of the two follows is decided by
/// whether a `=` comes after the next word.
private struct ChallengeReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func read() -> [AuthChallenge] {
        var challenges: [AuthChallenge] = []
        while true {
            skip { $0 == UInt8(ascii: ",") || Self.isSpace($0) }
            guard let scheme = token() else { return challenges }
            challenges.append(AuthChallenge(scheme: scheme.lowercased(), parameters: parameters()))
        }
    }

    private mutating func parameters() -> [String: String] {
        var found: [String: String] = [:]
        while true {
            let start = position
            skip { $0 == UInt8(ascii: ",") || Self.isSpace($0) }
            guard let name = token() else { return found }
            skip(while: Self.isSpace)
            guard current == UInt8(ascii: "=") else {
                // The next challenge's scheme.
                position = start
                return found
            }
            position += 1
            skip(while: Self.isSpace)
            guard let value = current == UInt8(ascii: "\"") ? quotedText() : token() else {
                // `=` at the end of a token of 68 characters, as `Negotiate` has.
                skip { $0 == UInt8(ascii: "=") }
                return found
            }
            if found[name.lowercased()] == nil { found[name.lowercased()] = value }
        }
    }

    private mutating func token() -> String? {
        let start = position
        skip(while: Self.isToken)
        return position == start ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// A missing end is taken to be the field's end: some servers cut long fields.
    private mutating func quotedText() -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = current, byte != UInt8(ascii: "\"") {
            position += 1
            if byte == UInt8(ascii: "\\"), let escaped = current {
                text.append(escaped)
                position += 1
            } else {
                text.append(byte)
            }
        }
        position += 1
        return String(decoding: text, as: UTF8.self)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(while isSkipped: (UInt8) -> Bool) {
        while let byte = current, isSkipped(byte) { position += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// `tchar` of RFC 9110, section 5.6.2, and `/`, which scopes and realms without quotes have.
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~/:".utf8.contains(byte)
        }
    }
}
