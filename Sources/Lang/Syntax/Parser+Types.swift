extension Parser {
    /// `Str`, `Str?`, `[Str]`, `{Str: Int}`, `"dev" | "prod"`
    func parseType() throws(SyntaxError) -> TypeExpression {
        let start = token.range.start
        var members = [try parseSingleType()]
        while token.kind == .bar, !isAfterLineEnd {
            advance()
            members.append(try parseSingleType(mayBeOnNextLine: true))
        }
        guard members.count > 1 else { return members[0] }
        return TypeExpression(range: range(from: start), kind: .union(members))
    }

    /// A type without `|` around it.
    func parseSingleType(mayBeOnNextLine: Bool = false) throws(SyntaxError) -> TypeExpression {
        if isAfterLineEnd, !mayBeOnNextLine { throw unexpected { .expectedType($0) } }
        try enter()
        let start = token.range.start
        let type = try parseBareType()
        leave()
        guard token.kind == .question, !token.startsLine else { return type }
        advance()
        return TypeExpression(range: range(from: start), kind: .optional(type))
    }

    private func parseBareType() throws(SyntaxError) -> TypeExpression {
        let start = token.range.start
        switch token.kind {
        case .name: return try parseTypeName()
        case .quote, .rawQuote, .tripleQuote:
            let text = try parsePlainString("a type")
            return TypeExpression(range: range(from: start), kind: .literal(text))
        case .leftSquare:
            let outer = try open()
            let element = try parseType()
            try close(outer, afterList: false)
            return TypeExpression(range: range(from: start), kind: .list(element))
        case .leftBrace:
            let outer = try open()
            let key = try parseType()
            guard take(.colon) else {
                throw unexpected { .expectedToken(":", "in the type of a map", $0, help: "write `{Str: Int}`") }
            }
            let value = try parseType()
            try close(outer, afterList: false)
            return TypeExpression(range: range(from: start), kind: .map(key, value))
        case .leftParenthesis:
            let outer = try open()
            let inner = try parseType()
            try close(outer, afterList: false)
            return TypeExpression(range: range(from: start), kind: inner.kind)
        case .null:
            throw mistake(.expectedType("`null`", help: "a type that may be null is written `Str?`, or `A | B | Null`"))
        default: throw unexpected(mayBeOnNextLine: true) { .expectedType($0) }
        }
    }

    private func parseTypeName() throws(SyntaxError) -> TypeExpression {
        let name = tokenText
        let range = token.range
        advance()
        if token.kind == .less || token.kind == .leftSquare, token.range.start == range.end {
            throw SyntaxError(.genericType(name), SourceRange(range.start, token.range.end))
        }
        return TypeExpression(range: range, kind: .name(name))
    }
}
