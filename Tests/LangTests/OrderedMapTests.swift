import Testing

@testable import Lang

@Suite struct OrderedMapTests {
    /// Against the plainest map there is, over sizes with and without a table.
    @Test(arguments: [1, 8, 9, 16, 17, 100, 1000])
    func itHoldsWhatWasPutIn(count: Int) {
        var map = OrderedMap<Int>()
        var plain: [(String, Int)] = []
        func check() {
            #expect(map.keys == plain.map(\.0))
            #expect(map.values == plain.map(\.1))
            for (key, value) in plain { #expect(map[key] == value) }
            #expect(map["none"] == nil)
            #expect(map.position(of: "") == nil)
        }
        for number in 0..<count {
            map["key \(number)"] = number
            plain.append(("key \(number)", number))
        }
        check()
        for number in stride(from: 0, to: count, by: 3) {
            #expect(map.remove("key \(number)") == number)
            plain.removeAll { $0.0 == "key \(number)" }
        }
        check()
        map["key 0"] = -1
        plain.append(("key 0", -1))
        check()
        map["key 0"] = nil
        plain.removeLast()
        check()
    }

    /// In any order, among keys that stand close together in the table.
    @Test(arguments: 1...8)
    func itIsRightAfterEachRemoval(seed: UInt64) {
        var random = seed &* 0x9E37_79B9_7F4A_7C15
        func next(_ limit: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % limit
        }
        var map = OrderedMap<Int>()
        var plain: [(String, Int)] = []
        for round in 0..<600 {
            if plain.isEmpty || next(300) > round / 2 {
                let key = "k\(next(2000))"
                plain = plain.map { $0.0 == key ? (key, round) : $0 }
                if map[key] == nil { plain.append((key, round)) }
                map[key] = round
            } else {
                let position = next(3) == 0 ? plain.count - 1 : next(plain.count)
                let (key, value) = plain.remove(at: position)
                #expect(map.remove(key) == value)
                #expect(map[key] == nil)
            }
            #expect(map.keys == plain.map(\.0))
            #expect(plain.allSatisfy { map[$0.0] == $0.1 })
        }
    }

    @Test func keysAreBytes() {
        var map = OrderedMap<Int>()
        for number in 0..<20 { map["\(number)"] = number }
        map["é"] = 1
        map["e\u{301}"] = 2
        #expect([map["é"], map["e\u{301}"]] == [1, 2])
    }

    @Test func aCopyIsItsOwn() {
        var map = OrderedMap<Int>()
        for number in 0..<20 { map["\(number)"] = number }
        let copy = map
        map["x"] = 1
        map.remove("3")
        #expect(copy["3"] == 3)
        #expect(copy["x"] == nil)
        #expect(copy.count == 20)
    }
}

@Suite struct TextBytesTests {
    private static let texts = [
        "", "a", "ab", "abc", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmnop", "abcdefghijklmnoq", "b", "é",
        "e\u{301}", "😀", "\0", "a\0", "a\0b",
    ]

    @Test func textIsComparedByBytes() {
        for left in Self.texts {
            for right in Self.texts {
                let (one, other) = (Array(left.utf8), Array(right.utf8))
                #expect(sameText(left, right) == (one == other))
                #expect((compareText(left, right) < 0) == one.lexicographicallyPrecedes(other))
                #expect((compareText(left, right) == 0) == (one == other))
                #expect(startsWith(left, right) == one.starts(with: other))
                #expect(endsWith(left, right) == one.reversed().starts(with: other.reversed()))
                if textPrefix(left) != textPrefix(right) {
                    #expect((textPrefix(left) < textPrefix(right)) == one.lexicographicallyPrecedes(other))
                }
                if one == other { #expect(textHash(left) == textHash(right)) }
            }
            #expect(textHash(left) != 0)
        }
    }

    @Test func scalarsAreCounted() {
        for text in Self.texts + ["aé😀e\u{301}bcdefgh😀😀😀é", String(repeating: "é", count: 100)] {
            #expect(scalarCount(text) == text.unicodeScalars.count)
        }
    }

    @Test func partsAreFoundByBytes() throws {
        #expect(try findBytes(of: "gh", in: "abcdefgh") == 6)
        #expect(try findBytes(of: "gh", in: "abcdefgh", from: 7) == nil)
        #expect(try findBytes(of: "", in: "abc", from: 3) == 3)
        #expect(try findBytes(of: "abcd", in: "abc") == nil)
        #expect(try findBytes(of: "abcdefghi", in: "xabcdefghabcdefghi") == 9)
    }

    @Test func aStringRemembersItsLengthAndHash() {
        let string = StringObject("abc")
        #expect(string.count == 3)
        let hash = string.hash
        string.append(StringObject("é"))
        #expect(string.count == 4)
        #expect(!string.isASCII)
        #expect(string.hash == textHash("abcé"))
        #expect(string.hash != hash)
        let other = StringObject("x")
        other.append(string)
        #expect(other.count == 5)
    }
}
