import Foundation
import Lang
import TestSupport
import Testing

/// What the formatter does is in Tests/Formatting: `<case>.rel` and what becomes of it in `<case>.expected`.
/// `RELSH_RECORD=1` rewrites the latter, and still fails. What it promises is tried on all there is of the language.
@Suite struct FormatterTests {
    private static let cases = SourceText.paths(under: "Tests/Formatting", ending: ".rel")

    @Test func thereAreCases() { #expect(Self.cases.count > 4) }

    @Test(arguments: cases)
    func aCaseIsFormatted(path: String) throws {
        let formatted = try FormatCheck.format(Self.read(path))
        let expected = SourceText.repository.appendingPathComponent(String(path.dropLast(4)) + ".expected")
        if ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" {
            try formatted.write(to: expected, atomically: true, encoding: .utf8)
            Issue.record("\(path) was recorded")
        }
        #expect(try formatted == String(contentsOf: expected, encoding: .utf8))
        for line in formatted.split(separator: "\n") { #expect(line.unicodeScalars.count <= 100, "\(line)") }
    }

    @Test(arguments: ["recipes", "examples"].flatMap { SourceText.paths(under: $0, ending: ".rel") })
    func recipesAndExamplesAreFormatted(path: String) throws {
        let text = try Self.read(path)
        #expect(try FormatCheck.format(text) == text, "`relsh fmt \(path)` would change it")
    }

    // MARK: The promises

    private static let programs: [(name: String, texts: [String])] = {
        let folders = ["recipes", "examples", "Tests/Formatting", "Tests/Diagnostics", "Tests/Recipes", "Tests/Corpus"]
        var found = folders.flatMap { SourceText.paths(under: $0, ending: ".rel") }.map { path in
            (path, (try? read(path)).map { [$0] + $0.components(separatedBy: "\n\n") } ?? [])
        }
        for path in SourceText.paths(under: "Tests/Transcripts", ending: ".relt") {
            found.append((path, Transcript((try? read(path)) ?? "").inputs.map(\.text)))
        }
        return found + [("sample", [SyntaxFixture.sample]), ("everything", [SyntaxFixture.everything])]
    }()
    private static let names = programs.map(\.name)
    private static func texts(_ name: String) -> [String] { programs.first { $0.name == name }?.texts ?? [] }

    @Test(arguments: names)
    func nothingButTheLayoutChanges(name: String) {
        for text in Self.texts(name) {
            let wrong = FormatCheck.problem(text)
            #expect(wrong == nil, "\(name):\n\(text)\n\(wrong ?? "")")
        }
    }

    @Test(arguments: names)
    func nothingButTheLayoutOfMutationsChanges(name: String) {
        let texts = Self.texts(name).filter { $0.utf8.count < 1500 }
        var random = FormatMutation(seed: UInt64(name.utf8.count) &* 7919)
        for _ in 0..<(texts.isEmpty ? 0 : 150) {
            let text = random.mutated(texts[Int(random.next() % UInt64(texts.count))])
            let wrong = FormatCheck.problem(text)
            #expect(wrong == nil, "\(name):\n\(text)\n\(wrong ?? "")")
        }
    }

    @Test(arguments: [
        ";\n## d\n", "; ## d\nfn f() {}", "a\n; ## d\nfn f() {}", "## d\n;fn f() {}", "## d\n;\nimport \"x.rel\"",
        "fn f(a # x\n, ## y\n b) {}", "- -[1]", "- - -x", "$ a }\\\n b", "$ a }| b", "$( {\\\n a | b)", "fn() => {;}",
        "fn() { $ x; }[1]", "if a { $ b } .c()", "{a: if b { $ c } }", "\u{FEFF}let a = 1", "\n#!x\n## d\n\nlet a = 1",
        "let a = 1\r\n\r\n\r\nlet b = \"\"\"\r\n  x\r\n\r\n  \"\"\"\r\n", "let a = \"\"\"\n\tx\n\t\ty\n\t\"\"\"",
        "let a = \"\"\"\n  ${\"\"\"\n b\n \"\"\"}\n     \n  \"\"\"", "retry(..., 3) {}", "f(..., a, ...)", "", "\n\n",
        "# a",
        "## a", "((a))((b))", "(fn(x) => x)(1)", "x?.y()?.z", "$ a\\\n", "$ a \\\n# b", "let a: ((\"b\" | \"c\")?) = d",
    ])
    func whatOnceWentWrongOrMight(text: String) {
        #expect(FormatCheck.problem(text) == nil)
        #expect(SyntaxFixture.findings(text).isEmpty, "it should parse")
    }

    @Test(arguments: [
        "let a = \"\"\"\r\n    a ${\"\"\"\r\n      b\r\n\r\n      \"\"\"} c\r\n    \"\"\"\r\n",
        "print(\"a ${\r\n    f(1)\r\n} b\")\r\n", "$ echo \"${\r\n    1\r\n}\" \\\r\n    b\r\n",
    ])
    func theEndsOfLinesAreTheSameEverywhere(text: String) throws {
        let formatted = try FormatCheck.format(text)
        #expect(!formatted.utf8.contains(UInt8(ascii: "\r")))
        #expect(try formatted == FormatCheck.format(text.replacing("\r\n", with: "\n")))
        #expect(FormatCheck.problem(text) == nil)
    }

    @Test func aFileWithErrorsIsNotFormatted() {
        let file = SourceFile(name: "test.rel", text: "let a =\nlet b = 1\n")
        guard case .failure(let failure) = Formatter.format(file) else {
            Issue.record("it was formatted")
            return
        }
        #expect(failure.diagnostics.map(\.message.id) == ["expected-value"])
    }

    @Test(arguments: [
        "1 + ", "f(a, ", "[1, ", "a.b().", "not ", "print(1); ", "let a = 1\n", "# c\n", "a, b: [", "if a { b } else ",
    ])
    func longTextsAreFormattedInTime(piece: String) {
        for count in [90, 5_000] {
            let text = String(repeating: piece, count: count)
            for end in ["", "1", "x()", "{}", "1" + String(repeating: ")", count: count)] {
                let start = ContinuousClock.now
                let wrong = FormatCheck.problem(text + end)
                #expect(wrong == nil, "\(piece) repeated \(count) times")
                #expect(ContinuousClock.now - start < .seconds(60))
            }
        }
    }

    private static func read(_ path: String) throws -> String {
        try String(contentsOf: SourceText.repository.appendingPathComponent(path), encoding: .utf8)
    }
}
