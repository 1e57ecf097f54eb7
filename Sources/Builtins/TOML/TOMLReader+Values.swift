import Lang

extension TOMLReader {
    /// - Parameter depth: how many tables and arrays stand around the value.
    mutating func readValue(depth: Int) throws(TOMLError) -> TOMLValue {
        guard depth <= Self.maximumDepth else { throw .tooDeep(at: here) }
        let start = position
        let content: TOMLValue.Content
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): content = .string(try readText())
        case UInt8(ascii: "["): content = .array(try readArray(depth: depth))
        case UInt8(ascii: "{"): content = .table(try readInlineTable(depth: depth))
        default: content = try readBareValue()
        }
        return TOMLValue(content: content, range: SourceRange(start, position))
    }

    /// `[1, 2]`, over as many lines as it likes.
    private mutating func readArray(depth: Int) throws(TOMLError) -> [TOMLValue] {
        position += 1
        var items: [TOMLValue] = []
        while true {
            _ = try skipToContent()
            if skip("]") { return items }
            items.append(try readValue(depth: depth + 1))
            _ = try skipToContent()
            if skip("]") { return items }
            guard skip(",") else { throw wrong("what follows an item of an array", "`,` or `]`") }
        }
    }

    /// `{a = 1, b.c = 2}`, on one line and complete in itself.
    private mutating func readInlineTable(depth: Int) throws(TOMLError) -> TOMLTable {
        position += 1
        var builder = TOMLTableBuilder(depth: depth)
        skipBlanks()
        if skip("}") { return builder.finished() }
        while true {
            try readEntry(into: &builder)
            skipBlanks()
            if skip("}") { return builder.finished() }
            guard skip(",") else {
                throw wrong(
                    "what follows an entry of an inline table", "`,` or `}`",
                    help: isAtLineEnd ? "an inline table stands on one line; `[table]` takes more" : nil)
            }
        }
    }
}
