extension Parser {
    /// Statements up to the `}` of the block, or the end of the file.
    func parseStatements() -> [Statement] {
        var statements: [Statement] = []
        var tallest = 0
        let outer = context
        while true {
            while token.kind == .semicolon { advance() }
            if token.kind == .endOfFile || (token.kind == .rightBrace && context.isInBlock) { break }
            let first = token
            let base = brackets.count
            context.outerBrackets = base
            do throws(SyntaxError) {
                let statement = try parseStatement()
                statements.append(statement)
                tallest = max(tallest, height)
                if !isAtStatementEnd { throw notAtEnd(of: first) }
                if token.kind == .rightBrace, !context.isInBlock {
                    throw mistake(.strayBracket("}"))
                }
            } catch {
                report(error)
                context = outer
                synchronise(base: base, start: first.range.start)
                statements.append(Statement(range: range(from: first.range.start), kind: .invalid))
            }
        }
        height = tallest
        return statements
    }

    /// `{ … }` with statements in it. `owner` says in a message what the block belongs to.
    func parseBlock(_ owner: String) throws(SyntaxError) -> Block {
        let opening = token.range
        try expectBrace(after: owner)
        let outer = try open(ignoringNewlines: false, isBlock: true)
        context.isInBlock = true
        let statements = parseStatements()
        let below = height
        try close(outer)
        try grow(below)
        return Block(range: range(from: opening.start), statements: statements)
    }

    /// A `{` must be in hand, and stand on the line of what it belongs to. On the next line it is a mistake, but is taken.
    func expectBrace(after owner: String) throws(SyntaxError) {
        guard token.kind == .leftBrace else {
            throw foreignInExpression() ?? unexpected { .expectedBlock(owner, $0) }
        }
        guard isAfterLineEnd else { return }
        let help = "put `{` on the line of \(owner)"
        report(.expectedBlock(owner, "the end of the line", help: help), token.range)
    }

    private func parseStatement() throws(SyntaxError) -> Statement {
        let start = token.range.start
        height = 1
        let kind = try parseStatementKind()
        try grow(height)
        return Statement(range: range(from: start), kind: kind)
    }

    private func parseStatementKind() throws(SyntaxError) -> Statement.Kind {
        switch token.kind {
        case .let, .var: return try parseDeclaration()
        case .fn where peek().kind != .leftParenthesis: return try parseFunctionDeclaration()
        case .recipe: return try parseRecipe(isDefault: false)
        case .import: return try parseImport()
        case .for: return try parseForLoop()
        case .while: return try parseWhile()
        case .return: return try parseReturn()
        case .break:
            advance()
            return .break
        case .continue:
            advance()
            return .continue
        case .fail: return try parseFail()
        case .assert: return try parseAssert()
        case .defer: return try parseDefer()
        case .dollar: return try parseCommandStatement()
        case .else, .catch: throw strayWord()
        case .rightParenthesis, .rightSquare, .rightBrace:
            throw mistake(.strayBracket(token.kind.rawValue))
        case .name: return try parseNameStatement()
        default: return try parseExpressionStatement()
        }
    }

    /// A statement that begins with a name: most often an expression, but also words that are special only here, and
    /// what other languages call things.
    private func parseNameStatement() throws(SyntaxError) -> Statement.Kind {
        let word = tokenText
        switch word {
        case "default":
            let next = peek()
            if next.kind == .recipe, !next.startsLine { return try parseRecipe(isDefault: true) }
            if next.kind == .name, !next.startsLine {
                advance()
                throw unexpected { .defaultWithoutRecipe($0) }
            }
        case "undo":
            let next = peek()
            if !next.startsLine, next.kind == .leftBrace || next.kind == .name { throw strayWord() }
        case "func", "def", "function", "fun":
            let next = peek()
            if next.kind.isWord, !next.startsLine {
                report(.foreignFunction(word), token.range)
                return try parseFunctionDeclaration()
            }
        case "const", "val":
            let next = peek()
            if next.kind.isWord, !next.startsLine {
                report(.foreignDeclaration(word), token.range)
                return try parseDeclaration()
            }
        default: break
        }
        return try parseExpressionStatement()
    }

    // MARK: Declarations and assignments

