import Testing

@testable import Lang

@Suite("A regular expression in linear time")
struct LinearRegexTests {
    /// Pattern, text, and the first match with its groups; nil for none.
    static let first: [(pattern: String, text: String, match: [String?]?)] = [
        // Literals and priority.
        ("", "", [""]), ("", "abc", [""]), ("a", "", nil), ("b", "abc", ["b"]), ("abc", "ab", nil),
        ("a|ab", "ab", ["a"]), ("ab|a", "ab", ["ab"]), ("|a", "a", [""]), ("a||b", "b", [""]),
        ("(a|ab)(c|bcd)", "abcd", ["abcd", "a", "bcd"]),
        ("(?:a|ab)(?:c|bcd)$", "abcd", ["abcd"]), ("b|a", "ab", ["a"]),
        // Repetition, greedy and lazy.
        ("a*", "baa", [""]), ("a+", "baa", ["aa"]), ("a+?", "baa", ["a"]), ("a*?b", "aab", ["aab"]),
        ("a??b", "ab", ["ab"]),
        ("a{2}", "aaa", ["aa"]), ("a{2,}", "aaaa", ["aaaa"]), ("a{2,}?", "aaaa", ["aa"]), ("a{1,2}", "aaa", ["aa"]),
        ("a{0}b", "ab", ["b"]), ("a{0,1}?", "a", [""]), ("a{1000}", String(repeating: "a", count: 999), nil),
        ("<.+>", "<a><b>", ["<a><b>"]), ("<.+?>", "<a><b>", ["<a>"]), ("(a*)*", "aab", ["aa", "aa"]),
        ("(a*)+", "b", ["", ""]),
        ("(a|b)*", "abba", ["abba", "a"]), ("(a*)*b", "aaab", ["aaab", "aaa"]), ("(|a)*", "aa", ["", ""]),
        ("(|a)+", "aa", ["", ""]), ("(a|)+", "aa", ["aa", "a"]), ("(?:)*a", "a", ["a"]), ("^*a", "a", ["a"]),
        // Groups.
        ("(a)|(b)", "b", ["b", nil, "b"]), ("((a)(b)?)", "a", ["a", "a", "a", nil]), ("()", "a", ["", ""]),
        ("(?<year>\\d{4})-(?P<month>\\d\\d)", "on 2024-05", ["2024-05", "2024", "05"]), ("(a){2}", "aa", ["aa", "a"]),
        ("(?:(a)|b)*", "ab", ["ab", "a"]), ("(a+)(a+)", "aaa", ["aaa", "aa", "a"]),
        ("(a+?)(a+)", "aaa", ["aaa", "a", "aa"]),
        // Classes.
        ("[a-c]+", "xabcd", ["abc"]), ("[^a-c]+", "abxyc", ["xy"]), ("[]a]+", "a]b", ["a]"]), ("[^]a]", "]ab", ["b"]),
        ("[a-]+", "a-b", ["a-"]), ("[-a]+", "a-b", ["a-"]), ("[\\d_]+", "a1_2", ["1_2"]),
        ("[^\\d\\s]+", "1 ab 2", ["ab"]),
        ("[\\]\\\\]+", "a]\\", ["]\\"]), ("[.]", "a.", ["."]), ("[\\x41-\\u{43}]+", "ABCD", ["ABC"]),
        ("[a^]", "^", ["^"]),
        ("[é]", "e\u{301}é", ["é"]), ("[α-ω]+", "xλμ", ["λμ"]), ("[\\w.-]+", "a.b-c d", ["a.b-c"]),
        ("[\\D]", "1a", ["a"]),
        ("[\\W\\w]", "\n", ["\n"]), ("[^\\x00-\\u{10FFFF}]", "a", nil),
        ("[[:alpha:]]+", "1aé", ["a"]), ("[[:^alpha:]_]+", "ab1_", ["1_"]),
        ("[^[:space:][:digit:]]+", "1 a\u{B}b", ["a"]),
        ("[[:word:]-]+", "a_1-b c", ["a_1-b"]), ("[\\w-.]+", "a-b.c d", ["a-b.c"]), ("[\\d-z]+", "1-z2a", ["1-z2"]),
        ("[\\d--/]+", "1-./:", ["1-./"]), ("[[:alpha:]-z]+", "a-z1", ["a-z"]), ("a\\_b", "a_b", ["a_b"]),
        ("[a-c[:upper:]]+", "xaBd", ["aB"]), ("(?i)[[:upper:]]+", "aB", ["aB"]),
        ("[[:alnum:]][[:punct:]][[:xdigit:]]", "z!f", ["z!f"]), ("[[:lower:]:]+", "a:B", ["a:"]),
        ("[:a]+", ":a", [":a"]),
        ("\\pL+", "1aéλ中2", ["aéλ中"]), ("\\p{Lu}", "aÉ", ["É"]), ("\\p{^L}", "a1", ["1"]), ("\\PL+", "a1-b", ["1-"]),
        ("[\\p{Nd}\\pP]+", "a٣!b", ["٣!"]), ("\\p{Mn}", "e\u{301}", ["\u{301}"]), ("[^\\pL\\pZ]+", "a €\u{A0}", ["€"]),
        ("\\p{L}\\p{Sc}", "\u{2CEA1}€", ["\u{2CEA1}€"]), ("\\a", "\u{7}", ["\u{7}"]),
        // Escapes.
        ("\\d+\\.\\d+", "v1.25", ["1.25"]), ("\\D\\W\\S", "1ab!c", ["b!c"]),
        ("\\s+", "a \t\r\n\u{C}b", [" \t\r\n\u{C}"]),
        ("\\n\\t\\r", "\n\t\r", ["\n\t\r"]), ("\\x41\\x{42}\\u{1F600}", "AB😀", ["AB😀"]),
        ("\\$\\{a\\}\\/", "${a}/", ["${a}/"]),
        ("\\w+", "é_a1", ["_a1"]), ("\\d", "\u{0663}", nil), ("}]", "}]", ["}]"]),
        // Anchors.
        ("^a", "ba", nil), ("a$", "ab", nil), ("a$", "a\n", nil), ("^$", "", [""]), ("^$", "\n", nil),
        ("(?m)^b$", "a\nb\nc", ["b"]),
        ("(?m)a$", "a\nb", ["a"]), ("(?m)^$", "a\n", [""]), ("(?m)\\Ab", "a\nb", nil), ("(?m)a\\z", "a\nb", nil),
        ("$a", "a", nil),
        ("\\bfoo\\b", "foobar foo", ["foo"]), ("\\Bo", "oo", ["o"]), ("\\b", "!", nil), ("\\b", "!a", [""]),
        ("\\B", "", [""]),
        ("\\bx", "éx", ["x"]),
        // Flags.
        ("(?i)aBc", "xAbC", ["AbC"]), ("a(?i)b", "aB", ["aB"]), ("a(?i)b", "AB", nil), ("(a(?i)b)c", "aBC", nil),
        ("(?i:a)b", "Ab", ["Ab"]), ("(?i:a)b", "AB", nil), ("(?i)a(?-i)b", "AB", nil), ("(?i)[a-c]+", "xBCa", ["BCa"]),
        ("(?i)[^a]", "Ab", ["b"]), ("a.b", "a\nb", nil), ("(?s)a.b", "a\nb", ["a\nb"]), ("(?s-s)a.b", "a\nb", nil),
        ("(?is)A.B", "a\nb", ["a\nb"]),
        ("(?i)a|b", "B", ["B"]), ("(?i)k", "\u{212A}", nil), ("(?:)a", "a", ["a"]), ("(?)a", "a", ["a"]),
        // Scalars, not characters.
        (".", "\r\n", ["\r"]), ("\\r", "\r\n", ["\r"]), ("(?s)^..$", "\r\n", ["\r\n"]), ("e", "e\u{301}", ["e"]),
        ("^e\u{301}$", "é", nil), ("^é$", "e\u{301}", nil), (".", "👩‍👩‍👧", ["👩"]), ("\0", "a\0b", ["\0"]),
        ("^.$", "🇩🇪", nil),
        ("^..$", "🇩🇪", ["🇩🇪"]), (".", "\n", nil), (".", "\u{2028}", ["\u{2028}"]),
        // Of use in recipes.
        ("^dev-(\\d+\\.\\d+\\.\\d+)$", "dev-1.2.3", ["dev-1.2.3", "1.2.3"]),
        (
            "(?m)^## \\[(.+?)\\] - (\\d{4}-\\d{2}-\\d{2})$", "# Log\n## [1.2.0] - 2024-01-02\n- x",
            ["## [1.2.0] - 2024-01-02", "1.2.0", "2024-01-02"]
        ),
    ]

