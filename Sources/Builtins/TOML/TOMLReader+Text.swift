import Lang

// The four kinds of text: in double quotes with escapes or in single quotes without, each on one line or, in three
// quotes, on several.
extension TOMLReader {
    /// The text whose opening quote stands here.
    mutating func readText() throws(TOMLError) -> String {
        guard let quote = current else { throw wrong("text", "in quotes") }
        let start = position
        let isLong = skip([quote, quote, quote])
        if isLong { _ = skipLineEnd() } else { position += 1 }
        var text: [UInt8] = []
        while let byte = current {
            if byte == quote {
                let extra = closingQuotes(quote, isLong: isLong)
                text.append(contentsOf: repeatElement(quote, count: extra.text))
                if extra.isEnd { return String(decoding: text, as: UTF8.self) }
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                try readEscape(into: &text, isLong: isLong)
            } else if isAtLineEnd {
                guard isLong else { break }
                _ = skipLineEnd()
                text.append(UInt8(ascii: "\n"))
            } else if isControl(byte) {
                throw .controlCharacter(byte, in: "text", at: here)
            } else {
                text.append(byte)
                position += 1
            }
        }
        let width = isLong ? 3 : 1
        throw .unclosedText(
            String(decoding: repeatElement(quote, count: width), as: UTF8.self), isLong: isLong,
            at: SourceRange(start, start + width))
    }

    /// Steps over quotes: three close long text, up to two before these belong to it.
    private mutating func closingQuotes(_ quote: UInt8, isLong: Bool) -> (text: Int, isEnd: Bool) {
        let width = isLong ? 3 : 1
        var count = 0
        while count < (isLong ? 5 : 1), current == quote {
            count += 1
            position += 1
        }
        return count < width ? (count, false) : (count - width, true)
    }

    /// `\n`, `\u00e9`, or in long text a `\` that joins its line to the next.
    private mutating func readEscape(into text: inout [UInt8], isLong: Bool) throws(TOMLError) {
        let start = position
        position += 1
        let scalar: Unicode.Scalar
        switch current {
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "f"): scalar = "\u{c}"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "\""): scalar = "\""
        case UInt8(ascii: "\\"): scalar = "\\"
        case UInt8(ascii: "u"): scalar = try readUnicodeEscape(from: start, digits: 4)
        case UInt8(ascii: "U"): scalar = try readUnicodeEscape(from: start, digits: 8)
        default:
            if isLong, skipJoint() { return }
            position = start + 1
            throw wrong(
                "what follows a `\\`", "one of b t n f r u U \" \\",
                help: "write `\\\\` for the sign itself, or the text in single quotes")
        }
        position += 1
        text.append(contentsOf: String(scalar).utf8)
    }

    /// Blanks to the end of the line and everything blank after it. False where the line goes on.
    private mutating func skipJoint() -> Bool {
        skipBlanks()
        guard skipLineEnd() else { return false }
        repeat { skipBlanks() } while skipLineEnd()
        return true
    }

    /// Reads up to the last digit, which is left for the caller to step over.
    private mutating func readUnicodeEscape(
        from start: Int, digits: Int
    ) throws(TOMLError) -> Unicode.Scalar {
        var value: UInt32 = 0
        for _ in 0..<digits {
            position += 1
            guard let digit = current.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw wrong("what follows `\\\(digits == 4 ? "u" : "U")`", "\(digits) hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
        }
        guard let scalar = Unicode.Scalar(value) else {
            let range = SourceRange(start, position + 1)
            let written = String(decoding: bytes[start...position], as: UTF8.self)
            throw TOMLError("an escape must be a character of Unicode, but is `\(written)`", at: range)
        }
        return scalar
    }
}
