import NIOCore
import NIOHTTP1

/// The body of an answer, read as it is asked for. Gives its connection back at the end, and closes it where nobody
/// reads so far.
final actor AnswerBody: ByteSource {
    private var connection: HTTPConnection?
    private let release: @Sendable (HTTPConnection) async -> Void
    private let isKept: Bool

    init(
        _ connection: HTTPConnection, release: @escaping @Sendable (HTTPConnection) async -> Void, isKept: Bool
    ) {
        self.connection = connection
        self.release = release
        self.isKept = isKept
    }

    deinit { connection?.close() }

    func next() async throws -> Piece? {
        guard let connection else { return nil }
        do {
            while true {
                switch try await connection.next() {
                case .head: continue
                case .body(let buffer): if buffer.readableBytes > 0 { return Piece(buffer) }
                case .end:
                    self.connection = nil
                    if isKept { await release(connection) } else { connection.close() }
                    return nil
                }
            }
        } catch {
            abandon()
            throw error
        }
    }

    func abandon() {
        connection?.close()
        connection = nil
    }
}
