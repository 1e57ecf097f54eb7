/// A pattern as a tree. Every node knows how large its program will be, so that repetition cannot explode.
struct PatternNode {
    indirect enum Kind {
        case empty
        case scalar(UInt32)
        case set(ScalarSet)
        case assertion(PatternAssertion)
        case capture(PatternNode, index: Int)
        case sequence([PatternNode])
        case alternatives([PatternNode])
        case repetition(PatternNode, minimum: Int, maximum: Int?, isLazy: Bool)
    }

    let kind: Kind
    /// An upper bound of the number of instructions, at least 1.
    let size: Int
    /// Whether it can match without consuming anything.
    let matchesEmpty: Bool
}

/// What must hold between two scalars.
enum PatternAssertion: Sendable, Hashable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, notWordBoundary
}

/// Reads a pattern by recursive descent; see `LinearRegex` for the syntax.
struct PatternParser {
    /// The name of each group seen so far.
    private(set) var groupNames: [String?] = []

    private let pattern: String
    private let scalars: [Unicode.Scalar]
    var position = 0
    private var depth = 0
    var flags = Flags()

    struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotMatchesNewline = false
    }

    private static let depthLimit = 50
    private static let groupLimit = 100
    private static let repetitionLimit = 1000
    private static let sizeLimit = 10_000

    init(_ pattern: String) {
        self.pattern = pattern
        self.scalars = Array(pattern.unicodeScalars)
    }

    mutating func parse() throws(ValueError) -> PatternNode {
        let root = try parseAlternatives()
        if position < scalars.count { throw error("a \")\" without its \"(\"", at: position) }
        return root
    }

    func error(_ what: String, at offset: Int, hint: String? = nil) -> ValueError {
        let error = ValueError("regular expression", mustBe: "valid", butIs: pattern)
        return ValueError(message: "\(error.message): \(what) at offset \(offset)", hint: hint)
    }
}

// MARK: - Alternatives, sequences, repetition

extension PatternParser {
    private mutating func parseAlternatives() throws(ValueError) -> PatternNode {
        var branches = [try parseSequence()]
        while take("|") { branches.append(try parseSequence()) }
        guard branches.count > 1 else { return branches[0] }
        return try node(
            .alternatives(branches), size: branches.reduce(0) { $0 + $1.size + 2 },
            matchesEmpty: branches.contains(where: \.matchesEmpty), at: position
        )
    }

    private mutating func parseSequence() throws(ValueError) -> PatternNode {
        var items: [PatternNode] = []
        var size = 0
        while let next = peek(), next != "|", next != ")" {
            let start = position
            guard let atom = try parseAtom() else { continue }
            items.append(try parseRepetition(of: atom))
            size += items[items.count - 1].size
            if size > Self.sizeLimit { throw tooLarge(at: start) }
        }
        switch items.count {
        case 0: return PatternNode(kind: .empty, size: 1, matchesEmpty: true)
        case 1: return items[0]
        default:
            return PatternNode(kind: .sequence(items), size: size, matchesEmpty: items.allSatisfy(\.matchesEmpty))
        }
    }

    private mutating func parseRepetition(of atom: PatternNode) throws(ValueError) -> PatternNode {
        let start = position
        guard let (minimum, maximum) = try takeQuantifier() else { return atom }
        let isLazy = take("?")
        if let next = peek(), "*+?{".unicodeScalars.contains(next) {
            throw error("a quantifier of a quantifier", at: position, hint: "put the first into (?: )")
        }
        let copies = maximum ?? (minimum + 1)
        return try node(
            .repetition(atom, minimum: minimum, maximum: maximum, isLazy: isLazy),
            size: max(copies, 1) * (atom.size + 1) + 2, matchesEmpty: minimum == 0 || atom.matchesEmpty, at: start
        )
    }

    private mutating func takeQuantifier() throws(ValueError) -> (minimum: Int, maximum: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        return peek() == "{" ? try takeCounts() : nil
    }

    private mutating func takeCounts() throws(ValueError) -> (minimum: Int, maximum: Int?) {
        let start = position
        position += 1
        let minimum = takeNumber()
        let hasComma = take(",")
        let maximum = hasComma ? takeNumber() : minimum
        guard let minimum, take("}") else {
            throw error("a \"{\" that is not {m}, {m,} or {m,n}", at: start, hint: "for the character itself write \\{")
        }
        if max(minimum, maximum ?? 0) > Self.repetitionLimit {
            throw error("a repetition of more than \(Self.repetitionLimit)", at: start)
        }
        if let maximum, maximum < minimum { throw error("a repetition whose limits are reversed", at: start) }
        return (minimum, maximum)
    }

    private func node(
        _ kind: PatternNode.Kind, size: Int, matchesEmpty: Bool, at offset: Int
    ) throws(ValueError) -> PatternNode {
        if size > Self.sizeLimit { throw tooLarge(at: offset) }
        return PatternNode(kind: kind, size: size, matchesEmpty: matchesEmpty)
    }

