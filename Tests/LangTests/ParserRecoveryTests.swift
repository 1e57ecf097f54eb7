import Foundation
import Lang
import TestSupport
import Testing

private func findings(_ text: String) -> [String] { SyntaxFixture.findings(text) }

@Suite struct ParserRecoveryTests {
    @Test(arguments: [
        ("let = 1\nlet y = )\nlet z = 3", ["expected-name at 1:5", "expected-value at 2:9"]),
        ("f(a b, c)\ng(", ["expected-separator at 1:5", "unclosed-bracket at 2:2"]),
        ("f(\n  \"a,\n  3,\n)\nlet = 1", ["unclosed-string at 2:3", "expected-name at 5:5"]),
        ("print(\"a)\nprint(\"b\")", ["unclosed-string at 1:7"]),
        ("step \"a {\n  x\n}\nlet = 1", ["unclosed-string at 1:6", "expected-name at 4:5"]),
        ("recipe r(a: ) {\n  let x = 1\n}\nlet = 1", ["expected-type at 1:13", "expected-name at 4:5"]),
        (
            "recipe r() {\n  let = 1\n  f(]\n  x\n}\nlet = 1",
            ["expected-name at 2:7", "expected-value at 3:5", "expected-name at 6:5"]
        ),
        ("let x = (1 +\nlet y = 2\nlet = 3", ["expected-value at 2:1", "expected-name at 3:5"]),
        ("let x = [1, 2\nlet y = 2\n", ["unclosed-bracket at 1:9"]),
        ("if a {\n  b\n}}\nlet = 1", ["stray-bracket at 3:2", "expected-name at 4:5"]),
        (
            "\"a ${b c} ${} d\"\nlet = 1",
            ["expected-token at 1:8", "empty-interpolation at 1:11", "expected-name at 2:5"]
        ),
        (
            "\"\"\"\n  \\q ${a b}\n  \"\"\"\nlet = 1",
            ["unknown-escape at 2:3", "expected-token at 2:10", "expected-name at 4:5"]
        ),
        ("images.\nlet x = images.", ["expected-name at 1:8", "expected-name at 2:16"]),
        ("match x {\n  1 -> 2\n  3 => 4\n}\nlet = 1", ["expected-token at 2:5", "expected-name at 5:5"]),
        ("let x = 1 let y = 2\nlet = 1", ["expected-statement-end at 1:11", "expected-name at 2:5"]),
        ("recipe r() { recipe s() { 1 } }", ["misplaced-declaration at 1:14"]),
        ("x = = 1", ["expected-value at 1:5"]), ("let x == 1", ["expected-token at 1:7"]),
        ("f(a = 1)", ["named-argument-sign at 1:5"]), ("f(a, b.c = 1)", ["assignment-in-condition at 1:10"]),
        ("let a, b = c", ["declaration-pattern at 1:6"]), ("let step = 1", ["reserved-word at 1:5"]),
        ("fn f(in) { 1 }", ["reserved-word at 1:6"]), ("x++", ["foreign-operator at 1:2"]),
        ("x--", ["foreign-operator at 1:2"]),
        ("x!", ["foreign-operator at 1:2"]), ("`ls`", ["unexpected-character at 1:1"]),
        ("a | b", ["foreign-operator at 1:3"]),
        ("for (var i = 0; i < 3; i += 1) { x }", ["loop-needs-brackets at 1:5"]),
        ("for x { y }", ["missing-in at 1:7"]),
        ("let x = True and nil", ["foreign-constant at 1:9", "foreign-constant at 1:18"]),
        ("a ? b : c", ["ternary at 1:3"]),
        ("try { 1 }\ncatch e { 2 }", ["else-on-new-line at 2:1"]),
        ("step \"a\" { 1 }\nundo { 2 }", ["else-on-new-line at 2:1"]),
        ("if a { 1 }\nelse if b { 2 }\nelse { 3 }\nx", ["else-on-new-line at 2:1", "else-on-new-line at 3:1"]),
        ("-9223372036854775808.abs()", ["integer-too-large at 1:2"]),
        ("9223372036854775808", ["integer-too-large at 1:1"]),
        ("{a}", ["expected-token at 1:3"]), ("let x = {\n  $ ls\n}\ny", ["bare-block at 1:9"]),
        ("fn f(x)\n{ 1 }", ["expected-block at 2:1"]),
        ("if a\n{ 1 }", ["expected-block at 2:1"]), ("1.2.3-rc.1 - 2", ["version-suffix at 1:1"]),
        ("let x: Str?? = 1", ["expected-token at 1:11"]),
        ("a.b.1", ["positional-member at 1:5"]), ("let x = not", ["expected-value at 1:12"]),
        ("let x = a == not b", ["not-needs-parentheses at 1:14"]),
    ])
    func oneMistakeGivesOneError(text: String, expected: [String]) {
        #expect(findings(text) == expected)
    }

