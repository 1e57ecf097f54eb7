/// Whether what has been typed so far can be run, or goes on in the next line.
package enum InputState: Sendable, Equatable {
    case empty
    /// A bracket, a string or an expression is open.
    case unfinished
    /// It may still have mistakes.
    case complete

    package init(_ text: String) {
        let file = SourceFile(name: "", text: text)
        let (tree, diagnostics) = Parser.parse(file)
        if diagnostics.isEmpty, tree.body.statements.isEmpty {
            self = .empty
        } else if let first = diagnostics.first(where: { $0.severity == .error }), first.message.isIncomplete {
            self = .unfinished
        } else {
            self = .complete
        }
    }
}
