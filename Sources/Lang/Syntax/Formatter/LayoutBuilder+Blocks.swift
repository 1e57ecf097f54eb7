extension LayoutBuilder {
    /// `if`, `match`, `step` and their like.
    mutating func addConstruct(_ expression: Expression) {
        take()
        switch expression.kind {
        case .conditional(let arms, let otherwise): addConditional(arms, otherwise)
        case .match(let value, let arms):
            addHead(value)
            add(arms)
        case .tryCatch(let body, _, let handler): addBlocks([body, handler])
        case .step(let step):
            addHead(step.title)
            addBlocks([step.body] + (step.undo.map { [$0.body] } ?? []))
        case .transaction(let title, let body):
            addHead(title)
            addBody(body.statements)
        case .parallel(let limit, let branches):
            addOptions([limit])
            addBody(branches)
        case .parallelFor(let limit, let names, let sequence, let body):
            addOptions([limit])
            layout.add(.space)
            take()
            layout.add(.space)
            addLoopHead(names, sequence)
            addBody(body.statements)
        case .retry(let retry):
            addOptions([retry.attempts, retry.every])
            addBody(retry.body.statements)
        case .timeout(let time, let body):
            addOptions([time])
            addBody(body.statements)
        default: break
        }
    }

    /// What stands in parentheses behind the word of a construct, where anything does.
    private mutating func addOptions(_ values: [Expression?]) {
        guard token.kind == .leftParenthesis else { return }
        addArguments(values.compactMap { $0 }.sorted { $0.range.start < $1.range.start })
    }

    /// What stands between a word and its block.
    mutating func addHead(_ expression: Expression) {
        layout.add(.space)
        let outer = continuation
        continuation = 2
        add(expression)
        continuation = outer
    }

    private mutating func addConditional(_ arms: [ConditionalArm], _ otherwise: Block?) {
        let group = layout.begin(.body)
        for (number, arm) in arms.enumerated() {
            if number > 0 {
                layout.add(.space)
                takeWords(2)
            }
            addHead(arm.condition)
            layout.add(.space)
            addBlock(arm.body.statements, group)
        }
        if let otherwise {
            takeSpaced()
            addBlock(otherwise.statements, group)
        }
        layout.end()
    }

    /// Blocks with words before all but the first: `{ … } catch err { … }`. All are on one line, or none.
    private mutating func addBlocks(_ blocks: [Block]) {
        let group = layout.begin(.body)
        for (number, block) in blocks.enumerated() {
            layout.add(.space)
            if number > 0 {
                takeSpaced()
                if token.kind != .leftBrace {
                    take()
                    layout.add(.space)
                }
            }
            addBlock(block.statements, group)
        }
        layout.end()
    }

    mutating func addBody(_ statements: [Statement], spaced: Bool = true) {
        if spaced { layout.add(.space) }
        let group = layout.begin(.body)
        addBlock(statements, group)
        layout.end()
    }

    /// A block stays on one line if the writer had it so, it fits and holds at most one statement.
    private mutating func addBlock(_ statements: [Statement], _ group: Int) {
        let outer = continuation
        continuation = 1
        braces.append(true)
        defer {
            continuation = outer
            braces.removeLast()
        }
        let line = token.line
        // `=> {}` would be a map: there the semicolon stays that makes it an empty block.
        let needsSemicolon = statements.isEmpty && position > 0 && tokens[position - 1].kind == .doubleArrow
        take()
        while !needsSemicolon, token.kind == .semicolon, drop() {}
        if token.kind == .rightBrace, token.leading.isEmpty, pendingComment == nil { return take() }
        layout.add(.indent(group))
        addBreak(group, blank: true)
        if needsSemicolon {
            beginItem(isFirst: true)
            take()
        }
        addStatements(statements)
        addClosingComments()
        if token.line != line || statements.count > 1 || wouldEndInCommand { layout.force() }
        layout.add(.dedent(group))
        addBreak(group, blank: true)
        take()
    }

    /// True before a `}` that on the line of a command would be a word of it, because of what will touch it.
    private var wouldEndInCommand: Bool {
        guard tokens[..<position].last(where: { $0.kind != .semicolon })?.kind == .dollar else { return false }
        switch following.kind {
        case .dot, .optionalDot, .leftParenthesis, .leftSquare, .closedRange, .halfOpenRange: return true
        case .rightBrace: return braces.dropLast().last == false
        default: return false
        }
    }

    // MARK: Match

    private mutating func add(_ arms: [MatchArm]) {
        layout.add(.space)
        let outer = continuation
        continuation = 1
        braces.append(true)
        defer {
            continuation = outer
            braces.removeLast()
        }
        let group = layout.begin(.body)
        defer { layout.end() }
        take()
        if token.kind == .rightBrace, token.leading.isEmpty, pendingComment == nil { return take() }
        layout.force()
        layout.add(.indent(group))
        for (number, arm) in arms.enumerated() {
            addBreak(group, blank: true)
            beginItem(isFirst: number == 0)
            if arm.patterns.isEmpty { take() } else { addAlternatives(arm.patterns) { $0.add($1) } }
            addArrowBody(arm.body)
            if token.kind == .comma, !drop() { takeComma() }
        }
        addClosingComments()
        layout.add(.dedent(group))
        addBreak(group, blank: true)
        take()
    }

    private mutating func add(_ pattern: MatchArm.Pattern) {
        switch pattern.kind {
        case .literal: addLiteral()
        case .range:
            addLiteral()
            take()
            addLiteral()
        case .type(let type): add(type)
        }
    }
}
