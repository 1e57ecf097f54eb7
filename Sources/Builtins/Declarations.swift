package import Lang

/// One parameter of a builtin. The type comes from the body's own closure, so that a default of another type does not
/// compile. Two initialisers: with one and a default of nil, an optional parameter would silently be required.
package struct Parameter<T: Bridged>: Sendable {
    let name: String
    let summary: String
    let makeDefault: (@Sendable () -> T)?

    package init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
        makeDefault = nil
    }

    package init(_ name: String, _ summary: String, default value: @escaping @autoclosure @Sendable () -> T) {
        self.name = name
        self.summary = summary
        makeDefault = value
    }

    var signature: ParameterSignature {
        ParameterSignature(
            name: name, summary: summary, type: T.valueType, defaultText: makeDefault.map { $0().value.literal })
    }

    /// The Swift value of an argument.
    func read(_ value: Value, of builtin: String) throws -> T {
        if case .missing = value {
            if let makeDefault { return makeDefault() }
            throw RuntimeError(.value, .missingArgument(name, of: builtin))
        }
        if let read = try T.from(value) { return read }
        throw RuntimeError(.value, .wrongArgumentType(name, of: builtin, expected: T.valueType, got: value))
    }
}

/// All parameters of a builtin. (A type of its own: a closure that captures a pack of them directly crashes the compiler
/// of Swift 6.3.)
private struct ParameterList<each P: Bridged>: Sendable {
    let parameters: (repeat Parameter<each P>)

    init(_ parameters: repeat Parameter<each P>) {
        self.parameters = (repeat each parameters)
    }

    var signatures: [ParameterSignature] {
        var list: [ParameterSignature] = []
        repeat list.append((each parameters).signature)
        return list
    }

    /// The Swift values of arguments that come in the order of the declaration, after `skipped` others.
    func read(_ arguments: Arguments, of builtin: String, skipping skipped: Int = 0) throws -> (repeat each P) {
        var position = skipped
        func next<T>(_ parameter: Parameter<T>) throws -> T {
            defer { position += 1 }
            return try parameter.read(arguments[position], of: builtin)
        }
        return (repeat try next(each parameters))
    }

    /// As the other, for effects, whose arguments have left the machine.
    func read(_ arguments: [Value], of builtin: String) throws -> (repeat each P) {
        try Arguments.with(arguments) { try read($0, of: builtin) }
    }
}

/// What a method is called on: the first argument.
func receiver<T: Bridged>(_ arguments: Arguments, of builtin: String) throws -> T {
    if let receiver = try T.from(arguments[0]) { return receiver }
    return try Parameter<T>("receiver", "").read(arguments[0], of: builtin)
}

extension Builtin {
    /// A function of its arguments alone: runs inside the machine and is handed nothing to reach the world with.
    package static func pure<each P: Bridged, R: Bridged>(
        _ name: String, _ summary: String, _ parameters: repeat Parameter<each P>, example: String,
        body: @escaping @Sendable (repeat each P) throws -> R
    ) -> Builtin {
        let list = ParameterList(repeat each parameters)
        return Builtin(
            describe(name, .function, .pure, summary, list.signatures, R.valueType, example),
            .pure { arguments in
                let values = try list.read(arguments, of: name)
                return try body(repeat each values).value
            })
    }

    /// A pure function that takes any number of arguments.
    package static func variadic(
        _ name: String, _ summary: String, result: ValueType = .any, example: String,
        body: @escaping @Sendable ([Value]) throws -> Value
    ) -> Builtin {
        Builtin(
            Signature(
                name: name, form: .function, effect: .pure, summary: summary, parameters: [], isVariadic: true,
                result: result, example: example),
            .pure { try body($0.all) })
    }

    /// `value.name(…)`. The name is `Type.member`; the body's first parameter is the receiver.
    package static func method<Receiver: Bridged, each P: Bridged, R: Bridged>(
        _ name: String, _ summary: String, _ parameters: repeat Parameter<each P>, example: String,
        body: @escaping @Sendable (Receiver, repeat each P) throws -> R
    ) -> Builtin {
        let list = ParameterList(repeat each parameters)
        return Builtin(
            describe(name, .method, .pure, summary, list.signatures, R.valueType, example),
            .pure { arguments in
                let values = try list.read(arguments, of: name, skipping: 1)
                return try body(receiver(arguments, of: name), repeat each values).value
            })
    }

    /// `value.name(…)` that changes the value in place.
    package static func mutating<each P: Bridged, R: Bridged>(
        _ name: String, _ summary: String, _ parameters: repeat Parameter<each P>, example: String,
        body: @escaping @Sendable (inout Value, repeat each P) throws -> R
    ) -> Builtin {
        let list = ParameterList(repeat each parameters)
        return Builtin(
            describe(name, .mutatingMethod, .pure, summary, list.signatures, R.valueType, example),
            .mutating { receiver, arguments in
                let values = try list.read(arguments, of: name)
                return try body(&receiver, repeat each values).value
            })
    }

