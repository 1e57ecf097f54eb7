/// Makes a tree of a file. Recursive descent with one token in hand.
///
/// The parser has no side effects and always yields a tree. A mistake is thrown as a `SyntaxError` to the statement
/// around it (`parseStatements`), which reports it, skips to where the next statement begins and goes on, so that one
/// mistake gives one error and each statement can have its own. `parse…` returns a construct; `expect…` throws unless
/// the text goes on as it must.
///
/// Two limits make recursion safe, here and for all who walk the tree: `maximumDepth` for what is nested, and
/// `maximumHeight` for the tree as a whole, which chains such as `a + b + c` and `a.b.c` raise without nesting.
/// Depth is counted by what it costs of the stack: one for an expression and a construct such as `if`, two for a bracket
/// or block, so that 50 blocks or 66 parentheses stand in each other. A debug build needs less than 450 KB for all of
/// it (a test parses on a thread with 512 KB).
///
/// A class, because copies of its state would fill the stack of all this recursion; it lives only inside `parse`.
package final class Parser {
    package static let maximumDepth = 200
    package static let maximumHeight = 500
    /// More than these are not reported: one more says so.
    static let maximumErrors = 20
    /// The words of one command, as they are written; a list that is interpolated may have more.
    static let maximumWords = 10_000

    let file: SourceFile
    var lexer: Lexer
    var token: Token
    /// The range of the token before (of a string: all of it).
    var previous = SourceRange(0, 0)
    var context = Context()
    /// The brackets that are open here, outermost first.
    var brackets: [Bracket] = []
    /// The height of the tree that was parsed last.
    var height = 0
    private(set) var diagnostics: [Diagnostic] = []
    /// Set once there is no use in going on; the text then seems to end.
    private(set) var hasStopped = false

    /// What holds in a region of text and ends with it, also when an error ends it.
    struct Context {
        var depth = 0
        /// Inside `( )`, `[ ]` and the braces of a map a newline means nothing.
        var ignoresNewlines = false
        /// In the head of `if`, `for` and their like `{` begins the block, not a map.
        var isHead = false
        /// Inside the braces of a block, as opposed to the top level of the file.
        var isInBlock = false
        /// How many brackets were open where the statement began.
        var outerBrackets = 0
    }

    struct Bracket {
        let opener: Token.Kind
        let range: SourceRange
        var isBlock = false
    }

    /// The tree of a file and what is wrong with it, in the order found.
    package static func parse(_ file: SourceFile) -> (tree: FileTree, diagnostics: [Diagnostic]) {
        let start = FileStart(file.bytes)
        let parser = Parser(file, at: start.offset)
        if let problem = FileStart.problem(in: file.bytes) {
            parser.report(problem)
            parser.stop()
        }
        let statements = parser.parseStatements()
        let body = Block(range: SourceRange(0, file.bytes.count), statements: statements)
        let tree = FileTree(file: file, documentation: start.documentation, body: body)
        return (tree, parser.diagnostics)
    }

    private init(_ file: SourceFile, at offset: Int) {
        self.file = file
        lexer = Lexer(file.bytes, at: offset)
        token = lexer.next()
    }

    // MARK: Moving on

    func advance() {
        previous = SourceRange(token.range.start, lexer.position)
        token = lexer.next()
    }

    /// The token after the one in hand. Not to be asked while that is a quote or `$`.
    func peek() -> Token {
        var ahead = lexer
        return ahead.next()
    }

    /// Takes the token in hand if it is of this kind and no statement ended before it.
    func take(_ kind: Token.Kind) -> Bool {
        guard token.kind == kind, !isAfterLineEnd else { return false }
        advance()
        return true
    }

    /// From `start` to the end of what was taken last.
    func range(from start: Int) -> SourceRange { SourceRange(start, max(start, previous.end)) }

    func text(_ token: Token) -> String { lexer.text(token.range.start, token.range.end) }

    /// The text of the token in hand.
    var tokenText: String { text(token) }

    /// True where a newline ends the statement before the token in hand.
    var isAfterLineEnd: Bool { token.startsLine && (!context.ignoresNewlines || token.kind == .endOfFile) }

    var isAtStatementEnd: Bool {
        isAfterLineEnd || token.kind == .semicolon || token.kind == .rightBrace || token.kind == .endOfFile
    }

    // MARK: Limits

    /// Called when something nested begins; the context that holds the depth is put back by whoever set it.
    func enter(cost: Int = 1) throws(SyntaxError) {
        context.depth += cost
        if context.depth > Parser.maximumDepth { throw tooDeep() }
    }

    func leave(cost: Int = 1) { context.depth -= cost }

    /// Called when a node was made over a tree of the given height.
    func grow(_ below: Int) throws(SyntaxError) {
        height = below + 1
        if height > Parser.maximumHeight { throw tooDeep() }
    }

    private func tooDeep() -> SyntaxError {
        let error = mistake(.nestedTooDeeply())
        report(error)
        stop()
        return error
    }

    /// Makes the text seem to end here; nothing is reported any more.
    func stop() {
        hasStopped = true
        lexer.position = lexer.bytes.count
        token = lexer.next()
    }

    // MARK: Reporting

    func report(_ message: Message, _ range: SourceRange) { report(SyntaxError(message, range)) }

    /// Notes an error, unless it follows from one before: at the same place, or once more that the text ends too early.
    func report(_ error: SyntaxError) {
        if hasStopped || diagnostics.contains(where: { $0.location.range.start == error.range.start }) { return }
        if error.message.isIncomplete, diagnostics.contains(where: \.message.isIncomplete) { return }
        if diagnostics.count == Parser.maximumErrors {
            let place = SourceLocation(file: file, range: error.range)
            diagnostics.append(Diagnostic(.error, .moreFindings(nil), at: place))
            stop()
            return
        }
        let notes = error.note.map { [Diagnostic.Note($0.text, at: SourceLocation(file: file, range: $0.range))] } ?? []
        let location = SourceLocation(file: file, range: error.range)
        diagnostics.append(Diagnostic(.error, error.message, at: location, notes: notes))
    }

    /// Takes over what the lexer found inside a string or command.
    func reportFindings() {
        let findings = lexer.findings
        lexer.findings = []
        for finding in findings { report(finding) }
    }

    /// How the token in hand is called in a message.
    var tokenDescription: String {
        switch token.kind {
        case .endOfFile: "the end of the text"
        case .quote, .tripleQuote, .rawQuote: "a string"
        default: "`" + Message.shortened(tokenText) + "`"
        }
    }

    /// An error about the token in hand. The message is made in a closure of its own, which keeps it out of the frames of
    /// functions that call each other deeply.
    func mistake(_ message: @autoclosure () -> Message) -> SyntaxError { SyntaxError(message(), token.range) }

    func mistake(_ message: @autoclosure () -> Message, at range: SourceRange) -> SyntaxError {
        SyntaxError(message(), range)
    }

    /// An error about a token in hand that does not fit. A character that cannot be read speaks for itself.
    func unexpected(mayBeOnNextLine: Bool = false, _ make: (String) -> Message) -> SyntaxError {
        if token.kind == .invalid, let problem = lexer.problem { return SyntaxError(problem, token.range) }
        if token.kind == .endOfFile, let bracket = brackets.last { return unclosed(bracket) }
        if isAfterLineEnd, !mayBeOnNextLine, token.kind != .endOfFile {
            return SyntaxError(make("the end of the line"), SourceRange(previous.end, previous.end))
        }
        return SyntaxError(make(tokenDescription), token.range)
    }

    /// The text ends inside this bracket.
    func unclosed(_ bracket: Bracket) -> SyntaxError {
        let opener = lexer.text(bracket.range.start, bracket.range.end)
        if opener == "${" {
            return mistake(.unclosedInterpolation(isAtEnd: token.kind == .endOfFile), at: bracket.range)
        }
        let closer = bracket.opener.closer?.rawValue ?? ")"
        return mistake(.unclosedBracket(opener, closer, isAtEnd: token.kind == .endOfFile), at: bracket.range)
    }
}
