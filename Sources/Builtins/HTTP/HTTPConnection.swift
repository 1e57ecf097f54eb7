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
    /// The proxy that reads what is sent; nil where there is none, and where it only passes on what is encrypted.
    private let reader: ProxySettings.Proxy?

    private init(
        _ channel: any Channel, _ handler: NIOLoopBound<ExchangeHandler>, _ limits: Limits,
        _ reader: ProxySettings.Proxy?
    ) {
        self.channel = channel
        self.handler = handler
        self.limits = limits
        self.reader = reader
    }

    /// - Parameter encryption: nil for plain HTTP.
    static func open(
        to url: WebAddress, through proxy: ProxySettings.Proxy?, on loop: any EventLoop, encryption: NIOSSLContext?,
        limits: Limits
    ) async throws -> HTTPConnection {
        let tunnel = proxy == nil || encryption == nil ? nil : loop.makePromise(of: Void.self)
        let bootstrap =
            (url.isSocket
            ? ClientBootstrap(group: loop)
            : ClientBootstrap(group: loop).channelOption(.socketOption(.tcp_nodelay), value: 1))
            .connectTimeout(limits.connecting)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 4096, initial: 16 << 10, maximum: 256 << 10)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tunnel, let proxy {
                        let target = "\(url.host.contains(":") ? "[\(url.host)]" : url.host):\(url.effectivePort)"
                        let handler = TunnelHandler(target, through: proxy, opened: tunnel)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    } else {
                        try addHandlers(to: channel, url, encryption)
                    }
                }
            }
        do {
            let place = proxy.map { WebAddress(scheme: "http", host: $0.host, port: $0.port) } ?? url
            // At once, on the loop: a connection that fails in the next moment takes its handlers along, and with them why.
            let connected = connect(bootstrap, to: place).flatMap { channel in
                (tunnel?.futureResult ?? channel.eventLoop.makeSucceededVoidFuture()).flatMapThrowing {
                    if tunnel != nil { try addHandlers(to: channel, url, encryption) }
                    let handler = try channel.pipeline.syncOperations.handler(type: ExchangeHandler.self)
                    return (channel, NIOLoopBound(handler, eventLoop: channel.eventLoop))
                }
            }
            let deadline = tunnel.map { tunnel in
                loop.scheduleTask(in: limits.connecting) {
                    tunnel.fail(HTTPFailure(.timeout, "no connection through the proxy in time"))
                }
            }
            defer { deadline?.cancel() }
            let (channel, handler) = try await connected.get()
            return HTTPConnection(channel, handler, limits, tunnel == nil ? proxy : nil)
        } catch {
            // Nobody else would.
            tunnel?.fail(error)
            let failure = HTTPFailure(connection: error)
            guard let proxy, failure.kind != .proxy, !failure.reason.contains("proxy") else { throw failure }
            throw HTTPFailure(failure.kind, "\(failure.reason) (proxy \(proxy.shown))")
        }
    }

    /// An address is not looked up, which would take a detour over other threads.
    private static func connect(
        _ bootstrap: ClientBootstrap, to place: WebAddress
    ) -> EventLoopFuture<any Channel> {
        if place.isSocket { return bootstrap.connect(unixDomainSocketPath: place.host) }
        guard let address = try? SocketAddress(ipAddress: place.host, port: place.effectivePort) else {
            return bootstrap.connect(host: place.host, port: place.effectivePort)
        }
        return bootstrap.connect(to: address)
    }

    private static func addHandlers(to channel: any Channel, _ url: WebAddress, _ encryption: NIOSSLContext?) throws {
        let pipeline = channel.pipeline.syncOperations
        if let encryption {
            try pipeline.addHandler(NIOSSLClientHandler(context: encryption, serverHostname: serverName(url.host)))
        }
        try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
        try pipeline.addHandler(ExchangeHandler())
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
        let head = self.head(request)
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
            if isWhole {
                isWhole = try await unlessAnswered {
                    try await write(.end(nil))
                    return true
                }
            }
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
                try await writeUnlessAnswered(.body(.byteBuffer(piece.buffer)))
            }
            if !isSent { return false }
        }
        guard sent == length else { throw HTTPFailure(.malformed, "the content is shorter than was said") }
        return true
    }

    /// False where writing failed because the server has answered and turned away.
    private func unlessAnswered(_ write: () async throws -> Bool) async throws -> Bool {
        do {
            return try await write()
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

    private func write(_ part: HTTPClientRequestPart) async throws { _ = try await flush(part, unlessAnswered: false) }

    /// False, and nothing is written, where the answer is there already.
    private func writeUnlessAnswered(_ part: HTTPClientRequestPart) async throws -> Bool {
        try await flush(part, unlessAnswered: true)
    }

    /// In one visit to the event loop: pieces come by the thousand, and each visit wakes a thread.
    private func flush(_ part: HTTPClientRequestPart, unlessAnswered: Bool) async throws -> Bool {
        let (channel, handler, silence) = (channel, handler, limits.silence)
        return try await cancellable {
            try await channel.eventLoop.flatSubmit {
                let loop = channel.eventLoop
                if unlessAnswered, handler.value.hasAnswer { return loop.makeSucceededFuture(false) }
                let written = loop.makePromise(of: Void.self)
                let deadline = loop.scheduleTask(in: silence) {
                    written.fail(HTTPFailure(.timeout, "what was sent was not taken for too long"))
                    channel.close(promise: nil)
                }
                // Here, and not when the waiting task hears of it, which may be later than the deadline.
                written.futureResult.whenComplete { _ in deadline.cancel() }
                channel.writeAndFlush(part, promise: written)
                return written.futureResult.map { true }
            }.get()
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

    private func head(_ request: HTTPRequest) -> HTTPRequestHead {
        var fields = HTTPHeaders([("Host", request.url.authority)])
        for field in request.fields.entries { fields.add(name: field.name, value: field.value) }
        switch request.body {
        case .empty: break
        case .bytes, .stream: fields.replaceOrAdd(name: "Content-Length", value: String(request.body.length))
        }
        if let authorization = reader?.authorization { fields.add(name: "Proxy-Authorization", value: authorization) }
        return HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method),
            uri: reader == nil ? request.url.target : request.url.text, headers: fields)
    }
}
