extension LayoutBuilder {
    /// `$ a | b` or `$(a | b)`: words as written, lines as written.
    mutating func add(_ command: CommandText, _ kind: Token.Kind) {
        layout.add(kind == .dollar ? .sign("$") : .sign("$("))
        var isFirst = kind == .capture
        var isBehindBrace = false
        layout.add(.indent(nil))
        for part in command.parts {
            switch part {
            case .newline: layout.add(.newline)
            case .comment(let comment): layout.add(.comment(comment))
            case .continuation:
                if !isFirst { layout.add(.space) }
                layout.add(.sign("\\"))
                layout.add(.newline)
            case .pipe:
                if !isFirst, !isBehindBrace { layout.add(.space) }
                layout.add(.sign("|"))
            case .word(let pieces):
                if !isFirst { layout.add(.space) }
                add(pieces)
            }
            isFirst = false
            isBehindBrace = isBrace(part)
        }
        layout.add(.dedent(nil))
        if kind == .capture { layout.add(.sign(")")) }
    }

    /// True for a word that with a blank behind it would be none.
    private func isBrace(_ part: CommandText.Part) -> Bool {
        guard case .word(let pieces) = part, pieces.count == 1, case .text(let range) = pieces[0] else { return false }
        return range.end == range.start + 1 && "{}".utf8.contains(bytes[range.start])
    }

    private mutating func add(_ pieces: [CommandText.Piece]) {
        for piece in pieces {
            switch piece {
            case .text(let range): layout.add(.text(range))
            case .multiline(let text): layout.add(.multiline(text))
            }
        }
    }
}
