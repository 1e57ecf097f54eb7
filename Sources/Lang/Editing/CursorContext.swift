/// What stands around the cursor: what is being typed, behind which base, in which call. Found from the tokens alone, since
/// what is being typed is hardly ever a program.
struct CursorContext {
    /// A call whose parentheses the cursor is in.
    struct CallUnderWay {
        /// What is called, as it is written: `docker.tag`, `image.with`.
        let callee: SourceRange
        var argument = 0
        /// Those given by name so far.
        var labels: [String] = []
        /// The name of the argument that the cursor is in.
        var label: String?
        /// True right behind `(` or `,`, where the name of an argument can stand.
        var isAtStart = true
    }

    enum Place {
        /// A name, or the beginning of one.
        case name
        /// Behind the dot of what this range holds.
        case member(of: SourceRange)
        /// In a string.
        case string
        /// In a string behind `import`.
        case importPath
        /// In a string that is the key of what this range holds: `m["`.
        case key(of: SourceRange)
        /// A word of a command, perhaps in quotes; those before it.
        case command([String], isQuoted: Bool)
        /// Behind `:`, `let`, or wherever else nothing can be told.
        case nothing
    }

    private(set) var place = Place.name
    /// Where what is being typed begins.
    private(set) var start = 0
    /// The innermost call around the cursor.
    private(set) var call: CallUnderWay?
    private let text: [UInt8]

    /// - Parameter text: what stands before the cursor.
    init(_ text: [UInt8]) {
        self.text = text
        start = text.count
        scan(from: 0)
    }

    private enum Open {
        case call(CallUnderWay)
        /// Brackets right behind a value.
        case index(of: SourceRange)
        case other

        var isCall: Bool { if case .call = self { true } else { false } }
    }

    private struct Seen {
        let kind: Token.Kind
        let range: SourceRange
        /// For a closer, the position of what opened it.
        var opener: Int?
    }

    private mutating func scan(from offset: Int) {
        var lexer = Lexer(text, at: offset)
        var seen: [Seen] = []
        var open: [(opener: Int, what: Open)] = []
        func callee(_ seen: [Seen]) -> SourceRange? {
            guard let last = seen.last, last.kind == .name || last.kind.isKeyword, last.kind != .in, last.kind != .if
            else {
                return nil
            }
            let first = Self.chainStart(seen, endingAt: seen.count - 1)
            return SourceRange(seen[first].range.start, last.range.end)
        }
        while true {
            let end = lexer.position
            let token = lexer.next()
            if token.kind == .endOfFile {
                // What is left is blank, or a comment, in which nothing is completed.
                if let sign = text[end...].lastIndex(of: UInt8(ascii: "#")), !text[sign...].contains(UInt8(ascii: "\n"))
                {
                    place = .nothing
                    return
                }
                break
            }
            if token.kind == .dollar || token.kind == .capture {
                if scanCommand(from: lexer.position, isCapture: token.kind == .capture, &lexer) { return }
                seen.append(Seen(kind: .name, range: SourceRange(token.range.start, lexer.position)))
                continue
            }
            if token.kind.isQuote {
                let content = lexer.position
                lexer.skipString(token.kind)
                if !Self.isClosed(text, token, end: lexer.position) {
                    finishString(content, seen, open)
                    return
                }
                seen.append(Seen(kind: .quote, range: SourceRange(token.range.start, lexer.position)))
                noteArgument(&open)
                continue
            }
            switch token.kind {
            case .leftParenthesis:
                let isAdjacent = seen.last.map { $0.range.end == token.range.start } ?? false
                if isAdjacent, let callee = callee(seen) {
                    open.append((seen.count, .call(CallUnderWay(callee: callee))))
                } else {
                    open.append((seen.count, .other))
                }
                seen.append(Seen(kind: token.kind, range: token.range))
            case .leftSquare, .leftBrace:
                noteArgument(&open)
                open.append((seen.count, Self.opened(token, seen)))
                seen.append(Seen(kind: token.kind, range: token.range))
            case .rightParenthesis, .rightSquare, .rightBrace:
                let opener = open.popLast()?.opener
                seen.append(Seen(kind: token.kind, range: token.range, opener: opener))
                noteArgument(&open)
            case .comma:
                if case .call(var call)? = open.last?.what {
                    call.argument += 1
                    call.label = nil
                    call.isAtStart = true
                    open[open.count - 1].what = .call(call)
                }
                seen.append(Seen(kind: token.kind, range: token.range))
            case .colon:
                if case .call(var call)? = open.last?.what, let name = seen.last, name.kind == .name {
                    let label = String(decoding: text[name.range.start..<name.range.end], as: UTF8.self)
                    call.label = label
                    call.labels.append(label)
                    open[open.count - 1].what = .call(call)
                }
                seen.append(Seen(kind: token.kind, range: token.range))
            default:
                // The word that the cursor stands at is what is being typed.
                if token.range.end < text.count || !token.kind.isWord { noteArgument(&open) }
                seen.append(Seen(kind: token.kind, range: token.range))
            }
        }
        finish(seen, open)
    }

