import Testing

@testable import Lang

/// Searching, splitting and replacing against the plainest way to do it.
@Suite struct TextSearchTests {
    private static func plainFind(_ part: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        guard start + part.count <= text.count else { return nil }
        return (start...(text.count - part.count)).first { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    private static func plainSplit(_ text: String, _ separator: String) -> [String] {
        let (bytes, part) = (Array(text.utf8), Array(separator.utf8))
        var parts: [String] = []
        var start = 0
        while let found = plainFind(part, in: bytes, from: start) {
            parts.append(String(decoding: bytes[start..<found], as: UTF8.self))
            start = found + part.count
        }
        return parts + [String(decoding: bytes[start...], as: UTF8.self)]
    }

    private static let alphabets = ["ab", "a", "abc ", "aé", "–\n", "\r\n"]

    private static func text(_ count: Int, _ alphabet: String, _ random: inout SystemRandomNumberGenerator) -> String {
        String(
            String.UnicodeScalarView(
                (0..<count).compactMap { _ in alphabet.unicodeScalars.randomElement(using: &random) }))
    }

    @Test(arguments: alphabets)
    func searchingFindsWhatIsThere(alphabet: String) throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<400 {
            let text = Self.text(Int.random(in: 0...90, using: &random), alphabet, &random)
            let part = Self.text(Int.random(in: 1...12, using: &random), alphabet, &random)
            let (bytes, sought) = (Array(text.utf8), Array(part.utf8))
            let start = Int.random(in: 0...bytes.count, using: &random)
            let expected = Self.plainFind(sought, in: bytes, from: start)
            #expect(
                try findBytes(of: part, in: text, from: start) == expected,
                "\(text.debugDescription) \(part.debugDescription)")
            let twoWay = try withBytes(text) { text in
                withBytes(part) { part in Result { try TwoWaySearch(of: part, in: text).next(from: start) } }
            }.get()
            #expect(twoWay == expected, "\(text.debugDescription) \(part.debugDescription)")
        }
    }

    @Test(arguments: alphabets)
    func partsAreThoseBetween(alphabet: String) throws {
        var random = SystemRandomNumberGenerator()
        for round in 0..<300 {
            let text = Self.text(Int.random(in: 0...120, using: &random), alphabet, &random)
            let part = Self.text(Int.random(in: 1...3, using: &random), alphabet, &random)
            let expected = Self.plainSplit(text, part)
            let object = StringObject(text)
            // With and without its length known.
            if round.isMultiple(of: 2) { _ = object.count }
            let parts = try object.parts(between: part)
            #expect(parts.map { $0.asString } == expected)
            for value in parts { #expect(value.object?.string?.count == value.asString?.unicodeScalars.count) }
            let replaced = try object.replacing(part, by: "<é>")?.text ?? text
            #expect(Array(replaced.utf8) == Array(expected.joined(separator: "<é>").utf8))
        }
    }

    /// A part that nearly is at each place: what is plain would take minutes for each.
    @Test(arguments: [("a", "b", "a"), ("a", "b", ""), ("", "b", "a"), ("ab", "c", "ab"), ("aab", "ab", "a")])
    func muchThatIsAlikeTakesLittleTime(begin: String, middle: String, end: String) throws {
        let half = 200_000
        let part = String(repeating: begin, count: half) + middle + String(repeating: end, count: half)
        let other = String(repeating: "aab", count: half)
        for text in [String(repeating: "a", count: 4 * half), String(repeating: "ab", count: 4 * half), other] {
            #expect(try findBytes(of: part, in: text) == nil)
            #expect(try findBytes(of: part, in: text + part + text) == text.utf8.count)
            let parts = try StringObject(text + part + part + text).parts(between: part)
            #expect(parts.map { $0.asString?.utf8.count } == [text.utf8.count, 0, text.utf8.count])
        }
    }

    @Test func whatIsLongIsFoundWhereverItStands() throws {
        let filler = String(repeating: "x", count: 70_000)
        for part in ["y", "yz", "y" + filler, "xy", "y" + filler + "z"] {
            let text = filler + part + filler
            #expect(
                try findBytes(of: part, in: text)
                    == Self.plainFind(Array(part.utf8), in: Array(text.utf8), from: 69_000))
            let parts = try StringObject(text).parts(between: part)
            #expect(parts.count == 2 && parts.map { $0.asString?.utf8.count ?? 0 }.reduce(0, +) == 140_000)
        }
    }

    @Test func linesAndTheirEnds() throws {
        let lines = { (text: String) throws in try StringObject(text).lines().map { $0.asString ?? "" } }
        #expect(try lines("") == [])
        #expect(try lines("\n") == [""])
        #expect(try lines("\r\n") == [""])
        #expect(try lines("a\r") == ["a"])
        #expect(try lines("a\r\r\nb") == ["a\r", "b"])
        #expect(try lines("a\n\r\n\nb\r\n") == ["a", "", "", "b"])
        #expect(try lines("é\u{2028}ü\n") == ["é\u{2028}ü"])
        let many = String(repeating: "a line of some length\r\n", count: 10_000)
        #expect(try lines(many) == Array(repeating: "a line of some length", count: 10_000))
    }

    @Test func numbersAreWrittenWithTheirDigits() {
        for number in [0, 7, 9, 10, 99, 100, 999, 1000, 12345, -1, -10, -999, .max, .min, 1_000_000, 999_999] {
            #expect(number.digitCount == String(number).utf8.count)
            let text = String(unsafeUninitializedCapacity: 20) { buffer in
                var writer = TextWriter(buffer)
                writer.write(number, digits: number.digitCount)
                return writer.count
            }
            #expect(text == String(number))
        }
    }

    /// Texts that differ late, early, in length alone, or in what Swift's own comparison does not see.
    @Test func textsAreComparedByTheirBytes() {
        let texts = [
            "", "\0", "\0\0", "a", "a\0", "ab", "abcdefg", "abcdefgh", "abcdefgh\0", "abcdefghi", "abcdefghij",
            "abcdefghijklmnop", "abcdefghijklmnoq", "b", "e\u{301}", "é", "\u{10FFFF}", "\u{FFFF}",
        ]
        for one in texts {
            for other in texts {
                let (left, right) = (StringObject(one), StringObject(other))
                let before = one.utf8.lexicographicallyPrecedes(other.utf8)
                let same = one.utf8.elementsEqual(other.utf8)
                #expect(compareTexts(.less, left, right) == before)
                #expect(compareTexts(.equal, left, right) == same)
                #expect(compareTexts(.notEqual, left, right) == !same)
                #expect(compareTexts(.greaterOrEqual, left, right) == !before)
                #expect(sameText(one, other) == same)
                if same { #expect(textHash(one) == textHash(other)) }
            }
        }
    }
}
