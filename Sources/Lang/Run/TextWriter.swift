/// Writes the bytes of a new text one after the other, where it will stay.
struct TextWriter {
    private let start: UnsafeMutableRawPointer?
    private(set) var count = 0

    @inline(__always)
    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        start = UnsafeMutableRawPointer(buffer.baseAddress)
    }

    /// The bytes of `source` from `first` up to `end`. There must be room.
    @inline(__always)
    mutating func write(_ source: UnsafeRawBufferPointer, _ first: Int, _ end: Int) {
        guard let start, let from = source.baseAddress, first < end else { return }
        (start + count).copyMemory(from: from + first, byteCount: end &- first)
        count &+= end &- first
    }

    @inline(__always)
    mutating func write(_ text: String) {
        withBytes(text) { write($0, 0, $0.count) }
    }

    /// A number in decimal digits, of which there are `digits` with the sign.
    @inline(__always)
    mutating func write(_ number: Int, digits: Int) {
        guard let start else { return }
        var rest = number.magnitude
        var position = count &+ digits
        count = position
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            position &-= 1
            start.storeBytes(
                of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit), toByteOffset: position, as: UInt8.self)
            rest = quotient
        } while rest > 0
        if number < 0 { start.storeBytes(of: UInt8(ascii: "-"), toByteOffset: position &- 1, as: UInt8.self) }
    }
}

extension Int {
    /// How many characters it has in decimal, the sign included.
    @inline(__always)
    var digitCount: Int {
        var count = self < 0 ? 2 : 1
        var rest = magnitude
        while rest >= 10 {
            if rest < 100 { return count &+ 1 }
            if rest < 1000 { return count &+ 2 }
            rest /= 1000
            count &+= 3
        }
        return count
    }
}

/// Refuses a text that is longer than a `Str` may be, or than there is memory for.
func checkTextSize(_ size: Int) throws(RuntimeError) {
    guard size <= ValueLimits.textBytes else { throw RuntimeError(.limit, ValueLimits.textMessage) }
    try Work.reserve(size)
}

/// The text of bytes that are UTF-8.
@inline(__always)
func textOf(_ bytes: UnsafeRawBufferPointer) -> String {
    String(unsafeUninitializedCapacity: bytes.count) { buffer in
        var writer = TextWriter(buffer)
        writer.write(bytes, 0, bytes.count)
        return writer.count
    }
}

/// One text after the other.
func textOf(_ left: String, _ right: String) -> String {
    String(unsafeUninitializedCapacity: left.utf8.count + right.utf8.count) { buffer in
        var writer = TextWriter(buffer)
        writer.write(left)
        writer.write(right)
        return writer.count
    }
}

/// All of `items`, which are texts and Ints, with `separator` between them; nil where one is something else.
package func joinTexts(_ items: [Value], by separator: String) throws -> String? {
    // Of as many items as there may be, as long as they may be, the sum still fits.
    var size = separator.utf8.count * max(0, items.count - 1)
    var work = WorkCount(pieceOf: 64)
    for item in items {
        switch item {
        case .int(let number): size &+= number.digitCount
        case .object(let object):
            guard object.tag == .string else { return nil }
            size &+= unsafeDowncast(object, to: StringObject.self).text.utf8.count
        default: return nil
        }
        try work.next()
    }
    try checkTextSize(size)
    return try String(unsafeUninitializedCapacity: size) { buffer in
        var writer = TextWriter(buffer)
        for position in items.indices {
            if position > 0 { writer.write(separator) }
            switch items[position] {
            case .int(let number): writer.write(number, digits: number.digitCount)
            case .object(let object): writer.write(unsafeDowncast(object, to: StringObject.self).text)
            default: break
            }
            try work.next()
        }
        return writer.count
    }
}
