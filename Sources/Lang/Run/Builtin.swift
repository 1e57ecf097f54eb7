/// Something a recipe can call that is not written in the language. Declared once, in `Sources/Builtins`.
package final class Builtin: Sendable {
    package typealias PureBody = @Sendable (Arguments) throws -> Value
    package typealias MutatingBody = @Sendable (inout Value, Arguments) throws -> Value

    package enum Implementation: Sendable {
        /// Runs inside the machine's loop. Arguments come in declared order, the receiver first; an argument that was
        /// not given is `.missing`.
        case pure(PureBody)
        /// Changes the receiver, which is handed in place.
        case mutating(MutatingBody)
        /// Handed out to the interpreter.
        case effect(any EffectDefinition)
        /// Written in the language: `fn(xs, f) { … }`, compiled when first called. This is how builtins call back into
        /// the program: the machine never recurses.
        case script(String)
    }

    /// The names of methods that the machine does itself for some receivers.
    static var directNames: Set<String> { Shortcut.names }

    package let signature: Signature
    package let implementation: Implementation
    /// How many arguments it takes, besides the receiver; and how many it must be given.
    let parameterCount: Int
    let requiredCount: Int
    let isVariadic: Bool
    let isProperty: Bool
    let shortcut: Shortcut

    package init(_ signature: Signature, _ implementation: Implementation) {
        self.signature = signature
        self.implementation = implementation
        parameterCount = signature.parameters.count
        requiredCount = 1 + (signature.parameters.lastIndex(where: \.isRequired) ?? -1)
        isVariadic = signature.isVariadic
        isProperty = signature.form == .property
        let isMethod = signature.form == .method || signature.form == .mutatingMethod
        shortcut = isMethod ? Shortcut(signature.name) : .none
    }

    /// Calls it if it is pure. Here, so that its closure is called where it stands and not copied first.
    @inline(__always)
    func callIfPure(_ arguments: Arguments) throws -> Value? {
        if case .pure(let body) = implementation { return try body(arguments) }
        return nil
    }

    /// Calls it if it changes its receiver.
    @inline(__always)
    func changeIfMutating(_ receiver: inout Value, _ arguments: Arguments) throws -> Value? {
        if case .mutating(let body) = implementation { return try body(&receiver, arguments) }
        return nil
    }

    package var name: String { signature.name }
}

/// An effect's body as the interpreter knows it; the language only carries it there.
package protocol EffectDefinition: Sendable {}