    /// `value.name`, read without parentheses.
    package static func property<Receiver: Bridged, R: Bridged>(
        _ name: String, _ summary: String, example: String, body: @escaping @Sendable (Receiver) throws -> R
    ) -> Builtin {
        Builtin(
            describe(name, .property, .pure, summary, [], R.valueType, example),
            .pure { arguments in
                try body(receiver(arguments, of: name)).value
            })
    }

    /// A method written in the language itself, which is how a builtin calls a function it is given.
    /// `source` is `fn(receiver, …) { … }`; parameters are named after the receiver.
    package static func script(
        _ name: String, _ summary: String, form: Signature.Form = .method, effect: Effect = .pure,
        parameters: [ParameterSignature], result: ValueType, example: String, reversals: [Reversal] = [],
        source: String
    ) -> Builtin {
        Builtin(describe(name, form, effect, summary, parameters, result, example, reversals), .script(source))
    }

    /// Looks at the world and leaves it as it is. Runs in a dry run too.
    package static func reads<each P: Bridged & Sendable, R: Bridged & Sendable>(
        _ name: String, _ summary: String, _ parameters: repeat Parameter<each P>, example: String,
        form: Signature.Form = .function,
        body: @escaping @Sendable (World, repeat each P) async throws -> R
    ) -> Builtin {
        let list = ParameterList(repeat each parameters)
        return Builtin(
            describe(name, form, .reads, summary, list.signatures, R.valueType, example),
            .effect(
                EffectBody { arguments in
                    let values = try list.read(arguments, of: name)
                    return PreparedEffect(
                        commands: { _ in [] },
                        planned: nil,
                        perform: { world in
                            let result = try await body(world, repeat each values)
                            return { result.value }
                        })
                }))
    }

    /// Changes something. `commands` says exactly what would be done, as a person would type it; `planned` is what a dry
    /// run goes on with where that is known (otherwise the value is unknown); `requires` is what it looks for. `inverse` looks at what is there before the
    /// change, which is how to take it back; `made` adds what the result tells of what was made. `reversals` say in words
    /// how it is taken back, or why it cannot be; `relsh explain` shows them before a run. `repeats` says what
    /// `relsh resume` does with it where its outcome is not known; `found` then gives the outcome if it was made, for
    /// what is `compared` and whose inverse cannot tell.
    package static func changes<each P: Bridged & Sendable, R: Bridged & Sendable>(
        _ name: String, _ summary: String, _ parameters: repeat Parameter<each P>, example: String,
        reversals: [Reversal],
        commands: @escaping @Sendable (World, repeat each P) async throws -> [String],
        planned: (@Sendable (World, repeat each P) async throws -> R?)? = nil,
        requires: (@Sendable (repeat each P) -> [Requirement])? = nil,
        inverse: (@Sendable (World, repeat each P) async throws -> [Inverse])? = nil,
        made: (@Sendable ([Inverse], R) -> [Inverse])? = nil,
        repeats: Repetition = .asked,
        found: (@Sendable (World, [Inverse], repeat each P) async throws -> R?)? = nil,
        body: @escaping @Sendable (World, repeat each P) async throws -> R
    ) -> Builtin {
        let list = ParameterList(repeat each parameters)
        let effect = EffectBody { arguments in
            let values = try list.read(arguments, of: name)
            var prepared = PreparedEffect(
                commands: { world in try await commands(world, repeat each values) },
                planned: { world in
                    guard let result = try await planned?(world, repeat each values) else { return nil }
                    return { result.value }
                },
                perform: { world in
                    let result = try await body(world, repeat each values)
                    return { result.value }
                })
            if let requires { prepared.requirements = requires(repeat each values) }
            if let found {
                prepared.found = { (world: World, inverses: [Inverse]) async throws -> PreparedEffect.Outcome? in
                    guard let result = try await found(world, inverses, repeat each values) else { return nil }
                    return { result.value }
                }
            }
            guard let inverse else { return prepared }
            prepared.inverses = { (world: World) async throws -> [Inverse] in
                try await inverse(world, repeat each values)
            }
            guard let made else { return prepared }
            prepared.performUndoably = {
                (world: World, inverses: [Inverse]) async throws -> (PreparedEffect.Outcome, [Inverse]) in
                let result = try await body(world, repeat each values)
                return ({ result.value }, made(inverses, result))
            }
            return prepared
        }
        var facts = reversals
        if case .some = inverse { facts.insert(.transaction, at: 0) }
        return Builtin(
            describe(name, .function, .changes, summary, list.signatures, R.valueType, example, facts, repeats),
            .effect(effect))
    }

    static func describe(
        _ name: String, _ form: Signature.Form, _ effect: Effect, _ summary: String,
        _ parameters: [ParameterSignature], _ result: ValueType, _ example: String, _ reversals: [Reversal] = [],
        _ repetition: Repetition = .asked
    ) -> Signature {
        Signature(
            name: name, form: form, effect: effect, summary: summary, parameters: parameters, result: result,
            example: example, reversals: reversals, repetition: repetition)
    }
}
