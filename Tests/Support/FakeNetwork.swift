package import Builtins
import Lang
import Synchronization

/// Registries by host, and what goes wrong on the way to them.
package final class FakeNetwork: HTTPAccess {
    /// What happens to a request instead of an answer, or to its answer.
    package enum Fault: Sendable {
        case answer(FakeRegistry.Answer)
        case failure(HTTPFailure)
        /// The connection ends after this many bytes of the request's body have come.
        case breakOffRequest(after: Int)
        /// The connection ends after this many bytes of the answer's body.
        case breakOffAnswer(after: Int)
        /// One byte of the answer's body is another.
        case corrupt
        /// It is done after so long; whoever does not wait for the answer does not keep it from being done.
        case late(Duration)
    }

    private struct Rule {
        let method: String
        let part: String
        let fault: Fault
        var skipped: Int
        var times: Int
    }

    private struct State {
        var registries: [String: FakeRegistry] = [:]
        var others: [String: @Sendable (HTTPRequest) -> FakeRegistry.Answer] = [:]
        var rules: [Rule] = []
        var lines: [String] = []
        var authorizations: [String] = []
    }

    private let state = Mutex(State())

    package init() {}

    // MARK: - Setting up

    /// Reads or changes the registry of a host, which is made where there is none.
    package func registry<T: Sendable>(_ host: String, _ body: @Sendable (inout FakeRegistry) -> T) -> T {
        state.withLock { body(&$0.registries[host, default: FakeRegistry()]) }
    }

    /// Answers everything that is asked of a host that is no registry.
    package func serve(_ host: String, _ answer: @escaping @Sendable (HTTPRequest) -> FakeRegistry.Answer) {
        state.withLock { $0.others[host] = answer }
    }

    /// Lets the next requests of this method whose address has this part go wrong, the first `skipped` of them excepted.
    package func fail(_ method: String, _ part: String, with fault: Fault, times: Int = 1, after skipped: Int = 0) {
        let rule = Rule(method: method, part: part, fault: fault, skipped: skipped, times: times)
        state.withLock { $0.rules.append(rule) }
    }

    /// Every request so far: `GET 127.0.0.1:5001/v2/app/manifests/dev`, without queries.
    package var lines: [String] { state.withLock { $0.lines } }
    /// The `Authorization` of each, empty where it had none.
    package var authorizations: [String] { state.withLock { $0.authorizations } }

    // MARK: - Answering

    package func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
        try Task.checkCancellation()
        let fault = state.withLock { state in
            state.lines.append("\(request.method) \(request.url.authority)\(request.url.path)")
            state.authorizations.append(request.fields["Authorization"] ?? "")
            return Self.take(request, from: &state.rules)
        }
        switch fault {
        case .failure(let failure): throw failure
        case .answer(let answer):
            _ = try await read(request, limit: .max)
            return Self.made(answer, cut: nil)
        case .breakOffRequest(let limit):
            let piece = try await read(request, limit: limit)
            state.withLock { $0.registries[request.url.authority]?.keep(piece, of: request) }
            throw HTTPFailure(.reset, "the connection ended before the answer did")
        case .breakOffAnswer(let count): return Self.made(try await answer(request), cut: count)
        case .corrupt:
            var answer = try await answer(request)
            if !answer.body.isEmpty { answer.body[answer.body.count / 2] ^= 1 }
            return Self.made(answer, cut: nil)
        case .late(let delay):
            let (answers, sender) = AsyncThrowingStream.makeStream(of: FakeRegistry.Answer.self)
            Task.detached { [self] in
                try? await Task.sleep(for: delay)
                do { sender.yield(try await answer(request)) } catch { sender.finish(throwing: error) }
            }
            for try await answer in answers { return Self.made(answer, cut: nil) }
            throw CancellationError()
        case nil: return Self.made(try await answer(request), cut: nil)
        }
    }

    private func answer(_ request: HTTPRequest) async throws -> FakeRegistry.Answer {
        let body = try await read(request, limit: .max)
        let host = request.url.authority
        let (answer, other) = state.withLock { state in
            (state.registries[host]?.answer(request, body), state.others[host])
        }
        guard let found = answer ?? other?(request) else { throw HTTPFailure(.unknownHost, "no such host: \(host)") }
        return found
    }

    private func read(_ request: HTTPRequest, limit: Int) async throws -> [UInt8] {
        switch request.body {
        case .empty: return []
        case .bytes(let bytes): return Array(bytes.prefix(limit))
        case .stream(_, let source):
            var bytes: [UInt8] = []
            while bytes.count < limit, let piece = try await source.next() { bytes += piece.bytes }
            return Array(bytes.prefix(limit))
        }
    }

    private static func take(_ request: HTTPRequest, from rules: inout [Rule]) -> Fault? {
        let place = rules.firstIndex {
            $0.times > 0 && $0.method == request.method && request.url.text.contains($0.part)
        }
        guard let place else { return nil }
        if rules[place].skipped > 0 {
            rules[place].skipped -= 1
            return nil
        }
        rules[place].times -= 1
        return rules[place].fault
    }

    private static func made(_ answer: FakeRegistry.Answer, cut: Int?) -> HTTPAnswer {
        let pieces = stride(from: 0, to: answer.body.count, by: 1000).map {
            Piece(Array(answer.body[$0..<min($0 + 1000, answer.body.count)]))
        }
        let source: any ByteSource =
            if let cut { BrokenSource(Array(answer.body.prefix(cut))) } else { BytesInMemory(pieces) }
        return HTTPAnswer(status: answer.status, fields: answer.fields, body: source)
    }
}

/// Bytes that break off.
private actor BrokenSource: ByteSource {
    private var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func next() async throws -> Piece? {
        guard !bytes.isEmpty else { throw HTTPFailure(.reset, "the connection ended before the answer did") }
        defer { bytes = [] }
        return Piece(bytes)
    }

    func abandon() {}
}
