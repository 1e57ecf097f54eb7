import Testing

@testable import Lang

@Suite struct DiagnosticPrinterTests {
    private let printer = DiagnosticPrinter(colour: false)

    /// A finding about the first `needle` in the text.
    private func diagnostic(
        _ text: String, _ needle: String, help: String? = nil, notes: [(String, String)] = []
    ) -> Diagnostic {
        let file = SourceFile(name: "recipes/dev.rel", text: text)
        func location(_ needle: String) -> Lang.SourceLocation {
            let start = text.utf8.count == 0 ? 0 : offset(of: needle, in: text)
            return Lang.SourceLocation(file: file, range: SourceRange(start, start + needle.utf8.count))
        }
        let message = Message("unknown name `imags`", help: help, id: "unknownName")
        let all = notes.map { Diagnostic.Note($0.0, at: location($0.1)) }
        return Diagnostic(.error, message, at: location(needle), notes: all)
    }

    private func offset(of needle: String, in text: String) -> Int {
        let bytes = Array(text.utf8)
        let wanted = Array(needle.utf8)
        return (0...bytes.count).first { bytes[$0...].starts(with: wanted) } ?? 0
    }

    private func excerpt(_ text: String, _ needle: String) -> [String] {
        printer.text(diagnostic(text, needle)).split(separator: "\n").suffix(2).map(String.init)
    }

