// `==`, `!=`, `in` and `not in`: what they tell about their sides, and where they can never hold.

extension Checker {
    /// The outcomes of `left == right`, whichever of `==` and `!=` stands there.
    mutating func equality(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, range: SourceRange
    ) -> Outcomes {
        let leftType = type(of: left)
        let rightType = type(of: right)
        if !leftType.overlaps(rightType) {
            // What only a test before it has ruled out is not worth a word.
            let isRuledOut = declaredType(of: left, leftType).overlaps(declaredType(of: right, rightType))
            if isRuledOut { return Outcomes(whenTrue: flow, whenFalse: flow) }
            warnNeverEqual(left, leftType, right, rightType, range)
            return Outcomes(whenTrue: flow, whenFalse: flow)
        }
        var result = Outcomes(whenTrue: flow, whenFalse: flow)
        learn(left, leftType, equals: right, rightType, &result)
        learn(right, rightType, equals: left, leftType, &result)
        return result
    }

    /// The type of a name's variable, whatever is known of it here; for all else its type.
    private func declaredType(of expression: Expression, _ type: CheckedType) -> CheckedType {
        guard case .name(let name) = expression.kind, let variable = variable(name) else { return type }
        return variables[variable].type
    }

    private mutating func learn(
        _ expression: Expression, _ type: CheckedType, equals other: Expression, _ otherType: CheckedType,
        _ result: inout Outcomes
    ) {
        if otherType.isNull {
            set(expression, .null, ifKnown: type, in: &result.whenTrue)
            removeNull(expression, &result.whenFalse)
            return
        }
        if !otherType.includesNull, otherType != .any { removeNull(expression, &result.whenTrue) }
        switch other.kind {
        case .string(let text):
            learn(expression, type, is: .literal(text), &result)
            if let asked = typeAsked(by: expression), let named = ValueType.named(text) {
                learn(asked.place, asked.type, is: CheckedType(named), &result)
            }
        case .bool(let value) where type.unwrapped == .bool && !value:
            if type.includesNull { removeNull(expression, &result.whenTrue) }
        default: break
        }
    }

    /// `expression` is of type `part` where the condition is true, and only there.
    private mutating func learn(
        _ expression: Expression, _ type: CheckedType, is part: CheckedType, _ result: inout Outcomes
    ) {
        if let place = place(expression) { learn(place, type, is: part, &result) }
    }

    private func learn(_ place: Place, _ type: CheckedType, is part: CheckedType, _ result: inout Outcomes) {
        result.whenTrue[place] = type.restricted(to: part)
        let rest = type.without(part)
        if rest != type, rest != .never { result.whenFalse[place] = rest }
    }

    private mutating func set(
        _ expression: Expression, _ type: CheckedType, ifKnown known: CheckedType, in flow: inout Flow
    ) {
        guard known != .any, let place = place(expression) else { return }
        flow[place] = type
    }

    /// The expression is not null here; nor is what it was reached through with `?.`.
    mutating func removeNull(_ expression: Expression, _ flow: inout Flow) {
        var expression = expression
        while true {
            if let place = place(expression) {
                let type = flow[place] ?? known(expression)
                let rest = type.unwrapped
                if rest != .never, rest != type { flow[place] = rest }
            }
            switch expression.kind {
            case .member(let base, _, optional: true): expression = base
            case .call(let call):
                guard case .member(let base, _, optional: true) = call.callee.kind else { return }
                expression = base
            default: return
            }
        }
    }

    private mutating func warnNeverEqual(
        _ left: Expression, _ leftType: CheckedType, _ right: Expression, _ rightType: CheckedType, _ range: SourceRange
    ) {
        var help: String?
        var replacement: String?
        var place = range
        for (one, type, other) in [(left, leftType, rightType), (right, rightType, leftType)] {
            if case .string(let text) = one.kind {
                if let near = suggestion(for: text, among: other.literals) {
                    help = "did you mean \(quoted(near))?"
                    replacement = quoted(near)
                    place = one.range
                } else if let conversion = conversion(of: type, one, to: other.unwrapped) {
                    help = conversion
                }
            } else if type == .int, other.unwrapped == .float {
                help = conversion(of: type, one, to: .float)
            }
        }
        if leftType.isNull || rightType.isNull {
            let (value, type) = leftType.isNull ? (right, rightType) : (left, leftType)
            warn(.neverEqual(described(type, value), "null", help: "it is never null: leave the comparison out"), place)
            return
        }
        warn(
            .neverEqual(described(leftType, left), described(rightType, right), help: help, replacement: replacement),
            place)
    }

