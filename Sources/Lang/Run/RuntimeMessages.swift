// What can go wrong while a program runs, one declaration per mistake: "X must be Y, but is Z", and what to do.

// MARK: - Calls

extension Message {
    package static func missingArgument(_ name: String, of function: String) -> Message {
        Message("argument `\(name)` of `\(function)` must be given", help: "add `\(name): …` to the call")
    }

    package static func wrongArgumentType(
        _ name: String, of function: String, expected: ValueType, got: Value
    ) -> Message {
        let what = name == "receiver" ? "the receiver of `\(function)`" : "argument `\(name)` of `\(function)`"
        return Message(
            "\(what) must be \(expected.description), but is \(got.described)", help: expected.conversion(of: got))
    }

    package static func wrongArgumentCount(of function: String, expected: ClosedRange<Int>, got: Int) -> Message {
        let number = expected.count == 1 ? "\(expected.lowerBound)" : "\(expected.lowerBound) to \(expected.upperBound)"
        let noun = expected == 1...1 ? "argument" : "arguments"
        return Message("`\(function)` must be called with \(number) \(noun), but has \(got)")
    }

    package static func unknownArgument(_ name: String, of function: String, suggestion: String?) -> Message {
        Message("`\(function)` has no parameter `\(name)`", help: suggestion.map { "did you mean `\($0)`?" })
    }

    package static func argumentGivenTwice(_ name: String, of function: String) -> Message {
        Message("argument `\(name)` of `\(function)` must be given once, but is given by position and by name")
    }

    package static func notCallable(_ value: Value) -> Message {
        Message("what is called must be a function, but is \(value.described)")
    }
}

// MARK: - Members, keys and indices

extension Message {
    package static func noSuchMember(_ name: String, of typeName: String, suggestion: String?) -> Message {
        Message("\(typeName) has no member `\(name)`", help: suggestion.map { "did you mean `.\($0)`?" })
    }

    package static func nullMember(_ name: String) -> Message {
        Message(
            "what stands before `.\(name)` must not be null, but is",
            help: "write `?.\(name)` for null in that case, or give a value before it with `??`")
    }

    package static func noSuchKey(_ key: String, suggestion: String?) -> Message {
        let other = suggestion.map { "did you mean `.\($0)`? " } ?? ""
        return Message(
            "the map has no key \(quoted(key))", help: other + "`m[\(quoted(key))]` is null when it is missing")
    }

    /// A place inside a map that is not there.
    package static func noSuchPlace(_ key: String, suggestion: String?) -> Message {
        Message(
            "the map must have the key \(quoted(key)) for something in it to be changed, but has not",
            help: suggestion.map { "did you mean \(quoted($0))?" } ?? "set it first: `m[\(quoted(key))] = …`")
    }

    /// `m.key = value` for a key that is not there.
    package static func noSuchKeyToChange(_ key: String, suggestion: String?) -> Message {
        Message(
            "the map has no key \(quoted(key)) to change",
            help: suggestion.map { "did you mean `.\($0)`?" } ?? "write `m[\(quoted(key))] = …` to add it")
    }

    package static func indexOutOfRange(_ index: Int, count: Int) -> Message {
        let allowed = count == 0 ? "the list is empty" : "the list has \(count) (0 to \(count - 1))"
        let help = index < 0 ? "count from the end with `xs[xs.len() - \(index.magnitude)]`" : nil
        return Message("index \(index) must be inside the list, but \(allowed)", help: help)
    }

    package static func rangeOutOfRange(_ range: Value, count: Int, of typeName: String) -> Message {
        let unit = typeName == "Str" ? "characters" : "items"
        return Message("range \(range.literal) must be inside the \(typeName), but it has \(count) \(unit)")
    }

    package static func keyType(of base: Value, key: Value, expected: String) -> Message {
        let help = base.asMap != nil && !key.isNull ? "write `Str(…)` around it" : nil
        return Message(
            "what a \(base.typeName) is indexed with must be \(expected), but is \(key.described)", help: help)
    }