    @Test func theStatementsAroundAMistakeAreKept() {
        let (tree, _) = SyntaxFixture.parse("let a = 1\nlet = 2\nrecipe r() {\n  f(]\n  b\n}\nlet c = 3")
        #expect(TreeDump.text(tree) == "(let a 1)\n(invalid)\n(recipe r () {(invalid); b})\n(let c 3)")
        #expect(TreeDump.text(SyntaxFixture.parse("images.\nx").tree) == "(. images)\nx")
    }

    @Test func errorsAreLimited() {
        let found = findings(String(repeating: "let = 1\n", count: 100))
        #expect(found.count == 21)
        #expect(found.last?.hasPrefix("more-findings") == true)
    }

    @Test(arguments: [
        "f(", "[1,", "{a: 1,", "recipe r() {", "if a {\n  b", "let x = 1 +", "a and", "let x =", "\"\"\"\n a", "$(git",
        "\"a ${b",
        "fn(x) =>", "f(a,\n  b: [", "match x {", "match x {\n 1 => 2", "not", "-", "parallel {", "recipe r(a: Int,",
        "let x: [Str", "let x: {Str:", "let [a,", "x = ", "for x in [",
    ])
    func whatMoreInputWouldFixIsIncomplete(text: String) {
        #expect(SyntaxFixture.parse(text).diagnostics.map(\.message.isIncomplete) == [true])
    }

    @Test(arguments: [
        "f)", "let = 1", "\"a", "if a", "recipe r", "try { 1 }", "let x", "1 + )", "f(a b", "return +;", "$ a >",
    ])
    func whatMoreInputWouldNotFixIsNot(text: String) {
        let isIncomplete = SyntaxFixture.parse(text).diagnostics.map(\.message.isIncomplete)
        #expect(!isIncomplete.isEmpty && !isIncomplete.contains(true))
    }

    @Test func textThatIsNone() {
        #expect(
            Parser.parse(SourceFile(name: "x", bytes: [0x61, 0xFF])).diagnostics.map(\.message.id) == ["invalid-text"])
        #expect(
            Parser.parse(SourceFile(name: "x", bytes: [0xC0, 0x80])).diagnostics.map(\.message.id) == ["invalid-text"])
        #expect(
            Parser.parse(SourceFile(name: "x", bytes: [0xE2, 0x82])).diagnostics.map(\.message.id) == ["invalid-text"])
        #expect(findings("a \0 b") == ["unexpected-character at 1:3"])
        #expect(findings("") == [])
        #expect(findings("\u{FEFF}") == [])
        #expect(findings("#!x") == [])
        #expect(findings("# \u{0} in a comment") == [])
    }
}

@Suite struct ParserLimitTests {
    /// What can be nested: how it opens, what stands inside and how it closes.
    static let nestings: [(String, String, String)] = [
        ("(", "1", ")"), ("[", "1", "]"), ("{a:", "1", "}"), ("f(", "1", ")"), ("a[", "1", "]"), ("\"${", "1", "}\""),
        ("fn(x) => ", "1", ""), ("fn(x) { ", "1", " }"), ("if a { ", "1", " }"), ("if a { } else { ", "1", " }"),
        ("if if ", "a", " { } { }"), ("step \"a\" { ", "1", " }"), ("step \"a\" { } undo r { ", "1", " }"),
        ("transaction \"a\" { ", "1", " }"), ("parallel { ", "1", " }"), ("parallel for a in b { ", "1", " }"),
        ("retry(3) { ", "1", " }"), ("retry(retry(", "1", ") { }) { }"), ("timeout(1s) { ", "1", " }"),
        ("try { ", "1", " } catch { }"), ("try { } catch e { ", "1", " }"), ("match a { 1 => ", "1", " }"),
        ("match a { 1 => { ", "1", " } }"), ("match match ", "a", " { } { }"), ("-", "1", ""), ("not ", "a", ""),
        ("$(a ${", "1", "})"), ("$(a \"${", "1", "}\")"), ("fn(a = ", "1", ") => 1"), ("a ?? b or c == -(", "1", ")"),
        ("fn() { let x = if a { x = [", "1", "] } }"), ("\"${fn() { $ a \"${", "1", "}\" } }\""),
    ]
    /// The same for statements.
    static let statements: [(String, String, String)] = [
        ("for a in b { ", "1", " }"), ("while a { ", "1", " }"), ("defer { ", "1", " }"), ("fn f() { ", "1", " }"),
        ("if a { return if b { ", "1", " } }"), ("if a { let x = if b { ", "1", " } }"),
        ("if a { assert if b { ", "1", " } }"), ("$ a ${fn() { $ b ${fn() { ", "1", " }} }}\n"),
    ]

