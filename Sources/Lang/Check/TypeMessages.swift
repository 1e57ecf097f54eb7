// What the checker can find, one declaration per mistake: "X must be Y, but is Z", and what to do.

// MARK: - Types

extension Message {
    /// `what` is the place: `x`, ``argument `tag` of `publish` ``, ``the result of `publish` ``. `type` is what is
    /// expected where that is told in other words.
    static func wrongType(
        _ what: String, expected: String, type: String? = nil, got: String, help: String?, replacement: String? = nil
    ) -> Message {
        Message(
            "\(what) must be \(expected), but is \(got)", help: help, expected: type ?? expected,
            replacement: replacement)
    }

    /// A value that may be null, or is, where null must not be.
    static func possiblyNull(_ what: String, isCertain: Bool = false, help: String) -> Message {
        Message("\(what) must not be null, but \(isCertain ? "is" : "may be")", help: help)
    }

    static func wrongOperands(_ operation: BinaryOperator, _ left: String, _ right: String, help: String?) -> Message {
        Message("both sides of `\(operation.rawValue)` must go together, but are \(left) and \(right)", help: help)
    }

    static func unorderedOperand(_ operation: BinaryOperator, _ type: String) -> Message {
        Message(
            "what `\(operation.rawValue)` puts in order must be Int, Float, Str, Version, Duration or Size, but is \(type)"
        )
    }

    package static func nothingToCompare(_ builtin: String) -> Message {
        Message("`\(builtin)` must be given values to compare, but is given none")
    }

    package static func listToCompare(_ builtin: String) -> Message {
        Message(
            "`\(builtin)` must be given the values themselves, but is given a List", help: "write `xs.\(builtin)()`")
    }

    /// Values that `min`, `max` and `sort` put in order. `what` is where they stand.
    static func mixedOrder(_ what: String, _ left: String, _ right: String, help: String?) -> Message {
        Message("\(what) must be of one type, but are \(left) and \(right)", help: help)
    }

    static func wrongCondition(_ got: String, help: String?) -> Message {
        Message("a condition must be Bool, but is \(got)", help: help, expected: "Bool")
    }

    static func wrongSequence(_ got: String, help: String?) -> Message {
        Message(
            "`for` must go over a List, Map or Range, but this is \(got)", help: help, expected: "List | Map | Range")
    }

    static func numberedRange(_ range: String) -> Message {
        Message(
            "`for` with two names must go over a List or Map, but this is Range",
            help: "its items are numbers already: use one name, or write `(\(range)).to_list()`",
            expected: "List | Map", replacement: range == "…" ? nil : "(\(range)).to_list()")
    }

    static func wrongContainer(_ got: String) -> Message {
        Message("the right side of `in` must be a List, Map, Range or Str, but is \(got)")
    }

    /// `expected` is what `type` is called in a sentence.
    static func wrongIndex(
        _ base: String, expected: String, type: String, got: String, help: String?
    ) -> Message {
        Message("what a \(base) is indexed with must be \(expected), but is \(got)", help: help, expected: type)
    }

    static func indexOfValue(_ got: String, help: String?) -> Message {
        Message("what is indexed must be a List, Map or Str, but is \(got)", help: help)
    }

    static func changeOfUnchangeable(_ got: String, help: String?) -> Message {
        Message("what is changed in place must be a List or Map, but is \(got)", help: help)
    }

    static func callOfValue(_ got: String, help: String?) -> Message {
        Message("what is called must be a function, but is \(got)", help: help)
    }

    /// A function that a method cannot call: it `takes` another number of arguments than it is `given`.
    static func wrongFunction(of method: String, given: Int, takes: Int) -> Message {
        let example = method.hasPrefix("Map.") ? "key, value" : given == 2 ? "so_far, item" : "item"
        return Message(
            "`\(method)` calls its function with \(given) argument\(given == 1 ? "" : "s"), but this one takes \(takes)",
            help: "write `fn(\(example)) => …`")
    }

    /// A function that takes other values than a method calls it with.
    static func wrongItem(of method: String, _ parameter: String, expected: String, got: String) -> Message {
        Message(
            "`\(method)` calls its function with \(got), but `\(parameter)` must be \(expected)", expected: expected)
    }
}

// MARK: - Members

extension Message {
    static func valueWithoutMember(
        _ name: String, of type: String, help: String?, replacement: String? = nil
    ) -> Message {
        Message("\(type) has no member `\(name)`", help: help, replacement: replacement)
    }

    static func uncalledMethod(_ name: String, of type: String, takesArguments: Bool) -> Message {
        Message(
            "`\(name)` is a method of \(type) and must be called",
            help: "write `.\(name)(\(takesArguments ? "…" : ""))`", replacement: takesArguments ? nil : "\(name)()")
    }

    static func calledProperty(_ name: String, of type: String) -> Message {
        Message(
            "`\(name)` is a property of \(type) and cannot be called", help: "write `.\(name)` without parentheses")
    }

    static func missingKey(_ key: String, suggestion: String?) -> Message {
        Message(
            "the map has no key \(quoted(key))",
            help: suggestion.map { "did you mean `.\($0)`?" } ?? "`m[\(quoted(key))]` is null when it is missing",
            replacement: suggestion)
    }
}

// MARK: - Text and commands

extension Message {
    static func functionInText() -> Message {
        Message("what is interpolated must be a value, but is a function", help: "call it: `${f()}`")
    }

    static func wrongWord(_ got: String, help: String?) -> Message {
        Message("a word of a command must be text, but is \(got)", help: help)
    }

    package static func noProgram() -> Message {
        Message(
            "a command must begin with a program, but this one is empty", help: "write `run([\"git\", \"status\"])`")
    }

    static func listWithinWord() -> Message {
        Message(
            "a list must be a whole word of a command, but this is part of one",
            help: "let it stand alone, without quotes, or make one text of it with `.join(\",\")`")
    }
}

// MARK: - Match and comparisons

extension Message {
    static func missingArms(_ missing: String) -> Message {
        Message(
            "`match` must have an arm for every value, but has none for \(missing)", help: "add one, or an `else` arm")
    }

    static func unmatchableArm(_ pattern: String, subject: String?, suggestion: String?) -> Message {
        let reason = subject.map { "the value is \($0)" } ?? "an arm before it takes all of it"
        return Message(
            "\(pattern) never matches here: \(reason)", help: suggestion.map { "did you mean \($0)?" },
            replacement: suggestion)
    }

    static func neverEqual(_ left: String, _ right: String, help: String?, replacement: String? = nil) -> Message {
        Message("these are never equal: one is \(left), the other \(right)", help: help, replacement: replacement)
    }
}

// MARK: - What has no use

extension Message {
    /// `isChanged` where it is assigned to, so that its name stands in more than one place.
    static func unusedName(_ name: String, isChanged: Bool = false) -> Message {
        Message(
            "`\(name)` is not used", help: "remove it, or name it `_\(name)`",
            replacement: isChanged ? nil : "_\(name)")
    }

    static func unusedValue(help: String) -> Message {
        Message("what this gives is not used, and it does nothing else", help: help)
    }

    static func unreachableCode(after word: String) -> Message {
        Message("this is never reached, because \(word)", help: "remove it")
    }
}