    package static func stringIndex(_ index: Int) -> Message {
        Message(
            "what a Str is indexed with must be a Range, but is \(index) (Int)",
            help: "write `s[\(index)..\(index)]` for one character")
    }

    package static func notIndexable(_ value: Value) -> Message {
        let help =
            switch value.object?.tag {
            case .range: "make a list of it with `.to_list()`"
            case .domain: "its members are read with a point: `x.name`"
            default: value.isNull ? "give a value before it with `??`" : nil as String?
            }
        return Message("what is indexed must be a List, Map or Str, but is \(value.described)", help: help)
    }

    /// A place inside a value that has no places.
    package static func notChangeable(_ value: Value) -> Message {
        let help =
            switch value {
            case .object(let object) where object.tag == .string: "make a new one, for example with `.replace(…)`"
            case .object(let object) where object.tag == .domain: "make a new one with `.with(…)`"
            case .null, .missing: "set it first"
            default: nil as String?
            }
        return Message("what is changed in place must be a List or Map, but is \(value.described)", help: help)
    }
}

// MARK: - Control

extension Message {
    package static func conditionNotBool(_ value: Value) -> Message {
        let help =
            switch value {
            case .null, .missing: "compare it: `… != null`"
            case .int, .float: "compare it: `… != 0`"
            case .object(let object):
                switch object.tag {
                case .string: "compare it: `… != \"\"`"
                case .list, .map: "ask for its length: `….len() > 0`"
                case .function, .builtin: "call it: `…()`"
                case .domain where value.typeName == "CommandResult": "ask whether it succeeded: `….ok`"
                default: "compare it, or write `… != null`"
                }
            case .bool: nil as String?
            }
        return Message("a condition must be Bool, but is \(value.described)", help: help)
    }

    package static func noMatchingArm(_ value: Value) -> Message {
        Message(
            "`match` must have an arm for every value, but has none for \(value.described)", help: "add an `else` arm")
    }

    package static func notIterable(_ value: Value) -> Message {
        let help =
            switch value {
            case .int(let count): "count with a range: `0..<\(count)`"
            case .object(let object) where object.tag == .string: "take it apart with `.lines()` or `.split(\"\")`"
            case .null, .missing: "give a list in its place with `?? []`"
            default: nil as String?
            }
        return Message("`for` must go over a List, Map or Range, but this is \(value.described)", help: help)
    }

    package static func unpackCount(expected: Int, got: Int) -> Message {
        Message("the list must have \(expected) items to be taken apart into \(expected) names, but has \(got)")
    }

    package static func unpackNotList(_ value: Value) -> Message {
        Message("what is taken apart with `[…]` must be a List, but is \(value.described)")
    }

    package static func usedBeforeSet(_ name: String) -> Message {
        Message("`\(name)` must be set before it is used, but is not yet", help: "move its `let` above this")
    }

    /// `what` is the place: `x`, ``parameter `tag` of `publish` ``, ``the result of `publish` ``.
    package static func typeMismatch(_ what: String, expected: ValueType, got: Value) -> Message {
        Message(
            "\(what) must be \(expected.description), but is \(got.described)", help: expected.conversion(of: got))
    }

    package static func failed(_ text: String) -> Message { Message(text) }

    package static func failValue(_ value: Value) -> Message {
        Message("`fail` must be given a Str or an Error, but is given \(value.described)")
    }

    /// `text` is the message after the comma, or the condition as it was written.
    package static func assertionFailed(_ text: String) -> Message { Message("assertion failed: \(text)") }

    package static func timedOut(_ limit: Duration) -> Message {
        Message("this must be done in \(limit.literal), but was not", help: "allow more with `timeout(…)`")
    }

    /// A value that was read and found wrong, by what reads it.
    package static func invalidValue(_ error: ValueError) -> Message { Message(error.message, help: error.hint) }

    /// The id of that.
    package static let unreadableValue = "invalid-value"
}

extension RuntimeError {
    /// A text or number that cannot become the value it was meant to be.
    package init(_ error: ValueError) { self.init(.value, .invalidValue(error)) }
}

