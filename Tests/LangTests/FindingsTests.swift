import Builtins
import Foundation
import Lang
import Testing

/// A small program whose findings stand in it, each under what it is about:
///
///     print(vresion)
///           ^^^^^^^ error unknown-name => version
///
/// with what would be written in its place, where that can be told. A line `=== lib.rel` begins a file that it imports.
struct MarkedProgram: Sendable, CustomTestStringConvertible {
    struct Line: Sendable {
        var text: String
        var marks: [String] = []
    }

    /// The entry first.
    var files: [(name: String, lines: [Line])] = [("main.rel", [])]

    var testDescription: String { files[0].lines.first?.text ?? "" }

    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("=== ") {
                files.append((String(line.dropFirst(4)), []))
            } else if line.wholeMatch(of: /\s*\^+ (error|warning) .*/) != nil {
                files[files.count - 1].lines[files[files.count - 1].lines.count - 1].marks.append(line)
            } else {
                files[files.count - 1].lines.append(Line(text: line))
            }
        }
    }

    /// Those of a file in Tests/Findings, which a line `---` separates.
    static func all(in file: String) -> [MarkedProgram] {
        let path = repository.appendingPathComponent("Tests/Findings/\(file).txt")
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n---\n").map {
            MarkedProgram($0.hasSuffix("\n") ? String($0.dropLast()) : String($0))
        }
    }

    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    // MARK: What is found

    /// The files as they stand in the program, without marks.
    var sources: [String: String] {
        Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0.lines.map(\.text).joined(separator: "\n")) })
    }

    static func findings(in sources: [String: String]) -> [Diagnostic] {
        let loader = ModuleLoader(catalog: StandardCatalog.catalog) { path throws(ImportFailure) in
            guard let text = sources[path] else { throw ImportFailure("there is no such file") }
            return SourceFile(name: path, path: path, text: text)
        }
        let entry = SourceFile(name: "main.rel", path: "main.rel", text: sources["main.rel"] ?? "")
        return loader.load(entry: entry).diagnostics
    }

    /// The program as it would be written down, with the findings given.
    func text(with findings: [Diagnostic]) -> String {
        var lines: [String] = []
        for (index, (name, content)) in files.enumerated() {
            if index > 0 { lines.append("=== " + name) }
            for (offset, line) in content.enumerated() {
                lines.append(line.text)
                for finding in findings where finding.location.file.name == name {
                    let start = finding.location.file.position(of: finding.location.range.start)
                    if start.line == offset + 1 { lines.append(Self.mark(finding, from: start.column, line.text)) }
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func mark(_ finding: Diagnostic, from column: Int, _ line: String) -> String {
        let file = finding.location.file
        let end = file.position(of: finding.location.range.end)
        let isOnOneLine = file.position(of: finding.location.range.start).line == end.line
        let width = (isOnOneLine ? end.column : line.unicodeScalars.count + 1) - column
        let severity = finding.severity == .error ? "error" : "warning"
        return String(repeating: " ", count: column - 1) + String(repeating: "^", count: max(1, width))
            + " \(severity) \(finding.message.id)" + (finding.message.replacement.map { " => \($0)" } ?? "")
    }

    /// The program as it stands in the file.
    var written: String {
        let lines = files.enumerated().flatMap { index, file in
            (index > 0 ? ["=== " + file.name] : []) + file.lines.flatMap { [$0.text] + $0.marks }
        }
        return lines.joined(separator: "\n")
    }
}

/// Programs with one mistake each, of every kind that is found before a program runs, and programs with none.
@Suite struct FindingsTests {
    static let mistakes = MarkedProgram.all(in: "mistakes")
    static let correct = MarkedProgram.all(in: "none")

    @Test func thereAreMany() {
        #expect(Self.mistakes.count > 350)
        #expect(Self.correct.count > 100)
    }

    @Test(arguments: mistakes)
    func aMistakeIsFoundOnceWhereItStands(program: MarkedProgram) {
        let findings = MarkedProgram.findings(in: program.sources)
        #expect(findings.count == 1)
        #expect(program.text(with: findings) == program.written)
    }

    @Test(arguments: correct)
    func nothingIsFoundWhereNothingIsWrong(program: MarkedProgram) {
        let findings = MarkedProgram.findings(in: program.sources)
        #expect(findings.map { "\($0.message.text) \($0.location.description)" } == [])
    }

    /// What a finding says to write instead mends it.
    @Test(arguments: mistakes)
    func aReplacementMendsTheMistake(program: MarkedProgram) throws {
        let findings = MarkedProgram.findings(in: program.sources)
        guard let finding = findings.first, let replacement = finding.message.replacement else { return }
        let file = finding.location.file
        var bytes = file.bytes
        bytes.replaceSubrange(finding.location.range.start..<finding.location.range.end, with: Array(replacement.utf8))
        var sources = program.sources
        sources[file.name] = String(decoding: bytes, as: UTF8.self)
        let left = MarkedProgram.findings(in: sources)
        #expect(left.map { "\($0.message.text) \($0.location.description)" } == [])
    }
}
