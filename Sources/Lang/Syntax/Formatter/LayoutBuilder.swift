/// Makes the layout of a file. The tree says what belongs together; what is written are the tokens, each of them taken
/// once and in order, and their comments with them. So a mistake here can make a file ugly but hardly wrong.
struct LayoutBuilder {
    let bytes: [UInt8]
    var layout = Layout()
    private(set) var tokens: [FormatToken]
    private(set) var position = 0
    /// The comment that ends the line of the token that was taken last. It waits for what may stand before it: a comma.
    private(set) var pendingComment: SourceRange?
    /// True until a token was added.
    private var isAtStart = true
    /// For each `{` around what is being added, outermost first, whether it belongs to a block.
    var braces: [Bool] = []
    /// How deep continued lines are indented: in the head of a block deeper than the block.
    var continuation = 1
    /// True where the list or map that comes next is all that a call is given: its brackets stand inside those.
    var isOnlyArgument = false

    static func layout(_ tree: FileTree) -> Layout {
        var builder = LayoutBuilder(bytes: tree.file.bytes, tokens: FormatTokens.read(tree.file.bytes))
        builder.addStatements(tree.body.statements)
        builder.addClosingComments()
        return builder.layout
    }

    private init(bytes: [UInt8], tokens: [FormatToken]) {
        self.bytes = bytes
        self.tokens = tokens
    }

    // MARK: Tokens

    /// The token that comes next.
    var token: FormatToken { tokens[position] }

    /// The one behind it.
    var following: FormatToken { tokens[min(position + 1, tokens.count - 1)] }

    /// Adds the token that comes next, after the comments before it.
    mutating func take() {
        addComments()
        isAtStart = false
        let token = token
        switch token.content {
        case .plain: if token.kind != .endOfFile { layout.add(.text(token.range)) }
        case .multiline(let text): layout.add(.multiline(text))
        case .command(let command): add(command, token.kind)
        }
        pass()
    }

    /// Goes on to the next token; the comment that ends the line of this one is still to be written.
    private mutating func pass() {
        pendingComment = token.trailing
        if position + 1 < tokens.count { position += 1 }
    }

    /// Adds the comma that comes next, before the comment behind the element.
    mutating func takeComma() {
        guard pendingComment != nil, token.leading.isEmpty, token.trailing == nil else { return take() }
        let comment = pendingComment
        layout.add(.sign(","))
        pass()
        pendingComment = comment
    }

    /// Leaves the separator that comes next out, where its comments can go elsewhere.
    mutating func drop() -> Bool {
        guard token.leading.isEmpty else { return false }
        // At the top of the file the `##` lines behind it would become the documentation of the file.
        if isAtStart, !following.leading.isEmpty { return false }
        if token.trailing != nil {
            let sharesLine = position > 0 && !isFirstOnLine && pendingComment == nil
            guard sharesLine else { return false }
            pass()
        } else {
            let comment = pendingComment
            pass()
            pendingComment = comment
        }
        return true
    }

    /// True if the token that comes next stands on another line than the one before it.
    private var isFirstOnLine: Bool { position == 0 || tokens[position - 1].line != token.line }

    // MARK: Comments

    /// Adds the comment that waits.
    mutating func flush() {
        guard let comment = pendingComment else { return }
        pendingComment = nil
        layout.add(.comment(comment))
    }

    /// Adds the comments before the token that comes next, each on its line.
    mutating func addComments() {
        flush()
        guard !token.leading.isEmpty else { return }
        layout.add(.newline)
        for (number, comment) in token.leading.enumerated() {
            if number > 0, comment.blankBefore { layout.add(.blankLine) }
            layout.add(.comment(comment.range))
        }
        if token.blankBefore { layout.add(.blankLine) }
        tokens[position].leading = []
    }

    /// Begins a statement, an element or an arm: here the writer may leave a line empty.
    mutating func beginItem(isFirst: Bool) {
        if !isFirst, token.leading.first?.blankBefore ?? token.blankBefore { layout.add(.blankLine) }
        addComments()
    }

    /// Adds the comments before a closing bracket, which belong inside.
    mutating func addClosingComments() {
        flush()
        if token.leading.isEmpty { return }
        if token.leading[0].blankBefore { layout.add(.blankLine) }
        tokens[position].blankBefore = false
        addComments()
    }

    /// An empty line, above the comments that stand directly above the token that comes next.
    mutating func separate() {
        let comments = token.leading
        if comments.isEmpty || token.blankBefore {
            tokens[position].blankBefore = true
            return
        }
        var first = comments.count - 1
        while first > 0, !comments[first].blankBefore { first -= 1 }
        tokens[position].leading[first].blankBefore = true
    }

    /// An empty line before all that comes next.
    mutating func separateFromNext() {
        if token.leading.isEmpty {
            tokens[position].blankBefore = true
        } else {
            tokens[position].leading[0].blankBefore = true
        }
    }

    // MARK: Breaks

    mutating func addBreak(_ group: Int, blank: Bool) {
        flush()
        layout.add(.break(group, blank: blank))
    }

    mutating func addNewline() {
        flush()
        layout.add(.newline)
    }

    /// Takes tokens with a blank between each two.
    mutating func takeWords(_ count: Int) {
        for number in 0..<count {
            if number > 0 { layout.add(.space) }
            take()
        }
    }

    mutating func takeSpaced() {
        layout.add(.space)
        take()
        layout.add(.space)
    }
}
