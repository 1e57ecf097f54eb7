extension Checker {
    // MARK: Blocks

    /// Checks a block in a scope of its own; gives the type of its value, `never` where it does not end.
    mutating func check(_ block: Block) -> CheckedType {
        depth += 1
        scopes.append([:])
        let type = checkStatements(block.statements[...], endOf: block.range)
        popScope()
        depth -= 1
        checkedTypes[block.range] = type
        return type
    }

    mutating func popScope() {
        guard let names = scopes.popLast(), !names.isEmpty, flow.hasExpressions else { return }
        for name in names.keys { forgetExpressions(with: name) }
    }

    mutating func checkStatements(_ statements: ArraySlice<Statement>, endOf range: SourceRange) -> CheckedType {
        var last = CheckedType.null
        var reason: String?
        for (index, statement) in zip(statements.indices, statements) {
            if !flow.isReachable, let word = reason {
                flow.isReachable = true
                warn(.unreachableCode(after: word), statement.range)
                flow.isReachable = false
                reason = nil
            }
            let wasReachable = flow.isReachable
            last = check(statement, endOf: range)
            if wasReachable, !flow.isReachable { reason = Checker.exitWord(statement) }
            if index + 1 < statements.endIndex { noteIdle(statement, before: statements[index + 1]) }
        }
        return flow.isReachable ? last : .never
    }

    private static func exitWord(_ statement: Statement) -> String {
        switch statement.kind {
        case .return: "`return` stands before it"
        case .break: "`break` stands before it"
        case .continue: "`continue` stands before it"
        case .fail: "`fail` stands before it"
        case .while: "the loop before it has no end"
        default: "nothing leads past what stands before it"
        }
    }

    // MARK: Statements

    /// `range` is that of the block, in which what a statement declares is known.
    private mutating func check(_ statement: Statement, endOf range: SourceRange) -> CheckedType {
        switch statement.kind {
        case .expression(let expression): return type(of: expression)
        case .declaration(let declaration): check(declaration, SourceRange(statement.range.end, range.end))
        case .function(let declaration): checkNested(declaration)
        case .assignment(let place, let operation, let value):
            checkAssignment(place, operation, value, statement.range)
        case .for(let loop): check(loop, statement.range)
        case .while(let condition, let body): checkWhile(condition, body, statement.range)
        case .return(let value): checkReturn(value, statement.range)
        case .break:
            if !loops.isEmpty, flow.isReachable { loops[loops.count - 1] = true }
            leave(statement.range)
        case .continue: leave(statement.range)
        case .fail(let value):
            let type = type(of: value)
            require(type, value, .union([.str, .plain(.error)], isDeclared: true), "what `fail` is given")
            flow.isReachable = false
        case .assert(let condition, let message):
            let outcomes = self.condition(condition)
            flow = outcomes.whenFalse
            if let message { _ = type(of: message) }
            flow = outcomes.whenTrue
        case .defer(let body): checkDeferred(body, endOf: range)
        case .command(let pipeline): check(pipeline)
        case .recipe, .import, .invalid: break
        }
        return .null
    }

    private mutating func checkReturn(_ value: Expression?, _ range: SourceRange) {
        let type = value.map { self.type(of: $0) } ?? .null
        if flow.isReachable, let frame = frames.last {
            frames[frames.count - 1].results = frame.results.joined(type)
            if let expected = frame.expected {
                if let value {
                    requireResult(type, value, expected, frame.name)
                } else if !type.fits(expected) {
                    let what = "the result of `\(frame.name)`"
                    report(.wrongType(what, expected: expected.description, got: "null", help: "return a value"), range)
                }
            }
        }
        leave(range)
    }

    /// What follows is not reached, unless the statement must not leave where it stands: that has been reported.
    private mutating func leave(_ range: SourceRange) {
        if !isReported(range) { flow.isReachable = false }
    }

    /// The rest of the function may change what the body sees when it runs, and the body what the rest sees after it.
    private mutating func checkDeferred(_ body: Block, endOf range: SourceRange) {
        let before = flow
        forgetChanges(in: SourceRange(body.range.start, range.end))
        _ = check(body)
        flow = before
        forgetChanges(in: body.range)
    }
}

extension Block {
    /// The expression whose value is that of the block.
    var lastExpression: Expression? {
        if case .expression(let expression)? = statements.last?.kind { expression } else { nil }
    }
}
