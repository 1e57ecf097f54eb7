import Testing

@testable import Builtins
@testable import Lang

/// What a text holds, as a literal of the language; `error: line:column: …` where it is not TOML.
private func read(_ text: String) -> String { read(Array(text.utf8)) }

private func read(_ bytes: [UInt8]) -> String {
    do {
        return Value.map(TOMLText.entries(try TOMLReader.read(bytes))).literal
    } catch {
        let place = SourceFile(name: "", bytes: bytes).position(of: error.range.start)
        return "error: \(place.line):\(place.column): \(error.problem)"
    }
}

@Suite struct TOMLReaderTests {
    @Test(arguments: [
        ("", "{}"),
        (" \t\n\r\n# only this\n  # and this", "{}"),
        ("a = 1 # é\t\r\nb=2", "{a: 1, b: 2}"),
        ("\u{feff}a = 1", "{a: 1}"),
        ("z = 1\ny = 2\nx = 3", "{z: 1, y: 2, x: 3}"),
    ])
    func linesAndComments(_ text: String, _ expected: String) {
        #expect(read(text) == expected)
    }

    @Test(arguments: [
        ("bare_key-1 = 1", "{\"bare_key-1\": 1}"),
        ("1234 = 1", "{\"1234\": 1}"),
        ("\"a.b\" = 1\n'c\"d' = 2\n\"\" = 3", "{\"a.b\": 1, \"c\\\"d\": 2, \"\": 3}"),
        ("\"\\u00e9\" = 1", "{\"é\": 1}"),
        ("\"\u{e9}\" = 1\n\"e\u{301}\" = 2", "{\"é\": 1, \"e\u{301}\": 2}"),
        ("a . 'b c'\t. d = 1\na.e = 2", "{a: {\"b c\": {d: 1}, e: 2}}"),
        ("3.14 = 1", "{\"3\": {\"14\": 1}}"),
        ("true = 1\ninf = 2", "{true: 1, inf: 2}"),
    ])
    func keys(_ text: String, _ expected: String) {
        #expect(read(text) == expected)
    }

