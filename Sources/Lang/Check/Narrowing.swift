// What tests tell about values: after `x != null`, x is not null.
//
// A fact is what is known of a place beyond its own type. Facts hold from where they are found out until the place is
// assigned to; where two ways meet, only what holds on both is kept. A condition has two outcomes, the facts where it
// is true and those where it is false, from which `and`, `or` and `not` make theirs.

extension Checker {
    /// What is known where two ways meet.
    func merged(_ one: Flow, _ other: Flow) -> Flow {
        if !one.isReachable { return other }
        if !other.isReachable { return one }
        var result = one
        for place in one.differences(from: other) {
            guard let type = one[place] else { continue }
            guard let otherType = other[place] else {
                result[place] = nil
                continue
            }
            if type != otherType { result[place] = joined(type, otherType, of: place) }
        }
        return result
    }

    /// What is known of a place of which two ways know different things.
    private func joined(_ one: CheckedType, _ other: CheckedType, of place: Place) -> CheckedType? {
        let joined = one.joined(other)
        guard case .variable(let index) = place else { return joined == one || joined == other ? joined : nil }
        // Parts of a declared union that come together again are declared as well.
        let whole = variables[index].type
        if whole != .any, joined.covers(whole) { return nil }
        return whole.isDeclared && whole.covers(joined) ? .of(joined.members, isDeclared: true) : joined
    }

    // MARK: Conditions

    /// Checks something that must be Bool.
    mutating func condition(_ expression: Expression) -> Outcomes {
        switch expression.kind {
        case .unary(.not, let operand): return condition(operand).negated
        case .binary(.and, let left, let right):
            let first = condition(left)
            flow = first.whenTrue
            var isDecided = false
            if case .bool(false) = left.kind { isDecided = true }
            let second = isDecided ? quietly { $0.condition(right) } : condition(right)
            return logical(first, second, isAnd: true)
        case .binary(.or, let left, let right):
            let first = condition(left)
            flow = first.whenFalse
            var isDecided = false
            if case .bool(true) = left.kind { isDecided = true }
            let second = isDecided ? quietly { $0.condition(right) } : condition(right)
            return logical(first, second, isAnd: false)
        case .binary(let operation, let left, let right) where operation == .equal || operation == .notEqual:
            let outcomes = equality(operation, left, right, range: expression.range)
            return operation == .equal ? outcomes : outcomes.negated
        case .binary(let operation, let left, let right) where operation == .in || operation == .notIn:
            let outcomes = membership(operation, left, right)
            return operation == .in ? outcomes : outcomes.negated
        default:
            let type = type(of: expression)
            requireBool(type, expression)
            return outcomes(of: expression)
        }
    }

    private func logical(_ left: Outcomes, _ right: Outcomes, isAnd: Bool) -> Outcomes {
        isAnd
            ? Outcomes(whenTrue: right.whenTrue, whenFalse: merged(left.whenFalse, right.whenFalse))
            : Outcomes(whenTrue: merged(left.whenTrue, right.whenTrue), whenFalse: right.whenFalse)
    }

    private mutating func requireBool(_ type: CheckedType, _ expression: Expression) {
        if type.fits(.bool) { return }
        if type.isOptional, type.unwrapped.fits(.bool) {
            let text = shortText(expression.range)
            reportNull("a condition", help: "write `\(text) == true`, or `\(text) ?? false`", expression)
        } else {
            report(.wrongCondition(described(type, expression), help: conditionHelp(type)), expression.range)
        }
    }

    private func conditionHelp(_ type: CheckedType) -> String? {
        switch type.unwrapped {
        case .plain(.int), .plain(.float): "compare it: `… != 0`"
        case .plain(.str), .literal: "compare it: `… != \"\"`"
        case .list, .map: "ask for its length: `….len() > 0`"
        case .function: "call it: `…()`"
        case .plain(.commandResult): "ask whether it succeeded: `….ok`"
        default: "compare it: `… != null`"
        }
    }

