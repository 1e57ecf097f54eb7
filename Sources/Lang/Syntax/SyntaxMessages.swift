/// What the parser can say of brackets and of what stands in the wrong place. One function per mistake; the function's name gives
/// the message's id. The rest of its messages stand beside this file, by what they are about.
extension Message {
    // MARK: Brackets and nesting

    static func nestedTooDeeply() -> Message {
        Message("this is nested too deeply to be read", help: "give inner parts names of their own")
    }

    static func unclosedBracket(_ opener: String, _ closer: String, isAtEnd: Bool) -> Message {
        Message("this `\(opener)` is not closed", help: "add `\(closer)`", isIncomplete: isAtEnd)
    }

    static func mismatchedBracket(_ found: String, _ expected: String) -> Message {
        Message("expected `\(expected)`, but found \(found)")
    }

    static func strayBracket(_ found: String) -> Message {
        Message("`\(found)` closes nothing", help: "remove it, or add what it should close")
    }

    // MARK: What should stand here

    static func expectedValue(_ found: String, help: String? = nil, isIncomplete: Bool = false) -> Message {
        Message("expected a value, but found \(found)", help: help, isIncomplete: isIncomplete)
    }

    static func expectedName(_ what: String, _ found: String, help: String? = nil) -> Message {
        Message("expected \(what), but found \(found)", help: help)
    }

    static func reservedWord(_ word: String) -> Message {
        Message(
            "`\(word)` is a word of the language and cannot be a name here",
            help: "choose another, for example `the_\(word)`")
    }

    static func expectedType(_ found: String, help: String? = nil) -> Message {
        Message("expected a type, but found \(found)", help: help)
    }

    static func expectedToken(_ token: String, _ place: String, _ found: String, help: String? = nil) -> Message {
        Message("expected `\(token)` \(place), but found \(found)", help: help)
    }

    static func expectedSeparator(_ closer: String, _ found: String, help: String? = nil) -> Message {
        Message("expected `,` or `\(closer)`, but found \(found)", help: help)
    }

    static func expectedBlock(_ owner: String, _ found: String, help: String? = nil) -> Message {
        Message("expected `{` after \(owner), but found \(found)", help: help)
    }

    static func expectedStatementEnd(_ found: String, help: String?) -> Message {
        Message("expected a new line or `;`, but found \(found)", help: help)
    }

    // MARK: Match

    static func expectedPattern(_ found: String, help: String?) -> Message {
        Message("expected a literal, a range, a type or `else`, but found \(found)", help: help)
    }

    static func expectedArmEnd(_ found: String) -> Message {
        Message("expected `,` or a new line after the arm, but found \(found)")
    }

    // MARK: Parts

    /// Text for a message, cut where it would flood it.
    static func shortened(_ text: String) -> String {
        let head = text.unicodeScalars.prefix(41)
        guard head.count > 40 else { return text }
        return String(String.UnicodeScalarView(head.dropLast())) + "…"
    }

    static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