    // MARK: Membership

    /// The outcomes of `left in right`, whichever of `in` and `not in` stands there.
    mutating func membership(_ operation: BinaryOperator, _ left: Expression, _ right: Expression) -> Outcomes {
        let item = type(of: left)
        let container = type(of: right)
        var result = Outcomes(whenTrue: flow, whenFalse: flow)
        checkMembership(item, left, container, right)
        if case .list(let items) = right.kind, !items.isEmpty {
            var all = CheckedType.never
            var isExact = true
            for item in items {
                let type = CheckedType(literal: item)
                all = all.joined(type ?? .any)
                switch type {
                case .literal?, .plain(.null)?: break
                default: isExact = false
                }
            }
            if all != .any, let place = place(left) {
                let restricted = item.restricted(to: all)
                if restricted != .never { result.whenTrue[place] = restricted }
                let rest = item.without(all)
                if isExact, rest != .never { result.whenFalse[place] = rest }
            }
            if let asked = typeAsked(by: left) { learn(asked.place, asked.type, isNamedIn: items, &result) }
        } else if case .list(let element) = container, !element.includesNull, element != .any {
            removeNull(left, &result.whenTrue)
        } else if case .plain(let plain) = container, plain == .str || plain == .range {
            removeNull(left, &result.whenTrue)
        }
        return result
    }

    /// The outcomes of `type_of(x) in ["Int", "Float"]`.
    private func learn(
        _ place: Place, _ type: CheckedType, isNamedIn names: [Expression], _ result: inout Outcomes
    ) {
        var part = CheckedType.never
        var rest = type
        for name in names {
            guard case .string(let text) = name.kind, let named = ValueType.named(text) else { return }
            part = part.joined(type.restricted(to: CheckedType(named)))
            rest = rest.without(CheckedType(named))
        }
        if part != .never { result.whenTrue[place] = part }
        if rest != .never { result.whenFalse[place] = rest }
    }

    private mutating func checkMembership(
        _ item: CheckedType, _ left: Expression, _ container: CheckedType, _ right: Expression
    ) {
        var key: CheckedType?
        switch container {
        case .any, .never, .union(_, isDeclared: false): return
        case .list(let element):
            if case .list(let items) = right.kind {
                for candidate in items {
                    let declared = declaredType(of: left, item)
                    guard let type = CheckedType(literal: candidate), !type.isNull, !declared.overlaps(type) else {
                        continue
                    }
                    warnNeverEqual(left, item, candidate, type, candidate.range)
                    return
                }
            } else if !item.overlaps(element) {
                warnNeverEqual(left, item, right, element, left.range)
            }
            return
        case .map, .plain(.str), .literal: key = .str
        case .plain(.range): key = .int
        default: break
        }
        guard let key else {
            if container.isOptional, case .some = checkedContainer(container.unwrapped) {
                reportNull("the right side of `in`", help: "give a list in its place with `?? []`", right)
            } else if !container.isDeclared {
                report(.wrongContainer(described(container, right)), right.range)
            }
            return
        }
        require(item, left, key, "what is looked for in a \(container.typeName ?? "value")")
    }

    private func checkedContainer(_ type: CheckedType) -> CheckedType? {
        switch type {
        case .any, .list, .map, .plain(.str), .literal, .plain(.range): type
        default: nil
        }
    }
}

extension CheckedType {
    /// The exact strings it may be.
    var literals: [String] { members.compactMap { if case .literal(let text) = $0 { text } else { nil } } }
}
