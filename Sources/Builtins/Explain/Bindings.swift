import Lang

/// The names in sight at a place of the program, with what is known of their values. A value itself: closures and
/// branches take a copy, as in a run.
struct Bindings {
    struct Variable {
        var estimate: Estimate
        let isVariable: Bool
    }

    private(set) var scopes: [[String: Variable]] = [[:]]

    subscript(name: String) -> Estimate? {
        for scope in scopes.reversed() { if let variable = scope[name] { return variable.estimate } }
        return nil
    }

    mutating func push() { scopes.append([:]) }
    mutating func pop() { scopes.removeLast() }

    mutating func declare(_ name: String, _ estimate: Estimate, isVariable: Bool = false) {
        if name == "_" { return }
        scopes[scopes.count - 1][name] = Variable(estimate: estimate, isVariable: isVariable)
    }

    mutating func assign(_ name: String, _ estimate: Estimate) {
        for index in scopes.indices.reversed() where scopes[index][name] != nil {
            scopes[index][name]?.estimate = estimate
            return
        }
    }

    /// What holds after either of two ways through the same blocks.
    func joined(with other: Bindings) -> Bindings {
        var result = self
        for (index, scope) in other.scopes.enumerated() where index < scopes.count {
            for (name, variable) in scope {
                guard let own = scopes[index][name] else { continue }
                result.scopes[index][name]?.estimate = own.estimate.joined(with: variable.estimate)
            }
        }
        return result
    }

    /// Forgets the values of variables that differ in `other`; false where none does.
    mutating func forgetDifferences(from other: Bindings) -> Bool {
        var differs = false
        for (index, scope) in scopes.enumerated() where index < other.scopes.count {
            for (name, variable) in scope where variable.isVariable {
                guard let later = other.scopes[index][name], !later.estimate.isSame(as: variable.estimate) else {
                    continue
                }
                scopes[index][name]?.estimate = .open(name)
                differs = true
            }
        }
        return differs
    }

    /// Forgets the values of all variables.
    mutating func forgetVariables() {
        for (index, scope) in scopes.enumerated() {
            for (name, variable) in scope where variable.isVariable { scopes[index][name]?.estimate = .open(name) }
        }
    }
}
