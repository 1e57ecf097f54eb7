extension Checker {
    mutating func negation(_ operand: Expression) -> CheckedType {
        let type = type(of: operand)
        let numbers: [CheckedType] = [.int, .float, .plain(.duration), .plain(.size)]
        if type.isOptional, type.unwrapped.fits(.union(numbers, isDeclared: true)) {
            requireNotNull(type, operand, "what follows the minus sign")
            return .any
        }
        require(type, operand, .union(numbers, isDeclared: true), "what follows the minus sign")
        return numbers.contains(type) ? type : .any
    }

    mutating func coalesce(_ left: Expression, _ right: Expression) -> CheckedType {
        let type = type(of: left)
        var whenGiven = flow
        removeNull(left, &whenGiven)
        // A value that is never null leaves the other side out.
        let other = self.type(of: right)
        flow = merged(whenGiven, flow)
        if type.isNull { return other }
        let result = type.unwrapped.joined(other)
        // Where null was declared, the other side is as likely as the first.
        if type.isOptional, case .union(let members, _) = result, !members.contains(.null) {
            return .union(members, isDeclared: true)
        }
        return result
    }

    /// The type of `left operation right`, for operators that work on values.
    mutating func binary(
        _ operation: BinaryOperator, _ left: Expression, _ leftType: CheckedType, _ right: Expression,
        _ rightType: CheckedType, _ range: SourceRange
    ) -> CheckedType {
        switch operation {
        case .closedRange, .halfOpenRange:
            require(leftType, left, .int, "the start of a range")
            require(rightType, right, .int, "the end of a range")
            return .plain(.range)
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            order(operation, left, leftType, right, rightType, range)
            return .bool
        case .add, .subtract, .multiply, .divide, .remainder:
            return arithmetic(operation, left, leftType, right, rightType, range)
        default: return .any
        }
    }

    /// True where an operand that may be null was reported.
    private mutating func reportNull(
        _ operation: BinaryOperator, _ operands: [(Expression, CheckedType)]
    ) -> Bool {
        for (expression, type) in operands where type.isOptional {
            requireNotNull(type, expression, "each side of `\(operation.rawValue)`")
            return true
        }
        return false
    }

    // MARK: Order

    private mutating func order(
        _ operation: BinaryOperator, _ left: Expression, _ leftType: CheckedType, _ right: Expression,
        _ rightType: CheckedType, _ range: SourceRange
    ) {
        if reportNull(operation, [(left, leftType), (right, rightType)]) { return }
        for (expression, type) in [(left, leftType), (right, rightType)] where !type.hasOrder {
            report(.unorderedOperand(operation, described(type, expression)), expression.range)
            return
        }
        guard !leftType.overlapsKind(rightType) else { return }
        let help = operandHelp(operation, left, leftType, right, rightType)
        report(.wrongOperands(operation, leftType.asText.description, rightType.asText.description, help: help), range)
    }

    // MARK: Arithmetic

    private mutating func arithmetic(
        _ operation: BinaryOperator, _ left: Expression, _ leftType: CheckedType, _ right: Expression,
        _ rightType: CheckedType, _ range: SourceRange
    ) -> CheckedType {
        if leftType == .any || rightType == .any {
            if reportNull(operation, [(left, leftType), (right, rightType)]) { return .any }
            return halfKnown(operation, left, leftType, right, rightType, range)
        }
        if leftType == .never || rightType == .never { return .never }
        if reportNull(operation, [(left, leftType), (right, rightType)]) { return .any }
        var result = CheckedType.never
        var isRight = false
        let (ones, others) = (leftType.members, rightType.members)
        var partners = (left: Set<Int>(), right: Set<Int>())
        for (leftIndex, one) in ones.enumerated() {
            for (rightIndex, other) in others.enumerated() {
                guard let type = CheckedType.result(operation, one, other) else { continue }
                isRight = true
                partners.left.insert(leftIndex)
                partners.right.insert(rightIndex)
                result = result.joined(type)
            }
        }
        let isWrong =
            (leftType.isDeclared && partners.left.count < ones.count)
            || (rightType.isDeclared && partners.right.count < others.count)
        if isRight, !isWrong { return result }
        let help = operandHelp(operation, left, leftType, right, rightType)
        let types = (leftType.asText.description, rightType.asText.description)
        report(.wrongOperands(operation, types.0, types.1, help: help), range)
        return .any
    }

    /// One operand is not known: the other may be of a type that the operator takes with nothing.
    private mutating func halfKnown(
        _ operation: BinaryOperator, _ left: Expression, _ leftType: CheckedType, _ right: Expression,
        _ rightType: CheckedType, _ range: SourceRange
    ) -> CheckedType {
        let (known, expression) = leftType == .any ? (rightType, right) : (leftType, left)
        if known == .any || known == .never { return .any }
        let partners: [CheckedType] = [
            .int, .float, .str, .plain(.duration), .plain(.size), .list(.any),
        ]
        let isUseful = known.members.contains { member in
            member == .any
                || partners.contains {
                    CheckedType.result(operation, member, $0) != nil || CheckedType.result(operation, $0, member) != nil
                }
        }
        if isUseful { return .any }
        let expected = operation == .add ? "a number, Str, List, Duration or Size" : "a number, Duration or Size"
        let help = operandHelp(operation, left, leftType, right, rightType)
        report(
            .wrongType(
                "each side of `\(operation.rawValue)`", expected: expected, got: described(known, expression),
                help: help),
            expression.range)
        return .any
    }

    func operandHelp(
        _ operation: BinaryOperator, _ left: Expression, _ leftType: CheckedType, _ right: Expression,
        _ rightType: CheckedType
    ) -> String? {
        if leftType.isNull || rightType.isNull { return "give a value in place of null with `??`" }
        let (one, other) = (leftType.asText, rightType.asText)
        if one == .int, other == .float { return "write `Float(\(shortText(left.range)))`" }
        if one == .float, other == .int { return "write `Float(\(shortText(right.range)))`" }
        if operation == .multiply, one == .str || other == .str { return "repeat text with `.repeat(n)`" }
        for (text, textType, value, type) in [(left, one, right, other), (right, other, left, one)] {
            if textType == .str { return textHelp(operation, text, value, type) }
            if textType == .int, type == .plain(.duration) {
                return "write the number with a unit: `\(shortText(text.range))s`"
            }
            if textType == .int, type == .plain(.size) {
                return "write the number with a unit: `\(shortText(text.range))MB`"
            }
        }
        if operation == .add {
            if case .list = one { return "put the single value in brackets: `xs + [\(shortText(right.range))]`" }
            if case .list = other { return "put the single value in brackets: `[\(shortText(left.range))] + xs`" }
            if case .map = one, case .map = other { return "join maps with `.merge(…)`" }
            if one == .plain(.version), other == .int { return "raise a part of a version with `.bump(\"minor\")`" }
        }
        return nil
    }

    private func textHelp(
        _ operation: BinaryOperator, _ text: Expression, _ value: Expression, _ type: CheckedType
    ) -> String? {
        var numeric: String?
        if case .string(let content) = text.kind {
            if type == .int, (try? parseInt(content)) != nil { numeric = "Int(\(quoted(content)))" }
            if type == .float, (try? parseFloat(content)) != nil { numeric = "Float(\(quoted(content)))" }
        }
        if operation != .add {
            if let numeric { return "write `\(numeric)`" }
            var isReadable = type == .plain(.version) || type == .int || type == .float
            if case .string(let content) = text.kind { isReadable = type.canBeRead(from: content) }
            return isReadable ? "write `\(type.description)(\(shortText(text.range)))`" : nil
        }
        switch type {
        case .plain(.secret): return "interpolate it: `\"…${secret}\"`, which is a Secret again"
        case .function: return "call it: `f()`"
        case .list: return "make one text of it with `.join(\", \")`"
        default: break
        }
        let conversion = "`Str(\(shortText(value.range)))`, or interpolate: `\"…${x}\"`"
        return "to join texts write \(conversion)" + (numeric.map { "; to calculate write `\($0)`" } ?? "")
    }
}

