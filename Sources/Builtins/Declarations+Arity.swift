package import Lang

// The declarations of `Declarations.swift` once more, for the numbers of parameters that nearly every builtin has. They do the
// same; but the compiler makes code of its own for each of them, where a parameter pack is walked at run time, which costs a
// call of a small method several times what it does.

extension Builtin {
    /// A function of one argument.
    package static func pure<P: Bridged, R: Bridged>(
        _ name: String, _ summary: String, _ parameter: Parameter<P>, example: String,
        body: @escaping @Sendable (P) throws -> R
    ) -> Builtin {
        Builtin(
            describe(name, .function, .pure, summary, [parameter.signature], R.valueType, example),
            .pure { arguments in try body(parameter.read(arguments[0], of: name)).value })
    }

    /// A method without parameters.
    package static func method<Receiver: Bridged, R: Bridged>(
        _ name: String, _ summary: String, example: String, body: @escaping @Sendable (Receiver) throws -> R
    ) -> Builtin {
        Builtin(
            describe(name, .method, .pure, summary, [], R.valueType, example),
            .pure { arguments in try body(receiver(arguments, of: name)).value })
    }

    /// A method of one parameter.
    package static func method<Receiver: Bridged, P: Bridged, R: Bridged>(
        _ name: String, _ summary: String, _ parameter: Parameter<P>, example: String,
        body: @escaping @Sendable (Receiver, P) throws -> R
    ) -> Builtin {
        Builtin(
            describe(name, .method, .pure, summary, [parameter.signature], R.valueType, example),
            .pure { arguments in
                let value = try parameter.read(arguments[1], of: name)
                return try body(receiver(arguments, of: name), value).value
            })
    }

    /// A method of two parameters.
    package static func method<Receiver: Bridged, P: Bridged, Q: Bridged, R: Bridged>(
        _ name: String, _ summary: String, _ first: Parameter<P>, _ second: Parameter<Q>, example: String,
        body: @escaping @Sendable (Receiver, P, Q) throws -> R
    ) -> Builtin {
        Builtin(
            describe(name, .method, .pure, summary, [first.signature, second.signature], R.valueType, example),
            .pure { arguments in
                let values = (try first.read(arguments[1], of: name), try second.read(arguments[2], of: name))
                return try body(receiver(arguments, of: name), values.0, values.1).value
            })
    }

    /// A method that changes its receiver and has no parameters.
    package static func mutating<R: Bridged>(
        _ name: String, _ summary: String, example: String, body: @escaping @Sendable (inout Value) throws -> R
    ) -> Builtin {
        Builtin(
            describe(name, .mutatingMethod, .pure, summary, [], R.valueType, example),
            .mutating { receiver, _ in try body(&receiver).value })
    }

    /// A method of one parameter that changes its receiver.
    package static func mutating<P: Bridged, R: Bridged>(
        _ name: String, _ summary: String, _ parameter: Parameter<P>, example: String,
        body: @escaping @Sendable (inout Value, P) throws -> R
    ) -> Builtin {
        Builtin(
            describe(name, .mutatingMethod, .pure, summary, [parameter.signature], R.valueType, example),
            .mutating { receiver, arguments in
                let value = try parameter.read(arguments[0], of: name)
                return try body(&receiver, value).value
            })
    }
}
