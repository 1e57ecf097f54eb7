import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct RegistrySessionTests {
    private let name = "127.0.0.1:5001/app:dev"

    private func fixture(_ admission: FakeRegistry.Admission = .open) -> RegistryFixture {
        let fixture = RegistryFixture()
        fixture.network.registry("127.0.0.1:5001") {
            $0.add("app", tag: "dev", layers: [[1, 2, 3]])
            $0.admission = admission
        }
        return fixture
    }

    private func read(_ fixture: RegistryFixture, _ reference: String = "dev") async throws -> Manifest? {
        try await fixture.repository(name).manifest(reference)
    }

    // MARK: - Manifests

    @Test func aManifestIsReadByteForByte() async throws {
        let fixture = fixture()
        let manifest = try #require(try await read(fixture))
        let held = fixture.network.registry("127.0.0.1:5001") { $0.repositories["app"]?.tags["dev"] }
        #expect(manifest.digest.description == held)
        #expect(manifest.digest == FakeTypes.digest(manifest.bytes))
        #expect(try await fixture.repository(name).head("dev") == manifest.digest)
        #expect(try await read(fixture, "other") == nil)
        #expect(try await fixture.repository(name).head("other") == nil)
    }

    @Test func aRegistryThatTellsNoDigestIsReadWhole() async throws {
        let fixture = fixture()
        fixture.network.registry("127.0.0.1:5001") { $0.tellsDigests = false }
        #expect(try await fixture.repository(name).head("dev") == (try await read(fixture)?.digest))
    }

    @Test func otherBytesThanTheDigestsAreRefused() async throws {
        let fixture = fixture()
        fixture.network.fail("GET", "manifests/dev", with: .corrupt)
        let error = await failure { try await read(fixture) }
        #expect(error?.id == "content-changed")
    }

    // MARK: - Trying again

    @Test(arguments: [429, 500, 502, 503, 504])
    func whatMayPassIsTriedAgain(status: Int) async throws {
        let fixture = fixture()
        fixture.network.fail("GET", "manifests", with: .answer(.init(status, ["Retry-After": "3"])), times: 2)
        #expect(try await read(fixture) != nil)
        #expect(fixture.network.lines.count == 3)
        #expect(fixture.clock.sleeps.allSatisfy { $0 >= .seconds(3) && $0 < .seconds(4) })
        #expect(fixture.events.notes.count == 2)
        #expect(fixture.events.notes.first?.contains("127.0.0.1:5001 answered \(status) to GET") == true)
    }

    @Test(arguments: [401, 403, 400, 405])
    func aRefusalIsNot(status: Int) async throws {
        let fixture = fixture()
        fixture.network.fail(
            "GET", "manifests", with: .answer(.error(status, "DENIED", "not you")), times: 9)
        let error = await failure { try await read(fixture) }
        #expect(fixture.network.lines.count == 1)
        #expect(fixture.clock.sleeps.isEmpty)
        #expect(error?.id == "registry-failed")
        #expect(
            error?.message == "cannot read the manifest of 127.0.0.1:5001/app:dev: 127.0.0.1:5001 answered \(status) "
                + "(DENIED: not you) to GET http://127.0.0.1:5001/v2/app/manifests/dev")
        if status == 401 || status == 403 { #expect(error?.help?.contains("log in to 127.0.0.1:5001") == true) }
    }

    @Test func whatBreaksOffIsReadAgain() async throws {
        let fixture = fixture()
        fixture.network.fail("GET", "manifests", with: .failure(HTTPFailure(.timeout, "nothing came for 60 s")))
        fixture.network.fail("GET", "manifests", with: .breakOffAnswer(after: 10), times: 3)
        #expect(try await read(fixture) != nil)
        #expect(fixture.network.lines.count == 5)
    }

    @Test func patienceEnds() async throws {
        let fixture = fixture()
        fixture.network.fail("GET", "manifests", with: .answer(.error(503, "UNAVAILABLE")), times: 99)
        let error = await failure { try await read(fixture) }
        #expect(error?.message.hasSuffix(", 6 times") == true)
        #expect(fixture.network.lines.count == 6)
    }

    // MARK: - Being let in

    @Test func aPasswordIsShownWhereItIsAskedFor() async throws {
        var fixture = fixture(.basic("Basic " + Base64.encode("me:s3cret")))
        fixture.files["/home/me/.docker/config.json"] =
            "{\"auths\": {\"127.0.0.1:5001\": {\"auth\": \"\(Base64.encode("me:s3cret"))\"}}}"
        fixture.environment["HOME"] = "/home/me"
        #expect(try await read(fixture) != nil)
        #expect(try await read(fixture, "other") == nil)
        // Asked once; from then on it is known how.
        #expect(fixture.network.authorizations.map(\.isEmpty) == [true, false, false])
    }

    @Test func aWrongPasswordIsShownOnce() async throws {
        var fixture = fixture(.basic("Basic other"))
        fixture.files["/home/me/.docker/config.json"] =
            #"{"auths": {"127.0.0.1:5001": {"username": "me", "password": "s3cret"}}}"#
        fixture.environment["HOME"] = "/home/me"
        let error = await failure { try await read(fixture) }
        #expect(fixture.network.lines.count == 2)
        #expect(error?.message.contains("answered 401") == true)
        #expect("\(String(describing: error))".contains("s3cret") == false)
        #expect("\(String(describing: error))".contains(Base64.encode("me:s3cret")) == false)
    }

    /// A registry whose tokens come from `auth.local`, which counts them.
    private func withTokens(_ answer: @escaping @Sendable (HTTPRequest) -> FakeRegistry.Answer) -> RegistryFixture {
        let fixture = fixture(.bearer(realm: "http://auth.local/token", tokens: ["good"]))
        fixture.network.serve("auth.local", answer)
        return fixture
    }

    private static func token(_ text: String, life: Int = 300) -> FakeRegistry.Answer {
        .init(200, [:], Array("{\"token\":\"\(text)\",\"expires_in\":\(life)}".utf8))
    }

    @Test func aTokenIsFetchedAndKept() async throws {
        let fixture = withTokens { _ in Self.token("good") }
        _ = try await read(fixture)
        _ = try await read(fixture)
        #expect(
            fixture.network.lines == [
                "GET 127.0.0.1:5001/v2/app/manifests/dev", "GET auth.local/token",
                "GET 127.0.0.1:5001/v2/app/manifests/dev", "GET 127.0.0.1:5001/v2/app/manifests/dev",
            ])
    }

    @Test func aTokenNearItsEndIsRenewed() async throws {
        let fixture = withTokens { _ in Self.token("good", life: 100) }
        _ = try await read(fixture)
        try await fixture.clock.sleep(.seconds(91))
        _ = try await read(fixture)
        #expect(fixture.network.lines.count { $0 == "GET auth.local/token" } == 2)
    }

    @Test func aTokenThatIsRefusedIsRenewedOnce() async throws {
        let fixture = withTokens { _ in Self.token("good") }
        _ = try await read(fixture)
        fixture.network.registry("127.0.0.1:5001") {
            $0.admission = .bearer(realm: "http://auth.local/token", tokens: ["newer"])
        }
        let error = await failure { try await read(fixture) }
        #expect(error?.message.contains("answered 401") == true)
        #expect(fixture.network.lines.count { $0 == "GET auth.local/token" } == 2)
    }

    @Test func theRequestForATokenSaysWhatItIsFor() async throws {
        var fixture = withTokens { request in
            let wanted = "service=fake&scope=repository%3Aapp%3Apull&account=me"
            let isRight =
                request.url.query == wanted && request.fields["Authorization"] == "Basic " + Base64.encode("me:pw")
            return isRight ? Self.token("good") : .init(400)
        }
        fixture.files["/home/me/.docker/config.json"] =
            #"{"auths": {"127.0.0.1:5001": {"username": "me", "password": "pw"}}}"#
        fixture.environment["HOME"] = "/home/me"
        #expect(try await read(fixture) != nil)
    }

    @Test func anIdentityTokenIsChangedByAPost() async throws {
        var fixture = withTokens { request in
            guard request.method == "POST", case .bytes(let body) = request.body else { return .init(405) }
            let form =
                "grant_type=refresh_token&service=fake&client_id=relsh&scope=repository%3Aapp%3Apull&refresh_token=idt"
            guard String(decoding: body, as: UTF8.self) == form else { return .init(400) }
            return .init(200, [:], Array(#"{"access_token":"good"}"#.utf8))
        }
        fixture.files["/home/me/.docker/config.json"] = #"{"auths": {"127.0.0.1:5001": {"identitytoken": "idt"}}}"#
        fixture.environment["HOME"] = "/home/me"
        #expect(try await read(fixture) != nil)
    }

    @Test func aTokenServerThatRefusesIsNamed() async throws {
        let fixture = withTokens { _ in .init(401, [:], Array(#"{"details":"incorrect username or password"}"#.utf8)) }
        let error = await failure { try await read(fixture) }
        #expect(error?.id == "token-refused")
        #expect(
            error?.message.contains("http://auth.local/token answered 401 (incorrect username or password)") == true)
        #expect(fixture.network.lines.count == 2)
    }

    @Test func aTokenServerInTroubleIsAskedAgain() async throws {
        let fixture = withTokens { _ in Self.token("good") }
        fixture.network.fail("GET", "auth.local", with: .answer(.init(503)), times: 2)
        #expect(try await read(fixture) != nil)
    }

    @Test func aPasswordDoesNotLeaveEncryption() async throws {
        let fixture = RegistryFixture()
        fixture.network.registry("ghcr.example.com") {
            $0.admission = .bearer(realm: "http://auth.local/token", tokens: [])
        }
        let error = await failure { try await fixture.repository("ghcr.example.com/app").manifest("dev") }
        #expect(error?.id == "token-without-encryption")
    }

    // MARK: - Redirects

    @Test func aRedirectToAnotherHostLosesThePassword() async throws {
        var fixture = fixture(.basic("Basic " + Base64.encode("me:s3cret")))
        fixture.files["/home/me/.docker/config.json"] =
            #"{"auths": {"127.0.0.1:5001": {"username": "me", "password": "s3cret"}}}"#
        fixture.environment["HOME"] = "/home/me"
        _ = try await read(fixture)
        let content: [UInt8] = [1, 2, 3]
        fixture.network.serve("cdn.local") { request in
            request.fields["Authorization"] == nil ? .init(200, [:], content) : .init(400)
        }
        fixture.network.fail("GET", "blobs/", with: .answer(.init(307, ["Location": "http://cdn.local/x?sig=s1gned"])))
        let blob = ContentDescriptor(mediaType: "l", digest: FakeTypes.digest(content), size: 3)
        #expect(try await fixture.repository(name).blob(blob) == content)
        #expect(fixture.network.authorizations.suffix(2).map(\.isEmpty) == [false, true])
    }

    @Test func redirectsInACircleEnd() async throws {
        let fixture = fixture()
        fixture.network.fail(
            "GET", "manifests", with: .answer(.init(302, ["Location": "/v2/app/manifests/dev"])), times: 99)
        let error = await failure { try await read(fixture) }
        #expect(error?.message.contains("redirects more than 5 times") == true)
    }

    // MARK: - Lists

    @Test func tagsComeInPages() async throws {
        let fixture = fixture()
        fixture.network.registry("127.0.0.1:5001") { registry in
            for number in 1...9 { registry.add("app", tag: "dev-\(number)", layers: [[1]]) }
            registry.pageSize = 4
        }
        let tags = try await fixture.repository(name).tags()
        #expect(tags == ["dev"] + (1...9).map { "dev-\($0)" })
        #expect(fixture.network.lines.count == 3)
        #expect(try await fixture.repository("127.0.0.1:5001/other").tags() == [])
    }

    @Test func aPageOfAnotherHostIsNotAsked() async throws {
        let fixture = fixture()
        fixture.network.fail(
            "GET", "tags/list",
            with: .answer(.init(200, ["Link": "<http://evil.local/v2/>; rel=\"next\""], Array(#"{"tags":["a"]}"#.utf8)))
        )
        let error = await failure { try await fixture.repository(name).tags() }
        #expect(error?.message.contains("its next page is on another host") == true)
    }

    @Test(arguments: [true, false])
    func referrers(knowsReferrers: Bool) async throws {
        let fixture = fixture()
        let subject = try #require(try await read(fixture)?.digest)
        let digest = fixture.network.registry("127.0.0.1:5001") { registry in
            registry.knowsReferrers = knowsReferrers
            let text = #"{"config":{"digest":"\#(subject)","size":1},"subject":{"digest":"\#(subject)","size":1}}"#
            let digest = registry.add("app", tag: nil, type: FakeTypes.manifest, Array(text.utf8))
            if !knowsReferrers {
                registry.addIndex("app", tag: RegistryRepository.referrersTag(subject), [(digest, "linux/amd64")])
            }
            return digest
        }
        #expect(try await fixture.repository(name).referrers(of: subject).map(\.digest) == [digest])
        #expect(try await fixture.repository(name).referrers(of: digest).isEmpty)
    }

    @Test func deleting() async throws {
        let fixture = fixture()
        let repository = try fixture.repository(name)
        let digest = try #require(try await repository.head("dev"))
        #expect(try await repository.delete(tag: "dev") == false)
        fixture.network.registry("127.0.0.1:5001") { $0.deletesTags = true }
        #expect(try await repository.delete(tag: "dev"))
        #expect(try await repository.head("dev") == nil)
        #expect(try await repository.head(digest.description) != nil)
        try await repository.delete(digest)
        #expect(try await repository.head(digest.description) == nil)
    }
}
