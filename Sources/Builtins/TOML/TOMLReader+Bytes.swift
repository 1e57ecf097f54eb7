import Lang

// Stepping over bytes, blanks, line ends and comments.
extension TOMLReader {
    var isAtEnd: Bool { position >= bytes.count }
    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    /// Control characters stand nowhere in TOML but for the tab and the ends of lines.
    func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != 0x09 || byte == 0x7F }

    mutating func skip(_ text: String) -> Bool { skip(text.utf8) }

    mutating func skip(_ expected: some Collection<UInt8>) -> Bool {
        guard bytes[position...].starts(with: expected) else { return false }
        position += expected.count
        return true
    }

    mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 { position += 1 }
    }

    /// True where a line ends here, with `\n` or `\r\n`.
    var isAtLineEnd: Bool {
        guard let byte = current else { return false }
        return byte == 0x0A || byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
    }

    mutating func skipLineEnd() -> Bool {
        guard isAtLineEnd else { return false }
        position += current == 0x0D ? 2 : 1
        return true
    }

    private mutating func skipComment() throws(TOMLError) {
        guard current == UInt8(ascii: "#") else { return }
        while let byte = current, !isAtLineEnd {
            if isControl(byte) { throw .controlCharacter(byte, in: "a comment", at: here) }
            position += 1
        }
    }

    /// Past blanks, line ends and comments; false at the end of the text.
    mutating func skipToContent() throws(TOMLError) -> Bool {
        repeat {
            skipBlanks()
            try skipComment()
        } while skipLineEnd()
        return !isAtEnd
    }

    mutating func expectLineEnd() throws(TOMLError) {
        skipBlanks()
        try skipComment()
        guard isAtEnd || skipLineEnd() else { throw wrong("what follows on the line", "a comment or nothing") }
    }

    // MARK: - Mistakes

    /// The byte at the position; nothing at the end.
    var here: SourceRange { SourceRange(position, min(position + 1, bytes.count)) }

    /// "`subject` must be `requirement`, but is …": what stands here.
    func wrong(_ subject: String, _ requirement: String, help: String? = nil) -> TOMLError {
        let found = found
        let what = isAtEnd ? "the end of the text" : isAtLineEnd ? "the end of the line" : quoted(found.text)
        return TOMLError("\(subject) must be \(requirement), but is \(what)", help: help, at: found.range)
    }

    /// The word or sign at the position, shortened; what of it belongs to a secret is hidden.
    private var found: (text: String, range: SourceRange) {
        var end = position
        while end < bytes.count, end - position < 30, Self.isBare(bytes[end]) { end += 1 }
        if end == position, end < bytes.count {
            end += 1
            while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        }
        return (SecretMask.excerpt(of: bytes, position..<end), SourceRange(position, end))
    }
}
