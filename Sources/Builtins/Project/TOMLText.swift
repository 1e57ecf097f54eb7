import Lang
internal import TOMLKit

/// TOML as values of the language.
enum TOMLText {
    /// The entries of a TOML text, in the order they stand in.
    /// - Throws: `RuntimeError` with the position of the mistake.
    static func parse(_ file: SourceFile) throws -> OrderedMap<Value> {
        let text = String(decoding: file.bytes, as: UTF8.self)
        do {
            let table = try TOMLTable(string: text)
            return entries(of: table, at: [], TOMLKeyLocator(file.bytes))
        } catch let error as TOMLParseError {
            let start = file.lineRange(error.source.begin.line).start + max(0, error.source.begin.column - 1)
            let location = SourceLocation(file: file, range: SourceRange(start, start))
            var failure = RuntimeError(.value, .malformedTOML(error.description, at: location))
            failure.location = location
            throw failure
        }
    }

    /// What stands after a `=`: a TOML value, or nil where the text is none.
    static func value(_ text: String) -> Value? {
        guard !text.contains(where: \.isNewline) else { return nil }
        return (try? TOMLTable(string: "value = \(text)"))?["value"].map { value(of: $0, at: [], TOMLKeyLocator([])) }
    }

    private static func entries(
        of table: TOMLTable, at path: [String], _ locator: TOMLKeyLocator
    ) -> OrderedMap<Value> {
        let known = Set(table.keys)
        let ordered = locator.keys(in: path).filter(known.contains)
        var entries = OrderedMap<Value>()
        for key in ordered + table.keys.filter({ !ordered.contains($0) }) {
            if let item = table[key] { entries[key] = value(of: item, at: path + [key], locator) }
        }
        return entries
    }

    private static func value(of item: any TOMLValueConvertible, at path: [String], _ locator: TOMLKeyLocator) -> Value
    {
        switch item.type {
        case .string: .string(item.string ?? "")
        case .int: .int(item.int ?? 0)
        case .double: .float(item.double ?? 0)
        case .bool: .bool(item.bool ?? false)
        case .table: .map(item.table.map { entries(of: $0, at: path, locator) } ?? OrderedMap())
        case .array: .list(item.array?.map { value(of: $0, at: path, locator) } ?? [])
        // Dates and times as they are written: the language has no type for them.
        case .date, .time, .dateTime: .string(item.debugDescription)
        }
    }
}
