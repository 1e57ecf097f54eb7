/// What precedes the first statement of a file: a byte order mark, a `#!` line, the documentation of the file.
struct FileStart {
    /// Where the statements begin.
    let offset: Int
    let documentation: String?

    init(_ bytes: [UInt8]) {
        var lexer = Lexer(bytes)
        if lexer.hasPrefix("\u{FEFF}", at: 0) { lexer.position = 3 }
        if lexer.hasPrefix("#!", at: lexer.position) { lexer.skipLine() }
        offset = lexer.position
        documentation = FileStart.documentation(&lexer)
    }

    /// The first `##` lines, if nothing but blanks and comments stands above, and a blank line, an import or nothing
    /// below.
    private static func documentation(_ lexer: inout Lexer) -> String? {
        while lexer.position < lexer.bytes.count {
            let byte = lexer.bytes[lexer.position]
            if byte.isBlank || byte == .newline {
                lexer.position += 1
            } else if byte == .hash, !lexer.isDocumentation(at: lexer.position) {
                lexer.skipLine()
            } else {
                break
            }
        }
        let start = lexer.position
        while lexer.isDocumentation(at: lexer.position) {
            lexer.skipLine()
            lexer.position += 1
            while lexer.byte(lexer.position).isBlank { lexer.position += 1 }
        }
        guard lexer.position > start else { return nil }
        let end = min(lexer.position, lexer.bytes.count)
        let isAlone = lexer.position >= lexer.bytes.count || lexer.bytes[lexer.position] == .newline
        guard isAlone || lexer.next().kind == .import else { return nil }
        return lexer.documentationText(SourceRange(start, end))
    }

    /// Text that no lexer should see: what is not UTF-8, and characters that make it read other than it runs.
    static func problem(in bytes: [UInt8]) -> SyntaxError? {
        var offset = 0
        while offset < bytes.count {
            if bytes[offset] < 0x80 {
                offset += 1
                continue
            }
            guard let (scalar, length) = scalar(in: bytes, at: offset) else {
                return SyntaxError(.invalidText(), SourceRange(offset, offset + 1))
            }
            if scalar.isBidirectionalControl {
                return SyntaxError(.bidirectionalControl(scalar), SourceRange(offset, offset + length))
            }
            offset += length
        }
        return nil
    }

    /// The scalar whose UTF-8 stands at an offset, nil if what stands there is not UTF-8.
    static func scalar(in bytes: [UInt8], at offset: Int) -> (Unicode.Scalar, Int)? {
        var decoder = UTF8()
        var iterator = bytes[offset..<min(offset + 4, bytes.count)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return (scalar, scalar.utf8.count)
    }
}

extension Lexer {
    /// The text of `##` lines, without the signs, the blank behind them and other comments.
    func documentationText(_ range: SourceRange) -> String {
        var lines: [String] = []
        for line in bytes[range.start..<range.end].split(separator: .newline) {
            let content = line.drop(while: \.isBlank)
            guard content.starts(with: [.hash, .hash]), content.dropFirst(2).first != .hash else { continue }
            var text = content.dropFirst(2)
            if text.first == .space { text = text.dropFirst() }
            while let last = text.last, last.isBlank { text = text.dropLast() }
            lines.append(String(decoding: text, as: UTF8.self))
        }
        return lines.joined(separator: "\n")
    }
}
