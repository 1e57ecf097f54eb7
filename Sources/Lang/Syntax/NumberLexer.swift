/// Numbers and the literals that begin with a digit. A number takes everything that stands together: letters, digits,
/// `_`, and a dot before a digit. That must be an int, a float, a version, a duration or a size as a whole, so that
/// `1.2.3.4`, `01` and `5min` are mistakes and never two tokens.
extension Lexer {
    mutating func scanNumber() -> Token.Kind {
        let start = position
        while byte(position).isNamePart || (byte(position) == .dot && byte(position + 1).isDigit) { position += 1 }
        let length = position - start
        guard length <= 400 else { return invalid(.numberTooLong(length)) }
        return classify(text(start, position))
    }

    private mutating func invalid(_ message: Message) -> Token.Kind {
        problem = message
        return .invalid
    }

    private mutating func classify(_ text: String) -> Token.Kind {
        if text.hasPrefix("0x") { return classifyHexadecimal(text) }
        if text.utf8.contains(where: \.isLetter) { return classifyUnit(text) }
        let parts = text.utf8.split(separator: .dot, omittingEmptySubsequences: false)
        guard parts.allSatisfy(hasUnderscoresBetweenDigits) else { return invalid(.misplacedUnderscore(text)) }
        if parts.count > 3 { return invalid(.malformedNumber(text)) }
        let wholeParts = parts.count == 3 ? parts[...] : parts.prefix(1)
        if wholeParts.contains(where: { $0.count > 1 && $0.first == UInt8(ascii: "0") }) {
            return invalid(.leadingZero(text))
        }
        switch parts.count {
        case 1: return Lexer.magnitude(text) == nil ? invalid(.integerTooLarge(text)) : .int
        case 2: return Lexer.float(text) == nil ? invalid(.floatTooLarge(text)) : .float
        default: return classifyVersion(text)
        }
    }

    private func hasUnderscoresBetweenDigits(_ part: Substring.UTF8View.SubSequence) -> Bool {
        var previous = UInt8.underscore
        for byte in part {
            if byte == .underscore, previous == .underscore { return false }
            previous = byte
        }
        return previous != .underscore
    }

    private mutating func classifyHexadecimal(_ text: String) -> Token.Kind {
        let digits = text.utf8.dropFirst(2)
        guard !digits.isEmpty, digits.allSatisfy({ $0.isHexadecimal || $0 == .underscore }) else {
            return invalid(.malformedNumber(text))
        }
        guard hasUnderscoresBetweenDigits(digits) else { return invalid(.misplacedUnderscore(text)) }
        guard let value = Lexer.magnitude(text), value <= UInt64(Int.max) else {
            return invalid(.integerTooLarge(text))
        }
        return .int
    }

    private mutating func classifyVersion(_ text: String) -> Token.Kind {
        if byte(position) == UInt8(ascii: "-") || byte(position) == UInt8(ascii: "+"), byte(position + 1).isNamePart {
            let start = position
            while byte(position).isNamePart || "-+.".utf8.contains(byte(position)) { position += 1 }
            return invalid(.versionSuffix(text + self.text(start, position)))
        }
        guard !text.utf8.contains(.underscore) else { return invalid(.misplacedUnderscore(text)) }
        do {
            _ = try Version(parsing: text)
            return .version
        } catch {
            return invalid(.malformedLiteral(error.message, error.hint))
        }
    }

    /// A duration or a size, told apart by the unit behind the first number.
    private mutating func classifyUnit(_ text: String) -> Token.Kind {
        let plain = Lexer.withoutUnderscores(text)
        let number = text.utf8.prefix { !$0.isLetter }
        let rest = text.utf8.dropFirst(number.count)
        let unit = String(decoding: rest.prefix(while: \.isLetter), as: UTF8.self)
        guard hasUnderscoresBetweenDigits(number), !rest.contains(.underscore) else {
            return invalid(.malformedNumber(text))
        }
        if number.count > 1, number.first == UInt8(ascii: "0"), number.dropFirst().first != .dot {
            return invalid(.leadingZero(text))
        }
        do throws(ValueError) {
            if Lexer.durationUnits.contains(unit) {
                _ = try Swift.Duration(parsing: plain)
                return .duration
            }
            guard Lexer.sizeUnits.contains(unit) else { return invalid(.malformedNumber(text)) }
            _ = try Size(parsing: plain)
            return .size
        } catch {
            return invalid(.malformedLiteral(error.message, error.hint))
        }
    }

    private static let durationUnits: Set<String> = ["ms", "s", "m", "h", "d"]
    private static let sizeUnits: Set<String> = [
        "B", "kB", "KB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB", "K", "M", "G", "T", "k", "kb", "mb", "gb", "Mb",
        "Gb",
    ]

    static func withoutUnderscores(_ text: String) -> String {
        text.utf8.contains(.underscore) ? text.filter { $0 != "_" } : text
    }

    /// The value of an int literal if it is at most 2⁶³, the magnitude of the smallest `Int`.
    static func magnitude(_ text: String) -> UInt64? {
        let plain = withoutUnderscores(text)
        let value = plain.hasPrefix("0x") ? UInt64(plain.dropFirst(2), radix: 16) : UInt64(plain)
        guard let value, value <= UInt64(Int.max) + 1 else { return nil }
        return value
    }

    static func float(_ text: String) -> Double? {
        guard let value = Double(withoutUnderscores(text)), value.isFinite else { return nil }
        return value
    }
}

extension UInt8 {
    var isHexadecimal: Bool { isDigit || ((self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "f")) }
}
