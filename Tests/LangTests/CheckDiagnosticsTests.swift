import Builtins
import Foundation
import Lang
import Testing

/// Every message of the resolver and the checker has its case in Tests/Diagnostics: `<id>.rel`, or a folder `<id>` whose `main.rel` is
/// the entry, and what is printed in `<id>.txt`. `RELSH_RECORD=1` rewrites what is printed, and still fails.
@Suite struct CheckDiagnosticsTests {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let cases = repository.appendingPathComponent("Tests/Diagnostics")

    /// The ids of the messages that a file declares.
    private static func ids(in path: String) -> [String] {
        let source = (try? String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)) ?? ""
        return source.matches(of: /static func (\w+)\([^{]*-> Message/).map { match in
            match.1.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
        }
    }

    static var messageIds: [String] { ids(in: "Sources/Lang/Check/CheckMessages.swift") }
    static var typeMessageIds: [String] { ids(in: "Sources/Lang/Check/TypeMessages.swift") }

    @Test func theMessagesAreFound() {
        #expect(Self.messageIds.count > 40)
        #expect(Self.typeMessageIds.count > 20)
        #expect(Set(Self.messageIds).count == Self.messageIds.count)
    }

    @Test(arguments: messageIds + ["unknown-type", "map-keys-not-str"])
    func aMessageHasItsCase(id: String) throws {
        try Self.compare(id, CheckFixture.catalog, checksTypes: false)
    }

    @Test(arguments: typeMessageIds)
    func aMessageAboutTypesHasItsCase(id: String) throws {
        try Self.compare(id, StandardCatalog.catalog, checksTypes: true)
    }

    private static func compare(_ id: String, _ catalog: Catalog, checksTypes: Bool) throws {
        let diagnostics = try diagnostics(of: id, catalog, checksTypes)
        #expect(diagnostics.map(\.message.id) == [id])
        let printer = DiagnosticPrinter(colour: false)
        let printed = diagnostics.map { printer.text($0) }.joined(separator: "\n") + "\n"
        let expected = cases.appendingPathComponent("\(id).txt")
        if ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" {
            try printed.write(to: expected, atomically: true, encoding: .utf8)
            Issue.record("\(id).txt was recorded")
        }
        #expect(try printed == String(contentsOf: expected, encoding: .utf8))
    }

    /// Files are found in the case's folder by their last component, whatever directory they are imported from.
    private static func diagnostics(of id: String, _ catalog: Catalog, _ checksTypes: Bool) throws -> [Diagnostic] {
        let folder = cases.appendingPathComponent(id)
        let isFolder = FileManager.default.fileExists(atPath: folder.path)
        let entry = isFolder ? folder.appendingPathComponent("main.rel") : cases.appendingPathComponent("\(id).rel")
        let text = try String(contentsOf: entry, encoding: .utf8)
        let loader = ModuleLoader(catalog: catalog, projectRoot: ".", checksTypes: checksTypes) {
            path throws(ImportFailure) in
            let name = path.split(separator: "/").last.map(String.init) ?? path
            guard let data = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path) else {
                throw ImportFailure("there is no such file")
            }
            return SourceFile(name: name, path: path, bytes: Array(data))
        }
        let name = entry.lastPathComponent
        return loader.load(entry: SourceFile(name: name, path: "recipes/\(name)", text: text)).diagnostics
    }
}