    private func tooLarge(at offset: Int) -> ValueError {
        error("more than \(Self.sizeLimit) steps, repetitions written out,", at: offset)
    }
}

// MARK: - Atoms and groups

extension PatternParser {
    /// One atom; nil for flags such as `(?i)`, which match nothing themselves.
    private mutating func parseAtom() throws(ValueError) -> PatternNode? {
        let start = position
        guard let scalar = advance() else { return nil }
        switch scalar {
        case "(": return try parseGroup(at: start)
        case "[": return set(try parseClass(at: start))
        case "\\": return try parseEscape(at: start)
        case "^": return assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case ".": return set(flags.dotMatchesNewline ? ScalarSet.all : ScalarSet.newline.inverted)
        case "*", "+", "?":
            throw error(
                "a quantifier with nothing to repeat", at: start, hint: "for the character itself write \\\(scalar)")
        case "{":
            throw error(
                "a \"{\" that is not {m}, {m,} or {m,n} after something", at: start,
                hint: "for the character itself write \\{"
            )
        default: return literal(scalar)
        }
    }

    private mutating func parseGroup(at start: Int) throws(ValueError) -> PatternNode? {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw error("groups nested more than \(Self.depthLimit) deep", at: start) }
        let outerFlags = flags
        var index: Int?
        if take("?") {
            switch peek() {
            case "<", "P": index = try addGroup(named: try takeGroupName(at: start), at: start)
            default:
                guard try takeFlags(at: start) else { return nil }
            }
        } else {
            index = try addGroup(named: nil, at: start)
        }
        let body = try parseAlternatives()
        guard take(")") else { throw error("a \"(\" without its \")\"", at: start) }
        flags = outerFlags
        guard let index else { return body }
        return try node(
            .capture(body, index: index), size: body.size + 2, matchesEmpty: body.matchesEmpty, at: start)
    }

    private mutating func addGroup(named name: String?, at start: Int) throws(ValueError) -> Int {
        if groupNames.count == Self.groupLimit { throw error("more than \(Self.groupLimit) groups", at: start) }
        if let name, groupNames.contains(name) { throw error("a second group named \"\(name)\"", at: start) }
        groupNames.append(name)
        return groupNames.count
    }

    /// The `<name>` or `P<name>` after `(?`.
    private mutating func takeGroupName(at start: Int) throws(ValueError) -> String {
        _ = take("P")
        guard take("<") else { throw unknownGroup(at: start) }
        if peek() == "=" || peek() == "!" { throw unknownGroup(at: start) }
        var name = String.UnicodeScalarView()
        while let next = peek(), ScalarSet.word.contains(next.value) {
            name.append(next)
            position += 1
        }
        guard let first = name.first, !ScalarSet.digits.contains(first.value), take(">") else {
            throw error("a group whose name is not letters, digits and \"_\" up to a \">\"", at: start)
        }
        return String(name)
    }

    /// The flags after `(?`, up to a `:` (true: a group follows) or a `)` (false: they hold for the rest of this group).
    private mutating func takeFlags(at start: Int) throws(ValueError) -> Bool {
        var isOn = true
        var changed = flags
        while let next = advance() {
            switch next {
            case "i": changed.ignoresCase = isOn
            case "m": changed.isMultiline = isOn
            case "s": changed.dotMatchesNewline = isOn
            case "-" where isOn: isOn = false
            case ":", ")":
                flags = changed
                return next == ":"
            default: throw unknownGroup(at: start)
            }
        }
        throw error("a \"(\" without its \")\"", at: start)
    }

    private func unknownGroup(at start: Int) -> ValueError {
        error(
            "an unknown kind of group", at: start,
            hint: "there are ( ), (?: ), (?<name> ) and the flags (?i) (?m) (?s); "
                + "look-around cannot be matched in linear time"
        )
    }
}

// MARK: - Leaves and scanning

extension PatternParser {
    func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        let members = ScalarSet([scalar.value...scalar.value])
        let folded = flags.ignoresCase ? members.ignoringCase : members
        return folded == members
            ? PatternNode(kind: .scalar(scalar.value), size: 1, matchesEmpty: false) : set(folded)
    }

    func set(_ members: ScalarSet) -> PatternNode {
        PatternNode(kind: .set(members), size: 1, matchesEmpty: false)
    }

    mutating func assertion(_ assertion: PatternAssertion, width: Int = 0) -> PatternNode {
        position += width
        return PatternNode(kind: .assertion(assertion), size: 1, matchesEmpty: true)
    }

    func peek(after count: Int = 0) -> Unicode.Scalar? {
        position + count < scalars.count ? scalars[position + count] : nil
    }

    mutating func advance() -> Unicode.Scalar? {
        guard let next = peek() else { return nil }
        position += 1
        return next
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    /// Decimal digits as a number, which stops growing beyond any limit; nil when there are none.
    private mutating func takeNumber() -> Int? {
        var number: Int?
        while let next = peek(), ScalarSet.digits.contains(next.value) {
            number = min((number ?? 0) * 10 + Int(next.value - 0x30), Self.repetitionLimit + 1)
            position += 1
        }
        return number
    }
}