    @Test(arguments: [
        ("a = \"\"", ""),
        (#"a = "\b\t\n\f\r\"\\\u00e9\U0001F389""#, "\u{8}\t\n\u{c}\r\"\\é🎉"),
        ("a = \"tab\there\"", "tab\there"),
        ("a = '\\n \"x\"'", "\\n \"x\""),
        ("a = \"\"\"\none\ntwo\"\"\"", "one\ntwo"),
        ("a = \"\"\"\r\none\r\ntwo\"\"\"", "one\ntwo"),
        ("a = \"\"\"one \\  \n\n\t  two \\\r\n  three\"\"\"", "one two three"),
        ("a = \"\"\"\"\"\"", ""),
        ("a = \"\"\"a\"\"b\\\"\"\"c\"\"\"\"\"", "a\"\"b\"\"\"c\"\""),
        ("a = '''\n\\n\n''x'''''", "\\n\n''x''"),
        ("a = '''one\r\ntwo'''", "one\ntwo"),
    ])
    func text(_ text: String, _ expected: String) {
        #expect(read(text) == "{a: \(quoted(expected))}")
    }

    @Test(arguments: [
        ("0", "0"), ("+99", "99"), ("-17", "-17"), ("-0", "0"), ("1_000_0", "10000"),
        ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
        ("0xDEAD_beef", "3735928559"), ("0x00", "0"), ("0o755", "493"), ("0b1101", "13"),
        ("0x7fffffffffffffff", "9223372036854775807"),
        ("3.1415", "3.1415"), ("-0.01", "-0.01"), ("5e+22", "50000000000000000000000.0"), ("1e06", "1000000.0"),
        ("6.5E-1_0", "0.00000000065"),
        ("9_2.1_5", "92.15"), ("-0.0", "-0.0"), ("1e-999", "0.0"),
        ("true", "true"), ("false", "false"),
    ])
    func numbersAndTruth(_ text: String, _ expected: String) {
        #expect(read("a = \(text)") == "{a: \(expected)}")
    }

    @Test(arguments: [
        ("inf", Double.infinity), ("+inf", .infinity), ("-inf", -.infinity), ("nan", .nan), ("+nan", .nan),
        ("-nan", .nan),
    ])
    func specialFloats(_ text: String, _ expected: Double) throws {
        guard case .float(let float) = try TOMLReader.read(Array("a = \(text)".utf8))["a"]?.content else {
            Issue.record("\(text) is no float")
            return
        }
        #expect(float == expected || float.isNaN && expected.isNaN)
    }

    @Test(arguments: [
        ("1979-05-27T07:32:00Z", TOMLDateTime.Kind.offsetDateTime),
        ("1979-05-27t00:32:00.999999-07:00", .offsetDateTime),
        ("1979-05-27 07:32:00z", .offsetDateTime), ("1990-12-31T23:59:60Z", .offsetDateTime),
        ("1979-05-27T07:32:00", .localDateTime), ("1979-05-27 00:32:00.5", .localDateTime),
        ("1979-05-27", .localDate), ("2024-02-29", .localDate), ("2000-02-29", .localDate), ("0000-01-01", .localDate),
        ("07:32:00", .localTime), ("00:32:00.999999", .localTime),
    ])
    func datesAndTimesKeepTheirText(_ text: String, _ kind: TOMLDateTime.Kind) throws {
        let table = try TOMLReader.read(Array("a = \(text) # b\nc = \(text)".utf8))
        guard case .dateTime(let moment) = table["a"]?.content else {
            Issue.record("\(text) is no date or time")
            return
        }
        #expect(moment == TOMLDateTime(kind: kind, text: text))
        #expect(read("a = [\(text)]") == "{a: [\(quoted(text))]}")
    }

    @Test(arguments: [
        ("a = []", "{a: []}"),
        ("a = [1, 'x', [2.5, {b = 3}],]", "{a: [1, \"x\", [2.5, {b: 3}]]}"),
        ("a = [ # one\n 1 # two\r\n\n , # three\n 2\n # four\n]", "{a: [1, 2]}"),
        ("a = {}\nb = { }", "{a: {}, b: {}}"),
        ("a = { x = 1, y.z = 2, \"y\".w = [\n1\n] }", "{a: {x: 1, y: {z: 2, w: [1]}}}"),
    ])
    func arraysAndInlineTables(_ text: String, _ expected: String) {
        #expect(read(text) == expected)
    }

    @Test(arguments: [
        ("[a]\n[b]\nx = 1", "{a: {}, b: {x: 1}}"),
        ("[ a . 'b c' ] # d\nx = 1", "{a: {\"b c\": {x: 1}}}"),
        ("[a.b.c]\nx = 1\n[a]\ny = 2", "{a: {b: {c: {x: 1}}, y: 2}}"),
        ("[a.b]\n[a.c]\n[a]\nd.e = 1", "{a: {b: {}, c: {}, d: {e: 1}}}"),
        ("a.b = 1\n[a.c]\nd = 2", "{a: {b: 1, c: {d: 2}}}"),
        ("[[a]]\nx = 1\n[[a]]\n[[a]]\nx = 2", "{a: [{x: 1}, {}, {x: 2}]}"),
        ("[[a]]\n[a.b]\nx = 1\n[[a.c]]\ny = 1\n[[a]]\n[a.b]\nx = 2", "{a: [{b: {x: 1}, c: [{y: 1}]}, {b: {x: 2}}]}"),
        ("[a.b.c]\n[a]\nb.x = 1\nb.y = 2", "{a: {b: {c: {}, x: 1, y: 2}}}"),
    ])
    func tables(_ text: String, _ expected: String) {
        #expect(read(text) == expected)
    }

    @Test func keysAndValuesHaveTheirPlaces() throws {
        let text = "'é' = 'x' # y\n[t.\"u v\"]\nw.z = [1, {k = 2}]\n[[l]]\n[t]\nm = 3"
        let file = SourceFile(name: "", text: text)
        let table = try TOMLReader.read(file.bytes)
        var found: [String] = []
        func visit(_ value: TOMLValue) {
            found.append(file.text(value.range))
            if case .array(let items) = value.content { items.forEach(visit) }
            for entry in value.table?.entries.values ?? [] {
                found.append(file.text(entry.keyRange) + ":")
                visit(entry.value)
            }
        }
        visit(TOMLValue(content: .table(table), range: SourceRange(0, 0)))
        #expect(
            found == [
                "", "'é':", "'x'", "t:", "[t]", "\"u v\":", "[t.\"u v\"]", "w:", "w", "z:", "[1, {k = 2}]", "1",
                "{k = 2}", "k:", "2", "m:", "3", "l:", "[[l]]", "[[l]]",
            ])
        #expect(table.keyRange(at: ["t", "u v", "w", "nothing", "at all"]).map(file.text) == "w")
        #expect(table.keyRange(at: ["nothing"]) == nil)
    }

