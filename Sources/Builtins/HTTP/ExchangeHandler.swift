import NIOCore
import NIOHTTP1

/// The end of a connection's pipeline: sends what is sent in one, keeps the parts of an answer until they are asked for, and
/// stops reading while enough of them wait. Lives on its event loop.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// How an answer begins.
    struct Opening: Sendable {
        let head: HTTPResponseHead
        /// The whole body where it is short; nil where it is still to be asked for.
        let body: NIOCore.ByteBuffer?
        /// False where the server answered before the request was sent.
        let isRequestSent: Bool
    }

    private var parts = CircularBuffer<HTTPClientResponsePart>()
    private var waitingBytes = 0
    private var waiter: EventLoopPromise<HTTPClientResponsePart>?
    private var opener: EventLoopPromise<Opening>?
    private var opened: (head: HTTPResponseHead, body: NIOCore.ByteBuffer)?
    private var isRequestSent = true
    /// The answer to HEAD tells a length and has no body.
    private var hasBody = true
    private var deadline: Scheduled<Void>?
    private(set) var failure: HTTPFailure?
    private var isPaused = false
    private var context: ChannelHandlerContext?

    /// Above this many bytes nothing more is read; a few reads may come on top.
    private static let highWater = 512 << 10
    /// A body up to this many bytes comes along with its head: each part that is waited for by itself wakes two threads.
    private static let shortBody = 64 << 10

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        fail(Self.ended)
    }

    /// The next part of the answer.
    func next(on loop: any EventLoop, within limit: TimeAmount) -> EventLoopFuture<HTTPClientResponsePart> {
        if let part = takeWaiting() { return loop.makeSucceededFuture(part) }
        if let failure { return loop.makeFailedFuture(failure) }
        let promise = loop.makePromise(of: HTTPClientResponsePart.self)
        waiter = promise
        startDeadline(on: loop, limit)
        return promise.futureResult
    }

    private func startDeadline(on loop: any EventLoop, _ limit: TimeAmount) {
        deadline?.cancel()
        deadline = loop.assumeIsolated().scheduleTask(in: limit) {
            self.fail(HTTPFailure(.timeout, "nothing came for \(limit.nanoseconds / 1_000_000_000) s"))
            self.context?.close(promise: nil)
        }
    }

    // MARK: - What is sent in one

    /// Sends a request whose body is there already, and gives how the answer begins.
    func exchange(
        _ head: HTTPRequestHead, _ body: [UInt8], on loop: any EventLoop, within limit: TimeAmount
    ) -> EventLoopFuture<Opening> {
        guard let context, failure == nil else { return loop.makeFailedFuture(failure ?? Self.ended) }
        isRequestSent = false
        hasBody = head.method != .HEAD
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !body.isEmpty {
            let buffer = context.channel.allocator.buffer(bytes: body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        let answer = opening(on: loop, within: limit)
        let sent = loop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess {
            self.isRequestSent = true
            if self.opener != nil { self.startDeadline(on: loop, limit) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: sent)
        return answer
    }

    /// How the answer begins.
    func opening(on loop: any EventLoop, within limit: TimeAmount) -> EventLoopFuture<Opening> {
        let promise = loop.makePromise(of: Opening.self)
        opener = promise
        startDeadline(on: loop, limit)
        while opener != nil, let part = takeWaiting() { open(with: part) }
        if let failure { fail(failure) }
        return promise.futureResult
    }

    /// Takes in a part of the answer while it begins.
    private func open(with part: HTTPClientResponsePart) {
        switch part {
        case .head(let head):
            opened = (head, NIOCore.ByteBuffer())
            let length = head.headers.first(name: "Content-Length").flatMap { Int($0) }
            if let length, length > Self.shortBody, hasBody { handOver() }
        case .body(var buffer):
            opened?.body.writeBuffer(&buffer)
            if let opened, opened.body.readableBytes > Self.shortBody { handOver() }
        case .end:
            guard let opened else { return }
            finish(Opening(head: opened.head, body: opened.body, isRequestSent: isRequestSent))
        }
    }

    /// Gives the head now, and what came of the body when it is asked for.
    private func handOver() {
        guard let opened else { return }
        if opened.body.readableBytes > 0 { keep(.body(opened.body)) }
        finish(Opening(head: opened.head, body: nil, isRequestSent: isRequestSent))
    }

    private func finish(_ opening: Opening) {
        opened = nil
        deadline?.cancel()
        let promise = opener
        opener = nil
        promise?.succeed(opening)
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
        if opener != nil {
            open(with: part)
        } else {
            keep(part)
        }
    }

    private func keep(_ part: HTTPClientResponsePart) {
        if case .body(let buffer) = part { waitingBytes += buffer.readableBytes }
        parts.append(part)
        if waitingBytes > Self.highWater, !isPaused { pause(true) }
    }

    private func takeWaiting() -> HTTPClientResponsePart? {
        guard let part = parts.popFirst() else { return nil }
        if case .body(let buffer) = part { waitingBytes -= buffer.readableBytes }
        if isPaused, waitingBytes == 0 { pause(false) }
        return part
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
        guard let opener else { return }
        // What came counts: an error in the middle of a body is told when the body is read.
        if opened != nil {
            handOver()
        } else {
            self.opener = nil
            opener.fail(self.failure ?? failure)
        }
    }

    private static let ended = HTTPFailure(.reset, "the connection ended before the answer did")

    private func pause(_ paused: Bool) {
        isPaused = paused
        try? context?.channel.syncOptions?.setOption(.autoRead, value: !paused)
    }
}
