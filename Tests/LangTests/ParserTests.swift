import Foundation
import Lang
import Testing

private func dump(_ text: String) -> String { SyntaxFixture.dump(text) }
private func findings(_ text: String) -> [String] { SyntaxFixture.findings(text) }

@Suite struct ParserExpressionTests {
    @Test(arguments: [
        (
            "a ?? b or c and not d == e .. f + g * -h.i",
            "(?? a (or b (and c (not (== d (.. e (+ f (* g (- (. h i))))))))))"
        ),
        ("a - b - c", "(- (- a b) c)"), ("a + b * c", "(+ a (* b c))"), ("(a + b) * c", "(* (+ a b) c)"),
        ("not a and b", "(and (not a) b)"), ("not a in b", "(not (in a b))"), ("a not in b", "(not in a b)"),
        ("-5.abs()", "(- (call (. 5 abs)))"), ("--a", "(- (- a))"), ("1..3", "(.. 1 3)"),
        ("a..<b + 1", "(..< a (+ b 1))"),
        ("-9223372036854775808", "-9223372036854775808"), ("a?.b.c[0](x)", "(call (index (. (?. a b) c) 0) x)"),
        ("[a, b,]", "[a b]"), ("[]", "[]"), ("f()", "(call f)"), ("m.in", "(. m in)"),
        ("f(in: 3, if: 4)", "(call f in:3 if:4)"), ("f(...)", "(call f ...)"), ("f(a, ...)", "(call f a ...)"),
        ("f(timeout: timeout(1s) { 1 })", "(call f timeout:(timeout 1.0 seconds {1}))"),
        ("5 % 2 == 1", "(== (% 5 2) 1)"), ("a == (not b)", "(== a (not b))"), ("x.len() - 1", "(- (call (. x len)) 1)"),
    ])
    func precedence(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test(arguments: [
        ("1.abs()", "(call (. 1 abs))"), ("1.2.3.major", "(. v1.2.3 major)"), ("1_000 + 0xff", "(+ 1000 255)"),
        ("1h30m", "5400.0 seconds"), ("1KiB", "1024B"), ("3.50", "3.5"), ("[true, false, null]", "[true false null]"),
    ])
    func literals(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test func comparisonsAndRangesDoNotChain() {
        #expect(findings("a < b < c") == ["chained-comparison at 1:7"])
        #expect(findings("a == b != c") == ["chained-comparison at 1:8"])
        #expect(findings("1..2..3") == ["chained-range at 1:5"])
        #expect(SyntaxFixture.parse("1 < n < 10").diagnostics[0].message.help == "write `1 < n and n < 10`")
    }

    @Test func mapsBeginInOperandPosition() {
        #expect(dump(#"let m = {a: 1, "b c": {}, if: 2}"#) == #"(let m (map "a":1 "b c":(map) "if":2))"#)
        #expect(dump("f({a: 1})") == #"(call f (map "a":1))"#)
        #expect(dump("if f({a: 1}) { 2 }") == #"(if (call f (map "a":1)) {2})"#)
        #expect(dump("if m == {a: 1} { 2 }") == #"(if (== m (map "a":1)) {2})"#)
        #expect(dump("for k, v in {} { 2 }") == "(for k,v (map) {2})")
        #expect(findings("if m == { print(1) }") == ["map-in-head at 1:9"])
        #expect(dump("if m == ({a: 1}) { 2 }") == #"(if (== m (map "a":1)) {2})"#)
    }

    @Test(arguments: [
        ("fn(x) => {}", "(fn (x) {(map)})"), ("fn(x) => {a: x}", #"(fn (x) {(map "a":x)})"#),
        (#"fn(x) => {"a": x}"#, #"(fn (x) {(map "a":x)})"#), ("fn(x) => { a }", "(fn (x) {a})"),
        ("fn(x) => {\n  f(x)\n}", "(fn (x) {(call f x)})"), (#"fn(x) => { "a" }"#, #"(fn (x) {"a"})"#),
        ("fn(x, y: Int = 1) -> Str { x }", "(fn (x y:Int=1) ->Str {x})"),
        ("fn() => fn() => 1", "(fn () {(fn () {1})})"),
        ("fn(x) => fail x", "(fn (x) {(fail x)})"), ("f(fn() => return, 2)", "(call f (fn () {(return)}) 2)"),
        ("fn(x) =>\n  x", "(fn (x) {x})"),
    ])
    func afterAnArrowABraceIsAMapOrABlock(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test(arguments: [
        (#""a""#, #""a""#), (#""""#, #""""#), (#""a ${b} c""#, #"(str "a " b " c")"#), (#""${a}""#, "(str a)"),
        (#""a ${"b ${c}"}""#, #"(str "a " (str "b " c))"#), (#""\n\t\\\"\$\u{41}""#, "\"\\n\t\\\\\\\"$A\""),
        (#""$5 $ a$""#, #""$5 $ a$""#), (#"'a\n${b}'"#, #""a\\n${b}""#), (#""\${a}""#, #""${a}""#),
        (#""${{a: 1}.a}""#, #"(str (. (map "a":1) a))"#), ("\"${\n a\n}\"", "(str a)"),
    ])
    func strings(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test func stringsOfSeveralLines() {
        #expect(dump("\"\"\"\n  a\n    b\n\n  \"c\" ${d}\\n\n  \"\"\"") == #"(str "a\n  b\n\n\"c\" " d "\n")"#)
        #expect(dump("\"\"\"\n\"\"\"") == #""""#)
        #expect(dump("\"\"\"\r\n  a\r\n  b\r\n  \"\"\"") == #""a\nb""#)
        #expect(dump("\"\"\"  \n\ta\n\t\"\"\"") == #""a""#)
        #expect(findings("\"\"\"\n  a\n b\n  \"\"\"") == ["multiline-string-indentation at 3:1"])
        #expect(findings("\"\"\"\n\ta\n  \"\"\"") == ["multiline-string-indentation at 2:1"])
    }
}

@Suite struct ParserStatementTests {
    @Test func theSampleParses() {
        let text = dump(SyntaxFixture.sample)
        #expect(
            text.hasPrefix(
                "(import \"lib/images.rel\" images)\n(default-recipe docker_release_dev_image #\"Build, test"))
        #expect(text.contains(#"cache:Bool=true #"Reuse the build cache.""#))
        #expect(text.hasSuffix(#"(call (. git tag) (str (. project name) "-" v) push:true)})})"#))
    }

    @Test func everyConstructParses() {
        #expect(findings(SyntaxFixture.everything) == [])
        #expect(findings(SyntaxFixture.everything.replacingOccurrences(of: "\n", with: "\r\n")) == [])
        #expect(findings("\u{FEFF}" + SyntaxFixture.everything) == [])
    }

    @Test(arguments: [
        ("a\nb", "a\nb"), ("a; b;", "a\nb"), ("a +\n\n b", "(+ a b)"), ("a\n+ b", "foreign-operator at 2:1"),
        ("a\n- b", "a\n(- b)"), ("f(a\n, b)", "(call f a b)"), ("(a\n- b)", "(- a b)"), ("[a\n, b\n]", "[a b]"),
        ("a\n  .b\n  # c\n\n  .d()", "(call (. (. a b) d))"), ("a\n..b", "expected-value at 2:1"),
        ("f(fn() {\n a\n b\n})", "(call f (fn () {a; b}))"), ("let x =\n  1", "(let x 1)"),
        ("{a:\n 1\n}", #"(map "a":1)"#),
        ("a\n[b]", "a\n[b]"), ("a\n(b)", "a\nb"), ("[a\n[b]]", "expected-separator at 2:1"),
        ("return\nx", "(return)\nx"),
        ("fail\n\"x\"", "expected-value at 1:5"), ("a ??\n# c\nb", "(?? a b)"), ("x\n?.y", "(?. x y)"),
    ])
    func newlines(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test(arguments: [
        ("let x = 1", "(let x 1)"), ("var x: Int? = null", "(var x :Int? null)"), ("let [a, _] = p", "(let [a _] p)"),
        ("x = 1", "(= x 1)"), ("x.a[0] -= 1", "(-= (index (. x a) 0) 1)"),
        ("x *= 2; x /= 2; x %= 2", "(*= x 2)\n(/= x 2)\n(%= x 2)"),
        ("return", "(return)"), ("return 1", "(return 1)"), ("assert a, \"b\"", "(assert a \"b\")"),
        ("assert a", "(assert a)"),
        ("defer { a }", "(defer {a})"), ("while a { break }", "(while a {(break)})"),
        ("for a, b in c { continue }", "(for a,b c {(continue)})"), ("for i in 0..<n { i }", "(for i (..< 0 n) {i})"),
        ("if a { 1 } else if b { 2 } else { 3 }", "(if a {1} b {2} {3})"), ("let undo = 1", "(let undo 1)"),
        ("let default = as", "(let default as)"), ("if a { } ", "(if a {})"),
    ])
    func statements(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test(arguments: [
        (#"step "a" { 1 }"#, #"(step "a" {1})"#),
        (#"step "a ${b}" { 1 } undo { 2 }"#, #"(step (str "a " b) {1} (undo {2}))"#),
        (#"let x = step "a" { 1 } undo r { f(r) }"#, #"(let x (step "a" {1} (undo r {(call f r)})))"#),
        (#"transaction "t" { 1 }"#, #"(transaction "t" {1})"#),
        ("parallel { a(); b() }", "(parallel (call a) (call b))"),
        ("parallel(limit: 2) { a }", "(parallel 2 a)"), ("parallel for r in rs { r }", "(parallel-for r rs {r})"),
        ("parallel(limit: 2) for k, v in m { k }", "(parallel-for 2 k,v m {k})"), ("retry(3) { 1 }", "(retry 3 {1})"),
        ("retry(n + 1, every: 2s) { 1 }", "(retry (+ n 1) 2.0 seconds {1})"),
        ("timeout(5m) { 1 }", "(timeout 300.0 seconds {1})"),
        ("try { 1 } catch { 2 }", "(try {1} {2})"), ("let x = try { 1 } catch e { 2 }", "(let x (try {1} e {2}))"),
        (#"confirm("go?")"#, #"(call confirm "go?")"#),
    ])
    func releaseConstructs(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test(arguments: [
        ("match v { 1 => a, else => b }", "(match v (1 => {a}) (else => {b}))"),
        ("match v {\n -1 | -2.5 => a\n 1..<5 => { b }\n}", "(match v (-1|-2.5 => {a}) (1..<5 => {b}))"),
        (
            "match v { Version | [Str]? => 1, null => 2, true => 3 }",
            "(match v (:Version|:[Str]? => {1}) (null => {2}) (true => {3}))"
        ),
        ("match v { 1.2.3..2.0.0 => a, 5m => b }", "(match v (v1.2.3..v2.0.0 => {a}) (300.0 seconds => {b}))"),
        ("match v {}", "(match v)"),
        ("match v { 1 => {}, 2 => {a: 1} }", #"(match v (1 => {(map)}) (2 => {(map "a":1)}))"#),
        (
            "match v { 1 => x = 2\n 2 => break\n 3 => { $ echo }, }",
            #"(match v (1 => {(= x 2)}) (2 => {(break)}) (3 => {($ "echo")}))"#
        ),
        ("f(match v {\n 1 => a\n 2 => b\n})", "(call f (match v (1 => {a}) (2 => {b})))"),
    ])
    func matches(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test(arguments: [
        ("fn f(a: Str | [Int]? = null) { a }", "(fn f (a:(Str|[Int]?)=null) {a})"),
        (#"fn f(a: "x" | "y") -> {Str: Int} { a }"#, #"(fn f (a:("x"|"y")) ->{Str:Int} {a})"#),
        ("fn f(a: (A | B)?) => a", "(fn f (a:(A|B)?) {a})"),
        ("fn f(\n a:\n  Int |\n Str,\n) { a }", "(fn f (a:(Int|Str)) {a})"),
    ])
    func types(text: String, tree: String) {
        #expect(dump(text) == tree)
    }

    @Test func recipesCarryTheirDocumentation() {
        #expect(dump("## A.\n##\n## B.\nrecipe r() { }") == "(recipe r #\"A.\\n\\nB.\" () {})")
        #expect(dump("## A.\n\nrecipe r() { }") == "(doc \"A.\")\n(recipe r () {})")
        #expect(dump("let x = 1 ## no\nrecipe r() { }") == "(let x 1)\n(recipe r () {})")
        #expect(dump("x\n## A.\n# internal\nfn f() { 1 }") == "x\n(fn f #\"A.\" () {1})")
        #expect(dump("x\n## A.\n\nfn f() { 1 }") == "x\n(fn f () {1})")
        #expect(dump("## File.\nimport \"a.rel\"\n") == "(doc \"File.\")\n(import \"a.rel\" a)")
        #expect(dump("#!/bin/relsh\n# license\n\n## File.\n\nx") == "(doc \"File.\")\nx")
        #expect(dump("x\n### ruler\nfn f() { 1 }") == "x\n(fn f () {1})")
        #expect(
            dump("recipe r(\n  ## One.\n  a,\n\n  ## Two.\n  ## More.\n  b: Int,\n  c,\n) { }")
                == "(recipe r (a #\"One.\" b:Int #\"Two.\\nMore.\" c) {})")
    }

    @Test func recipesTakeOverParameters() {
        #expect(
            dump("recipe all(...dev.release, x: Int = 1, ...b) { b(...) }")
                == "(recipe all (...dev.release x:Int=1 ...b) {(call b ...)})")
    }

    @Test func importsHaveNames() {
        #expect(dump("import \"lib/images.rel\" as pics") == "(import \"lib/images.rel\" pics)")
        #expect(dump("import 'std/dev'") == "(import \"std/dev\" dev)")
        #expect(findings("import \"a/step.rel\"") == ["import-name at 1:8"])
    }
}
