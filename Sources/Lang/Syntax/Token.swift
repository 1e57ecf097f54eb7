/// A token: what it is and where it stands. Its text is read from the file when it is needed.
struct Token: Sendable {
    let kind: Kind
    let range: SourceRange
    /// True if a line ends between the token before and this one.
    let startsLine: Bool

    /// Every kind of token; the raw value is how it is spelled, where it has one spelling.
    enum Kind: String, Sendable {
        case name, int, float, version, duration, size
        /// The opening quote alone; `Parser.parseString` reads the rest.
        case quote = "\""
        case tripleQuote = "\"\"\""
        case rawQuote = "'"
        /// `$` of a command, `$(` of a captured one; the command lexer reads the rest.
        case dollar = "$"
        case capture = "$("

        case leftParenthesis = "("
        case rightParenthesis = ")"
        case leftSquare = "["
        case rightSquare = "]"
        case leftBrace = "{"
        case rightBrace = "}"
        case comma = ","
        case semicolon = ";"
        case colon = ":"
        case dot = "."
        case optionalDot = "?."
        case question = "?"
        case closedRange = ".."
        case halfOpenRange = "..<"
        case ellipsis = "..."
        case assign = "="
        case arrow = "->"
        case doubleArrow = "=>"
        case bar = "|"
        case addAssign = "+="
        case subtractAssign = "-="
        case multiplyAssign = "*="
        case divideAssign = "/="
        case remainderAssign = "%="
        case plus = "+"
        case minus = "-"
        case star = "*"
        case slash = "/"
        case percent = "%"
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case coalesce = "??"

        case `let`, `var`, fn, `return`, `if`, `else`, `for`, `in`, `while`, `break`, `continue`, match, `try`, `catch`
        case `defer`, fail, assert, `import`, recipe, step, transaction, parallel, retry, timeout
        case and, or, not, `true`, `false`, null

        // What other languages write; known so that the message can say what to write here.
        case bang = "!"
        case andAnd = "&&"
        case orOr = "||"
        case tripleEqual = "==="
        case notTripleEqual = "!=="
        case increment = "++"
        case decrement = "--"
        case power = "**"
        case walrus = ":="

        case endOfFile
        /// A character or number that is none; `Lexer.problem` says why.
        case invalid
    }
}

extension Token.Kind {
    private static let keywordList: [Token.Kind] = [
        .let, .var, .fn, .return, .if, .else, .for, .in, .while, .break, .continue, .match, .try, .catch,
        .defer, .fail, .assert, .import, .recipe, .step, .transaction, .parallel, .retry, .timeout,
        .and, .or, .not, .true, .false, .null,
    ]
    static let keywords: [String: Token.Kind] = Dictionary(uniqueKeysWithValues: keywordList.map { ($0.rawValue, $0) })
    private static let keywordSet = Set(keywordList)

    var isKeyword: Bool { Token.Kind.keywordSet.contains(self) }
    /// A name, or a reserved word in a place where any word is a name.
    var isWord: Bool { self == .name || isKeyword }
    var isQuote: Bool { self == .quote || self == .tripleQuote || self == .rawQuote }

    var closer: Token.Kind? {
        switch self {
        case .leftParenthesis, .capture: .rightParenthesis
        case .leftSquare: .rightSquare
        case .leftBrace: .rightBrace
        default: nil
        }
    }

    var isCloser: Bool { self == .rightParenthesis || self == .rightSquare || self == .rightBrace }
}
