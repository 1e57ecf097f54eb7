// Statements that do nothing: expressions that only give a value, where nobody takes it.

extension Checker {
    /// Notes a statement whose value is not used, if it can have no other effect; `next` is what follows it.
    mutating func noteIdle(_ statement: Statement, before next: Statement? = nil) {
        guard flow.isReachable, !isSilent, case .expression(let expression) = statement.kind, isIdle(expression) else {
            return
        }
        idle.append((.unusedValue(help: idleHelp(expression, next)), expression.range))
    }

    private func idleHelp(_ expression: Expression, _ next: Statement?) -> String {
        var isNegation = false
        for case .expression(let negated)? in [next?.kind, .expression(expression)] {
            if case .negate? = negated.sign { isNegation = true }
        }
        if isNegation { return "a line does not go on with a sign: put the `-` at the end of the line before" }
        switch expression.kind {
        case .binary(.equal, let left, _):
            return "to change `\(shortText(left.range))` write `=`, to demand it `assert`"
        case .name(let name) where variable(name) == nil: return "to call it write `\(name)()`"
        case .call: return "it changes nothing in place: give its result a name with `let`, or remove it"
        default: return "remove it, or give it a name with `let`"
        }
    }

    /// True for what gives a value and can do nothing else. What cannot be told is false.
    private func isIdle(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .null, .bool, .int, .float, .string, .version, .duration, .size, .closure: true
        case .name(let name): variable(name) != nil || functions[name] != nil || isFunction(name)
        case .interpolation(let segments):
            segments.allSatisfy { if case .value(let value) = $0 { isIdle(value) } else { true } }
        case .list(let items): items.allSatisfy(isIdle)
        case .map(let entries): entries.allSatisfy { isIdle($0.value) }
        case .unary(_, let operand): isIdle(operand)
        case .binary(_, let left, let right): isIdle(left) && isIdle(right)
        case .member(let base, _, _): isValue(base) && isIdle(base)
        case .index(let base, let key): isIdle(base) && isIdle(key)
        case .call(let call): method(call).map { !takesFunction($0) || call.arguments.isEmpty } ?? false
        default: false
        }
    }

    /// False for a namespace, whose members may look at the world.
    private func isValue(_ expression: Expression) -> Bool {
        expression.rootName.map { variable($0) != nil } ?? true
    }

    private func isFunction(_ name: String) -> Bool { catalog.function(name)?.signature.form == .function }

    /// The method that a call is of, where that is pure and so is all that it is given.
    private func method(_ call: Call) -> Signature? {
        guard case .member(let base, let name, _) = call.callee.kind, isValue(base), isIdle(base),
            call.arguments.allSatisfy({ isIdle($0.value) }), let type = receiver(base)?.typeName,
            let signature = catalog.members(of: type)?[name.text]?.signature
        else { return nil }
        return signature.form == .method && signature.effect == .pure ? signature : nil
    }

    private func receiver(_ base: Expression) -> CheckedType? {
        if case .call(let call) = base.kind { return method(call).map { CheckedType($0.result) } }
        return CheckedType(literal: base) ?? CheckedType(shallow: base) ?? known(base)
    }

    private func takesFunction(_ signature: Signature) -> Bool {
        signature.parameters.contains { CheckedType($0.type).members.contains(.function(nil)) }
    }
}

extension Expression {
    /// The sign that its text begins with.
    fileprivate var sign: UnaryOperator? {
        switch kind {
        case .unary(.negate, _): .negate
        case .binary(_, let left, _): left.sign
        default: nil
        }
    }
}
