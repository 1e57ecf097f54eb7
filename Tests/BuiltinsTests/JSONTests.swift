import Testing

@testable import Lang

private func parse(_ text: String) -> String { call("json.parse", .string(text)) }
private func print(_ value: Value, indent: Bool = false) -> String {
    call("json.print", value, .bool(indent))
}

@Suite struct JSONTests {
    @Test func values() {
        #expect(
            parse(#" {"b": [1, -2.5, 1e3], "a": {}, "b c": null} "#) == #"{b: [1, -2.5, 1000.0], a: {}, "b c": null}"#)
        #expect(parse("[]") == "[]")
        #expect(parse("true") == "true")
        #expect(parse("-0") == "0")
        #expect(parse("9223372036854775807") == "9223372036854775807")
        #expect(parse(#"{"a": 1, "b": 2, "a": 3}"#) == "{a: 3, b: 2}")
    }

    @Test func strings() {
        #expect(parse(#""\"\\\/\b\f\n\r\t\u00e9""#) == #""\"\\/\u{8}\u{c}\n\r\té""#)
        #expect(parse(#""\ud83c\udf89""#) == #""🎉""#)
        #expect(parse(#""\ud83c""#).contains("surrogates in pairs"))
        #expect(parse(#""\udf89""#).contains("surrogates in pairs"))
        #expect(parse(#""\ud83c\u0041""#).contains("surrogates in pairs"))
        #expect(parse("\"a\nb\"").contains("control characters"))
        #expect(parse(#""\x""#).contains("as an escape"))
        #expect(parse(#""\u12G4""#).contains("hexadecimal"))
    }

    @Test(arguments: [
        "", " ", "[1,]", "{,}", "{\"a\":1,}", "[1 2]", "{a: 1}", "{\"a\" 1}", "'a'", "01", "-", "1.", ".5", "+1", "1e",
        "nul",
        "NaN", "[", "{", "\"", "\"\\", "\"\\u", "1 2", "[1]]", "// c\n1", "\u{feff}1", "\u{a0}1",
    ])
    func nothingElseIsAccepted(text: String) {
        #expect(parse(text).hasPrefix("error: JSON must"), "\(text)")
    }

    @Test func whatIsPrintedCanBeRead() {
        let deepest = String(repeating: "[", count: 500) + "1" + String(repeating: "]", count: 500)
        #expect(!parse(deepest).hasPrefix("error"))
        #expect(parse("[\(deepest)]").contains("must nest at most 500 deep"))
        #expect(print(.float(.nan)) == "error: JSON has no number for nan")
        #expect(print(.list([.float(-.infinity)])) == "error: JSON has no number for -inf")
    }

    @Test func everyPrefixEndsInAnError() {
        let text = #"{"a": ["\ud83c\udf89", -1.5e+10, true, null, {"b": false}]}"#
        for length in 0..<text.unicodeScalars.count {
            #expect(
                parse(String(String.UnicodeScalarView(text.unicodeScalars.prefix(length)))).hasPrefix("error: JSON"))
        }
    }

    @Test func errorsSayWhere() {
        #expect(parse("[\n  1,\n  é]") == "error: JSON must have a value at line 3, column 3, but there is \"é]\"")
        #expect(parse("{\"é\": x}").contains("line 1, column 7"))
        #expect(parse("[9223372036854775808]").contains("64 bits, but \"9223372036854775808\" at line 1, column 2"))
        #expect(parse("1e999").contains("must fit a Float"))
    }

    @Test func depthIsBounded() {
        let deepest = String(repeating: "[", count: 499) + "1" + String(repeating: "]", count: 499)
        #expect(!parse(deepest).hasPrefix("error"))
        #expect(parse(String(repeating: "[", count: 100_000)).contains("at most 500 deep"))
        var deep = Value.list([])
        for _ in 0..<1000 { deep = .list([deep]) }
        #expect(print(deep).contains("at most 500 deep"))
    }

    @Test func printing() throws {
        let version = Value.domain(.version(try Version(parsing: "1.2.3-rc.1")))
        let entries: [(String, Value)] = [
            ("tags", ["a\"b", version]), ("x", .float(1)), ("e", .list([])), ("n", .null),
        ]
        let value = Value.map(OrderedMap(entries))
        #expect(
            print(value) == quoted(#"{"tags": ["a\"b", "1.2.3-rc.1"], "x": 1.0, "e": [], "n": null}"#))
        #expect(
            print([1, ["a"]], indent: true)
                == quoted("[\n  1,\n  [\n    \"a\"\n  ]\n]"))
        #expect(print("\u{0}\n\u{1f}é") == quoted(#""\u0000\n\u001fé""#))
        #expect(print(.domain(.secret(Secret("hush", source: "env T")))).contains("but is a Secret"))
        #expect(print([.unknown("docker ps")]) == "<known at run time: docker ps>")
        #expect(print(.object(RangeObject(1, 2, isInclusive: true))).contains("must be data"))
    }
}
