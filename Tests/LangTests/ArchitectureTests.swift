import Foundation
import Testing

/// `ARCHITECTURE.md` speaks of what is there.
@Suite struct ArchitectureTests {
    private static let text =
        (try? String(contentsOf: SourceText.repository.appendingPathComponent("ARCHITECTURE.md"), encoding: .utf8))
        ?? ""

    /// What it names in backquotes below one of the top folders.
    private static var paths: [String] {
        text.matches(of: /`((?:Sources|Tests|recipes|scripts|examples|docs|\.ci)\/[^`\s]*)`/).map { String($0.1) }
    }

    @Test func itNamesPaths() { #expect(Self.paths.count > 10) }

    @Test func everyPathItNamesExists() {
        for path in Self.paths {
            let place = SourceText.repository.appendingPathComponent(path).path
            #expect(FileManager.default.fileExists(atPath: place), "\(path) does not exist")
        }
    }

    @Test func everyFolderOfSourcesHasItsParagraph() {
        let folders = Set(SourceText.all.map(\.folder)).filter { $0.split(separator: "/").count == 3 }
        let missing = folders.filter { !Self.text.contains("`\($0)`") }.sorted()
        #expect(missing.isEmpty)
    }
}
