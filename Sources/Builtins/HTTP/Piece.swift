import NIOCore

package import protocol Crypto.HashFunction

/// Bytes on their way, as they came: handing them on, to one place or to several, copies nothing.
package struct Piece: Sendable {
    let buffer: NIOCore.ByteBuffer

    init(_ buffer: NIOCore.ByteBuffer) { self.buffer = buffer }

    package init(_ bytes: [UInt8]) { buffer = NIOCore.ByteBuffer(bytes: bytes) }

    /// In bytes.
    package var count: Int { buffer.readableBytes }
    package var isEmpty: Bool { count == 0 }

    /// A copy of them.
    package var bytes: [UInt8] { Array(buffer: buffer) }

    /// The first bytes, all where there are not so many, and the rest.
    package func split(after count: Int) -> (first: Piece, rest: Piece) {
        var rest = buffer
        guard let first = rest.readSlice(length: min(max(count, 0), rest.readableBytes)) else {
            return (self, Piece([]))
        }
        return (Piece(first), Piece(rest))
    }

    /// Adds them to a hash where they stand.
    package func hash(into function: inout some HashFunction) {
        buffer.withUnsafeReadableBytes { function.update(bufferPointer: $0) }
    }
}
