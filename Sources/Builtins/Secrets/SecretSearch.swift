/// Hides texts in another text, all of them in one pass. Where two overlap, both are hidden.
///
/// A long one is also hidden in pieces: `base64` breaks its output into lines, and what is kept of an output may begin in the
/// middle of it.
struct SecretSearch: Sendable {
    private struct Piece {
        let form: Int
        let offset: Int
    }

    /// By first byte, the longest first.
    private(set) var forms: [[[UInt8]]] = Array(repeating: [], count: 256)
    private var begins: [Bool] = Array(repeating: false, count: 256)
    private var long: [[UInt8]] = []
    /// By hash, where the pieces of long ones are.
    private var pieces: [UInt64: [Piece]] = [:]
    /// By a hash's first bits, whether there can be one: asking the dictionary at each byte takes five times as long.
    private var mayBePiece: [Bool] = []

    /// How long a piece is. Shorter ones would be found by chance.
    static let pieceLength = 24
    /// How long a text is whose pieces are looked for.
    static let longLength = 48

    /// - Parameter forms: the longest first.
    init(_ forms: [String]) {
        for form in forms {
            let bytes = Array(form.utf8)
            guard let first = bytes.first else { continue }
            self.forms[Int(first)].append(bytes)
            begins[Int(first)] = true
            if bytes.count >= Self.longLength { addPieces(bytes) }
        }
        if pieces.isEmpty { return }
        mayBePiece = Array(repeating: false, count: 1 << RollingHash.firstBits)
        for hash in pieces.keys { mayBePiece[RollingHash.first(of: hash)] = true }
    }

    private mutating func addPieces(_ form: [UInt8]) {
        var hash = RollingHash()
        for (position, byte) in form.enumerated() {
            hash.add(byte, leaving: position >= Self.pieceLength ? form[position - Self.pieceLength] : nil)
            let offset = position + 1 - Self.pieceLength
            if offset >= 0 { pieces[hash.value, default: []].append(Piece(form: long.count, offset: offset)) }
        }
        long.append(form)
    }

    /// - Parameter parts: which parts of a secret are hidden too, where it does not stand there as a whole.
    func hide(in text: String, as mask: String, parts: SecretParts = []) -> String {
        let bytes = Array(text.utf8)
        let hidden = Self.merged(ranges(in: bytes) + partRanges(in: bytes, parts))
        if hidden.isEmpty { return text }
        var result: [UInt8] = []
        var position = 0
        for range in hidden {
            result += bytes[position..<range.lowerBound]
            result += mask.utf8
            position = range.upperBound
        }
        return String(decoding: result + bytes[position...], as: UTF8.self)
    }

    /// What is to be hidden.
    func ranges(in bytes: [UInt8]) -> [Range<Int>] {
        UnescapedText.readings(of: bytes).reduce(into: plainRanges(in: bytes)) { found, reading in
            found += plainRanges(in: reading.bytes).map(reading.original)
        }
    }

    private func plainRanges(in bytes: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var hash = RollingHash()
        for (position, byte) in bytes.enumerated() {
            if begins[Int(byte)], let form = form(at: position, in: bytes) {
                found.append(position..<position + form.count)
            }
            if pieces.isEmpty { continue }
            hash.add(byte, leaving: position >= Self.pieceLength ? bytes[position - Self.pieceLength] : nil)
            let start = position + 1 - Self.pieceLength
            if start >= 0, mayBePiece[RollingHash.first(of: hash.value)], let candidates = pieces[hash.value],
                isPiece(at: start, in: bytes, candidates)
            {
                found.append(start..<position + 1)
            }
        }
        return found
    }

    /// In order and without overlaps.
    static func merged(_ found: [Range<Int>]) -> [Range<Int>] {
        if found.count < 2 { return found }
        let found = found.sorted { $0.lowerBound < $1.lowerBound }
        var merged: [Range<Int>] = []
        for range in found {
            if let last = merged.last, range.lowerBound < last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    private func form(at position: Int, in bytes: [UInt8]) -> [UInt8]? {
        forms[Int(bytes[position])].first { form in
            position + form.count <= bytes.count && bytes[position..<position + form.count].elementsEqual(form)
        }
    }

    private func isPiece(at start: Int, in bytes: [UInt8], _ candidates: [Piece]) -> Bool {
        candidates.contains { piece in
            long[piece.form][piece.offset..<piece.offset + Self.pieceLength].elementsEqual(
                bytes[start..<start + Self.pieceLength])
        }
    }
}

/// Of the last `SecretSearch.pieceLength` bytes (Rabin and Karp).
private struct RollingHash {
    private(set) var value: UInt64 = 0
    private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// What the byte that leaves has been multiplied by.
    private static let leaving: UInt64 = (0..<SecretSearch.pieceLength).reduce(1) { power, _ in power &* base }

    static let firstBits = 13
    static func first(of hash: UInt64) -> Int { Int(hash >> (64 - UInt64(firstBits))) }

    mutating func add(_ byte: UInt8, leaving old: UInt8?) {
        value = value &* Self.base &+ UInt64(byte) &+ 1
        if let old { value = value &- (UInt64(old) &+ 1) &* Self.leaving }
    }
}
