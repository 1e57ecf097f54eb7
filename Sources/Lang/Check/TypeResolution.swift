extension Resolver {
    /// The type that an annotation means; mistakes in it are reported, and stand as `any`.
    mutating func resolve(_ type: TypeExpression) -> ValueType {
        var problems: [(SourceRange, Message)] = []
        let result = ValueType(type) { problems.append(($0, $1)) }
        for (range, message) in problems { report(message, range) }
        return result
    }
}

extension ValueType {
    /// True where a literal can be seen not to be of this type. Anything that is not a literal may fit.
    func refuses(_ expression: Expression) -> Bool {
        switch self {
        case .any: return false
        case .union(let members): return members.allSatisfy { $0.refuses(expression) }
        case .list(let element):
            if case .list(let items) = expression.kind { return items.contains { element.refuses($0) } }
        case .map(let value):
            if case .map(let entries) = expression.kind { return entries.contains { value.refuses($0.value) } }
        case .literal(let text):
            if case .string(let string) = expression.kind { return !sameText(string, text) }
        default: break
        }
        guard let literal = ValueType(literal: expression) else { return false }
        return literal != self
    }

    /// The type a literal shows; nil for every other expression.
    init?(literal expression: Expression) {
        switch expression.kind {
        case .null: self = .null
        case .bool: self = .bool
        case .int: self = .int
        case .float: self = .float
        case .string: self = .str
        case .version: self = .version
        case .duration: self = .duration
        case .size: self = .size
        case .list: self = .list(.any)
        case .map: self = .map(.any)
        case .closure: self = .fn
        case .unary(.negate, let operand): self.init(literal: operand)
        default: return nil
        }
    }
}
