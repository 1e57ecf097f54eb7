import Foundation
import TestSupport
import Testing

/// The programs that `make fuzz` made up and kept, and those that once broke something: none does any more.
@Suite struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Corpus")

    private static func texts(_ name: String) throws -> [(name: String, bytes: [UInt8])] {
        let place = folder.appendingPathComponent(name)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
        return try names.map { ($0, [UInt8](try Data(contentsOf: place.appendingPathComponent($0)))) }
    }

    @Test func whatIsReadBreaksNothing() throws {
        let texts = try Self.texts("Syntax")
        #expect(texts.count > 100)
        for (name, bytes) in texts {
            if let problem = SyntaxFuzzing.problem(bytes) { Issue.record("Tests/Corpus/Syntax/\(name): \(problem)") }
        }
    }

    @Test func whatIsRunBreaksNothing() async throws {
        let texts = try Self.texts("Run")
        #expect(texts.count > 100)
        for (name, bytes) in texts {
            if let problem = await RunFuzzing.problem(bytes) { Issue.record("Tests/Corpus/Run/\(name): \(problem)") }
        }
    }
}
