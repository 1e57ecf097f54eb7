import Foundation

/// GRAMMAR.md, read.
struct GrammarFile {
    /// A part of a rule.
    indirect enum Part {
        case text(String)
        case characters(ClosedRange<Unicode.Scalar>)
        case rule(String)
        case sequence([Part])
        /// Numbered within the rule, so that a test can see that each was used.
        case choice([Part], number: Int)
        case optional(Part)
        case many(Part, atLeastOne: Bool)
        case except(Part, String)
        case without(Part, Set<String>)
        /// `_`
        case newline
        /// `^`
        case noNewline
    }

    private(set) var rules: [String: Part] = [:]
    /// Rule and number of each choice, with how many alternatives it has.
    private(set) var choices: [String: Int] = [:]

    struct Mistake: Error, CustomStringConvertible {
        let description: String
    }

    init() throws {
        let file = SourceText.repository.appendingPathComponent("GRAMMAR.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        guard let start = text.firstRange(of: "```ebnf\n"), let end = text[start.upperBound...].firstRange(of: "```\n")
        else { throw Mistake(description: "GRAMMAR.md has no block of ebnf") }
        var body: [(name: String, line: String)] = []
        for line in text[start.upperBound..<end.lowerBound].split(separator: "\n") {
            if let match = line.wholeMatch(of: /(\w+) +=(.*)/) {
                body.append((String(match.1), String(match.2)))
            } else if line.hasPrefix(" "), !body.isEmpty {
                body[body.count - 1].line += "\n" + line
            } else if !line.hasPrefix("#") {
                throw Mistake(description: "this is no rule: \(line)")
            }
        }
        for (name, line) in body {
            if rules[name] != nil { throw Mistake(description: "\(name) is defined twice") }
            var reader = Reader(name: name, words: try Reader.words(line))
            rules[name] = try reader.choice()
            if !reader.words.isEmpty { throw Mistake(description: "\(name) goes on with \(reader.words[0])") }
            for (number, count) in reader.choices { choices["\(name) \(number)"] = count }
        }
    }

    /// The names that a part mentions.
    static func names(in part: Part) -> Set<String> {
        switch part {
        case .rule(let name): [name]
        case .sequence(let parts), .choice(let parts, _): parts.reduce(into: []) { $0.formUnion(names(in: $1)) }
        case .optional(let part), .many(let part, _): names(in: part)
        case .except(let part, let other): names(in: part).union([other])
        case .without(let part, let others): names(in: part).union(others)
        case .text, .characters, .newline, .noNewline: []
        }
    }

    /// The texts of a rule that is nothing but a choice of texts.
    func texts(of name: String) -> Set<String> {
        guard case .choice(let parts, _)? = rules[name] else { return [] }
        return Set(parts.compactMap { if case .text(let text) = $0 { text } else { nil } })
    }
}

/// Reads the right side of one rule.
private struct Reader {
    let name: String
    var words: [String]
    var choices: [Int: Int] = [:]

    init(name: String, words: [String]) {
        self.name = name
        self.words = words
    }

    static func words(_ line: String) throws -> [String] {
        var words: [String] = []
        var rest = Substring(line)
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
            } else if first == "#" {
                rest = rest.drop { $0 != "\n" }
            } else if let match = rest.prefixMatch(of: /"[^"\n]*"|'[^'\n]*'|\.\.|\w+|[()|*+?^,]/) {
                words.append(String(match.output))
                rest = rest[match.range.upperBound...]
            } else {
                throw GrammarFile.Mistake(description: "the notation has no \(rest.prefix(20))")
            }
        }
        return words
    }

    private mutating func take(_ word: String) -> Bool {
        guard words.first == word else { return false }
        words.removeFirst()
        return true
    }

    mutating func choice() throws -> GrammarFile.Part {
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        if parts.count == 1 { return parts[0] }
        let number = choices.count + 1
        choices[number] = parts.count
        return .choice(parts, number: number)
    }

    private mutating func sequence() throws -> GrammarFile.Part {
        var parts: [GrammarFile.Part] = []
        var part: GrammarFile.Part { parts.count == 1 ? parts[0] : .sequence(parts) }
        while let word = words.first, word != "|", word != ")" {
            if take("except") { return .except(part, words.removeFirst()) }
            if take("without") {
                var others: Set<String> = []
                repeat { others.insert(words.removeFirst()) } while take("without")
                return .without(part, others)
            }
            parts.append(try repeated())
        }
        if parts.isEmpty { throw GrammarFile.Mistake(description: "\(name) has an empty part") }
        return part
    }

    private mutating func repeated() throws -> GrammarFile.Part {
        let part = try single()
        if take("?") { return .optional(part) }
        if take("*") { return .many(part, atLeastOne: false) }
        return take("+") ? .many(part, atLeastOne: true) : part
    }

    private mutating func single() throws -> GrammarFile.Part {
        let word = words.removeFirst()
        switch word {
        case "(":
            let inner = try choice()
            guard take(")") else { throw GrammarFile.Mistake(description: "\(name) has a `(` that is not closed") }
            return inner
        case "_": return .newline
        case "^": return .noNewline
        default: break
        }
        guard let first = word.first, first == "\"" || first == "'" else { return .rule(word) }
        let text = String(word.dropFirst().dropLast())
        guard words.first == "..", let from = text.unicodeScalars.first, words.count > 1 else { return .text(text) }
        words.removeFirst()
        guard let to = words.removeFirst().dropFirst().unicodeScalars.first, from <= to else {
            throw GrammarFile.Mistake(description: "\(name) has a range that is none")
        }
        return .characters(from...to)
    }
}
