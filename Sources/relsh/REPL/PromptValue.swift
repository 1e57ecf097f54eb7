import Builtins
import Lang

/// A value as a person wants to see it.
struct PromptValue: Sendable {
    let text: String
    /// Images in it, whose digests and sizes are worth a look.
    let images: [ImageReference]

    private static let maximumLines = 200
    private static let maximumImages = 20

    /// Nil where there is nothing to show.
    /// - Parameter orNull: whether `null` is shown: not where it came of something done.
    init?(_ value: Value, orNull: Bool, width: Int) {
        if value.isNull, !orNull { return nil }
        let found = Self.images(in: value)
        images = found.count <= Self.maximumImages ? found : []
        text = Self.cut(Self.text(value, width: width))
    }

    private static func text(_ value: Value, width: Int) -> String {
        if let text = value.asString {
            return text.contains("\n") ? text : value.literal
        }
        if let items = value.asList, !items.isEmpty {
            let rows = items.compactMap(\.asMap)
            if rows.count == items.count, rows.allSatisfy({ $0.count > 0 }), let table = TextTable.text(of: value) {
                return table
            }
            let line = value.literal
            if columnWidth(line) <= width { return line }
            return "[\n" + items.map { "    \($0.literal),\n" }.joined() + "]"
        }
        if let map = value.asMap, map.count > 0 {
            let line = value.literal
            if columnWidth(line) <= width { return line }
            let longest = map.map { columnWidth($0.0) }.max() ?? 0
            return map.map { key, item in
                key + String(repeating: " ", count: longest - columnWidth(key)) + "  " + item.literal
            }.joined(separator: "\n")
        }
        switch value.asDomain {
        case .commandResult(let result):
            let output = [result.stdout, result.stderr].filter { !$0.isEmpty }
                .map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
            return (["exit code \(result.exitCode) after \(result.duration.literal)"] + output)
                .joined(separator: "\n")
        case .some: return value.display
        default: return value.literal
        }
    }

    private static func cut(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > maximumLines else { return text }
        return lines.prefix(maximumLines).joined(separator: "\n")
            + "\n… \(lines.count - maximumLines) more lines: `print(_)` shows them all"
    }

    private static func images(in value: Value) -> [ImageReference] {
        func image(_ value: Value) -> ImageReference? {
            if case .image(let image)? = value.asDomain { image } else { nil }
        }
        if let image = image(value) { return [image] }
        guard let items = value.asList else { return [] }
        let images = items.compactMap(image)
        return images.count == items.count ? images : []
    }
}
