import Foundation
import Testing

@testable import relsh

@Suite struct ProgramVersionTests {
    @Test func theProgramHasTheVersionOfTheNewestEntryOfTheChangelog() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../CHANGELOG.md")
        let changelog = try String(contentsOf: file, encoding: .utf8)
        #expect(changelog.prefix { $0 != "\n" } == "# relsh-\(relshVersion)")
    }
}
