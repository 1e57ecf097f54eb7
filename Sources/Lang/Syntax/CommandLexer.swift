/// The inside of commands: `$ git push "${tag}" | tee log` is split into words here, never again.
extension Lexer {
    /// What ends a command: a `$` statement its line, a `$( … )` its parenthesis.
    enum CommandStyle { case statement, capture }

    /// What stands next inside a word.
    enum WordPiece {
        case bare(String)
        /// A quote was read; the rest of the string follows.
        case quote(Token.Kind)
        /// `${` was read; an expression follows.
        case interpolation
        case end
    }

    /// Skips what separates words: blanks, comments, `\` before a newline, and newlines inside `$( … )`.
    mutating func skipBetweenWords(_ style: CommandStyle) {
        while position < bytes.count {
            switch bytes[position] {
            case .space, .tab, .carriageReturn: position += 1
            case .newline where style == .capture: position += 1
            case .hash: skipLine()
            case .backslash where continuationLength > 0: position += continuationLength
            default: return
            }
        }
    }

    /// The length of a `\` and the newline behind it, zero if there is none.
    private var continuationLength: Int {
        if byte(position + 1) == .newline { return 2 }
        return byte(position + 1) == .carriageReturn && byte(position + 2) == .newline ? 3 : 0
    }

    /// True before the end of a command. A word that is exactly `}` ends a `$` statement; so that
    /// `f(fn(x) { $ echo })` and the arms of a match read well, a closing sign or comma may touch it.
    func isAtCommandEnd(_ style: CommandStyle) -> Bool {
        guard position < bytes.count else { return true }
        switch bytes[position] {
        case .newline: return style == .statement
        case .semicolon: return loneBraces == 0
        case UInt8(ascii: ")"): return style == .capture
        case .rightBrace where loneBraces == 0:
            let next = byte(position + 1)
            return position + 1 >= bytes.count || next.isBlank || next == .newline || ";,)]".utf8.contains(next)
        default: return false
        }
    }

    /// The next piece of a word; bare text runs to the next special sign.
    mutating func scanWordPiece(_ style: CommandStyle, isFirst: Bool) -> WordPiece {
        var text = ""
        var isFirst = isFirst
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case .semicolon where loneBraces > 0:
                scanBareRun(style, isFirst: isFirst, into: &text)
            case .space, .tab, .carriageReturn, .newline, .semicolon, .bar:
                return text.isEmpty ? .end : .bare(text)
            case UInt8(ascii: ")") where style == .capture:
                return text.isEmpty ? .end : .bare(text)
            case .backslash where continuationLength > 0:
                position += continuationLength
            case .doubleQuote, .singleQuote:
                return text.isEmpty ? scanOpeningQuote() : .bare(text)
            case .dollar where self.byte(position + 1) == .leftBrace:
                if !text.isEmpty { return .bare(text) }
                position += 2
                return .interpolation
            default:
                scanBareRun(style, isFirst: isFirst, into: &text)
            }
            isFirst = false
        }
        return text.isEmpty ? .end : .bare(text)
    }

    private mutating func scanOpeningQuote() -> WordPiece {
        if bytes[position] == .singleQuote {
            position += 1
            return .quote(.rawQuote)
        }
        let isTriple = hasPrefix("\"\"\"", at: position)
        position += isTriple ? 3 : 1
        return .quote(isTriple ? .tripleQuote : .quote)
    }

    private mutating func scanBareRun(_ style: CommandStyle, isFirst: Bool, into text: inout String) {
        let start = position
        if isFirst, isAtLoneBrace { loneBraces = max(0, loneBraces + (bytes[position] == .leftBrace ? 1 : -1)) }
        if !hasFoundShellism, let (message, length) = shellism(style, isFirst: isFirst) {
            hasFoundShellism = true
            find(message, SourceRange(start, start + length))
            position += length
        } else {
            position += 1
        }
        while position < bytes.count, isPlainInWord(bytes[position]) { position += 1 }
        text += self.text(start, position)
    }

    private func isPlainInWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte.isNamePart || "-./:@%+,=^[]{}?!".utf8.contains(byte)
    }

    /// What a shell would treat specially and a command here does not: the message, and the length it is about.
    private func shellism(_ style: CommandStyle, isFirst: Bool) -> (Message, Int)? {
        let first = bytes[position]
        let second = byte(position + 1)
        switch first {
        case UInt8(ascii: ">"): return (.commandRedirection(), second == first ? 2 : 1)
        case UInt8(ascii: "<"): return (.commandInput(), second == first ? 2 : 1)
        case UInt8(ascii: "&"):
            if second == first { return (.commandList("&&"), 2) }
            return second == UInt8(ascii: ">") ? (.commandRedirection(), 2) : (.commandBackground(), 1)
        case UInt8(ascii: "*"): return (.commandGlob(), 1)
        case UInt8(ascii: "~"):
            let before = position > 0 ? bytes[position - 1] : .space
            return isFirst || before == .equals || before == .colon ? (.commandHome(), 1) : nil
        case UInt8(ascii: "`"): return (.commandBackticks(), 1)
        case .backslash: return (.commandBackslash(), 1)
        case UInt8(ascii: "("), UInt8(ascii: ")"): return (.commandParenthesis(String(Unicode.Scalar(first))), 1)
        case .leftBrace, .rightBrace:
            return isFirst && isAtLoneBrace ? (.commandBrace(String(Unicode.Scalar(first))), 1) : nil
        case .dollar: return dollarInWord(second)
        default: return first < 0x20 || first == 0x7F ? (.controlCharacter(first), 1) : nil
        }
    }

    /// True at a `{` or `}` that is a word by itself.
    private var isAtLoneBrace: Bool {
        guard bytes[position] == .leftBrace || bytes[position] == .rightBrace else { return false }
        let next = byte(position + 1)
        return next.isBlank || next == .newline || next == .semicolon || position + 1 >= bytes.count
    }

    private func dollarInWord(_ next: UInt8) -> (Message, Int)? {
        if next == UInt8(ascii: "(") { return (.commandSubstitution(), 2) }
        guard next.isNamePart || "?@*#!$".utf8.contains(next) else { return nil }
        var end = position + 2
        if next.isNameStart { while byte(end).isNamePart { end += 1 } }
        return (.commandVariable(text(position, end)), end - position)
    }

    /// Skips a `$` statement whose words do not matter.
    mutating func skipCommand() {
        while position < bytes.count {
            skipBetweenWords(.statement)
            if isAtCommandEnd(.statement) { return }
            var isFirst = true
            word: while position < bytes.count {
                switch scanWordPiece(.statement, isFirst: isFirst) {
                case .bare: break
                case .quote(let quote): skipString(quote)
                case .interpolation: skipInterpolation()
                case .end: break word
                }
                isFirst = false
            }
            if byte(position) == .bar { position += 1 }
        }
    }

    /// Skips to behind the `}` of a `${`; one that is not closed ends with its line, or with the text.
    mutating func skipInterpolation(overLines: Bool = false) {
        var braces = 0
        while position < bytes.count, overLines || bytes[position] != .newline {
            let byte = bytes[position]
            position += 1
            switch byte {
            case .leftBrace: braces += 1
            case .rightBrace:
                if braces == 0 { return }
                braces -= 1
            case .doubleQuote: skipString(.quote)
            case .singleQuote: skipString(.rawQuote)
            default: break
            }
        }
    }
}
