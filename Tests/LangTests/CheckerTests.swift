import Builtins
import Foundation
import Lang
import TestSupport
import Testing

/// A program, and what is found in it: `id: text under the caret`.
struct CheckedProgram: Sendable, CustomTestStringConvertible {
    let text: String
    let findings: [String]

    init(_ text: String, _ findings: String...) {
        self.text = text
        self.findings = findings
    }

    var testDescription: String { text }
}

private func findings(_ text: String, _ files: [String: String] = [:]) -> [String] {
    let loader = ModuleLoader(catalog: StandardCatalog.catalog, checksTypes: true) { path throws(ImportFailure) in
        guard let text = files[path] else { throw ImportFailure("there is no such file") }
        return SourceFile(name: path, path: path, text: text)
    }
    return loader.load(entry: SourceFile(name: "main.rel", path: "main.rel", text: text)).diagnostics.map {
        let text = $0.location.file.text($0.location.range)
        return $0.message.id + ": " + text.prefix { $0 != "\n" }
    }
}

private func help(_ text: String) -> String? { firstMessage(text)?.help }

private func expectedType(_ text: String) -> String? { firstMessage(text)?.expected }

private func firstMessage(_ text: String) -> Message? {
    let loader = ModuleLoader(catalog: StandardCatalog.catalog, checksTypes: true) { _ throws(ImportFailure) in
        throw ImportFailure("")
    }
    return loader.load(entry: SourceFile(name: "main.rel", text: text)).diagnostics.first?.message
}

/// Programs with one mistake each, or several that have nothing to do with each other.
@Suite struct CheckerFindingsTests {
    private typealias Row = CheckedProgram

    static let types: [CheckedProgram] = [
        Row("print(1 + 2.0)", "wrong-operands: 1 + 2.0"),
        Row("print(\"1\" + 1)", "wrong-operands: \"1\" + 1"),
        Row("print(\"a\" < 1)", "wrong-operands: \"a\" < 1"),
        Row("print([1] < [2])", "unordered-operand: [1]"),
        Row("print(true + 1)", "wrong-operands: true + 1"),
        Row("print({a: 1} + {b: 2})", "wrong-operands: {a: 1} + {b: 2}"),
        Row("fn f(x) { x * true }", "wrong-type: true"),
        Row("print(-\"a\")", "wrong-type: \"a\""),
        Row("print(not 1)", "wrong-condition: 1"),
        Row("print(1..2.0)", "wrong-type: 2.0"),
        Row("if 1 { print(1) }", "wrong-condition: 1"),
        Row("let xs = [1]\nwhile xs { print(xs) }", "wrong-condition: xs"),
        Row("assert \"yes\"", "wrong-condition: \"yes\""),
        Row("for x in 5 { print(x) }", "wrong-sequence: 5"),
        Row("for x in \"abc\" { print(x) }", "wrong-sequence: \"abc\""),
        Row("for i, x in 1..3 { print(i, x) }", "numbered-range: 1..3"),
        Row("print(1 in 5)", "wrong-container: 5"),
        Row("print(1 in \"abc\")", "wrong-type: 1"),
        Row("print([1][\"a\"])", "wrong-index: \"a\""),
        Row("print(\"abc\"[0])", "wrong-index: 0"),
        Row("print({a: 1}[0])", "wrong-index: 0"),
        Row("print(1.2.3[0])", "index-of-value: 1.2.3"),
        Row("let x = 5\nprint(x())", "call-of-value: x"),
        Row("let [a, b] = 5\nprint(a, b)", "wrong-type: 5"),
        Row("fail 5", "wrong-type: 5"),
        Row("var s = \"abc\"\ns[0..1] = \"x\"", "change-of-unchangeable: s[0..1]"),
        Row("let x: Int = \"a\"", "wrong-type: \"a\""),
        Row("var x: Int = 1\nx = \"a\"", "wrong-type: \"a\""),
        Row("var x = 1\nx += \"a\"", "wrong-operands: x += \"a\""),
        Row("let xs: [Int] = [1, \"a\"]", "wrong-type: \"a\""),
        Row("let m: {Str: Int} = {a: 1, b: true}", "wrong-type: true"),
        Row("var xs: [Int] = [1]\nxs.append(\"a\")", "wrong-type: \"a\""),
        Row("let stage: \"dev\" | \"prod\" = \"prd\"", "wrong-type: \"prd\""),
        Row("let e = try { 1 } catch err { 2 }\nprint(e.trim())", "value-without-member: trim"),
        Row("let x = if git.is_clean() { 1 } else { 2 }\nx.trim()", "value-without-member: trim"),
    ]

