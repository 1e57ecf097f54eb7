/// Finds one text in another, both as bytes that stay where they are.
///
/// Eight places at a time are looked at for the first and the last byte of what is looked for; where both are there, all of it is
/// compared. Texts such as `aaaa…` have nothing but such places: where comparing does more than moving on, the two-way algorithm
/// (Crochemore and Perrin) goes on from there, whose time is linear whatever the texts are.
struct TextSearch {
    private let text: UnsafeRawBufferPointer
    private let part: UnsafeRawBufferPointer
    private let first: UInt64
    private let last: UInt64
    private var twoWay: TwoWaySearch?

    /// - Parameter part: not empty.
    @inline(__always)
    init(of part: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer) {
        self.text = text
        self.part = part
        first = Self.inEachByte(part[0])
        last = Self.inEachByte(part[part.count &- 1])
    }

    /// Looked through before asking whether to go on: some ten microseconds of work.
    private static let piece = 1 << 16
    /// How much more may be compared than moved on.
    private static let patience = 16

    /// The offset of the next place from `start` on; nil where there is none.
    mutating func next(from start: Int) throws(RuntimeError) -> Int? {
        let end = text.count &- part.count &+ 1
        var position = start
        var compared = 0
        var asked = start
        while position < end {
            if twoWay != nil { return try twoWay?.next(from: position) }
            let stop = min(end, asked &+ Self.piece)
            position = candidate(from: position, to: stop)
            if position >= stop {
                if position < end {
                    try Work.spend(Self.piece)
                    asked = position
                }
                continue
            }
            let same = matching(at: position)
            if same == part.count { return position }
            position &+= 1
            compared &+= same &+ 1
            if same >= Self.piece { try Work.spend(same) }
            if compared > Self.patience &* (position &- start &+ 256) {
                twoWay = try TwoWaySearch(of: part, in: text)
            }
        }
        return nil
    }

    /// How often it occurs, one after the other.
    mutating func count() throws(RuntimeError) -> Int {
        var count = 0
        var position = 0
        while let found = try next(from: position) {
            count &+= 1
            position = found &+ part.count
            if count & 0xFFF == 0 { try Work.spend(Self.piece) }
        }
        return count
    }

    /// The first place in a range where the first and the last byte are right; its end where there is none.
    @inline(__always)
    private func candidate(from start: Int, to end: Int) -> Int {
        guard let text = text.baseAddress else { return end }
        let (first, last, distance) = (first, last, part.count &- 1)
        var position = start
        while position &+ 8 <= end {
            let one = text.loadUnaligned(fromByteOffset: position, as: UInt64.self) ^ first
            let other = text.loadUnaligned(fromByteOffset: position &+ distance, as: UInt64.self) ^ last
            let found = Self.zeroBytes(one | other)
            if found != 0 { return position &+ found.trailingZeroBitCount &>> 3 }
            position &+= 8
        }
        while position < end {
            if text.load(fromByteOffset: position, as: UInt8.self) == UInt8(truncatingIfNeeded: first),
                text.load(fromByteOffset: position &+ distance, as: UInt8.self) == UInt8(truncatingIfNeeded: last)
            {
                return position
            }
            position &+= 1
        }
        return end
    }

    /// How many bytes are the same at a place.
    @inline(__always)
    private func matching(at position: Int) -> Int {
        // One byte was compared as the first, two as the first and the last.
        if part.count <= 2 { return part.count }
        guard let text = text.baseAddress, let part = part.baseAddress else { return 0 }
        let (here, count) = (text + position, self.part.count)
        var offset = 0
        while offset &+ 8 <= count {
            let difference =
                here.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                ^ part.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if difference != 0 { return offset &+ UInt64(littleEndian: difference).trailingZeroBitCount &>> 3 }
            offset &+= 8
        }
        while offset < count,
            here.load(fromByteOffset: offset, as: UInt8.self) == part.load(fromByteOffset: offset, as: UInt8.self)
        {
            offset &+= 1
        }
        return offset
    }

    @inline(__always)
    static func inEachByte(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// The highest bit of each byte that is zero; in the order of memory where the word was read as it stands.
    @inline(__always)
    static func zeroBytes(_ word: UInt64) -> UInt64 {
        let word = UInt64(littleEndian: word)
        return ~((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7F7F_7F7F_7F7F_7F7F | word | 0x7F7F_7F7F_7F7F_7F7F)
    }
}

/// The offset in bytes of the first `part` in `text`, compared byte by byte; nil where it does not occur.
package func findBytes(of part: String, in text: String, from start: Int = 0) throws(RuntimeError) -> Int? {
    let found = withBytes(text) { text in
        withBytes(part) { part -> Result<Int?, RuntimeError> in
            if part.isEmpty { return .success(start <= text.count ? start : nil) }
            do throws(RuntimeError) {
                var search = TextSearch(of: part, in: text)
                return .success(try search.next(from: start))
            } catch {
                return .failure(error)
            }
        }
    }
    return try found.get()
}
