/// What is known of a value before the program runs.
///
/// Like `ValueType`, with what only the checker needs: literals on their own, the keys of a map literal, the parameters
/// of a function, and where a union comes from. A declared union was written down, in an annotation or a signature:
/// what is done with a value of it must be right for each member. One that was inferred, by putting together what two
/// branches give, only says what the value may be: what is done with it must be right for one member.
enum CheckedType: Hashable, Sendable {
    /// Nothing is known: fits everywhere.
    case any
    /// There is no value: the code before leaves.
    case never
    case plain(PlainType)
    case literal(String)
    indirect case list(CheckedType)
    indirect case map(CheckedType, MapShape?)
    case function(FunctionType?)
    case union([CheckedType], isDeclared: Bool)

    static var null: CheckedType { .plain(.null) }
    static var bool: CheckedType { .plain(.bool) }
    static var int: CheckedType { .plain(.int) }
    static var float: CheckedType { .plain(.float) }
    static var str: CheckedType { .plain(.str) }
}

/// The types without parts.
enum PlainType: UInt8, Hashable, Sendable {
    case null, bool, int, float, str, range, version, image, digest, duration, size, path, registry, secret
    case commandResult, error

    var valueType: ValueType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .str: .str
        case .range: .range
        case .version: .version
        case .image: .image
        case .digest: .digest
        case .duration: .duration
        case .size: .size
        case .path: .path
        case .registry: .registry
        case .secret: .secret
        case .commandResult: .commandResult
        case .error: .error
        }
    }
}

/// The keys of a map that stands in the program as a literal and has not changed since.
final class MapShape: Hashable, Sendable {
    let entries: [String: CheckedType]
    init(_ entries: [String: CheckedType]) { self.entries = entries }
    static func == (left: MapShape, right: MapShape) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// A function whose parameters are known.
final class FunctionType: Hashable, Sendable {
    struct Parameter: Sendable {
        let name: String
        let type: CheckedType
    }

    let shape: CallShape
    let parameters: [Parameter]
    let result: CheckedType

    init(shape: CallShape, parameters: [Parameter], result: CheckedType) {
        self.shape = shape
        self.parameters = parameters
        self.result = result
    }

    static func == (left: FunctionType, right: FunctionType) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

// MARK: - From and to types as they are written

extension CheckedType {
    /// The type that an annotation or a signature states.
    init(_ type: ValueType) {
        switch type {
        case .any: self = .any
        case .fn: self = .function(nil)
        case .list(let element): self = .list(CheckedType(element))
        case .map(let value): self = .map(CheckedType(value), nil)
        case .literal(let text): self = .literal(text)
        case .union(let members):
            let members = members.map { CheckedType($0) }
            self = members.contains(.any) ? .any : .union(members, isDeclared: true)
        case .null: self = .plain(.null)
        case .bool: self = .plain(.bool)
        case .int: self = .plain(.int)
        case .float: self = .plain(.float)
        case .str: self = .plain(.str)
        case .range: self = .plain(.range)
        case .version: self = .plain(.version)
        case .image: self = .plain(.image)
        case .digest: self = .plain(.digest)
        case .duration: self = .plain(.duration)
        case .size: self = .plain(.size)
        case .path: self = .plain(.path)
        case .registry: self = .plain(.registry)
        case .secret: self = .plain(.secret)
        case .commandResult: self = .plain(.commandResult)
        case .error: self = .plain(.error)
        }
    }

    /// The type of a builtin's parameter: an image, a digest and a path may be given as text there.
    init(parameter type: ValueType) {
        switch type {
        case .image, .digest, .path: self = .union([CheckedType(type), .str], isDeclared: true)
        case .list(let element): self = .list(CheckedType(parameter: element))
        case .map(let value): self = .map(CheckedType(parameter: value), nil)
        case .union(let members):
            let members = members.flatMap { CheckedType(parameter: $0).members }
            self = members.contains(.any) ? .any : .union(members, isDeclared: true)
        default: self = CheckedType(type)
        }
    }

    /// As it would be written.
    var valueType: ValueType {
        switch self {
        case .any, .never: .any
        case .plain(let plain): plain.valueType
        case .literal(let text): .literal(text)
        case .list(let element): .list(element.valueType)
        case .map(let value, _): .map(value.valueType)
        case .function: .fn
        case .union(let members, _): .unionOf(members.map(\.valueType))
        }
    }

    var description: String { valueType.description }

    /// The name that `type_of` gives and that members are declared under; nil where there is not one.
    var typeName: String? {
        switch self {
        case .any, .never, .union: nil
        case .plain(let plain): plain.valueType.description
        case .literal: "Str"
        case .list: "List"
        case .map: "Map"
        case .function: "Fn"
        }
    }
}