    static let calls: [CheckedProgram] = [
        Row("docker.push(5)", "wrong-type: 5"),
        Row("docker.build(context: \".\", file: \"a\", tags: \"app:dev\")", "wrong-type: \"app:dev\""),
        Row("docker.build(context: \".\", file: \"a\", tags: [\"a:b\"], args: {N: 1})", "wrong-type: 1"),
        Row("registry.publish(\"a:b\", to: \"ecr\", tags: [\"dev\"])", "wrong-type: \"ecr\""),
        Row("timeout(5) { print(1) }", "wrong-type: 5"),
        Row("retry(\"3\") { print(1) }", "wrong-type: \"3\""),
        Row("retry(3, every: 2) { print(1) }", "wrong-type: 2"),
        Row("run(\"ls -l\")", "wrong-type: \"ls -l\""),
        Row("fn f(n: Int) { n }\nf(\"1\")", "wrong-type: \"1\""),
        Row("fn f(a: Str, b: Bool = true) { print(a, b) }\nf(b: 1, a: \"x\")", "wrong-type: 1"),
        Row("fn f() -> Int { \"a\" }", "wrong-type: \"a\""),
        Row("fn f(x) -> Int {\n  if x == 1 { return \"a\" }\n  2\n}", "wrong-type: \"a\""),
        Row("fn f(x) -> Int { if x { 1 } else { \"b\" } }", "wrong-type: \"b\""),
        Row("fn f(x) -> Int {\n  print(x)\n}", "wrong-type: print(x)"),
        Row("fn f(x) -> Int {\n  print(x)\n  for i in 1..2 { print(i) }\n}", "wrong-type: Int"),
        Row("fn f() { \"text\" }\nf() - 1", "wrong-operands: f() - 1"),
        Row("f(1) - 1\nfn f(x) { \"text ${x}\" }", "wrong-operands: f(1) - 1"),
        Row("let f = fn(n: Int) => n\nf(\"1\")", "wrong-type: \"1\""),
        Row("recipe r(v: Version) { print(v) }\nrecipe s() { r(\"1.2.3\") }", "wrong-type: \"1.2.3\""),
        Row("recipe r(v: Version) { print(v) }\nrecipe s(v: Int) { r(...) }", "wrong-type: ..."),
        Row("recipe r() -> Version { 1.2.3 }\nrecipe s() { r().trim() }", "value-without-member: trim"),
        Row("[1].map(fn(x) => x + \"a\")", "wrong-operands: x + \"a\""),
        Row("[1].filter(fn(x) => x + 1)", "wrong-type: x + 1"),
        Row("[\"a\"].sort(by: fn(x) => x.size)", "value-without-member: size"),
        Row("\"a\".pad_left()", "arguments-lacking: pad_left"),
        Row("\"a\".trim(1)", "too-many-arguments: 1"),
        Row("\"a\".pad_left(5, wiht: \"0\")", "unknown-parameter: wiht"),
        Row("\"a\".repeat(\"3\")", "wrong-type: \"3\""),
        Row("fn f(n: Int = 1, s: Str = n) { print(s) }", "wrong-type: n"),
    ]

    static let members: [CheckedProgram] = [
        Row("print(\"abc\".length())", "value-without-member: length"),
        Row("print(\"abc\".len)", "uncalled-method: len"),
        Row("print(1.2.3.majr)", "value-without-member: majr"),
        Row("print(1.2.3.major())", "called-property: major"),
        Row("let m = {a: 1}\nprint(m.b)", "missing-key: b"),
        Row("let m = {f: fn(x) => x}\nprint(m.f(1))", "value-without-member: f"),
        Row("print(true.foo)", "value-without-member: foo"),
        Row("let f = fn(x) => x\nprint(f.name)", "value-without-member: name"),
        Row("try { 1 } catch err { print(err.mesage) }", "value-without-member: mesage"),
        Row("let r = run([\"a\"])\nprint(r.exitcode)", "value-without-member: exitcode"),
        Row("for r in project.registries.all() { print(r.nme) }", "value-without-member: nme"),
    ]

