/// Writes findings for people (plain or in colour) and for programs (JSON).
///
///     error: unknown name `imags` [unknown-name]
///       --> recipes/dev.rel:12:13
///        |
///     12 |     let v = imags.dev_version(version)
///        |             ^^^^^
///        = help: did you mean `images`?
package struct DiagnosticPrinter: Sendable {
    private let style: Style

    package init(colour: Bool) { style = Style(isColoured: colour) }

    /// The finding with the line it is about, a caret under the place, its notes and its help. Ends with a newline.
    package func text(_ diagnostic: Diagnostic) -> String {
        let isError = diagnostic.severity == .error
        let message = diagnostic.message
        let word = style.paint(isError ? "error" : "warning", isError ? .error : .warning)
        let title = style.paint(": " + printable(message.text), .title)
        let places = [diagnostic.location] + diagnostic.notes.map(\.location)
        let gutter = places.map { String($0.file.position(of: $0.range.start).line).count }.max() ?? 1
        var lines = [word + title + style.paint(" [\(message.id)]", .gutter)]
        lines += excerpt(diagnostic.location, gutter, isError ? .error : .warning)
        for note in diagnostic.notes {
            lines.append(style.paint("note", .help) + ": " + printable(note.text))
            lines += excerpt(note.location, gutter, .help)
        }
        if let help = message.help {
            let sign = String(repeating: " ", count: gutter) + " = "
            lines.append(style.paint(sign, .gutter) + style.paint("help", .help) + ": " + printable(help))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func excerpt(_ location: SourceLocation, _ gutter: Int, _ colour: Style.Role) -> [String] {
        let position = location.file.position(of: location.range.start)
        let margin = String(repeating: " ", count: gutter)
        let number = String(position.line)
        let padded = String(repeating: " ", count: gutter - number.count) + number
        let excerpt = Excerpt(location, line: position.line)
        return [
            style.paint(margin + "--> ", .gutter) + printable(location.description),
            style.paint(margin + " |", .gutter),
            style.paint(padded + " |", .gutter) + (excerpt.text.isEmpty ? "" : " " + excerpt.text),
            style.paint(margin + " | ", .gutter) + excerpt.indentation + style.paint(excerpt.carets, colour),
        ]
    }

    /// Keeps what a message quotes from steering the terminal.
    private func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar != "\n", scalar.properties.generalCategory == .control || scalar.isBidirectionalControl {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    // MARK: JSON

    /// The findings as a JSON array, one object per line; first what kept files from being read at all, which has a file
    /// and no place in it.
    package func json(_ diagnostics: [Diagnostic], unreadable: [(file: String, message: Message)] = []) -> String {
        let objects = unreadable.map { object($0.file, $0.message) } + diagnostics.map(object)
        if objects.isEmpty { return "[]\n" }
        return "[\n" + objects.map { "  " + $0 }.joined(separator: ",\n") + "\n]\n"
    }

    private func object(_ file: String, _ message: Message) -> String {
        object([
            ("id", quoted(message.id)), ("severity", quoted("error")), ("file", quoted(file)), ("line", "null"),
            ("column", "null"), ("end_line", "null"), ("end_column", "null"), ("message", quoted(message.text)),
            ("expected", "null"), ("help", message.help.map(quoted) ?? "null"), ("replacement", "null"),
            ("notes", "[]"),
        ])
    }

    private func object(_ diagnostic: Diagnostic) -> String {
        let location = diagnostic.location
        let start = location.file.position(of: location.range.start)
        let end = location.file.position(of: max(location.range.start, location.range.end))
        let fields = [
            ("id", quoted(diagnostic.message.id)),
            ("severity", quoted(diagnostic.severity == .error ? "error" : "warning")),
            ("file", quoted(location.file.name)),
            ("line", String(start.line)),
            ("column", String(start.column)),
            ("end_line", String(end.line)),
            ("end_column", String(end.column)),
            ("message", quoted(diagnostic.message.text)),
            ("expected", diagnostic.message.expected.map(quoted) ?? "null"),
            ("help", diagnostic.message.help.map(quoted) ?? "null"),
            ("replacement", diagnostic.message.replacement.map(quoted) ?? "null"),
            ("notes", "[" + diagnostic.notes.map(note).joined(separator: ", ") + "]"),
        ]
        return object(fields)
    }

    private func note(_ note: Diagnostic.Note) -> String {
        let position = note.location.file.position(of: note.location.range.start)
        return object([
            ("message", quoted(note.text)),
            ("file", quoted(note.location.file.name)),
            ("line", String(position.line)),
            ("column", String(position.column)),
        ])
    }

    private func object(_ fields: [(name: String, value: String)]) -> String {
        "{" + fields.map { "\"\($0.name)\": \($0.value)" }.joined(separator: ", ") + "}"
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Colours by what is written in them.
private struct Style: Sendable {
    let isColoured: Bool

    enum Role: String {
        case error = "1;31"
        case warning = "1;33"
        case title = "1"
        case gutter = "2"
        case help = "36"
    }

    func paint(_ text: String, _ role: Role) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
    }
}
