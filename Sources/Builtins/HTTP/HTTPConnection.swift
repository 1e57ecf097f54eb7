import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A connection to one host, for one exchange at a time.
final class HTTPConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBound<ExchangeHandler>

    /// How long to wait for a connection, for an answer to begin or go on, and for a piece of a request to be taken.
    struct Limits: Sendable {
        var connecting = TimeAmount.seconds(15)
        var silence = TimeAmount.seconds(60)
    }

    private let limits: Limits

    private init(_ channel: any Channel, _ handler: NIOLoopBound<ExchangeHandler>, _ limits: Limits) {
        self.channel = channel
        self.handler = handler
        self.limits = limits
    }

    /// - Parameter encryption: nil for plain HTTP.
    static func open(
        to url: WebAddress, on loop: any EventLoop, encryption: NIOSSLContext?, limits: Limits
    ) async throws -> HTTPConnection {
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(limits.connecting)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 16 << 10, maximum: 256 << 10)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let encryption {
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: encryption, serverHostname: serverName(url.host)))
                    }
                    try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
                    try pipeline.addHandler(ExchangeHandler())
                }
            }
        do {
            // At once, on the loop: a connection that fails in the next moment takes its handlers along, and with them why.
            let connected = connect(bootstrap, to: url).flatMapThrowing { channel in
                let handler = try channel.pipeline.syncOperations.handler(type: ExchangeHandler.self)
                return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
            }
            let (channel, handler) = try await connected.get()
            return HTTPConnection(channel, handler, limits)
        } catch {
            throw HTTPFailure(connection: error)
        }
    }

    /// An address is not looked up, which would take a detour over other threads.
    private static func connect(_ bootstrap: ClientBootstrap, to url: WebAddress) -> EventLoopFuture<any Channel> {
        guard let address = try? SocketAddress(ipAddress: url.host, port: url.effectivePort) else {
            return bootstrap.connect(host: url.host, port: url.effectivePort)
        }
        return bootstrap.connect(to: address)
    }

    /// Addresses have no name that a certificate could be checked by before the connection.
    private static func serverName(_ host: String) -> String? {
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        return isAddress ? nil : host
    }

    var isOpen: Bool { channel.isActive }

    func close() { channel.close(promise: nil) }

    // MARK: - An exchange

    /// Sends a request, and gives the head of the answer, with the body where it is short.
    ///
    /// Where the request was not sent whole, the server has answered before its end, and the connection is of no further use.
    func exchange(_ request: HTTPRequest) async throws -> ExchangeHandler.Opening {
        let head = Self.head(request)
        let (handler, silence, loop) = (handler, limits.silence, channel.eventLoop)
        switch request.body {
        case .empty, .bytes:
            // In one go: a server that answers and closes may do so in the middle, and each step would wake two threads.
            let body: [UInt8] = if case .bytes(let bytes) = request.body { bytes } else { [] }
            return try await cancellable {
                try await loop.flatSubmit { handler.value.exchange(head, body, on: loop, within: silence) }.get()
            }
        case .stream(let length, let source):
            try await write(.head(head))
            var isWhole = try await send(source, length: length)
            if isWhole { isWhole = try await unlessAnswered { try await write(.end(nil)) } }
            let opening = try await cancellable {
                try await loop.flatSubmit { handler.value.opening(on: loop, within: silence) }.get()
            }
            return ExchangeHandler.Opening(head: opening.head, body: opening.body, isRequestSent: isWhole)
        }
    }

    /// False where the server answers before everything is sent.
    private func send(_ source: any ByteSource, length: Int) async throws -> Bool {
        var sent = 0
        while let piece = try await source.next() {
            sent += piece.count
            guard sent <= length else { throw HTTPFailure(.malformed, "the content is longer than was said") }
            let isSent = try await unlessAnswered {
                try await write(.body(.byteBuffer(channel.allocator.buffer(bytes: piece))))
            }
            if !isSent { return false }
            if await hasAnswer() { return false }
        }
        guard sent == length else { throw HTTPFailure(.malformed, "the content is shorter than was said") }
        return true
    }

    /// False where writing failed because the server has answered and turned away.
    private func unlessAnswered(_ write: () async throws -> Void) async throws -> Bool {
        do {
            try await write()
            return true
        } catch let failure as HTTPFailure {
            if await hasAnswer() { return false }
            throw failure
        }
    }

    private func hasAnswer() async -> Bool {
        (try? await channel.eventLoop.submit { [handler] in handler.value.hasAnswer }.get()) ?? false
    }

    /// The next part of the answer.
    func next() async throws -> HTTPClientResponsePart {
        let (handler, silence, channel) = (handler, limits.silence, channel)
        return try await cancellable {
            try await channel.eventLoop.flatSubmit { handler.value.next(on: channel.eventLoop, within: silence) }.get()
        }
    }

    private func write(_ part: HTTPClientRequestPart) async throws {
        let (channel, silence) = (channel, limits.silence)
        try await cancellable {
            let written = channel.eventLoop.makePromise(of: Void.self)
            let deadline = channel.eventLoop.scheduleTask(in: silence) {
                written.fail(HTTPFailure(.timeout, "what was sent was not taken for too long"))
                channel.close(promise: nil)
            }
            defer { deadline.cancel() }
            channel.writeAndFlush(part, promise: written)
            try await written.futureResult.get()
        }
    }

    /// Closes the connection when the task is cancelled, which ends whatever waits for it.
    private func cancellable<T: Sendable>(_ body: @Sendable () async throws -> T) async throws -> T {
        do {
            return try await withTaskCancellationHandler(operation: body) { channel.close(promise: nil) }
        } catch {
            try Task.checkCancellation()
            if let failure = error as? HTTPFailure { throw failure }
            // A write that fails says only that the connection is gone; why is what came from the other side.
            let told = try? await channel.eventLoop.submit { [handler] in handler.value.failure }.get()
            throw (told ?? nil) ?? HTTPFailure(connection: error)
        }
    }

    private static func head(_ request: HTTPRequest) -> HTTPRequestHead {
        var fields = HTTPHeaders([("Host", request.url.authority)])
        for field in request.fields.entries { fields.add(name: field.name, value: field.value) }
        switch request.body {
        case .empty: break
        case .bytes, .stream: fields.replaceOrAdd(name: "Content-Length", value: String(request.body.length))
        }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: request.url.target, headers: fields)
    }
}
