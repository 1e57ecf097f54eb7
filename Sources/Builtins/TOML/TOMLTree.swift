import Lang

/// A table of a TOML text, with the keys in the order they stand in.
struct TOMLTable: Sendable {
    struct Entry: Sendable {
        let keyRange: SourceRange
        let value: TOMLValue
    }

    let entries: OrderedMap<Entry>

    subscript(key: String) -> TOMLValue? { entries[key]?.value }

    /// The place of a key; that of the nearest table around it where the key itself is not in the text.
    func keyRange(at path: [String]) -> SourceRange? {
        var range: SourceRange?
        var table: TOMLTable? = self
        for key in path {
            guard let entry = table?.entries[key] else { break }
            range = entry.keyRange
            table = entry.value.table
        }
        return range
    }
}

/// A value of a TOML text and where it stands.
struct TOMLValue: Sendable {
    enum Content: Sendable {
        case string(String)
        case integer(Int)
        case float(Double)
        case boolean(Bool)
        case dateTime(TOMLDateTime)
        case array([TOMLValue])
        case table(TOMLTable)
    }

    let content: Content
    /// All of its text; of a table or an array of tables with headers the first header that names it.
    let range: SourceRange

    var table: TOMLTable? { if case .table(let table) = content { table } else { nil } }
}

/// A date, a time or both, as it is written.
struct TOMLDateTime: Sendable, Hashable {
    enum Kind: Sendable { case offsetDateTime, localDateTime, localDate, localTime }

    let kind: Kind
    let text: String
}

/// A key as it is written: one or more names with dots between.
struct TOMLKey: Sendable {
    struct Part: Sendable {
        let name: String
        let range: SourceRange
    }

    /// Never empty.
    let parts: [Part]

    /// Names with dots between, and with quotes where TOML wants them.
    static func dotted(_ names: some Sequence<String>) -> String {
        names.map { !$0.isEmpty && $0.utf8.allSatisfy(TOMLReader.isBare) ? $0 : quoted($0) }.joined(separator: ".")
    }
}
