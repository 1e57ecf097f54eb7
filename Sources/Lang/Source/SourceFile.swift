/// The text of one program, immutable once read. Shared by every tree, bytecode and error that points into it.
package final class SourceFile: Sendable {
    /// The name shown to people, for example `recipes/dev.rel` or `<command line>`.
    package let name: String
    /// Where imports are looked up from; `std/…` for the recipes that ship with relsh, empty for text without a file.
    package let path: String
    package let bytes: [UInt8]
    private let lineStarts: [Int]

    package init(name: String, path: String = "", bytes: [UInt8]) {
        self.name = name
        self.path = path
        self.bytes = bytes
        var starts = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
        lineStarts = starts
    }

    package convenience init(name: String, path: String = "", text: String) {
        self.init(name: name, path: path, bytes: Array(text.utf8))
    }

    /// A line and column, both counted from 1; columns count Unicode scalars.
    package struct Position: Sendable, Hashable {
        package let line: Int
        package let column: Int
    }

    package func position(of offset: Int) -> Position {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return Position(line: low + 1, column: scalarCount(lineStarts[low], offset) + 1)
    }

    /// The byte range of a line counted from 1, without its line end.
    package func lineRange(_ line: Int) -> SourceRange {
        let start = lineStarts[min(max(line, 1), lineStarts.count) - 1]
        var end = line < lineStarts.count ? lineStarts[line] - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return SourceRange(start, max(start, end))
    }

    package func text(_ range: SourceRange) -> String {
        let start = min(max(range.start, 0), bytes.count)
        let end = min(max(range.end, start), bytes.count)
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    private func scalarCount(_ start: Int, _ end: Int) -> Int {
        var count = 0
        for byte in bytes[start..<max(start, end)] where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}

/// A place in a source file.
package struct SourceLocation: Sendable {
    package let file: SourceFile
    package let range: SourceRange

    package init(file: SourceFile, range: SourceRange) {
        self.file = file
        self.range = range
    }

    /// `name:line:column`, as editors and terminals make clickable.
    package var description: String {
        let position = file.position(of: range.start)
        return "\(file.name):\(position.line):\(position.column)"
    }
}
