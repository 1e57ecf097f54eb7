import Foundation
import Lang
import Testing

/// Every message of the parser has its case in Tests/Diagnostics: `<id>.rel` and what is printed for it in `<id>.txt`.
/// `RELSH_RECORD=1` rewrites what is printed, and still fails.
@Suite struct SyntaxDiagnosticsTests {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let cases = repository.appendingPathComponent("Tests/Diagnostics")

    static var messageIds: [String] {
        let folder = repository.appendingPathComponent("Sources/Lang/Syntax")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
        let source = names.filter { $0.hasSuffix("Messages.swift") }.map { name in
            (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
        }.joined()
        return source.matches(of: /static func (\w+)\([^{]*-> Message/).map { match in
            match.1.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
        }
    }

    @Test func theMessagesAreFound() {
        #expect(Self.messageIds.count > 80)
        #expect(Set(Self.messageIds).count == Self.messageIds.count)
    }

    /// The one mistake in the case gives the one message, and nothing in its wake.
    @Test(arguments: messageIds)
    func aMessageHasItsCase(id: String) throws {
        let file = SourceFile(name: "\(id).rel", bytes: try Self.bytes(of: id))
        let diagnostics = Parser.parse(file).diagnostics
        #expect(diagnostics.map(\.message.id) == [id])
        let printer = DiagnosticPrinter(colour: false)
        let printed = diagnostics.map { printer.text($0) }.joined(separator: "\n") + "\n"
        let expected = Self.cases.appendingPathComponent("\(id).txt")
        if ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" {
            try printed.write(to: expected, atomically: true, encoding: .utf8)
            Issue.record("\(id).txt was recorded")
        }
        #expect(try printed == String(contentsOf: expected, encoding: .utf8))
    }

    /// What is no text cannot stand in a text file.
    private static func bytes(of id: String) throws -> [UInt8] {
        if id == "invalid-text" { return Array("let name = \"caf".utf8) + [0xE9] + Array("\"\n".utf8) }
        return Array(try Data(contentsOf: cases.appendingPathComponent("\(id).rel")))
    }
}
