// What only the machine says.

extension Message {
    package static func methodNotCalled(_ name: String) -> Message {
        Message("`\(name)` is a method and must be called", help: "write `.\(name)(…)`")
    }

    package static func propertyCalled(_ name: String) -> Message {
        Message("`\(name)` is a property and cannot be called", help: "write `.\(name)` without parentheses")
    }

    package static func entryCalled(_ name: String) -> Message {
        Message(
            "`.\(name)(…)` calls a method, and a Map has none of that name",
            help: "to call the function in the entry, write `[\"\(name)\"](…)`")
    }

    package static func mutationOfTemporary(_ name: String) -> Message {
        Message(
            "`\(name)` changes a value in place and needs a `var`, but was called on a value without a name",
            help: "put the value in a `var` first")
    }

    package static func parallelLimitNotPositive(_ value: Value) -> Message {
        Message("the limit of `parallel` must be an Int above 0, but is \(value.described)")
    }

    package static func retryCountNotPositive(_ value: Value) -> Message {
        Message("`retry` must be given an Int of attempts above 0, but is given \(value.described)")
    }

    package static func negativeTime(_ what: String, _ time: Duration) -> Message {
        Message("\(what) must be a Duration not below 0s, but is \(time.literal)")
    }

    package static func emptyProgram() -> Message {
        Message("the program of a command must have a name, but is empty")
    }

    package static func unexpected(_ text: String) -> Message {
        Message("unexpected: \(text)", help: "this is a fault in relsh")
    }
}
