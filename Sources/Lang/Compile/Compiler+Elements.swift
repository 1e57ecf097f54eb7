// A list or map whose type was written down holds only what fits: what is put into it is checked there, so that the rest of
// it need not be looked at again. Where no type was written, nothing is emitted.

extension Compiler {
    /// Checks what an assignment puts into part of a variable.
    func emitCheck(_ register: Int, _ value: Expression, into place: Place) {
        guard let last = place.path.last, let type = declaredType(of: place) else { return }
        let container = if case .member = last { "Map" } else { declaredContainer(of: place) }
        emitCheck(register, value, type, what: "what is put into the \(container)")
    }

    /// Checks the item that `xs.append(item)` or `xs.insert(at, item)` adds; `first` is the register of the first argument.
    func emitItemCheck(_ name: String, _ arguments: [Argument], from first: Int, into place: Place) {
        let parameters = name == "append" ? ["item"] : name == "insert" ? ["at", "item"] : []
        guard !parameters.isEmpty, case .list(let type)? = declaredType(of: place)?.container else { return }
        for (position, argument) in arguments.enumerated() {
            let parameter = argument.label?.text ?? (position < parameters.count ? parameters[position] : nil)
            if parameter == "item" { emitCheck(first + position, argument.value, type, what: "an item of the list") }
        }
    }

    private func emitCheck(_ register: Int, _ value: Expression, _ type: ValueType, what: String) {
        if let literal = CheckedType(literal: value), CheckedType(type).covers(literal) { return }
        emitCheck(register, type, what: what, range: value.range)
    }

    /// What was written of the values that may stand at a place; nil for nothing.
    private func declaredType(of place: Place) -> ValueType? {
        guard var type = builder.variableType(place.root) else { return nil }
        for _ in place.path {
            switch type.container {
            case .list(let element)?: type = element
            case .map(let value)?: type = value
            default: return nil
            }
        }
        return type == .any ? nil : type
    }

    private func declaredContainer(of place: Place) -> String {
        let outer = Place(root: place.root, path: Array(place.path.dropLast()), indices: [])
        if case .list? = declaredType(of: outer)?.container { return "List" }
        return "Map"
    }
}

extension ValueType {
    /// The one list or map that it may be.
    fileprivate var container: ValueType? {
        switch self {
        case .list, .map: return self
        case .union(let members):
            let containers = members.compactMap(\.container)
            return containers.count == 1 ? containers[0] : nil
        default: return nil
        }
    }
}