    @Test("finds the leftmost match that the pattern prefers", arguments: first)
    func firstMatch(_ pattern: String, _ text: String, _ expected: [String?]?) throws {
        let regex = try LinearRegex(pattern)
        let match = regex.firstMatch(in: text)
        #expect(match.map { scalars([$0.text] + $0.groups) } == expected.map(scalars))
        #expect(regex.matches(text) == (expected != nil))
    }

    /// By scalars: two strings are equal to Swift also when only their characters are.
    private func scalars(_ texts: [String?]) -> [[Unicode.Scalar]?] {
        texts.map { $0.map { Array($0.unicodeScalars) } }
    }

    static let all: [(pattern: String, text: String, matches: [String])] = [
        ("a", "banana", ["a", "a", "a"]), ("a*", "baaac", ["", "aaa", ""]), ("", "ab", ["", "", ""]), ("x", "", []),
        ("", "", [""]),
        ("\\d+", "1 22 333", ["1", "22", "333"]), ("aa", "aaaaa", ["aa", "aa"]), ("^a", "aaa", ["a"]),
        ("(?m)^.", "ab\ncd", ["a", "c"]),
        ("\\b", "ab cd", ["", "", "", ""]), ("$", "ab", [""]), ("a|", "aba", ["a", "a"]), ("a*?", "aa", ["", "", ""]),
        ("(?s).", "\r\n", ["\r", "\n"]), (".", "e\u{301}", ["e", "\u{301}"]), ("a*b|a", "aaab aa", ["aaab", "a", "a"]),
    ]

