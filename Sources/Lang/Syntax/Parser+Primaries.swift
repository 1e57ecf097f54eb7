extension Parser {
    /// What an expression is made of: literals, names, brackets and the constructs that begin with a word.
    func parsePrimary() throws(SyntaxError) -> Expression {
        height = 1
        switch token.kind {
        case .name: return try parseNameOrForeign()
        case .int, .float, .version, .duration, .size: return try parseNumber()
        case .quote, .tripleQuote, .rawQuote: return try parseStringExpression()
        case .true, .false, .null: return parseConstant()
        case .leftParenthesis: return try parseParentheses()
        case .leftSquare: return try parseList()
        case .leftBrace: return try parseMap()
        default: return try parseConstruct()
        }
    }

    private func parseConstruct() throws(SyntaxError) -> Expression {
        try enter()
        defer { leave() }
        switch token.kind {
        case .capture: return try parseCapture()
        case .fn: return try parseClosure()
        case .if: return try parseConditional()
        case .match: return try parseMatch()
        case .try: return try parseTry()
        case .step: return try parseStep()
        case .transaction: return try parseTransaction()
        case .parallel: return try parseParallel()
        case .retry: return try parseRetry()
        case .timeout: return try parseTimeout()
        default: throw noValue()
        }
    }

    /// Nothing that stands here can begin a value.
    private func noValue() -> SyntaxError {
        switch token.kind {
        case .let, .var, .return, .for, .while, .break, .continue, .defer, .fail, .assert, .import, .recipe:
            if !token.startsLine { return mistake(.misplacedStatement(tokenText)) }
        case .dollar:
            return lexer.byte(lexer.position).isBlank
                ? mistake(.commandNotAtStart()) : commandNeedsBlank()
        case .dot where lexer.byte(lexer.position).isNameStart:
            let help = "a member follows its value: `value.name`"
            return mistake(.expectedValue("`.`", help: help))
        case .ellipsis:
            let help = "`...` stands alone in the call of a recipe: `dev.release(...)`"
            return mistake(.expectedValue("`...`", help: help))
        case .increment, .decrement:
            return SyntaxError(
                .foreignOperator(token.kind.rawValue, "write `x += 1` on a line of its own"), token.range)
        default: break
        }
        let isAtEnd = token.kind == .endOfFile
        return unexpected(mayBeOnNextLine: true) { .expectedValue($0, isIncomplete: isAtEnd) }
    }

    // MARK: Literals

    private func parseConstant() -> Expression {
        let kind: Expression.Kind = token.kind == .null ? .null : .bool(token.kind == .true)
        let range = token.range
        advance()
        return Expression(range: range, kind: kind)
    }

    private func parseNameOrForeign() throws(SyntaxError) -> Expression {
        let name = tokenText
        let range = token.range
        advance()
        if "NnTFu".utf8.contains(lexer.bytes[range.start]), let (kind, spelling) = Parser.foreignConstants[name] {
            report(.foreignConstant(name, spelling), range)
            return Expression(range: range, kind: kind)
        }
        return Expression(range: range, kind: .name(name))
    }

    private static let foreignConstants: [String: (Expression.Kind, String)] = [
        "None": (.null, "null"), "nil": (.null, "null"), "NULL": (.null, "null"), "Null": (.null, "null"),
        "undefined": (.null, "null"), "True": (.bool(true), "true"), "TRUE": (.bool(true), "true"),
        "False": (.bool(false), "false"), "FALSE": (.bool(false), "false"),
    ]

    /// The number in hand, which the lexer found to be well formed.
    func parseNumber() throws(SyntaxError) -> Expression {
        let text = tokenText
        let range = token.range
        guard let kind = numberKind(token.kind, text) else { throw SyntaxError(.integerTooLarge(text), range) }
        advance()
        return Expression(range: range, kind: kind)
    }

    private func numberKind(_ kind: Token.Kind, _ text: String) -> Expression.Kind? {
        let plain = Lexer.withoutUnderscores(text)
        return switch kind {
        case .int: Lexer.magnitude(text).flatMap { Int(exactly: $0) }.map { .int($0) }
        case .float: Lexer.float(text).map { .float($0) }
        case .version: (try? Version(parsing: text)).map { .version($0) }
        case .duration: (try? Duration(parsing: plain)).map { .duration($0) }
        default: (try? Size(parsing: plain)).map { .size($0) }
        }
    }

    private func parseStringExpression() throws(SyntaxError) -> Expression {
        let start = token.range.start
        let segments = try parseString()
        let kind: Expression.Kind = segments.plainText.map { .string($0) } ?? .interpolation(segments)
        return Expression(range: range(from: start), kind: kind)
    }

    // MARK: Brackets

    private func parseParentheses() throws(SyntaxError) -> Expression {
        let start = token.range.start
        let outer = try open()
        let inner = try parseExpression()
        if token.kind == .comma { throw mistake(.tuple()) }
        try close(outer, afterList: false)
        return Expression(range: range(from: start), kind: inner.kind)
    }

    private func parseList() throws(SyntaxError) -> Expression {
        let start = token.range.start
        var elements: [Expression] = []
        var tallest = 0
        let outer = try open()
        while token.kind != .rightSquare {
            elements.append(try parseExpression())
            tallest = max(tallest, height)
            if !take(.comma) { break }
        }
        try close(outer)
        try grow(tallest)
        return Expression(range: range(from: start), kind: .list(elements))
    }

    private func parseMap() throws(SyntaxError) -> Expression {
        if context.isHead, !isMapAhead() { throw mistake(.mapInHead()) }
        let start = token.range.start
        let opening = token.range
        var entries: [MapEntry] = []
        var tallest = 0
        let outer = try open()
        while token.kind != .rightBrace {
            entries.append(try parseMapEntry(opening, isFirst: entries.isEmpty))
            tallest = max(tallest, height)
            if !take(.comma) { break }
        }
        try close(outer)
        try grow(tallest)
        return Expression(range: range(from: start), kind: .map(entries))
    }

    private func parseMapEntry(_ opening: SourceRange, isFirst: Bool) throws(SyntaxError) -> MapEntry {
        let first = token
        let key: String
        if token.kind.isQuote {
            key = try parsePlainString("the key of a map")
        } else if token.kind.isWord {
            key = tokenText
            advance()
        } else if token.kind == .dollar {
            throw bareBlock(opening)
        } else {
            throw unexpected(mayBeOnNextLine: true) { .mapKey($0) }
        }
        let keyRange = range(from: first.range.start)
        guard take(.colon) else {
            if isFirst, token.kind != .endOfFile, token.kind != .comma, token.kind != .rightBrace,
                token.kind != .assign, token.kind != .invalid
            {
                throw bareBlock(opening)
            }
            let help = token.kind == .assign ? "write `{name: value}`" : "write `{\(Message.shortened(key)): …}`"
            throw unexpected(mayBeOnNextLine: true) { .expectedToken(":", "after the key of a map", $0, help: help) }
        }
        let value = try parseExpression()
        return MapEntry(key: key, keyRange: keyRange, value: value)
    }

    /// What follows `{` are statements; they are skipped as such.
    private func bareBlock(_ opening: SourceRange) -> SyntaxError {
        if let last = brackets.indices.last { brackets[last].isBlock = true }
        return mistake(.bareBlock(), at: opening)
    }
}
