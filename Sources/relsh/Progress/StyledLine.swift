/// A line of progress: pieces of text, each with a style, so that it can be cut to a width and shown with or without
/// colours.
struct StyledLine: Sendable, Equatable {
    enum Style: String, Sendable {
        case plain = ""
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
    }

    private(set) var spans: [(text: String, style: Style)] = []

    static func == (left: StyledLine, right: StyledLine) -> Bool { left.spans.elementsEqual(right.spans, by: ==) }

    init(_ text: String = "", _ style: Style = .plain) {
        if !text.isEmpty { spans = [(text, style)] }
    }

    static func + (line: StyledLine, span: (String, Style)) -> StyledLine {
        var line = line
        line.spans.append((span.0, span.1))
        return line
    }

    /// With texts from elsewhere made safe for a terminal.
    var harmless: StyledLine {
        var line = self
        line.spans = spans.map { (inOneLine($0.text), $0.style) }
        return line
    }

    var plain: String { spans.map(\.text).joined() }

    /// - Parameter width: columns to cut at; nil for the whole line.
    func rendered(width: Int?, colour: Bool) -> String {
        var room = width ?? Int.max
        var result = ""
        for span in spans where room > 0 {
            let text = fitted(span.text, room)
            room -= displayWidth(text)
            result += colour && span.style != .plain ? "\u{1B}[\(span.style.rawValue)m\(text)\u{1B}[0m" : text
        }
        return result
    }
}
