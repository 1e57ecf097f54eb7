/// An amount of data, to the byte. It may be negative: the difference of two sizes is a size.
package struct Size: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The amount in bytes.
    package let bytes: Int

    /// A size of so many bytes.
    package init(bytes: Int) {
        self.bytes = bytes
    }

    /// Reads a size such as `200MB` (1000²) or `1GiB` (1024³): a whole number and one unit, without a space.
    ///
    /// The units are `B`, `KB` (or `kB`) to `TB` and `KiB` to `TiB`.
    package init(parsing text: String) throws(ValueError) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let unsigned = text.utf8.dropFirst(isNegative ? 1 : 0)
        let digits = unsigned.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let unit = String(decoding: unsigned[digits.endIndex...], as: UTF8.self)
        guard !digits.isEmpty, let factor = unit == "kB" ? 1000 : Self.units.first(where: { $0.name == unit })?.bytes
        else {
            throw ValueError(
                "size", mustBe: "a whole number and a unit (B KB MB GB TB, KiB MiB GiB TiB)", butIs: text,
                hint: digits.isEmpty ? nil : Self.hint(forUnit: unit, digits: String(decoding: digits, as: UTF8.self))
            )
        }
        let sign = isNegative ? "-" : ""
        guard let count = Int(sign + String(decoding: digits, as: UTF8.self)),
            let size = Size(bytes: factor).scaled(by: count)
        else {
            throw ValueError("size", mustBe: "at most \(Int.max) bytes", butIs: text)
        }
        self = size
    }

    /// The size as it is written in a recipe, in the largest unit that is exact; of two equally large ones (`MB`, `MiB`)
    /// the decimal.
    package var literal: String {
        let unit = Self.units.last { bytes != 0 && bytes.isMultiple(of: $0.bytes) }
        return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes)B"
    }

    /// The literal.
    package var description: String { literal }

    /// Whether the left size is the smaller.
    package static func < (left: Size, right: Size) -> Bool { left.bytes < right.bytes }
}

// MARK: - Checked arithmetic

extension Size {
    /// The sum, nil when it does not fit.
    package func adding(_ other: Size) -> Size? {
        let (sum, overflow) = bytes.addingReportingOverflow(other.bytes)
        return overflow ? nil : Size(bytes: sum)
    }

    /// The difference, nil when it does not fit.
    package func subtracting(_ other: Size) -> Size? {
        let (difference, overflow) = bytes.subtractingReportingOverflow(other.bytes)
        return overflow ? nil : Size(bytes: difference)
    }

    /// The multiple, nil when it does not fit.
    package func scaled(by factor: Int) -> Size? {
        let (product, overflow) = bytes.multipliedReportingOverflow(by: factor)
        return overflow ? nil : Size(bytes: product)
    }

    /// The multiple, rounded to the byte; nil when it does not fit or `factor` is not a finite number.
    package func scaled(by factor: Double) -> Size? {
        Int(exactly: (Double(bytes) * factor).rounded()).map(Size.init(bytes:))
    }

    /// The part, truncated toward zero; nil when `divisor` is 0 or the result does not fit.
    package func divided(by divisor: Int) -> Size? {
        let (quotient, overflow) = bytes.dividedReportingOverflow(by: divisor)
        return overflow ? nil : Size(bytes: quotient)
    }
}

// MARK: - Units

extension Size {
    /// By size, and of one size the decimal last: the order in which `literal` prefers them.
    private static let units: [(name: String, bytes: Int)] = [
        ("B", 1),
        ("KiB", 1 << 10), ("KB", 1_000),
        ("MiB", 1 << 20), ("MB", 1_000_000),
        ("GiB", 1 << 30), ("GB", 1_000_000_000),
        ("TiB", 1 << 40), ("TB", 1_000_000_000_000),
    ]

    private static func hint(forUnit unit: String, digits: String) -> String? {
        if unit.isEmpty { return "write \(digits)B for bytes" }
        if unit.utf8.first == UInt8(ascii: ".") { return "write it in a smaller unit, without a fraction" }
        let lowercased = unit.lowercased()
        let known = units.first { $0.name.lowercased() == lowercased || $0.name.lowercased() == lowercased + "b" }
        return known.map { "write \(digits)\($0.name)" }
    }
}
