/// Durations as recipes write them: `250ms`, `90s`, `5m`, `2h`, `1h30m`.
///
/// The language keeps durations in whole milliseconds that fit an `Int64`; the arithmetic here stays within them.
extension Duration {
    /// Reads a duration: whole numbers, each with a unit `h`, `m`, `s` or `ms`, the larger unit first and each once.
    package init(parsing text: String) throws(ValueError) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        var rest = text.utf8.dropFirst(isNegative ? 1 : 0)
        var units = Self.literalUnits[...]
        var total: UInt64 = 0
        repeat {
            let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            let name = rest[digits.endIndex...].prefix { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }
            rest = rest[name.endIndex...]
            guard !digits.isEmpty, let index = units.firstIndex(where: { name.elementsEqual($0.name.utf8) }) else {
                throw ValueError(
                    "duration", mustBe: "whole numbers with units in the order h, m, s, ms, such as 1h30m",
                    butIs: text, hint: Self.hint(forLiteral: text)
                )
            }
            guard let count = UInt64(String(decoding: digits, as: UTF8.self)),
                let sum = Self.sum(total, count, times: units[index].milliseconds),
                sum <= Int64.max.magnitude + (isNegative ? 1 : 0)
            else {
                throw ValueError("duration", mustBe: "at most \(Int64.max)ms", butIs: text)
            }
            total = sum
            units = units[(index + 1)...]
        } while !rest.isEmpty
        self = .fromMilliseconds(isNegative ? Int64(truncatingIfNeeded: 0 &- total) : Int64(total))
    }

    /// The duration as it is written in a recipe, to the millisecond (the rest is cut off): `1h30m`, `1s500ms`, `0s`.
    package var literal: String {
        let total = (attoseconds / Self.attosecondsPerMillisecond)
        var rest = total.magnitude
        var literal = total < 0 ? "-" : ""
        for unit in Self.literalUnits where rest >= unit.milliseconds {
            literal += "\(rest / UInt128(unit.milliseconds))\(unit.name)"
            rest %= UInt128(unit.milliseconds)
        }
        return literal.isEmpty ? "0s" : literal
    }

    /// A duration of so many milliseconds.
    package static func fromMilliseconds(_ milliseconds: Int64) -> Duration {
        // At most 2⁶³ · 10¹⁵, well inside the 127 bits of the product.
        Duration(attoseconds: Int128(milliseconds) * attosecondsPerMillisecond)
    }

    /// The whole milliseconds, cut off toward zero; the nearest that fits for durations of more than 292 million years.
    package var milliseconds: Int64 { Int64(clamping: attoseconds / Self.attosecondsPerMillisecond) }
}

// MARK: - Checked arithmetic

extension Duration {
    /// The sum, nil when its milliseconds do not fit an `Int64`.
    package func adding(_ other: Duration) -> Duration? {
        let (sum, overflow) = attoseconds.addingReportingOverflow(other.attoseconds)
        return overflow ? nil : Self.inRange(sum)
    }

    /// The difference, nil when its milliseconds do not fit an `Int64`.
    package func subtracting(_ other: Duration) -> Duration? {
        let (difference, overflow) = attoseconds.subtractingReportingOverflow(other.attoseconds)
        return overflow ? nil : Self.inRange(difference)
    }

    /// The multiple, nil when its milliseconds do not fit an `Int64`.
    package func scaled(by factor: Int) -> Duration? {
        let (product, overflow) = attoseconds.multipliedReportingOverflow(by: Int128(factor))
        return overflow ? nil : Self.inRange(product)
    }

    /// The multiple, rounded to the millisecond; nil when it does not fit or `factor` is not a finite number.
    package func scaled(by factor: Double) -> Duration? {
        let exact = Double(attoseconds) / Double(Self.attosecondsPerMillisecond)
        return Int64(exactly: (exact * factor).rounded()).map(Self.fromMilliseconds)
    }

    /// The part, cut off to the millisecond; nil when `divisor` is 0 or the result does not fit.
    package func divided(by divisor: Int) -> Duration? {
        let whole = attoseconds / Self.attosecondsPerMillisecond
        let (quotient, overflow) = whole.dividedReportingOverflow(by: Int128(divisor))
        return overflow ? nil : Int64(exactly: quotient).map(Self.fromMilliseconds)
    }

    private static func inRange(_ attoseconds: Int128) -> Duration? {
        Int64(exactly: attoseconds / attosecondsPerMillisecond).map { _ in Duration(attoseconds: attoseconds) }
    }

    private static func sum(_ total: UInt64, _ count: UInt64, times unit: UInt64) -> UInt64? {
        let (product, tooLarge) = count.multipliedReportingOverflow(by: unit)
        let (sum, overflow) = total.addingReportingOverflow(product)
        return tooLarge || overflow ? nil : sum
    }
}

// MARK: - Units

extension Duration {
    private static let attosecondsPerMillisecond: Int128 = 1_000_000_000_000_000

    private static let literalUnits: [(name: String, milliseconds: UInt64)] = [
        ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    private static func hint(forLiteral text: String) -> String? {
        let bytes = text.utf8
        if bytes.isEmpty { return nil }
        if bytes.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) { return "write \(text)s for seconds" }
        if bytes.contains(UInt8(ascii: ".")) { return "write it in a smaller unit, without a fraction" }
        if bytes.last == UInt8(ascii: "d") { return "write days in hours" }
        return nil
    }
}