    private func parseDeclaration() throws(SyntaxError) -> Statement.Kind {
        let isVariable = token.kind == .var
        let word = tokenText
        advance()
        if tokenText == "mut", peek().kind == .name {
            throw mistake(.foreignDeclaration("let mut"))
        }
        let pattern = try parseDeclarationPattern(word)
        let shown =
            switch pattern {
            case .name(let name): "\(word) \(name.text)"
            case .list: "\(word) […]"
            }
        let type = take(.colon) ? try parseType() : nil
        if token.kind == .walrus || token.kind == .equal {
            throw mistake(.expectedToken("=", "after `\(Message.shortened(shown))`", tokenDescription))
        }
        if token.kind == .comma { throw mistake(.declarationPattern("`,`")) }
        guard token.kind == .assign, !isAfterLineEnd else { throw notAfterDeclaration(shown) }
        advance()
        let value = try parseExpression()
        return .declaration(Declaration(isVariable: isVariable, pattern: pattern, type: type, value: value))
    }

    private func notAfterDeclaration(_ shown: String) -> SyntaxError {
        if isAtStatementEnd { return mistake(.missingValue(Message.shortened(shown)), at: previous) }
        if let foreign = foreignInExpression() { return foreign }
        return unexpected { .expectedToken("=", "after `\(Message.shortened(shown))`", $0) }
    }

    private func parseDeclarationPattern(_ word: String) throws(SyntaxError) -> Declaration.Pattern {
        if token.kind == .leftParenthesis || token.kind == .leftBrace {
            throw mistake(.declarationPattern(tokenDescription))
        }
        guard token.kind == .leftSquare, !isAfterLineEnd else { return .name(try parseName("a name after `\(word)`")) }
        let start = token.range.start
        let outer = try open()
        var names: [Name] = []
        repeat {
            if token.kind == .rightSquare, !names.isEmpty { break }
            names.append(try parseName("a name"))
        } while take(.comma)
        try close(outer)
        return .list(names, range(from: start))
    }

    /// An expression; with a sign of assignment behind it, an assignment.
    func parseExpressionStatement() throws(SyntaxError) -> Statement.Kind {
        let place = try parseExpression()
        guard !isAfterLineEnd else { return .expression(place) }
        let operation: BinaryOperator?
        switch token.kind {
        case .assign: operation = nil
        case .addAssign: operation = .add
        case .subtractAssign: operation = .subtract
        case .multiplyAssign: operation = .multiply
        case .divideAssign: operation = .divide
        case .remainderAssign: operation = .remainder
        case .walrus:
            let help = "to declare write `let name = …`, to change `name = …`"
            throw mistake(.foreignOperator(":=", help))
        default: return .expression(place)
        }
        guard place.isPlace else { throw mistake(.invalidAssignment(), at: place.range) }
        let below = height
        advance()
        let value = try parseExpression()
        height = max(height, below)
        return .assignment(place: place, operation: operation, value: value)
    }

    /// The name declared here: not a reserved word.
    func parseName(_ what: String, mayBeOnNextLine: Bool = false) throws(SyntaxError) -> Name {
        let isHere = mayBeOnNextLine || !isAfterLineEnd
        if token.kind.isKeyword, isHere { throw mistake(.reservedWord(tokenText)) }
        guard token.kind == .name, isHere else {
            throw unexpected(mayBeOnNextLine: mayBeOnNextLine) { .expectedName(what, $0) }
        }
        let name = Name(tokenText, token.range)
        advance()
        return name
    }

    /// A value that must stand on this line, behind a word such as `fail`.
    func parseValue() throws(SyntaxError) -> Expression {
        if isAtStatementEnd { throw unexpected { .expectedValue($0) } }
        return try parseExpression()
    }

    // MARK: Loops and the rest

    private func parseForLoop() throws(SyntaxError) -> Statement.Kind {
        advance()
        let (names, sequence) = try parseLoopHead()
        let below = height
        let body = try parseBlock("the sequence of `for`")
        height = max(height, below)
        return .for(ForLoop(names: names, sequence: sequence, body: body))
    }

    /// `x in xs`, `key, value in map`
    func parseLoopHead() throws(SyntaxError) -> ([Name], Expression) {
        if token.kind == .leftParenthesis || token.kind == .leftSquare {
            throw mistake(.loopNeedsBrackets())
        }
        var names = [try parseName("a name after `for`")]
        if take(.comma) { names.append(try parseName("a second name", mayBeOnNextLine: true)) }
        guard token.kind == .in, !isAfterLineEnd else { throw unexpected { .missingIn($0) } }
        advance()
        return (names, try parseHead())
    }

