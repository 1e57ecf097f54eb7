import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// `relsh undo` of a run that was killed while it published: what the tags stand for now is looked at.
@Suite(.ownSecrets) struct DiedPublicationTests {
    private let network = FakeNetwork()
    private let engine: FakeEngine
    private let new: Digest
    private let fixture = LedgerFixture()
    private let places = [
        ("127.0.0.1:5001", "team/hello"), ("registry-1.docker.io", "kaizenflow/hello"), ("ghcr.io", "team/hello"),
    ]

    init() {
        engine = FakeEngine(network)
        new = engine.build("app:local", [[1, 1]])
        for (host, repository) in places {
            network.registry(host) { _ = $0.add(repository, tag: "dev", layers: [[0, 0]]) }
        }
    }

    private var world: World {
        var world = projectWorld(engine)
        world.http = network
        world.clock = FakeClock()
        world.history = LedgerTagHistory(fixture.reopened())
        return world
    }

    private func tags(_ tag: String) -> [String?] {
        places.map { host, repository in network.registry(host) { $0.repositories[repository]?.tags[tag] } }
    }

    private func set(_ place: Int, _ tag: String, _ digest: String?) {
        network.registry(places[place].0) { $0.repositories[places[place].1]?.tags[tag] = digest }
    }

    private func publish() async throws {
        let text = """
            registry.publish(Image("app:local"), to: project.registries.all(), tags: ["dev-1.2.0", "dev"])
            """
        #expect(try await fixture.run(text, in: world).error == nil)
    }

    /// As if the run had died in it: what came of it was not written any more.
    private func die(knowingWhatWasMeant: Bool = true) throws {
        try fixture.die(in: "registry.publish")
        try fixture.ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("UPDATE changes SET made = NULL")
            if !knowingWhatWasMeant { try ledger.run("UPDATE changes SET meant = NULL") }
        }
    }

    private func undoing() throws -> Undoing {
        let ledger = fixture.reopened()
        return try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
    }

    private func undo() async throws -> [RuntimeError] {
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
            version: "test")
        let errors = ErrorList()
        let isComplete = try await undoing().perform(start, in: world) { _, outcome in
            if case .failed(let error) = outcome { errors.append(error) }
        }
        #expect(isComplete == errors.all.isEmpty)
        return errors.all
    }

    @Test func whatItWasToMakeIsRecognisedAndTakenBack() async throws {
        let old = tags("dev")
        try await publish()
        try die()
        // It had come to the second registry.
        set(1, "dev", old[1])
        set(2, "dev", old[2])
        set(2, "dev-1.2.0", nil)
        #expect(try await undo().map(\.message) == [])
        #expect(tags("dev") == old)
        #expect(tags("dev-1.2.0") == [nil, nil, nil])
    }

    @Test func whatSomebodyElseHasMovedMeanwhileIsLeft() async throws {
        let old = tags("dev")
        try await publish()
        try die()
        let theirs = network.registry(places[2].0) { $0.add(places[2].1, tag: "dev", layers: [[9]]) }
        let errors = try await undo()
        #expect(errors.map(\.id) == ["changed-since"])
        #expect(errors.first?.message.contains("somebody else since: it is \(theirs) now") == true)
        #expect(tags("dev") == [old[0], old[1], theirs.description])
    }

    @Test func whatCannotBeRecognisedIsNamedWithWhatToDo() async throws {
        try await publish()
        try die(knowingWhatWasMeant: false)
        let errors = try await undo().filter { $0.message.contains("ghcr.io") }
        #expect(errors.map(\.id) == ["perhaps-made", "perhaps-made"])
        let version = try #require(errors.first { $0.message.contains("dev-1.2.0") })
        #expect(version.message.contains("is \(new) now and was not there before"), "\(version.message)")
        #expect(version.help?.contains("registry.delete(Image(\"ghcr.io/team/hello:dev-1.2.0\"))") == true)
        #expect(errors.contains { $0.help?.contains("registry.retag(") == true })
    }

    @Test func whoHasMovedATagIsNamed() async throws {
        try await publish()
        let theirs = network.registry(places[2].0) { $0.add(places[2].1, tag: "theirs", layers: [[9]]) }
        let text = "registry.retag(Image(\"ghcr.io/team/hello:theirs\"), Image(\"ghcr.io/team/hello:dev\"))"
        #expect(try await fixture.run(text, in: world).error == nil)
        let run = try fixture.report(2).run
        let message = try #require(try await undo().first?.message)
        #expect(
            message.contains(
                "dev was changed since, by run #2 (`test.rel`), which \(run.user) started on \(run.host), at "))
        #expect(message.contains("it is \(theirs) now"))
    }

    @Test func aTagThatWasMovedTwiceAndIsGoneAgainIsTakenBack() async throws {
        _ = network.registry(places[2].0) { $0.add(places[2].1, tag: "b", layers: [[5]]) }
        let home = "ghcr.io/team/hello"
        let moves = """
            registry.retag(Image("\(home):dev"), Image("\(home):mv"))
            registry.retag(Image("\(home):b"), Image("\(home):mv"))
            """
        #expect(try await fixture.run("transaction \"t\" {\n\(moves)\n}", in: world).error == nil)
        set(2, "mv", nil)
        #expect(try await undo().map(\.message) == [])
        #expect(tags("mv") == [nil, nil, nil])
    }

    // MARK: Before it is done

    private func foreseen() async throws -> [String] {
        var lines: [String] = []
        try await undoing().foresee(in: world) { item, foreseen in
            switch foreseen {
            case .takenBack(let commands): lines.append("\(item.title): \(commands.joined(separator: "; "))")
            case .alreadyBack: lines.append("\(item.title): already")
            case .refused(let error): lines.append("\(item.title): \(error.id)")
            }
        }
        return lines
    }

    @Test func aDryRunShowsHowANewTagGoes() async throws {
        try await publish()
        let lines = try await foreseen().filter { $0.contains("ghcr.io") }
        #expect(lines.count == 2)
        let call = "relsh -e 'registry.delete(Image(\"ghcr.io/team/hello:dev-1.2.0\"))'"
        #expect(lines.contains("ghcr.io/team/hello:dev-1.2.0 in its registry: \(call)"), "\(lines)")
    }

    @Test func aDryRunRefusesWhatTheUndoWould() async throws {
        try await publish()
        set(2, "dev", tags("dev")[0])
        _ = network.registry(places[2].0) { $0.add(places[2].1, tag: "dev", layers: [[9]]) }
        #expect(try await foreseen().contains("ghcr.io/team/hello:dev in its registry: changed-since"))
        #expect(try await undo().map(\.id) == ["changed-since"])
    }
}
