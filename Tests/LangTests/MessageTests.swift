import Foundation
import Testing

/// Every message a person can see has an id of its own, and stands where messages stand.
@Suite struct MessageTests {
    /// By id, the files that declare it. The id comes from the name of the function, or is given.
    private static let declarations: [String: [String]] = {
        var found: [String: [String]] = [:]
        for file in SourceText.all {
            for match in file.code.matches(of: /static func (\w+)(?:<[^>]*>)?\([^{]*?\) -> Message\b/) {
                found[kebab(match.1), default: []].append(file.path)
            }
        }
        return found
    }()

    private static func kebab(_ name: Substring) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
    }

    @Test func theMessagesAreFound() { #expect(Self.declarations.count > 150) }

    @Test func everyIdIsUnique() {
        for (id, files) in Self.declarations.sorted(by: { $0.key < $1.key }) {
            #expect(files.count == 1, "\(id) is declared in \(files.joined(separator: ", "))")
        }
    }

    @Test func messagesStandInFilesOfTheirOwn() {
        for (id, files) in Self.declarations {
            for file in files {
                let isPlace = file.hasSuffix("Messages.swift") || file.hasSuffix("/RuntimeError.swift")
                #expect(isPlace, "\(id) stands in \(file)")
            }
        }
    }

    @Test func nobodyElseMakesAMessage() {
        for file in SourceText.all where !file.name.hasSuffix("Messages.swift") && file.name != "RuntimeError.swift" {
            // What takes over a message that exists passes its id on.
            let made = file.code.matches(of: /(?:^|[^.\w])Message\([^\n]*/).map { String($0.output) }
                .filter { !$0.contains("id:") }
            #expect(made.isEmpty, "\(file.path)")
        }
    }
}
