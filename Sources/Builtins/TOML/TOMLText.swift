import Lang

/// TOML as values of the language.
enum TOMLText {
    /// - Throws: `RuntimeError` with the position of the mistake.
    static func read(_ file: SourceFile) throws -> TOMLTable {
        do {
            return try TOMLReader.read(file.bytes)
        } catch {
            let location = SourceLocation(file: file, range: error.range)
            let first = error.first.map { "it stands first at \(SourceLocation(file: file, range: $0).description)" }
            var failure = RuntimeError(.value, .malformedTOML(error.problem, help: error.help ?? first, at: location))
            failure.location = location
            throw failure
        }
    }

    /// What stands after a `=`: a TOML value, or nil where the text is none.
    static func value(_ text: String) -> Value? {
        guard !text.contains(where: \.isNewline) else { return nil }
        return (try? TOMLReader.read(Array("value = \(text)".utf8)))?["value"].map(value)
    }

    /// The entries of a table, in the order they stand in.
    static func entries(_ table: TOMLTable) -> OrderedMap<Value> {
        OrderedMap(table.entries.map { ($0, value($1.value)) })
    }

    private static func value(_ item: TOMLValue) -> Value {
        switch item.content {
        case .string(let text): .string(text)
        case .integer(let integer): .int(integer)
        case .float(let float): .float(float)
        case .boolean(let flag): .bool(flag)
        case .array(let items): .list(items.map(value))
        case .table(let table): .map(entries(table))
        // The language has no type for dates and times.
        case .dateTime(let moment): .string(moment.text)
        }
    }
}
