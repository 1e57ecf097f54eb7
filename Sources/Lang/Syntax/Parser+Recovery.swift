extension Parser {
    /// After an error: skips to where the next statement begins. `base` is how many brackets were open before the
    /// broken statement and `start` where it began. Brackets that it opened are skipped with what they hold; one that
    /// is never closed ends at a line that can only be a new statement.
    func synchronise(base: Int, start: Int) {
        catchUp()
        var braces = brackets.dropFirst(base).count { $0.opener == .leftBrace }
        if token.range.start == start { skipToken(base, &braces) }
        while token.kind != .endOfFile, !isAtNextStatement(base, braces) { skipToken(base, &braces) }
        brackets.removeLast(max(0, brackets.count - base))
    }

    private func isAtNextStatement(_ base: Int, _ braces: Int) -> Bool {
        if token.kind == .rightBrace, braces == 0, context.isInBlock { return true }
        if brackets.count <= base { return token.startsLine || token.kind == .semicolon }
        return token.startsLine && brackets.last?.isBlock == false && beginsDeclaration
    }

    /// Puts a fresh token in hand if an error was thrown in the middle of a string or command.
    func catchUp() {
        lexer.findings = []
        if lexer.position != token.range.end { advance() }
    }

    /// Words that begin a statement and cannot stand inside parentheses or a map.
    private var beginsDeclaration: Bool {
        switch token.kind {
        case .let, .var, .return, .for, .while, .import, .recipe, .defer, .assert, .fail, .dollar: true
        case .fn: peek().kind == .name
        case .name: tokenText == "default" && peek().kind == .recipe
        default: false
        }
    }

    private func skipToken(_ base: Int, _ braces: inout Int) {
        let kind = token.kind
        if kind.isQuote {
            lexer.skipString(kind)
        } else if kind == .dollar {
            lexer.skipCommand()
        } else if kind.closer != nil, brackets.count - base < Parser.maximumSkippedBrackets {
            // What a brace holds is not known here; statements may begin in it.
            brackets.append(Bracket(opener: kind, range: token.range, isBlock: kind == .leftBrace))
            if kind == .leftBrace { braces += 1 }
        } else if kind == .rightBrace, braces > 0 {
            while brackets.removeLast().opener != .leftBrace {}
            braces -= 1
        } else if kind != .rightBrace, kind.isCloser, brackets.count > base, brackets.last?.opener != .leftBrace {
            // `)` for `]` was most likely meant to close it.
            brackets.removeLast()
        }
        advance()
    }

    private static let maximumSkippedBrackets = 10_000

    /// A string swallowed the rest of its line: counts the brackets in that, so that the search for the end of the
    /// statement is not misled.
    func countBrackets(in range: SourceRange) {
        let base = context.outerBrackets
        for offset in range.start..<range.end {
            let kind: Token.Kind? =
                switch lexer.bytes[offset] {
                case UInt8(ascii: "("): .leftParenthesis
                case UInt8(ascii: "["): .leftSquare
                case UInt8(ascii: "{"): .leftBrace
                case UInt8(ascii: ")"): .rightParenthesis
                case UInt8(ascii: "]"): .rightSquare
                case UInt8(ascii: "}"): .rightBrace
                default: nil
                }
            guard let kind else { continue }
            if kind.isCloser {
                if let last = brackets.last, brackets.count > base, last.opener.closer == kind { brackets.removeLast() }
            } else {
                guard brackets.count - base < Parser.maximumSkippedBrackets else { return }
                let place = SourceRange(offset, offset + 1)
                brackets.append(Bracket(opener: kind, range: place, isBlock: kind == .leftBrace))
            }
        }
    }

    // MARK: Brackets

    /// Takes the opening bracket in hand and begins the region inside it. Returns what to give to `close`.
    func open(ignoringNewlines: Bool = true, isBlock: Bool = false) throws(SyntaxError) -> Context {
        let outer = context
        try enter(cost: 2)
        brackets.append(Bracket(opener: token.kind, range: token.range, isBlock: isBlock))
        context.ignoresNewlines = ignoringNewlines
        context.isHead = false
        advance()
        return outer
    }

    /// Takes the bracket that closes the innermost one, or says why it is not there.
    func close(_ outer: Context, afterList: Bool = true) throws(SyntaxError) {
        guard let bracket = brackets.last, let closer = bracket.opener.closer else { return }
        guard token.kind == closer else { throw notClosed(bracket, closer, afterList) }
        brackets.removeLast()
        context = outer
        advance()
    }

    private func notClosed(_ bracket: Bracket, _ closer: Token.Kind, _ afterList: Bool) -> SyntaxError {
        if token.kind == .endOfFile || (token.startsLine && beginsDeclaration) { return unclosed(bracket) }
        let opener = bracket.opener.rawValue
        let note = SyntaxError.Note(text: "`\(opener)` was opened here", range: bracket.range)
        let error: SyntaxError
        if token.kind.isCloser {
            error = mistake(.mismatchedBracket(tokenDescription, closer.rawValue))
        } else if let foreign = foreignInExpression() {
            return foreign
        } else if afterList {
            let help = token.kind == .semicolon ? "elements are separated by `,`" : nil
            error = unexpected(mayBeOnNextLine: true) { .expectedSeparator(closer.rawValue, $0, help: help) }
        } else {
            error = unexpected(mayBeOnNextLine: true) { .expectedToken(closer.rawValue, "to close `\(opener)`", $0) }
        }
        return SyntaxError(error.message, error.range, note: note)
    }
}