    private func parseWhile() throws(SyntaxError) -> Statement.Kind {
        advance()
        let condition = try parseHead()
        let below = height
        let body = try parseBlock("the condition of `while`")
        height = max(height, below)
        return .while(condition: condition, body: body)
    }

    /// An expression before a block.
    func parseHead() throws(SyntaxError) -> Expression {
        let wasHead = context.isHead
        try enter()
        context.isHead = true
        let expression = try parseValue()
        if token.kind == .assign, !isAfterLineEnd { throw mistake(.assignmentInCondition()) }
        context.isHead = wasHead
        leave()
        return expression
    }

    func parseReturn() throws(SyntaxError) -> Statement.Kind {
        advance()
        let isBare = isAtStatementEnd || token.kind == .comma || token.kind.isCloser
        return .return(isBare ? nil : try parseExpression())
    }

    func parseFail() throws(SyntaxError) -> Statement.Kind {
        advance()
        return .fail(try parseValue())
    }

    private func parseDefer() throws(SyntaxError) -> Statement.Kind {
        advance()
        return .defer(try parseBlock("`defer`"))
    }

    private func parseAssert() throws(SyntaxError) -> Statement.Kind {
        advance()
        let condition = try parseValue()
        if token.kind == .assign, !isAfterLineEnd { throw mistake(.assignmentInCondition()) }
        var tallest = height
        var message: Expression?
        if !isAfterLineEnd, take(.comma) {
            message = try parseExpression()
            tallest = max(tallest, height)
        }
        height = tallest
        return .assert(condition: condition, message: message)
    }

    private func strayWord() -> SyntaxError {
        let word = tokenText
        let opener = word == "else" ? "`if`" : word == "catch" ? "`try`" : "`step`"
        let followsBlock = previous.end > 0 && lexer.bytes[previous.end - 1] == .rightBrace && token.startsLine
        return mistake(followsBlock ? .elseOnNewLine(word) : .strayWord(word, opener))
    }

    // MARK: Two statements on a line

    private func notAtEnd(of first: Token) -> SyntaxError {
        if first.kind == .name, let help = Parser.foreignStatements[text(first)], first.range.end <= previous.end {
            return mistake(.foreignConstruct(text(first), help), at: first.range)
        }
        if token.kind == .assign { return mistake(.assignmentInCondition()) }
        if token.kind == .leftBrace { return mistake(.trailingClosure()) }
        if token.kind.isCloser { return mistake(.strayBracket(token.kind.rawValue)) }
        if token.kind == .else || token.kind == .catch { return strayWord() }
        if let foreign = foreignInExpression() { return foreign }
        var help: String?
        if previous.end == first.range.end, first.kind == .name {
            let isValue = token.kind.isQuote || token.kind == .name || token.kind == .int
            if isValue {
                help = "to call a function write `\(Message.shortened(text(first)))(…)`, to run a command `$ …`"
            }
        }
        return unexpected { .expectedStatementEnd($0, help: help) }
    }

    /// Words that begin a statement elsewhere, and what to write here.
    private static let foreignStatements = [
        "elif": "write `} else if … {` on one line",
        "elsif": "write `} else if … {` on one line",
        "elseif": "write `} else if … {` on one line",
        "unless": "write `if not … { … }`",
        "until": "write `while not … { … }`",
        "foreach": "write `for x in list { … }`",
        "loop": "write `while true { … }`",
        "repeat": "write `while true { … }`",
        "do": "write `while … { … }`, or `try { … }`",
        "switch": "write `match value { \"a\" => …, else => … }`",
        "when": "write `match value { \"a\" => …, else => … }`",
        "case": "write `match value { \"a\" => …, else => … }`",
        "throw": "write `fail \"message\"`",
        "raise": "write `fail \"message\"`",
        "except": "write `} catch err { … }`",
        "finally": "write `defer { … }` before what it follows",
        "echo": "write `print(…)`",
        "export": "for one command write `$ NAME=value program`",
        "class": "values are lists and maps: `{name: value}`",
        "struct": "values are lists and maps: `{name: value}`",
        "use": "write `import \"lib/images.rel\"`",
        "from": "write `import \"lib/images.rel\"`",
        "guard": "write `if not … { … }`",
        "async": "write `parallel { … }`",
        "await": "every call waits; write `parallel { … }` for work side by side",
    ]
}

extension Expression {
    /// True for what can stand on the left of `=`.
    fileprivate var isPlace: Bool {
        switch kind {
        case .name, .index, .invalid: true
        case .member(_, _, let optional): !optional
        default: false
        }
    }
}
