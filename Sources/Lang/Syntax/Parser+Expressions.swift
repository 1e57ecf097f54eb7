extension Parser {
    /// How tightly operators bind, loosest first.
    enum Precedence: Int, Comparable {
        case coalesce, or, and, not, comparison, range, sum, product, unary

        static func < (a: Precedence, b: Precedence) -> Bool { a.rawValue < b.rawValue }
        var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }
    }

    /// The whole table of binary operators.
    private static func binary(_ kind: Token.Kind) -> (BinaryOperator, Precedence)? {
        switch kind {
        case .coalesce: (.coalesce, .coalesce)
        case .or: (.or, .or)
        case .and: (.and, .and)
        case .equal: (.equal, .comparison)
        case .notEqual: (.notEqual, .comparison)
        case .less: (.less, .comparison)
        case .lessOrEqual: (.lessOrEqual, .comparison)
        case .greater: (.greater, .comparison)
        case .greaterOrEqual: (.greaterOrEqual, .comparison)
        case .in: (.in, .comparison)
        case .closedRange: (.closedRange, .range)
        case .halfOpenRange: (.halfOpenRange, .range)
        case .plus: (.add, .sum)
        case .minus: (.subtract, .sum)
        case .star: (.multiply, .product)
        case .slash: (.divide, .product)
        case .percent: (.remainder, .product)
        default: nil
        }
    }

    func parseExpression(_ minimum: Precedence = .coalesce) throws(SyntaxError) -> Expression {
        try enter()
        let start = token.range.start
        var left = try parsePrefix(minimum)
        while let (operation, precedence) = try binaryAhead(), precedence >= minimum {
            let below = height
            if operation == .notIn { advance() }
            advance()
            let right = try parseExpression(precedence.tighter)
            try grow(max(below, height))
            left = Expression(range: range(from: start), kind: .binary(operation, left, right))
            try expectNoChain(after: left, precedence)
        }
        leave()
        return left
    }

    private func binaryAhead() throws(SyntaxError) -> (BinaryOperator, Precedence)? {
        if isAfterLineEnd { return nil }
        switch token.kind {
        case .not where peek().kind == .in: return (.notIn, .comparison)
        case .andAnd:
            report(.foreignOperator("&&", "write `and`"), token.range)
            return (.and, .and)
        case .orOr:
            report(.foreignOperator("||", "write `or`"), token.range)
            return (.or, .or)
        case .tripleEqual:
            report(.foreignOperator("===", "write `==`"), token.range)
            return (.equal, .comparison)
        case .notTripleEqual:
            report(.foreignOperator("!==", "write `!=`"), token.range)
            return (.notEqual, .comparison)
        default: return Parser.binary(token.kind)
        }
    }

    /// `a < b < c` and `1..2..3` would not mean what they look like.
    private func expectNoChain(after left: Expression, _ precedence: Precedence) throws(SyntaxError) {
        guard precedence == .comparison || precedence == .range, let (next, second) = try binaryAhead(),
            second == precedence
        else { return }
        if precedence == .range { throw mistake(.chainedRange()) }
        let place = token.range
        guard case .binary(let first, let a, let b) = left.kind else { return }
        if next == .notIn { advance() }
        advance()
        let c = try parseExpression(precedence.tighter)
        let (from, middle, to) = (file.text(a.range), file.text(b.range), file.text(c.range))
        let isShort = from.utf8.count + 2 * middle.utf8.count + to.utf8.count < 60
        let help =
            isShort
            ? "\(from) \(first.rawValue) \(middle) and \(middle) \(next.rawValue) \(to)" : "a < b and b < c"
        throw mistake(.chainedComparison("write `\(help)`"), at: place)
    }

    // MARK: Prefixes

    private func parsePrefix(_ minimum: Precedence) throws(SyntaxError) -> Expression {
        switch token.kind {
        case .not:
            if minimum > .not { throw mistake(.notNeedsParentheses()) }
            return try parseUnary(.not, .not)
        case .bang:
            report(.foreignOperator("!", "write `not`"), token.range)
            return try parseUnary(.not, .unary)
        case .minus: return try parseNegation()
        case .plus: throw mistake(.foreignOperator("+", "a positive number is written without a sign"))
        default: return try parsePostfix()
        }
    }

    private func parseUnary(
        _ operation: UnaryOperator, _ precedence: Precedence
    ) throws(SyntaxError) -> Expression {
        let start = token.range.start
        try enter()
        advance()
        let operand = try parseExpression(precedence)
        leave()
        try grow(height)
        return Expression(range: range(from: start), kind: .unary(operation, operand))
    }

    /// `-x`. The smallest Int is a literal of its own, because without its sign it would be too large.
    private func parseNegation() throws(SyntaxError) -> Expression {
        let start = token.range.start
        let number = peek()
        guard number.kind == .int, Lexer.magnitude(text(number)) == UInt64(Int.max) + 1 else {
            return try parseUnary(.negate, .unary)
        }
        advance()
        advance()
        if !token.startsLine, token.kind == .dot || token.kind == .leftSquare || token.kind == .leftParenthesis {
            throw mistake(.integerTooLarge(text(number)), at: number.range)
        }
        height = 1
        return Expression(range: range(from: start), kind: .int(Int.min))
    }

    // MARK: Calls, indexes, members

    private func parsePostfix() throws(SyntaxError) -> Expression {
        let start = token.range.start
        var base = try parsePrimary()
        while true {
            switch token.kind {
            case .dot, .optionalDot:
                guard isMemberAhead else { return base }
                base = try parseMember(of: base, start)
            case .leftParenthesis where !token.startsLine:
                base = try parseCall(of: base, start)
            case .leftSquare where !token.startsLine:
                base = try parseIndex(of: base, start)
            default: return base
            }
        }
    }

    /// On a line of its own a `.` goes on only with a name directly behind it.
    private var isMemberAhead: Bool { !token.startsLine || lexer.byte(lexer.position).isNameStart }

    private func parseMember(of base: Expression, _ start: Int) throws(SyntaxError) -> Expression {
        let below = height
        let isOptional = token.kind == .optionalDot
        advance()
        let name = try parseMemberName()
        try grow(below)
        return Expression(range: range(from: start), kind: .member(base, name, optional: isOptional))
    }

    /// Any word is a name here. Where none stands the tree gets an empty one, so that an editor can complete it.
    private func parseMemberName() throws(SyntaxError) -> Name {
        if token.kind.isWord, !token.startsLine {
            let name = Name(tokenText, token.range)
            advance()
            return name
        }
        if token.kind == .int, !token.startsLine {
            throw mistake(.positionalMember(tokenText))
        }
        let place = SourceRange(previous.end, previous.end)
        let isAtEnd = token.startsLine && token.kind != .endOfFile
        let error = unexpected { .expectedName("a name after `.`", isAtEnd ? "the end of the line" : $0) }
        guard token.kind == .endOfFile || isAtStatementEnd || isAtEnd else { throw error }
        report(SyntaxError(error.message, token.kind == .endOfFile && brackets.isEmpty ? place : error.range))
        return Name("", place)
    }

    private func parseIndex(of base: Expression, _ start: Int) throws(SyntaxError) -> Expression {
        let below = height
        let outer = try open()
        let index = try parseExpression()
        try close(outer, afterList: false)
        try grow(max(below, height))
        return Expression(range: range(from: start), kind: .index(base, index))
    }

    private func parseCall(of base: Expression, _ start: Int) throws(SyntaxError) -> Expression {
        let below = height
        let (arguments, passesOn) = try parseArguments()
        try grow(max(below, height))
        let call = Call(callee: base, arguments: arguments, passesOn: passesOn)
        return Expression(range: range(from: start), kind: .call(call))
    }

    /// `(a, name: b, ...)`
    func parseArguments() throws(SyntaxError) -> ([Argument], passesOn: SourceRange?) {
        var arguments: [Argument] = []
        var passesOn: SourceRange?
        var tallest = 0
        let outer = try open()
        while token.kind != .rightParenthesis {
            if token.kind == .ellipsis {
                passesOn = token.range
                advance()
            } else {
                arguments.append(try parseArgument())
                tallest = max(tallest, height)
            }
            if !take(.comma) { break }
        }
        try close(outer)
        height = tallest
        return (arguments, passesOn)
    }

    private func parseArgument() throws(SyntaxError) -> Argument {
        var label: Name?
        if token.kind.isWord, peek().kind == .colon {
            label = Name(tokenText, token.range)
            advance()
            advance()
        }
        let value = try parseExpression()
        if token.kind == .assign, label == nil, case .name(let name) = value.kind {
            throw mistake(.namedArgumentSign(Message.shortened(name)))
        }
        return Argument(label: label, value: value)
    }

    // MARK: What belongs to other languages

    /// For a token that cannot go on an expression: what it would have been elsewhere.
    func foreignInExpression() -> SyntaxError? {
        if isAfterLineEnd { return nil }
        let help: String
        switch token.kind {
        case .question:
            let isIndex = lexer.byte(lexer.position) == UInt8(ascii: "[") && previous.end == token.range.start
            return mistake(isIndex ? .optionalIndex() : .ternary())
        case .increment, .decrement: help = "write `x \(token.kind == .increment ? "+" : "-")= 1`"
        case .power: help = "multiply: `x * x`"
        case .bang: help = "for a value that may be null write `x ?? other`"
        case .tripleEqual: help = "write `==`"
        case .bar: help = "the logical operator is `or`; a pipe of programs is `$ a | b`"
        case .dollar: return mistake(.commandNotAtStart())
        case .arrow: help = "a closure is written `fn(x) => …`"
        case .assign: return mistake(.assignmentInCondition())
        default: return nil
        }
        return mistake(.foreignOperator(token.kind.rawValue, help))
    }
}
