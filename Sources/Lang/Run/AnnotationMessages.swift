// What is wrong with a type as it is written.

extension Message {
    package static func unknownType(_ name: String, suggestion: String?) -> Message {
        let known = ValueType.named.map(\.name).joined(separator: ", ")
        return Message(
            "there is no type `\(name)`", help: suggestion.map { "did you mean `\($0)`?" } ?? "the types are \(known)",
            replacement: suggestion)
    }

    package static func mapKeysNotStr() -> Message {
        Message("the keys of a map must be Str", help: "write `{Str: …}`")
    }
}
