import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// HTTP/1.1 over one event loop, which starts with the first request. Connections are kept for the next request to the
/// same host.
package actor LiveHTTP: HTTPAccess {
    private let trust: TrustStore
    private let proxies: ProxySettings
    private let limits: HTTPConnection.Limits
    private var loop: (any EventLoop)?
    private var idle: [String: [HTTPConnection]] = [:]
    private var encryption: [String: NIOSSLContext] = [:]

    /// Connections to one host that are kept for later.
    private static let maximumIdle = 16

    /// - Parameters:
    ///   - files: where certificates are read.
    ///   - environment: `SSL_CERT_FILE` names certificates to trust besides the system's; `HTTPS_PROXY`, `HTTP_PROXY` and
    ///     `NO_PROXY` are heeded.
    package init(files: any FileAccess, environment: [String: String]) {
        self.init(files: files, environment: environment, limits: HTTPConnection.Limits())
    }

    init(files: any FileAccess, environment: [String: String], limits: HTTPConnection.Limits) {
        trust = TrustStore(files: files, environment: environment)
        proxies = ProxySettings(environment)
        self.limits = limits
    }

    package func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        let (connection, isNew) = try await connection(to: request.url)
        do {
            return try await answer(request, connection)
        } catch {
            connection.close()
            // A connection that was kept may have been closed meanwhile by the server, which then never saw the request.
            let isStale = (error as? HTTPFailure)?.kind == .reset && !isNew && request.body.isReplayable
            guard isStale else { throw error }
        }
        let fresh = try await open(request.url)
        do {
            return try await answer(request, fresh)
        } catch {
            fresh.close()
            throw error
        }
    }

    private nonisolated func answer(_ request: HTTPRequest, _ connection: HTTPConnection) async throws -> HTTPAnswer {
        let opening = try await connection.exchange(request)
        let isKept = opening.isRequestSent && opening.head.isKeepAlive
        return HTTPAnswer(
            status: Int(opening.head.status.code), fields: HTTPFields(opening.head.headers.map { ($0.name, $0.value) }),
            body: await body(opening, connection, from: request.url.origin, isKept: isKept))
    }

    private nonisolated func body(
        _ opening: ExchangeHandler.Opening, _ connection: HTTPConnection, from origin: String, isKept: Bool
    ) async -> any ByteSource {
        guard let whole = opening.body else {
            return AnswerBody(connection, release: { await self.release($0, from: origin) }, isKept: isKept)
        }
        if isKept { await release(connection, from: origin) } else { connection.close() }
        return BytesInMemory([Piece(whole)])
    }

    // MARK: - Connections

    private func connection(to url: WebAddress) async throws -> (HTTPConnection, isNew: Bool) {
        while let kept = idle[url.origin]?.popLast() {
            if kept.isOpen { return (kept, false) }
        }
        return (try await open(url), true)
    }

    private func open(_ url: WebAddress) async throws -> HTTPConnection {
        let loop = started()
        let encryption = url.scheme == "https" ? try context(for: url) : nil
        return try await HTTPConnection.open(
            to: url, through: try proxies.proxy(for: url), on: loop, encryption: encryption, limits: limits)
    }

    private func started() -> any EventLoop {
        if let loop { return loop }
        LiveMemory.keepForBuffers()
        let loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        self.loop = loop
        return loop
    }

    package nonisolated func nearby<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
        try await LoopExecutor(await started()).run(body)
    }

    private func context(for url: WebAddress) throws -> NIOSSLContext {
        if let known = encryption[url.authority] { return known }
        let context = try trust.context(for: url.authority)
        encryption[url.authority] = context
        return context
    }

    private func release(_ connection: HTTPConnection, from origin: String) {
        if connection.isOpen, idle[origin, default: []].count < Self.maximumIdle {
            idle[origin, default: []].append(connection)
        } else {
            connection.close()
        }
    }
}
