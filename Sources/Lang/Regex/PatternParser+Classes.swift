// What stands behind a `\` and between `[` and `]`.

extension PatternParser {
    private enum Escape {
        case scalar(Unicode.Scalar)
        case set(ScalarSet)
    }

    mutating func parseEscape(at start: Int) throws(ValueError) -> PatternNode {
        switch peek() {
        case "b": return assertion(.wordBoundary, width: 1)
        case "B": return assertion(.notWordBoundary, width: 1)
        case "A": return assertion(.textStart, width: 1)
        case "z": return assertion(.textEnd, width: 1)
        default: break
        }
        switch try takeEscape(at: start) {
        case .scalar(let scalar): return literal(scalar)
        case .set(let members): return set(members)
        }
    }

    /// The escape after a backslash, as it may stand both outside and inside a class.
    private mutating func takeEscape(at start: Int) throws(ValueError) -> Escape {
        guard let scalar = advance() else { throw error("a \"\\\" with nothing after it", at: start) }
        switch scalar {
        case "d": return .set(.digits)
        case "D": return .set(.digits.inverted)
        case "w": return .set(.word)
        case "W": return .set(.word.inverted)
        case "s": return .set(.space)
        case "S": return .set(.space.inverted)
        case "p": return .set(try takeCategory(at: start))
        case "P": return .set(try takeCategory(at: start).inverted)
        case "a": return .scalar("\u{7}")
        case "n": return .scalar("\n")
        case "t": return .scalar("\t")
        case "r": return .scalar("\r")
        case "f": return .scalar("\u{C}")
        case "v": return .scalar("\u{B}")
        case "x": return .scalar(try takeCode(at: start, isBraced: peek() == "{"))
        case "u": return .scalar(try takeCode(at: start, isBraced: true))
        case "0"..."9":
            throw error("a \"\\\(scalar)\"", at: start, hint: "back-references cannot be matched in linear time")
        default:
            let isMark = scalar == "_" || !ScalarSet.word.contains(scalar.value)
            guard scalar.isASCII, isMark, scalar.value > 0x1F, scalar.value != 0x7F else {
                throw error("an unknown escape \(ValueError.quote("\\\(scalar)"))", at: start)
            }
            return .scalar(scalar)
        }
    }

    /// The `L` or `{Lu}` or `{^Lu}` after `\p`.
    private mutating func takeCategory(at start: Int) throws(ValueError) -> ScalarSet {
        let isBraced = take("{")
        let isNegated = isBraced && take("^")
        var name = ""
        while let next = peek(), ScalarSet.word.contains(next.value), isBraced || name.isEmpty {
            name.unicodeScalars.append(next)
            position += 1
        }
        guard !isBraced || take("}"), let members = ScalarSet.category(name) else {
            throw error(
                "an unknown class of Unicode", at: start,
                hint: "there are the categories of letters, marks, numbers, punctuation, symbols and separators, "
                    + "such as \\p{L} and \\p{Lu}, and no scripts")
        }
        return isNegated ? members.inverted : members
    }

    /// The `alpha:]` or `^alpha:]` after `[:`.
    private mutating func takePOSIXClass(at start: Int) throws(ValueError) -> ScalarSet {
        let isNegated = take("^")
        var name = ""
        while let next = peek(), ScalarSet.word.contains(next.value) {
            name.unicodeScalars.append(next)
            position += 1
        }
        guard take(":"), take("]"), let members = ScalarSet.posix(name) else {
            throw error(
                "a \"[:\" in a class", at: start,
                hint: "there is [:alpha:] and its like; for the character itself write \\[")
        }
        return isNegated ? members.inverted : members
    }

    /// Two hexadecimal digits, or one to six in braces.
    private mutating func takeCode(at start: Int, isBraced: Bool) throws(ValueError) -> Unicode.Scalar {
        let isOpen = !isBraced || take("{")
        var value: UInt32 = 0
        var count = 0
        while count < (isBraced ? 6 : 2), let next = peek(), next.isASCII,
            let digit = Character(next).hexDigitValue
        {
            value = value << 4 | UInt32(digit)
            count += 1
            position += 1
        }
        let isClosed = isBraced ? take("}") : count == 2
        guard isOpen, isClosed, count > 0, let scalar = Unicode.Scalar(value) else {
            throw error("a code that is not \\x41 or \\u{1F600} of a Unicode scalar", at: start)
        }
        return scalar
    }

    mutating func parseClass(at start: Int) throws(ValueError) -> ScalarSet {
        let isNegated = take("^")
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while let next = peek(), isFirst || next != "]" {
            isFirst = false
            let itemStart = position
            switch try takeClassItem() {
            case .set(let members):
                // A `-` behind it means itself: `[\w-.]`.
                ranges += members.ranges
            case .scalar(let low):
                guard peek() == "-", let after = peek(after: 1), after != "]" else {
                    ranges.append(low.value...low.value)
                    continue
                }
                position += 1
                guard case .scalar(let high) = try takeClassItem() else {
                    throw error("a range that ends with a class", at: itemStart, hint: "for a `-` write \\-")
                }
                guard low <= high else { throw error("a range whose ends are not in order", at: itemStart) }
                ranges.append(low.value...high.value)
            }
        }
        guard take("]") else { throw error("a \"[\" without its \"]\"", at: start) }
        let members = ScalarSet(ranges)
        let folded = flags.ignoresCase ? members.ignoringCase : members
        return isNegated ? folded.inverted : folded
    }

    private mutating func takeClassItem() throws(ValueError) -> Escape {
        let start = position
        guard let scalar = advance() else { throw error("a \"[\" without its \"]\"", at: start) }
        if scalar == "[", take(":") { return .set(try takePOSIXClass(at: start)) }
        if scalar == "[", let next = peek(), ".=".unicodeScalars.contains(next) {
            throw error("a \"[\(next)\" in a class", at: start, hint: "for the character itself write \\[")
        }
        return scalar == "\\" ? try takeEscape(at: start) : .scalar(scalar)
    }
}