extension CheckedType {
    /// True where it may be something that has an order.
    var hasOrder: Bool {
        switch self {
        case .any, .never, .literal: true
        case .plain(let plain):
            switch plain {
            case .int, .float, .str, .version, .duration, .size: true
            default: false
            }
        case .list, .map, .function: false
        case .union(let members, let isDeclared):
            isDeclared ? members.allSatisfy(\.hasOrder) : members.contains(where: \.hasOrder)
        }
    }

    /// True where values of the two may be put in order: text with any other text.
    func overlapsKind(_ other: CheckedType) -> Bool {
        func kinds(_ type: CheckedType) -> [CheckedType] { type.members.map(\.widened) }
        let (one, two) = (kinds(self), kinds(other))
        if one.contains(.any) || two.contains(.any) || one.isEmpty || two.isEmpty { return true }
        if isDeclared, !one.allSatisfy(two.contains) { return false }
        if other.isDeclared, !two.allSatisfy(one.contains) { return false }
        return one.contains(where: two.contains)
    }

    /// The type of an operation on two types; nil where there is none.
    fileprivate static func result(
        _ operation: BinaryOperator, _ left: CheckedType, _ right: CheckedType
    ) -> CheckedType? {
        switch (left, right) {
        case (.any, _), (_, .any): return .any
        case (.literal, .plain(.str)), (.plain(.str), .literal), (.literal, .literal), (.plain(.str), .plain(.str)):
            return operation == .add ? .str : nil
        case (.list(let one), .list(let other)): return operation == .add ? .list(one.joined(other)) : nil
        case (.plain(.int), .plain(.int)), (.plain(.float), .plain(.float)): return left
        case (.plain(let one), .plain(let other)): return amounts(operation, one, other)
        default: return nil
        }
    }

    private static func amounts(_ operation: BinaryOperator, _ left: PlainType, _ right: PlainType) -> CheckedType? {
        let isNumber: (PlainType) -> Bool = { $0 == .int || $0 == .float }
        let isAmount: (PlainType) -> Bool = { $0 == .duration || $0 == .size }
        switch operation {
        case .add, .subtract: return left == right && isAmount(left) ? .plain(left) : nil
        case .multiply:
            if isAmount(left), isNumber(right) { return .plain(left) }
            return isNumber(left) && isAmount(right) ? .plain(right) : nil
        case .divide:
            if isAmount(left), isNumber(right) { return .plain(left) }
            return left == right && isAmount(left) ? .float : nil
        default: return nil
        }
    }
}
