package import Lang

/// The members of `Int`, `Float` and `Range`, and the functions that compare numbers.
package enum NumberBuiltins {
    package static let all: [Builtin] = ints + floats + ranges + functions

    private static let ints: [Builtin] = [
        .method(
            "Int.abs", "The number without its sign.",
            example: """
                > (-3).abs()
                3
                """
        ) { (int: Int) -> Value in int < 0 ? try negate(.int(int)) : .int(int) },
        .method(
            "Int.round", "Itself.",
            example: """
                > 3.round()
                3
                """
        ) { (int: Int) -> Int in int },
        .method(
            "Int.floor", "Itself.",
            example: """
                > 3.floor()
                3
                """
        ) { (int: Int) -> Int in int },
        .method(
            "Int.ceil", "Itself.",
            example: """
                > 3.ceil()
                3
                """
        ) { (int: Int) -> Int in int },
    ]

    private static let floats: [Builtin] = [
        .method(
            "Float.abs", "The number without its sign.",
            example: """
                > (-1.5).abs()
                1.5
                """
        ) { (float: Double) -> Double in float.magnitude },
        .method(
            "Float.round", "The nearest Int; halves go away from zero.",
            example: """
                > 2.5.round()
                3
                """
        ) { (float: Double) -> Int in try wholeInt(float.rounded(.toNearestOrAwayFromZero)) },
        .method(
            "Float.floor", "The nearest Int that is not larger.",
            example: """
                > 2.7.floor()
                2
                """
        ) { (float: Double) -> Int in try wholeInt(float.rounded(.down)) },
        .method(
            "Float.ceil", "The nearest Int that is not smaller.",
            example: """
                > 2.1.ceil()
                3
                """
        ) { (float: Double) -> Int in try wholeInt(float.rounded(.up)) },
    ]

    private static let ranges: [Builtin] = [
        .method(
            "Range.len", "The number of Ints in it.",
            example: """
                > (1..3).len()
                3
                """
        ) { (range: Range) -> Int in try range.length() },
        .method(
            "Range.contains", "Whether the Int is in it.", Parameter<Int>("number", "what is looked for"),
            example: """
                > (1..3).contains(3)
                true
                """
        ) { (range: Range, number: Int) -> Bool in range.object.contains(number) },
        .method(
            "Range.to_list", "A list of its Ints.",
            example: """
                > (1..3).to_list()
                [1, 2, 3]
                """
        ) { (range: Range) -> Items in
            guard let count = range.object.count, count <= ValueLimits.listItems else {
                throw RuntimeError(.limit, ValueLimits.listMessage)
            }
            try Work.reserveList(count)
            return Items((0..<count).map { .int(range.object.lower + $0) })
        },
    ]

    private static let functions: [Builtin] = [
        .variadic(
            "min", "The smallest of its arguments.",
            example: """
                > min(3, 1, 2)
                1
                """
        ) { arguments in try extreme(arguments, .less, "min") },
        .variadic(
            "max", "The largest of its arguments.",
            example: """
                > max(1.9.0, 1.10.0)
                1.10.0
                """
        ) { arguments in try extreme(arguments, .greater, "max") },
    ]

    private static func extreme(_ arguments: [Value], _ operation: BinaryOperator, _ name: String) throws -> Value {
        guard let first = arguments.first else { throw RuntimeError(.value, .nothingToCompare(name)) }
        if arguments.count == 1, first.asList != nil { throw RuntimeError(.value, .listToCompare(name)) }
        return try arguments.extreme(operation)
    }
}

/// A `Range` as the receiver of its members.
private struct Range: Bridged {
    let object: RangeObject
    static var valueType: ValueType { .range }
    static func from(_ value: Value) -> Range? { value.object?.range.map(Range.init) }
    var value: Value { .object(object) }

    func length() throws -> Int {
        guard let count = object.count else {
            throw RuntimeError(.value, .overflow("(\(value.literal)).len()", typeName: "Int"))
        }
        return count
    }
}

/// A whole number as an Int.
func wholeInt(_ float: Double) throws -> Int {
    guard let int = Int(exactly: float) else { throw RuntimeError(.value, .outsideInt(float)) }
    return int
}