    private static func opened(_ token: Token, _ seen: [Seen]) -> Open {
        guard token.kind == .leftSquare, let last = seen.last, last.range.end == token.range.start,
            last.kind == .name || last.kind.isCloser
        else { return .other }
        let first = chainStart(seen, endingAt: seen.count - 1)
        return .index(of: SourceRange(seen[first].range.start, last.range.end))
    }

    private func noteArgument(_ open: inout [(opener: Int, what: Open)]) {
        guard case .call(var call)? = open.last?.what else { return }
        call.isAtStart = false
        open[open.count - 1].what = .call(call)
    }

    /// The call that an innermost bracket belongs to, through lists that are arguments.
    private static func innermostCall(_ open: [(opener: Int, what: Open)]) -> CallUnderWay? {
        for entry in open.reversed() {
            if case .call(let call) = entry.what { return call }
        }
        return nil
    }

    private mutating func finish(_ seen: [Seen], _ open: [(opener: Int, what: Open)]) {
        call = Self.innermostCall(open)
        if open.last?.what.isCall == false { call?.isAtStart = false }
        var before = seen.count
        if let last = seen.last, last.kind.isWord, last.range.end == text.count {
            start = last.range.start
            before -= 1
        }
        guard before > 0 else { return }
        let previous = seen[before - 1]
        switch previous.kind {
        case .dot, .optionalDot:
            guard before > 1 else {
                place = .nothing
                return
            }
            let first = Self.chainStart(seen, endingAt: before - 2)
            place = .member(of: SourceRange(seen[first].range.start, seen[before - 2].range.end))
        case .let, .var, .fn, .recipe: place = .nothing
        case .name, .int, .float, .version, .duration, .size, .true, .false, .null, .quote, .rightParenthesis,
            .rightSquare, .rightBrace:
            // A value has ended; what follows on the same line is an operator.
            let isNewLine = text[previous.range.end...].contains(UInt8(ascii: "\n"))
            place = isNewLine ? .name : .nothing
        default: place = .name
        }
    }

    private mutating func finishString(_ content: Int, _ seen: [Seen], _ open: [(opener: Int, what: Open)]) {
        // In `${…}` the text is a program again.
        var depth = 0
        var code: Int?
        var offset = content
        while offset < text.count {
            if text[offset] == UInt8(ascii: "$"), offset + 1 < text.count, text[offset + 1] == UInt8(ascii: "{") {
                depth += 1
                code = offset + 2
                offset += 1
            } else if text[offset] == UInt8(ascii: "}"), depth > 0 {
                depth -= 1
                code = nil
            }
            offset += 1
        }
        if let code {
            scan(from: code)
            return
        }
        start = content
        call = Self.innermostCall(open)
        place = .string
        if seen.last?.kind == .import { place = .importPath }
        if case .index(let base)? = open.last?.what, seen.last?.kind == .leftSquare { place = .key(of: base) }
    }

    /// True where the cursor is in the command.
    private mutating func scanCommand(from offset: Int, isCapture: Bool, _ lexer: inout Lexer) -> Bool {
        var after = lexer
        after.skipCommand()
        let end = after.position
        if end < text.count {
            lexer = after
            if isCapture, end < text.count, text[end] == UInt8(ascii: ")") { lexer.position = end + 1 }
            return false
        }
        var words: [String] = []
        var word = ""
        start = text.count
        var wordStart = offset
        var quote: UInt8?
        for position in offset..<text.count {
            switch text[position] {
            case let byte where byte == quote:
                quote = nil
                word.unicodeScalars.append(Unicode.Scalar(byte))
            case let byte where quote != nil: word.unicodeScalars.append(Unicode.Scalar(byte))
            case let byte where word.isEmpty && (byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")):
                quote = byte
                word.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"):
                if !word.isEmpty { words.append(word) }
                word = ""
                wordStart = position + 1
            case UInt8(ascii: "|"):
                words = []
                word = ""
                wordStart = position + 1
            default: word.unicodeScalars.append(Unicode.Scalar(text[position]))
            }
        }
        if let range = word.firstRange(of: "${"), !word.contains("}") {
            scan(from: wordStart + word.utf8.distance(from: word.startIndex, to: range.upperBound))
            return true
        }
        start = wordStart + (quote == nil ? 0 : 1)
        place = .command(words, isQuoted: quote != nil)
        return true
    }

    private static func isClosed(_ text: [UInt8], _ token: Token, end: Int) -> Bool {
        let quote = Array(token.kind.rawValue.utf8)
        guard end - token.range.end >= quote.count else { return false }
        return Array(text[(end - quote.count)..<end]) == quote
    }

    /// The first token of `a.b(c)[d]` that ends at a token.
    private static func chainStart(_ seen: [Seen], endingAt end: Int) -> Int {
        var index = end
        while true {
            let token = seen[index]
            if token.kind.isCloser, let opener = token.opener {
                index = opener
                // What is called or indexed stands right before the bracket.
                if index > 0, seen[index - 1].range.end == seen[index].range.start,
                    seen[index - 1].kind.isWord || seen[index - 1].kind.isCloser
                {
                    index -= 1
                    continue
                }
                return index
            }
            if index > 1, seen[index - 1].kind == .dot || seen[index - 1].kind == .optionalDot {
                index -= 2
                continue
            }
            return index
        }
    }
}
