/// Cuts a file that parses into tokens with their comments. It changes between the insides of strings, commands and code
/// as the parser does, by the same functions of the lexer, so that it finds the same tokens.
struct FormatTokens {
    private var lexer: Lexer
    private(set) var tokens: [FormatToken] = []
    /// The line that `lineOffset` lies in, counted from 0.
    private var line = 0
    private var lineOffset = 0
    /// Where the trivia before the next token begin.
    private var end: Int

    static func read(_ bytes: [UInt8]) -> [FormatToken] {
        var reader = FormatTokens(bytes)
        while reader.tokens.last?.kind != .endOfFile { reader.readToken() }
        return reader.tokens
    }

    private init(_ bytes: [UInt8]) {
        lexer = Lexer(bytes)
        if lexer.hasPrefix("\u{FEFF}", at: 0) { lexer.position = 3 }
        end = lexer.position
    }

    private mutating func readToken() {
        let triviaStart = end
        let token = lexer.next()
        let start = token.range.start
        var trailing: SourceRange?
        var (comments, blank) = trivia(from: triviaStart, to: start, trailing: &trailing)
        if let trailing {
            if tokens.isEmpty {
                comments.insert(FormatToken.Comment(range: trailing, blankBefore: false), at: 0)
            } else {
                tokens[tokens.count - 1].trailing = trailing
            }
        }
        let startLine = line(at: start)
        var trailingOfCommand: SourceRange?
        let content = content(of: token, trailing: &trailingOfCommand)
        end = lexer.position
        tokens.append(
            FormatToken(
                kind: token.kind, range: SourceRange(start, end), line: startLine, leading: comments,
                blankBefore: blank, trailing: trailingOfCommand, content: content))
    }

    /// The lines before an offset that is not before the last one asked for.
    private mutating func line(at offset: Int) -> Int {
        while lineOffset < offset {
            if lexer.bytes[lineOffset] == .newline { line += 1 }
            lineOffset += 1
        }
        return line
    }

    /// The comments between two tokens, and whether the line above the second is empty.
    private func trivia(
        from start: Int, to end: Int, trailing: inout SourceRange?
    ) -> ([FormatToken.Comment], blank: Bool) {
        var comments: [FormatToken.Comment] = []
        var newlines = 0
        var isFirstLine = true
        var offset = start
        while offset < end {
            switch lexer.bytes[offset] {
            case .newline:
                newlines += 1
                isFirstLine = false
                offset += 1
            case .hash:
                let comment = comment(at: &offset)
                if isFirstLine {
                    trailing = comment
                } else {
                    comments.append(FormatToken.Comment(range: comment, blankBefore: newlines > 1))
                }
                newlines = 0
            default: offset += 1
            }
        }
        return (comments, newlines > 1)
    }

    /// A comment without the blanks at its end; the offset moves to the end of the line.
    private func comment(at offset: inout Int) -> SourceRange {
        let start = offset
        while offset < lexer.bytes.count, lexer.bytes[offset] != .newline { offset += 1 }
        var end = offset
        while lexer.bytes[end - 1].isBlank { end -= 1 }
        return SourceRange(start, end)
    }

    // MARK: Strings and commands

    private mutating func content(of token: Token, trailing: inout SourceRange?) -> FormatToken.Content {
        switch token.kind {
        case .quote, .rawQuote:
            skipString(token.kind)
            return .plain
        case .tripleQuote: return .multiline(multiline(from: token.range.start))
        case .dollar: return .command(command(.statement, trailing: &trailing))
        case .capture: return .command(command(.capture, trailing: &trailing))
        default: return .plain
        }
    }

    /// Moves behind a string whose opening quote was read.
    private mutating func skipString(_ quote: Token.Kind) {
        if quote == .tripleQuote {
            _ = multiline(from: lexer.position - 3)
            return
        }
        var text = ""
        while (quote == .rawQuote ? lexer.scanRawText(into: &text) : lexer.scanText(into: &text)) == .interpolation {
            skipCode()
        }
    }

