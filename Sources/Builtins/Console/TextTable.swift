package import Lang

/// Rows of values as aligned text. Numbers stand at the right of their column.
package struct TextTable {
    private struct Column {
        let title: String
        var cells: [String] = []
        var isNumeric = true
        var width = 0
    }

    private var columns = OrderedMap<Column>()
    private var count = 0

    /// - Throws: `RuntimeError` where `rows` is not a list of maps.
    init(rows: Value) throws {
        guard let items = rows.asList else {
            let expected = ValueType.list(.map(.any))
            throw RuntimeError(.value, .wrongArgumentType("rows", of: "ui.table", expected: expected, got: rows))
        }
        for (position, item) in items.enumerated() {
            guard let row = item.asMap else { throw RuntimeError(.value, .notARow(position, item)) }
            add(row)
        }
    }

    /// The table of a list of maps, without its last line end; nil for what is none.
    package static func text(of rows: Value) -> String? {
        guard let table = try? TextTable(rows: rows), !table.text.isEmpty else { return nil }
        return String(table.text.dropLast())
    }

    /// The table with a line of titles; empty without columns.
    var text: String {
        guard columns.count > 0 else { return "" }
        let rows = [columns.values.map(\.title)] + (0..<count).map { row in columns.values.map { $0.cells[row] } }
        return rows.map { cells in
            var line = ""
            for (column, cell) in zip(columns.values, cells) {
                let padding = String(repeating: " ", count: column.width - columnWidth(cell))
                line += column.isNumeric ? padding + cell : cell + padding
                line += "  "
            }
            return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    private mutating func add(_ row: OrderedMap<Value>) {
        for (key, _) in row where columns[key] == nil {
            let title = TextTable.oneLine(key)
            columns[key] = Column(
                title: title, cells: [String](repeating: "", count: count), width: columnWidth(title))
        }
        for position in 0..<columns.count {
            let value = row[columns.keys[position]] ?? .null
            let cell = value.isNull ? "" : TextTable.oneLine(value.display)
            columns[position: position].cells.append(cell)
            columns[position: position].width = max(columns[position: position].width, columnWidth(cell))
            if !cell.isEmpty, !value.isNumber { columns[position: position].isNumeric = false }
        }
        count += 1
    }

    /// A cell may not break the table, nor move the terminal's cursor.
    private static func oneLine(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            line.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return line
    }
}

extension Value {
    fileprivate var isNumber: Bool {
        switch self {
        case .int, .float: true
        default: false
        }
    }
}
