/// An address such as `10.1.2.3` or `2001:db8::1` (RFC 4291, section 2.2), without brackets.
struct IPAddress: Sendable, Hashable {
    /// Four of them, or sixteen.
    let bytes: [UInt8]

    init?(_ text: String) {
        guard let bytes = text.contains(":") ? Self.long(text) : Self.short(text[...]) else { return nil }
        self.bytes = bytes
    }

    private static func short(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }) else {
            return nil
        }
        let bytes = parts.compactMap { UInt8($0) }
        return bytes.count == 4 ? bytes : nil
    }

    private static func long(_ text: String) -> [UInt8]? {
        guard let gap = text.firstRange(of: "::") else {
            return groups(text[...]).flatMap { $0.count == 16 ? $0 : nil }
        }
        guard let start = groups(text[..<gap.lowerBound]), let end = groups(text[gap.upperBound...]) else { return nil }
        let missing = 16 - start.count - end.count
        return missing < 2 ? nil : start + [UInt8](repeating: 0, count: missing) + end
    }

    /// `2001:db8`; the last may read as one of four bytes.
    private static func groups(_ text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (position, part) in parts.enumerated() {
            if position == parts.count - 1, let four = short(part) {
                bytes += four
            } else {
                guard (1...4).contains(part.utf8.count), part.first != "+", let group = UInt16(part, radix: 16) else {
                    return nil
                }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes
    }

    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// Whether an address has the first `length` bits of this one.
    func contains(_ other: IPAddress, _ length: Int) -> Bool {
        guard bytes.count == other.bytes.count, (0...8 * bytes.count).contains(length) else { return false }
        return bytes.indices.allSatisfy { index in
            let compared = min(8, max(0, length - 8 * index))
            return compared == 0 || (bytes[index] ^ other.bytes[index]) >> (8 - UInt8(compared)) == 0
        }
    }
}
