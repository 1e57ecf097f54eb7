import Testing

@testable import Lang

@Suite struct LexerTests {
    private func tokens(_ text: String) -> [String] {
        var lexer = Lexer(Array(text.utf8))
        var result: [String] = []
        while true {
            let token = lexer.next()
            if token.kind == .endOfFile { return result }
            let shown = lexer.text(token.range.start, token.range.end)
            result.append(token.kind == .invalid ? "invalid \(shown): \(lexer.problem!.id)" : "\(token.kind) \(shown)")
        }
    }

    @Test(arguments: [
        ("42", "int 42"), ("1_000", "int 1_000"), ("0xff", "int 0xff"), ("0", "int 0"), ("3.14", "float 3.14"),
        ("0.5", "float 0.5"), ("1.2.3", "version 1.2.3"), ("0.0.0", "version 0.0.0"), ("250ms", "duration 250ms"),
        ("1h30m", "duration 1h30m"), ("0s", "duration 0s"), ("200MB", "size 200MB"), ("1GiB", "size 1GiB"),
        ("9223372036854775808", "int 9223372036854775808"),
    ])
    func aNumberIsOneToken(text: String, token: String) {
        #expect(tokens(text) == [token])
    }

    @Test(arguments: [
        ("1.2.3.4", "malformed-number"), ("01", "leading-zero"), ("01.2.3", "leading-zero"), ("1.02.3", "leading-zero"),
        ("05m", "leading-zero"), ("5min", "malformed-number"), ("0x", "malformed-number"), ("0xfg", "malformed-number"),
        ("0b1", "malformed-number"), ("1__0", "misplaced-underscore"), ("1_", "misplaced-underscore"),
        ("1_.2", "misplaced-underscore"), ("0x_1", "misplaced-underscore"), ("1.2.3-rc.1", "version-suffix"),
        ("1.2.3+build", "version-suffix"), ("9223372036854775809", "integer-too-large"),
        ("0xffffffffffffffff", "integer-too-large"), ("1e5", "malformed-number"), ("1.5s", "malformed-literal"),
        ("3x", "malformed-number"), ("99999999999999999999h", "malformed-literal"), ("10d", "malformed-literal"),
        ("1.99999999999999999999.0", "malformed-literal"), ("1.2_0.3", "misplaced-underscore"),
    ])
    func whatStandsTogetherIsOneNumberOrNone(text: String, id: String) {
        #expect(tokens(text) == ["invalid \(text): \(id)"])
    }

    @Test func dotsBelongToNumbersOnlyBeforeDigits() {
        #expect(tokens("1..3") == ["int 1", "closedRange ..", "int 3"])
        #expect(tokens("1..<3") == ["int 1", "halfOpenRange ..<", "int 3"])
        #expect(tokens("1.0..2.0") == ["float 1.0", "closedRange ..", "float 2.0"])
        #expect(tokens("1.abs") == ["int 1", "dot .", "name abs"])
        #expect(tokens("1.2.3.major") == ["version 1.2.3", "dot .", "name major"])
    }

    @Test func signsAreRead() {
        #expect(
            tokens("a?.b ?? c? -> =>").map { $0.split(separator: " ")[1] } == [
                "a", "?.", "b", "??", "c", "?", "->", "=>",
            ])
        #expect(tokens("1 - -2") == ["int 1", "minus -", "minus -", "int 2"])
        #expect(tokens("- --x") == ["minus -", "minus -", "minus -", "name x"])
    }

    @Test func aLineEndIsRemembered() {
        var lexer = Lexer(Array("a # comment\n  b c\r\nd".utf8))
        var starts: [Bool] = []
        for _ in 0..<4 { starts.append(lexer.next().startsLine) }
        #expect(starts == [true, true, false, true])
    }

    @Test func junkIsOneToken() {
        #expect(tokens("a \u{0}\u{0}\u{1} b") == ["name a", "invalid \u{0}\u{0}\u{1}: unexpected-character", "name b"])
        #expect(tokens("é") == ["invalid é: unexpected-character"])
    }

    @Test func keywordsAreToldFromNames() {
        #expect(tokens("let letter") == ["let let", "name letter"])
        #expect(tokens("undo default as") == ["name undo", "name default", "name as"])
    }

    @Test(arguments: [
        (#""a ${f("}")} b" x"#, " x"), (#""a \" b" x"#, " x"), (#""open"#, ""), ("\"open\nx", "\nx"),
        (#""${"${"a"}"}" x"#, " x"), (#""${{a: '}'}}" x"#, " x"),
    ])
    func stringsAreSkippedWhole(text: String, rest: String) {
        var lexer = Lexer(Array(text.utf8), at: 1)
        lexer.skipString(.quote)
        #expect(lexer.text(lexer.position, lexer.bytes.count) == rest)
    }
}
