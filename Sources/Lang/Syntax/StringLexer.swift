/// The inside of strings. The parser calls these after the opening quote and after each `${…}`.
extension Lexer {
    /// Why the text of a string stopped.
    enum StringStop { case closed, interpolation, unclosed }

    /// Reads the text of a `"…"` up to and with its closing quote or the next `${`.
    mutating func scanText(into text: inout String) -> StringStop {
        while position < bytes.count {
            switch bytes[position] {
            case .doubleQuote:
                position += 1
                return .closed
            case .dollar where byte(position + 1) == .leftBrace:
                position += 2
                return .interpolation
            case .newline: return .unclosed
            case .carriageReturn where byte(position + 1) == .newline: return .unclosed
            case .backslash: scanEscape(into: &text)
            default: scanRun(into: &text)
            }
        }
        return .unclosed
    }

    /// Reads a `'…'` up to and with its closing quote. Nothing in it is special.
    mutating func scanRawText(into text: inout String) -> StringStop {
        while position < bytes.count, bytes[position] != .newline {
            if bytes[position] == .singleQuote {
                position += 1
                return .closed
            }
            if bytes[position] == .carriageReturn, byte(position + 1) == .newline { break }
            scanRun(into: &text)
        }
        return .unclosed
    }

    /// A part of a `"""` string; the indentation is taken off when all of them are known.
    enum MultilinePart {
        case text(String)
        /// A line begins; the range is that of its blanks.
        case line(SourceRange)
        case value(Expression)
    }

    /// Reads the text of a `"""` string up to and with its closing quotes or the next `${`.
    mutating func scanMultilineText(into parts: inout [MultilinePart]) -> StringStop {
        var text = ""
        defer { if !text.isEmpty { parts.append(.text(text)) } }
        while position < bytes.count {
            switch bytes[position] {
            case .doubleQuote where hasPrefix("\"\"\"", at: position):
                position += 3
                return .closed
            case .doubleQuote:
                text += "\""
                position += 1
            case .dollar where byte(position + 1) == .leftBrace:
                position += 2
                return .interpolation
            case .carriageReturn where byte(position + 1) == .newline:
                position += 1
            case .newline:
                if !text.isEmpty { parts.append(.text(text)) }
                text = ""
                position += 1
                parts.append(.line(skipIndentation()))
            case .backslash: scanEscape(into: &text)
            default: scanRun(into: &text)
            }
        }
        return .unclosed
    }

    mutating func skipIndentation() -> SourceRange {
        let start = position
        while byte(position) == .space || byte(position) == .tab { position += 1 }
        return SourceRange(start, position)
    }

    /// One step of plain text: at least one byte, up to the next that might be special.
    private mutating func scanRun(into text: inout String) {
        let start = position
        repeat {
            let byte = bytes[position]
            if byte < 0x20, byte != .tab {
                find(.controlCharacter(byte), SourceRange(position, position + 1))
            }
            position += 1
        } while position < bytes.count && !isSpecialInString(bytes[position])
        text += self.text(start, position)
    }

    private func isSpecialInString(_ byte: UInt8) -> Bool {
        switch byte {
        case .doubleQuote, .singleQuote, .dollar, .backslash, .newline, .carriageReturn: true
        default: false
        }
    }

    private mutating func scanEscape(into text: inout String) {
        let start = position
        let letter = byte(position + 1)
        position += 2
        switch letter {
        case UInt8(ascii: "n"): text += "\n"
        case UInt8(ascii: "t"): text += "\t"
        case UInt8(ascii: "r"): text += "\r"
        case .backslash, .doubleQuote, .dollar: text.unicodeScalars.append(Unicode.Scalar(letter))
        case UInt8(ascii: "u"): scanUnicodeEscape(from: start, into: &text)
        default:
            position -= 1
            let scalar = self.text(position, min(position + 4, bytes.count)).unicodeScalars.first
            let isLineEnd = scalar == nil || scalar == "\n" || scalar == "\r"
            if !isLineEnd, let scalar { position += scalar.utf8.count }
            find(.unknownEscape(isLineEnd ? nil : scalar), SourceRange(start, position))
        }
    }

    /// `\u{1F600}`
    private mutating func scanUnicodeEscape(from start: Int, into text: inout String) {
        guard byte(position) == .leftBrace else {
            find(.malformedUnicodeEscape(), SourceRange(start, position))
            return
        }
        position += 1
        let digitsStart = position
        while byte(position).isHexadecimal { position += 1 }
        let digits = position - digitsStart <= 8 ? self.text(digitsStart, position) : ""
        let isClosed = byte(position) == .rightBrace
        if isClosed { position += 1 }
        guard isClosed, let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) else {
            find(.malformedUnicodeEscape(), SourceRange(start, position))
            return
        }
        text.unicodeScalars.append(scalar)
    }
}

/// Skipping a string whose contents do not matter: when looking ahead, and when looking for the end of a broken
/// statement.
extension Lexer {
    private enum Inside {
        case text(Token.Kind)
        case code(braces: Int)
    }

    /// Skips to behind the closing quote of the string whose opening quote was just read; a string that is not
    /// closed ends with its line. Keeps its own stack, so that any nesting of `${…}` is fine.
    mutating func skipString(_ kind: Token.Kind) {
        var inside: [Inside] = [.text(kind)]
        while position < bytes.count, let innermost = inside.last {
            let byte = bytes[position]
            switch innermost {
            case .text(let quote):
                if byte == .newline, quote != .tripleQuote { return }
                skipInText(quote, byte, &inside)
            case .code(let braces):
                inside.removeLast()
                skipInCode(braces, byte, &inside)
            }
        }
    }

    private mutating func skipInText(_ quote: Token.Kind, _ byte: UInt8, _ inside: inout [Inside]) {
        position += 1
        switch byte {
        case .singleQuote where quote == .rawQuote: inside.removeLast()
        case .backslash where quote != .rawQuote && position < bytes.count && bytes[position] != .newline: position += 1
        case .dollar where quote != .rawQuote && self.byte(position) == .leftBrace:
            position += 1
            inside.append(.code(braces: 0))
        case .doubleQuote where quote == .quote: inside.removeLast()
        case .doubleQuote where quote == .tripleQuote && hasPrefix("\"\"", at: position):
            position += 2
            inside.removeLast()
        default: break
        }
    }

    private mutating func skipInCode(_ braces: Int, _ byte: UInt8, _ inside: inout [Inside]) {
        position += 1
        switch byte {
        case .leftBrace: inside.append(.code(braces: braces + 1))
        case .rightBrace: if braces > 0 { inside.append(.code(braces: braces - 1)) }
        case .newline:
            // A plain string does not run on over lines, so what follows is most likely code again.
            let isMultiline = inside.allSatisfy { if case .text(.tripleQuote) = $0 { true } else { false } }
            if isMultiline { inside.append(.code(braces: braces)) } else { inside = [] }
        case .doubleQuote:
            inside.append(.code(braces: braces))
            let isTriple = hasPrefix("\"\"", at: position)
            if isTriple { position += 2 }
            inside.append(.text(isTriple ? .tripleQuote : .quote))
        case .singleQuote:
            inside.append(.code(braces: braces))
            inside.append(.text(.rawQuote))
        default: inside.append(.code(braces: braces))
        }
    }
}
