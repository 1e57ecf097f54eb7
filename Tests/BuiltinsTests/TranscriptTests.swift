import Builtins
import Foundation
import Lang
import TestSupport
import Testing

/// What the language does, as sessions: `Tests/Transcripts/*.relt`, one file for each feature.
@Suite struct TranscriptTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Transcripts")

    static var features: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".relt") }.map { String($0.dropLast(".relt".count)) }.sorted()
    }

    @Test func theTranscriptsAreFound() { #expect(Self.features.count > 10) }

    @Test(arguments: features)
    func theSessionShows(feature: String) async throws {
        let runner = TranscriptRunner(catalog: StandardCatalog.catalog, makeWorld: TestWorlds.ofTranscripts)
        for failure in try await runner.run(file: Self.folder.appendingPathComponent(feature + ".relt")) {
            Issue.record("\(feature): \(failure.description)")
        }
    }
}
