import NIOCore
import NIOHTTP1

/// The end of a connection's pipeline: keeps the parts of an answer until they are asked for, and stops reading while
/// enough of them wait. Lives on its event loop.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private var parts = CircularBuffer<HTTPClientResponsePart>()
    private var waitingBytes = 0
    private var waiter: EventLoopPromise<HTTPClientResponsePart>?
    private var deadline: Scheduled<Void>?
    private(set) var failure: HTTPFailure?
    private var isPaused = false
    private var context: ChannelHandlerContext?

    /// Above this many bytes nothing more is read; a few reads may come on top.
    private static let highWater = 512 << 10

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        fail(Self.ended)
    }

    /// The next part of the answer.
    func next(on loop: any EventLoop, within limit: TimeAmount) -> EventLoopFuture<HTTPClientResponsePart> {
        if let part = parts.popFirst() {
            if case .body(let buffer) = part { waitingBytes -= buffer.readableBytes }
            if isPaused, waitingBytes == 0 { pause(false) }
            return loop.makeSucceededFuture(part)
        }
        if let failure { return loop.makeFailedFuture(failure) }
        let promise = loop.makePromise(of: HTTPClientResponsePart.self)
        waiter = promise
        deadline = loop.assumeIsolated().scheduleTask(in: limit) {
            self.fail(HTTPFailure(.timeout, "nothing came for \(limit.nanoseconds / 1_000_000_000) s"))
            self.context?.close(promise: nil)
        }
        return promise.futureResult
    }

    /// Whether an answer is there although the request is not sent yet.
    var hasAnswer: Bool { !parts.isEmpty }

    // MARK: - What comes

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        // Informational answers only say that the real one will come.
        if case .head(let head) = part, (100..<200).contains(head.status.code), head.status.code != 101 { return }
        if let waiter {
            self.waiter = nil
            deadline?.cancel()
            waiter.succeed(part)
            return
        }
        if case .body(let buffer) = part { waitingBytes += buffer.readableBytes }
        parts.append(part)
        if waitingBytes > Self.highWater, !isPaused { pause(true) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(HTTPFailure(connection: error))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(Self.ended)
        context.fireChannelInactive()
    }

    private func fail(_ failure: HTTPFailure) {
        if self.failure == nil { self.failure = failure }
        deadline?.cancel()
        waiter?.fail(self.failure ?? failure)
        waiter = nil
    }

    private static let ended = HTTPFailure(.reset, "the connection ended before the answer did")

    private func pause(_ paused: Bool) {
        isPaused = paused
        try? context?.channel.syncOptions?.setOption(.autoRead, value: !paused)
    }
}