    /// What a value that is Bool tells when it is used as a condition.
    private mutating func outcomes(of expression: Expression) -> Outcomes {
        var result = Outcomes(whenTrue: flow, whenFalse: flow)
        switch expression.kind {
        case .bool(let value):
            if value { result.whenFalse.isReachable = false } else { result.whenTrue.isReachable = false }
        case .name(let name):
            guard let variable = variable(name) else { break }
            if let known = variables[variable].implied {
                result.whenTrue.learn(known.whenTrue)
                result.whenFalse.learn(known.whenFalse)
            }
        case .member(let base, _, optional: true): removeNull(base, &result.whenTrue)
        case .call(let call):
            if case .member(let base, _, optional: true) = call.callee.kind { removeNull(base, &result.whenTrue) }
        default: break
        }
        return result
    }

    // MARK: Equality

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
            if case .call(let call) = expression.kind, case .name("type_of") = call.callee.kind,
                call.arguments.count == 1, let named = ValueType.named(text)
            {
                let argument = call.arguments[0].value
                learn(argument, self.known(argument), is: CheckedType(named), &result)
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
        guard let place = place(expression) else { return }
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
        var place = range
        for (one, type, other) in [(left, leftType, rightType), (right, rightType, leftType)] {
            if case .string(let text) = one.kind {
                if let near = suggestion(for: text, among: other.literals) {
                    help = "did you mean \(quoted(near))?"
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
        warn(.neverEqual(described(leftType, left), described(rightType, right), help: help), place)
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
        } else if case .list(let element) = container, !element.includesNull, element != .any {
            removeNull(left, &result.whenTrue)
        } else if case .plain(let plain) = container, plain == .str || plain == .range {
            removeNull(left, &result.whenTrue)
        }
        return result
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

    // MARK: Places

    /// The place that an expression stands for; nil where each look may give something else.
    mutating func place(_ expression: Expression) -> Place? {
        if case .name(let name) = expression.kind { return variable(name).map { .variable($0) } }
        guard isStable(expression, depth: 0) else { return nil }
        let text = tree.file.text(expression.range)
        note(text)
        return .expression(text)
    }

    /// True for what gives the same value each time, as long as its variables do.
    private func isStable(_ expression: Expression, depth: Int) -> Bool {
        if depth > 8 { return false }
        switch expression.kind {
        case .null, .bool, .int, .string, .version: return true
        case .name(let name): return !(variable(name).map { variables[$0].isFunction } ?? false)
        case .member(let base, _, _): return isStable(base, depth: depth + 1)
        case .index(let base, let index): return isStable(base, depth: depth + 1) && isStable(index, depth: depth + 1)
        case .call(let call):
            if case .member(_, let name, _) = call.callee.kind, catalog.mutatingNames.contains(name.text) {
                return false
            }
            return call.passesOn == nil && isStable(call.callee, depth: depth + 1)
                && call.arguments.allSatisfy { isStable($0.value, depth: depth + 1) }
        default: return false
        }
    }

    /// What is known of an expression that has been checked already, without checking it again.
    func known(_ expression: Expression) -> CheckedType {
        if case .name(let name) = expression.kind, let variable = variable(name) {
            return flow[.variable(variable)] ?? variables[variable].type
        }
        return checkedTypes[expression.range] ?? .any
    }

    /// Forgets what is known of the names that a range assigns to.
    mutating func forgetChanges(in range: SourceRange) {
        if flow.isEmpty { return }
        for name in assignments.names(in: range) { forget(name) }
    }

    /// Forgets what is known of a variable and of what is reached through it.
    mutating func forget(_ name: String) {
        if flow.isEmpty { return }
        if let variable = variable(name) { flow[.variable(variable)] = nil }
        forgetExpressions(with: name)
    }

    /// Forgets what is known of everything that is reached through a name.
    mutating func forgetExpressions(with name: String) {
        if !flow.hasExpressions { return }
        for text in expressions[name] ?? [] where flow[.expression(text)] != nil { flow[.expression(text)] = nil }
    }

    /// Notes which names an expression is reached through, before anything is known of it.
    private mutating func note(_ text: String) {
        if !notedExpressions.insert(text).inserted { return }
        for word in Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }) {
            expressions[String(word), default: []].append(text)
        }
    }
}

extension CheckedType {
    /// The exact strings it may be.
    var literals: [String] { members.compactMap { if case .literal(let text) = $0 { text } else { nil } } }
}
