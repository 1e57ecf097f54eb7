import Testing

@testable import Lang

@Suite struct StringsTests {
    @Test func lengthsCountScalars() {
        #expect(call("Str.len", "naïve🎉") == "6")
        #expect(call("Str.len", "e\u{301}") == "2")
        #expect(call("Str.index_of", "naïve", "v") == "3")
        #expect(call("Str.index_of", "naïve", "x") == "null")
    }

    @Test func splitting() {
        #expect(call("Str.split", "a,b,,c", ",") == #"["a", "b", "", "c"]"#)
        #expect(call("Str.split", "", ",") == #"[""]"#)
        #expect(call("Str.split", "aXXb", "XX") == #"["a", "b"]"#)
        #expect(call("Str.split", "é1", "") == #"["é", "1"]"#)
        #expect(call("Str.split", " a \t b\n", .missing) == #"["a", "b"]"#)
        #expect(call("Str.lines", "a\r\nb\n\nc") == #"["a", "b", "", "c"]"#)
        #expect(call("Str.lines", "a\n") == #"["a"]"#)
        #expect(call("Str.lines", "") == "[]")
        #expect(call("Str.lines", "\n") == #"[""]"#)
    }

    @Test func changing() {
        #expect(call("Str.trim", "\u{a0} a b\r\n") == #""a b""#)
        #expect(call("Str.trim", " \n") == #""""#)
        #expect(call("Str.replace", "aaa", "aa", "b") == #""ba""#)
        #expect(call("Str.replace", "e\u{301}", "e", "x") == #""x\#u{301}""#)
        #expect(call("Str.replace", "abc", "", "x").contains("must not be empty"))
        #expect(call("Str.remove_prefix", "v1", "v") == #""1""#)
        #expect(call("Str.remove_suffix", "a.rel", ".txt") == #""a.rel""#)
        #expect(call("Str.upper", "straße") == #""STRASSE""#)
        #expect(call("Str.starts_with", "ab", "abc") == "false")
        #expect(call("Str.ends_with", "ab", "b") == "true")
        #expect(call("Str.contains", "ab", "") == "true")
    }

    @Test func sizesAreBounded() {
        #expect(call("Str.repeat", "ab", 3) == #""ababab""#)
        #expect(call("Str.repeat", "ab", 0) == #""""#)
        #expect(call("Str.repeat", "", .int(.max)) == #""""#)
        #expect(call("Str.repeat", "ab", -1).contains("0 or more"))
        #expect(call("Str.repeat", "ab", .int(.max)).contains("256 MiB"))
        #expect(call("Str.repeat", "ab", .int(200 << 20)).contains("256 MiB"))
        #expect(call("Str.pad_left", "7", 3, "0") == #""007""#)
        #expect(call("Str.pad_right", "é", 3, .missing) == #""é  ""#)
        #expect(call("Str.pad_left", "abc", -5, "0") == #""abc""#)
        #expect(call("Str.pad_left", "7", .int(.max), "0").contains("256 MiB"))
        #expect(call("Str.pad_left", "7", 3, "ab").contains("one character"))
        #expect(
            call(
                "Str.replace", .string(String(repeating: "a", count: 100_000)), "a",
                .string(String(repeating: "b", count: 100_000))
            )
            .contains("256 MiB"))
    }

    @Test func patterns() {
        #expect(call("Str.matches", "dev-1.2.0", "^dev-[0-9.]+$") == "true")
        #expect(call("Str.find_all", "a1 b22", "[0-9]+") == #"["1", "22"]"#)
        #expect(call("Str.find_all", "a=1 b=", "([a-z])=([0-9])?") == #"[["a", "1"], ["b", null]]"#)
        #expect(call("Str.matches", "a", "(").hasPrefix("error: "))
    }

    @Test func wrongArgumentsAreNamed() {
        #expect(call("Str.contains", "1", 1) == "error: argument `part` of `Str.contains` must be Str, but is 1 (Int)")
        #expect(call("Str.contains", "1").contains("argument `part` of `Str.contains` must be given"))
    }
}
