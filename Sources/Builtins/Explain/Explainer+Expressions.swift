import Lang

extension Explainer {
    func evaluate(_ expression: Expression) async -> Estimate {
        guard exit == .none, spend() else { return .null }
        switch expression.kind {
        case .null, .invalid: return .null
        case .bool(let bool): return .exact(.bool(bool))
        case .int(let int): return .exact(.int(int))
        case .float(let float): return .exact(.float(float))
        case .string(let text): return .exact(.string(text))
        case .version(let version): return .exact(.domain(.version(version)))
        case .duration(let duration): return .exact(.domain(.duration(duration)))
        case .size(let size): return .exact(.domain(.size(size)))
        case .interpolation(let segments): return await interpolate(segments)
        case .name, .member: return await evaluateMember(expression)
        case .list(let items):
            var values: [Estimate] = []
            for item in items { values.append(await evaluate(item)) }
            return .list(values)
        case .map(let entries):
            var values = OrderedMap<Estimate>()
            for entry in entries { values[entry.key] = await evaluate(entry.value) }
            return .map(values)
        case .unary(let operation, let operand): return await evaluate(operation, operand, expression)
        case .binary(let operation, let left, let right): return await evaluate(operation, left, right, expression)
        case .index(let base, let index): return await evaluate(base, at: index, expression)
        case .call(let call): return await evaluate(call, expression)
        case .closure(let function):
            return .function(
                closure(
                    function, name: Name("fn", SourceRange(function.range.start, function.range.start)),
                    captures: environment))
        case .conditional(let arms, let otherwise): return await evaluate(arms[...], otherwise, unless: [])
        case .match(let subject, let arms): return await evaluate(subject, arms)
        case .tryCatch(let body, let name, let handler): return await evaluate(body, name, handler)
        case .capture(let pipeline):
            await run(pipeline, captures: true)
            return open(expression, type: .str)
        default: return await evaluateConstruct(expression)
        }
    }

    // MARK: - Text

    func interpolate(_ segments: [Segment]) async -> Estimate {
        var pieces: [Estimate.Open.Piece] = []
        var isKnown = true
        for segment in segments {
            switch segment {
            case .text(let text): pieces.append(.text(text))
            case .value(let expression):
                let value = await evaluate(expression)
                if value.value == nil { isKnown = false }
                pieces += value.pieces
            }
        }
        guard isKnown else { return .open(Estimate.Open(pieces: pieces, type: .str)) }
        return .exact(.string(pieces.map(\.text).joined()))
    }

    // MARK: - Operators

    private func evaluate(_ operation: UnaryOperator, _ operand: Expression, _ whole: Expression) async -> Estimate {
        guard let value = await evaluate(operand).value else { return open(whole) }
        let result = operation == .not ? try? logicalNot(value) : try? negate(value)
        return result.map(Estimate.init) ?? open(whole)
    }

    private func evaluate(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ whole: Expression
    ) async -> Estimate {
        let first = await evaluate(left)
        switch operation {
        case .and, .or:
            let decisive = operation == .or
            if first.bool == decisive { return first }
            if first.bool != nil { return await evaluate(right) }
            let condition = Condition(text: source(left.range), isNegated: decisive)
            let second = await maybe(condition) { [self] in await evaluate(right) }
            return second.bool == decisive ? second : open(whole)
        case .coalesce:
            if let value = first.value { return value.isNull ? await evaluate(right) : first }
            guard case .open = first else { return first }
            let condition = Condition(text: "\(source(left.range)) == null")
            return (first.withoutNull ?? first).joined(with: await maybe(condition) { [self] in await evaluate(right) })
        default:
            let second = await evaluate(right)
            return combine(operation, first, second) ?? open(whole)
        }
    }

    /// Walks what a condition may pass over.
    private func maybe(_ condition: Condition, _ body: @escaping Work) async -> Estimate {
        let before = environment
        let value = await under([condition.description], body)
        environment = before.joined(with: environment)
        exit = .none
        return value
    }

    /// The value of an operation on two that are known; nil where it is open.
    func combine(_ operation: BinaryOperator, _ left: Estimate, _ right: Estimate) -> Estimate? {
        if operation == .equal || operation == .notEqual,
            isSurelyNotNull(left) && isNull(right)
                || isNull(left) && isSurelyNotNull(right)
        {
            return .exact(.bool(operation == .notEqual))
        }
        if operation == .in || operation == .notIn, case .list(let items) = right, left.value != nil {
            if items.contains(where: { $0.isSame(as: left) }) { return .exact(.bool(operation == .in)) }
        }
        if operation == .add, case .open = left, right.value?.asString != nil { return added(left, right) }
        if operation == .add, left.value?.asString != nil, case .open = right { return added(left, right) }
        if operation == .add, case .list(let first) = left, case .list(let second) = right {
            return .list(first + second)
        }
        guard let left = left.value, let right = right.value else { return nil }
        return (try? binary(operation, left, right)).map(Estimate.init)
    }

    private func added(_ left: Estimate, _ right: Estimate) -> Estimate {
        .open(Estimate.Open(pieces: left.pieces + right.pieces, type: .str))
    }

    private func isNull(_ estimate: Estimate) -> Bool { estimate.value?.isNull == true }

