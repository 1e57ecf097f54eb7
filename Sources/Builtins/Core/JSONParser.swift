internal import Lang

/// Reads JSON by RFC 8259: nothing more is accepted than the grammar has. Of two entries with one key the last counts.
struct JSONParser {
    private let bytes: [UInt8]
    private var position = 0
    private var work = WorkCount(pieceOf: 128)

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func parse() throws -> Value {
        let value = try parseValue(depth: 0)
        skipSpace()
        if position < bytes.count { throw wrong("end after its value") }
        return value
    }

    private mutating func parseValue(depth: Int) throws -> Value {
        try work.next()
        skipSpace()
        switch current {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard depth < JSONBuiltins.maximumDepth else {
                throw ValueError(
                    message: "JSON must nest at most \(JSONBuiltins.maximumDepth) deep, but nests deeper at \(place)")
            }
            return current == UInt8(ascii: "[") ? try parseArray(depth: depth) : try parseObject(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case let byte where byte == UInt8(ascii: "-") || isDigit(byte): return try parseNumber()
        default:
            if skip("true") { return .bool(true) }
            if skip("false") { return .bool(false) }
            if skip("null") { return .null }
            throw wrong("have a value", hint: current == UInt8(ascii: "'") ? "write strings with \"" : nil)
        }
    }

    private mutating func parseArray(depth: Int) throws -> Value {
        position += 1
        var items: [Value] = []
        skipSpace()
        if skip(UInt8(ascii: "]")) { return .list([]) }
        while true {
            try items.checkRoom()
            items.append(try parseValue(depth: depth + 1))
            skipSpace()
            if skip(UInt8(ascii: "]")) { return .list(items) }
            guard skip(UInt8(ascii: ",")) else { throw wrong("have `,` or `]`") }
        }
    }

    private mutating func parseObject(depth: Int) throws -> Value {
        position += 1
        var entries = OrderedMap<Value>()
        skipSpace()
        if skip(UInt8(ascii: "}")) { return .map(entries) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw wrong("have a key in quotes") }
            let key = try parseString()
            skipSpace()
            guard skip(UInt8(ascii: ":")) else { throw wrong("have `:` after the key") }
            try entries.reserveNext()
            entries.set(key, try parseValue(depth: depth + 1))
            skipSpace()
            if skip(UInt8(ascii: "}")) { return .map(entries) }
            guard skip(UInt8(ascii: ",")) else { throw wrong("have `,` or `}`") }
        }
    }

    // MARK: - Numbers

    private mutating func parseNumber() throws -> Value {
        let start = position
        _ = skip(UInt8(ascii: "-"))
        if skip(UInt8(ascii: "0")) {
            if isDigit(current) { throw wrong("have no leading zeros in numbers") }
        } else {
            try skipDigits()
        }
        var isInteger = true
        if skip(UInt8(ascii: ".")) {
            isInteger = false
            try skipDigits()
        }
        if current.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try skipDigits()
        }
        let text = text(from: start, to: position)
        let shown = start..<position
        if isInteger {
            if let int = Int(text) { return .int(int) }
            position = start
            throw ValueError(message: "JSON integers must fit 64 bits, but \(excerpt(shown)) at \(place) does not")
        }
        if let float = Double(text), float.isFinite { return .float(float) }
        position = start
        throw ValueError(message: "JSON numbers must fit a Float, but \(excerpt(shown)) at \(place) does not")
    }

    private mutating func skipDigits() throws {
        guard isDigit(current) else { throw wrong("have a digit") }
        while isDigit(current) { position += 1 }
    }

    // MARK: - Strings

    private mutating func parseString() throws -> String {
        position += 1
        // Nearly all strings stand in the text as they are.
        let start = position
        while let byte = current, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        if skip(UInt8(ascii: "\"")) { return text(from: start, to: position - 1) }
        var result = Array(bytes[start..<position])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                try Work.spend(8 * result.count)
                return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                result.append(contentsOf: String(try parseEscape()).utf8)
            case 0..<0x20: throw wrong("have control characters escaped", hint: "write \\n, \\t or \\u00XX")
            default:
                result.append(byte)
                position += 1
            }
        }
        throw wrong("have `\"` at the end of the string")
    }

    private func text(from start: Int, to end: Int) -> String {
        String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// What follows a `\`.
    private mutating func parseEscape() throws(ValueError) -> Unicode.Scalar {
        guard let byte = current else { throw wrong("have an escape") }
        let scalar: Unicode.Scalar
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scalar = Unicode.Scalar(byte)
        case UInt8(ascii: "b"): scalar = "\u{8}"
        case UInt8(ascii: "f"): scalar = "\u{c}"
        case UInt8(ascii: "n"): scalar = "\n"
        case UInt8(ascii: "r"): scalar = "\r"
        case UInt8(ascii: "t"): scalar = "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw wrong("have one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u as an escape")
        }
        position += 1
        return scalar
    }

    /// One unit, or the two of a surrogate pair.
    private mutating func parseUnicodeEscape() throws(ValueError) -> Unicode.Scalar {
        let start = position
        let high = try parseUnit()
        if let scalar = Unicode.Scalar(high) { return scalar }
        if (0xD800..<0xDC00).contains(high), skip("\\"), current == UInt8(ascii: "u") {
            let low = try parseUnit()
            if (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                return scalar
            }
        }
        position = start
        throw wrong("have surrogates in pairs")
    }

    /// `uXXXX`
    private mutating func parseUnit() throws(ValueError) -> UInt32 {
        position += 1
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = current.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw wrong("have four hexadecimal digits after \\u")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    // MARK: - Bytes

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skip(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    /// Where the reader is, in lines and columns (characters) counted from 1.
    private var place: String {
        let before = bytes[..<position]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        return "line \(line), column \(column)"
    }

    /// A part of the text, which may be a part of a secret.
    private func excerpt(_ part: Range<Int>) -> String { ValueError.quote(SecretMask.excerpt(of: bytes, part)) }

    private func wrong(_ requirement: String, hint: String? = nil) -> ValueError {
        let rest = position..<min(position + 20, bytes.count)
        let found = rest.isEmpty ? "the text ends" : "there is \(excerpt(rest))"
        return ValueError(message: "JSON must \(requirement) at \(place), but \(found)", hint: hint)
    }
}
