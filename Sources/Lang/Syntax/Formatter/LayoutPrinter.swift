/// Writes a layout with lines of at most `width` columns where that can be. A group is flat if it fits on the rest of the
/// line together with what follows up to the next place where a line may end. To find out looks ahead no further than
/// the line is wide, which keeps printing linear.
struct LayoutPrinter {
    static let width = 100
    static let indentation = 4

    private let layout: Layout
    private let bytes: [UInt8]
    private let hasCarriageReturns: Bool
    private var output: [UInt8] = []
    private var modes: [Mode]
    private var column = 0
    private var level = 0
    /// The indentation of the line that is being written.
    private var lineIndentation = 0
    private var gap = Gap.none

    private enum Mode {
        case undecided, flat
        /// Its last element alone is broken.
        case hugging
        case broken
    }

    /// What is owed before the next text.
    private enum Gap: Int { case none, space, newline, blankLine }

    static func text(_ layout: Layout, of bytes: [UInt8]) -> [UInt8] {
        var printer = LayoutPrinter(layout: layout, bytes: bytes)
        for position in layout.items.indices { printer.print(position) }
        if !printer.output.isEmpty { printer.output.append(.newline) }
        return printer.output
    }

    private init(layout: Layout, bytes: [UInt8]) {
        self.layout = layout
        self.bytes = bytes
        hasCarriageReturns = bytes.contains(.carriageReturn)
        modes = Array(repeating: .undecided, count: layout.groups.count)
        output.reserveCapacity(bytes.count + bytes.count / 8)
    }

    private mutating func print(_ position: Int) {
        switch layout.items[position] {
        case .text(let range): write(lines(range.start..<range.end))
        case .sign(let sign): sign.withUTF8Buffer { write($0[...]) }
        case .multiline(let text): write(text)
        case .space: owe(.space)
        case .break(let group, let blank):
            if modes[group] == .broken { owe(.newline) } else if blank { owe(.space) }
        case .trailingComma(let group): if modes[group] == .broken { write([.comma]) }
        case .newline: owe(.newline)
        case .blankLine: owe(.blankLine)
        case .comment(let range):
            owe(.space)
            write(bytes[range.start..<range.end])
            owe(.newline)
        case .indent(let group): if group.map({ modes[$0] == .broken }) ?? true { level += 1 }
        case .dedent(let group): if group.map({ modes[$0] == .broken }) ?? true { level -= 1 }
        case .begin(let group): modes[group] = mode(of: group, at: position)
        case .end: break
        }
    }

    // MARK: Writing

    private mutating func owe(_ gap: Gap) {
        if gap.rawValue > self.gap.rawValue { self.gap = gap }
    }

    private mutating func write(_ text: some Collection<UInt8>) {
        writeGap()
        output += text
        if let newline = output.suffix(text.count).lastIndex(of: .newline) {
            column = LayoutPrinter.columns(output[(newline + 1)...])
        } else {
            column += LayoutPrinter.columns(text)
        }
    }

    private mutating func writeGap() {
        let owed = gap
        gap = .none
        if output.isEmpty || owed == .none { return }
        if owed == .space {
            output.append(.space)
            column += 1
            return
        }
        output.append(.newline)
        if owed == .blankLine { output.append(.newline) }
        lineIndentation = max(0, level) * LayoutPrinter.indentation
        output += Array(repeating: .space, count: lineIndentation)
        column = lineIndentation
    }

    /// The lines of a `"""` string move with its closing quotes, which stand under the opening ones if those begin a
    /// line, and one level deeper than the line if not.
    private mutating func write(_ text: MultilineText) {
        let beginsLine = output.isEmpty || gap.rawValue >= Gap.newline.rawValue
        writeGap()
        output += [.doubleQuote, .doubleQuote, .doubleQuote]
        let indentation = lineIndentation + (beginsLine ? 0 : LayoutPrinter.indentation)
        let closing = text.lines.last.map { $0.end - $0.start } ?? 0
        for (number, blanks) in text.lines.enumerated() {
            var end = number + 1 < text.lines.count ? text.lines[number + 1].start - 1 : text.range.end
            if end > blanks.end, bytes[end - 1] == .carriageReturn, number + 1 < text.lines.count { end -= 1 }
            output.append(.newline)
            if end == blanks.end, blanks.end - blanks.start <= closing { continue }
            output += Array(repeating: .space, count: indentation)
            output += lines(min(blanks.start + closing, blanks.end)..<end)
        }
        column = indentation + 3
    }

    /// What stands there, with the ends of lines that a `${ }` goes over as they are everywhere else.
    private func lines(_ range: Range<Int>) -> [UInt8] {
        let text = bytes[range]
        guard hasCarriageReturns, text.contains(.carriageReturn) else { return Array(text) }
        return text.indices.filter { position in
            text[position] != .carriageReturn || position + 1 == text.endIndex || text[position + 1] != .newline
        }.map { text[$0] }
    }

    /// Every scalar counts as one column.
    private static func columns(_ text: some Collection<UInt8>) -> Int {
        text.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
    }

    // MARK: Deciding

    private func mode(of group: Int, at position: Int) -> Mode {
        let shape = layout.groups[group]
        if !shape.isForced, !shape.isTailForced, fits(from: position, tail: nil) { return .flat }
        if !shape.isForced, let tail = shape.tail, fits(from: position, tail: tail) { return .hugging }
        return .broken
    }

    /// How wide the first line of a text is, counted up to a little more than `limit`, and whether it has a second one.
    private func firstLine(of range: SourceRange, limit: Int) -> (columns: Int, endsLine: Bool) {
        var columns = 0
        for byte in bytes[range.start..<range.end] where byte & 0xC0 != 0x80 {
            if byte == .newline { return (columns, true) }
            columns += 1
            if columns > limit { break }
        }
        return (columns, false)
    }

    /// True if what follows fits on the line: with `tail` nil the whole group that begins here and what stands behind it,
    /// otherwise all up to the first break of a body in its last element.
    private func fits(from start: Int, tail: Int?) -> Bool {
        var left = LayoutPrinter.width - column - (gap == .space ? 1 : 0)
        if gap.rawValue >= Gap.newline.rawValue { left = LayoutPrinter.width - level * LayoutPrinter.indentation }
        var depth = 0
        var owesSpace = false
        for position in start..<layout.items.count {
            let isInside = depth > 0 || position == start
            var width = 0
            switch layout.items[position] {
            case .text(let range):
                let (columns, endsLine) = firstLine(of: range, limit: left)
                if endsLine { return columns + (owesSpace ? 1 : 0) <= left }
                width = columns
            case .sign(let sign): width = sign.utf8CodeUnitCount
            case .multiline: return left >= 3 + (owesSpace ? 1 : 0)
            case .comment, .newline, .blankLine: return true
            case .space: owesSpace = true
            case .break(let group, let blank):
                if let tail, position >= tail, layout.groups[group].kind == .body { return true }
                if !isInside, modes[group] == .undecided || modes[group] == .broken { return true }
                if blank { owesSpace = true }
            case .begin: if isInside { depth += 1 }
            case .end:
                if depth > 0 { depth -= 1 }
                if depth == 0, tail != nil { return false }
            case .indent, .dedent, .trailingComma: break
            }
            if width > 0 {
                left -= width + (owesSpace ? 1 : 0)
                owesSpace = false
            }
            if left < 0 { return false }
        }
        return true
    }
}

extension UInt8 {
    fileprivate static let comma = UInt8(ascii: ",")
}
