// `let` and `var`: what a variable may hold, and what it holds to begin with.

extension Checker {
    /// Declares a name in the innermost scope.
    @discardableResult
    mutating func declare(
        _ name: Name, _ kind: Variable.Kind, _ type: CheckedType, isWatched: Bool = false
    ) -> Int? {
        if name.text == "_" || name.text.isEmpty { return nil }
        var variable = Variable(name: name, kind: kind, type: type)
        variable.isTracked = !assignments.deferred.contains(name.text)
        variable.isWatched = isWatched && !name.text.utf8.starts(with: "_".utf8)
        let top = scopes.count - 1
        if top == 0, let index = scopes[0][name.text] {
            variable.isUsed = variables[index].isUsed
            variables[index] = variable
            return index
        }
        forgetExpressions(with: name.text)
        scopes[top][name.text] = variables.count
        variables.append(variable)
        return variables.count - 1
    }

    mutating func check(_ declaration: Declaration, _ rest: SourceRange) {
        let annotation = declaration.type.map { CheckedType(annotation: $0) }
        var implied: (whenTrue: [Place: CheckedType], whenFalse: [Place: CheckedType])?
        let value = declaration.value
        let type: CheckedType
        let asked = declaration.isVariable ? nil : fixedVariable(typeAskedOf: value)
        if !declaration.isVariable, value.isLogical {
            let before = flow
            let outcomes = condition(value)
            implied = (
                outcomes.whenTrue.facts(since: before), outcomes.whenFalse.facts(since: before)
            )
            flow = merged(outcomes.whenTrue, outcomes.whenFalse)
            type = .bool
        } else {
            type = self.type(of: value)
        }
        switch declaration.pattern {
        case .name(let name):
            if let annotation { require(type, value, annotation, "`\(name.text)`") }
            declare(name, declaration, annotation: annotation, value: type, rest)
            if let implied, let index = variable(name.text) {
                variables[index].implied = (fixed(implied.whenTrue), fixed(implied.whenFalse))
            }
            if let asked, let index = variable(name.text) { variables[index].namesType = asked }
        case .list(let names, _):
            if let annotation { require(type, value, annotation, "the list") }
            let item = items(of: type, value, names: names)
            for (offset, name) in names.enumerated() {
                var element = item
                if case .list(let items) = value.kind, items.indices.contains(offset) {
                    element = CheckedType(literal: items[offset])?.widened ?? item
                }
                declare(name, declaration, annotation: nil, value: element, rest)
            }
        }
    }

    /// The facts about what can never change.
    private func fixed(_ facts: [Place: CheckedType]) -> [Place: CheckedType] {
        facts.filter { place, _ in
            guard case .variable(let index) = place else { return false }
            return variables[index].kind != .variable
        }
    }

    /// The items of what `let [a, b] = …` takes apart.
    private mutating func items(of type: CheckedType, _ value: Expression, names: [Name]) -> CheckedType {
        if type.fits(.list(.any)) {
            if case .list(let element) = type { return element }
            return .any
        }
        require(type, value, .list(.any), "what is taken apart with `[…]`")
        return .any
    }

    private mutating func declare(
        _ name: Name, _ declaration: Declaration, annotation: CheckedType?, value: CheckedType, _ rest: SourceRange
    ) {
        let isWatched = scopes.count > 1
        guard declaration.isVariable else {
            guard let index = declare(name, .constant, annotation ?? value.widened, isWatched: isWatched) else {
                return
            }
            if let annotation { learn(value, of: index, declared: annotation) }
            if declaration.pattern.declaredNames.count == 1 {
                variables[index].presentParts = presentParts(declaration.value)
            }
            return
        }
        let type = annotation ?? variableType(name.text, value.widened, rest)
        guard let index = declare(name, .variable, type, isWatched: isWatched) else { return }
        variables[index].isAnnotated = annotation != nil
        if let annotation {
            learn(value, of: index, declared: annotation)
        } else if variables[index].isTracked, hasParts(value, changedIn: rest, name.text) {
            flow[.variable(index)] = nil
        } else if variables[index].isTracked, value.widened.withoutShape != type {
            flow[.variable(index)] = value.widened.withoutShape
        }
    }

    /// Of a declared type, only whether null is among it is known better right after an assignment.
    mutating func learn(_ value: CheckedType, of index: Int, declared: CheckedType) {
        flow[.variable(index)] = nil
        guard variables[index].isTracked, declared.includesNull, value != .any else { return }
        if value.isNull {
            flow[.variable(index)] = .null
        } else if !value.includesNull {
            flow[.variable(index)] = declared.unwrapped
        }
    }

    private func hasParts(_ type: CheckedType, changedIn range: SourceRange, _ name: String) -> Bool {
        switch type {
        case .list, .map: assignments.changes(of: name, in: range).contains(where: \.isPart)
        default: false
        }
    }

    /// What a `var` may hold: its first value and what the rest of its block assigns, as far as that can be seen from
    /// the assignments alone.
    private func variableType(_ name: String, _ initial: CheckedType, _ rest: SourceRange) -> CheckedType {
        var type = initial.withoutShape
        for change in assignments.changes(of: name, in: rest) {
            switch change.kind {
            case .part:
                type = type.withoutParts
            case .compound(let operation):
                if operation == .add || operation == .subtract, initial.keepsKind { continue }
                return .any
            case .value(let value):
                guard let next = CheckedType(shallow: value) else { return .any }
                type = type.joined(next)
            }
        }
        return type
    }
}

extension CheckedType {
    /// True where `x += y` leaves `x` of the type it is.
    fileprivate var keepsKind: Bool {
        switch self {
        case .plain(.int), .plain(.float), .plain(.str), .plain(.duration), .plain(.size): true
        default: false
        }
    }
}

extension Expression {
    /// True for what a condition can learn from and that is a Bool itself.
    fileprivate var isLogical: Bool {
        switch kind {
        case .unary(.not, _): true
        case .binary(let operation, _, _):
            switch operation {
            case .and, .or, .equal, .notEqual, .in, .notIn: true
            default: false
            }
        default: false
        }
    }
}
