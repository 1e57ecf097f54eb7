/// The signature of the call that the cursor is in, for one line next to it.
package struct SignatureHint: Sendable, Equatable {
    package let text: String
    /// What of it is about the argument under way, in bytes; nil where that cannot be told.
    package let current: SourceRange?

    /// Nil outside of calls, and in those of something unknown.
    package init?(_ input: String, names: PromptNames) {
        let bytes = Array(input.utf8)
        let read = Reader(bytes: bytes, names: names)
        guard let call = CursorContext(bytes).call, let callable = read.callable(call) else { return nil }
        let wanted = read.parameter(of: call)?.name
        var text = "\(callable.name)("
        var current: SourceRange?
        for (position, parameter) in callable.parameters.enumerated() {
            if position > 0 { text += ", " }
            let start = text.utf8.count
            text += parameter.isRequired ? parameter.name : "\(parameter.name)?"
            if parameter.type != .any { text += ": \(parameter.type.description)" }
            if parameter.name == wanted { current = SourceRange(start, text.utf8.count) }
        }
        text += callable.isVariadic ? "…)" : ")"
        if !callable.result.isEmpty { text += " -> \(callable.result)" }
        self.text = text
        self.current = current
    }
}
