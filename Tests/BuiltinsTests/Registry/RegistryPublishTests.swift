import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct RegistryPublishTests {
    private let network = FakeNetwork()
    private let engine: FakeEngine
    private let new: Digest
    private let old: Digest
    private let events = RecordingEvents()
    /// Where the project's registries answer, and what they call the image.
    private let places = [
        ("127.0.0.1:5001", "team/hello"), ("registry-1.docker.io", "kaizenflow/hello"), ("ghcr.io", "team/hello"),
    ]

    init() {
        engine = FakeEngine(network)
        new = engine.build("app:local", [[1, 1]])
        var digest: Digest?
        for (host, repository) in places {
            digest = network.registry(host) { $0.add(repository, tag: "dev", layers: [[0, 0]]) }
        }
        old = digest ?? new
    }

    private func tag(_ place: Int, _ tag: String) -> String? {
        let repository = places[place].1
        return network.registry(places[place].0) { $0.repositories[repository]?.tags[tag] }
    }

    private func tags(_ tag: String) -> [String?] { places.indices.map { self.tag($0, tag) } }

    private func put(_ place: Int, _ tag: String, _ layers: [[UInt8]]) {
        let repository = places[place].1
        network.registry(places[place].0) { _ = $0.add(repository, tag: tag, layers: layers) }
    }

    private var world: World {
        var world = projectWorld(engine)
        world.http = network
        world.clock = FakeClock()
        world.events = events
        return world
    }

    private func publish(tags: [String] = ["dev-1.2.0", "dev"], overwrite: Bool = false) async throws -> Value {
        let image = try ImageReference(parsing: "app:local@\(new)").value
        return try await builtin("registry.publish").call(
            image, try project().registries.value, tags.value, overwrite.value, in: world)
    }

    private static let refused = FakeNetwork.Fault.failure(HTTPFailure(.refused, "connection refused"))
    private static let forbidden = FakeNetwork.Fault.answer(.error(403, "DENIED"))

    // MARK: - Transactions

    private func run(_ text: String) async throws -> ProgramRun {
        try await ProgramRun.of(text, world: world, catalog: StandardCatalog.catalog)
    }

    private var publication: String {
        """
        registry.publish(Image("app:local@\(new)"), to: project.registries.all(), tags: ["dev-1.2.0", "dev"])
        """
    }

    @Test func aTransactionThatFailsLaterTakesThePublicationBack() async throws {
        let run = try await run("transaction \"t\" { \(publication)\nfail \"no\" }")
        #expect(run.error?.message == "no")
        #expect(!run.undoIsIncomplete, "\(run.notes)")
        #expect(tags("dev") == [old, old, old].map(\.description))
        #expect(tags("dev-1.2.0") == [nil, nil, nil])
    }

    @Test func whatSomebodyElseHasPublishedSinceIsLeftAndNamed() async throws {
        put(2, "theirs", [[9, 9]])
        // A change that relsh does not know of.
        let place = places[2]
        engine.whenPulling("elsewhere:1") { [network] in
            network.registry(place.0) { registry in
                let theirs = registry.repositories[place.1]?.tags["theirs"]
                registry.repositories[place.1]?.tags["dev"] = theirs
            }
        }
        let run = try await run("transaction \"t\" { \(publication)\n$ docker pull elsewhere:1\nfail \"no\" }")
        #expect(run.undoIsIncomplete)
        #expect(run.notes.contains { $0.contains("ghcr.io/team/hello:dev was changed by somebody else since") })
        #expect(tag(0, "dev") == old.description && tag(1, "dev") == old.description)
        #expect(tag(2, "dev") == tag(2, "theirs"))
    }

    @Test func aRetagOfATransactionGoesBack() async throws {
        put(2, "next", [[9, 9]])
        let run = try await run(
            """
            transaction "t" {
                registry.retag(Image("ghcr.io/team/hello:next"), Image("ghcr.io/team/hello:dev"))
                registry.copy(Image("ghcr.io/team/hello:next"), to: [Image("ghcr.io/team/hello:fresh")])
                fail "no"
            }
            """)
        #expect(run.error?.message == "no" && !run.undoIsIncomplete, "\(run.notes)")
        #expect(tag(2, "dev") == old.description)
        #expect(tag(2, "fresh") == nil)
        #expect(tag(2, "next") != nil)
    }

    // MARK: - All or nothing

    @Test func versionsGoEverywhereBeforeAnyTagMoves() async throws {
        let result = try await publish()
        #expect(tags("dev-1.2.0") == [new, new, new].map(\.description))
        #expect(tags("dev") == [new, new, new].map(\.description))
        let writes = network.lines.filter { $0.hasPrefix("PU") && $0.contains("/manifests/") }
        let lastVersion = try #require(writes.lastIndex { $0.hasSuffix("dev-1.2.0") })
        let firstMove = try #require(writes.firstIndex { $0.hasSuffix("/dev") })
        #expect(lastVersion < firstMove)
        #expect(
            result.asMap?["ghcr"]?.asMap?["dev"]?.literal == "{from: Digest(\"\(old)\"), to: Digest(\"\(new)\")}")
    }

    @Test func theEnginePushesOnceAndTheRestGoesFromRegistryToRegistry() async throws {
        _ = try await publish()
        let home = "127.0.0.1:5001/team/hello"
        #expect(
            engine.lines == [
                "docker tag \(new) \(home):dev-1.2.0", "docker push \(home):dev-1.2.0", "docker tag \(new) \(home):dev",
            ])
        #expect(engine.local["\(home):dev"] == new.description)
    }

    @Test func aFailingPushLeavesAllMovingTagsAlone() async throws {
        network.fail("PUSH", "dev-1.2.0", with: Self.refused)
        let error = await failure { try await publish() }
        #expect(error?.id == "publish-failed")
        #expect(error?.message.contains("ecr: docker could not push") == true)
        #expect(tags("dev") == [old, old, old].map(\.description))
        #expect(tags("dev-1.2.0") == [nil, nil, nil])
    }

    @Test func aFailingCopyLeavesAllMovingTagsAlone() async throws {
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev-1.2.0", with: Self.forbidden, times: 9)
        let error = await failure { try await publish() }
        #expect(error?.id == "publish-failed")
        #expect(error?.message.contains("ghcr: cannot write ghcr.io/team/hello:dev-1.2.0") == true)
        #expect(error?.message.contains("ghcr.io answered 403 (DENIED) to PUT") == true)
        #expect(tags("dev") == [old, old, old].map(\.description))
        #expect(tags("dev-1.2.0") == [new.description, new.description, nil])
    }

    @Test func aFailingMoveIsUndoneEverywhere() async throws {
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: Self.forbidden)
        // The version is there, so that what fails is the move.
        put(2, "dev-1.2.0", [[1, 1]])
        let error = await failure { try await publish(tags: ["dev-1.2.0", "dev"]) }
        #expect(error?.id == "flip-failed")
        #expect(error?.exitCode == nil)
        #expect(tags("dev") == [old, old, old].map(\.description))
        #expect(tags("dev-1.2.0") == [new, new, new].map(\.description))
        #expect(engine.local["127.0.0.1:5001/team/hello:dev"] == nil)
    }

    @Test(arguments: [true, false])
    func aTagThatWasNotThereIsTakenBack(deletesTags: Bool) async throws {
        for (host, repository) in places {
            network.registry(host) { registry in
                registry.deletesTags = deletesTags
                registry.repositories[repository]?.tags["dev"] = nil
            }
        }
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: Self.forbidden)
        put(2, "dev-1.2.0", [[1, 1]])
        let error = await failure { try await publish() }
        #expect(error?.id == "flip-failed")
        #expect(error?.message.contains("dockerhub.kaizenflow: kaizenflow/hello:dev is gone again") == true)
        #expect(tags("dev") == [nil, nil, nil])
        #expect(tags("dev-1.2.0") == [new, new, new].map(\.description))
    }

    @Test func aRegistryThatDeletesNothingKeepsTheTagAndIsNamed() async throws {
        network.registry("registry-1.docker.io") { $0.repositories["kaizenflow/hello"]?.tags["dev"] = nil }
        network.fail("DELETE", "registry-1.docker.io", with: .answer(.error(405, "UNSUPPORTED")), times: 9)
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: Self.forbidden)
        put(2, "dev-1.2.0", [[1, 1]])
        let error = await failure { try await publish() }
        #expect(error?.message.contains("left behind") == true)
        #expect(error?.message.contains("dockerhub.kaizenflow: kaizenflow/hello:dev") == true)
        #expect(tags("dev") == [old, new, old].map(\.description))
    }

    @Test func whatCannotBePutBackIsToldWithTheCommandThatDoes() async throws {
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: Self.forbidden)
        network.fail("PUT", "5001/v2/team/hello/manifests/dev", with: Self.forbidden, times: 9, after: 1)
        put(2, "dev-1.2.0", [[1, 1]])
        let error = await failure { try await publish() }
        #expect(error?.id == "flip-failed")
        #expect(error?.exitCode == 3)
        let home = "127.0.0.1:5001/team/hello"
        #expect(error?.message.contains("NOT put back:\n  ecr: \(home):dev should be \(old): cannot write") == true)
        #expect(
            error?.message.contains("relsh -e 'registry.retag(Image(\"\(home)@\(old)\"), Image(\"\(home):dev\"))'")
                == true)
        #expect(tags("dev") == [new, old, old].map(\.description))
    }

    // MARK: - Refusals

    @Test func aReleasedVersionIsNotChanged() async throws {
        put(2, "dev-1.2.0", [[0, 0]])
        let error = await failure { try await publish() }
        #expect(error?.id == "version-taken")
        #expect(error?.message.contains("ghcr.io/team/hello:dev-1.2.0 is \(old), not \(new)") == true)
        #expect(engine.lines.isEmpty)
        _ = try await publish(overwrite: true)
        #expect(tag(2, "dev-1.2.0") == new.description)
    }

    @Test func aRerunIsAccepted() async throws {
        _ = try await publish()
        let writes = network.lines.count { !$0.hasPrefix("HEAD") && !$0.hasPrefix("GET") }
        _ = try await publish()
        #expect(network.lines.count { !$0.hasPrefix("HEAD") && !$0.hasPrefix("GET") } == writes)
    }

    @Test func aRegistryThatCannotBeReadEndsItBeforeAnythingChanges() async throws {
        network.fail("HEAD", "ghcr.io", with: Self.refused, times: 99)
        let error = await failure { try await publish() }
        #expect(error?.id == "registry-failed")
        #expect(error?.message.contains("connection refused") == true)
        #expect(engine.lines.isEmpty)
    }

    // MARK: - Showing, and single tags

    @Test func aDryRunShowsTheCommands() async throws {
        let image = try ImageReference(parsing: "app:local@\(new)").value
        let registries = Array(try project().registries[...1]).value
        let prepared = try builtin("registry.publish").prepared(image, registries, ["dev", "dev-1.2.0"])
        let home = "127.0.0.1:5001/team/hello"
        func move(_ name: String) -> String {
            "relsh -e 'registry.retag(Image(\"\(home)@\(new)\"), Image(\"\(name)\"))'"
        }
        #expect(
            try await prepared.commands(world) == [
                "docker tag \(new) \(home):dev-1.2.0", "docker push \(home):dev-1.2.0",
                move("kaizenflow/hello:dev-1.2.0"), move("\(home):dev"), move("kaizenflow/hello:dev"),
            ])
        #expect(engine.lines.isEmpty)
    }

    @Test func retagKeepsTheDigest() async throws {
        put(2, "dev-1.1.0", [[1, 1]])
        let result = try await builtin("registry.retag").call(
            "ghcr.io/team/hello:dev-1.1.0", "ghcr.io/team/hello:dev", in: world)
        #expect(result.literal == "Digest(\"\(new)\")")
        #expect(tag(2, "dev") == new.description)
        #expect(engine.lines.isEmpty)
    }

    @Test func copyAndMirror() async throws {
        put(0, "1.0", [[1, 1]])
        let source = "127.0.0.1:5001/team/hello:1.0"
        _ = try await builtin("registry.copy").call(
            source.value, [try ImageReference(parsing: "ghcr.io/team/hello:2.0")].value, in: world)
        #expect(tag(2, "2.0") == new.description)
        _ = try await builtin("registry.mirror").call(source.value, try project().registries.value, in: world)
        #expect(tags("1.0") == [new, new, new].map(\.description))
        #expect(events.notes.contains("ghcr.io/team/hello:1.0: had all of it"))
        let prepared = try builtin("registry.mirror").prepared(
            source.value, Array(try project().registries[1...1]).value)
        #expect(
            try await prepared.commands(world) == [
                "relsh -e 'registry.copy(Image(\"\(source)\"), to: [Image(\"kaizenflow/hello:1.0\")])'"
            ])
        let none = await failure { try await builtin("registry.copy").call(source.value, [String]().value, in: world) }
        #expect(none?.id == "nothing-to-copy-to")
    }

    @Test func tagsAndDigests() async throws {
        let tags = try await builtin("registry.tags").call("ghcr.io/team/hello", in: world)
        #expect(tags.literal == #"["dev"]"#)
        let digest = try await builtin("registry.digest").call("ghcr.io/team/hello:dev", in: world)
        #expect(digest.literal == "Digest(\"\(old)\")")
    }
}
