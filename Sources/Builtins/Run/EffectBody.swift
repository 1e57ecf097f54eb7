package import Lang

/// An effect with its arguments read: nothing in it belongs to the machine any more, so it may run anywhere.
package struct PreparedEffect: Sendable {
    /// Gives the language's value when called on the machine's side.
    package typealias Outcome = @Sendable () -> Value

    /// What a person would type to do the same; empty for what changes nothing.
    package let commands: @Sendable (World) async throws -> [String]
    /// What a dry run goes on with; nil from it means the value is unknown. Nil for effects that a dry run performs.
    package let planned: (@Sendable (World) async throws -> Outcome?)?
    /// Where it depends on the arguments; nil means that of the signature.
    package var effect: Effect? = nil
    package let perform: @Sendable (World) async throws -> Outcome
    /// What a dry run looks for.
    package var requirements: [Requirement] = []
    /// Looks at what is there before the change, and tells how to go back to that. Nil for what cannot be taken back.
    package var inverses: (@Sendable (World) async throws -> [Inverse])? = nil
    /// As `perform`, and adds to those inverses what the result tells of what was made. Nil where it tells nothing.
    package var performUndoably: (@Sendable (World, [Inverse]) async throws -> (Outcome, [Inverse]))? = nil
    /// What came of it, where it has been made already; nil from it means that it has not. Nil where only the inverses tell.
    package var found: (@Sendable (World, [Inverse]) async throws -> Outcome?)? = nil
}

/// A builtin's effect: reads its arguments, then can be shown or performed.
package struct EffectBody: EffectDefinition {
    package let prepare: @Sendable ([Value]) throws -> PreparedEffect
}
