// What the operators do, except `and`, `or` and `??`, which decide whether their right side is evaluated at all.
// Nothing is converted: operands of two types are an error that names the conversion.

/// The value of `left operation right`. An unknown operand gives an unknown value.
package func binary(
    _ operation: BinaryOperator, _ left: Value, _ right: Value
) throws(RuntimeError) -> Value {
    if let left = left.object?.string, let right = right.object?.string {
        try Work.spend(min(left.text.utf8.count, right.text.utf8.count))
        if let result = compareTexts(operation, left, right) { return .bool(result) }
    }
    switch operation {
    case .equal, .notEqual:
        switch Value.compareForEquality(left, right) {
        case .equal: return .bool(operation == .equal)
        case .different: return .bool(operation == .notEqual)
        case .unknown(let origin): return .unknown(origin)
        }
    default:
        if let origin = left.unknownOrigin ?? right.unknownOrigin { return .unknown(origin) }
    }
    switch operation {
    case .add, .subtract, .multiply, .divide, .remainder: return try arithmetic(operation, left, right)
    case .less: return .bool(try Value.compare(left, right) < 0)
    case .lessOrEqual: return .bool(try Value.compare(left, right) <= 0)
    case .greater: return .bool(try Value.compare(left, right) > 0)
    case .greaterOrEqual: return .bool(try Value.compare(left, right) >= 0)
    case .in: return try isMember(left, of: right, negated: false)
    case .notIn: return try isMember(left, of: right, negated: true)
    case .closedRange, .halfOpenRange:
        guard case .int(let lower) = left else { throw RuntimeError(.value, .rangeBound(left)) }
        guard case .int(let upper) = right else { throw RuntimeError(.value, .rangeBound(right)) }
        return .object(RangeObject(lower, upper, isInclusive: operation == .closedRange))
    case .equal, .notEqual, .and, .or, .coalesce: throw RuntimeError(.value, .operandType(operation, left))
    }
}

/// The comparisons of text; nil for other operators.
func compareTexts(_ operation: BinaryOperator, _ left: StringObject, _ right: StringObject) -> Bool? {
    if let order = quickOrder(left, right) { return operation.holds(order) }
    switch operation {
    case .equal: return sameText(left.text, right.text)
    case .notEqual: return !sameText(left.text, right.text)
    default: return operation.holds(compareText(left.text, right.text))
    }
}

/// Negative, zero or positive where the beginnings and lengths of two texts say how they are ordered.
@inline(__always)
func quickOrder(_ left: StringObject, _ right: StringObject) -> Int? {
    let (one, other) = (left.start, right.start)
    if one != other { return one < other ? -1 : 1 }
    let (size, otherSize) = (left.text.utf8.count, right.text.utf8.count)
    // The beginning is all of the shorter one, with which the other begins.
    if size <= 8 || otherSize <= 8 { return size < otherSize ? -1 : size > otherSize ? 1 : 0 }
    return left === right ? 0 : nil
}

extension BinaryOperator {
    /// Whether a comparison holds for what is negative, zero or positive; nil for other operators.
    @inline(__always)
    func holds(_ order: Int) -> Bool? {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        default: nil
        }
    }

    /// The comparisons, numbered for instructions.
    static func comparison(_ number: Int) -> BinaryOperator {
        switch number {
        case 0: .equal
        case 1: .notEqual
        case 2: .less
        case 3: .lessOrEqual
        case 4: .greater
        default: .greaterOrEqual
        }
    }

    /// Nil for what is no comparison.
    var comparisonNumber: Int? {
        switch self {
        case .equal: 0
        case .notEqual: 1
        case .less: 2
        case .lessOrEqual: 3
        case .greater: 4
        case .greaterOrEqual: 5
        default: nil
        }
    }
}

/// The value of `-operand`.
package func negate(_ operand: Value) throws(RuntimeError) -> Value {
    switch operand {
    case .int(let int):
        let (result, overflow) = (0).subtractingReportingOverflow(int)
        if overflow { throw RuntimeError(.value, .overflow("-(\(int))", typeName: "Int")) }
        return .int(result)
    case .float(let float): return .float(-float)
    default: break
    }
    if operand.isUnknown { return operand }
    switch operand.asDomain {
    case .duration(let duration)?:
        if let result = duration.scaled(by: -1) { return .domain(.duration(result)) }
        throw RuntimeError(.value, .overflow("-(\(duration.literal))", typeName: "Duration"))
    case .size(let size)?:
        if let result = size.scaled(by: -1) { return .domain(.size(result)) }
        throw RuntimeError(.value, .overflow("-(\(size.literal))", typeName: "Size"))
    default: throw RuntimeError(.value, .notNegatable(operand))
    }
}

/// The value of `not operand`.
package func logicalNot(_ operand: Value) throws(RuntimeError) -> Value {
    if operand.isUnknown { return operand }
    guard case .bool(let bool) = operand else { throw RuntimeError(.value, .notNegatedBool(operand)) }
    return .bool(!bool)
}

// MARK: - Order

extension Value {
    /// Negative, zero or positive as `left` comes before, with or after `right`; both must be of one type that has an
    /// order. Text is ordered by Unicode scalars, versions by precedence.
    package static func compare(_ left: Value, _ right: Value) throws(RuntimeError) -> Int {
        switch (left, right) {
        case (.int(let left), .int(let right)): return order(left, right)
        case (.float(let left), .float(let right)): return order(left, right)
        case (.object(let leftObject), .object(let rightObject)):
            if let left = leftObject.string, let right = rightObject.string {
                if left === right { return 0 }
                try Work.spend(min(left.text.utf8.count, right.text.utf8.count))
                return compareText(left.text, right.text)
            }
            switch (left.asDomain, right.asDomain) {
            case (.version(let left)?, .version(let right)?): return left.comparePrecedence(right)
            case (.duration(let left)?, .duration(let right)?): return order(left, right)
            case (.size(let left)?, .size(let right)?): return order(left, right)
            default: break
            }
        default: break
        }
        throw RuntimeError(.value, .notComparable(left, right))
    }

    private static func order<T: Comparable>(_ left: T, _ right: T) -> Int { left < right ? -1 : left > right ? 1 : 0 }
}

// MARK: - Membership

private func isMember(_ item: Value, of container: Value, negated: Bool) throws(RuntimeError) -> Value {
    switch container.object {
    case let list as ListObject:
        var unknownOrigin: String?
        var work = WorkCount()
        for candidate in list.items {
            try work.next()
            switch Value.compareForEquality(item, candidate) {
            case .equal: return .bool(!negated)
            case .different: continue
            case .unknown(let origin): unknownOrigin = unknownOrigin ?? origin
            }
        }
        return unknownOrigin.map(Value.unknown) ?? .bool(negated)
    case let map as MapObject:
        if let key = item.asString { return .bool((map.entries.position(of: key) != nil) != negated) }
    case let string as StringObject:
        if let part = item.asString { return .bool((try findBytes(of: part, in: string.text) != nil) != negated) }
    case let range as RangeObject:
        if case .int(let int) = item { return .bool(range.contains(int) != negated) }
    default: break
    }
    throw RuntimeError(.value, .membershipType(item, in: container))
}
