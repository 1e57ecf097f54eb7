/// Finds where recipes are declared by looking at the beginnings of lines, without parsing: good enough to pick the file
/// that is then parsed, and to list recipes even where one file has an error.
struct RecipeScan: Sendable, Equatable {
    let name: String
    /// Counted from 1.
    let line: Int
    let isDefault: Bool
    /// The first `##` line above it.
    let summary: String?

    static func recipes(in text: String) -> [RecipeScan] {
        var found: [RecipeScan] = []
        // By bytes: most lines are none of these, and all shipped recipes are looked at whenever one is named.
        let bytes = Array(text.utf8)
        var summary: ArraySlice<UInt8>?
        var number = 0
        var start = 0
        while start <= bytes.count {
            number += 1
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            let line = bytes[start..<end]
            start = end + 1
            if line.starts(with: "##".utf8) {
                if summary == nil { summary = line.dropFirst(2) }
                continue
            }
            defer { summary = nil }
            guard line.starts(with: "recipe".utf8) || line.starts(with: "default".utf8) else { continue }
            if let recipe = declaration(decoded(line)[...], number, summary) { found.append(recipe) }
        }
        return found
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// `recipe NAME(` or `default recipe NAME(` at the start of a line.
    private static func declaration(_ line: Substring, _ number: Int, _ summary: ArraySlice<UInt8>?) -> RecipeScan? {
        var rest = line
        let isDefault = take("default", from: &rest)
        guard take("recipe", from: &rest) else { return nil }
        let name = rest.prefix { $0 == "_" || $0.isASCII && ($0.isLetter || $0.isNumber) }
        let after = rest.dropFirst(name.count).first { $0 != " " && $0 != "\t" }
        guard !name.isEmpty, after == "(" else { return nil }
        let told = trimmed(decoded(summary ?? [])[...])
        return RecipeScan(
            name: String(name), line: number, isDefault: isDefault, summary: told.isEmpty ? nil : told)
    }

    private static func take(_ word: String, from rest: inout Substring) -> Bool {
        guard rest.hasPrefix(word) else { return false }
        let after = rest.dropFirst(word.count)
        guard let space = after.first, space == " " || space == "\t" else { return false }
        rest = after.drop { $0 == " " || $0 == "\t" }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
