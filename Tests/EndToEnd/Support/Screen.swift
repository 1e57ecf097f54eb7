/// What a terminal shows after it was sent some text: as much of an xterm as line editors and relsh use.
///
/// Source: ECMA-48, and xterm's control sequences.
struct Screen {
    private let columns: Int
    private let rows: Int
    private var cells: [[Character]]
    /// What has been pushed out at the top.
    private var past: [String] = []
    private var row = 0
    private var column = 0
    /// A character was written to the last column: the next one begins a line.
    private var isFull = false

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Self.blank(columns), count: rows)
    }

    private static func blank(_ columns: Int) -> [Character] { Array(repeating: " ", count: columns) }

    /// All lines that were ever shown, without blanks at their ends.
    var lines: [String] {
        var lines = past + cells.map(Self.line)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static func line(_ cells: [Character]) -> String {
        var cells = cells.filter { $0 != "\0" }
        while cells.last == " " { cells.removeLast() }
        return String(cells)
    }

    mutating func show(_ text: String) {
        var rest = Substring(text)[...]
        while let scalar = rest.unicodeScalars.first {
            switch scalar {
            case "\u{1B}": rest = escape(rest.dropFirst())
            case "\r": (column, isFull) = (0, false)
            case "\n":
                lineFeed()
                rest = Substring(rest.unicodeScalars.dropFirst())
                continue
            case "\u{8}": (column, isFull) = (max(0, column - 1), false)
            case "\t": column = min(columns - 1, (column / 8 + 1) * 8)
            case "\u{0}"..."\u{1F}": break
            default: put(Character(scalar))
            }
            if scalar != "\u{1B}" { rest = Substring(rest.unicodeScalars.dropFirst()) }
        }
    }

    private mutating func put(_ character: Character) {
        let width =
            character.unicodeScalars.first.map {
                (0x1100...0x115F).contains($0.value) || (0x2E80...0xFF60).contains($0.value) || $0.value >= 0x1F300
            } == true ? 2 : 1
        if isFull || column + width > columns {
            column = 0
            lineFeed()
            isFull = false
        }
        cells[row][column] = character
        if width == 2, column + 1 < columns { cells[row][column + 1] = "\0" }
        column += width
        if column >= columns { (column, isFull) = (columns - 1, true) }
    }

    private mutating func lineFeed() {
        isFull = false
        if row < rows - 1 {
            row += 1
        } else {
            past.append(Self.line(cells.removeFirst()))
            cells.append(Self.blank(columns))
        }
    }

    /// - Returns: what follows the sequence.
    private mutating func escape(_ text: Substring) -> Substring {
        guard text.first == "[" else { return text.dropFirst() }
        var rest = text.dropFirst()
        let parameters = rest.prefix { "0123456789;?".contains($0) }
        rest = rest.dropFirst(parameters.count)
        guard let final = rest.first else { return rest }
        rest = rest.dropFirst()
        if parameters.hasPrefix("?") { return rest }
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        let count = max(1, numbers.first ?? 1)
        isFull = false
        switch final {
        case "A": row = max(0, row - count)
        case "B": row = min(rows - 1, row + count)
        case "C": column = min(columns - 1, column + count)
        case "D": column = max(0, column - count)
        case "G": column = min(columns, count) - 1
        case "H":
            row = min(rows, count) - 1
            column = min(columns, numbers.count > 1 ? max(1, numbers[1]) : 1) - 1
        case "J": erase(numbers.first ?? 0)
        case "K": for index in (numbers.first == 1 ? 0 : column)..<columns { cells[row][index] = " " }
        case "P":
            cells[row].removeSubrange(column..<min(columns, column + count))
            while cells[row].count < columns { cells[row].append(" ") }
        case "@":
            cells[row].insert(contentsOf: Array(repeating: " ", count: count), at: column)
            cells[row].removeLast(cells[row].count - columns)
        default: break
        }
        return rest
    }

    private mutating func erase(_ what: Int) {
        if what == 2 {
            cells = Array(repeating: Self.blank(columns), count: rows)
            return
        }
        for index in column..<columns { cells[row][index] = " " }
        for below in (row + 1)..<max(rows, row + 1) where below < rows { cells[below] = Self.blank(columns) }
    }
}
