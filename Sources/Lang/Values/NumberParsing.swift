// Numbers in text, for `Int("42")` and for options of the command line.

/// Reads what the language writes for an Int, with an optional sign: `42`, `-7`, `1_000`, `0xff`.
package func parseInt(_ text: String) throws(ValueError) -> Int {
    func wrong(_ hint: String?) -> ValueError {
        ValueError("Int", mustBe: "digits with an optional sign", butIs: text, hint: hint)
    }
    var digits = text.utf8[...]
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    let isHexadecimal = digits.starts(with: "0x".utf8)
    if isHexadecimal { digits = digits.dropFirst(2) }
    let radix = isHexadecimal ? 16 : 10
    guard let plain = withoutSeparators(digits), plain.utf8.first.map(isAlphanumeric) == true else {
        throw wrong(hintForInt(text))
    }
    if let int = Int((isNegative ? "-" : "") + plain, radix: radix) { return int }
    if plain.unicodeScalars.allSatisfy({ Character($0).hexDigitValue.map { $0 < radix } ?? false }) {
        throw ValueError("Int", mustBe: "between \(Int.min) and \(Int.max)", butIs: text)
    }
    throw wrong(hintForInt(text))
}

/// Reads a finite decimal number: `3.14`, `-2`, `1_000.5`, `1.0e-3`.
package func parseFloat(_ text: String) throws(ValueError) -> Double {
    let isPlain = text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "+"),
            UInt8(ascii: "-"), UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }
    guard isPlain, let plain = withoutSeparators(text.utf8[...]), plain.utf8.last != UInt8(ascii: "."),
        let float = Double(plain)
    else {
        throw ValueError(
            "Float", mustBe: "a decimal number such as 3.14", butIs: text,
            hint: text.utf8.contains(UInt8(ascii: ",")) ? "write a point for the comma" : spaceHint(text))
    }
    guard float.isFinite else { throw ValueError("Float", mustBe: "finite", butIs: text) }
    return float
}

/// The text without `_`; nil where one does not stand between two digits or letters.
private func withoutSeparators(_ bytes: Substring.UTF8View) -> String? {
    var plain: [UInt8] = []
    var previous: UInt8?
    for byte in bytes {
        if previous == UInt8(ascii: "_"), !isAlphanumeric(byte) { return nil }
        if byte == UInt8(ascii: "_") {
            guard let previous, isAlphanumeric(previous) else { return nil }
        } else {
            plain.append(byte)
        }
        previous = byte
    }
    return previous == UInt8(ascii: "_") ? nil : String(decoding: plain, as: UTF8.self)
}

private func isAlphanumeric(_ byte: UInt8) -> Bool {
    UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
}

private func hintForInt(_ text: String) -> String? {
    if (try? parseFloat(text)) != nil { return "read it as a Float and use `.round()`" }
    return spaceHint(text)
}

private func spaceHint(_ text: String) -> String? {
    guard let first = text.utf8.first, let last = text.utf8.last else { return nil }
    let isSpaced = [first, last].contains { $0 == 0x20 || (0x09...0x0D).contains($0) }
    return isSpaced ? "leave out the space around it, for example with `.trim()`" : nil
}
