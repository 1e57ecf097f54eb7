internal import Lang

// What can be wrong with the arguments of the builtins on plain values.

extension Message {
    static func negativeCount(_ count: Int, of builtin: String) -> Message {
        Message("the count of `\(builtin)` must be 0 or more, but is \(count)")
    }

    static func emptyText(_ parameter: String, of builtin: String) -> Message {
        Message("argument `\(parameter)` of `\(builtin)` must not be empty, but is")
    }

    static func padding(_ text: String) -> Message {
        Message("what text is padded with must be one character, but is \(quoted(text))")
    }

    static func emptyList(of builtin: String) -> Message {
        Message("the list of `\(builtin)` must not be empty, but is", help: "ask first: `xs.len() > 0`")
    }

    static func insertOutOfRange(_ position: Int, count: Int) -> Message {
        Message("the place to insert at must be 0 to \(count), but is \(position)")
    }

    static func notJoinable(_ value: Value) -> Message {
        let help =
            switch value {
            case .null, .missing: "leave nulls out with `.filter(fn(x) => x != null)`"
            case .object(let object) where object.tag == .list: "make one list of it with `.flatten()`"
            case .object(let object) where object.tag == .domain: "`.reveal()` gives the text, for all to see"
            default: nil as String?
            }
        return Message("what is joined must be text, numbers or names, but one item is \(value.described)", help: help)
    }

    static func notSummable(_ value: Value) -> Message {
        Message(
            "what is summed must be numbers, Durations or Sizes, but one item is \(value.described)",
            help: value.asString == nil ? nil : "text is joined with `.join()`")
    }

    static func keyCount(_ keys: Int, items: Int) -> Message {
        Message("the keys to sort by must be as many as the items (\(items)), but are \(keys)")
    }

    static func notConvertible(_ value: Value, to type: String, from accepted: String) -> Message {
        Message("what `\(type)(…)` reads must be \(accepted), but is \(value.described)")
    }

    static func notWhole(_ float: Double) -> Message {
        Message(
            "a Float must be whole to become an Int, but is \(Value.float(float).literal)",
            help: "say how with `.round()`, `.floor()` or `.ceil()`")
    }

    static func outsideInt(_ float: Double) -> Message {
        Message("the number must fit an Int (64 bits), but is \(Value.float(float).described)")
    }

    static func secretAsText() -> Message {
        Message(
            "what `Str(…)` reads must not be a Secret, but is",
            help: "interpolate it, which gives a Secret again; `.reveal()` gives the text, for all to see")
    }

    static func versionPart(_ part: String) -> Message {
        Message("the part to raise must be \"major\", \"minor\" or \"patch\", but is \(quoted(part))")
    }

    static func jsonRefused(_ value: Value) -> Message {
        let help =
            switch value.object?.tag {
            case .range: "make a list of it with `.to_list()`"
            case .function, .builtin: "call it"
            case .domain where value.typeName == "Secret": "`.reveal()` gives the text, for all to see"
            case .domain: "make a map of the members that are wanted"
            default: nil as String?
            }
        if case .float(let float) = value {
            return Message(
                "JSON has no number for \(float.description)",
                help: "put `null` or a text in its place before it is printed")
        }
        return Message("what becomes JSON must be data, but is \(value.described)", help: help)
    }

    static func jsonTooDeep(_ limit: Int) -> Message {
        Message("what becomes JSON must nest at most \(limit) deep, but nests deeper")
    }
}
