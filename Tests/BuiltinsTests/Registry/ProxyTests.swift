import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct ProxySettingsTests {
    private func proxy(_ url: String, _ environment: [String: String]) throws -> String? {
        let url = try #require(WebAddress(url))
        return try ProxySettings(environment).proxy(for: url)?.shown
    }

    @Test func eachSchemeHasItsOwn() throws {
        let environment = ["HTTPS_PROXY": "http://secure:3128", "http_proxy": "plain:8080"]
        #expect(try proxy("https://ghcr.io/v2/", environment) == "secure:3128")
        #expect(try proxy("http://ghcr.io/v2/", environment) == "plain:8080")
        #expect(try proxy("https://ghcr.io/v2/", ["HTTP_PROXY": "plain:8080"]) == nil)
        #expect(try proxy("https://ghcr.io/v2/", ["HTTPS_PROXY": "", "https_proxy": "http://p"]) == "p:80")
        #expect(try proxy("https://ghcr.io/v2/", ["HTTPS_PROXY": "http://[fd00::1]:3128/"]) == "[fd00::1]:3128")
    }

    @Test func thisMachineIsNeverAskedForThroughOne() throws {
        let environment = ["HTTPS_PROXY": "http://p:1", "HTTP_PROXY": "http://p:1"]
        for host in ["localhost", "127.0.0.1:5001", "127.9.9.9", "[::1]:5001"] {
            #expect(try proxy("http://\(host)/v2/", environment) == nil)
        }
        #expect(try proxy("http://127.example.com/v2/", environment) == "p:1")
    }

    @Test(arguments: [
        ("ghcr.io", "ghcr.io", true), ("pkg.ghcr.io", "ghcr.io", true), ("notghcr.io", "ghcr.io", false),
        ("ghcr.io", ".ghcr.io", false), ("pkg.ghcr.io", ".ghcr.io", true), ("pkg.ghcr.io", "*.ghcr.io", true),
        ("ghcr.io", "*", true), ("GHCR.io", "a.b, gHCR.IO", true), ("ghcr.io", "ghcr.io:443", true),
        ("ghcr.io", "ghcr.io:5000", false), ("10.1.2.3", "10.0.0.0/8", true), ("11.1.2.3", "10.0.0.0/8", false),
        ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "0.0.0.0/0", true), ("10.1.2.3", "10.1.2.0/99", false),
        ("example.com", "10.0.0.0/8", false), ("[fd00::1]", "fd00::1", true), ("[fd00::1]", "[fd00::1]:443", true),
        ("[2002:db8:a::123]", "2002:db8:a::45/64", true), ("[2002:db8:b::123]", "2002:db8:a::45/64", false),
        ("[fd00::1]", "fd00::/8", true), ("[fe80::1]", "::/0", true), ("10.1.2.3", "::/0", false),
        ("[fd00::1]", "fd0g::/8", false),
        ("[::ffff:10.1.2.3]", "::ffff:10.1.0.0/112", true), ("[fd00::1]", "fd00::1::/8", false),
        ("[fd00::1]", "fd00::/129", false),
        ("ghcr.io", "", false),
    ])
    func exceptions(host: String, text: String, isExcepted: Bool) throws {
        let found = try proxy("https://\(host)/v2/", ["HTTPS_PROXY": "http://p:1", "no_proxy": text])
        #expect((found == nil) == isExcepted)
    }

    @Test func aPasswordGoesToTheProxyAloneAndIsNotShown() throws {
        let url = try #require(WebAddress("https://ghcr.io/"))
        let found = try ProxySettings(["HTTPS_PROXY": "http://me:p%40ss@p:1"]).proxy(for: url)
        #expect(found?.authorization == "Basic " + Base64.encode("me:p@ss"))
        #expect(found?.shown == "p:1")
    }

    @Test(arguments: ["socks5://p:1", "https://secret@p:1", "http://p:1/path", "http://", "p:port"])
    func whatIsNoProxyIsTold(text: String) throws {
        let url = try #require(WebAddress("https://ghcr.io/"))
        let error = #expect(throws: HTTPFailure.self) { try ProxySettings(["HTTPS_PROXY": text]).proxy(for: url) }
        #expect(error?.kind == .proxy)
        #expect(error?.reason.contains("secret") == false)
    }
}

@Suite struct ProxyTests {
    private func client(_ proxy: ScriptedServer) -> LiveHTTP { client(port: proxy.port) }

    private func client(port: Int) -> LiveHTTP {
        let address = "http://me:secret@127.0.0.1:\(port)"
        return LiveHTTP(files: FakeFiles(), environment: ["HTTPS_PROXY": address, "HTTP_PROXY": address])
    }

    private func failure(_ client: LiveHTTP, _ url: String) async throws -> HTTPFailure? {
        let url = try #require(WebAddress(url))
        return await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest("GET", url)) }
    }

    @Test func plainHTTPGivesTheWholeAddress() async throws {
        let proxy = try await ScriptedServer([.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")])
        let url = try #require(WebAddress("http://registry.example/v2/?x=1"))
        let answer = try await client(proxy).send(HTTPRequest("GET", url))
        #expect(answer.status == 200)
        let head = try #require(proxy.heads.first)
        #expect(head.hasPrefix("GET http://registry.example/v2/?x=1 HTTP/1.1\r\n"))
        #expect(head.contains("Proxy-Authorization: Basic \(Base64.encode("me:secret"))"))
        #expect(head.contains("Host: registry.example\r\n"))
        try await proxy.stop()
    }

    @Test func encryptionGoesThroughATunnel() async throws {
        let proxy = try await ScriptedServer([.send("HTTP/1.1 200 Connection established\r\n\r\n")], [.close])
        // Beyond the tunnel is nobody: that the handshake begins is enough here.
        _ = try await failure(client(proxy), "https://registry.example/v2/")
        let head = try #require(proxy.heads.first)
        #expect(head.hasPrefix("CONNECT registry.example:443 HTTP/1.1\r\nHost: registry.example:443\r\n"))
        #expect(head.contains("Proxy-Authorization: Basic \(Base64.encode("me:secret"))"))
        #expect(proxy.heads.count == 2, "then encryption begins")
        try await proxy.stop()
    }

    @Test(arguments: [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", HTTPFailure.Kind.proxy, "answered 407"),
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", .proxy, "answered 403"),
        ("HTTP/1.1 503 Service Unavailable\r\n\r\n", .refused, "answered 503"),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", .proxy, "is no proxy"), ("", .reset, "hung up"),
    ])
    func whatAProxyRefusesIsTold(answer: String, kind: HTTPFailure.Kind, text: String) async throws {
        let proxy = try await ScriptedServer([.send(answer), .wait(milliseconds: 20), .close])
        let found = try await failure(client(proxy), "https://registry.example/v2/")
        #expect(found?.kind == kind)
        #expect(found?.reason.contains(text) == true && found?.reason.contains("127.0.0.1:\(proxy.port)") == true)
        #expect(found?.reason.contains("secret") == false)
        try await proxy.stop()
    }

    @Test func aProxyThatIsNotThereIsNamed() async throws {
        // A port that no other test is given by chance, and that nobody listens at.
        for scheme in ["http", "https"] {
            let found = try await failure(client(port: 1), "\(scheme)://registry.example/v2/")
            #expect(found?.kind == .refused)
            #expect(found?.reason.contains("proxy 127.0.0.1:1") == true)
        }
    }
}
