import Lang

/// A text as whoever reads it will have it, once what stands for characters in a URL, in JSON or behind a `\` has been replaced by
/// them. Programs differ in what they write so, and in how: where everything has been replaced, that does not matter.
struct UnescapedText {
    private(set) var bytes: [UInt8] = []
    /// Where in the original what each byte stands for begins; at last, where the original ends.
    private var places: [Int] = []

    /// The original's part that a part of this text stands for.
    func original(of range: Range<Int>) -> Range<Int> { places[range.lowerBound]..<places[range.upperBound] }

    /// The readings that differ from the text itself: of a URL, of JSON, and of one in the other.
    static func readings(of bytes: [UInt8]) -> [UnescapedText] {
        let url = ofURL(bytes)
        guard let json = ofBackslashes(bytes) else { return [url].compactMap(\.self) }
        let both = [ofURL(json.bytes), ofBackslashes(json.bytes)].compactMap { $0?.seen(through: json) }
        return [url, json].compactMap(\.self) + both
    }

    /// This is what became of another one's bytes.
    private func seen(through other: UnescapedText) -> UnescapedText {
        var result = self
        result.places = places.map { other.places[$0] }
        return result
    }

    private mutating func append(_ byte: UInt8, from place: Int) {
        bytes.append(byte)
        places.append(place)
    }

    /// Nil where nothing is to be replaced.
    private static func replacing(
        in text: [UInt8], _ mark: UInt8, _ escape: (_ text: [UInt8], _ place: Int) -> (bytes: [UInt8], length: Int)?
    ) -> UnescapedText? {
        guard var next = text.firstIndex(of: mark) else { return nil }
        var result = UnescapedText(bytes: Array(text[..<next]), places: Array(0..<next))
        var hasAny = false
        while next < text.count {
            if text[next] == mark, let (bytes, length) = escape(text, next) {
                for byte in bytes { result.append(byte, from: next) }
                next += length
                hasAny = true
            } else {
                result.append(text[next], from: next)
                next += 1
            }
        }
        result.places.append(text.count)
        return hasAny ? result : nil
    }

    // MARK: - How it is written

    /// `%2F`
    private static func ofURL(_ text: [UInt8]) -> UnescapedText? {
        replacing(in: text, UInt8(ascii: "%")) { text, place in
            number(in: text, from: place + 1, digits: 2).map { ([UInt8($0)], 3) }
        }
    }

    /// `\n`, `\"`, `\u002F` and `\x2F`, as JSON and most languages have them.
    private static func ofBackslashes(_ text: [UInt8]) -> UnescapedText? {
        replacing(in: text, UInt8(ascii: "\\")) { text, place in
            guard place + 1 < text.count else { return nil }
            switch text[place + 1] {
            case UInt8(ascii: "n"): return ([0x0A], 2)
            case UInt8(ascii: "t"): return ([0x09], 2)
            case UInt8(ascii: "r"): return ([0x0D], 2)
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "'"):
                return ([text[place + 1]], 2)
            case UInt8(ascii: "x"): return number(in: text, from: place + 2, digits: 2).map { ([UInt8($0)], 4) }
            case UInt8(ascii: "u"): return scalar(in: text, place)
            default: return nil
            }
        }
    }

    /// One of the Basic Multilingual Plane, or two surrogates, one behind the other.
    private static func scalar(in text: [UInt8], _ place: Int) -> (bytes: [UInt8], length: Int)? {
        guard let first = number(in: text, from: place + 2, digits: 4) else { return nil }
        if let scalar = Unicode.Scalar(UInt32(first)) { return (Array(String(scalar).utf8), 6) }
        guard text[(place + 6)...].starts(with: "\\u".utf8), let second = number(in: text, from: place + 8, digits: 4),
            UTF16.isLeadSurrogate(first), UTF16.isTrailSurrogate(second)
        else { return nil }
        return (Array(String(decoding: [first, second], as: UTF16.self).utf8), 12)
    }

    private static func number(in text: [UInt8], from start: Int, digits: Int) -> UInt16? {
        guard start + digits <= text.count else { return nil }
        var number: UInt16 = 0
        for byte in text[start..<start + digits] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt16(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt16(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt16(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return number
    }
}
