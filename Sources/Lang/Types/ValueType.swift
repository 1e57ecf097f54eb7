/// The type of a value, as annotations and signatures state it. `any` fits everything and is what unannotated code has.
package indirect enum ValueType: Sendable, Hashable {
    case any
    case null, bool, int, float, str, range, fn
    case list(ValueType)
    /// Keys are always `Str`.
    case map(ValueType)
    case version, image, digest, duration, size, path, registry, secret, commandResult, error
    /// Exactly this string, as in `"dev" | "prod"`.
    case literal(String)
    case union([ValueType])

    /// Every type that has a name of its own, by that name.
    package static let named: [(name: String, type: ValueType)] = [
        ("Any", .any), ("Null", .null), ("Bool", .bool), ("Int", .int), ("Float", .float), ("Str", .str),
        ("List", .list(.any)), ("Map", .map(.any)), ("Range", .range), ("Fn", .fn), ("Version", .version),
        ("Image", .image), ("Digest", .digest), ("Duration", .duration), ("Size", .size), ("Path", .path),
        ("Registry", .registry), ("Secret", .secret), ("CommandResult", .commandResult), ("Error", .error),
    ]

    package static func named(_ name: String) -> ValueType? {
        named.first { $0.name == name }?.type
    }

    package static func optional(_ type: ValueType) -> ValueType {
        if case .any = type { return .any }
        if case .union(let members) = type {
            return members.contains(.null) ? type : .union(members + [.null])
        }
        return type == .null ? .null : .union([type, .null])
    }

    /// As it is written in a program.
    package var description: String {
        switch self {
        case .list(.any): "List"
        case .map(.any): "Map"
        case .list(let element): "[\(element.description)]"
        case .map(let value): "{Str: \(value.description)}"
        case .literal(let text): quoted(text)
        case .union(let members): unionDescription(members)
        default: ValueType.named.first { $0.type == self }?.name ?? "Any"
        }
    }

    private func unionDescription(_ members: [ValueType]) -> String {
        let others = members.filter { $0 != .null }
        if others.count == 1, others.count < members.count, let only = others.first { return only.description + "?" }
        // Nobody reads a list of all that may be a word of a command.
        if members.count > 8 { return members.prefix(4).map(\.description).joined(separator: " | ") + " | …" }
        return members.map(\.description).joined(separator: " | ")
    }
}
