import Glibc
import NIOCore
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct LiveHTTPTests {
    private static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

    private func client(silence: Int64 = 60_000) -> LiveHTTP {
        var limits = HTTPConnection.Limits()
        limits.silence = .milliseconds(silence)
        return LiveHTTP(files: FakeFiles(), environment: [:], limits: limits)
    }

    private func get(_ client: LiveHTTP, _ server: ScriptedServer, _ body: HTTPBody = .empty) async throws -> String {
        let url = WebAddress(scheme: "http", host: "127.0.0.1", port: server.port, path: "/x")
        let answer = try await client.send(HTTPRequest(body.length > 0 ? "PUT" : "GET", url, body: body))
        return "\(answer.status) \(String(decoding: try await answer.bytes(limit: 1 << 24), as: UTF8.self))"
    }

    private func kind(_ client: LiveHTTP, _ server: ScriptedServer, _ body: HTTPBody = .empty) async -> HTTPFailure
        .Kind?
    {
        do {
            _ = try await get(client, server, body)
            return nil
        } catch {
            return (error as? HTTPFailure)?.kind
        }
    }

    @Test func connectionsAreKept() async throws {
        let server = try await ScriptedServer([.send(Self.ok)])
        let client = client()
        for _ in 0..<3 { #expect(try await get(client, server) == "200 hello") }
        try await server.stop()
    }

    /// On one thread, whatever they wait for meanwhile.
    @Test func whatRunsNearbyRunsOnTheLoop() async throws {
        let server = try await ScriptedServer([.send(Self.ok)])
        let client = client()
        let threads = try await client.nearby {
            try await withThrowingTaskGroup(of: (String, pthread_t).self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let before = pthread_self()
                        let text = try await get(client, server)
                        try await Task.sleep(for: .milliseconds(1))
                        #expect(pthread_self() == before)
                        return (text, before)
                    }
                }
                return try await group.reduce(into: Set<pthread_t>()) { threads, answer in
                    #expect(answer.0 == "200 hello")
                    threads.insert(answer.1)
                }
            }
        }
        #expect(threads.count == 1)
        try await server.stop()
    }

    @Test func whatRunsNearbyIsCancelledAndFailsAsElsewhere() async throws {
        let server = try await ScriptedServer([.wait(milliseconds: 10_000)])
        let client = client(silence: 60_000)
        let task = Task { try await client.nearby { try await get(client, server) } }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await #expect(throws: HTTPFailure.self) { try await client.nearby { throw HTTPFailure(.reset, "gone") } }
        try await server.stop()
    }

    @Test func chunksAndInformationalAnswers() async throws {
        let server = try await ScriptedServer([
            .send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n"),
            .wait(milliseconds: 20), .send("3\r\nllo\r\n0\r\n\r\n"),
        ])
        #expect(try await get(client(), server) == "200 hello")
        try await server.stop()
    }

    @Test func aKeptConnectionThatIsClosedIsReplaced() async throws {
        let server = try await ScriptedServer([.send(Self.ok)], [.reset], [.send(Self.ok)])
        let client = client()
        #expect(try await get(client, server) == "200 hello")
        #expect(try await get(client, server) == "200 hello")
        try await server.stop()
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"])
    func whatBreaksOffIsTold(text: String) async throws {
        for end in [ScriptedServer.Step.close, .reset] {
            let server = try await ScriptedServer([.send(text), .wait(milliseconds: 20), end])
            #expect(await kind(client(), server) == .reset)
            try await server.stop()
        }
    }

    @Test func silenceEnds() async throws {
        let server = try await ScriptedServer([.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")])
        #expect(await kind(client(silence: 100), server) == .timeout)
        try await server.stop()
    }

    @Test func whatIsNoHTTPIsTold() async throws {
        let server = try await ScriptedServer([.send("SSH-2.0-OpenSSH_9.2\r\n\r\n"), .close])
        #expect(await kind(client(), server) == .malformed)
        try await server.stop()
    }

    @Test func nobodyThereIsTold() async throws {
        // A port that no test is given by chance, and that nobody listens at.
        let nobody = WebAddress(scheme: "http", host: "127.0.0.1", port: 1)
        let failure = await #expect(throws: HTTPFailure.self) { try await client().send(HTTPRequest("GET", nobody)) }
        #expect(failure?.kind == .refused)
    }

    @Test func anUnknownHostIsTold() async throws {
        let url = WebAddress(scheme: "http", host: "no-such-host.invalid", path: "/")
        let error = await #expect(throws: HTTPFailure.self) { try await client().send(HTTPRequest("GET", url)) }
        #expect(error?.kind == .unknownHost)
    }

    @Test func plainHTTPIsNoEncryption() async throws {
        let server = try await ScriptedServer([.send("HTTP/1.1 400 Bad Request\r\n\r\n"), .close])
        let url = WebAddress(scheme: "https", host: "127.0.0.1", port: server.port, path: "/")
        let error = await #expect(throws: HTTPFailure.self) { try await client().send(HTTPRequest("GET", url)) }
        #expect(error?.kind == .encryption, "\(String(describing: error))")
        try await server.stop()
    }

    @Test func aLargeBodyWaitsForItsReader() async throws {
        let count = 20 << 20
        let server = try await ScriptedServer([
            .send("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n"), .sendBytes(count),
        ])
        let url = WebAddress(scheme: "http", host: "127.0.0.1", port: server.port, path: "/")
        let answer = try await client().send(HTTPRequest("GET", url))
        try await Task.sleep(for: .milliseconds(50))
        var read = 0
        while let piece = try await answer.body.next() { read += piece.count }
        #expect(read == count)
        try await server.stop()
    }

    @Test func theHeadOfSomethingLargeIsAll() async throws {
        let server = try await ScriptedServer([.send("HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n")])
        let client = client()
        let url = WebAddress(scheme: "http", host: "127.0.0.1", port: server.port, path: "/x")
        for _ in 0..<2 {
            let answer = try await client.send(HTTPRequest("HEAD", url))
            #expect(answer.fields["Content-Length"] == "500000")
            #expect(try await answer.bytes(limit: 10).isEmpty)
        }
        try await server.stop()
    }

    @Test func aStreamIsSentPieceByPiece() async throws {
        let server = try await ScriptedServer([.send(Self.ok)])
        let pieces = (0..<50).map { Piece([UInt8](repeating: UInt8($0), count: 10_000)) }
        let body = HTTPBody.stream(length: 500_000, BytesInMemory(pieces))
        #expect(try await get(client(), server, body) == "200 hello")
        let short = HTTPBody.stream(length: 600_000, BytesInMemory(pieces))
        #expect(await kind(client(), server, short) == .malformed)
        try await server.stop()
    }

    @Test func anAnswerThatIsTheLastIsHeard() async throws {
        let server = try await ScriptedServer([
            .send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"), .close,
        ])
        let url = WebAddress(scheme: "http", host: "127.0.0.1", port: server.port, path: "/")
        let answer = try await client().send(HTTPRequest("GET", url))
        #expect(answer.status == 413)
        #expect(try await answer.bytes(limit: 10) == Array("no".utf8))
        try await server.stop()
    }

    @Test func cancellingEndsTheWait() async throws {
        let server = try await ScriptedServer([.wait(milliseconds: 10_000)])
        let url = WebAddress(scheme: "http", host: "127.0.0.1", port: server.port, path: "/")
        let client = client(silence: 60_000)
        let task = Task { try await client.send(HTTPRequest("GET", url)).status }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await server.stop()
    }
}