    @Test func namesInAKeyThatStandsAlone() {
        #expect(TOMLReader.names(inKey: "registries.\"aws.ck\" . base") == ["registries", "aws.ck", "base"])
        for text in ["", "a.", ".a", "a b", "a = 1", "'a", "a\nb", "a]"] {
            #expect(TOMLReader.names(inKey: text) == nil)
        }
    }

    @Test func depthIsBounded() {
        func nested(_ open: String, _ close: String, _ count: Int) -> String {
            read("a = " + String(repeating: open, count: count) + "1" + String(repeating: close, count: count))
        }
        #expect(!nested("[", "]", 199).hasPrefix("error"))
        #expect(nested("[", "]", 200).contains("at most 200 deep"))
        #expect(!nested("{a=", "}", 199).hasPrefix("error"))
        #expect(nested("[{a=", "}]", 100_000).contains("at most 200 deep"))
        for (open, close) in [("", " = 1"), ("[", "]"), ("[[", "]]")] {
            let text = open + String(repeating: "a.", count: 100_000) + "a" + close
            #expect(read(text).contains("at most 200 deep"))
        }
    }

    @Test func everyPrefixIsReadWithoutATrap() {
        let text = """
            [a."b c".'d']  # e
            f = ["x\\u00e9", \"""\ny\\\n \"z\""\", 'w', '''v''', 1_0, 0x1, 1.5e-3, inf, 1979-05-27 07:32:00.5-07:00]
            [[g]]
            h = { i.j = true, k = 07:32:00 }
            """
        #expect(!read(text).hasPrefix("error"))
        let bytes = Array(text.utf8)
        for length in 0...bytes.count {
            _ = read(Array(bytes.prefix(length)))
            _ = read(Array(bytes.suffix(length)))
            _ = read(Array(bytes.prefix(length) + [0xFF] + bytes.dropFirst(length)))
            _ = read(Array(bytes.prefix(length) + bytes.dropFirst(length + 1)))
        }
    }
}

@Suite(.ownSecrets) struct TOMLMistakesTests {
    private static let value = "a value must be text in quotes, a number, true or false, a date, an array or a table"
    private static let key = "a key must be letters, digits, `_` and `-`, or text in quotes"

    @Test(arguments: [
        ("a", "1:2", "what follows a key must be `=` or `.`, but is the end of the text"),
        ("a 1", "1:3", "what follows a key must be `=` or `.`, but is \"1\""),
        ("a\n= 1", "1:2", "what follows a key must be `=` or `.`, but is the end of the line"),
        ("é = 1", "1:1", "\(key), but is \"é\""),
        ("= 1", "1:1", "\(key), but is \"=\""),
        ("a. = 1", "1:4", "\(key), but is \"=\""),
        ("'''a''' = 1", "1:1", "a key in quotes must be on one line, in single or double quotes, but is \"'\""),
        ("a = 1 b = 2", "1:7", "what follows on the line must be a comment or nothing, but is \"b\""),
        ("a = 1\rb = 2", "1:6", "what follows on the line must be a comment or nothing, but is \"\\r\""),
        ("# a\u{0}", "1:4", "a character in a comment must be printable or a tab, but is \"\\u{0}\""),
        ("# a\r", "1:4", "a character in a comment must be printable or a tab, but is \"\\r\""),
        ("\n[a", "2:3", "what follows the key of a header must be `]` or `.`, but is the end of the text"),
        ("[[a]", "1:4", "what follows the key of a header must be `]]` or `.`, but is \"]\""),
        ("[]", "1:2", "\(key), but is \"]\""),
        ("[a] b = 1", "1:5", "what follows on the line must be a comment or nothing, but is \"b\""),
        ("a = [1 2]", "1:8", "what follows an item of an array must be `,` or `]`, but is \"2\""),
        ("a = [1,\n2\n", "3:1", "what follows an item of an array must be `,` or `]`, but is the end of the text"),
        ("a = {b = 1,\nc = 2}", "1:12", "\(key), but is the end of the line"),
        ("a = {b = 1, }", "1:13", "\(key), but is \"}\""),
        (
            "a = {b = 1\n}", "1:11",
            "what follows an entry of an inline table must be `,` or `}`, but is the end of the line"
        ),
    ])
    func signs(_ text: String, _ place: String, _ problem: String) {
        #expect(read(text) == "error: \(place): \(problem)")
    }

