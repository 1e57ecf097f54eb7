import Foundation

/// The sources of this repository, as the tests of its order read them.
struct SourceText {
    /// From the repository's root: `Sources/Lang/Run/Fiber.swift`.
    let path: String
    /// Without comments, and with nothing in its strings.
    let code: String

    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let all: [SourceText] = paths(under: "Sources", ending: ".swift").map(SourceText.init)

    init(_ path: String) {
        self.path = path
        let text = try? String(contentsOf: Self.repository.appendingPathComponent(path), encoding: .utf8)
        code = Self.bare(text ?? "")
    }

    var folder: String { path.split(separator: "/").dropLast().joined(separator: "/") }
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    /// Each word of the code once.
    var words: Set<String> { Set(code.matches(of: /[A-Za-z_]\w*/).map { String($0.output) }) }

    /// Links are followed: a tree of links to these files counts as these files.
    static func paths(under folder: String, ending: String) -> [String] {
        var found: [String] = []
        var folders = [folder]
        while let next = folders.popLast() {
            let place = repository.appendingPathComponent(next).path
            for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] {
                var isDirectory: ObjCBool = false
                guard FileManager.default.fileExists(atPath: place + "/" + name, isDirectory: &isDirectory) else {
                    continue
                }
                if isDirectory.boolValue {
                    folders.append(next + "/" + name)
                } else if name.hasSuffix(ending) {
                    found.append(next + "/" + name)
                }
            }
        }
        return found.sorted()
    }

    /// Code without comments; of strings only the quotes are left.
    private static func bare(_ text: String) -> String {
        text.replacing(/"""[\s\S]*?"""/, with: "\"\"")
            .replacing(/"(?:\\.|[^"\\\n])*"/, with: "\"\"")
            .replacing(/\/\/[^\n]*/, with: "")
    }
}