    @Test func aFindingShowsItsLineAndHelp() {
        let text = String(repeating: "\n", count: 11) + "    let v = imags.dev_version(version)\n"
        #expect(
            printer.text(diagnostic(text, "imags", help: "did you mean `images`?")) == """
                error: unknown name `imags` [unknown-name]
                  --> recipes/dev.rel:12:13
                   |
                12 |     let v = imags.dev_version(version)
                   |             ^^^^^
                   = help: did you mean `images`?

                """)
    }

    @Test func notesShowTheirPlace() {
        let text = "let a = 1\n\n\n\n\n\n\n\n\na = 2\n"
        #expect(
            printer.text(diagnostic(text, "a = 2", notes: [("declared here", "let")])) == """
                error: unknown name `imags` [unknown-name]
                  --> recipes/dev.rel:10:1
                   |
                10 | a = 2
                   | ^^^^^
                note: declared here
                  --> recipes/dev.rel:1:1
                   |
                 1 | let a = 1
                   | ^^^

                """)
    }

    @Test func theCaretStandsRight() {
        #expect(excerpt("\tlet x", "x") == ["1 |     let x", "  |         ^"])
        #expect(excerpt("\"日本\" x", "x") == ["1 | \"日本\" x", "  |        ^"])
        #expect(excerpt("\"日本\" x", "日本") == ["1 | \"日本\" x", "  |  ^^^^"])
        #expect(excerpt("\"e\u{301}\" x", "x") == ["1 | \"e\u{301}\" x", "  |     ^"])
        #expect(excerpt("\"\u{1B}[31m\" x", "x") == ["1 | \"␛[31m\" x", "  |         ^"])
        #expect(excerpt("a\u{202E} x", "x") == ["1 | a\u{FFFD} x", "  |    ^"])
        #expect(excerpt("ab\r\n", "b") == ["1 | ab", "  |  ^"])
    }

    @Test func rangesOfSeveralLinesUnderlineTheFirst() {
        #expect(excerpt("f(a,\n  b)", "f(a,\n  b)") == ["1 | f(a,", "  | ^^^^"])
    }

    @Test func emptyRangesHaveACaret() {
        let file = SourceFile(name: "x", text: "let x =\n")
        for (offset, expected) in [(7, "  |        ^"), (8, "  | ^"), (0, "  | ^"), (99, "  | ^")] {
            let location = Lang.SourceLocation(file: file, range: SourceRange(offset, offset))
            let lines = printer.text(Diagnostic(.error, Message("m", id: "m"), at: location)).split(separator: "\n")
            #expect(lines.last.map(String.init) == expected)
        }
        let empty = Lang.SourceLocation(file: SourceFile(name: "x", text: ""), range: SourceRange(0, 0))
        #expect(
            printer.text(Diagnostic(.warning, Message("m", id: "m"), at: empty)).hasPrefix(
                "warning: m [m]\n --> x:1:1\n"))
    }

    @Test(arguments: [0, 50, 5_000, 499_990, 999_995])
    func longLinesAreCutAroundTheCaret(before: Int) {
        let text = String(repeating: "é", count: before) + "HERE" + String(repeating: "x", count: 1_000_000 - before)
        let file = SourceFile(name: "x", text: text)
        let start = 2 * before
        let location = Lang.SourceLocation(file: file, range: SourceRange(start, start + 4))
        let lines = printer.text(Diagnostic(.error, Message("m", id: "m"), at: location)).split(separator: "\n").map(
            Array.init)
        #expect(lines[3].count <= 110)
        let caret = lines[4].firstIndex(of: "^")!
        #expect(String(lines[3][caret...].prefix(4)) == "HERE")
        #expect(lines[4].filter { $0 == "^" }.count == 4)
    }

    @Test func bytesThatAreNoTextAreShown() {
        let file = SourceFile(name: "x", bytes: [0x61, 0xFF, 0x62])
        let location = Lang.SourceLocation(file: file, range: SourceRange(2, 3))
        let lines = printer.text(Diagnostic(.error, Message("m", id: "m"), at: location)).split(separator: "\n")
        #expect(lines.suffix(2) == ["1 | a\u{FFFD}b", "  |   ^"])
    }

    @Test func messagesCannotSteerTheTerminal() {
        let file = SourceFile(name: "x\u{1B}", text: "a")
        let location = Lang.SourceLocation(file: file, range: SourceRange(0, 1))
        let text = printer.text(Diagnostic(.error, Message("m\u{1B}[2J", help: "\u{7}", id: "m"), at: location))
        #expect(!text.contains("\u{1B}") && !text.contains("\u{7}"))
        #expect(text.contains("m\\u{1B}[2J"))
    }

    @Test func coloursAreAddedAndNothingElse() {
        let finding = diagnostic("imags()", "imags", help: "h", notes: [("n", "()")])
        let coloured = DiagnosticPrinter(colour: true).text(finding)
        #expect(coloured.contains("\u{1B}[1;31merror"))
        #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == printer.text(finding))
    }

    @Test func findingsAreJSON() {
        #expect(printer.json([]) == "[]\n")
        let first = diagnostic("a\n  imags \"x\"", "imags", help: "say \"images\"\\\n\u{1}")
        #expect(
            printer.json([first, diagnostic("imags", "imags")]) == #"""
                [
                  {"id": "unknown-name", "severity": "error", "file": "recipes/dev.rel", "line": 2, "column": 3, "end_line": 2, "end_column": 8, "message": "unknown name `imags`", "expected": null, "help": "say \"images\"\\\n\u0001", "replacement": null, "notes": []},
                  {"id": "unknown-name", "severity": "error", "file": "recipes/dev.rel", "line": 1, "column": 1, "end_line": 1, "end_column": 6, "message": "unknown name `imags`", "expected": null, "help": null, "replacement": null, "notes": []}
                ]

                """#)
    }

    @Test func whatIsExpectedAndWhatToWriteIsJSON() {
        let file = SourceFile(name: "a.rel", text: "f(\"1\")\nx")
        let message = Message("must be Int", expected: "Int", replacement: "Int(\"1\")", id: "wrong-type")
        let note = Diagnostic.Note("here", at: Lang.SourceLocation(file: file, range: SourceRange(7, 8)))
        let location = Lang.SourceLocation(file: file, range: SourceRange(2, 5))
        #expect(
            printer.json([Diagnostic(.warning, message, at: location, notes: [note])]) == #"""
                [
                  {"id": "wrong-type", "severity": "warning", "file": "a.rel", "line": 1, "column": 3, "end_line": 1, "end_column": 6, "message": "must be Int", "expected": "Int", "help": null, "replacement": "Int(\"1\")", "notes": [{"message": "here", "file": "a.rel", "line": 2, "column": 1}]}
                ]

                """#)
    }

    @Test func aFileThatCannotBeReadHasNoPlace() {
        let missing = Message("there is no file b.rel", help: "did you mean a.rel?", id: "missing-file")
        #expect(
            printer.json([], unreadable: [("b.rel", missing)]) == #"""
                [
                  {"id": "missing-file", "severity": "error", "file": "b.rel", "line": null, "column": null, "end_line": null, "end_column": null, "message": "there is no file b.rel", "expected": null, "help": "did you mean a.rel?", "replacement": null, "notes": []}
                ]

                """#)
    }
}
