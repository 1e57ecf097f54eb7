import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy()

    @Test func delaysGrowAndAreLeftToChanceByHalf() {
        let shortest = (1...5).map { policy.delay(after: .failure(.reset), attempt: $0, random: 0) }
        let longest = (1...5).map { policy.delay(after: .failure(.reset), attempt: $0, random: 1) }
        #expect(shortest == [0.2, 0.4, 0.8, 1.6, 3.2])
        #expect(longest == [0.4, 0.8, 1.6, 3.2, 6.4])
        #expect(policy.delay(after: .failure(.reset), attempt: 6, random: 0) == nil)
    }

    @Test(arguments: [400, 401, 403, 404, 405, 409, 416, 501])
    func whatWillNotChangeIsNotTriedAgain(status: Int) {
        #expect(policy.delay(after: .status(status, retryAfter: 1), attempt: 1, random: 0) == nil)
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504])
    func whatMayPassIs(status: Int) {
        #expect(policy.delay(after: .status(status, retryAfter: nil), attempt: 1, random: 0) == 0.2)
        #expect(policy.delay(after: .status(status, retryAfter: 7), attempt: 1, random: 0) == 7)
    }

    @Test func tooMuchPatienceIsNotHad() {
        #expect(policy.delay(after: .status(429, retryAfter: 121), attempt: 1, random: 0) == nil)
    }

    @Test func failuresOfTheConnection() {
        #expect(policy.delay(after: .failure(.timeout), attempt: 2, random: 0) != nil)
        #expect(policy.delay(after: .failure(.timeout), attempt: 3, random: 0) == nil)
        #expect(policy.delay(after: .failure(.reset), attempt: 5, random: 0) != nil)
        #expect(policy.delay(after: .failure(.refused), attempt: 2, random: 0) != nil)
        #expect(policy.delay(after: .failure(.refused), attempt: 3, random: 0) == nil)
        for kind in [HTTPFailure.Kind.encryption, .unknownHost, .malformed, .tooLarge] {
            #expect(policy.delay(after: .failure(kind), attempt: 1, random: 0) == nil)
        }
    }

    @Test func retryAfter() {
        #expect(RetryPolicy.seconds("120", now: 0) == 120)
        #expect(RetryPolicy.seconds("Sun, 06 Nov 1994 08:49:37 GMT", now: 784_111_770) == 7)
        #expect(RetryPolicy.seconds("Sun, 06 Nov 1994 08:49:37 GMT", now: 784_111_999) == 0)
        #expect(HTTPDate.secondsSince1970("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
        #expect(HTTPDate.secondsSince1970("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
        for text in ["soon", "-1", "Sun Nov 6 08:49:37 1994", "Sun, 06 Foo 1994 08:49:37 GMT"] {
            #expect(RetryPolicy.seconds(text, now: 0) == nil)
        }
    }
}

@Suite struct RegistryFieldsTests {
    private func next(_ field: String) -> String? {
        WebAddress("https://r.example.com/v2/a/tags/list?n=2").flatMap { LinkField.next([field], of: $0)?.text }
    }

    @Test func links() {
        #expect(next("</v2/a/tags/list?last=b&n=2>; rel=\"next\"") == "https://r.example.com/v2/a/tags/list?last=b&n=2")
        #expect(next("<?last=b>; rel=next") == "https://r.example.com/v2/a/tags/list?last=b")
        #expect(
            next("<https://r.example.com/x>; rel=\"prev\", <list?last=c>; title=\"a\"; rel=\"last next\"")
                == "https://r.example.com/v2/a/tags/list?last=c")
        for field in ["", "<", "<a>", "<a>; rel=\"prev\"", "rel=\"next\""] { #expect(next(field) == nil) }
    }

    @Test func errorBodies() {
        func text(_ body: String) -> String? { RegistryErrorBody(Array(body.utf8)).text }
        let body = #"{"errors":[{"code":"DENIED","message":"requested access"},{"code":"X"}]}"#
        #expect(text(body) == "DENIED: requested access; X")
        #expect(RegistryErrorBody(Array(body.utf8)).codes == ["DENIED", "X"])
        #expect(text(#"{"details":"incorrect username or password"}"#) == "incorrect username or password")
        #expect(text("<html>Bad gateway</html>") == nil)
        #expect(text("") == nil)
        #expect(text("no healthy upstream\n") == "no healthy upstream")
        #expect((text(String(repeating: "x", count: 1000))?.count ?? 0) < 310)
    }