// MARK: - Text

extension Message {
    package static func interpolatedFunction(_ value: Value) -> Message {
        Message("what is interpolated must be a value, but is \(value.described)", help: "call it: `${f()}`")
    }

    package static func listInsideWord() -> Message {
        Message(
            "a list must be a whole word of a command, but is part of one",
            help: "let it stand alone, without quotes, or make one text of it with `.join(\",\")`")
    }

    /// A value that cannot be a word of a command, nor part of one.
    package static func wordNotText(_ value: Value) -> Message {
        let help =
            switch value {
            case .null, .missing: "give a value in its place with `??`"
            case .object(let object):
                switch object.tag {
                case .map: "pick a value of it, or list them with `.values()`"
                case .function, .builtin: "call it: `${f()}`"
                case .list: "a list inside a list is not spliced: use `.flatten()`"
                case .domain where value.typeName == "Secret":
                    "pass it in the environment (`TOKEN=${secret} program …`) or as `stdin:`"
                default: nil as String?
                }
            default: nil as String?
            }
        return Message("a word of a command must be text, but is \(value.described)", help: help)
    }

    package static func nulInWord() -> Message {
        Message("a word of a command must be text without a NUL character, but has one")
    }
}

// MARK: - Limits

extension Message {
    package static func recursionTooDeep(_ limit: Int) -> Message {
        Message("calls must nest at most \(limit) deep, but this one is deeper", help: "look for a call without an end")
    }

    /// `what` must be at most `limit`: ("a list", "50000000 items").
    package static func tooLarge(_ what: String, limit: String) -> Message {
        Message("\(what) must have at most \(limit), but would have more")
    }

    package static func cancelled() -> Message { Message("cancelled") }

    package static func workStopped() -> Message { Message("stopped") }
}

extension Value {
    /// What it is, for messages: its literal, cut where it is long, and its type.
    package var described: String {
        switch self {
        case .missing, .null: return "null"
        case .object(let object):
            switch object.tag {
            case .list: return "a List of \(asList?.count ?? 0)"
            case .map: return "a Map of \(asMap?.count ?? 0)"
            case .function, .builtin: return "a function"
            case .unknown: return "not known before run time"
            case .domain where typeName == "Secret": return "a Secret"
            default: break
            }
        default: break
        }
        if let text = asString { return ValueError.quote(text) + " (Str)" }
        let all = literal.unicodeScalars
        let start = String(all.prefix(80))
        return start + (start.unicodeScalars.count < all.count ? "…" : "") + " (\(typeName))"
    }
}

extension ValueType {
    /// How `value` becomes a value of this type, where it can.
    package func conversion(of value: Value) -> String? {
        switch self {
        case .union(let members):
            return members.lazy.compactMap { $0.conversion(of: value) }.first
        case .list(let element) where element.accepts(value) && element != .any:
            return "put it in brackets: `[…]`"
        case .str where !value.isNull:
            switch value.object?.tag {
            case .list: return "make one text of it with `.join(\", \")`"
            case .map, .function, .builtin: return nil
            case .domain where value.typeName == "Secret": return "`.reveal()` gives the text, for all to see"
            default: return "write `Str(…)`"
            }
        case .float:
            if case .int(let int) = value { return "write `Float(\(int))`" }
            return value.asString == nil ? nil : "write `Float(…)`"
        case .int:
            if case .float = value { return "write `.round()` or `.floor()`" }
            return value.asString == nil ? nil : "write `Int(…)`"
        case .version, .image, .digest, .path:
            return value.asString == nil ? nil : "write `\(description)(…)`"
        case .duration:
            if case .int(let int) = value { return "write it with a unit: `\(int)s`" }
            return nil
        case .size:
            if case .int(let int) = value { return "write it with a unit: `\(int)MB`" }
            return nil
        case .registry:
            return value.asString == nil ? nil : "look it up: `project.registries.get(…)`"
        default: return nil
        }
    }
}
