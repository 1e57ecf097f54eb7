extension Lexer {
    /// The longest punctuation that begins with `first`, and its length.
    func punctuation(_ first: UInt8) -> (Token.Kind, Int)? {
        let second = byte(position + 1)
        let third = byte(position + 2)
        switch first {
        case UInt8(ascii: "("): return (.leftParenthesis, 1)
        case UInt8(ascii: ")"): return (.rightParenthesis, 1)
        case UInt8(ascii: "["): return (.leftSquare, 1)
        case UInt8(ascii: "]"): return (.rightSquare, 1)
        case .leftBrace: return (.leftBrace, 1)
        case .rightBrace: return (.rightBrace, 1)
        case UInt8(ascii: ","): return (.comma, 1)
        case .semicolon: return (.semicolon, 1)
        case .bar: return second == .bar ? (.orOr, 2) : (.bar, 1)
        case .doubleQuote: return second == .doubleQuote && third == .doubleQuote ? (.tripleQuote, 3) : (.quote, 1)
        case .singleQuote: return (.rawQuote, 1)
        case .dollar: return second == UInt8(ascii: "(") ? (.capture, 2) : (.dollar, 1)
        case UInt8(ascii: "&"): return second == UInt8(ascii: "&") ? (.andAnd, 2) : nil
        case .dot: return dots(second, third)
        case UInt8(ascii: "?"):
            if second == UInt8(ascii: "?") { return (.coalesce, 2) }
            return second == .dot && third != .dot ? (.optionalDot, 2) : (.question, 1)
        default: return operatorSign(first, second, third)
        }
    }

    private func dots(_ second: UInt8, _ third: UInt8) -> (Token.Kind, Int) {
        guard second == .dot else { return (.dot, 1) }
        if third == .dot { return (.ellipsis, 3) }
        return third == UInt8(ascii: "<") ? (.halfOpenRange, 3) : (.closedRange, 2)
    }

    private func operatorSign(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> (Token.Kind, Int)? {
        let assigns = second == .equals
        switch first {
        case .equals:
            if assigns { return third == .equals ? (.tripleEqual, 3) : (.equal, 2) }
            return second == UInt8(ascii: ">") ? (.doubleArrow, 2) : (.assign, 1)
        case UInt8(ascii: "!"):
            if assigns { return third == .equals ? (.notTripleEqual, 3) : (.notEqual, 2) }
            return (.bang, 1)
        case UInt8(ascii: "<"): return assigns ? (.lessOrEqual, 2) : (.less, 1)
        case UInt8(ascii: ">"): return assigns ? (.greaterOrEqual, 2) : (.greater, 1)
        case .colon: return assigns ? (.walrus, 2) : (.colon, 1)
        case UInt8(ascii: "+"):
            if second == first { return (.increment, 2) }
            return assigns ? (.addAssign, 2) : (.plus, 1)
        case UInt8(ascii: "-"):
            if second == UInt8(ascii: ">") { return (.arrow, 2) }
            if second == first, !third.isNamePart, third != UInt8(ascii: "("), third != first { return (.decrement, 2) }
            return assigns ? (.subtractAssign, 2) : (.minus, 1)
        case UInt8(ascii: "*"):
            if second == first { return (.power, 2) }
            return assigns ? (.multiplyAssign, 2) : (.star, 1)
        case UInt8(ascii: "/"): return assigns ? (.divideAssign, 2) : (.slash, 1)
        case UInt8(ascii: "%"): return assigns ? (.remainderAssign, 2) : (.percent, 1)
        default: return nil
        }
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " "), tab = UInt8(ascii: "\t"), newline = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r"), hash = UInt8(ascii: "#"), semicolon = UInt8(ascii: ";")
    static let doubleQuote = UInt8(ascii: "\""), singleQuote = UInt8(ascii: "'"), dollar = UInt8(ascii: "$")
    static let leftBrace = UInt8(ascii: "{"), rightBrace = UInt8(ascii: "}"), backslash = UInt8(ascii: "\\")
    static let dot = UInt8(ascii: "."), colon = UInt8(ascii: ":"), bar = UInt8(ascii: "|"), equals = UInt8(ascii: "=")
    static let underscore = UInt8(ascii: "_")

    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
    var isLetter: Bool { (self | 0x20) >= UInt8(ascii: "a") && (self | 0x20) <= UInt8(ascii: "z") }
    var isNameStart: Bool { isLetter || self == .underscore }
    var isNamePart: Bool { isLetter || isDigit || self == .underscore }
    /// A blank within a line; a carriage return is one.
    var isBlank: Bool { self == .space || self == .tab || self == .carriageReturn }
    /// True for what may begin a token or end a run of junk.
    var isTokenByte: Bool {
        if isNamePart || isBlank || self == .newline { return true }
        return self > 0x20 && self < 0x7F && !"&@^~`\\".utf8.contains(self)
    }
}