    @Test("finds all matches that do not overlap", arguments: all)
    func allMatches(_ pattern: String, _ text: String, _ expected: [String]) throws {
        #expect(scalars(try LinearRegex(pattern).allMatches(in: text).map(\.text)) == scalars(expected))
    }

    static let invalid: [(pattern: String, what: String)] = [
        ("(", "a \"(\" without its \")\" at offset 0"), ("ab(c", "a \"(\" without its \")\" at offset 2"),
        (")", "a \")\" without its \"(\" at offset 0"), ("a|b)", "a \")\" without its \"(\" at offset 3"),
        ("[", "a \"[\" without its \"]\" at offset 0"), ("a[]", "a \"[\" without its \"]\" at offset 1"),
        ("[^]", "a \"[\" without its \"]\" at offset 0"), ("[a-", "a \"[\" without its \"]\" at offset 0"),
        ("*a", "a quantifier with nothing to repeat at offset 0"),
        ("a|+", "a quantifier with nothing to repeat at offset 2"),
        ("(?i)*", "a quantifier with nothing to repeat at offset 4"),
        ("a**", "a quantifier of a quantifier at offset 2"), ("a++", "a quantifier of a quantifier at offset 2"),
        ("a{2}{3}", "a quantifier of a quantifier at offset 4"), ("a*??", "a quantifier of a quantifier at offset 3"),
        ("a{", "a \"{\" that is not {m}, {m,} or {m,n} at offset 1"),
        ("a{,2}", "a \"{\" that is not {m}, {m,} or {m,n} at offset 1"),
        ("a{1,2", "a \"{\" that is not {m}, {m,} or {m,n} at offset 1"),
        ("a{-1}", "a \"{\" that is not {m}, {m,} or {m,n} at offset 1"),
        ("{1}", "a \"{\" that is not {m}, {m,} or {m,n} after something at offset 0"),
        ("a{1001}", "a repetition of more than 1000 at offset 1"),
        ("a{1,99999999999999999999}", "a repetition of more than 1000 at offset 1"),
        ("a{3,2}", "a repetition whose limits are reversed at offset 1"),
        ("[z-a]", "a range whose ends are not in order at offset 1"),
        ("[a-\\d]", "a range that ends with a class at offset 1"),
        ("[[:alpah:]]", "a \"[:\" in a class at offset 1"), ("[[.a.]]", "a \"[.\" in a class at offset 1"),
        ("[[:alpha]]", "a \"[:\" in a class at offset 1"),
        ("\\p{Greek}", "an unknown class of Unicode at offset 0"), ("\\p{L", "an unknown class of Unicode at offset 0"),
        ("\\pX", "an unknown class of Unicode at offset 0"), ("\\p", "an unknown class of Unicode at offset 0"),
        ("\\", "a \"\\\" with nothing after it at offset 0"),
        ("[\\", "a \"\\\" with nothing after it at offset 1"), ("\\q", "an unknown escape \"\\\\q\" at offset 0"),
        ("\\é", "an unknown escape \"\\\\é\" at offset 0"), ("[\\b]", "an unknown escape \"\\\\b\" at offset 1"),
        ("\\Qa", "an unknown escape \"\\\\Q\" at offset 0"), ("\\C", "an unknown escape \"\\\\C\" at offset 0"),
        ("\\\n", "an unknown escape \"\\\\\\n\" at offset 0"),
        ("(a)\\1", "a \"\\1\" at offset 3"),
        ("\\x4", "a code that is not \\x41 or \\u{1F600} of a Unicode scalar at offset 0"),
        ("\\u{D800}", "a code that is not \\x41 or \\u{1F600} of a Unicode scalar at offset 0"),
        ("\\u{110000}", "a code that is not \\x41 or \\u{1F600} of a Unicode scalar at offset 0"),
        ("\\u0041", "a code that is not \\x41 or \\u{1F600} of a Unicode scalar at offset 0"),
        ("\\u{}", "a code that is not \\x41 or \\u{1F600} of a Unicode scalar at offset 0"),
        ("\\u{0000041}", "a code that is not \\x41 or \\u{1F600} of a Unicode scalar at offset 0"),
        ("(?=a)", "an unknown kind of group at offset 0"), ("(?!a)", "an unknown kind of group at offset 0"),
        ("(?<=a)", "an unknown kind of group at offset 0"), ("(?<!a)", "an unknown kind of group at offset 0"),
        ("(?P=a)", "an unknown kind of group at offset 0"), ("(?>a)", "an unknown kind of group at offset 0"),
        ("(?U)a", "an unknown kind of group at offset 0"), ("(?--i)a", "an unknown kind of group at offset 0"),
        ("(?i", "a \"(\" without its \")\" at offset 0"), ("(?", "a \"(\" without its \")\" at offset 0"),
        ("(?<1>a)", "a group whose name is not letters, digits and \"_\" up to a \">\" at offset 0"),
        ("(?<>a)", "a group whose name is not letters, digits and \"_\" up to a \">\" at offset 0"),
        ("(?<n", "a group whose name is not letters, digits and \"_\" up to a \">\" at offset 0"),
        ("(?<n>a)(?<n>b)", "a second group named \"n\" at offset 7"),
    ]

