/// What a call may do to the world. From this one fact come the dry run, the plan, the audit trail and undo.
package enum Effect: String, Sendable {
    /// Depends on its arguments alone.
    case pure
    /// Looks at the world and leaves it as it is.
    case reads
    /// Changes something outside the program.
    case changes
}

/// One parameter of something that can be called.
package struct ParameterSignature: Sendable {
    package let name: String
    package let summary: String
    package let type: ValueType
    /// What `--help` and the reference show; nil where an argument is required.
    package let defaultText: String?

    package init(name: String, summary: String, type: ValueType, defaultText: String?) {
        self.name = name
        self.summary = summary
        self.type = type
        self.defaultText = defaultText
    }

    package var isRequired: Bool { defaultText == nil }
}

/// What is known of a builtin without running it.
package struct Signature: Sendable {
    package enum Form: Sendable {
        /// `print(…)`, `docker.tag(…)`, `Version(…)`
        case function
        /// `project.name`: read without parentheses.
        case constant
        /// `xs.len()`: the first parameter is the receiver.
        case method
        /// `xs.append(1)`: changes its receiver, which must be a `var` place.
        case mutatingMethod
        /// `version.major`: read without parentheses from a receiver.
        case property
    }

    /// The dotted name: `docker.tag`, `print`, `Str.trim`.
    package let name: String
    package let form: Form
    package let effect: Effect
    package let summary: String
    /// Without the receiver for methods and properties.
    package let parameters: [ParameterSignature]
    /// True where any number of further arguments may follow (`print`, `min`).
    package let isVariadic: Bool
    package let result: ValueType
    /// A transcript: `> ` input, then what is printed. Run as a test.
    package let example: String
    /// How what it changes is taken back; empty for what changes nothing.
    package let reversals: [Reversal]
    /// What becomes of it when a run died in it; of no meaning for what changes nothing.
    package let repetition: Repetition

    package init(
        name: String, form: Form, effect: Effect, summary: String, parameters: [ParameterSignature],
        isVariadic: Bool = false, result: ValueType, example: String, reversals: [Reversal] = [],
        repetition: Repetition = .asked
    ) {
        self.name = name
        self.form = form
        self.effect = effect
        self.summary = summary
        self.parameters = parameters
        self.isVariadic = isVariadic
        self.result = result
        self.example = example
        self.reversals = reversals
        self.repetition = repetition
    }

    /// `docker.tag(source: Image, target: Image)`
    package var description: String {
        if form == .constant || form == .property { return name }
        var list = parameters.map { parameter in
            let type = parameter.type == .any ? "" : ": \(parameter.type.description)"
            return parameter.name + type + (parameter.defaultText.map { " = \($0)" } ?? "")
        }
        if isVariadic { list.append("…") }
        let arrow = result == .null || result == .any ? "" : " -> \(result.description)"
        return "\(name)(\(list.joined(separator: ", ")))\(arrow)"
    }
}
