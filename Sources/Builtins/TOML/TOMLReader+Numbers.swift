import Lang

// Values without quotes or brackets: `true`, numbers, dates and times.
extension TOMLReader {
    mutating func readBareValue() throws(TOMLError) -> TOMLValue.Content {
        let start = position
        skipWord()
        // A blank may stand between a date and its time.
        if TOMLDateReader.isDate(bytes[start..<position]), skip(" ") {
            if isDigit(current) { skipWord() } else { position -= 1 }
        }
        let word = bytes[start..<position]
        let range = SourceRange(start, position)
        let text = String(decoding: word, as: UTF8.self)
        if word.isEmpty {
            throw wrong("a value", "text in quotes, a number, true or false, a date, an array or a table")
        }
        switch text {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "inf", "+inf": return .float(.infinity)
        case "-inf": return .float(-.infinity)
        case "nan", "+nan", "-nan": return .float(.nan)
        default: break
        }
        if TOMLDateReader.isDate(word) || TOMLDateReader.isTime(word) {
            return .dateTime(try dateTime(word, text, range))
        }
        guard let first = word.first, isDigit(first) || "+-.".utf8.contains(first) else {
            throw .notAValue(SecretMask.excerpt(of: bytes, start..<position), at: range)
        }
        return try number(word, text, range)
    }

    private mutating func skipWord() {
        while let byte = current, Self.isBare(byte) || "+.:".utf8.contains(byte) { position += 1 }
    }

    func isDigit(_ byte: UInt8?) -> Bool { byte.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false }

    private func dateTime(
        _ word: ArraySlice<UInt8>, _ text: String, _ range: SourceRange
    ) throws(TOMLError) -> TOMLDateTime {
        var reader = TOMLDateReader(word)
        guard let kind = reader.read() else {
            throw .dateTime(
                "such as 2025-01-31, 07:30:00, 2025-01-31T07:30:00 or 2025-01-31T07:30:00Z", text, at: range)
        }
        guard reader.isReal else { throw .dateTime("one that calendar and clock have", text, at: range) }
        return TOMLDateTime(kind: kind, text: text)
    }

    // MARK: - Numbers

    private func number(
        _ word: ArraySlice<UInt8>, _ text: String, _ range: SourceRange
    ) throws(TOMLError) -> TOMLValue.Content {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.starts(with: prefix.utf8) {
            var rest = word.dropFirst(2)
            guard let digits = digits(&rest, radix: radix), rest.isEmpty else {
                throw .number("digits of base \(radix) after `\(prefix)`, with single `_` between", text, at: range)
            }
            return .integer(try integer(digits, radix: radix, text, range))
        }
        var rest = word
        let sign = rest.first == UInt8(ascii: "-") ? "-" : ""
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard let whole = digits(&rest) else { throw malformed(text, range) }
        if whole.utf8.count > 1, whole.utf8.first == UInt8(ascii: "0") {
            throw .number("without zeros in front", text, at: range)
        }
        if rest.isEmpty { return .integer(try integer(sign + whole, radix: 10, text, range)) }
        return .float(try float(sign + whole, &rest, text, range))
    }

    private func integer(_ digits: String, radix: Int, _ text: String, _ range: SourceRange) throws(TOMLError) -> Int {
        if let integer = Int(digits, radix: radix) { return integer }
        throw .number("between \(Int.min) and \(Int.max)", text, at: range)
    }

    /// The whole part and, in `rest`, `.5`, `e10` or both.
    private func float(
        _ whole: String, _ rest: inout ArraySlice<UInt8>, _ text: String, _ range: SourceRange
    ) throws(TOMLError) -> Double {
        var plain = whole
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard let fraction = digits(&rest) else { throw malformed(text, range) }
            plain += "." + fraction
        }
        if rest.first.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
            rest.removeFirst()
            plain += "e"
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                plain.unicodeScalars.append(Unicode.Scalar(rest.removeFirst()))
            }
            guard let exponent = digits(&rest) else { throw malformed(text, range) }
            plain += exponent
        }
        guard rest.isEmpty, let float = Double(plain) else { throw malformed(text, range) }
        guard float.isFinite else { throw .number("within the range of 64-bit floats", text, at: range) }
        return float
    }

    private func malformed(_ text: String, _ range: SourceRange) -> TOMLError {
        .number("such as 42, 1_000, 0xff, 3.14 or 1e6", text, at: range)
    }

    /// Takes digits from the front, leaving out single `_` between two of them. Nil where there are none or a `_` is
    /// elsewhere.
    private func digits(_ rest: inout ArraySlice<UInt8>, radix: Int = 10) -> String? {
        var plain: [UInt8] = []
        var isSeparated = true
        while let byte = rest.first {
            if byte == UInt8(ascii: "_") {
                if isSeparated { return nil }
                isSeparated = true
            } else if let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix {
                plain.append(byte)
                isSeparated = false
            } else {
                break
            }
            rest.removeFirst()
        }
        return isSeparated ? nil : String(decoding: plain, as: UTF8.self)
    }
}
