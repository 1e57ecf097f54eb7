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

    private var moves: Int { network.lines.count { $0.hasPrefix("PUT ghcr.io") && $0.hasSuffix("/manifests/dev") } }

    private static let silence = FakeNetwork.Fault.failure(HTTPFailure(.timeout, "nothing came for 60 s"))
    private static let gatewayTimeout = FakeNetwork.Fault.answer(.error(504, "UNKNOWN"))

    @Test(arguments: [(silence, 3), (gatewayTimeout, 6)])
    func aMoveThatWasNotAnsweredIsTakenBackAlthoughTheTagHasNotMovedYet(
        _ fault: FakeNetwork.Fault, times: Int
    ) async throws {
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: fault, times: times, after: 1)
        let error = await failure { try await publish() }
        #expect(error?.message.contains("put back") == true)
        #expect(tags("dev") == [old, old, old].map(\.description))
        #expect(moves == times + 1, "it is told what the tag is to be, after what it may yet do")
    }

    @Test func aRefusalSaysNothingOfAnEarlierAttemptThatWasNotAnswered() async throws {
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: Self.silence, after: 1)
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: Self.forbidden)
        _ = await failure { try await publish() }
        #expect(tags("dev") == [old, old, old].map(\.description))
        #expect(moves == 3)
    }

    @Test func aNewTagThatMayYetAppearIsNamed() async throws {
        for (host, repository) in places { network.registry(host) { $0.repositories[repository]?.tags["dev"] = nil } }
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: Self.silence, times: 3, after: 1)
        let error = await failure { try await publish() }
        #expect(error?.exitCode == RuntimeError.undoIncomplete)
        #expect(error?.message.contains("may yet appear") == true)
        #expect(error?.help?.contains("registry.delete") == true)
    }

    @Test(.timeLimit(.minutes(1)))
    func aMoveThatIsOnItsWayWhenTheRunIsCancelledIsWaitedForAndTakenBack() async throws {
        // The first one writes the version.
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: .late(.milliseconds(400)), after: 1)
        let publication = Task { _ = try await publish() }
        while moves == 0 { try await Task.sleep(for: .milliseconds(2)) }
        publication.cancel()
        let result = await publication.result
        #expect(throws: (any Error).self) { try result.get() }
        try await Task.sleep(for: .milliseconds(600))
        #expect(tags("dev") == [old, old, old].map(\.description))
    }

    private func preload(_ image: String, to registries: [Registry]) async throws {
        _ = try await builtin("registry.preload").call(
            try ImageReference(parsing: image).value, registries.value, in: world)
    }

    @Test func layersGoAheadFromRegistriesToRegistries() async throws {
        let registries = try project().registries
        let none = await failure { try await preload("ghcr.io/team/hello:dev", to: []) }
        #expect(none?.id == "nothing-to-preload-to")
        let missing = await failure { try await preload("ghcr.io/team/hello:nowhere", to: registries) }
        #expect(missing?.id == "no-such-remote-image")
        put(2, "next", [[9, 9], [8]])
        network.fail("POST", "registry-1.docker.io", with: Self.forbidden, times: 9)
        let failed = await failure { try await preload("ghcr.io/team/hello:next", to: registries) }
        #expect(failed?.message.contains("dockerhub.kaizenflow: ") == true, "\(failed?.message ?? "")")
        #expect(failed?.help?.contains("nothing has been published") == true)
        #expect(tags("next") == [nil, nil, tag(2, "next")])
    }

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

    @Test func aMovingTagAloneMovesOnceTheContentIsEverywhere() async throws {
        _ = try await publish(tags: ["dev"])
        #expect(tags("dev") == [new, new, new].map(\.description))
        let staged = "127.0.0.1:5001/team/hello:staged-\(new.encoded.prefix(12))"
        #expect(
            engine.lines == [
                "docker tag \(new) \(staged)", "docker push \(staged)", "docker rmi \(staged)",
                "docker tag \(new) 127.0.0.1:5001/team/hello:dev",
            ])
        let names = network.registry("127.0.0.1:5001") { $0.repositories["team/hello"]?.tags.keys.sorted() }
        #expect(names == ["dev"], "the name that the engine pushed is gone again")
        let writes = network.lines.filter { $0.hasPrefix("PUT ") && $0.contains("/manifests/") }
        let firstMove = try #require(writes.firstIndex { $0.hasSuffix("/manifests/dev") })
        for host in ["registry-1.docker.io", "ghcr.io"] {
            let content = writes.firstIndex { $0.contains(host) && $0.hasSuffix(new.description) }
            #expect(try #require(content) < firstMove)
        }
    }

    @Test func aRollbackBringsTheContentEverywhereBeforeAnyTagMoves() async throws {
        put(0, "dev-1.1.0", [[1, 1]])
        let image = try ImageReference(parsing: "127.0.0.1:5001/team/hello:dev-1.1.0").value
        _ = try await builtin("registry.publish").call(
            image, try project().registries.value, ["dev"].value, false.value, in: world)
        #expect(tags("dev") == [new, new, new].map(\.description))
        #expect(engine.lines.isEmpty)
        let writes = network.lines.filter { $0.hasPrefix("PUT ") && $0.contains("/manifests/") }
        let firstMove = try #require(writes.firstIndex { $0.hasSuffix("/manifests/dev") })
        #expect(writes[..<firstMove].count { $0.hasSuffix(new.description) } == 2)
    }

    @Test func oneRegistryGetsAMovingTagFromTheEngineAtOnce() async throws {
        let image = try ImageReference(parsing: "app:local@\(new)").value
        _ = try await builtin("registry.publish").call(
            image, Array(try project().registries[...0]).value, ["dev"].value, false.value, in: world)
        let name = "127.0.0.1:5001/team/hello:dev"
        #expect(tag(0, "dev") == new.description)
        #expect(engine.lines.prefix(2) == ["docker tag \(new) \(name)", "docker push \(name)"])
    }

    @Test func aContentThatCannotBeBroughtTagsNothing() async throws {
        network.fail("POST", "ghcr.io", with: Self.forbidden, times: 99)
        let error = await failure { try await publish() }
        #expect(error?.id == "publish-failed")
        #expect(error?.message.contains("ghcr: cannot begin the upload") == true)
        #expect(tags("dev") == [old, old, old].map(\.description))
        // The engine can only push names.
        #expect(tags("dev-1.2.0") == [new.description, nil, nil])
    }

    @Test func theContentIsReadOnceForAllRegistries() async throws {
        _ = try await publish()
        let blob = FakeTypes.digest([1, 1]).description
        #expect(network.lines.count { $0 == "GET 127.0.0.1:5001/v2/team/hello/blobs/\(blob)" } == 1)
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
        #expect(
            error?.message.contains(
                "NOT put back, or not known to be:\n  ecr: \(home):dev should be \(old): cannot write")
                == true)
        #expect(
            error?.help?.hasSuffix(
                "this completes it: relsh -e 'registry.retag(Image(\"\(home)@\(old)\"), Image(\"\(home):dev\"))'")
                == true)
        #expect(tags("dev") == [new, old, old].map(\.description))
    }

    @Test func aTryDoesNotHideThatATagCouldNotBePutBack() async throws {
        network.fail("PUT", "ghcr.io/v2/team/hello/manifests/dev", with: Self.forbidden)
        network.fail("PUT", "5001/v2/team/hello/manifests/dev", with: Self.forbidden, times: 9, after: 1)
        put(2, "dev-1.2.0", [[1, 1]])
        let run = try await run("try { \(publication) } catch e { print(e.message) }")
        #expect(run.error == nil && run.undoIsIncomplete)
    }

    @Test func oneCommandCompletesAllThatCannotBePutBack() async throws {
        network.registry("registry-1.docker.io") { $0.repositories["kaizenflow/hello"]?.tags["dev"] = nil }
        for (position, place) in places.enumerated() {
            // Two of them take the new tag and then nothing more.
            let name = "\(place.0)/v2/\(place.1)/manifests/"
            network.fail("PUT", name + "dev", with: Self.forbidden, times: 99, after: position == 2 ? 0 : 1)
            network.fail("DELETE", name, with: Self.refused, times: 99)
            put(position, "dev-1.2.0", [[1, 1]])
        }
        let error = await failure { try await publish() }
        #expect(error?.exitCode == 3)
        let home = "127.0.0.1:5001/team/hello"
        #expect(
            error?.help?.hasSuffix(
                "relsh -e 'registry.retag(Image(\"\(home)@\(old)\"), Image(\"\(home):dev\")); "
                    + "registry.delete(Image(\"kaizenflow/hello:dev\"))'") == true, "\(String(describing: error?.help))"
        )
        #expect(tags("dev") == [new, new, old].map(\.description))
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

    @Test func aDryRunPromotesWhatItsBuildPushesFromRegistryToRegistry() async throws {
        let home = "127.0.0.1:5001/team/hello"
        var world = world
        world.files = FakeFiles(["Dockerfile": ""])
        let run = try await ProgramRun.of(
            """
            let image = docker.build(context: ".", file: "Dockerfile", tags: [Image("\(home):local")], push: true)
            registry.publish(image, to: [project.registries.home()], tags: ["dev-1.2.0", "dev"])
            """, dryRun: true, world: world, catalog: StandardCatalog.catalog)
        #expect(run.error == nil)
        let id = "<known at run time: the id of \(home):local>"
        #expect(
            run.plan.dropFirst() == [
                "relsh -e 'registry.retag(Image(\"\(home)@\(id)\"), Image(\"\(home):dev-1.2.0\"))'",
                "relsh -e 'registry.retag(Image(\"\(home)@\(id)\"), Image(\"\(home):dev\"))'",
            ])
    }

    /// The older image store knows an image that was pulled by the configuration of its one platform.
    @Test(arguments: ["dev-1.1.0", nil])
    func whatWasPulledIsTakenFromItsRegistry(tag: String?) async throws {
        put(0, "dev-1.1.0", [[1, 1]])
        let name = "127.0.0.1:5001/team/hello"
        for known in ["\(name)@\(new)", "\(name):dev-1.1.0"] { engine.name(known, digest("c")) }
        let image = try ImageReference(parsing: tag.map { "\(name):\($0)" } ?? "\(name)@\(new)").value
        _ = try await builtin("registry.publish").call(
            image, try project().registries.value, ["dev"].value, false.value, in: world)
        #expect(tags("dev") == [new, new, new].map(\.description))
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

    @Test(arguments: [true, false])
    func aTagIsDeletedAndItsImageStays(deletesTags: Bool) async throws {
        network.registry("ghcr.io") { $0.deletesTags = deletesTags }
        let image = try ImageReference(parsing: "ghcr.io/team/hello:dev")
        network.registry("ghcr.io") { [old] in $0.repositories["team/hello"]?.tags["stays"] = old.description }
        let prepared = try builtin("registry.delete").prepared(image.value)
        #expect(try await prepared.commands(world) == ["relsh -e 'registry.delete(Image(\"ghcr.io/team/hello:dev\"))'"])
        for _ in 0..<2 { _ = try await builtin("registry.delete").call(image.value, in: world) }
        #expect(tag(2, "dev") == nil)
        #expect(tag(2, "stays") == old.description)
        network.fail("DELETE", "ghcr.io", with: .answer(.error(405, "UNSUPPORTED")), times: 9)
        let stays = await failure { try await builtin("registry.delete").call("ghcr.io/team/hello:stays", in: world) }
        #expect(stays?.id == "tag-stays")
        let untagged = await failure { try await builtin("registry.delete").call("ghcr.io/team/hello", in: world) }
        #expect(untagged?.id == "push-needs-tag")
    }

    @Test(arguments: [true, false])
    func whatRefersToAnImage(knowsReferrers: Bool) async throws {
        let signature = network.registry("ghcr.io") { [old] registry in
            registry.knowsReferrers = knowsReferrers
            let text =
                "{\"schemaVersion\":2,\"artifactType\":\"sig\",\"subject\":{\"digest\":\"\(old)\",\"size\":1,"
                + "\"mediaType\":\"\(FakeTypes.manifest)\"},\"config\":{},\"layers\":[]}"
            let signature = registry.add("team/hello", tag: nil, type: FakeTypes.manifest, Array(text.utf8))
            if !knowsReferrers {
                registry.addIndex("team/hello", tag: "sha256-\(old.encoded)", [(signature, "unknown/unknown")])
            }
            return signature
        }
        let found = try await builtin("registry.referrers").call("ghcr.io/team/hello:dev", in: world)
        #expect(found.literal.contains("digest: \"\(signature)\""), "\(found.literal)")
        let none = try await builtin("registry.referrers").call("ghcr.io/team/hello@\(signature)".value, in: world)
        #expect(none.literal == "[]")
        let missing = await failure {
            try await builtin("registry.referrers").call("ghcr.io/team/hello:none", in: world)
        }
        #expect(missing?.id == "no-such-remote-image")
    }

    @Test func tagsAndDigests() async throws {
        let tags = try await builtin("registry.tags").call("ghcr.io/team/hello", in: world)
        #expect(tags.literal == #"["dev"]"#)
        let digest = try await builtin("registry.digest").call("ghcr.io/team/hello:dev", in: world)
        #expect(digest.literal == "Digest(\"\(old)\")")
    }
}
