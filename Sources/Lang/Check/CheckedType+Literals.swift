extension CheckedType {
    /// The type that a literal shows; nil for every other expression.
    init?(literal expression: Expression) {
        switch expression.kind {
        case .null: self = .null
        case .bool: self = .bool
        case .int: self = .int
        case .float: self = .float
        case .string(let text): self = .literal(text)
        case .version: self = .plain(.version)
        case .duration: self = .plain(.duration)
        case .size: self = .plain(.size)
        case .unary(.negate, let operand):
            switch operand.kind {
            case .int, .float, .duration, .size: self.init(literal: operand)
            default: return nil
            }
        default: return nil
        }
    }

    /// True where a value of this type can be made from the text.
    func canBeRead(from text: String) -> Bool {
        switch self {
        case .plain(.int): (try? parseInt(text)) != nil
        case .plain(.float): (try? parseFloat(text)) != nil
        case .plain(.version): (try? Version(parsing: text)) != nil
        case .plain(.image): (try? ImageReference(parsing: text)) != nil
        case .plain(.digest): (try? Digest(parsing: text)) != nil
        case .plain(.duration): (try? Duration(parsing: text)) != nil
        case .plain(.size): (try? Size(parsing: text)) != nil
        case .plain(.path): true
        default: false
        }
    }

    /// The type of an expression as far as it can be seen without its surroundings.
    init?(shallow expression: Expression) {
        if let literal = CheckedType(literal: expression) {
            self = literal.widened
            return
        }
        switch expression.kind {
        case .list: self = .list(.any)
        case .map: self = .map(.any, nil)
        case .binary(let operation, _, _):
            switch operation {
            case .or, .and, .equal, .notEqual, .in, .notIn: self = .bool
            case .less, .lessOrEqual, .greater, .greaterOrEqual: self = .bool
            case .closedRange, .halfOpenRange: self = .plain(.range)
            default: return nil
            }
        case .unary(.not, _): self = .bool
        default: return nil
        }
    }
}
