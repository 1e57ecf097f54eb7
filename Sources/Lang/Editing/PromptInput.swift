/// True for a word of the language, which can be no name.
package func isKeyword(_ word: String) -> Bool { Token.Kind.keywords[word] != nil }

/// One input of a prompt, taken apart for a recipe that is made of several.
package struct PromptInput: Sendable {
    package enum Kind: Sendable {
        case `import`(path: String, name: String)
        /// `fn`, `recipe`
        case declaration(name: String)
        /// A `let` or `var` of one name.
        case variable(name: String, isVariable: Bool)
        /// Something that gives a name another value, or a part of one.
        case assignment
        /// Anything else that is done.
        case statement
        /// A value that stands alone.
        case value
    }

    package struct Part: Sendable {
        package let kind: Kind
        package let text: String
        package let range: SourceRange
        /// The names it mentions.
        package let mentions: Set<String>
        /// The names it declares.
        package let declares: [String]
        /// As `text`, but assigning to the name instead of declaring it; for `.variable`.
        package let assignment: String?
    }

    package let parts: [Part]

    /// - Parameters:
    ///   - last: the name that stands for `_`, the last value; nil where there is none.
    ///   - catalog: what tells methods that change their receiver.
    package init(_ text: String, last: String?, catalog: Catalog) {
        let file = SourceFile(name: "", text: text)
        let (tree, _) = Parser.parse(file)
        let assignments = Assignments(tree, mutatingNames: catalog.mutatingNames)
        let mentioned = tree.mentionedNames
        parts = tree.body.statements.map { statement in
            let range = statement.documentedRange(in: file)
            let inside = mentioned.filter { $0.range.start >= range.start && $0.range.end <= range.end }
            func text(from start: Int) -> String {
                var result: [UInt8] = []
                var position = start
                for name in inside where name.text == "_" && name.range.start >= start {
                    guard let last else { continue }
                    result += file.bytes[position..<name.range.start] + Array(last.utf8)
                    position = name.range.end
                }
                return String(decoding: result + file.bytes[position..<range.end], as: UTF8.self)
            }
            let kind: Kind
            var assignment: String?
            switch statement.kind {
            case .import(let declaration): kind = .import(path: declaration.path, name: declaration.name.text)
            case .function(let declaration): kind = .declaration(name: declaration.name.text)
            case .recipe(let declaration): kind = .declaration(name: declaration.name.text)
            case .declaration(let declaration):
                guard case .name(let name) = declaration.pattern else {
                    kind = .assignment
                    break
                }
                kind = .variable(name: name.text, isVariable: declaration.isVariable)
                assignment = "\(name.text) = " + text(from: declaration.value.range.start)
            case _ where !assignments.names(in: range).isEmpty: kind = .assignment
            case .expression(let expression): kind = expression.isDone ? .statement : .value
            default: kind = .statement
            }
            return Part(
                kind: kind, text: text(from: range.start), range: range, mentions: Set(inside.map(\.text)),
                declares: statement.declaredHere, assignment: assignment)
        }
    }

    /// True if `_` is used.
    package var usesLast: Bool { parts.contains { $0.mentions.contains("_") } }
}

extension Statement {
    fileprivate var declaredHere: [String] {
        switch kind {
        case .declaration(let declaration): declaration.pattern.names.map(\.text)
        case .function(let declaration): [declaration.name.text]
        case .recipe(let declaration): [declaration.name.text]
        default: []
        }
    }

    /// With the `##` lines above it.
    fileprivate func documentedRange(in file: SourceFile) -> SourceRange {
        var line = file.position(of: range.start).line
        var start = range.start
        while line > 1 {
            let above = file.lineRange(line - 1)
            guard file.text(above).drop(while: { $0 == " " }).hasPrefix("##") else { break }
            start = above.start
            line -= 1
        }
        return SourceRange(start, range.end)
    }
}

extension Expression {
    /// True for what is written for what it does, and not for what it gives.
    fileprivate var isDone: Bool {
        switch kind {
        case .step, .transaction, .parallel, .parallelFor, .retry, .timeout, .tryCatch, .conditional, .match: true
        default: false
        }
    }
}
