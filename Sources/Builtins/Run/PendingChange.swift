package import Lang

/// A change that is about to be made, for whoever wants to be asked before.
package struct PendingChange: Sendable {
    /// The exact commands and requests, or the call where those cannot be told.
    package let lines: [String]
    /// The texts that it was given, in lists and maps too.
    private let texts: [String]

    package init(lines: [String], texts: [String] = []) {
        self.lines = lines
        self.texts = texts
    }

    /// What is handed to a call, as far as it is text.
    static func texts(in arguments: [Value]) -> [String] { arguments.flatMap { texts(in: $0) } }

    /// The names that people use for what is in production, and that come to mean something else: each is a tag, or an image
    /// with such a tag.
    /// - Parameter moving: the tags, such as `prod`.
    package func moving(among moving: Set<String>) -> [String] {
        let words = lines.flatMap { $0.split(whereSeparator: { " \t'\"".contains($0) }).map(String.init) }
        var found: [String] = []
        for text in texts + words {
            let tag = text.contains(":") ? (try? ImageReference(parsing: text))?.tag ?? "" : text
            // A word of a command is a tag only as part of a name.
            guard moving.contains(tag), text != tag || texts.contains(text), !found.contains(text) else { continue }
            found.append(text)
        }
        return found
    }

    private static func texts(in value: Value) -> [String] {
        if let text = value.asString { return [text] }
        if let items = value.asList { return items.flatMap(texts) }
        if let map = value.asMap { return map.flatMap { texts(in: $0.1) } }
        if case .object(let object) = value, object.tag == .domain { return [value.display] }
        return []
    }
}
