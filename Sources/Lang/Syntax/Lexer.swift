/// Turns text into tokens, one at a time. What a newline means is left to the parser (`Token.startsLine`), which knows
/// the brackets; so is the switch to the inside of strings and commands, whose lexers are extensions of this one.
/// A value: looking ahead is lexing a copy.
struct Lexer: Sendable {
    let bytes: [UInt8]
    /// Where the next token is looked for.
    var position: Int
    /// The `##` lines right above the last token.
    private(set) var documentation: SourceRange?
    /// Why the last token is `.invalid`.
    var problem: Message?
    /// Mistakes inside strings and commands that need not stop the parser, which takes them over.
    var findings: [SyntaxError] = []
    /// True once a command holds something that only a shell understands: one message for each command is enough.
    var hasFoundShellism = false
    /// How many words of a command were just `{`, each a mistake, so that their `}` are not taken for its end.
    var loneBraces = 0
    /// One more than the parser reports, so that it sees that there are too many.
    private static let maximumFindings = Parser.maximumErrors + 1

    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The byte at an offset, zero past the end.
    func byte(_ offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

    func text(_ start: Int, _ end: Int) -> String { String(decoding: bytes[start..<end], as: UTF8.self) }

    func hasPrefix(_ prefix: StaticString, at offset: Int) -> Bool {
        guard offset + prefix.utf8CodeUnitCount <= bytes.count else { return false }
        return prefix.withUTF8Buffer { buffer in
            for (index, byte) in buffer.enumerated() where bytes[offset + index] != byte { return false }
            return true
        }
    }

    mutating func next() -> Token {
        let startsLine = skipTrivia()
        let start = position
        problem = nil
        guard start < bytes.count else {
            return Token(kind: .endOfFile, range: SourceRange(start, start), startsLine: true)
        }
        let kind = scan(bytes[start])
        return Token(kind: kind, range: SourceRange(start, position), startsLine: startsLine)
    }

    private mutating func scan(_ first: UInt8) -> Token.Kind {
        if first.isNameStart { return scanWord() }
        if first.isDigit { return scanNumber() }
        if let (kind, length) = punctuation(first) {
            position += length
            return kind
        }
        return scanUnknown()
    }

    private mutating func scanWord() -> Token.Kind {
        let start = position
        while byte(position).isNamePart { position += 1 }
        guard (2...11).contains(position - start) else { return .name }
        return Token.Kind.keywords[text(start, position)] ?? .name
    }

    /// Takes as much of what cannot be read as stands together, so that junk gives one token.
    private mutating func scanUnknown() -> Token.Kind {
        problem = .unexpectedCharacter(firstScalar)
        position += 1
        while position < bytes.count, !bytes[position].isTokenByte { position += 1 }
        return .invalid
    }

    private var firstScalar: Unicode.Scalar {
        text(position, min(position + 4, bytes.count)).unicodeScalars.first ?? "\u{FFFD}"
    }

    /// Skips blanks and comments; true if a line ended. Remembers the `##` lines that stand directly above.
    private mutating func skipTrivia() -> Bool {
        documentation = nil
        var endedLine = position == 0
        var isLineEmpty = endedLine
        while position < bytes.count {
            switch bytes[position] {
            case .space, .tab, .carriageReturn:
                position += 1
            case .newline:
                if isLineEmpty { documentation = nil }
                endedLine = true
                isLineEmpty = true
                position += 1
            case .hash:
                let start = position
                skipLine()
                if isLineEmpty, isDocumentation(at: start) {
                    documentation = SourceRange(documentation?.start ?? start, position)
                }
                isLineEmpty = false
            default:
                return endedLine
            }
        }
        return true
    }

    /// `##`, but not `###…`, which is a ruler.
    func isDocumentation(at offset: Int) -> Bool {
        byte(offset) == .hash && byte(offset + 1) == .hash && byte(offset + 2) != .hash
    }

    /// Notes a mistake, unless it touches the one before or there are more of them than anybody reads.
    mutating func find(_ message: @autoclosure () -> Message, _ range: SourceRange) {
        guard findings.count < Lexer.maximumFindings, findings.last?.range.end != range.start else { return }
        findings.append(SyntaxError(message(), range))
    }

    mutating func skipLine() {
        while position < bytes.count, bytes[position] != .newline { position += 1 }
    }
}