    static let commands: [CheckedProgram] = [
        Row("$ echo ${null}", "wrong-word: null"),
        Row("$ echo ${git.branch()}", "possibly-null: git.branch()"),
        Row("let m = {a: 1}\n$ echo ${m}", "wrong-word: m"),
        Row("let xs = [1]\n$ echo a${xs}", "list-within-word: xs"),
        Row("let xs = [[1]]\n$ echo ${xs}", "wrong-word: xs"),
        Row("let s = env.secret(\"A\")\n$ echo ${s}", "wrong-word: s"),
        Row("$ echo ${print}", "wrong-word: print"),
        Row("let s = \"${print}\"", "function-in-text: print"),
    ]

    static let nulls: [CheckedProgram] = [
        Row("print(git.branch().upper())", "possibly-null: git.branch()"),
        Row("fn f(s: Str?) { s.len() }", "possibly-null: s"),
        Row("fn f(s: Str?) { s + \"a\" }", "possibly-null: s"),
        Row("fn f(n: Int?) { n < 3 }", "possibly-null: n"),
        Row("fn f(b: Bool?) { if b { print(1) } }", "possibly-null: b"),
        Row("fn f(xs: [Int]?) { for x in xs { print(x) } }", "possibly-null: xs"),
        Row("fn f(xs: [Int]?) { xs[0] }", "possibly-null: xs"),
        Row("fn g(s: Str) { s }\nfn f(s: Str?) { g(s) }", "possibly-null: s"),
        Row("fn f(s: Str?) {\n  print(s.len())\n  print(s.len())\n}", "possibly-null: s"),
        Row("let x: Str? = null\nprint(x.len())", "possibly-null: x"),
        Row("fn f(s: Str?) { if s == null { print(s.len()) } }", "possibly-null: s"),
        Row("fn f(s: Str?) { if s != null or s.len() > 1 { print(1) } }", "possibly-null: s"),
        Row("fn f(s: Str?) {\n  if s == null { print(1) }\n  s.len()\n}", "possibly-null: s"),
        Row(
            "fn f() {\n  var s = git.branch()\n  if s == null { return }\n  s = git.branch()\n  s.len()\n}",
            "possibly-null: s"),
        Row("fn f(i: Image) { i.tag.len() }", "possibly-null: i.tag"),
        Row("fn f(v: Version | \"NEW\") { v.bump() }", "value-without-member: bump"),
        Row("fn g(v: Version) { v }\nfn f(v: Version | \"NEW\") { g(v) }", "wrong-type: v"),
    ]

    static let matches: [CheckedProgram] = [
        Row("fn f(s: \"a\" | \"b\") { match s { \"a\" => 1 } }", "missing-arms: s"),
        Row("fn f(s: \"dev\" | \"prod\") { match s { \"dev\" => 1, \"prd\" => 2 } }", "unmatchable-arm: \"prd\""),
        Row("fn f(b: Bool) { match b { true => 1 } }", "missing-arms: b"),
        Row("fn f(s: Str?) { match s { Str => 1 } }", "missing-arms: s"),
        Row("fn f(v: Int | Str) { match v { Int => 1 } }", "missing-arms: v"),
        Row("fn f(v: Version | \"NEW\") { match v { Version => 1 } }", "missing-arms: v"),
        Row("fn f(s: \"a\" | \"b\") { match s { \"a\" | \"b\" => 1, \"c\" => 2 } }", "unmatchable-arm: \"c\""),
        Row("fn f(s) { match s { \"a\" => 1, \"a\" => 2, else => 3 } }", "unmatchable-arm: \"a\""),
        Row("fn f(s: Str) { match s { Str => 1, \"a\" => 2 } }", "unmatchable-arm: \"a\""),
        Row("fn f(s: Str) { match s { 1 => 1, else => 2 } }", "unmatchable-arm: 1"),
        Row("fn f(s) { match s { else => 1, 2 => 3 } }", "unreachable-arm: 2 => 3"),
    ]

    static let warnings: [CheckedProgram] = [
        Row("print(1 == 1.0)", "never-equal: 1 == 1.0"),
        Row("print(\"a\" == 1)", "never-equal: \"a\" == 1"),
        Row("fn f(s: \"dev\" | \"prod\") { s == \"prd\" }", "never-equal: \"prd\""),
        Row("fn f(s: \"dev\" | \"prod\") { s in [\"dev\", \"prd\"] }", "never-equal: \"prd\""),
        Row("fn f(s: Str) { s == null }", "never-equal: s == null"),
        Row("fn f(p: Path) { p == \".\" }", "never-equal: p == \".\""),
        Row("fn f() {\n  let a = 1\n  2\n}", "unused-name: a"),
        Row("fn f() {\n  var a = 1\n  a = 2\n}", "unused-name: a"),
        Row("fn f() {\n  fn g() { 1 }\n  2\n}", "unused-name: g"),
        Row("for s in [\"a\", \"b\"] { print(\"x\") }", "unused-name: s"),
        Row("fn f() {\n  return 1\n  print(2)\n  print(3)\n}", "unreachable-code: print(2)"),
        Row("fn f() {\n  fail \"x\"\n  print(2)\n}", "unreachable-code: print(2)"),
        Row("for i in 1..3 {\n  break\n  print(i)\n}", "unreachable-code: print(i)"),
        Row("fn f(x) {\n  if x { return 1 } else { return 2 }\n  3\n}", "unreachable-code: 3"),
    ]

