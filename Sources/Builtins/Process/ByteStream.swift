import Subprocess

/// What a program prints, piece by piece.
protocol ByteStream: AsyncSequence, Sendable where Element: ByteBuffer {}

protocol ByteBuffer {
    func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws
}

extension SubprocessOutputSequence: ByteStream {}

extension SubprocessOutputSequence.Buffer: ByteBuffer {
    func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        try bytes.withUnsafeBytes(body)
    }
}
