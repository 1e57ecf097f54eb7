extension Parser {
    /// A string, from its opening quote in hand. One text segment at most if nothing is interpolated.
    func parseString() throws(SyntaxError) -> [Segment] {
        let segments = try parseStringBody(token.kind, opening: token.range)
        advance()
        return segments
    }

    /// A string that must not have `${…}` in it. `place` says what it is in a message.
    func parsePlainString(_ place: String) throws(SyntaxError) -> String {
        let start = token.range.start
        let segments = try parseString()
        if let text = segments.plainText { return text }
        throw SyntaxError(.interpolatedText(place), range(from: start))
    }

    /// The rest of a string whose opening quote was read; the token in hand is left behind.
    func parseStringBody(_ quote: Token.Kind, opening: SourceRange) throws(SyntaxError) -> [Segment] {
        height = 1
        if quote == .tripleQuote { return try parseMultilineString(opening) }
        var segments: [Segment] = []
        var tallest = 0
        while true {
            var text = ""
            let stop = quote == .rawQuote ? lexer.scanRawText(into: &text) : lexer.scanText(into: &text)
            if !text.isEmpty { segments.append(.text(text)) }
            reportFindings()
            switch stop {
            case .closed:
                try grow(tallest)
                return segments
            case .unclosed: throw unclosedString(quote, opening)
            case .interpolation:
                segments.append(.value(try parseInterpolation()))
                tallest = max(tallest, height)
            }
        }
    }

    private func unclosedString(_ quote: Token.Kind, _ opening: SourceRange) -> SyntaxError {
        let rest = SourceRange(opening.end, lexer.position)
        let other: UInt8 = quote == .rawQuote ? .doubleQuote : .singleQuote
        let isMixed = lexer.bytes[rest.start..<rest.end].contains(other)
        let message = Message.unclosedString(quote.rawValue, other: isMixed ? (quote == .rawQuote ? "\"" : "'") : nil)
        countBrackets(in: rest)
        return SyntaxError(message, SourceRange(opening.start, lexer.position), isUnclosed: true)
    }

    /// `${ expr }`, of which `${` was read. An error in it is reported here, and the string goes on behind the `}`.
    func parseInterpolation() throws(SyntaxError) -> Expression {
        let outer = context
        let opening = SourceRange(lexer.position - 2, lexer.position)
        let base = brackets.count
        do throws(SyntaxError) {
            try enter(cost: 2)
            context.ignoresNewlines = true
            context.isHead = false
            brackets.append(Bracket(opener: .leftBrace, range: opening))
            advance()
            if token.kind == .rightBrace { throw SyntaxError(.emptyInterpolation(), opening.union(token.range)) }
            let value = try parseExpression()
            guard token.kind == .rightBrace else { throw notClosed(opening) }
            context = outer
            brackets.removeLast()
            return value
        } catch {
            if hasStopped || error.isUnclosed { throw error }
            context = outer
            brackets.removeLast(max(0, brackets.count - base))
            return try skipInterpolation(from: opening, after: error)
        }
    }

    private func notClosed(_ opening: SourceRange) -> SyntaxError {
        if token.kind == .endOfFile { return unclosedInterpolation(opening, isAtEnd: true) }
        if let foreign = foreignInExpression() { return foreign }
        return unexpected(mayBeOnNextLine: true) { .expectedToken("}", "to close `${`", $0) }
    }

    private func unclosedInterpolation(_ opening: SourceRange, isAtEnd: Bool) -> SyntaxError {
        SyntaxError(.unclosedInterpolation(isAtEnd: isAtEnd), opening, isUnclosed: true)
    }

    /// Looks for the `}` behind a mistake: on the line, or further down where the mistake itself is. Where there is none
    /// that is the mistake, and the string is given up.
    private func skipInterpolation(
        from opening: SourceRange, after error: SyntaxError
    ) throws(SyntaxError) -> Expression {
        lexer.findings = []
        lexer.position = opening.end
        let before = opening.end..<max(opening.end, error.range.end)
        lexer.skipInterpolation(overLines: lexer.bytes[before].contains(.newline))
        guard lexer.bytes[lexer.position - 1] == .rightBrace, lexer.position > opening.end else {
            throw unclosedInterpolation(opening, isAtEnd: lexer.position >= lexer.bytes.count)
        }
        report(error)
        height = 1
        return Expression(range: SourceRange(opening.start, lexer.position), kind: .invalid)
    }

    // MARK: Strings of several lines

    private func parseMultilineString(_ opening: SourceRange) throws(SyntaxError) -> [Segment] {
        var parts: [Lexer.MultilinePart] = []
        var tallest = 0
        let isOnNextLine = lexer.isAtLineEnd
        if isOnNextLine { _ = lexer.skipIndentation() }
        while true {
            let stop = lexer.scanMultilineText(into: &parts)
            reportFindings()
            switch stop {
            case .closed:
                try grow(tallest)
                if !isOnNextLine {
                    report(.multilineStringStart(), opening)
                    return []
                }
                return joinLines(parts)
            case .unclosed: throw mistake(.unclosedMultilineString(), at: opening)
            case .interpolation:
                parts.append(.value(try parseInterpolation()))
                tallest = max(tallest, height)
            }
        }
    }

    /// Takes off the indentation of the closing quotes and joins what is next to each other.
    private func joinLines(_ parts: [Lexer.MultilinePart]) -> [Segment] {
        guard case .line(let closing)? = parts.last else {
            report(.multilineStringEnd(), SourceRange(lexer.position - 3, lexer.position))
            return []
        }
        let indentation = lexer.bytes[closing.start..<closing.end]
        var segments: [Segment] = []
        var text = ""
        for (index, part) in parts.enumerated().dropLast() {
            switch part {
            case .text(let piece): text += piece
            case .value(let value):
                if !text.isEmpty { segments.append(.text(text)) }
                text = ""
                segments.append(.value(value))
            case .line(let blanks):
                if index > 0 { text += "\n" }
                if lexer.bytes[blanks.start..<blanks.end].starts(with: indentation) {
                    text += lexer.text(blanks.start + indentation.count, blanks.end)
                } else if case .line = parts[index + 1] {
                    // A line of blanks alone may be shorter.
                } else {
                    report(.multilineStringIndentation(), blanks)
                    return []
                }
            }
        }
        if !text.isEmpty { segments.append(.text(text)) }
        return segments
    }
}

extension Lexer {
    /// True if nothing but blanks stands before the end of the line.
    var isAtLineEnd: Bool {
        var offset = position
        while byte(offset).isBlank { offset += 1 }
        return offset >= bytes.count || bytes[offset] == .newline
    }
}

extension [Segment] {
    /// The text, if nothing is interpolated.
    var plainText: String? {
        switch (count, first) {
        case (0, _): ""
        case (1, .text(let text)?): text
        default: nil
        }
    }
}
