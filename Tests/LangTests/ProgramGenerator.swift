/// Makes programs from the grammar: the same seed, the same program.
struct ProgramGenerator {
    /// A token as it stands in a program: a string with all that is in it, and a command, count as one.
    struct Token {
        let text: String
        /// A newline may stand before it.
        var mayBreak: Bool
    }

    private let grammar: GrammarFile
    /// How deep rules must go to end, at least.
    private let heights: [String: Int]
    private var random: SplitMix
    private(set) var usedAlternatives: Set<String> = []

    /// The tokens of the text that is being made.
    private var tokens: [Token] = []
    /// For each open bracket whether newlines mean nothing in it.
    private var brackets: [Bool] = []
    private var mayBreak = false
    private var mustNotBreak = false
    /// Rules that must not be used while so many brackets are open.
    private var excluded: (rules: Set<String>, depth: Int)?

    private static let maximumDepth = 150
    /// Where a text is longer, the shortest way is taken from there on.
    private static let comfortableLength = 120

    init(_ grammar: GrammarFile, seed: UInt64) {
        self.grammar = grammar
        random = SplitMix(seed: seed)
        var heights: [String: Int] = [:]
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for (name, part) in grammar.rules {
                guard let height = Self.height(part, heights), heights[name].map({ height + 1 < $0 }) ?? true else {
                    continue
                }
                heights[name] = height + 1
                hasChanged = true
            }
        }
        self.heights = heights
    }

    mutating func makeProgram() -> [Token] {
        tokens = []
        brackets = []
        excluded = nil
        (mayBreak, mustNotBreak) = (false, false)
        make(.rule("file"), "file", Self.maximumDepth)
        return tokens
    }

    /// The tokens as a text, with more blanks, comments and newlines here and there than are needed.
    mutating func text(_ tokens: [Token]) -> String {
        var text = ""
        for token in tokens {
            if token.mayBreak, chance(8) {
                text += [" # a comment", "", "\r", "\n"].randomElement(using: &random) ?? ""
                text += "\n"
            } else if !text.isEmpty {
                let isTight = [",", ")", "]"].contains(token.text) && chance(2)
                text += isTight ? "" : chance(20) ? " \t " : " "
            }
            text += token.text
        }
        return text
    }

    /// A copy of the tokens with one missing, twice, or in the place of its neighbour.
    mutating func mutated(_ tokens: [Token]) -> [Token] {
        var tokens = tokens
        let position = Int.random(in: 0..<tokens.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: tokens.remove(at: position)
        case 1: tokens.insert(tokens[position], at: position)
        default: tokens.swapAt(position, (position + 1) % tokens.count)
        }
        return tokens
    }

    private mutating func chance(_ number: Int) -> Bool { Int.random(in: 0..<number, using: &random) == 0 }

    // MARK: Heights

    private static func height(_ part: GrammarFile.Part, _ heights: [String: Int]) -> Int? {
        switch part {
        case .text, .characters, .newline, .noNewline, .optional, .many(_, atLeastOne: false): 0
        case .rule("NEWLINE"): 0
        case .rule(let name): heights[name]
        case .many(let part, _), .except(let part, _), .without(let part, _): height(part, heights)
        case .choice(let parts, _): parts.compactMap { height($0, heights) }.min()
        case .sequence(let parts):
            parts.reduce(0) { highest, part in
                guard let highest, let height = height(part, heights) else { return nil }
                return max(highest, height)
            }
        }
    }

    private func fits(_ part: GrammarFile.Part, _ depth: Int) -> Bool {
        (Self.height(part, heights) ?? .max) <= depth && !isExcluded(part)
    }

    private func isExcluded(_ part: GrammarFile.Part) -> Bool {
        guard case .rule(let name) = part, let excluded, excluded.depth == brackets.count else { return false }
        return excluded.rules.contains(name)
    }

    private var isLong: Bool { tokens.count > Self.comfortableLength }

    // MARK: Rules in small letters: tokens

    private static func isLexical(_ name: String) -> Bool { name.first?.isUppercase == true }

    private mutating func make(_ part: GrammarFile.Part, _ rule: String, _ depth: Int) {
        switch part {
        case .text(let text): append(text)
        case .rule(let name) where Self.isLexical(name): append(spelled(.rule(name), rule, depth))
        case .rule(let name): make(grammar.rules[name] ?? .text("no rule \(name)"), name, depth - 1)
        case .sequence(let parts): for part in parts { make(part, rule, depth) }
        case .choice(let parts, let number): make(choose(parts, "\(rule) \(number)", depth), rule, depth)
        case .optional(let part): if fits(part, depth), !isLong, chance(3) { make(part, rule, depth) }
        case .many(let part, let atLeastOne):
            for _ in 0..<count(part, atLeastOne, depth) { make(part, rule, depth) }
        case .without(let part, let others):
            let outer = excluded
            excluded = (others, brackets.count)
            make(part, rule, depth)
            excluded = outer
        case .newline:
            // Right behind a bracket: in all of it newlines mean nothing.
            if let last = tokens.last, ["(", "[", "{"].contains(last.text), mayBreak == false, !brackets.isEmpty {
                brackets[brackets.count - 1] = true
            }
            mayBreak = true
        case .noNewline: mustNotBreak = true
        case .except, .characters: preconditionFailure("\(rule) spells, and must be in capitals")
        }
    }

    private mutating func append(_ text: String) {
        if [")", "]", "}"].contains(text) {
            let isFree = brackets.popLast() ?? false
            mayBreak = mayBreak || isFree
        } else {
            mayBreak = mayBreak || brackets.last == true
        }
        tokens.append(Token(text: text, mayBreak: mayBreak && !mustNotBreak))
        (mayBreak, mustNotBreak) = (false, false)
        if ["(", "[", "{"].contains(text) { brackets.append(false) }
    }

    private mutating func choose(_ parts: [GrammarFile.Part], _ choice: String, _ depth: Int) -> GrammarFile.Part {
        let numbered = Array(parts.enumerated()).filter { !isExcluded($0.element) }
        // What begins with itself again (`- - - x`) is rare, or there would be little else.
        let rule = String(choice.prefix { $0 != " " })
        let fitting =
            isLong
            ? []
            : numbered.filter { fits($0.element, depth) }
                .filter { !GrammarFile.names(in: $0.element).contains(rule) || chance(6) }
        let lowest = numbered.min {
            (Self.height($0.element, heights) ?? .max) < (Self.height($1.element, heights) ?? .max)
        }
        guard let chosen = fitting.randomElement(using: &random) ?? lowest else { return parts[0] }
        usedAlternatives.insert("\(choice).\(chosen.offset)")
        return chosen.element
    }

    private mutating func count(_ part: GrammarFile.Part, _ atLeastOne: Bool, _ depth: Int) -> Int {
        let least = atLeastOne ? 1 : 0
        guard fits(part, depth), !isLong else { return least }
        return least + ([0, 0, 0, 0, 1, 1, 2].randomElement(using: &random) ?? 0)
    }

    // MARK: Rules in capitals: text

    private mutating func spelled(_ part: GrammarFile.Part, _ rule: String, _ depth: Int) -> String {
        switch part {
        case .text(let text): return text
        case .characters(let range):
            let value = UInt32.random(in: range.lowerBound.value...range.upperBound.value, using: &random)
            return Unicode.Scalar(value).map { String($0) } ?? ""
        case .rule("NEWLINE"):
            let isEnd = rule == "END" || !Self.isLexical(rule)
            return isEnd && chance(6) ? " # the end\n" : chance(9) ? "\r\n" : "\n"
        case .rule(let name) where Self.isLexical(name):
            return spelled(grammar.rules[name] ?? .text("no rule \(name)"), name, depth - 1)
        case .rule(let name): return inner(name, depth)
        case .sequence(let parts): return parts.map { spelled($0, rule, depth) }.joined()
        case .choice(let parts, let number): return spelled(choose(parts, "\(rule) \(number)", depth), rule, depth)
        case .optional(let part): return fits(part, depth) && !isLong && chance(2) ? spelled(part, rule, depth) : ""
        case .many(let part, let atLeastOne):
            return (0..<count(part, atLeastOne, depth)).map { _ in spelled(part, rule, depth) }.joined()
        case .except(let part, let other):
            let refused = grammar.texts(of: other)
            while true {
                let text = spelled(part, rule, depth)
                if !refused.contains(text) { return text }
            }
        case .newline, .noNewline, .without: return ""
        }
    }

    /// A rule in small letters inside of one in capitals: the expression of `${ … }`, in which newlines mean nothing.
    private mutating func inner(_ name: String, _ depth: Int) -> String {
        let outer = (tokens, brackets, excluded, mayBreak, mustNotBreak)
        let isOuterLong = isLong
        tokens = []
        brackets = [true]
        excluded = nil
        (mayBreak, mustNotBreak) = (false, false)
        make(.rule(name), name, isOuterLong ? 0 : depth)
        let text = text(tokens)
        (tokens, brackets, excluded, mayBreak, mustNotBreak) = outer
        return text + " "
    }
}

/// The same numbers every time.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