    @Test func endpoints() throws {
        #expect(try RegistryEndpoint("docker.io").address.text == "https://registry-1.docker.io/v2/")
        #expect(try RegistryEndpoint("127.0.0.1:5001").address.text == "http://127.0.0.1:5001/v2/")
        #expect(try RegistryEndpoint("localhost:5000").address.scheme == "http")
        #expect(try RegistryEndpoint("[::1]:5000").address.scheme == "http")
        for host in ["ghcr.io", "10.0.0.1:5000", "127.evil.com", "localhost.evil.com"] {
            #expect(try RegistryEndpoint(host).address.scheme == "https")
        }
        #expect(try RegistryEndpoint("10.0.0.1:5000", scheme: "http").address.text == "http://10.0.0.1:5000/v2/")
    }

    @Test func addresses() throws {
        let address = try #require(WebAddress("https://Host.example.com:8443/a/b?x=1#f"))
        #expect(address.origin == "https://host.example.com:8443")
        #expect(address.target == "/a/b?x=1")
        #expect(address.shown == "https://Host.example.com:8443/a/b")
        #expect(address.adding("digest", "sha256:a/b").target == "/a/b?x=1&digest=sha256%3Aa%2Fb")
        #expect(address.resolving("/c?y")?.text == "https://Host.example.com:8443/c?y")
        #expect(address.resolving("//cdn.example.com/c")?.text == "https://cdn.example.com/c")
        #expect(address.resolving("c")?.target == "/a/c")
        #expect(address.resolving("a b") == nil)
        #expect(WebAddress("http://[::1]:5000/x")?.host == "::1")
        #expect(WebAddress("http://[::1]:5000/x")?.text == "http://[::1]:5000/x")
        for text in ["ftp://a/", "https://", "https://u:p@host/", "https://a:0/", "https://a:x/", "a", "https://a b/"] {
            #expect(WebAddress(text) == nil, "\(text)")
        }
    }
}

@Suite struct ManifestTests {
    private func read(_ text: String, type: String = "") throws -> Manifest {
        try Manifest(Array(text.utf8), type: type, digest: FakeTypes.digest(Array(text.utf8)))
    }

    private let layer = #"{"mediaType":"l","digest":"\#(digest("a"))","size":3}"#

    @Test func images() throws {
        let manifest = try read(
            #"{"config":{"digest":"\#(digest("c"))","size":1},"layers":[\#(layer),\#(layer)]}"#,
            type: "application/vnd.docker.distribution.manifest.v2+json; charset=utf-8")
        #expect(!manifest.isIndex)
        #expect(manifest.mediaType == MediaType.dockerManifest)
        #expect(manifest.blobs.map(\.digest.description) == [digest("c"), digest("a"), digest("a")])
        #expect(CopyPlan.blobs(of: [manifest]).map(\.digest.description) == [digest("a"), digest("c")])
    }

    @Test func layersThatStayWhereTheyAre() throws {
        let foreign =
            #"{"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"\#(digest("f"))","size":9}"#
        let manifest = try read(
            #"{"config":{"digest":"\#(digest("c"))","size":1},"layers":[\#(foreign),\#(layer)]}"#,
            type: MediaType.ociManifest)
        #expect(manifest.blobs.count == 2)
    }

    @Test func indexesKnowTheirPlatforms() throws {
        func item(_ name: Character, _ architecture: String, _ os: String) -> String {
            #"{"digest":"\#(digest(name))","size":5,"platform":{"os":"\#(os)","architecture":"\#(architecture)"}}"#
        }
        let index = try read(
            #"{"manifests":[\#(item("1", "amd64", "linux")),\#(item("2", "arm64", "linux")),\#(item("3", "unknown", "unknown"))]}"#,
            type: "text/plain")
        #expect(index.mediaType == MediaType.ociIndex)
        let chosen = try index.choose([try Platform(parsing: "linux/arm64/v8")], of: "app")
        #expect(chosen.map(\.digest.description) == [digest("2")])
        #expect(throws: RuntimeError.self) { try index.choose([try Platform(parsing: "linux/s390x")], of: "app") }
        #expect(throws: ValueError.self) { try Platform(parsing: "arm64") }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"mediaType":"text/plain"}"#, #"{"config":{}}"#, #"{"manifests":[{"size":1}]}"#,
    ])
    func whatIsNoneIsRefused(text: String) { #expect(throws: Manifest.Unreadable.self) { try read(text) } }
}

