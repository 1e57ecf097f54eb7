// Which expressions something can be known of, and when that is forgotten.

extension Checker {
    /// The place that an expression stands for; nil where each look may give something else.
    mutating func place(_ expression: Expression) -> Place? {
        if case .name(let name) = expression.kind { return variable(name).map { .variable($0) } }
        guard isStable(expression, depth: 0) else { return nil }
        var text = tree.file.text(expression.range)
        // `v?.tag` is what `v.tag` is; text that is quoted stays as it stands.
        if !text.utf8.contains(UInt8(ascii: "\"")) { text = text.replacing("?.", with: ".") }
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
