extension LayoutBuilder {
    mutating func add(_ expression: Expression) {
        addComments()
        let parentheses = takeParentheses(beforeChildAt: expression.firstChild?.range.start)
        switch expression.kind {
        case .list(let elements): addBracketed(elements, layoutKind) { $0.add($1) }
        case .map(let entries): addMap(entries)
        case .unary(let operation, let operand): addUnary(operation, operand)
        case .binary(let operation, let left, let right): addBinary(operation, left, right)
        case .member, .index, .call: addPostfix(expression)
        case .closure(let function):
            take()
            addFunction(function)
        case .null, .bool, .float, .int, .string, .version, .duration, .size, .interpolation, .name, .capture, .invalid:
            addLiteral()
        default: addConstruct(expression)
        }
        for _ in 0..<parentheses { take() }
    }

    private var layoutKind: Layout.Group.Kind { isOnlyArgument ? .body : .plain }

    /// One token, or a number with its sign.
    mutating func addLiteral() {
        if token.kind == .minus { take() }
        take()
    }

    private mutating func addMap(_ entries: [MapEntry]) {
        braces.append(false)
        addBracketed(entries, layoutKind) { builder, entry in
            builder.takeLabel()
            builder.add(entry.value)
        }
        braces.removeLast()
    }

    /// `name: `
    private mutating func takeLabel() {
        take()
        take()
        layout.add(.space)
    }

    // MARK: Operators

    private mutating func addUnary(_ operation: UnaryOperator, _ operand: Expression) {
        take()
        // `--` would be one sign.
        if operation == .not || token.kind == .minus { layout.add(.space) }
        add(operand)
    }

    /// Operators of the same strength are broken together, each behind its sign.
    private mutating func addBinary(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) {
        if operation.isRange { return addRange(left, right) }
        var operands = [right]
        var first = left
        while case .binary(let inner, let a, let b) = first.kind, inner.strength == operation.strength,
            !first.isParenthesised
        {
            operands.append(b)
            first = a
        }
        let group = layout.begin()
        let depth = continuation
        add(first)
        for _ in 0..<depth { layout.add(.indent(group)) }
        for (number, operand) in operands.reversed().enumerated() {
            let isTail = number == operands.count - 1 && operand.isBlockLike
            layout.add(.space)
            if token.kind == .not { takeWords(2) } else { take() }
            addBreak(group, blank: true)
            addComments()
            if isTail { layout.beginTail() }
            add(operand)
            if isTail { layout.endTail() }
        }
        for _ in 0..<depth { layout.add(.dedent(group)) }
        layout.end()
    }

    /// `1..3`; with blanks where an operator stands beside it, which binds more tightly.
    private mutating func addRange(_ left: Expression, _ right: Expression) {
        let isSpaced = left.isBareBinary || right.isBareBinary
        add(left)
        if isSpaced { layout.add(.space) }
        take()
        if isSpaced { layout.add(.space) }
        add(right)
    }

    // MARK: Members, indexes, calls

    private enum Link {
        case member(Name, startsLine: Bool)
        case index(Expression)
        case call(Call)
    }

    /// `a.b(c)[d].e()`. Lines that the writer began with a `.` stay; a chain of three calls and more that does not fit is
    /// broken before all of them but the first.
    private mutating func addPostfix(_ expression: Expression) {
        var base = expression
        var links: [Link] = []
        repeat {
            switch base.kind {
            case .member(let inner, let name, _):
                links.append(.member(name, startsLine: endsLine(from: inner.range.end, to: name.range.start)))
                base = inner
            case .index(let inner, let index):
                links.append(.index(index))
                base = inner
            case .call(let call):
                links.append(.call(call))
                base = call.callee
            default: break
            }
        } while base.isPostfix && !base.isParenthesised
        links.reverse()
        addChain(base, links)
    }

    private func endsLine(from start: Int, to end: Int) -> Bool {
        start < end && bytes[start..<end].contains(.newline)
    }

    private mutating func addChain(_ base: Expression, _ links: [Link]) {
        let methods = links.indices.filter { isMethod(links, $0) }
        let isBroken = links.contains { if case .member(_, true) = $0 { true } else { false } }
        let group = methods.count > 2 && !isBroken ? layout.begin() : nil
        let depth = continuation
        var isIndented = false
        add(base)
        for (number, link) in links.enumerated() {
            switch link {
            case .member(_, let startsLine):
                let mayBreak = group != nil && methods.dropFirst().contains(number)
                if (startsLine || mayBreak) && !isIndented {
                    for _ in 0..<depth { layout.add(.indent(group)) }
                    isIndented = true
                }
                if startsLine { addNewline() } else if mayBreak, let group { addBreak(group, blank: false) }
                take()
                take()
            case .index(let index):
                take()
                add(index)
                take()
            case .call(let call):
                let isTail = group != nil && number == links.count - 1
                if isTail { layout.beginTail() }
                addArguments(call.arguments.map(\.value), passesOn: call.passesOn != nil)
                if isTail { layout.endTail() }
            }
        }
        if isIndented { for _ in 0..<depth { layout.add(.dedent(group)) } }
        if group != nil { layout.end() }
    }

