// What the text that `type_of` gives tells of the value it was asked about, in conditions and in the arms of a `match`.

extension Checker {
    /// What an expression names the type of, `type_of(x)` or a name for that, and what is known of it so far.
    mutating func typeAsked(by expression: Expression) -> (place: Place, type: CheckedType)? {
        if case .name(let name) = expression.kind {
            guard let asked = variable(name).flatMap({ variables[$0].namesType }) else { return nil }
            return (.variable(asked), flow[.variable(asked)] ?? variables[asked].type)
        }
        guard let argument = expression.typeAskedOf, let place = place(argument) else { return nil }
        return (place, flow[place] ?? known(argument))
    }

    /// The variable in `type_of(x)`, if it never changes.
    func fixedVariable(typeAskedOf expression: Expression) -> Int? {
        guard case .name(let name)? = expression.typeAskedOf?.kind, let index = variable(name) else { return nil }
        return variables[index].kind == .variable ? nil : index
    }

    /// What an arm leaves of a value whose type it names, and what it takes; `any` where it names none.
    func take(_ arm: MatchArm, from rest: inout CheckedType) -> CheckedType {
        if arm.patterns.isEmpty { return rest }
        var taken = CheckedType.never
        let before = rest
        for pattern in arm.patterns {
            guard case .literal(let literal) = pattern.kind, case .string(let text) = literal.kind,
                let named = ValueType.named(text)
            else { return .any }
            taken = taken.joined(before.restricted(to: CheckedType(named)))
            rest = rest.without(CheckedType(named))
        }
        return taken
    }
}

extension Expression {
    /// `x` in `type_of(x)`.
    fileprivate var typeAskedOf: Expression? {
        guard case .call(let call) = kind, case .name("type_of") = call.callee.kind, call.arguments.count == 1 else {
            return nil
        }
        return call.arguments[0].value
    }
}
