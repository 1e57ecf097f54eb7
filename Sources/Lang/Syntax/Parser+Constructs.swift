extension Parser {
    // MARK: Conditions

    func parseConditional() throws(SyntaxError) -> Expression {
        let start = token.range.start
        var arms: [ConditionalArm] = []
        var otherwise: Block?
        var tallest = 0
        advance()
        while true {
            let condition = try parseHead()
            tallest = max(tallest, height)
            let body = try parseBlock("the condition of `if`")
            tallest = max(tallest, height)
            arms.append(ConditionalArm(condition: condition, body: body))
            if takeElseIf() { continue }
            guard !token.startsLine, take(.else) else { break }
            if take(.if) { continue }
            otherwise = try parseBlock("`else`")
            tallest = max(tallest, height)
            break
        }
        try grow(tallest)
        return Expression(range: range(from: start), kind: .conditional(arms, otherwise: otherwise))
    }

    /// What other languages write for `else if`.
    private func takeElseIf() -> Bool {
        guard token.kind == .name, !token.startsLine, ["elif", "elsif", "elseif"].contains(tokenText) else {
            return false
        }
        report(.elseIfSpelling(tokenText), token.range)
        advance()
        return true
    }

    // MARK: Match

    func parseMatch() throws(SyntaxError) -> Expression {
        let start = token.range.start
        advance()
        let value = try parseHead()
        var tallest = height
        try expectBrace(after: "the value of `match`")
        let outer = try open(ignoringNewlines: false)
        context.isInBlock = true
        var arms: [MatchArm] = []
        while token.kind != .rightBrace {
            arms.append(try parseArm())
            tallest = max(tallest, height)
            if take(.comma) || token.kind == .rightBrace { continue }
            guard token.startsLine, token.kind != .endOfFile else { break }
        }
        if token.kind != .rightBrace, token.kind != .endOfFile {
            throw foreignInExpression() ?? unexpected { .expectedArmEnd($0) }
        }
        try close(outer)
        try grow(tallest)
        return Expression(range: range(from: start), kind: .match(value, arms))
    }

    private func parseArm() throws(SyntaxError) -> MatchArm {
        let start = token.range.start
        var patterns: [MatchArm.Pattern] = []
        if token.kind == .else {
            advance()
        } else {
            repeat { patterns.append(try parsePattern()) } while take(.bar)
        }
        guard take(.doubleArrow) else {
            let help = token.kind == .arrow || token.kind == .colon ? "write `pattern => value`" : nil
            throw unexpected { .expectedToken("=>", "after the pattern", $0, help: help) }
        }
        let body = try parseBodyAfterArrow()
        return MatchArm(patterns: patterns, body: body, range: range(from: start))
    }

    private func parsePattern() throws(SyntaxError) -> MatchArm.Pattern {
        let start = token.range.start
        if let literal = try parsePatternLiteral() {
            guard token.kind == .closedRange || token.kind == .halfOpenRange, !isAfterLineEnd else {
                return MatchArm.Pattern(range: literal.range, kind: .literal(literal))
            }
            let inclusive = token.kind == .closedRange
            advance()
            guard let end = try parsePatternLiteral() else {
                throw unexpected(mayBeOnNextLine: true) {
                    .expectedPattern($0, help: "a range in a pattern ends with a literal")
                }
            }
            return MatchArm.Pattern(range: range(from: start), kind: .range(literal, end, inclusive: inclusive))
        }
        if token.kind == .name, let help = patternHelp() {
            throw mistake(.expectedPattern(tokenDescription, help: help))
        }
        guard token.kind == .name || token.kind == .leftSquare || token.kind == .leftBrace else {
            throw unexpected(mayBeOnNextLine: true) { .expectedPattern($0, help: nil) }
        }
        let type = try parseSingleType(mayBeOnNextLine: true)
        return MatchArm.Pattern(range: type.range, kind: .type(type))
    }

    /// A name that is no type: what was meant.
    private func patternHelp() -> String? {
        let name = tokenText
        if name == "_" || name == "default" || name == "otherwise" { return "for all other values write `else => …`" }
        if name == "case" { return "an arm is written without `case`: `\"a\" => …`" }
        guard name.utf8.first.map({ $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }) == true else { return nil }
        return "types begin with a capital; to compare with a variable use `if`"
    }

    private func parsePatternLiteral() throws(SyntaxError) -> Expression? {
        let start = token.range.start
        switch token.kind {
        case .null, .true, .false: return try parsePrimary()
        case .int, .float, .version, .duration, .size: return try parseNumber()
        case .quote, .rawQuote, .tripleQuote:
            let text = try parsePlainString("a pattern")
            return Expression(range: range(from: start), kind: .string(text))
        case .minus:
            let next = peek()
            guard next.kind == .int || next.kind == .float else { return nil }
            return try parseNegativeLiteral(start)
        default: return nil
        }
    }

    /// `-5` in a pattern is one literal.
    private func parseNegativeLiteral(_ start: Int) throws(SyntaxError) -> Expression {
        advance()
        let text = tokenText
        let kind = token.kind
        advance()
        let range = range(from: start)
        if kind == .float { return Expression(range: range, kind: .float(-(Lexer.float(text) ?? 0))) }
        let magnitude = Lexer.magnitude(text) ?? 0
        let value = Int(exactly: magnitude).map { -$0 } ?? Int.min
        return Expression(range: range, kind: .int(value))
    }

    // MARK: Errors

    func parseTry() throws(SyntaxError) -> Expression {
        let start = token.range.start
        advance()
        guard token.kind == .leftBrace else { throw mistake(.tryWithoutBlock(), at: previous) }
        let body = try parseBlock("`try`")
        let below = height
        guard !token.startsLine, take(.catch) else {
            if token.kind == .catch { throw mistake(.elseOnNewLine("catch")) }
            throw SyntaxError(.missingCatch(), SourceRange(start, start + 3))
        }
        var name: Name?
        if token.kind != .leftBrace {
            if token.kind == .leftParenthesis, !isAfterLineEnd {
                throw SyntaxError(
                    .expectedName("a name after `catch`", "`(`", help: "write `catch err { … }`"), token.range)
            }
            name = try parseName("a name or `{` after `catch`")
        }
        let handler = try parseBlock("`catch`")
        try grow(max(below, height))
        return Expression(range: range(from: start), kind: .tryCatch(body, name: name, handler: handler))
    }

    // MARK: Release constructs

    func parseStep() throws(SyntaxError) -> Expression {
        let start = token.range.start
        let title = try parseTitle()
        var tallest = height
        let body = try parseBlock("the title of `step`")
        tallest = max(tallest, height)
        let undo = try parseUndo()
        try grow(max(tallest, undo == nil ? 0 : height))
        let step = Step(title: title, body: body, undo: undo)
        return Expression(range: range(from: start), kind: .step(step))
    }

    /// `undo` is a word of the language only here.
    private func parseUndo() throws(SyntaxError) -> Step.Undo? {
        guard token.kind == .name, !token.startsLine, tokenText == "undo" else { return nil }
        advance()
        let name = token.kind == .leftBrace ? nil : try parseName("a name or `{` after `undo`")
        return Step.Undo(name: name, body: try parseBlock("`undo`"))
    }

    private func parseTitle() throws(SyntaxError) -> Expression {
        let word = tokenText
        advance()
        if token.kind == .leftBrace || isAtStatementEnd { throw mistake(.missingStepTitle(word), at: previous) }
        return try parseHead()
    }

    func parseTransaction() throws(SyntaxError) -> Expression {
        let start = token.range.start
        let title = try parseTitle()
        let below = height
        let body = try parseBlock("the title of `transaction`")
        try grow(max(below, height))
        return Expression(range: range(from: start), kind: .transaction(title: title, body: body))
    }

    func parseParallel() throws(SyntaxError) -> Expression {
        let start = token.range.start
        let example = "parallel(limit: 4) { … }"
        advance()
        var tallest = 0
        var limit: Expression?
        if token.kind == .leftParenthesis, !token.startsLine {
            let labelled = try parseLabelled("parallel", ["limit"], example)
            tallest = height
            limit = labelled["limit"]
        }
        let kind: Expression.Kind
        if take(.for) {
            let (names, sequence) = try parseLoopHead()
            tallest = max(tallest, height)
            let body = try parseBlock("the sequence of `parallel for`")
            kind = .parallelFor(limit: limit, names: names, sequence: sequence, body: body)
        } else {
            kind = .parallel(limit: limit, branches: try parseBlock("`parallel`").statements)
        }
        try grow(max(tallest, height))
        return Expression(range: range(from: start), kind: kind)
    }

    func parseRetry() throws(SyntaxError) -> Expression {
        let start = token.range.start
        let example = "retry(3, every: 2s) { … }"
        advance()
        let arguments = try parseLabelled("retry", ["", "every"], example)
        let below = height
        guard let attempts = arguments[""] else { throw mistake(.missingArguments("retry", example), at: previous) }
        let body = try parseBlock("the arguments of `retry`")
        try grow(max(below, height))
        let retry = Retry(attempts: attempts, every: arguments["every"], body: body)
        return Expression(range: range(from: start), kind: .retry(retry))
    }

    func parseTimeout() throws(SyntaxError) -> Expression {
        let start = token.range.start
        let example = "timeout(10m) { … }"
        advance()
        let arguments = try parseLabelled("timeout", [""], example)
        let below = height
        guard let duration = arguments[""] else { throw mistake(.missingArguments("timeout", example), at: previous) }
        let body = try parseBlock("the time of `timeout`")
        try grow(max(below, height))
        return Expression(range: range(from: start), kind: .timeout(duration, body))
    }

    /// The arguments of a construct by label; `""` is the one without. Each may stand once.
    private func parseLabelled(
        _ word: String, _ labels: [String], _ example: String
    ) throws(SyntaxError) -> [String: Expression] {
        guard token.kind == .leftParenthesis, !isAfterLineEnd else {
            throw mistake(.missingArguments(word, example), at: previous)
        }
        var values: [String: Expression] = [:]
        for argument in try parseArguments().0 {
            let label = argument.label?.text ?? ""
            guard labels.contains(label), values[label] == nil else {
                let range = argument.label?.range ?? argument.value.range
                let shown = label.isEmpty ? file.text(range) : label
                throw SyntaxError(.unknownLabel(Message.shortened(shown), word, example), range)
            }
            values[label] = argument.value
        }
        return values
    }
}
