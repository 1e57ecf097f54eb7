internal import Lang

// How the core builtins take and give lists and maps: whole, without a look at each item.

/// A `List` of anything.
struct Items: Bridged {
    let values: [Value]
    init(_ values: [Value]) { self.values = values }
    static var valueType: ValueType { .list(.any) }
    static func from(_ value: Value) -> Items? { value.asList.map(Items.init) }
    var value: Value { .list(values) }
}

/// A `Map` of anything.
struct Entries: Bridged {
    let entries: OrderedMap<Value>
    init(_ entries: OrderedMap<Value>) { self.entries = entries }
    static var valueType: ValueType { .map(.any) }
    static func from(_ value: Value) -> Entries? { value.asMap.map(Entries.init) }
    var value: Value { .map(entries) }
}

/// A list of texts, as a result.
struct Texts: Bridged {
    let values: [Value]
    init(_ texts: [String]) { values = texts.map(Value.string) }
    /// - Parameter values: texts.
    init(values: [Value]) { self.values = values }
    static var valueType: ValueType { .list(.str) }
    static func from(_ value: Value) throws -> Texts? { try [String].from(value).map(Texts.init) }
    var value: Value { .list(values) }
}

/// A `Str` with what is known of it: its length, and its hash.
struct Text: Bridged {
    let string: StringObject
    static var valueType: ValueType { .str }
    static func from(_ value: Value) -> Text? { value.object?.string.map(Text.init) }
    var value: Value { .object(string) }
}

/// A result that is unknown in a dry run where a part that it depends on is.
enum Known<Wrapped: Bridged>: Bridged {
    case known(Wrapped)
    case unknown(origin: String)

    static var valueType: ValueType { Wrapped.valueType }
    static func from(_ value: Value) throws -> Known? {
        if let origin = value.unknownOrigin { return .unknown(origin: origin) }
        return try Wrapped.from(value).map(Known.known)
    }
    var value: Value {
        switch self {
        case .known(let wrapped): wrapped.value
        case .unknown(let origin): .unknown(origin)
        }
    }
}
