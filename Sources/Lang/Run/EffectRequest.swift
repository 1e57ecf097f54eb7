/// Something the machine cannot do itself and hands out: it goes on when it is given an answer.
package struct EffectRequest {
    package enum Kind {
        /// A builtin with its arguments in declared order.
        case builtin(Builtin, [Value])
        case command(CommandRequest)
        /// The answer is `.proceed`, or `.value` to skip the step with the result it had.
        case enterScope(title: String, ScopeKind)
        case leaveScope(Value)
        case failScope(RuntimeError)
        /// A function that takes back what the step under way did.
        case registerUndo(FunctionObject)
        /// Functions with their arguments, to run at once; the answer is a list.
        case parallel([(FunctionObject, [Value])], limit: Int?)
        case pause(Duration, after: RuntimeError, attempt: Int, of: Int)
        case enterTimeout(Duration)
        case leaveTimeout
        /// The answer is always an error: the one given, or that the time has passed.
        case failTimeout(RuntimeError)
    }

    package let kind: Kind
    package let location: SourceLocation

    /// True for what begins something, where a run that is to stop can stop. The end of a step must be heard of.
    package var isEntry: Bool {
        switch kind {
        case .builtin, .command, .enterScope, .parallel, .pause, .enterTimeout: true
        case .leaveScope, .failScope, .registerUndo, .leaveTimeout, .failTimeout: false
        }
    }
}

/// A pipeline whose words are known.
package struct CommandRequest {
    package struct Stage: Sendable {
        package let arguments: [String]
        /// How many arguments each word of the recipe has given: a list gives one for each item.
        package let counts: [Int]
        /// Secrets are allowed here, and nowhere else in a command.
        package let environment: [(name: String, value: Secret?, text: String)]
    }
    package let stages: [Stage]
    /// `$( … )` rather than `$ …`.
    package let captures: Bool
    /// True where a word is only known at run time (in a dry run).
    package let isUnknown: Bool
}
