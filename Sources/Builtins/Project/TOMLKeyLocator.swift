import Lang

/// Where each key of a TOML text stands, and in which order.
///
/// TOMLKit tells positions of syntax errors only, and gives keys sorted. This reads a text that TOMLKit has accepted, so
/// it need not judge: it only has to tell keys from values. What it cannot make sense of it steps over.
struct TOMLKeyLocator {
    /// A key with the tables around it, and its place. Tables appear under their own path, when first named.
    struct Entry {
        let path: [String]
        let range: SourceRange
    }

    private(set) var entries: [Entry] = []
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        scan()
    }

    /// The place of a key; that of the nearest table around it where the key itself is not in the text.
    func range(of path: [String]) -> SourceRange? {
        var path = path
        while !path.isEmpty {
            if let entry = entries.first(where: { $0.path == path }) { return entry.range }
            path.removeLast()
        }
        return nil
    }

    /// The keys directly inside a table, in the order of the text.
    func keys(in table: [String]) -> [String] {
        var keys: [String] = []
        for entry in entries where entry.path.count == table.count + 1 && entry.path.starts(with: table) {
            if let key = entry.path.last, !keys.contains(key) { keys.append(key) }
        }
        return keys
    }

    /// Reads a dotted key such as `registries."aws.ck".base` that stands alone. Nil where the text is none.
    static func path(of key: String) -> [String]? {
        var reader = TOMLKeyLocator(key: Array(key.utf8))
        let path = reader.readKey(in: [])
        return reader.position == reader.bytes.count && !path.contains("") ? path : nil
    }

    private init(key bytes: [UInt8]) {
        self.bytes = bytes
    }

    // MARK: - Lines

    private mutating func scan() {
        var table: [String] = []
        while skipToContent() {
            if skip("[") {
                _ = skip("[")
                table = readKey(in: [])
                while skip("]") {}
            } else {
                let path = readKey(in: table)
                skipBlanks()
                if skip("=") { skipValue(of: path) } else { position += 1 }
            }
        }
    }

    /// One or more parts with dots between; each prefix that is new is an entry of its own.
    private mutating func readKey(in table: [String]) -> [String] {
        var path = table
        repeat {
            skipBlanks()
            let start = position
            path.append(readPart())
            if !entries.contains(where: { $0.path == path }) {
                entries.append(Entry(path: path, range: SourceRange(start, position)))
            }
            skipBlanks()
        } while skip(".")
        return path
    }

    private mutating func readPart() -> String {
        if let quote = current, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") { return readString(quote) }
        let start = position
        while let byte = current, !Array("=.]#, \t\r\n".utf8).contains(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    // MARK: - Values

    private mutating func skipValue(of path: [String]) {
        skipBlanks()
        guard let byte = current else { return }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            _ = readString(byte)
        } else if skip("[") {
            while skipToContent(), !skip("]") {
                if !skip(",") { skipValue(of: path) }
            }
        } else if skip("{") {
            while skipToContent(), !skip("}") {
                if skip(",") { continue }
                let inner = readKey(in: path)
                skipBlanks()
                if skip("=") { skipValue(of: inner) } else { position += 1 }
            }
        } else {
            position += 1
            while let byte = current, !Array(",]}#\r\n".utf8).contains(byte) { position += 1 }
        }
    }

    /// A string of either kind, on one line or, in three quotes, on several. Of the escapes only `\"` and `\\` matter
    /// here: others do not occur in keys that anyone has to find.
    private mutating func readString(_ quote: UInt8) -> String {
        let isRaw = quote == UInt8(ascii: "'")
        let width = bytes[position...].starts(with: [quote, quote, quote]) ? 3 : 1
        let end = [UInt8](repeating: quote, count: width)
        position += width
        var text: [UInt8] = []
        while let byte = current, !bytes[position...].starts(with: end) {
            if byte == UInt8(ascii: "\\"), !isRaw { position += 1 }
            if let byte = current { text.append(byte) }
            position += 1
        }
        position = min(position + width, bytes.count)
        // A text may end in one or two quotes just before the three that close it.
        while width == 3, current == quote { position += 1 }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: - Bytes

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { position += 1 }
    }

    /// Past blanks, line ends and comments; false at the end of the text.
    private mutating func skipToContent() -> Bool {
        while let byte = current {
            if byte == UInt8(ascii: "#") {
                while let byte = current, byte != UInt8(ascii: "\n") { position += 1 }
            } else if Array(" \t\r\n".utf8).contains(byte) {
                position += 1
            } else {
                return true
            }
        }
        return false
    }
}
