// Text as bytes: comparing, ordering and hashing. Swift's own `==` and `<` go by canonical equivalence, and its views
// element by element; these go by eight bytes at a time.

/// Calls `body` with the UTF-8 bytes of `text`, which are not copied if they need not be.
@inline(__always)
func withBytes<R>(_ text: String, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    if let result = text.utf8.withContiguousStorageIfAvailable({ body(UnsafeRawBufferPointer($0)) }) { return result }
    var copy = text
    return copy.withUTF8 { body(UnsafeRawBufferPointer($0)) }
}

/// True if both have the same bytes. Swift's `==` would also accept canonically equivalent text.
package func sameText(_ left: String, _ right: String) -> Bool {
    if left.utf8.count != right.utf8.count { return false }
    return withBytes(left) { left in withBytes(right) { right in sameBytes(left, right) } }
}

/// Whether `text` begins with the bytes of `prefix`.
package func startsWith(_ text: String, _ prefix: String) -> Bool {
    if text.utf8.count < prefix.utf8.count { return false }
    return withBytes(text) { text in
        withBytes(prefix) { sameBytes(UnsafeRawBufferPointer(rebasing: text.prefix($0.count)), $0) }
    }
}

/// Whether `text` ends with the bytes of `suffix`.
package func endsWith(_ text: String, _ suffix: String) -> Bool {
    if text.utf8.count < suffix.utf8.count { return false }
    return withBytes(text) { text in
        withBytes(suffix) { sameBytes(UnsafeRawBufferPointer(rebasing: text.suffix($0.count)), $0) }
    }
}

/// Both are of the same length.
@inline(__always)
private func sameBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    let count = left.count
    guard let left = left.baseAddress, let right = right.baseAddress else { return true }
    if left == right { return true }
    if count < 8 { return word(left, count) == word(right, count) }
    var offset = 0
    while offset &+ 8 < count {
        let one = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        if one != right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) { return false }
        offset &+= 8
    }
    // The last eight, some of which were compared already.
    let last = count &- 8
    return left.loadUnaligned(fromByteOffset: last, as: UInt64.self)
        == right.loadUnaligned(fromByteOffset: last, as: UInt64.self)
}

/// Fewer than eight bytes as a number, which no others of that count give.
@inline(__always)
private func word(_ bytes: UnsafeRawPointer, _ count: Int) -> UInt64 {
    if count >= 4 {
        // Both halves, which may have bytes in common.
        let first = bytes.loadUnaligned(as: UInt32.self)
        return UInt64(first) << 32 | UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
    }
    if count == 0 { return 0 }
    let (first, middle) = (bytes.load(as: UInt8.self), bytes.load(fromByteOffset: count &>> 1, as: UInt8.self))
    let last = bytes.load(fromByteOffset: count &- 1, as: UInt8.self)
    return UInt64(first) << 16 | UInt64(middle) << 8 | UInt64(last)
}

/// Negative, zero or positive by the order of Unicode scalars, which in UTF-8 is that of bytes.
package func compareText(_ left: String, _ right: String) -> Int {
    withBytes(left) { left in withBytes(right) { right in compareBytes(left, right) } }
}

@inline(__always)
private func compareBytes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
    let shared = left.count < right.count ? left.count : right.count
    if shared > 0, let first = left.baseAddress, let second = right.baseAddress {
        var offset = 0
        while offset &+ 8 <= shared {
            let one = UInt64(bigEndian: first.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            let other = UInt64(bigEndian: second.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            if one != other { return one < other ? -1 : 1 }
            offset &+= 8
        }
        while offset < shared {
            let one = first.load(fromByteOffset: offset, as: UInt8.self)
            let other = second.load(fromByteOffset: offset, as: UInt8.self)
            if one != other { return one < other ? -1 : 1 }
            offset &+= 1
        }
    }
    return left.count < right.count ? -1 : left.count > right.count ? 1 : 0
}

/// The number of Unicode scalars: of the bytes that begin one.
func scalarCount(_ text: String) -> Int {
    withBytes(text) { bytes in
        guard let start = bytes.baseAddress else { return 0 }
        var count = bytes.count
        var offset = 0
        while offset &+ 8 <= bytes.count {
            // A byte that goes on with a scalar is 10xxxxxx: its highest bit is set and the next is not.
            let word = start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            count &-= (word & ~(word << 1) & 0x8080_8080_8080_8080).nonzeroBitCount
            offset &+= 8
        }
        while offset < bytes.count {
            if start.load(fromByteOffset: offset, as: UInt8.self) & 0xC0 == 0x80 { count &-= 1 }
            offset &+= 1
        }
        return count
    }
}

/// The first eight bytes as a number that orders like them, filled up with zeros: decides most comparisons of a sort.
package func textPrefix(_ text: String) -> UInt64 {
    withBytes(text) { bytes in
        if bytes.count >= 8, let start = bytes.baseAddress {
            return UInt64(bigEndian: start.loadUnaligned(as: UInt64.self))
        }
        var prefix: UInt64 = 0
        for byte in bytes { prefix = prefix << 8 | UInt64(byte) }
        return prefix << (8 * (8 - UInt64(bytes.count)))
    }
}

/// Keyed anew in each run of relsh, so that nobody can choose keys that all fall into one place of a table.
private let hashKey = UInt64.random(in: .min ... .max) | 1

/// A hash of the bytes; never 0.
package func textHash(_ text: String) -> UInt32 {
    let key = hashKey
    return withBytes(text) { bytes in
        var hash = key &+ UInt64(truncatingIfNeeded: bytes.count)
        if let start = bytes.baseAddress {
            var offset = 0
            while offset &+ 8 <= bytes.count {
                hash = mixed(hash ^ start.loadUnaligned(fromByteOffset: offset, as: UInt64.self), key)
                offset &+= 8
            }
            if offset < bytes.count {
                // The last eight where there are as many, though some of them are counted already.
                let rest =
                    bytes.count < 8
                    ? word(start, bytes.count)
                    : start.loadUnaligned(fromByteOffset: bytes.count &- 8, as: UInt64.self)
                hash = mixed(hash ^ rest, key)
            }
        }
        let result = UInt32(truncatingIfNeeded: hash ^ hash >> 32)
        return result == 0 ? 1 : result
    }
}

/// Both halves of a product of 128 bits: every bit of the input moves about half of the result's.
@inline(__always)
private func mixed(_ value: UInt64, _ key: UInt64) -> UInt64 {
    let (high, low) = (value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: key ^ 0xD6E8_FEB8_6659_FD93)
    return high ^ low
}
