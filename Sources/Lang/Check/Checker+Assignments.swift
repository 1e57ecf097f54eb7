extension Checker {
    mutating func checkAssignment(
        _ place: Expression, _ operation: BinaryOperator?, _ value: Expression, _ range: SourceRange
    ) {
        guard case .name(let name) = place.kind else {
            checkPartAssignment(place, operation, value, range)
            return
        }
        var type: CheckedType
        if let operation {
            type = binary(operation, place, self.type(of: place), value, self.type(of: value), range)
            // `n += 1` alone is no use of `n`, but nobody who counts is told off for it.
        } else {
            type = self.type(of: value)
        }
        guard let index = variable(name) else { return }
        let variable = variables[index]
        let isAnnotated = variable.isAnnotated
        if isAnnotated, operation == nil { require(type, value, variable.type, "`\(name)`") }
        if isAnnotated, operation != nil, !type.fits(variable.type) {
            report(
                .wrongType("`\(name)`", expected: variable.type.description, got: type.description, help: nil), range)
            type = .any
        }
        forget(name)
        if isAnnotated {
            learn(type, of: index, declared: variable.type)
        } else if variable.isTracked, variable.kind == .variable {
            let known = type.widened.withoutShape.withoutPartsUnless(variable.type)
            if known != variable.type { flow[.variable(index)] = known }
        }
    }

    /// `m.key = value`, `xs[i] = value`
    private mutating func checkPartAssignment(
        _ place: Expression, _ operation: BinaryOperator?, _ value: Expression, _ range: SourceRange
    ) {
        let type = self.type(of: value)
        let old = operation == nil ? nil : self.type(of: place)
        var base = place
        var index: Expression?
        switch place.kind {
        case .member(let inner, _, _): base = inner
        case .index(let inner, let key): (base, index) = (inner, key)
        default: break
        }
        // Where the old value was looked at, so was all of the place.
        let container = old == nil ? self.type(of: base) : known(base)
        if let old, let operation {
            _ = binary(operation, place, old, value, type, range)
        } else if let index {
            checkChangedIndex(container, self.type(of: index), index)
        }
        if container.fits(.union([.list(.any), .map(.any, nil)], isDeclared: true)) {
            if let element = declaredElement(of: container), operation == nil {
                require(type, value, element, "what is put into the \(container.typeName ?? "value")")
            }
        } else if container.isOptional {
            requireNotNull(container, base, "what is changed in place")
        } else if !container.isDeclared {
            report(.changeOfUnchangeable(described(container, base), help: changeHelp(container)), place.range)
        }
        if let root = place.rootName { forget(root) }
    }

    private mutating func checkChangedIndex(_ container: CheckedType, _ key: CheckedType, _ index: Expression) {
        switch container {
        case .list: require(key, index, .int, "what a List is indexed with for a change")
        case .map: require(key, index, .str, "what a Map is indexed with")
        default: break
        }
    }

    private func changeHelp(_ type: CheckedType) -> String? {
        switch type {
        case .plain(.str), .literal: "make a new one, for example with `.replace(…)`"
        case .plain(.null): "set it first"
        case .plain(.version), .plain(.image): "make a new one with `.with(…)`"
        default: nil
        }
    }

    private func declaredElement(of type: CheckedType) -> CheckedType? {
        switch type {
        case .list(let element), .map(let element, nil): element
        default: nil
        }
    }
}

extension CheckedType {
    /// With nothing known of its items where the variable knows nothing of them.
    fileprivate func withoutPartsUnless(_ variable: CheckedType) -> CheckedType {
        switch (self, variable) {
        case (.list, .list(let element)) where element != .any: self
        case (.map, .map(let value, _)) where value != .any: self
        case (.list, _), (.map, _): withoutParts
        default: self
        }
    }
}

extension Expression {
    /// The variable that a place is part of.
    var rootName: String? {
        var root = self
        while true {
            switch root.kind {
            case .name(let name): return name
            case .member(let base, _, _), .index(let base, _): root = base
            default: return nil
            }
        }
    }
}