@Suite struct ContentHashTests {
    // The examples of FIPS 180-2.
    @Test func knownDigests() {
        var hash = ContentHash("sha256")
        for piece in ["a", "bc"] { hash.update(Piece(Array(piece.utf8))) }
        let wanted = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(hash.digest.description == wanted)
        #expect(ContentHash.digest(of: Array("abc".utf8)).description == wanted)
        let long = ContentHash.digest(of: Array("abc".utf8), algorithm: "sha512")
        #expect(long.encoded.hasPrefix("ddaf35a193617abacc417349ae204131") && long.isRegistered)
    }
}

@Suite struct UploadSessionTests {
    private func start(size: Int = 1000, minimum: String? = nil) throws -> UploadSession {
        let descriptor = ContentDescriptor(mediaType: "l", digest: try Digest(parsing: digest("a")), size: size)
        let url = try #require(WebAddress("http://127.0.0.1:5001/v2/app/blobs/uploads/"))
        var answer = self.answer(202, ["location": "/v2/app/blobs/uploads/1?_state=x%3D"])
        if let minimum { answer = self.answer(202, answer.fields.with("OCI-Chunk-Min-Length", minimum)) }
        return try UploadSession(descriptor, started: answer, at: url, shown: "app")
    }

    private func answer(_ status: Int, _ fields: HTTPFields) -> HTTPAnswer {
        HTTPAnswer(status: status, fields: fields, body: BytesInMemory([]))
    }

    @Test func theStateOfTheRegistryIsKept() throws {
        let upload = try start()
        #expect(upload.remaining == 1000)
        #expect(
            upload.completion.text
                == "http://127.0.0.1:5001/v2/app/blobs/uploads/1?_state=x%3D&digest=sha256%3A"
                + String(repeating: "a", count: 64))
        #expect(upload.patchFields["Content-Range"] == "0-999")
    }

    @Test func anInterruptedOneGoesOnWhereTheRegistrySays() throws {
        var upload = try start()
        upload.update(from: answer(204, ["Range": "0-499", "Location": "/v2/app/blobs/uploads/2"]))
        #expect(upload.received == 500)
        #expect(upload.location.path == "/v2/app/blobs/uploads/2")
        #expect(upload.patchFields["Content-Range"] == "500-999")
        upload.update(from: answer(204, ["Range": "bytes=0-0"]))
        #expect(upload.received == 0)
        upload.update(from: answer(204, ["Range": "7-9"]))
        #expect(upload.received == 0)
        upload.update(from: answer(202, ["Range": "0-9999"]))
        #expect(upload.remaining == 0)
    }

    @Test func whatIsTooLargeGoesInPortions() throws {
        var upload = try start(size: 300 << 20)
        #expect(upload.portion == 300 << 20)
        _ = upload.shrink()
        #expect(upload.portion == 64 << 20)
        #expect(upload.patchFields["Content-Range"] == "0-\((64 << 20) - 1)")
        upload.update(from: answer(202, ["Range": "0-\((64 << 20) - 1)"]))
        #expect(upload.received == 64 << 20)
        // One that answers without a range has what was sent.
        upload.update(from: answer(202, [:]))
        #expect(upload.received == 128 << 20)
        #expect(try upload.begun(again: start(size: 300 << 20)).portion == 64 << 20)
        var sizes: [Int] = []
        while upload.shrink() { sizes.append(upload.portion >> 20) }
        #expect(sizes == [32, 16, 8, 4, 2, 1])
    }

    @Test func noPortionIsSmallerThanTheRegistryWants() throws {
        var upload = try start(size: 300 << 20, minimum: "\(100 << 20)")
        _ = upload.shrink()
        #expect(upload.portion == 100 << 20)
        let isSmaller = upload.shrink()
        #expect(!isSmaller)
        upload.update(from: answer(202, ["Range": "0-\((290 << 20) - 1)"]))
        #expect(upload.portion == 10 << 20, "the last may be")
    }

    @Test func aRegistryThatNamesNoPlaceIsRefused() throws {
        let upload = try start()
        #expect(throws: RuntimeError.self) {
            try UploadSession(upload.descriptor, started: answer(202, [:]), at: upload.location, shown: "app")
        }
        #expect(throws: RuntimeError.self) {
            try UploadSession(
                upload.descriptor, started: answer(200, ["Location": "/x"]), at: upload.location, shown: "app")
        }
    }
}

extension HTTPFields {
    fileprivate func with(_ name: String, _ value: String) -> HTTPFields {
        var fields = self
        fields[name] = value
        return fields
    }
}
