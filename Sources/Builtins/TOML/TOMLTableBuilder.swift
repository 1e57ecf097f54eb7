import Lang

/// Puts tables together as keys and headers name them, and refuses what TOML lets be defined only once.
///
/// Tables and arrays of tables refer to each other by number while they grow, so that adding to one deep inside copies
/// nothing. `finished()` makes the tree. An inline table has a builder of its own: what comes out of it is a value, to
/// which nothing can be added.
struct TOMLTableBuilder {
    /// How a table came to be says what may still be added to it.
    private enum Origin {
        /// A header named a table inside it. Its own header or dotted keys may still define it.
        case implied
        /// The document, an item of an array of tables, or defined by its header. Only headers add tables to it.
        case header
        /// Defined by dotted keys. More of these, and headers, add to it.
        case dotted
    }

    private enum Slot {
        case value(TOMLValue)
        case table(Int)
        case tables(Int)
    }

    private struct Entry {
        let keyRange: SourceRange
        let slot: Slot
    }

    private struct Table {
        var entries = OrderedMap<Entry>()
        var origin: Origin
        var range: SourceRange
        let depth: Int
    }

    private var tables: [Table]
    private var arrays: [[Int]] = []
    /// The table of the last header, which keys are added to.
    private var current = 0

    /// - Parameter depth: how many tables and arrays stand around the first table.
    init(depth: Int) {
        tables = [Table(origin: .header, range: SourceRange(0, 0), depth: depth)]
    }

    /// How many tables and arrays stand around the table that keys are added to.
    var depth: Int { tables[current].depth }

    // MARK: - What the text says

    /// `key = value`
    mutating func add(_ key: TOMLKey, _ value: TOMLValue) throws(TOMLError) {
        let (table, part) = try enter(key, from: current, as: .dotted)
        if let before = tables[table].entries[part.name] { throw definedAgain(key, before) }
        tables[table].entries.append(part.name, Entry(keyRange: part.range, slot: .value(value)))
    }

    /// `[key]`
    mutating func open(_ key: TOMLKey, _ range: SourceRange) throws(TOMLError) {
        let (table, part) = try enter(key, from: 0, as: .implied)
        guard let before = tables[table].entries[part.name] else {
            current = try addTable(part, to: table, .header, range)
            return
        }
        guard case .table(let inner) = before.slot, tables[inner].origin == .implied else {
            throw definedAgain(key, before)
        }
        tables[inner].origin = .header
        tables[inner].range = range
        current = inner
    }

    /// `[[key]]`
    mutating func openItem(_ key: TOMLKey, _ range: SourceRange) throws(TOMLError) {
        let (table, part) = try enter(key, from: 0, as: .implied)
        let items: Int
        if let before = tables[table].entries[part.name] {
            guard case .tables(let known) = before.slot else {
                throw .notArrayOfTables(
                    TOMLKey.dotted(key.parts.map(\.name)), description(before.slot), at: part.range,
                    first: before.keyRange)
            }
            items = known
        } else {
            items = arrays.count
            arrays.append([])
            tables[table].entries.append(part.name, Entry(keyRange: part.range, slot: .tables(items)))
        }
        current = try newTable(depth: tables[table].depth + 2, .header, range)
        arrays[items].append(current)
    }

    // MARK: - Tables

    /// The table that the last part of a key belongs to, made as needed, and that part.
    private mutating func enter(
        _ key: TOMLKey, from start: Int, as origin: Origin
    ) throws(TOMLError) -> (table: Int, part: TOMLKey.Part) {
        var table = start
        for (index, part) in key.parts.dropLast().enumerated() {
            guard let entry = tables[table].entries[part.name] else {
                table = try addTable(part, to: table, origin, part.range)
                continue
            }
            switch (entry.slot, origin) {
            case (.table(let inner), .implied): table = inner
            case (.table(let inner), _) where tables[inner].origin != .header:
                tables[inner].origin = .dotted
                table = inner
            case (.tables(let items), .implied): table = arrays[items].last ?? table
            default:
                let name = TOMLKey.dotted(key.parts[...index].map(\.name))
                throw .notExtensible(name, description(entry.slot), at: part.range, first: entry.keyRange)
            }
        }
        return (table, key.parts[key.parts.count - 1])
    }

    private mutating func addTable(
        _ part: TOMLKey.Part, to table: Int, _ origin: Origin, _ range: SourceRange
    ) throws(TOMLError) -> Int {
        let new = try newTable(depth: tables[table].depth + 1, origin, range)
        tables[table].entries.append(part.name, Entry(keyRange: part.range, slot: .table(new)))
        return new
    }

    private mutating func newTable(depth: Int, _ origin: Origin, _ range: SourceRange) throws(TOMLError) -> Int {
        guard depth <= TOMLReader.maximumDepth else { throw .tooDeep(at: range) }
        tables.append(Table(origin: origin, range: range, depth: depth))
        return tables.count - 1
    }

    // MARK: - The tree

    func finished() -> TOMLTable { finished(0) }

    private func finished(_ table: Int) -> TOMLTable {
        var entries = OrderedMap<TOMLTable.Entry>()
        for (name, entry) in tables[table].entries {
            entries.append(name, TOMLTable.Entry(keyRange: entry.keyRange, value: value(entry.slot)))
        }
        return TOMLTable(entries: entries)
    }

    private func value(_ slot: Slot) -> TOMLValue {
        switch slot {
        case .value(let value): return value
        case .table(let table): return value(table)
        case .tables(let items):
            let values = arrays[items].map { value($0) }
            return TOMLValue(content: .array(values), range: values.first?.range ?? SourceRange(0, 0))
        }
    }

    private func value(_ table: Int) -> TOMLValue {
        TOMLValue(content: .table(finished(table)), range: tables[table].range)
    }

    // MARK: - Mistakes

    private func definedAgain(_ key: TOMLKey, _ before: Entry) -> TOMLError {
        let range = SourceRange(key.parts[0].range.start, key.parts[key.parts.count - 1].range.end)
        return .definedAgain(TOMLKey.dotted(key.parts.map(\.name)), at: range, first: before.keyRange)
    }

    private func description(_ slot: Slot) -> String {
        switch slot {
        case .tables: "an array of tables"
        case .table(let table):
            switch tables[table].origin {
            case .implied: "a table that a header names"
            case .header: "a table with a header of its own"
            case .dotted: "a table of dotted keys"
            }
        case .value(let value):
            switch value.content {
            case .table: "an inline table"
            case .array: "an array between brackets"
            case .string: "text"
            case .integer, .float: "a number"
            case .boolean: "true or false"
            case .dateTime: "a date or time"
            }
        }
    }
}