    @Test(arguments: [
        ("", "the end of the text"), ("\n", "the end of the line"), ("# b", "\"#\""), ("hello", "\"hello\""),
        ("True", "\"True\""), ("Inf", "\"Inf\""), ("[,]", "\",\""), ("é", "\"é\""),
        (String(repeating: "b", count: 1000), "\"\(String(repeating: "b", count: 80))\"…"),
    ])
    func noValue(_ text: String, _ found: String) {
        #expect(read("a = \(text)").hasSuffix(": \(Self.value), but is \(found)"))
    }

    @Test(arguments: [
        ("\"b", "text must be closed by `\"`, but is open at the end of the line"),
        ("'b\nc'", "text must be closed by `'`, but is open at the end of the line"),
        ("\"\"\"b\n\"\"", "text must be closed by `\"\"\"`, but is open at the end of the text"),
        ("'''b''", "text must be closed by `'''`, but is open at the end of the text"),
        ("'''b\rc'''", "a character in text must be printable or a tab, but is \"\\r\""),
        ("\"\u{1f}\"", "a character in text must be printable or a tab, but is \"\\u{1f}\""),
        ("'\u{7f}'", "a character in text must be printable or a tab, but is \"\\u{7f}\""),
        (#""\x41""#, #"what follows a `\` must be one of b t n f r u U " \, but is "x41""#),
        (#""\e""#, #"what follows a `\` must be one of b t n f r u U " \, but is "e""#),
        (#""\u12g4""#, #"what follows `\u` must be 4 hexadecimal digits, but is "g4""#),
        (#""\U0001""#, #"what follows `\U` must be 8 hexadecimal digits, but is "\"""#),
        (#""\ud83c""#, #"an escape must be a character of Unicode, but is `\ud83c`"#),
        (#""\UFFFFFFFF""#, #"an escape must be a character of Unicode, but is `\UFFFFFFFF`"#),
        (#""""b \ c""""#, #"what follows a `\` must be one of b t n f r u U " \, but is " ""#),
        (#""b" "c""#, #"what follows on the line must be a comment or nothing, but is "\"""#),
    ])
    func text(_ text: String, _ problem: String) {
        #expect(read("a = \(text)").hasSuffix(": \(problem)"))
    }

    @Test(arguments: [
        "1__0", "1_", "+_1", "1._5", "1_.5", "1.", ".5", "1.e5", "1e", "1e+", "1e_5", "--1", "+-1", "1.2.3", "-", "+",
        "1a", "1e5.0", "+true", "-2025-01-31", "12345-01-31", "-nann", "1:2", "0X1", "-0x1",
    ])
    func malformedNumbers(_ text: String) {
        let message = "a number must be such as 42, 1_000, 0xff, 3.14 or 1e6, but is \"\(text)\""
        #expect(read("a = \(text)") == "error: 1:5: \(message)")
    }

    @Test(arguments: [
        ("01", "without zeros in front"), ("-00", "without zeros in front"), ("03.5", "without zeros in front"),
        ("0x", "digits of base 16 after `0x`, with single `_` between"),
        ("0xg", "digits of base 16 after `0x`, with single `_` between"),
        ("0o8", "digits of base 8 after `0o`, with single `_` between"),
        ("0b_1", "digits of base 2 after `0b`, with single `_` between"),
        ("9223372036854775808", "between -9223372036854775808 and 9223372036854775807"),
        ("-9223372036854775809", "between -9223372036854775808 and 9223372036854775807"),
        ("0x8000000000000000", "between -9223372036854775808 and 9223372036854775807"),
        ("1e999", "within the range of 64-bit floats"),
    ])
    func numbersThatDoNotFit(_ text: String, _ requirement: String) {
        #expect(read("a = \(text)") == "error: 1:5: a number must be \(requirement), but is \"\(text)\"")
    }

    @Test(arguments: [
        "2025-1-31", "2025-01-3", "2025-01", "2025-01-31T", "2025-01-31T07:30", "2025-01-31X07:30:00", "07:30",
        "07:30:00:", "07:30:00.", "07:30:00Z", "2025-01-31T07:30:00+1:00", "2025-01-31T07:30:00+0100", "2025-01-31Z",
    ])
    func malformedDatesAndTimes(_ text: String) {
        let message = "such as 2025-01-31, 07:30:00, 2025-01-31T07:30:00 or 2025-01-31T07:30:00Z, but is \"\(text)\""
        #expect(read("a = \(text)") == "error: 1:5: a date or time must be \(message)")
    }

    @Test(arguments: [
        "2025-13-01", "2025-00-01", "2025-04-31", "2025-02-29", "1900-02-29", "2025-01-00", "24:00:00", "00:60:00",
        "00:00:61", "2025-01-31T07:30:00+24:00", "2025-01-31 07:30:00+00:60",
    ])
    func datesThatNoCalendarHas(_ text: String) {
        #expect(
            read("a = \(text)")
                == "error: 1:5: a date or time must be one that calendar and clock have, but is \"\(text)\"")
    }

    @Test(arguments: [
        ("a = 1\n'a' = 2", "2:1", "`a` must be defined once, but is defined again"),
        ("[t]\na.b = 1\na.b = 2", "3:1", "`a.b` must be defined once, but is defined again"),
        ("a.b = 1\na = 2", "2:1", "`a` must be defined once, but is defined again"),
        ("a = 1\na.b = 2", "2:1", "`a` must be a table that can be added to, but is a number"),
        ("a = {b = 1, b = 2}", "1:13", "`b` must be defined once, but is defined again"),
        ("a = {b = {}, b.c = 2}", "1:14", "`b` must be a table that can be added to, but is an inline table"),
        ("a = {}\na.b = 1", "2:1", "`a` must be a table that can be added to, but is an inline table"),
        ("a = {}\n[a.b]", "2:2", "`a` must be a table that can be added to, but is an inline table"),
        ("a.b = {}\n[a.b]", "2:2", "`a.b` must be defined once, but is defined again"),
        ("[a]\n[ \"a\" ]", "2:3", "`a` must be defined once, but is defined again"),
        ("[a]\nb = 1\n[a.b]", "3:2", "`a.b` must be defined once, but is defined again"),
        ("[a]\nb.c = 1\n[a.b]", "3:2", "`a.b` must be defined once, but is defined again"),
        ("[a.b.c]\n[a]\nb.d = 1\n[a.b]", "4:2", "`a.b` must be defined once, but is defined again"),
        ("a = []\n[[a]]", "2:3", "`a` must be an array of tables, but is an array between brackets"),
        ("a = [{}]\n[a.b]", "2:2", "`a` must be a table that can be added to, but is an array between brackets"),
        ("[a]\n[[a]]", "2:3", "`a` must be an array of tables, but is a table with a header of its own"),
        ("[a.b]\n[[a]]", "2:3", "`a` must be an array of tables, but is a table that a header names"),
        ("a.b = 1\n[[a]]", "2:3", "`a` must be an array of tables, but is a table of dotted keys"),
        ("[[a]]\n[a]", "2:2", "`a` must be defined once, but is defined again"),
        ("[[a.b]]\n[a]\nb.c = 1", "3:1", "`b` must be a table that can be added to, but is an array of tables"),
        ("[[a]]\n[a.b]\n[a.b]", "3:2", "`a.b` must be defined once, but is defined again"),
        (
            "[a.b.c]\n[a]\nb.c.d = 1", "3:3",
            "`b.c` must be a table that can be added to, but is a table with a header of its own"
        ),
        ("[[a]]\n[a.b]\n[[a.b]]", "3:5", "`a.b` must be an array of tables, but is a table with a header of its own"),
    ])
    func definitions(_ text: String, _ place: String, _ problem: String) {
        #expect(read(text) == "error: \(place): \(problem)")
    }

    @Test(
        arguments: [
            [0xFF], [0xC3], [0x22, 0xC0, 0x80, 0x22], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xFE, 0xFF],
        ] as [[UInt8]])
    func bytesThatAreNotUTF8(_ bytes: [UInt8]) {
        let message = read(Array("# é\na = ".utf8) + bytes)
        #expect(message.hasPrefix("error: 2:") && message.hasSuffix(": a text must be UTF-8, but is not"))
    }

    @Test(arguments: [
        (
            "a = 1\na = 2", "relsh.toml:2:1 is not TOML: `a` must be defined once, but is defined again",
            "it stands first at relsh.toml:1:1"
        ),
        ("a = yes", "relsh.toml:1:5 is not TOML: \(value), but is \"yes\"", "write text in quotes"),
        ("a = TRUE", "relsh.toml:1:5 is not TOML: \(value), but is \"TRUE\"", "write `true`"),
    ])
    func errorsHelp(_ text: String, _ message: String, _ help: String) async {
        let error = await failure { try TOMLText.read(SourceFile(name: "relsh.toml", text: text)) }
        #expect(error?.message == message)
        #expect(error?.help == help)
        #expect(error?.id == "malformed-toml")
        #expect(error?.location != nil)
    }
}
