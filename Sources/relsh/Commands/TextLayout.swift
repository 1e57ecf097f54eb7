/// Lays text out for a terminal's width.
struct TextLayout {
    let width: Int

    init(width: Int) { self.width = max(width, 40) }

    /// Paragraphs are filled; lines that begin with a space, a list mark or a prompt stay as they are.
    func paragraphs(_ text: String, indent: Int = 0) -> String {
        var result: [String] = []
        var pending: [Substring] = []
        func flush() {
            if !pending.isEmpty { result += filled(pending, indent: indent) }
            pending = []
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty || line.first.map({ " \t-*>$|".contains($0) }) == true {
                flush()
                result.append(line.isEmpty ? "" : String(repeating: " ", count: indent) + line)
            } else {
                pending += line.split(separator: " ")
            }
        }
        flush()
        return result.map { $0 + "\n" }.joined()
    }

    /// Two columns, the second filled. What is too long for the first one gets a line of its own.
    func columns(_ rows: [(String, String)]) -> String {
        let limit = width * 2 / 5
        let first = rows.map { displayWidth($0.0) }.filter { $0 <= limit }.max() ?? min(limit, 20)
        let indent = first + 4
        return rows.map { row in
            let lines = filled(row.1.split(whereSeparator: { $0 == " " || $0 == "\n" }), indent: indent)
            let left = "  " + row.0
            let room = indent - displayWidth(left)
            guard room >= 2, let start = lines.first else {
                return ([left] + lines).map { $0 + "\n" }.joined()
            }
            let head = left + String(repeating: " ", count: room) + start.dropFirst(indent)
            return ([head] + lines.dropFirst()).map { $0 + "\n" }.joined()
        }.joined()
    }

    private func filled(_ words: [Substring], indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in words {
            if !line.isEmpty, indent + displayWidth(line) + 1 + displayWidth(String(word)) > width {
                lines.append(margin + line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        if !line.isEmpty { lines.append(margin + line) }
        return lines
    }
}
