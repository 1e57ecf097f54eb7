import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A server on this machine that answers each request with bytes a test wrote, for what a real one does only when it
/// is in trouble.
final class ScriptedServer: Sendable {
    /// What a connection does after a request has come whole.
    enum Step: Sendable {
        case send(String)
        case sendBytes(Int)
        case wait(milliseconds: Int64)
        case close
        /// Without the farewell of TCP.
        case reset
    }

    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel
    let port: Int
    private let script: Script
    /// The heads of the requests that came.
    var heads: [String] { script.heads }

    /// - Parameter answers: for the first connection's first request, its second, then those of later connections; the
    ///   last one again and again.
    init(_ answers: [Step]...) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let script = Script(answers)
        self.script = script
        channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func stop() async throws {
        try await channel.close()
        try await group.shutdownGracefully()
    }

    private final class Script: Sendable {
        private let answers: Mutex<[[Step]]>
        private let seen = Mutex<[String]>([])
        init(_ answers: [[Step]]) { self.answers = Mutex(answers) }
        var heads: [String] { seen.withLock { $0 } }
        func saw(_ bytes: [UInt8]) {
            let text = String(decoding: bytes, as: UTF8.self)
            let head = text.firstRange(of: "\r\n\r\n").map { String(text[..<$0.upperBound]) } ?? text
            seen.withLock { $0.append(head) }
        }
        func next() -> [Step] { answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? [] } }
    }

    private final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let script: Script
        private var received: [UInt8] = []

        init(_ script: Script) { self.script = script }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += Array(buffer: unwrapInboundIn(data))
            guard Self.isWhole(received) else { return }
            script.saw(received)
            received = []
            perform(script.next()[...], context)
        }

        private func perform(_ steps: ArraySlice<Step>, _ context: ChannelHandlerContext) {
            guard let step = steps.first else { return }
            switch step {
            case .send(let text): write(Array(text.utf8), context)
            case .sendBytes(let count): write([UInt8](repeating: 120, count: count), context)
            case .wait(let time):
                context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(time)) {
                    self.perform(steps.dropFirst(), context)
                }
                return
            case .close: context.close(promise: nil)
            case .reset:
                _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                context.close(promise: nil)
            }
            perform(steps.dropFirst(), context)
        }

        private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            context.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        }

        /// A head, and as many bytes after it as it says.
        private static func isWhole(_ bytes: [UInt8]) -> Bool {
            // The beginning of an encrypted connection, which nobody here speaks.
            if bytes.first == 0x16 { return true }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
            let head = text[..<end.lowerBound].lowercased().split(separator: "\r\n")
            let length = head.first { $0.hasPrefix("content-length: ") }.flatMap { Int($0.dropFirst(16)) } ?? 0
            return text[end.upperBound...].utf8.count >= length
        }
    }
}
