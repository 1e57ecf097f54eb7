import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct ImageCopyTests {
    private let fixture = RegistryFixture()
    private let small = RegistryFixture.bytes(5000, seed: 1)
    private let large = RegistryFixture.bytes(BlobTransfer.smallSize + 12_345, seed: 2)
    private let hosts = ["127.0.0.1:5002", "127.0.0.1:5003"]

    /// An image of two platforms with an attestation, at 127.0.0.1:5001/app:dev.
    private func source() -> Digest {
        fixture.network.registry("127.0.0.1:5001") { [small, large] registry in
            let amd64 = registry.add("app", tag: nil, layers: [small, large], platform: "linux/amd64")
            let arm64 = registry.add("app", tag: nil, layers: [small, [9, 9]], platform: "linux/arm64")
            let attestation = registry.add("app", tag: nil, layers: [[7]], platform: "unknown/unknown")
            return registry.addIndex(
                "app", tag: "dev",
                [(amd64, "linux/amd64"), (arm64, "linux/arm64"), (attestation, "unknown/unknown")])
        }
    }

    private func copy(
        to names: [String], from image: String = "app", platform: String? = nil, platforms: [String] = []
    ) async throws -> (manifest: Manifest, reports: [Result<ImageCopy.Report, any Error>]) {
        let targets = try names.map { name in
            ImageCopy.Target(
                repository: try fixture.repository(name), tag: try ImageReference(parsing: name).tag)
        }
        for host in hosts { fixture.network.registry(host) { _ in } }
        return try await ImageCopy(
            source: try fixture.repository("127.0.0.1:5001/\(image)"), reference: "dev", targets: targets,
            platforms: try PlatformChoice(platform, platforms)
        ).perform()
    }

    private func tag(_ host: String, _ repository: String, _ tag: String) -> String? {
        fixture.network.registry(host) { $0.repositories[repository]?.tags[tag] }
    }

    private func requests(_ method: String, _ part: String) -> Int {
        fixture.network.lines.count { $0.hasPrefix(method + " ") && $0.contains(part) }
    }

    @Test func everythingArrivesEverywhereAndIsReadOnce() async throws {
        let digest = source()
        let result = try await copy(to: ["127.0.0.1:5002/team/app:dev", "127.0.0.1:5003/app:x"])
        #expect(result.manifest.digest == digest)
        for report in result.reports {
            #expect(try report.get().written == 7)
            #expect(try report.get().mounted == 0)
        }
        #expect(tag("127.0.0.1:5002", "team/app", "dev") == digest.description)
        #expect(tag("127.0.0.1:5003", "app", "x") == digest.description)
        let held = fixture.network.registry("127.0.0.1:5001") { $0.repositories["app"] }
        let copied = fixture.network.registry("127.0.0.1:5003") { $0.repositories["app"] }
        #expect(copied?.blobs == held?.blobs)
        #expect(copied?.manifests.mapValues(\.bytes) == held?.manifests.mapValues(\.bytes))
        #expect(requests("GET", "127.0.0.1:5001/v2/app/blobs/") == 7)
    }

    @Test func aSecondCopyMovesNothing() async throws {
        _ = source()
        _ = try await copy(to: ["127.0.0.1:5002/app:dev"])
        let before = fixture.network.lines.count
        let second = try await copy(to: ["127.0.0.1:5002/app:dev", "127.0.0.1:5002/app:other"])
        #expect(try second.reports.map { try $0.get() } == [ImageCopy.Report(), ImageCopy.Report()])
        let lines = fixture.network.lines[before...]
        #expect(!lines.contains { $0.contains("/blobs/") })
        #expect(tag("127.0.0.1:5002", "app", "other") != nil)
    }

    // MARK: - Ahead

    private func image(to names: [String]) throws -> ImageCopy {
        for host in hosts { fixture.network.registry(host) { _ in } }
        let targets = try names.map { ImageCopy.Target(repository: try fixture.repository($0), tag: nil) }
        return ImageCopy(source: try fixture.repository("127.0.0.1:5001/app"), reference: "dev", targets: targets)
    }

    @Test func whatIsSentAheadIsNamedByNothingAndNotAskedForAgain() async throws {
        let digest = source()
        let names = ["127.0.0.1:5002/app", "127.0.0.1:5003/app"]
        for report in try await image(to: names).preload() { #expect(try report.get().written == 7) }
        for host in hosts {
            let held = fixture.network.registry(host) { $0.repositories["app"] }
            #expect(held?.blobs.count == 7)
            #expect(held?.manifests.isEmpty == true && held?.tags.isEmpty == true)
        }
        let before = fixture.network.lines.count
        _ = try await copy(to: names.map { $0 + ":dev" })
        let after = fixture.network.lines[before...]
        #expect(!after.contains { $0.contains("/blobs/") }, "\(after)")
        #expect(after.count { $0.hasPrefix("HEAD ") } == 2, "only what was written is read back: \(after)")
        #expect(tag("127.0.0.1:5003", "app", "dev") == digest.description)
    }

    @Test func whatWasSentAheadAndIsLostIsSentAgain() async throws {
        let digest = source()
        for report in try await image(to: ["127.0.0.1:5002/app"]).preload() { _ = try report.get() }
        fixture.network.registry("127.0.0.1:5002") { $0.repositories["app"]?.blobs = [:] }
        let report = try #require(try await copy(to: ["127.0.0.1:5002/app:dev"]).reports.first?.get())
        #expect(report.written == 7)
        #expect(tag("127.0.0.1:5002", "app", "dev") == digest.description)
        // The whole image may go, too.
        fixture.network.registry("127.0.0.1:5002") { $0.repositories["app"] = nil }
        _ = try await copy(to: ["127.0.0.1:5002/app:dev"]).reports.first?.get()
        #expect(tag("127.0.0.1:5002", "app", "dev") == digest.description)
    }

    @Test func aTargetThatCannotBeSentToDoesNotStopTheOthers() async throws {
        let digest = source()
        fixture.network.fail("POST", "5002", with: .answer(.error(403, "DENIED")), times: 99)
        let reports = try await image(to: ["127.0.0.1:5002/app", "127.0.0.1:5003/app"]).preload()
        let error = await failure { try reports[0].get() }
        #expect(error?.message.contains("answered 403") == true)
        #expect(requests("POST", "5002") <= 2, "it is not tried with every blob")
        #expect(try reports[1].get().written == 7)
        _ = try await copy(to: ["127.0.0.1:5003/app:dev"])
        #expect(tag("127.0.0.1:5003", "app", "dev") == digest.description)
    }

    @Test(.timeLimit(.minutes(1)))
    func anUploadThatIsBrokenOffIsCancelled() async throws {
        _ = source()
        fixture.network.fail("PATCH", "5002", with: .late(.seconds(30)))
        let copying = Task { try await copy(to: ["127.0.0.1:5002/app:dev"]) }
        while requests("PATCH", "5002") == 0 { try await Task.sleep(for: .milliseconds(2)) }
        copying.cancel()
        _ = await copying.result
        #expect(requests("DELETE", "5002/v2/app/blobs/uploads/") >= 1)
    }

    @Test func onlyWhatIsMissingIsSent() async throws {
        _ = source()
        let (small, large) = (small, large)
        fixture.network.registry("127.0.0.1:5002") { _ = $0.add("app", tag: "old", layers: [small, large]) }
        let report = try #require(try await copy(to: ["127.0.0.1:5002/app:dev"]).reports.first?.get())
        #expect(report.written < 5)
        #expect(requests("PATCH", "5002") == 0)
    }

    @Test func blobsAreTakenOverWithinARegistry() async throws {
        _ = source()
        let reports = try await copy(to: ["127.0.0.1:5001/other:dev", "127.0.0.1:5002/a:dev", "127.0.0.1:5002/b:dev"])
            .reports
        #expect(try reports[0].get() == ImageCopy.Report(written: 0, mounted: 7, bytes: 0))
        #expect(try reports[1].get().written == 7)
        #expect(try reports[2].get() == ImageCopy.Report(written: 0, mounted: 7, bytes: 0))
    }

    @Test func onePlatformIsCopiedAlone() async throws {
        _ = source()
        let digest = try await copy(to: ["127.0.0.1:5002/app:arm"], platform: "linux/arm64").manifest.digest
        #expect(tag("127.0.0.1:5002", "app", "arm") == digest.description)
        #expect(fixture.network.registry("127.0.0.1:5002") { $0.repositories["app"]?.manifests.count } == 1)
        let error = await failure { try await copy(to: ["127.0.0.1:5002/app:arm"], platform: "linux/s390x") }
        #expect(error?.id == "platform-missing")
        #expect(error?.help == "it has linux/amd64, linux/arm64")
    }

    @Test func severalPlatformsComeUnderAnIndexOfTheirOwnWithTheirAttestations() async throws {
        let network = fixture.network
        let (all, arm64, attestation) = network.registry("127.0.0.1:5001") { registry in
            let amd64 = registry.add("app", tag: nil, layers: [[1]], platform: "linux/amd64")
            let arm64 = registry.add("app", tag: nil, layers: [[2]], platform: "linux/arm64")
            let riscv = registry.add("app", tag: nil, layers: [[3]], platform: "linux/riscv64")
            let attestation = registry.add("app", tag: nil, layers: [[4]], platform: "unknown/unknown")
            let other = registry.add("app", tag: nil, layers: [[5]], platform: "unknown/unknown")
            let all = registry.addIndex(
                "app", tag: "dev",
                [
                    (amd64, "linux/amd64"), (arm64, "linux/arm64"), (riscv, "linux/riscv64"),
                    (attestation, "unknown/unknown"), (other, "unknown/unknown"),
                ], attesting: [attestation: arm64, other: riscv])
            return (all, arm64, attestation)
        }
        let digest = try await copy(to: ["127.0.0.1:5002/app:some"], platforms: ["linux/arm64", "linux/amd64"]).manifest
            .digest
        #expect(digest != all)
        let held = network.registry("127.0.0.1:5002") { $0.repositories["app"] }
        #expect(held?.tags["some"] == digest.description)
        #expect(held?.manifests.count == 4)
        let index = String(decoding: held?.manifests[digest.description]?.bytes ?? [], as: UTF8.self)
        #expect(index.contains(arm64.description) && index.contains(attestation.description))
        #expect(!index.contains("riscv64"))
        // All that there are is the index itself, byte for byte.
        let whole = try await copy(
            to: ["127.0.0.1:5003/app:all"], platforms: ["linux/arm64", "linux/amd64", "linux/riscv64"])
        #expect(whole.manifest.digest == all)
        let missing = await failure { try await copy(to: ["127.0.0.1:5002/app:x"], platforms: ["linux/s390x"]) }
        #expect(missing?.id == "platform-missing")
        let both = await failure {
            try await copy(to: ["127.0.0.1:5002/app:x"], platform: "linux/arm64", platforms: ["linux/amd64"])
        }
        #expect(both?.id == "platform-twice")
    }

    @Test func whatTheTargetHasUnderTheNameOfTheSourceIsTakenOver() async throws {
        _ = source()
        _ = try await copy(to: ["127.0.0.1:5002/app:dev"])
        let before = fixture.network.lines.count
        let report = try #require(try await copy(to: ["127.0.0.1:5002/elsewhere/app:dev"]).reports.first?.get())
        #expect(report == ImageCopy.Report(written: 0, mounted: 7, bytes: 0))
        #expect(!fixture.network.lines[before...].contains { $0.contains("5001/v2/app/blobs/") })
    }

    @Test func aGuessThatNeedsATokenNobodyGivesIsForgotten() async throws {
        _ = source()
        let network = fixture.network
        network.registry("127.0.0.1:5002") {
            $0.admission = .bearer(realm: "http://127.0.0.1:9999/token", tokens: ["good"])
        }
        network.serve("127.0.0.1:9999") { request in
            // It has never heard of the other repository.
            if (request.url.query ?? "").contains("repository%3Aapp%3A") { return .error(403, "DENIED") }
            return .init(200, [:], Array(#"{"token":"good","expires_in":300}"#.utf8))
        }
        let report = try #require(try await copy(to: ["127.0.0.1:5002/elsewhere/app:dev"]).reports.first?.get())
        #expect(report.written == 7)
    }

    @Test func whatHasGoneIsTold() async throws {
        _ = source()
        fixture.network.fail("PATCH", "5002", with: .breakOffRequest(after: 700_000))
        _ = try await copy(to: ["127.0.0.1:5002/team/app:dev", "127.0.0.1:5003/app:x"])
        let transfers = fixture.events.transfers
        #expect(transfers.map(\.place) == ["127.0.0.1:5002/team/app:dev", "127.0.0.1:5003/app:x"])
        #expect(transfers.allSatisfy { $0.total > large.count && $0.bytes == $0.total && $0.isFinished })
        _ = try await copy(to: ["127.0.0.1:5002/team/app:dev"])
        #expect(fixture.events.transfers.count == 2, "nothing went the second time")
    }

    @Test func anUploadThatBreaksGoesOnWhereItStopped() async throws {
        let digest = source()
        fixture.network.fail("PATCH", "5002", with: .breakOffRequest(after: 700_000))
        let reports = try await copy(to: ["127.0.0.1:5002/app:dev", "127.0.0.1:5003/app:dev"]).reports
        #expect(try reports.allSatisfy { try $0.get().written == 7 })
        #expect(tag("127.0.0.1:5002", "app", "dev") == digest.description)
        // The rest is read from where the registry had it, for the one that broke.
        #expect(requests("PATCH", "5002") == 2)
        #expect(requests("PATCH", "5003") == 1)
        #expect(requests("GET", "5002/v2/app/blobs/uploads/") == 1)
    }

    @Test func anUploadThatIsForgottenBeginsAgain() async throws {
        let digest = source()
        fixture.network.fail("PATCH", "5002", with: .breakOffRequest(after: 700_000))
        fixture.network.fail("GET", "5002/v2/app/blobs/uploads", with: .answer(.error(404, "BLOB_UPLOAD_UNKNOWN")))
        _ = try await copy(to: ["127.0.0.1:5002/app:dev"]).reports[0].get()
        #expect(tag("127.0.0.1:5002", "app", "dev") == digest.description)
    }

    @Test func aTokenThatEndsDuringAnUploadIsRenewed() async throws {
        _ = source()
        fixture.network.fail("PATCH", "5002", with: .answer(.init(401)))
        _ = try await copy(to: ["127.0.0.1:5002/app:dev"]).reports[0].get()
        #expect(requests("PATCH", "5002") == 2)
    }

    @Test func aTokenMayEndSeveralTimesAndNotForNothing() async throws {
        let digest = source()
        fixture.network.fail("PATCH", "5002", with: .answer(.init(401)))
        fixture.network.fail("PATCH", "5002", with: .breakOffRequest(after: 400_000))
        fixture.network.fail("PATCH", "5002", with: .answer(.init(401)))
        _ = try await copy(to: ["127.0.0.1:5002/app:dev"]).reports[0].get()
        #expect(tag("127.0.0.1:5002", "app", "dev") == digest.description)
        fixture.network.fail("PATCH", "5003", with: .answer(.init(401)), times: 99)
        let reports = try await copy(to: ["127.0.0.1:5003/app:dev"]).reports
        let error = await failure { try reports[0].get() }
        #expect(error?.message.contains("answered 401") == true)
        #expect(requests("PATCH", "5003") == 2)
    }

    @Test func aRegistryThatTakesNoLargeBodiesGetsSmallerOnes() async throws {
        let digest = source()
        fixture.network.registry("127.0.0.1:5002") { $0.largestBody = 1_050_000 }
        let report = try #require(try await copy(to: ["127.0.0.1:5002/app:dev"]).reports.first?.get())
        #expect(report.written == 7)
        #expect(tag("127.0.0.1:5002", "app", "dev") == digest.description)
        // Refused whole, then in two.
        #expect(requests("PATCH", "5002") == 3)
        fixture.network.registry("127.0.0.1:5003") { registry in
            registry.largestBody = 1_050_000
            registry.shortestChunk = 5_000_000
        }
        let reports = try await copy(to: ["127.0.0.1:5003/app:dev"]).reports
        let error = await failure { try reports[0].get() }
        #expect(error?.message.contains("answered 413") == true)
        #expect(error?.help?.contains("takes no body of this size") == true)
    }

    @Test func bytesThatTheRegistryLostAreSentAgain() async throws {
        let digest = source()
        // It says that it has less than was sent.
        fixture.network.registry("127.0.0.1:5002") { $0.forgetsOnce = 100_000 }
        _ = try await copy(to: ["127.0.0.1:5002/app:dev"]).reports[0].get()
        #expect(tag("127.0.0.1:5002", "app", "dev") == digest.description)
        #expect(requests("PATCH", "5002") == 2)
    }

    @Test func aSourceThatBreaksOffIsReadOn() async throws {
        let digest = source()
        let blob = FakeTypes.digest(large).description
        fixture.network.fail("GET", "blobs/\(blob)", with: .breakOffAnswer(after: 400_000), times: 2)
        let reports = try await copy(to: ["127.0.0.1:5002/app:dev", "127.0.0.1:5003/app:dev"]).reports
        #expect(try reports.allSatisfy { try $0.get().written == 7 })
        #expect(tag("127.0.0.1:5003", "app", "dev") == digest.description)
        #expect(requests("GET", blob) == 3)
        #expect(requests("PATCH", "/uploads/") == 2)
    }

    @Test(arguments: [true, false])
    func damagedContentIsNotPassedOn(isLarge: Bool) async throws {
        _ = source()
        let blob = FakeTypes.digest(isLarge ? large : small).description
        fixture.network.fail("GET", "blobs/\(blob)", with: .corrupt)
        let reports = try await copy(to: ["127.0.0.1:5002/app:dev"]).reports
        let error = await failure { try reports[0].get() }
        #expect(error?.id == "content-changed")
        #expect(tag("127.0.0.1:5002", "app", "dev") == nil)
        #expect(fixture.network.registry("127.0.0.1:5002") { $0.repositories["app"]?.blobs[blob] } == nil)
    }

    @Test func aTargetThatFailsDoesNotStopTheOthers() async throws {
        let digest = source()
        fixture.network.fail("POST", "5002", with: .answer(.error(403, "DENIED", "no")), times: 99)
        let reports = try await copy(to: ["127.0.0.1:5002/app:dev", "127.0.0.1:5003/app:dev"]).reports
        let error = await failure { try reports[0].get() }
        #expect(error?.message.contains("127.0.0.1:5002 answered 403 (DENIED: no) to POST") == true)
        #expect(try reports[1].get().written == 7)
        #expect(tag("127.0.0.1:5002", "app", "dev") == nil)
        #expect(tag("127.0.0.1:5003", "app", "dev") == digest.description)
    }
}

@Suite struct SharedSourceTests {
    /// Counts how far ahead it was read.
    private actor Counting: ByteSource {
        private(set) var given: UInt8 = 0
        private(set) var isAbandoned = false
        func next() async throws -> Piece? {
            guard given < 100 else { return nil }
            given += 1
            return Piece([given])
        }
        func abandon() { isAbandoned = true }
    }

    private func all(_ source: any ByteSource) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await source.next() { bytes += piece.bytes }
        return bytes
    }

    @Test func everyReaderGetsEverything() async throws {
        let counting = Counting()
        let shared = SharedSource(counting, readers: 3)
        let results = await inParallel([0, 1, 2]) { try await all(shared.reader($0)) }
        for result in results { #expect(try result.get() == Array(1...100)) }
    }

    @Test func theFastestWaitsForTheSlowest() async throws {
        let counting = Counting()
        let shared = SharedSource(counting, readers: 2)
        let fast = Task { try await all(shared.reader(0)) }
        for _ in 0..<200 { await Task.yield() }
        let ahead = await counting.given
        #expect(ahead <= 8)
        #expect(try await all(shared.reader(1)).count == 100)
        #expect(try await fast.value.count == 100)
    }

    @Test func oneThatLeavesHoldsNobodyUp() async throws {
        let counting = Counting()
        let shared = SharedSource(counting, readers: 2)
        let fast = Task { try await all(shared.reader(0)) }
        for _ in 0..<50 { await Task.yield() }
        await shared.reader(1).abandon()
        #expect(try await fast.value.count == 100)
    }

    @Test func whenAllLeaveTheSourceIsAbandoned() async throws {
        let counting = Counting()
        let shared = SharedSource(counting, readers: 2)
        _ = try await shared.reader(0).next()
        await shared.reader(0).abandon()
        #expect(await !counting.isAbandoned)
        await shared.reader(1).abandon()
        #expect(await counting.isAbandoned)
    }

    @Test func cancellingAReaderThatWaitsEndsIt() async throws {
        let shared = SharedSource(Counting(), readers: 2)
        let fast = Task { try await all(shared.reader(0)) }
        for _ in 0..<50 { await Task.yield() }
        fast.cancel()
        await #expect(throws: CancellationError.self) { try await fast.value }
    }
}