    private func isSurelyNotNull(_ estimate: Estimate) -> Bool {
        switch estimate {
        case .list, .map, .function, .builtin: true
        case .exact(let value): !value.isNull
        case .open(let open): open.type == .image || open.type == .str
        }
    }

    private func evaluate(_ base: Expression, at index: Expression, _ whole: Expression) async -> Estimate {
        let base = await evaluate(base)
        let key = await evaluate(index)
        switch (base, key.value) {
        case (.list(let items), .int(let position)?) where items.indices.contains(position): return items[position]
        case (.map(let entries), let key?) where key.asString != nil: return entries[key.asString ?? ""] ?? .null
        case (_, let key?):
            guard let base = base.value, let value = try? Lang.index(base, key) else { return open(whole) }
            return Estimate(value)
        default: return open(whole)
        }
    }

    // MARK: - Conditions

    private func evaluate(_ arms: ArraySlice<ConditionalArm>, _ otherwise: Block?, unless: [Condition]) async
        -> Estimate
    {
        guard let arm = arms.first else { return if let otherwise { await walk(otherwise) } else { .null } }
        let value = await evaluate(arm.condition)
        if exit != .none { return .null }
        if value.bool == true { return await walk(arm.body) }
        if value.bool == false { return await evaluate(arms.dropFirst(), otherwise, unless: unless) }
        let condition = Condition(text: source(arm.condition.range))
        return await branch([
            Alternative(conditions: [condition]) { [self] in
                narrow(arm.condition, holds: true)
                return await walk(arm.body)
            },
            Alternative(conditions: [condition.negated]) { [self] in
                narrow(arm.condition, holds: false)
                return
                    await evaluate(arms.dropFirst(), otherwise, unless: unless + [condition])
            },
        ])
    }

    /// Where `name != null` holds, the name is what it is without null.
    private func narrow(_ condition: Expression, holds: Bool) {
        switch condition.kind {
        case .binary(.and, let left, let right) where holds, .binary(.or, let left, let right) where !holds:
            narrow(left, holds: holds)
            narrow(right, holds: holds)
        case .unary(.not, let operand): narrow(operand, holds: !holds)
        case .binary(let operation, let left, let right) where operation == (holds ? .notEqual : .equal):
            for (place, other) in [(left, right), (right, left)] {
                guard case .name(let name) = place.kind, case .null = other.kind,
                    let value = environment[name]?.withoutNull
                else { continue }
                environment.assign(name, value)
            }
        default: break
        }
    }

    private func evaluate(_ subject: Expression, _ arms: [MatchArm]) async -> Estimate {
        let estimate = await evaluate(subject)
        if exit != .none { return .null }
        var open: [Alternative] = []
        for arm in arms {
            let matches = await arm.patterns.asyncMap { await self.matches($0, estimate) }
            if matches.contains(true) || arm.patterns.isEmpty {
                if open.isEmpty { return await walk(arm.body) }
                let text = arm.patterns.isEmpty ? "\(source(subject.range)) is something else" : condition(subject, arm)
                open.append(Alternative(conditions: [Condition(text: text)]) { [self] in await walk(arm.body) })
                break
            }
            if matches.contains(nil) {
                open.append(
                    Alternative(conditions: [Condition(text: condition(subject, arm))]) { [self] in
                        await walk(arm.body)
                    })
            }
        }
        return open.isEmpty ? .null : await branch(open)
    }

    private func condition(_ subject: Expression, _ arm: MatchArm) -> String {
        "\(source(subject.range)) is \(arm.patterns.map { source($0.range) }.joined(separator: " or "))"
    }

    /// Whether a value matches; nil where that is open.
    private func matches(_ pattern: MatchArm.Pattern, _ subject: Estimate) async -> Bool? {
        switch pattern.kind {
        case .literal(let literal): return combine(.equal, subject, await evaluate(literal))?.bool
        case .range(let lower, let upper, let inclusive):
            let operation = inclusive ? BinaryOperator.closedRange : .halfOpenRange
            guard let range = combine(operation, await evaluate(lower), await evaluate(upper)),
                case .exact(.int)? = Optional(subject)
            else { return subject.value == nil ? nil : false }
            return combine(.in, subject, range)?.bool
        case .type(let type): return subject.value.map { ValueType(type) { _, _ in }.accepts($0) }
        }
    }

    private func evaluate(_ body: Block, _ name: Name?, _ handler: Block) async -> Estimate {
        let before = environment
        let value = await walk(body)
        let after = (environment, exit)
        environment = before.joined(with: environment)
        exit = .none
        let handled = await under(["if \(place(body.range)) fails"]) { [self] in
            environment.push()
            defer { environment.pop() }
            if let name { environment.declare(name.text, .open(name.text)) }
            return await walk(handler)
        }
        switch (after.1, exit) {
        case (.none, .none):
            environment = environment.joined(with: after.0)
            return value.joined(with: handled)
        case (.none, _):
            (environment, exit) = after
            return value
        case (_, .none): return handled
        case (let first, let second):
            exit = first == .failure ? second : first
            return .null
        }
    }
}

extension Array {
    @Evaluation
    fileprivate func asyncMap<T>(_ transform: @Evaluation (Element) async -> T) async -> [T] {
        var result: [T] = []
        for element in self { result.append(await transform(element)) }
        return result
    }
}
