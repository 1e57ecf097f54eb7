package import Lang

/// What a program or a registry gave as JSON. Unlike `Value` it can be handed between tasks.
package enum JSON: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case text(String)
    case list([JSON])
    case map(OrderedMap<JSON>)

    /// Reads a JSON text.
    /// - Throws: `ValueError` where it is none.
    static func parse(_ text: String) throws -> JSON {
        var parser = JSONParser(text)
        return JSON(try parser.parse())
    }

    /// - Parameter command: what gave the text, for the error.
    static func read(_ text: String, from command: String) throws -> JSON {
        do {
            return try parse(text)
        } catch let error as ValueError {
            throw RuntimeError(.world, .unreadableJSON(command, error))
        }
    }

    private init(_ value: Value) {
        switch value {
        case .bool(let bool): self = .bool(bool)
        case .int(let int): self = .int(int)
        case .float(let float): self = .float(float)
        default:
            if let text = value.asString {
                self = .text(text)
            } else if let items = value.asList {
                self = .list(items.map(JSON.init))
            } else if let entries = value.asMap {
                self = .map(OrderedMap(entries.map { ($0, JSON($1)) }))
            } else {
                self = .null
            }
        }
    }

    /// As one line of text.
    func printed() throws -> String {
        var printer = JSONPrinter(isIndented: false)
        try printer.print(value, depth: 0)
        return printer.text
    }

    subscript(key: String) -> JSON? { map?[key] }
    var text: String? { if case .text(let text) = self { text } else { nil } }
    var list: [JSON]? { if case .list(let items) = self { items } else { nil } }
    var map: OrderedMap<JSON>? { if case .map(let entries) = self { entries } else { nil } }
}

extension JSON: Bridged {
    package static var valueType: ValueType { .any }
    /// Only gives JSON out: no builtin takes it.
    package static func from(_ value: Value) -> JSON? { nil }
    package var value: Value {
        switch self {
        case .null: .null
        case .bool(let bool): .bool(bool)
        case .int(let int): .int(int)
        case .float(let float): .float(float)
        case .text(let text): .string(text)
        case .list(let items): items.value
        case .map(let entries): entries.value
        }
    }
}
