extension LayoutBuilder {
    /// Statements on lines of their own. Semicolons go, except where a comment depends on one.
    mutating func addStatements(_ statements: [Statement]) {
        var isFirst = true
        addSemicolons(&isFirst)
        for (number, statement) in statements.enumerated() {
            if number > 0 {
                if statements[number - 1].isDeclaration { separateFromNext() }
                if statement.isDeclaration { separate() }
            }
            if !isFirst { addNewline() }
            beginItem(isFirst: isFirst)
            isFirst = false
            add(statement)
            addSemicolons(&isFirst)
        }
        flush()
    }

    private mutating func addSemicolons(_ isFirst: inout Bool) {
        while token.kind == .semicolon {
            if drop() { continue }
            if !isFirst { addNewline() }
            beginItem(isFirst: isFirst)
            isFirst = false
            take()
        }
    }

    private mutating func add(_ statement: Statement) {
        switch statement.kind {
        case .expression(let value): add(value)
        case .declaration(let declaration): add(declaration)
        case .function(let declaration):
            takeWords(2)
            addFunction(declaration.function)
        case .recipe(let recipe): add(recipe)
        case .import(let declaration):
            takeWords(declaration.name.range == declaration.pathRange ? 2 : 4)
        case .assignment(let place, _, let value):
            add(place)
            takeSpaced()
            add(value)
        case .for(let loop):
            take()
            layout.add(.space)
            addLoopHead(loop.names, loop.sequence)
            addBody(loop.body.statements)
        case .while(let condition, let body):
            take()
            addHead(condition)
            addBody(body.statements)
        case .return(let value):
            take()
            guard let value else { return }
            layout.add(.space)
            add(value)
        case .break, .continue, .command, .invalid: take()
        case .fail(let value):
            take()
            layout.add(.space)
            add(value)
        case .assert(let condition, let message): addAssert(condition, message)
        case .defer(let body):
            take()
            addBody(body.statements)
        }
    }

    /// What may stand behind `=>` instead of a block is one statement.
    mutating func addArrowBody(_ block: Block) {
        takeSpaced()
        if block.isBare {
            add(block.statements[0])
        } else {
            addBody(block.statements, spaced: false)
        }
    }

    private mutating func add(_ declaration: Declaration) {
        take()
        layout.add(.space)
        switch declaration.pattern {
        case .name: take()
        case .list(let names, _): addBracketed(names) { builder, _ in builder.take() }
        }
        if let type = declaration.type { addType(type) }
        takeSpaced()
        add(declaration.value)
    }

    private mutating func add(_ recipe: RecipeDeclaration) {
        takeWords(recipe.isDefault ? 3 : 2)
        addBracketed(recipe.items) { builder, item in
            switch item {
            case .parameter(let parameter): builder.add(parameter)
            case .spread(let names, _): for _ in 0..<2 * names.count { builder.take() }
            }
        }
        addResult(recipe.result)
        addBody(recipe.body.statements)
    }

    private mutating func addAssert(_ condition: Expression, _ message: Expression?) {
        take()
        layout.add(.space)
        let group = layout.begin()
        add(condition)
        if let message {
            takeComma()
            layout.add(.indent(group))
            addBreak(group, blank: true)
            add(message)
            layout.add(.dedent(group))
        }
        layout.end()
    }

    /// `x in xs`, `key, value in map`
    mutating func addLoopHead(_ names: [Name], _ sequence: Expression) {
        take()
        if names.count > 1 {
            take()
            layout.add(.space)
            take()
        }
        layout.add(.space)
        take()
        addHead(sequence)
    }

    // MARK: Functions

    /// Parameters, result and body.
    mutating func addFunction(_ function: Function) {
        addBracketed(function.parameters) { $0.add($1) }
        addResult(function.result)
        if token.kind == .doubleArrow { addArrowBody(function.body) } else { addBody(function.body.statements) }
    }

    private mutating func addResult(_ type: TypeExpression?) {
        guard let type else { return }
        takeSpaced()
        add(type)
    }

    private mutating func add(_ parameter: Parameter) {
        take()
        if let type = parameter.type { addType(type) }
        guard let value = parameter.defaultValue else { return }
        takeSpaced()
        add(value)
    }

    // MARK: Types

    private mutating func addType(_ type: TypeExpression) {
        take()
        layout.add(.space)
        add(type)
    }

    mutating func add(_ type: TypeExpression) {
        let parentheses = takeParentheses(beforeChildAt: type.firstChild?.range.start)
        switch type.kind {
        case .name, .literal: take()
        case .optional(let wrapped):
            add(wrapped)
            take()
        case .list(let element):
            take()
            add(element)
            take()
        case .map(let key, let value):
            take()
            add(key)
            addType(value)
            take()
        case .union(let members): addAlternatives(members) { $0.add($1) }
        }
        for _ in 0..<parentheses { take() }
    }

    /// `a | b`
    mutating func addAlternatives<Member>(_ members: [Member], _ add: (inout LayoutBuilder, Member) -> Void) {
        let group = layout.begin()
        for (number, member) in members.enumerated() {
            if number > 0 {
                layout.add(.space)
                take()
                if number == 1 { layout.add(.indent(group)) }
                addBreak(group, blank: true)
            }
            add(&self, member)
        }
        if members.count > 1 { layout.add(.dedent(group)) }
        layout.end()
    }

    /// Takes the `(` of what begins here, as opposed to those of its first part, which begins at `child`.
    mutating func takeParentheses(beforeChildAt child: Int?) -> Int {
        var count = 0
        while token.kind == .leftParenthesis, child.map({ token.range.start < $0 }) ?? true {
            take()
            count += 1
        }
        return count
    }
}

extension Statement {
    fileprivate var isDeclaration: Bool {
        switch kind {
        case .function, .recipe: true
        default: false
        }
    }
}

extension Block {
    /// True for one statement without braces.
    var isBare: Bool { statements.count == 1 && statements[0].range == range }
}

extension TypeExpression {
    /// What it begins with, if that is a type.
    fileprivate var firstChild: TypeExpression? {
        switch kind {
        case .optional(let wrapped): wrapped
        case .union(let members): members.first
        default: nil
        }
    }
}
