// What can go wrong in arithmetic and comparisons.

extension Message {
    /// Two types that an operator does not join.
    package static func operandTypes(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> Message {
        Message(
            "both sides of `\(operation.rawValue)` must go together, but are \(left.typeName) and \(right.typeName)",
            help: operandHelp(operation, left, right))
    }

    /// One type that an operator does not take, on either side.
    package static func operandType(_ operation: BinaryOperator, _ value: Value) -> Message {
        Message("`\(operation.rawValue)` must have values that it can work on, but has \(value.described)")
    }

    package static func secretJoined() -> Message {
        Message(
            "text must be joined with text, but is joined with a Secret",
            help: "interpolate it: `\"…${secret}\"`, which is a Secret again")
    }

    package static func notComparable(_ left: Value, _ right: Value) -> Message {
        if left.typeName == right.typeName {
            return Message(
                "what is put in order must be Int, Float, Str, Version, Duration or Size, but is \(left.typeName)")
        }
        return Message(
            "what is put in order must be of one type, but is \(left.typeName) and \(right.typeName)",
            help: operandHelp(.less, left, right))
    }

    package static func membershipType(_ left: Value, in right: Value) -> Message {
        let expected: String? =
            switch right.object?.tag {
            case .string, .map: "Str"
            case .range: "Int"
            default: nil
            }
        if let expected {
            return Message("what is looked for in a \(right.typeName) must be \(expected), but is \(left.described)")
        }
        return Message("the right side of `in` must be a List, Map, Range or Str, but is \(right.described)")
    }

    package static func rangeBound(_ value: Value) -> Message {
        Message("both ends of a range must be Int, but one is \(value.described)")
    }

    package static func notNegatable(_ value: Value) -> Message {
        Message("what follows the minus sign must be a number, Duration or Size, but is \(value.described)")
    }

    package static func notNegatedBool(_ value: Value) -> Message {
        Message("what follows `not` must be Bool, but is \(value.described)")
    }

    /// `expression` is the calculation as it would be written: `9223372036854775807 + 1`.
    package static func overflow(_ expression: String, typeName: String) -> Message {
        let limit =
            switch typeName {
            case "Float": "a finite Float"
            case "Int": "an Int (64 bits)"
            default: "a \(typeName)"
            }
        return Message("the result of `\(expression)` must fit \(limit), but does not")
    }

    package static func divisionByZero(_ expression: String) -> Message {
        Message("the divisor of `\(expression)` must not be 0, but is")
    }

    private static func operandHelp(_ operation: BinaryOperator, _ left: Value, _ right: Value) -> String? {
        if left.isNull || right.isNull { return "give a value in place of null with `??`" }
        switch (left, right) {
        case (.int(let int), .float), (.float, .int(let int)): return "write `Float(\(int))`"
        default: break
        }
        if operation == .multiply, left.asString != nil || right.asString != nil {
            return "repeat text with `.repeat(n)`"
        }
        if left.asString != nil { return textHelp(operation, text: left, other: right) }
        if right.asString != nil { return textHelp(operation, text: right, other: left) }
        for (one, other) in [(left, right), (right, left)] {
            guard case .int(let int) = one else { continue }
            if other.typeName == "Duration" { return "write the number with a unit: `\(int)s`" }
            if other.typeName == "Size" { return "write the number with a unit: `\(int)MB`" }
        }
        if operation == .add, left.asList != nil || right.asList != nil {
            return "put the single value in brackets: `xs + [x]`"
        }
        if operation == .add, left.asMap != nil, right.asMap != nil { return "join maps with `.merge(…)`" }
        return nil
    }

    private static func textHelp(_ operation: BinaryOperator, text: Value, other: Value) -> String? {
        let numeric: String? =
            switch other {
            case .int: text.asString.flatMap { (try? parseInt($0)) != nil ? "Int(\(quoted($0)))" : nil }
            case .float: text.asString.flatMap { (try? parseFloat($0)) != nil ? "Float(\(quoted($0)))" : nil }
            default: nil
            }
        guard operation == .add else {
            if let numeric { return "write `\(numeric)`" }
            return other.typeName == "Version" || other.typeName == "Int" || other.typeName == "Float"
                ? "write `\(other.typeName)(…)` around the text" : nil
        }
        let isShort = other.literal.unicodeScalars.count <= 40
        let conversion = "`Str(\(isShort ? other.literal : "…"))`, or interpolate: `\"…${x}\"`"
        return "to join texts write \(conversion)" + (numeric.map { "; to calculate write `\($0)`" } ?? "")
    }
}
