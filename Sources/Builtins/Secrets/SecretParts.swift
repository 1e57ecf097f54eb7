import Lang

/// Parts of a secret that stand in a text because somebody has cut what it is taken from.
struct SecretParts: OptionSet {
    let rawValue: Int
    /// What stands beside `…`, where relsh has left something out.
    static let besideCuts = SecretParts(rawValue: 1)
    /// What is quoted, as the part that an error is about.
    static let inQuotes = SecretParts(rawValue: 2)
}

extension SecretSearch {
    /// How long the beginning or end of a secret is that is hidden: fewer letters tell nothing, and would be met by chance.
    static let shortestPart = 4
    /// How long a part from its middle is.
    private static let shortestMiddle = 8
    /// Longer parts of long secrets are found as pieces of them.
    private static let longestPart = longLength + pieceLength
    private static let quotes = Array("\"'`".utf8)
    private static let cut = Array("…".utf8)

    func partRanges(in bytes: [UInt8], _ parts: SecretParts) -> [Range<Int>] {
        var found: [Range<Int>] = []
        if parts.contains(.besideCuts) {
            for position in bytes.indices
            where bytes[position] == Self.cut[0] && bytes[position...].starts(with: Self.cut) {
                found += [before(position, in: bytes), after(position + Self.cut.count, in: bytes)].compactMap(\.self)
            }
        }
        if parts.contains(.inQuotes) { found += quotedParts(of: bytes) }
        return found
    }

    /// The beginning of a secret that ends where something is cut off; the closing quote may stand between.
    private func before(_ cut: Int, in bytes: [UInt8]) -> Range<Int>? {
        var end = cut
        if end > 0, Self.quotes.contains(bytes[end - 1]) { end -= 1 }
        guard end >= Self.shortestPart else { return nil }
        for start in max(0, end - Self.longestPart)...(end - Self.shortestPart) {
            let part = bytes[start..<end]
            if forms[Int(bytes[start])].contains(where: { $0.count > part.count && $0.starts(with: part) }) {
                return start..<end
            }
        }
        return nil
    }

    /// The end of a secret with which the text goes on.
    private func after(_ cut: Int, in bytes: [UInt8]) -> Range<Int>? {
        var start = cut
        if start < bytes.count, Self.quotes.contains(bytes[start]) { start += 1 }
        var longest = 0
        for form in forms.joined() {
            let limit = min(form.count - 1, bytes.count - start, Self.longestPart)
            guard limit >= Self.shortestPart else { continue }
            for count in stride(from: limit, through: Self.shortestPart, by: -1) where count > longest {
                if bytes[start..<start + count].elementsEqual(form.suffix(count)) { longest = count }
            }
        }
        return longest == 0 ? nil : start..<start + longest
    }

    /// Texts in quotes that are a part of a secret, and nothing else.
    private func quotedParts(of bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        for quote in Self.quotes {
            let places = bytes.indices.filter { bytes[$0] == quote }
            for (open, close) in zip(places, places.dropFirst()) where close - open > Self.shortestPart {
                let part = bytes[(open + 1)..<close]
                let isPart = forms.joined().contains { form in
                    guard form.count > part.count else { return false }
                    if form.starts(with: part) || form.suffix(part.count).elementsEqual(part) { return true }
                    return part.count >= Self.shortestMiddle
                        && form.indices.dropLast(part.count).contains { form[$0...].starts(with: part) }
                }
                if isPart { found.append(part.startIndex..<part.endIndex) }
            }
        }
        return found
    }
}
