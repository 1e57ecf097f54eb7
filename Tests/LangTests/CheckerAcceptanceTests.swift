import Builtins
import Foundation
import Lang
import TestSupport
import Testing

/// Programs in which there is nothing to find.
@Suite struct CheckerAcceptanceTests {
    static let narrowing = [
        "fn f(s: Str?) { if s != null { print(s.len()) } }",
        "fn f(s: Str?) {\n  if s == null { return }\n  s.len()\n}",
        "fn f(s: Str?) {\n  if s == null { fail \"no\" }\n  s.len()\n}",
        "fn f(xs) {\n  for x in xs {\n    let b = git.branch()\n    if b == null { continue }\n    print(b.len(), x)\n  }\n}",
        "fn f(s: Str?) { s != null and s.len() > 1 }",
        "fn f(s: Str?) { s == null or s.len() > 1 }",
        "fn f(s: Str?) { if not (s == null) { print(s.len()) } }",
        "fn f(a: Str?, b: Str?) {\n  if a == null or b == null { return }\n  print(a + b)\n}",
        "fn f(s: Str?) { (s ?? \"x\").len() }",
        "fn f(s: Str?) { s?.len() ?? 0 }",
        "fn f(s: Str?) { if s?.len() == 3 { print(s.upper()) } }",
        "fn f(s: Str?) { match s { null => 0, else => s.len() } }",
        "fn f(s: Str?) { match s { Str => s.len(), null => 0 } }",
        "fn f(s: Str?) {\n  let known = s != null\n  if known { print(s.len()) }\n}",
        "fn f(s: Str?) {\n  let t = if s == null { \"x\" } else { s }\n  t.len()\n}",
        "fn f(s: Str?) {\n  if s in [\"a\", \"b\"] { print(s.len()) }\n  if s not in [null, \"\"] { print(s.len()) }\n}",
        "fn f(s: Str?) {\n  assert s != null, \"no\"\n  s.len()\n}",
        "fn f(s: Str?) {\n  step \"x\" { if s == null { fail \"no\" } }\n  s.len()\n}",
        "fn f(i: Image) { if i.tag != null { print(i.tag.len()) } }",
        "if git.branch() != null { print(git.branch().len()) }",
        "if git.branch() == \"main\" { print(git.branch().len()) }",
        "var b = git.branch()\nwhile b != null {\n  print(b.len())\n  b = git.branch()\n}",
        "let x: Str? = \"a\"\nprint(x.len())",
        "var x: Str? = null\nx = \"a\"\nprint(x.len())",
        "fn f(v: Version | \"NEW\") { if v == \"NEW\" { print(v) } else { print(v.bump()) } }",
        "fn f(v: Version | \"NEW\") {\n  let w = match v { \"NEW\" => 1.0.0, else => v }\n  w.bump()\n}",
        "fn f(v: Int | Str) { if type_of(v) == \"Int\" { print(v + 1) } else { print(v.len()) } }",
        "fn f(v: Int | Float) { v * v }",
        "fn f(s: \"a\" | \"b\" | \"c\") {\n  if s == \"a\" { return 1 }\n  match s { \"b\" => 2, \"c\" => 3 }\n}",
        "print(env.get(\"A\", default: \"x\").len())",
    ]

    static let gradual = [
        "var found = null\nfor x in [1, 2] { if x == 2 { found = x } }\nprint(found + 1)",
        "var x = 1\nx = \"a\"\nprint(x.len())",
        "var xs = []\nxs.append(1)\nxs.append(\"a\")\nprint(xs[1].len())",
        "var xs = [1]\nxs.append(\"a\")\nfor x in xs { print(x.len()) }",
        "var m = {a: 1}\nm[\"b\"] = \"x\"\nprint(m.b.len(), m[\"c\"])",
        "var counts = {}\nfor w in [\"a\"] { counts[w] = (counts[w] ?? 0) + 1 }",
        "let m = {n: 1, s: \"x\"}\nprint(m.n + 1, m.s.len(), m[\"n\"] + 1, m[\"z\"])",
        "let m: {Str: Int} = {a: 1}\nprint(m[\"a\"] + 1)",
        "fn f(x) { if x { return 1 }; null }\nprint(f(true) + 1)",
        "fn f(n) { if n == 0 { 0 } else { f(n - 1) + 1 } }\nprint(f(3) + 1)",
        "fn even(n) { if n == 0 { true } else { odd(n - 1) } }\nfn odd(n) { not even(n) }\nif even(2) { print(1) }",
        "let xs = [1, \"a\", null]\nfor x in xs { print(x) }\nprint(xs[0] + 1)",
        "fn f(stage: \"dev\" | \"prod\") { stage }\nlet s = \"dev\"\nf(s)",
        "print([1, 2].first() + 1, [3, 1].max() + 1, [1].find(fn(x) => x == 1) + 1)",
        "print([1, 2].map(fn(x) => Str(x)).join(\",\"), [[1]].flatten()[0] + 1, [].sum(), [1.5].sum() + 1.0)",
        "print([1].reduce(0, fn(a, x) => a + x) + 1, {a: 1}.values()[0] + 1, {a: 1}.map(fn(k, v) => v + 1))",
        "let fs = [fn(x) => x, Str, print]\nprint(fs[0](1), [1].map(Str))",
        "let t = {double: fn(x) => x * 2}\nprint(t[\"double\"](4))",
        "print(null == null, null != 1.2.3.prerelease, [1] == [], {a: 1} == {})",
        "print(true or 1, false and null)",
        "fn f() -> Int { while true { if git.is_clean() { return 1 } } }",
        "fn f(x) -> Int { match x { 1 => 2, else => fail_with(x) } }\nfn fail_with(x) { fail \"no ${x}\" }",
        "fn f(x) -> Int { if x { fail \"no\" } else { 1 } }",
        "fn f() -> [Int] { [] }\nfn g() -> {Str: Int} { {} }\nfn h() -> Str? { null }",
        "fn f() -> Image { step \"x\" { docker.pull(\"a:b\") } }",
        "fn f(s: Str) { match s { \"a\" => 1, \"b\" => 2 } }",
        "fn f(n) { match n { 1 => \"a\", 2..5 => \"b\", Version => n.major, null => 0, else => n } }",
    ]

