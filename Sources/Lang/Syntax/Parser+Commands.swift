extension Parser {
    /// `$ git push origin ${tag}`, with the `$` in hand.
    func parseCommandStatement() throws(SyntaxError) -> Statement.Kind {
        guard lexer.position >= lexer.bytes.count || lexer.byte(lexer.position).isBlank || lexer.isAtLineEnd else {
            throw commandNeedsBlank()
        }
        return .command(try parsePipeline(.statement))
    }

    /// A `$` that begins no command.
    func commandNeedsBlank() -> SyntaxError {
        var end = lexer.position
        if lexer.byte(end) == .leftBrace { end += 1 }
        while lexer.byte(end).isNamePart { end += 1 }
        let range = SourceRange(token.range.start, end)
        return SyntaxError(.commandNeedsBlank(Message.shortened(lexer.text(range.start, range.end))), range)
    }

    /// `$( git rev-parse HEAD )`, with the `$(` in hand.
    func parseCapture() throws(SyntaxError) -> Expression {
        let opening = token.range
        let outer = context
        brackets.append(Bracket(opener: .capture, range: opening))
        let pipeline = try parsePipeline(.capture)
        guard token.kind == .rightParenthesis else {
            if token.kind == .semicolon { throw mistake(.severalCommandsInCapture()) }
            throw unexpected(mayBeOnNextLine: true) { .mismatchedBracket($0, ")") }
        }
        brackets.removeLast()
        context = outer
        advance()
        try grow(height)
        return Expression(range: range(from: opening.start), kind: .capture(pipeline))
    }

    /// Commands with `|` between them. Afterwards the token that ends them is in hand.
    private func parsePipeline(_ style: Lexer.CommandStyle) throws(SyntaxError) -> Pipeline {
        var stages: [Command] = []
        var tallest = 0
        let start = token.range.start
        var end = token.range.end
        try enter(cost: 3)
        lexer.hasFoundShellism = false
        lexer.loneBraces = 0
        lexer.skipBetweenWords(style)
        while true {
            let command = try parseCommand(style)
            tallest = max(tallest, height)
            if command.words.isEmpty {
                let message = command.environment.isEmpty ? Message.emptyCommand() : .commandWithoutProgram()
                report(message, command.range.start == command.range.end ? SourceRange(start, end) : command.range)
            }
            stages.append(command)
            end = max(end, command.range.end)
            guard lexer.byte(lexer.position) == .bar else { break }
            if lexer.byte(lexer.position + 1) == .bar {
                report(.commandList("||"), SourceRange(lexer.position, lexer.position + 2))
                lexer.position += 1
            }
            lexer.position += 1
            lexer.skipBetweenWords(style)
        }
        reportFindings()
        advance()
        previous = SourceRange(start, end)
        leave(cost: 3)
        try grow(tallest)
        return Pipeline(stages: stages, range: SourceRange(start, end))
    }

    /// `NAME=value program words…`
    private func parseCommand(_ style: Lexer.CommandStyle) throws(SyntaxError) -> Command {
        let start = lexer.position
        var environment: [Command.Assignment] = []
        var words: [Command.Word] = []
        var end = start
        var tallest = 0
        while !lexer.isAtCommandEnd(style), lexer.byte(lexer.position) != .bar {
            if words.count + environment.count >= Parser.maximumWords { throw tooManyWords(of: start) }
            let (word, name) = try parseWord(style, mayAssign: words.isEmpty)
            tallest = max(tallest, height)
            if let name {
                environment.append(Command.Assignment(name: name, value: word))
            } else {
                words.append(word)
            }
            end = lexer.position
            lexer.skipBetweenWords(style)
        }
        height = tallest
        return Command(environment: environment, words: words, range: SourceRange(start, end))
    }

    /// Stands at the program: what follows is as long as it likes.
    private func tooManyWords(of start: Int) -> SyntaxError {
        var end = start
        while end < lexer.position, !lexer.byte(end).isBlank { end += 1 }
        let error = SyntaxError(.tooManyWords(limit: Parser.maximumWords), SourceRange(start, end))
        report(error)
        stop()
        return error
    }

    /// One word, from pieces that touch. With a name if it has the form `NAME=value` and may set the environment.
    private func parseWord(
        _ style: Lexer.CommandStyle, mayAssign: Bool
    ) throws(SyntaxError) -> (Command.Word, Name?) {
        var start = lexer.position
        var pieces: [Segment] = []
        var text = ""
        var name: Name?
        var tallest = 1
        var isFirst = true
        var isQuoted = false
        func flush() {
            if !text.isEmpty { pieces.append(.text(text)) }
            text = ""
        }
        while true {
            let pieceStart = lexer.position
            switch lexer.scanWordPiece(style, isFirst: isFirst) {
            case .end:
                flush()
                height = tallest
                if pieces.isEmpty { pieces.append(.text("")) }
                let range = SourceRange(start, lexer.position)
                return (Command.Word(range: range, pieces: pieces, isQuoted: isQuoted), name)
            case .bare(let bare):
                if isFirst, mayAssign, let length = environmentName(at: pieceStart) {
                    name = Name(
                        lexer.text(pieceStart, pieceStart + length), SourceRange(pieceStart, pieceStart + length))
                    start = pieceStart + length + 1
                    text = String(bare.unicodeScalars.dropFirst(length + 1))
                } else {
                    text += bare
                }
            case .quote(let quote):
                isQuoted = true
                let opening = SourceRange(pieceStart, lexer.position)
                for segment in try parseStringBody(quote, opening: opening) {
                    if case .text(let quoted) = segment {
                        text += quoted
                    } else {
                        flush()
                        pieces.append(segment)
                    }
                }
                tallest = max(tallest, height)
            case .interpolation:
                flush()
                pieces.append(.value(try parseInterpolation()))
                tallest = max(tallest, height)
            }
            isFirst = false
        }
    }

    /// The length of `NAME` if `NAME=` stands at an offset.
    private func environmentName(at start: Int) -> Int? {
        guard lexer.byte(start).isNameStart else { return nil }
        var end = start
        while lexer.byte(end).isNamePart { end += 1 }
        return lexer.byte(end) == .equals ? end - start : nil
    }
}