    @Test(arguments: nestings + statements)
    func deepNestingEndsInOneErrorOnASmallStack(opening: String, inner: String, closing: String) {
        let text = String(repeating: opening, count: 500) + inner + String(repeating: closing, count: 500)
        #expect(SyntaxFixture.parseOnSmallStack(text) == ["nested-too-deeply"])
        #expect(SyntaxFixture.parseOnSmallStack(String(repeating: opening, count: 500)).last == "nested-too-deeply")
    }

    @Test(arguments: ["(", "[", "\"${", "if a {", "f(fn() {", "-", "$(${"])
    func hundredThousandBracketsEnd(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        #expect(SyntaxFixture.parseOnSmallStack(text) == ["nested-too-deeply"])
    }

    /// The deepest trees that are accepted are safe too, to make and to throw away.
    @Test(arguments: nestings)
    func moderateNestingIsFine(opening: String, inner: String, closing: String) {
        let text = String(repeating: opening, count: 15) + inner + String(repeating: closing, count: 15)
        #expect(SyntaxFixture.parseOnSmallStack("let x = " + text) == [])
        for count in stride(from: 20, through: 200, by: 6) {
            let text = String(repeating: opening, count: count) + inner + String(repeating: closing, count: count)
            #expect(Set(SyntaxFixture.parseOnSmallStack("let x = " + text)).isSubset(of: ["nested-too-deeply"]))
        }
    }

    @Test func blocksNestFiftyDeepAndParenthesesMore() {
        let blocks = String(repeating: "if a {\n", count: 49) + String(repeating: "}\n", count: 49)
        #expect(findings(blocks) == [])
        #expect(findings(String(repeating: "(", count: 66) + "1" + String(repeating: ")", count: 66)) == [])
    }

    @Test(arguments: ["a + ", "a and ", "a.b + ", "a ?? "])
    func longChainsEndInOneError(link: String) {
        #expect(findings(String(repeating: link, count: 400) + "a") == [])
        let text = String(repeating: link, count: 100_000) + "a"
        #expect(SyntaxFixture.parseOnSmallStack(text) == ["nested-too-deeply"])
    }

    @Test(arguments: [".b", "()", "[0]", "?.b", ".b(1)"])
    func longPostfixChainsEndInOneError(link: String) {
        #expect(findings("a" + String(repeating: link, count: 240)) == [])
        #expect(SyntaxFixture.parseOnSmallStack("a" + String(repeating: link, count: 100_000)) == ["nested-too-deeply"])
    }

    /// Chains inside brackets add up: the tree as a whole is limited.
    @Test func nestedChainsAddUp() {
        let chain = String(repeating: " + a", count: 300)
        #expect(findings("(a\(chain))") == [])
        #expect(SyntaxFixture.parse("((a\(chain))\(chain))").diagnostics.map(\.message.id) == ["nested-too-deeply"])
    }

    @Test func everyPrefixParses() {
        for text in [SyntaxFixture.sample, SyntaxFixture.everything] {
            let bytes = Array(text.utf8)
            for end in 0...bytes.count {
                let file = SourceFile(name: "x", bytes: Array(bytes[..<end]))
                let diagnostics = Parser.parse(file).diagnostics
                #expect(diagnostics.count <= 3)
            }
        }
    }

    /// Many small changes of every construct; what matters is that each ends.
    @Test func mutationsParse() {
        var random = Generator(state: 20_260_101)
        let bytes = Array(SyntaxFixture.everything.utf8)
        let signs = Array("(){}[]\"'$\\.,:;|=<>&!?#\n\r\t \0a1-".utf8) + [0xC3, 0xFF]
        let printer = DiagnosticPrinter(colour: true)
        for _ in 0..<1500 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[place] = signs.randomElement(using: &random)!
                case 1: changed.insert(signs.randomElement(using: &random)!, at: place)
                default:
                    changed.removeSubrange(place..<min(changed.count, place + Int.random(in: 1...20, using: &random)))
                }
            }
            let (tree, diagnostics) = Parser.parse(SourceFile(name: "x", bytes: changed))
            #expect(diagnostics.count <= 20)
            _ = TreeDump.text(tree)
            for diagnostic in diagnostics { #expect(!printer.text(diagnostic).isEmpty) }
        }
    }

    /// A generator with a seed, so that a failure comes again.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }
}
