import Lang

extension Explainer {
    /// The value of a block is that of its last statement.
    func walk(_ block: Block) async -> Estimate {
        environment.push()
        defer { environment.pop() }
        for statement in block.statements {
            guard case .function(let declaration) = statement.kind else { continue }
            environment.declare(declaration.name.text, .open(declaration.name.text))
        }
        var value = Estimate.null
        for statement in block.statements where exit == .none { value = await walk(statement) }
        return value
    }

    func walk(_ statement: Statement) async -> Estimate {
        guard spend() else { return .null }
        switch statement.kind {
        case .expression(let expression): return await evaluate(expression)
        case .declaration(let declaration): await declare(declaration)
        case .function(let declaration):
            // Those of a file are known beforehand.
            if environment.scopes.count > 1 || !stack.isEmpty {
                environment.declare(
                    declaration.name.text,
                    .function(closure(declaration.function, name: declaration.name, captures: environment)))
            }
        case .recipe, .import, .invalid: break
        case .assignment(let place, let operation, let value): await assign(place, operation, value)
        case .for(let loop): await walk(loop)
        case .while(let condition, let body): await walk(while: condition, body)
        case .return(let value):
            let result = if let value { await evaluate(value) } else { Estimate.null }
            if exit == .none {
                frame.returns.append(result)
                exit = .return
            }
        case .break: leaveLoop(.break)
        case .continue: leaveLoop(.continue)
        case .fail(let message):
            _ = await evaluate(message)
            exit = .failure
        case .assert(let condition, let message):
            switch await evaluate(condition).bool {
            case true?: break
            case false?:
                if let message { _ = await evaluate(message) }
                exit = .failure
            case nil: if exit == .none { note(Condition(text: source(condition.range)).description) }
            }
        case .defer(let body): await walkAside(body)
        case .command(let pipeline): await run(pipeline, captures: false)
        }
        return .null
    }

    /// Walks a block that may run at another time: what it changes is noted, and variables it sets are forgotten.
    private func walkAside(_ body: Block) async {
        let before = environment
        _ = await walk(body)
        environment = before.joined(with: environment)
        exit = .none
    }

    // MARK: - Declaring and assigning

    private func declare(_ declaration: Declaration) async {
        let value = await evaluate(declaration.value)
        switch declaration.pattern {
        case .name(let name):
            environment.declare(name.text, value, isVariable: declaration.isVariable)
        case .list(let names, _):
            for (position, name) in names.enumerated() {
                var part = Estimate.open(name.text)
                if case .list(let items) = value, items.indices.contains(position) { part = items[position] }
                environment.declare(name.text, part, isVariable: declaration.isVariable)
            }
        }
    }

    private func assign(_ place: Expression, _ operation: BinaryOperator?, _ expression: Expression) async {
        var value = await evaluate(expression)
        if let operation {
            let old = await evaluate(place)
            value = combine(operation, old, value) ?? open(place)
        }
        if case .name = place.kind {} else { await evaluateIndices(of: place) }
        store(value, at: place)
    }

    private func evaluateIndices(of place: Expression) async {
        switch place.kind {
        case .index(let base, let index):
            await evaluateIndices(of: base)
            _ = await evaluate(index)
        case .member(let base, _, _): await evaluateIndices(of: base)
        default: break
        }
    }

    /// Changes a variable, or an entry of a map in one; after any other change the variable is not known.
    func store(_ value: Estimate, at place: Expression) {
        switch place.kind {
        case .name(let name): environment.assign(name, value)
        case .member(let base, let key, _): store(value, key.text, in: base)
        case .index(let base, let index):
            if case .string(let key) = index.kind { store(value, key, in: base) } else { forget(base) }
        default: break
        }
    }

    private func store(_ value: Estimate, _ key: String, in base: Expression) {
        guard case .name(let name) = base.kind, case .map(var entries)? = environment[name] else { return forget(base) }
        entries[key] = value
        environment.assign(name, .map(entries))
    }

    /// The variable that a place is part of is not known any more.
    func forget(_ place: Expression) {
        switch place.kind {
        case .name(let name): environment.assign(name, .open(name))
        case .member(let base, _, _), .index(let base, _): forget(base)
        default: break
        }
    }

    // MARK: - Loops

    private func walk(_ loop: ForLoop) async {
        let names = loop.names.map(\.text)
        let sequence = await evaluate(loop.sequence)
        if let items = items(of: sequence, count: names.count) {
            await self.loop(items, names: names, loop.body)
        } else {
            await openLoop(
                "for each \(names.joined(separator: ", ")) in \(shown(sequence, loop.sequence))", names: names,
                loop.body)
        }
    }

    private func walk(while condition: Expression, _ body: Block) async {
        if await evaluate(condition).bool == false { return }
        await openLoop("while \(source(condition.range))", names: [], body) { [self] in await evaluate(condition) }
    }

    /// What each pass of a loop gets; nil where that is not known, or is too much.
    func items(of sequence: Estimate, count: Int) -> [[Estimate]]? {
        let maximum = 100
        switch sequence {
        case .list(let items) where items.count <= maximum:
            return count == 1 ? items.map { [$0] } : items.enumerated().map { [.exact(.int($0)), $1] }
        case .map(let entries) where entries.count <= maximum && count == 2:
            return entries.map { [.exact(.string($0)), $1] }
        case .exact(let value):
            guard let range = value.object as? RangeObject, let length = range.count, length <= maximum, count == 1
            else {
                return nil
            }
            return (0..<length).map { [.exact(.int(range.lower + $0))] }
        default: return nil
        }
    }

    /// An open value by the expression that gives it, where that says more than the name it has here.
    func shown(_ estimate: Estimate, _ expression: Expression) -> String {
        if case .open(let open) = estimate, let name = open.name { return cut(name, to: 60) }
        return source(expression.range)
    }
}
