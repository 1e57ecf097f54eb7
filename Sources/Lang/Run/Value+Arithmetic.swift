// `+ - * / %`. Results that do not fit are errors, and so is division by zero; a Float is always finite.

func arithmetic(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(RuntimeError) -> Value {
    switch (left, right) {
    case (.int(let left), .int(let right)): return try ints(operation, left, right)
    case (.float(let left), .float(let right)): return try floats(operation, left, right)
    case (.object(let leftObject), .object(let rightObject)):
        if operation == .add {
            if let result = try joined(leftObject, rightObject) { return result }
        }
    default: break
    }
    if let result = try amounts(operation, left, right) { return result }
    throw RuntimeError(.value, .operandTypes(operation, left, right))
}

private func ints(_ operation: BinaryOperator, _ left: Int, _ right: Int) throws(RuntimeError) -> Value {
    let (result, overflow) =
        switch operation {
        case .add: left.addingReportingOverflow(right)
        case .subtract: left.subtractingReportingOverflow(right)
        case .multiply: left.multipliedReportingOverflow(by: right)
        case .divide: left.dividedReportingOverflow(by: right)
        default: left.remainderReportingOverflow(dividingBy: right)
        }
    if !overflow { return .int(result) }
    let expression = "\(left) \(operation.rawValue) \(right)"
    if right == 0, operation == .divide || operation == .remainder {
        throw RuntimeError(.value, .divisionByZero(expression))
    }
    throw RuntimeError(.value, .overflow(expression, typeName: "Int"))
}

private func floats(_ operation: BinaryOperator, _ left: Double, _ right: Double) throws(RuntimeError) -> Value {
    func expression() -> String {
        "\(Value.float(left).literal) \(operation.rawValue) \(Value.float(right).literal)"
    }
    if right == 0, operation == .divide || operation == .remainder {
        throw RuntimeError(.value, .divisionByZero(expression()))
    }
    let result =
        switch operation {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide: left / right
        default: left.truncatingRemainder(dividingBy: right)
        }
    guard result.isFinite else { throw RuntimeError(.value, .overflow(expression(), typeName: "Float")) }
    return .float(result)
}

/// The longest text and list that an operator or builtin makes.
package enum ValueLimits {
    package static let textBytes = 256 << 20
    package static let listItems = 50_000_000
    package static let textMessage = Message.tooLarge("a Str", limit: "256 MiB")
    package static let listMessage = Message.tooLarge("a List", limit: "50 million items")
}

/// Text with text, list with list; nil for anything else.
private func joined(_ left: HeapObject, _ right: HeapObject) throws(RuntimeError) -> Value? {
    if let left = left.string, let right = right.string {
        try checkTextSize(left.text.utf8.count + right.text.utf8.count)
        return .string(textOf(left.text, right.text))
    }
    switch (left, right) {
    case (let left as ListObject, let right as ListObject):
        guard left.items.count + right.items.count <= ValueLimits.listItems else {
            throw RuntimeError(.limit, ValueLimits.listMessage)
        }
        try Work.reserveList(left.items.count + right.items.count)
        return .list(left.items + right.items)
    case (is StringObject, let right as DomainObject):
        if case .secret = right.domain { throw RuntimeError(.value, .secretJoined()) }
    case (let left as DomainObject, is StringObject):
        if case .secret = left.domain { throw RuntimeError(.value, .secretJoined()) }
    default: break
    }
    return nil
}

/// Durations and sizes: they add and subtract among themselves, scale by numbers, and divide into a Float.
private func amounts(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(RuntimeError) -> Value? {
    func checked(_ result: DomainValue?, _ typeName: String) throws(RuntimeError) -> Value {
        if let result { return .domain(result) }
        throw RuntimeError(
            .value, .overflow("\(left.literal) \(operation.rawValue) \(right.literal)", typeName: typeName))
    }
    func nonZero(_ isZero: Bool) throws(RuntimeError) {
        if isZero {
            throw RuntimeError(.value, .divisionByZero("\(left.literal) \(operation.rawValue) \(right.literal)"))
        }
    }
    switch (left.amount, operation, right.amount) {
    case (.duration(let left), .add, .duration(let right)):
        return try checked(left.adding(right).map(DomainValue.duration), "Duration")
    case (.duration(let left), .subtract, .duration(let right)):
        return try checked(left.subtracting(right).map(DomainValue.duration), "Duration")
    case (.duration(let left), .divide, .duration(let right)):
        try nonZero(right == .zero)
        return .float(left / right)
    case (.duration(let duration), .multiply, .int(let int)), (.int(let int), .multiply, .duration(let duration)):
        return try checked(duration.scaled(by: int).map(DomainValue.duration), "Duration")
    case (.duration(let duration), .multiply, .float(let float)),
        (.float(let float), .multiply, .duration(let duration)):
        return try checked(duration.scaled(by: float).map(DomainValue.duration), "Duration")
    case (.duration(let duration), .divide, .int(let int)):
        try nonZero(int == 0)
        return try checked(duration.divided(by: int).map(DomainValue.duration), "Duration")
    case (.duration(let duration), .divide, .float(let float)):
        try nonZero(float == 0)
        return try checked(duration.scaled(by: 1 / float).map(DomainValue.duration), "Duration")

    case (.size(let left), .add, .size(let right)):
        return try checked(left.adding(right).map(DomainValue.size), "Size")
    case (.size(let left), .subtract, .size(let right)):
        return try checked(left.subtracting(right).map(DomainValue.size), "Size")
    case (.size(let left), .divide, .size(let right)):
        try nonZero(right.bytes == 0)
        return .float(Double(left.bytes) / Double(right.bytes))
    case (.size(let size), .multiply, .int(let int)), (.int(let int), .multiply, .size(let size)):
        return try checked(size.scaled(by: int).map(DomainValue.size), "Size")
    case (.size(let size), .multiply, .float(let float)), (.float(let float), .multiply, .size(let size)):
        return try checked(size.scaled(by: float).map(DomainValue.size), "Size")
    case (.size(let size), .divide, .int(let int)):
        try nonZero(int == 0)
        return try checked(size.divided(by: int).map(DomainValue.size), "Size")
    case (.size(let size), .divide, .float(let float)):
        try nonZero(float == 0)
        return try checked(size.scaled(by: 1 / float).map(DomainValue.size), "Size")
    default: return nil
    }
}

/// What takes part in the arithmetic of amounts.
private enum Amount {
    case int(Int)
    case float(Double)
    case duration(Duration)
    case size(Size)
    case other
}

extension Value {
    fileprivate var amount: Amount {
        switch self {
        case .int(let int): return .int(int)
        case .float(let float): return .float(float)
        default:
            switch asDomain {
            case .duration(let duration)?: return .duration(duration)
            case .size(let size)?: return .size(size)
            default: return .other
            }
        }
    }
}
