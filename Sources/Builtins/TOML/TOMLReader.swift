import Lang

/// Reads TOML 1.0.0 (https://toml.io/en/v1.0.0) in one pass: no more is accepted than the grammar has.
///
/// It is our own because of what there was: TOMLKit 0.6.0 brought Foundation with ICU (45 MB) into the binary, which
/// was then 61 MB and took 4.7 times as long to start as bash; it gave keys sorted and values no position.
struct TOMLReader {
    /// How deep tables and arrays nest at most, which keeps them clear of the end of the native stack.
    static let maximumDepth = 200

    let bytes: [UInt8]
    var position = 0

    static func read(_ bytes: [UInt8]) throws(TOMLError) -> TOMLTable {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw .notUTF8(at: SourceRange(error.byteOffsets.lowerBound, error.byteOffsets.upperBound))
        }
        var reader = TOMLReader(bytes: bytes)
        return try reader.readDocument()
    }

    /// The names of a dotted key such as `registries."aws.ck".base` that stands alone. Nil where the text is none.
    static func names(inKey text: String) -> [String]? {
        var reader = TOMLReader(bytes: Array(text.utf8))
        guard let key = try? reader.readKey(), reader.isAtEnd else { return nil }
        return key.parts.map(\.name)
    }

    private mutating func readDocument() throws(TOMLError) -> TOMLTable {
        var builder = TOMLTableBuilder(depth: 0)
        // A byte order mark says no more than that this is UTF-8.
        _ = skip([0xEF, 0xBB, 0xBF])
        while try skipToContent() {
            if current == UInt8(ascii: "[") {
                try readHeader(into: &builder)
            } else {
                try readEntry(into: &builder)
            }
            try expectLineEnd()
        }
        return builder.finished()
    }

    /// `[table]` or `[[array of tables]]`
    private mutating func readHeader(into builder: inout TOMLTableBuilder) throws(TOMLError) {
        let start = position
        let isItem = skip("[[")
        if !isItem { _ = skip("[") }
        let key = try readKey()
        let end = isItem ? "]]" : "]"
        guard skip(end) else { throw wrong("what follows the key of a header", "`\(end)` or `.`") }
        let range = SourceRange(start, position)
        if isItem { try builder.openItem(key, range) } else { try builder.open(key, range) }
    }

    /// `key = value`
    mutating func readEntry(into builder: inout TOMLTableBuilder) throws(TOMLError) {
        let key = try readKey()
        guard skip("=") else { throw wrong("what follows a key", "`=` or `.`") }
        skipBlanks()
        try builder.add(key, readValue(depth: builder.depth + key.parts.count))
    }

    /// A key with the blanks around it.
    private mutating func readKey() throws(TOMLError) -> TOMLKey {
        var parts: [TOMLKey.Part] = []
        repeat {
            skipBlanks()
            let start = position
            let name = try readName()
            parts.append(TOMLKey.Part(name: name, range: SourceRange(start, position)))
            skipBlanks()
        } while skip(".")
        return TOMLKey(parts: parts)
    }

    private mutating func readName() throws(TOMLError) -> String {
        if let quote = current, isQuote(quote) {
            if bytes[position...].starts(with: [quote, quote, quote]) {
                throw wrong("a key in quotes", "on one line, in single or double quotes")
            }
            return try readText()
        }
        let start = position
        while let byte = current, Self.isBare(byte) { position += 1 }
        if position == start {
            throw wrong("a key", "letters, digits, `_` and `-`, or text in quotes")
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
