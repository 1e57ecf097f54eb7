/// Reads `1979-05-27T07:32:00.5-07:00` and its parts alone: a date, a time, both, both with an offset.
struct TOMLDateReader {
    private var rest: ArraySlice<UInt8>
    /// False when a number has been read that no calendar and no clock has, such as a 13th month.
    private(set) var isReal = true

    init(_ word: ArraySlice<UInt8>) {
        rest = word
    }

    /// True for what begins as a date: `1979-`.
    static func isDate(_ word: ArraySlice<UInt8>) -> Bool { starts(word, with: 4, then: "-") }

    /// True for what begins as a time: `07:`.
    static func isTime(_ word: ArraySlice<UInt8>) -> Bool { starts(word, with: 2, then: ":") }

    private static func starts(_ word: ArraySlice<UInt8>, with digits: Int, then sign: Unicode.Scalar) -> Bool {
        let start = word.prefix(digits + 1)
        return start.count == digits + 1 && start.last == UInt8(ascii: sign)
            && start.dropLast().allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// What the word is, all of it; nil where it is malformed.
    mutating func read() -> TOMLDateTime.Kind? {
        let hasDate = Self.isDate(rest)
        if hasDate {
            guard readDate() else { return nil }
            if rest.isEmpty { return .localDate }
            guard skip("T") || skip("t") || skip(" ") else { return nil }
        }
        guard readTime() else { return nil }
        if rest.isEmpty { return hasDate ? .localDateTime : .localTime }
        return hasDate && readOffset() && rest.isEmpty ? .offsetDateTime : nil
    }

    private mutating func readDate() -> Bool {
        guard let year = number(4, in: 0...9999), skip("-"), let month = number(2, in: 1...12), skip("-") else {
            return false
        }
        return number(2, in: 1...CalendarTime.days(in: month, of: year)) != nil
    }

    private mutating func readTime() -> Bool {
        // RFC 3339 has a second 60 for leap seconds.
        guard number(2, in: 0...23) != nil, skip(":"), number(2, in: 0...59) != nil, skip(":"),
            number(2, in: 0...60) != nil
        else { return false }
        guard skip(".") else { return true }
        guard number(1, in: 0...9) != nil else { return false }
        while number(1, in: 0...9) != nil {}
        return true
    }

    private mutating func readOffset() -> Bool {
        if skip("Z") || skip("z") { return true }
        guard skip("+") || skip("-") else { return false }
        return number(2, in: 0...23) != nil && skip(":") && number(2, in: 0...59) != nil
    }

    /// A number of exactly so many digits.
    private mutating func number(_ digits: Int, in allowed: ClosedRange<Int>) -> Int? {
        var number = 0
        let word = rest.prefix(digits)
        guard word.count == digits else { return nil }
        for byte in word {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        rest = rest.dropFirst(digits)
        if !allowed.contains(number) { isReal = false }
        return number
    }

    private mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest.removeFirst()
        return true
    }
}
