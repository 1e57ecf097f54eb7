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
        // Nothing is left of null without null.
        case .never: "write what must hold: null never does"
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
}