    private mutating func multiline(from start: Int) -> MultilineText {
        var parts: [Lexer.MultilinePart] = []
        _ = lexer.skipIndentation()
        while lexer.scanMultilineText(into: &parts) == .interpolation { skipCode() }
        let lines: [SourceRange] = parts.compactMap { if case .line(let blanks) = $0 { blanks } else { nil } }
        return MultilineText(range: SourceRange(start, lexer.position), lines: lines)
    }

    /// Moves behind the `}` of a `${`.
    private mutating func skipCode() {
        var braces = 0
        while true {
            let token = lexer.next()
            switch token.kind {
            case .endOfFile: return
            case .leftBrace: braces += 1
            case .rightBrace:
                if braces == 0 { return }
                braces -= 1
            case .quote, .rawQuote, .tripleQuote: skipString(token.kind)
            case .dollar, .capture:
                var trailing: SourceRange?
                _ = content(of: token, trailing: &trailing)
            default: break
            }
        }
    }

    /// The words of a command whose `$` or `$(` was read. A comment that ends a `$` statement goes to `trailing`.
    private mutating func command(_ style: Lexer.CommandStyle, trailing: inout SourceRange?) -> CommandText {
        var command = CommandText()
        lexer.loneBraces = 0
        while true {
            let gap = lexer.position
            lexer.skipBetweenWords(style)
            let parts = separators(from: gap, to: lexer.position)
            if style == .statement, lexer.isAtCommandEnd(style) {
                if case .comment(let comment)? = parts.last { trailing = comment }
                while case .continuation? = command.parts.last { command.parts.removeLast() }
                return command
            }
            command.parts += parts
            if lexer.isAtCommandEnd(style) {
                lexer.position = min(lexer.position + 1, lexer.bytes.count)
                return command
            }
            if lexer.byte(lexer.position) == .bar {
                command.parts.append(.pipe)
                lexer.position += 1
            } else {
                let start = lexer.position
                command.parts.append(.word(word(style)))
                if lexer.position == start { return command }
                if dropContinuation(from: &command) { command.parts.append(.continuation) }
            }
        }
    }

    private func separators(from start: Int, to end: Int) -> [CommandText.Part] {
        var parts: [CommandText.Part] = []
        var offset = start
        while offset < end {
            switch lexer.bytes[offset] {
            case .hash: parts.append(.comment(comment(at: &offset)))
            case .backslash:
                parts.append(.continuation)
                while lexer.bytes[offset] != .newline { offset += 1 }
                offset += 1
            case .newline:
                parts.append(.newline)
                offset += 1
            default: offset += 1
            }
        }
        return parts
    }

    private mutating func word(_ style: Lexer.CommandStyle) -> [CommandText.Piece] {
        var pieces: [CommandText.Piece] = []
        var start = lexer.position
        var isFirst = true
        while true {
            let pieceStart = lexer.position
            switch lexer.scanWordPiece(style, isFirst: isFirst) {
            case .bare: break
            case .interpolation: skipCode()
            case .quote(.tripleQuote):
                if pieceStart > start { pieces.append(.text(SourceRange(start, pieceStart))) }
                pieces.append(.multiline(multiline(from: pieceStart)))
                start = lexer.position
            case .quote(let quote): skipString(quote)
            case .end:
                if lexer.position > start { pieces.append(.text(SourceRange(start, lexer.position))) }
                return pieces
            }
            isFirst = false
        }
    }

    /// A `\` that touches the end of a word separates it from the next one, as one behind a blank does. Not behind a brace,
    /// which with a blank behind it would be no word.
    private func dropContinuation(from command: inout CommandText) -> Bool {
        guard case .word(var pieces)? = command.parts.last, case .text(let range)? = pieces.last else { return false }
        var end = range.end
        while end > range.start, lexer.bytes[end - 1] == .newline {
            end -= 1
            while end > range.start, lexer.bytes[end - 1] == .carriageReturn { end -= 1 }
            if end > range.start { end -= 1 }
        }
        let isBrace = end == range.start + 1 && pieces.count == 1 && "{}".utf8.contains(lexer.bytes[range.start])
        guard end < range.end, !isBrace else { return false }
        pieces.removeLast()
        if end > range.start { pieces.append(.text(SourceRange(range.start, end))) }
        command.parts[command.parts.count - 1] = .word(pieces)
        return true
    }
}