    static let builtins = [
        "docker.tag(\"a:b\", \"c:d\")\ndocker.push(Image(\"a:b\"))",
        "docker.build(context: \".\", file: Path(\"a\"), tags: [\"a:b\", Image(\"c:d\")], args: {A: \"1\"})",
        "run([\"echo\", 1, 1.2.3, Path(\"a\")], env: {A: \"1\", B: env.secret(\"X\")}, stdin: env.secret(\"Y\"))",
        "let s = env.secret(\"A\")\n$ TOKEN=${s} echo ${[1, 2]} a${1}",
        "print(1h + 5m, 10MB * 2, 1h / 2, 1h / 5m < 3.0, 2 * 1h, -5s, 1.5 * 1GB)",
        "print(\"a\".pad_left(5, \"0\"), \"abc\"[0..1], [1, 2][0..1][0] + 1, {a: 1}.get(\"b\", 0) + 1)",
        "let r = parallel for x in [1, 2] { x + 1 }\nprint(r[0] + 1)",
        "let r = retry(3, every: 1s) { timeout(5m) { transaction \"x\" { step \"y\" { 1 } } } }\nprint(r + 1)",
        "step \"x\" { docker.pull(\"a:b\") } undo image { docker.rmi(image) }",
        "try { fail \"no\" } catch err { fail err }",
        "var n = 0\ndefer { print(n) }\nn += 1\nfor _ in 1..3 { n += 1 }",
        "let [a, b] = [1, \"x\"]\nprint(a + 1, b.len())",
        "let f = fn(xs) {\n  var sum = 0\n  for x in xs { sum += x }\n  sum\n}\nprint(f([1]) + 1)",
        "recipe r(a: Str? = null, b: [Registry] = project.registries.all(), c: Path = Path(\".\")) { print(a, b, c) }",
    ]

    @Test(arguments: narrowing + gradual + builtins)
    func aRightProgramHasNoFinding(text: String) {
        #expect(Self.findings(text).map { "\($0.message.text) \($0.location.description)" } == [])
    }

    private static func findings(_ text: String) -> [Diagnostic] {
        ModuleLoader(catalog: StandardCatalog.catalog, checksTypes: true) { _ throws(ImportFailure) in
            throw ImportFailure("")
        }
        .load(entry: SourceFile(name: "main.rel", text: text)).diagnostics
    }

    // MARK: What is in the repository

    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static var recipes: [String] {
        let all = FileManager.default.enumerator(atPath: repository.appendingPathComponent("recipes").path)
        return (all?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".rel") }.sorted()
    }

    @Test(arguments: recipes)
    func theStandardRecipesHaveNoFinding(name: String) throws {
        let root = Self.repository.appendingPathComponent("recipes").path
        func read(_ path: String) throws(ImportFailure) -> SourceFile {
            guard let data = FileManager.default.contents(atPath: path) else { throw ImportFailure("it is not there") }
            return SourceFile(name: path, path: path, bytes: Array(data))
        }
        let loader = ModuleLoader(catalog: StandardCatalog.catalog, projectRoot: root, checksTypes: true, read: read)
        let found = loader.load(entry: try read("\(root)/\(name)")).diagnostics
        #expect(found.map { "\($0.message.text) \($0.location.description)" } == [])
    }

    static var transcripts: [String] {
        let folder = repository.appendingPathComponent("Tests/Transcripts").path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".relt") }
            .sorted()
    }

    /// What a session refuses when it runs may well be refused before.
    @Test(arguments: transcripts)
    func whatRunsInATranscriptHasNoError(name: String) throws {
        let file = Self.repository.appendingPathComponent("Tests/Transcripts/\(name)")
        var session: [String] = []
        for part in Transcript(try String(contentsOf: file, encoding: .utf8)).parts {
            switch part {
            case .prose: continue
            case .heading: session = []
            case .input(let input):
                if input.output.contains(where: { $0.hasPrefix("error: ") }) { continue }
                let text = (session + [input.text]).joined(separator: "\n")
                let errors = Self.findings(text).filter { $0.severity == .error }
                if errors.isEmpty { session.append(input.text) }
                let isKnown = errors.allSatisfy { Self.refusedBeforeItRuns.contains($0.location.text) }
                #expect(isKnown, "\(input.text): \(errors.map(\.message.text))")
            }
        }
    }

    /// What is only wrong when it is called.
    private static let refusedBeforeItRuns: Set<String> = ["\"a\""]
}

extension Lang.SourceLocation {
    fileprivate var text: String { file.text(range) }
}
