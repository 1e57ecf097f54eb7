import Glibc

/// Cuts what a program prints into lines, as it comes. A newline ends a line and so does a carriage return, with which
/// programs redraw their progress; `\r\n` is one end. What is longer than the limit is cut, and marked with `…`.
struct LineSplitter {
    static let limit = 64 << 10

    /// The beginning of a line whose end has not come yet.
    private var pending: [UInt8] = []
    private var isCut = false
    /// True if a carriage return already ended what stands before the next newline.
    private var isShown = false

    /// Gives each line that ends in `bytes`.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, _ give: (String) -> Void) {
        var position = 0
        var newline = find(UInt8(ascii: "\n"), in: bytes, from: 0)
        var carriageReturn = find(UInt8(ascii: "\r"), in: bytes, from: 0)
        while true {
            let end = min(newline, carriageReturn)
            guard end < bytes.count else { break }
            let piece = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
            position = end + 1
            if end == newline {
                if !(isShown && pending.isEmpty && piece.isEmpty) { finish(piece, give) }
                isShown = false
                newline = find(UInt8(ascii: "\n"), in: bytes, from: position)
            } else {
                if !(pending.isEmpty && piece.isEmpty) {
                    finish(piece, give)
                    isShown = true
                }
                carriageReturn = find(UInt8(ascii: "\r"), in: bytes, from: position)
            }
        }
        keep(UnsafeRawBufferPointer(rebasing: bytes[position...]))
    }

    /// Gives the last line if it had no end.
    mutating func end(_ give: (String) -> Void) {
        if !pending.isEmpty { finish(UnsafeRawBufferPointer(start: nil, count: 0), give) }
    }

    private mutating func keep(_ piece: UnsafeRawBufferPointer) {
        let room = Self.limit - pending.count
        pending.append(contentsOf: piece.prefix(room))
        if piece.count > room { isCut = true }
    }

    private mutating func finish(_ piece: UnsafeRawBufferPointer, _ give: (String) -> Void) {
        if pending.isEmpty, piece.count <= Self.limit {
            give(String(decoding: piece, as: UTF8.self))
            return
        }
        keep(piece)
        give(isCut ? cutLine() : String(decoding: pending, as: UTF8.self))
        pending.removeAll(keepingCapacity: true)
        isCut = false
    }

    /// The pending bytes up to the last whole character.
    private func cutLine() -> String {
        var end = pending.count
        // Where the last character begins: after at most three bytes that continue one.
        let start = pending.suffix(4).lastIndex { $0 & 0xC0 != 0x80 } ?? end
        if start < end {
            let length = max(1, (~pending[start]).leadingZeroBitCount)
            if start + length > end { end = start }
        }
        return String(decoding: pending[..<end], as: UTF8.self) + "…"
    }

    private func find(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, CInt(byte), bytes.count - start)
        else { return bytes.count }
        return UnsafeRawPointer(found) - base
    }
}
