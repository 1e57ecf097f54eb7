import Lang

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

    /// What a command pushes without saying its tag: all tags, or `latest`.
    private func pushed(by words: [String], among moving: Set<String>) -> [String] {
        guard words.count > 2, words[0] == "docker", let push = words.firstIndex(of: "push") else { return [] }
        let rest = words[(push + 1)...]
        guard let name = rest.last(where: { !$0.hasPrefix("-") }) else { return [] }
        if rest.contains("--all-tags") || rest.contains("-a") { return ["all tags of \(name)"] }
        let image = try? ImageReference(parsing: name)
        return image?.tag == nil && image?.digest == nil && moving.contains("latest") ? ["\(name):latest"] : []
    }

    /// What is handed to a call, as far as it is text.
    static func texts(in arguments: [Value]) -> [String] { arguments.flatMap { texts(in: $0) } }

    /// The names that people use for what is in production, and that come to mean something else: each is a tag, or an image
    /// with such a tag.
    /// - Parameter moving: the tags, such as `prod`.
    package func moving(among moving: Set<String>) -> [String] {
        let pushes = lines.flatMap { pushed(by: $0.split(separator: " ").map(String.init), among: moving) }
        let words = lines.flatMap { $0.split(whereSeparator: { " \t'\"".contains($0) }).map(String.init) }
        var found = pushes
        let isAboutImages = lines.contains { $0.contains("docker") || $0.contains("registry") }
        for text in texts + words {
            let tag = text.contains(":") ? (try? ImageReference(parsing: text))?.tag ?? "" : text
            // A word of a command is a tag only as part of a name.
            guard moving.contains(tag), text != tag || isAboutImages && texts.contains(text), !found.contains(text)
            else { continue }
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