    @Test(arguments: types + calls + members + commands)
    func aWrongTypeIsFound(program: CheckedProgram) { #expect(findings(program.text) == program.findings) }

    @Test(arguments: nulls)
    func nullIsLookedForFirst(program: CheckedProgram) { #expect(findings(program.text) == program.findings) }

    @Test(arguments: matches)
    func aMatchHasAnArmForEveryValue(program: CheckedProgram) { #expect(findings(program.text) == program.findings) }

    @Test(arguments: warnings)
    func whatHasNoUseIsFound(program: CheckedProgram) { #expect(findings(program.text) == program.findings) }

    @Test func severalMistakesAreReportedAtOnce() {
        let text = "let a = 1 + \"x\"\nprint(a.foo)\nprint(vresion)\nif 1 { print(2) }\nlet c: Int = 2.0"
        #expect(
            findings(text) == [
                "wrong-operands: 1 + \"x\"", "unknown-name: vresion", "wrong-condition: 1", "wrong-type: 2.0",
            ])
    }

    @Test func theFixIsTold() {
        #expect(help("print(1 + 2.0)") == "write `Float(1)`")
        #expect(help("let t: Duration = 5") == "write it with a unit: `5s`")
        #expect(help("let v: Version = \"1.2.3\"")?.contains("Version(\"1.2.3\")") == true)
        #expect(help("print([1].length())") == "did you mean `.len()`?")
        #expect(help("fn f(s: \"dev\" | \"prod\") { s == \"prd\" }") == "did you mean \"prod\"?")
        #expect(help("if [1] { print(1) }") == "ask for its length: `….len() > 0`")
        #expect(help("if null { print(1) }") == "write what must hold: null never does")
        #expect(help("print(1, sep: \",\")") == "it takes values only, without names")
        #expect(help("print(git.branch(x: 1))") == "it takes no arguments")
    }

    @Test func whatCannotBeReadIsNoRemedy() {
        #expect(help("recipe r(n: Int = \"x\") { n }") == nil)
        #expect(help("recipe r(n: Int = \"3\") { n }") == "write it without quotes: `3`")
        #expect(help("recipe r(t: Duration = \"5m\") { t }") == "write it without quotes: `5m`")
        #expect(help("recipe r(v: Version = \"dev\") { v }") == nil)
        #expect(help("recipe r(v: Version = \"1.2.3\") { v }") == "write a version without quotes: 1.2.3")
        #expect(help("recipe r(p: Path = \"a/b\") { p }") == "write `Path(\"a/b\")`")
    }

    @Test func whatIsExpectedIsAType() {
        let programs = [
            "print([1][\"a\"])", "print(\"abc\"[0])", "print({a: 1}[0])", "retry(0) { 1 }", "if [1] { 1 }",
            "for i, x in 1..3 { print(i, x) }", "for x in 5 { print(x) }",
        ]
        let expected = programs.map { expectedType($0) }
        #expect(expected == ["Int | Range", "Range", "Str", "Int", "Bool", "List | Map", "List | Map | Range"])
    }

    @Test func typesGoThroughImports() {
        let files = ["lib.rel": "fn tag(v: Version) { \"v${v}\" }\nlet base = \"app\"\nrecipe r(n: Int) { n + 1 }"]
        #expect(findings("import \"lib.rel\"\nlib.tag(\"1\")", files) == ["wrong-type: \"1\""])
        #expect(findings("import \"lib.rel\"\nlib.tag(1.2.3) * 2", files) == ["wrong-operands: lib.tag(1.2.3) * 2"])
        #expect(findings("import \"lib.rel\"\nlib.base + 1", files) == ["wrong-operands: lib.base + 1"])
        #expect(findings("import \"lib.rel\"\nlib.r(n: 1).trim()", files) == ["value-without-member: trim"])
    }
}
