/// A source line as a terminal shows it, and where the carets stand under it. A long line is cut around them; only the
/// bytes near them are looked at.
struct Excerpt {
    let text: String
    let indentation: String
    let carets: String

    static let maximumWidth = 100
    /// How many columns stand before the carets in a line that is cut.
    private static let leadingWidth = 40
    private static let tabWidth = 4

    /// A scalar and how it is shown.
    private struct Cell {
        let offset: Int
        let text: String
        let width: Int
    }

    init(_ location: SourceLocation, line: Int) {
        let bytes = location.file.bytes
        let lineRange = location.file.lineRange(line)
        let start = min(max(location.range.start, lineRange.start), lineRange.end)
        let end = min(max(location.range.end, start), lineRange.end)
        let nearStart = Excerpt.boundary(bytes, max(lineRange.start, start - 4 * Excerpt.maximumWidth), lineRange.start)
        let nearEnd = min(lineRange.end, start + 4 * Excerpt.maximumWidth)
        let cells = Excerpt.cells(bytes, nearStart, nearEnd)
        let isWhole = nearStart == lineRange.start && nearEnd == lineRange.end
        let fits = isWhole && cells.reduce(0) { $0 + $1.width } <= Excerpt.maximumWidth
        let caret = cells.firstIndex { $0.offset >= start } ?? cells.count
        let shown = fits ? cells.indices : Excerpt.window(cells, around: caret)
        let cutsStart = !fits && (shown.lowerBound > 0 || nearStart > lineRange.start)
        let cutsEnd = !fits && (shown.upperBound < cells.count || nearEnd < lineRange.end)

        text = (cutsStart ? "…" : "") + cells[shown].map(\.text).joined() + (cutsEnd ? "…" : "")
        let before = cells[shown.lowerBound..<max(caret, shown.lowerBound)].reduce(0) { $0 + $1.width }
        indentation = String(repeating: " ", count: before + (cutsStart ? 1 : 0))
        let under = cells[shown].filter { $0.offset >= start && $0.offset < end }.reduce(0) { $0 + $1.width }
        carets = String(repeating: "^", count: max(1, under))
    }

    private static func window(_ cells: [Cell], around caret: Int) -> Range<Int> {
        var first = caret
        var width = 0
        while first > 0, width + cells[first - 1].width <= leadingWidth {
            first -= 1
            width += cells[first].width
        }
        var last = caret
        while last < cells.count, width + cells[last].width <= maximumWidth {
            width += cells[last].width
            last += 1
        }
        while first > 0, width + cells[first - 1].width <= maximumWidth {
            first -= 1
            width += cells[first].width
        }
        return first..<last
    }

    /// Moves forward from the middle of a scalar to the next one.
    private static func boundary(_ bytes: [UInt8], _ offset: Int, _ lineStart: Int) -> Int {
        var offset = offset
        while offset > lineStart, offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
        return offset
    }

    private static func cells(_ bytes: [UInt8], _ start: Int, _ end: Int) -> [Cell] {
        var cells: [Cell] = []
        var offset = start
        while offset < end {
            var decoder = UTF8()
            var iterator = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
            if case .scalarValue(let scalar) = decoder.decode(&iterator) {
                cells.append(cell(scalar, offset))
                offset += scalar.utf8.count
            } else {
                cells.append(Cell(offset: offset, text: "\u{FFFD}", width: 1))
                offset += 1
            }
        }
        return cells
    }

    private static func cell(_ scalar: Unicode.Scalar, _ offset: Int) -> Cell {
        if scalar == "\t" {
            return Cell(offset: offset, text: String(repeating: " ", count: tabWidth), width: tabWidth)
        }
        if scalar.value < 0x20, let picture = Unicode.Scalar(0x2400 + scalar.value) {
            return Cell(offset: offset, text: String(picture), width: 1)
        }
        if scalar.properties.generalCategory == .control || scalar.isBidirectionalControl {
            return Cell(offset: offset, text: "\u{FFFD}", width: 1)
        }
        return Cell(offset: offset, text: String(scalar), width: scalar.columns)
    }
}

extension Unicode.Scalar {
    /// True for the characters that turn the direction of text around
    /// ([UAX #9](https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters)).
    package var isBidirectionalControl: Bool { (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value) }

    /// How many columns a terminal gives it.
    var columns: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return Unicode.Scalar.wide.contains { $0.contains(value) } ? 2 : 1
        }
    }

    /// East Asian wide characters and pictographs, by block.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
        0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
        0x20000...0x3FFFD,
    ]
}