    @Test("says what is wrong with a pattern, and where", arguments: invalid)
    func refusal(_ pattern: String, _ what: String) {
        let error = #expect(throws: ValueError.self) { try LinearRegex(pattern) }
        #expect(error?.message == "regular expression must be valid, but is \(ValueError.quote(pattern)): \(what)")
    }

    static let tooLarge = [
        "(?:a{1000}){1000}", "(?:(?:(?:){1000}){1000}){1000}", "(((a{100}){100}){100}){100}",
        String(repeating: "(", count: 100_000),
        String(repeating: "(", count: 51) + String(repeating: ")", count: 51),
        String(repeating: "(?:", count: 100_000),
        String(repeating: "()", count: 101), String(repeating: "a", count: 10_001),
        String(repeating: "a|", count: 10_001),
        String(repeating: "[", count: 100_000), "a{1000}{1000}", "((a*){1000}*){1000}",
    ]

    @Test("refuses a pattern that is too deep or too large", arguments: tooLarge)
    func limits(_ pattern: String) {
        #expect(throws: ValueError.self) { try LinearRegex(pattern) }
    }

    @Test("takes a pattern up to the limits")
    func withinLimits() throws {
        #expect(
            try LinearRegex(String(repeating: "(?:", count: 50) + "a" + String(repeating: ")", count: 50)).matches(
                "a"))
        #expect(
            try LinearRegex(String(repeating: "(a)", count: 100)).firstMatch(in: String(repeating: "a", count: 100))?
                .groups.count == 100)
        #expect(try LinearRegex("^(?:[a-z]{1,1000}){1,4}$").matches(String(repeating: "q", count: 4_000)))
    }

    static let explosive: [(String, String)] = [
        ("(a+)+$", String(repeating: "a", count: 5_000) + "b"), ("(a|a)*b", String(repeating: "a", count: 5_000)),
        ("(a|aa)+$", String(repeating: "a", count: 5_000) + "b"),
        ("(.*)(.*)(.*)(.*)(.*)x", String(repeating: "a", count: 5_000)),
        ("((a*)*)*b", String(repeating: "a", count: 5_000)),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", String(repeating: "a", count: 5_000)),
        ("(x+x+)+y", String(repeating: "x", count: 5_000)),
        ("(?:a?){200}a{200}b", String(repeating: "a", count: 1_000)),
    ]

    @Test("stays quick where backtracking would not end", .timeLimit(.minutes(10)), arguments: explosive)
    func linear(_ pattern: String, _ text: String) throws {
        #expect(try LinearRegex(pattern).firstMatch(in: text) == nil)
    }

    @Test("knows the names of its groups")
    func groupNames() throws {
        #expect(try LinearRegex("(?<a>x)(y)(?P<b_2>z)(?:w)").groupNames == ["a", nil, "b_2"])
    }

    @Test("is equal by what it matches, to the scalar")
    func equality() throws {
        #expect(try LinearRegex("a+") == LinearRegex("a+"))
        #expect(try LinearRegex("é") != LinearRegex("e\u{301}"))
    }

    @Test("never traps on any cut or mutation of a pattern")
    func mutations() {
        let alphabet: [Unicode.Scalar] = [
            "(", ")", "[", "]", "{", "}", "?", "*", "\\", "-", "^", "<", ">", ":", "9", ",", "\0", "\u{301}", "u",
        ]
        for (pattern, text, _) in Self.first {
            let scalars = Array(pattern.unicodeScalars)
            for index in scalars.indices {
                var candidates = [scalars[..<index], scalars[index...]]
                for replacement in alphabet {
                    candidates.append(scalars[..<index] + [replacement] + scalars[index...].dropFirst())
                }
                for candidate in candidates {
                    var view = String.UnicodeScalarView()
                    view.append(contentsOf: candidate)
                    _ = (try? LinearRegex(String(view)))?.allMatches(in: text)
                }
            }
        }
    }
}