    private func isMethod(_ links: [Link], _ number: Int) -> Bool {
        guard case .member = links[number], number + 1 < links.count else { return false }
        if case .call = links[number + 1] { return true } else { return false }
    }

    /// `(a, name: b, ...)`
    mutating func addArguments(_ values: [Expression], passesOn: Bool = false) {
        let isAlone = values.count == 1 && !passesOn && values[0].isCollection
        let hasTail = !passesOn && (isAlone || values.last?.isBlockLike == true)
        addBracketed(values, hasTail: hasTail) { builder, value in
            if builder.token.kind.isWord, builder.following.kind == .colon { builder.takeLabel() }
            builder.addComments()
            builder.isOnlyArgument = isAlone
            builder.add(value)
        }
    }

    // MARK: Brackets

    /// Elements between brackets: on one line if they fit and the writer put no comma behind the last, else one on each.
    mutating func addBracketed<Element>(
        _ elements: [Element], _ kind: Layout.Group.Kind = .plain, hasTail: Bool = false,
        _ add: (inout LayoutBuilder, Element) -> Void
    ) {
        let outer = continuation
        continuation = 1
        isOnlyArgument = false
        defer { continuation = outer }
        take()
        let group = layout.begin(kind)
        defer { layout.end() }
        if token.kind.isCloser, token.leading.isEmpty, pendingComment == nil { return take() }
        layout.add(.indent(group))
        addBreak(group, blank: false)
        var rest = elements[...]
        var isFirst = true
        var endsWithComma = false
        while !token.kind.isCloser, token.kind != .endOfFile {
            if !isFirst { addBreak(group, blank: true) }
            beginItem(isFirst: isFirst)
            isFirst = false
            // `...`, which passes parameters on, is none of the elements.
            if token.kind == .ellipsis, following.kind == .comma || following.kind.isCloser {
                take()
            } else if let element = rest.popFirst() {
                if hasTail, rest.isEmpty { layout.beginTail() }
                add(&self, element)
                if hasTail, rest.isEmpty { layout.endTail() }
            } else {
                take()
            }
            endsWithComma = token.kind == .comma
            if endsWithComma { takeComma() }
        }
        if endsWithComma { layout.force() } else if !isFirst { layout.add(.trailingComma(group)) }
        addClosingComments()
        layout.add(.dedent(group))
        addBreak(group, blank: false)
        take()
    }
}

extension Expression {
    /// What it begins with, if that is an expression.
    fileprivate var firstChild: Expression? {
        switch kind {
        case .binary(_, let left, _): left
        case .member(let base, _, _), .index(let base, _): base
        case .call(let call): call.callee
        default: nil
        }
    }

    /// True for an operator or a chain with parentheses around it: it begins before its first part does.
    fileprivate var isParenthesised: Bool { firstChild.map { range.start < $0.range.start } ?? false }

    fileprivate var isPostfix: Bool {
        switch kind {
        case .member, .index, .call: true
        default: false
        }
    }

    fileprivate var isBareBinary: Bool {
        if case .binary = kind { !isParenthesised } else { false }
    }

    fileprivate var isCollection: Bool {
        switch kind {
        case .list, .map: true
        default: false
        }
    }

    /// True for what ends with a block.
    fileprivate var isBlockLike: Bool {
        switch kind {
        case .conditional, .match, .tryCatch, .step, .transaction, .parallel, .parallelFor, .retry, .timeout:
            return true
        case .closure(let function):
            guard function.body.isBare else { return true }
            if case .expression(let value) = function.body.statements[0].kind { return value.isBlockLike }
            return false
        default: return false
        }
    }
}

extension BinaryOperator {
    fileprivate var isRange: Bool { self == .closedRange || self == .halfOpenRange }

    /// The same number for operators that bind equally.
    fileprivate var strength: Int {
        switch self {
        case .coalesce: 0
        case .or: 1
        case .and: 2
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .notIn: 3
        case .closedRange, .halfOpenRange: 4
        case .add, .subtract: 5
        case .multiply, .divide, .remainder: 6
        }
    }
}
