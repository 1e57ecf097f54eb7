import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// `registry.history`: what the ledger knows of a tag.
@Suite struct TagHistoryTests {
    private let fixture = RegistryFixture()
    private let ledger = LedgerFixture()
    private let name = "ghcr.io/team/hello"

    private var world: World {
        var world = fixture.world
        world.history = LedgerTagHistory(ledger.reopened())
        return world
    }

    private func history() async throws -> [TagMove] {
        try await LedgerTagHistory(ledger.reopened()).moves(of: ImageReference(parsing: "\(name):dev"))
    }

    @Test func everyMoveIsTold() async throws {
        let digests = fixture.network.registry("ghcr.io") { registry in
            registry.deletesTags = true
            return ["one", "two"].map { registry.add("team/hello", tag: $0, layers: [Array($0.utf8)]) }
        }
        #expect(try await history() == [])
        let text = """
            registry.retag(Image("\(name):one"), Image("\(name):dev"))
            registry.retag(Image("\(name):two"), Image("\(name):dev"))
            registry.delete(Image("\(name):dev"))
            """
        #expect(try await ledger.run(text, in: world).error == nil)
        let moves = try await history()
        #expect(moves.map(\.from) == [digests[1], digests[0], nil])
        #expect(moves.map(\.to) == [nil, digests[1], digests[0]])
        #expect(moves.allSatisfy { $0.run == 1 && !$0.isUndone && $0.time > 0 })
    }
}
