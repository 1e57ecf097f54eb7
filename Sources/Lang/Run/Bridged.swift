/// A Swift type that crosses into the language and back. Builtins are written with these; the signature is derived.
package protocol Bridged: SendableMetatype {
    static var valueType: ValueType { get }
    /// Nil where the value is of another type. Throws a `ValueError` where the type is right and the content is not.
    static func from(_ value: Value) throws -> Self?
    var value: Value { get }
}

extension Value: Bridged {
    package static var valueType: ValueType { .any }
    package static func from(_ value: Value) -> Value? { value }
    package var value: Value { self }
}

extension Bool: Bridged {
    package static var valueType: ValueType { .bool }
    package static func from(_ value: Value) -> Bool? { if case .bool(let bool) = value { bool } else { nil } }
    package var value: Value { .bool(self) }
}

extension Int: Bridged {
    package static var valueType: ValueType { .int }
    package static func from(_ value: Value) -> Int? { if case .int(let int) = value { int } else { nil } }
    package var value: Value { .int(self) }
}

extension Double: Bridged {
    package static var valueType: ValueType { .float }
    package static func from(_ value: Value) -> Double? { if case .float(let float) = value { float } else { nil } }
    package var value: Value { .float(self) }
}

extension String: Bridged {
    package static var valueType: ValueType { .str }
    package static func from(_ value: Value) -> String? { value.asString }
    package var value: Value { .string(self) }
}

extension Optional: Bridged where Wrapped: Bridged {
    package static var valueType: ValueType { .optional(Wrapped.valueType) }
    package static func from(_ value: Value) throws -> Wrapped?? {
        switch value {
        case .null, .missing: return .some(nil)
        default:
            guard let wrapped = try Wrapped.from(value) else { return nil }
            return .some(wrapped)
        }
    }
    package var value: Value { self?.value ?? .null }
}

extension Array: Bridged where Element: Bridged {
    package static var valueType: ValueType { .list(Element.valueType) }
    package static func from(_ value: Value) throws -> [Element]? {
        guard let items = value.asList else { return nil }
        var result: [Element] = []
        result.reserveCapacity(items.count)
        for item in items {
            guard let element = try Element.from(item) else { return nil }
            result.append(element)
        }
        return result
    }
    package var value: Value { .list(map(\.value)) }
}

extension OrderedMap: Bridged where Element: Bridged {
    package static var valueType: ValueType { .map(Element.valueType) }
    package static func from(_ value: Value) throws -> OrderedMap<Element>? {
        guard let entries = value.asMap else { return nil }
        var result = OrderedMap<Element>()
        for (key, item) in entries {
            guard let element = try Element.from(item) else { return nil }
            result[key] = element
        }
        return result
    }
    package var value: Value {
        var entries = OrderedMap<Value>()
        for (key, element) in self { entries.append(key, element.value) }
        return .map(entries)
    }
}

/// What a builtin gives that has nothing to say.
package struct Nothing: Bridged, Sendable {
    package init() {}
    package static var valueType: ValueType { .null }
    package static func from(_ value: Value) -> Nothing? { value.isNull ? Nothing() : nil }
    package var value: Value { .null }
}

/// A callable value. Only scripts (see `Builtin.Implementation.script`) can call it.
package struct Callable: Bridged {
    package let value: Value
    package static var valueType: ValueType { .fn }
    package static func from(_ value: Value) -> Callable? {
        switch value.object?.tag {
        case .function, .builtin: Callable(value: value)
        default: nil
        }
    }
}
