import Builtins
import Lang
import Synchronization
import TestSupport
import Testing

/// Two effects that wait for each other.
private final class Meeting: Sendable {
    private let states = Mutex((isCancelled: false, isDone: false))

    var isCancelled: Bool { states.withLock { $0.isCancelled } }
    var isDone: Bool { states.withLock { $0.isDone } }
    func cancel() { states.withLock { $0.isCancelled = true } }
    func end() { states.withLock { $0.isDone = true } }

    var builtins: [Builtin] {
        [
            .reads("meeting.work", "Works once the other has been cancelled.", example: "") { (_: World) -> Int in
                defer { self.end() }
                // The other may not begin before its time is up, and then cancels nothing.
                let end = ContinuousClock.now + .seconds(60)
                while !self.isCancelled, ContinuousClock.now < end { await Task.yield() }
                guard self.isCancelled else { return -1 }
                try Work.spend(1 << 30)
                try Work.reserve(1 << 21)
                return Work.mustStop(after: 1 << 30) ? 0 : 7
            },
            .reads("meeting.wait", "Hears of its deadline, and ends after the other.", example: "") {
                (_: World) -> Int in
                while !Task.isCancelled { await Task.yield() }
                self.cancel()
                while !self.isDone { await Task.yield() }
                return 1
            },
            .reads("meeting.cancelled", "Works although it is cancelled.", example: "") { (_: World) -> Int in
                while !Task.isCancelled { await Task.yield() }
                try Work.spend(1 << 30)
                return 1
            },
        ]
    }
}

/// What an effect asks is about its own branch.
@Suite struct EffectMeterTests {
    private static func run(_ text: String) async throws -> ProgramRun {
        let catalog = Catalog(StandardCatalog.catalog.all + Meeting().builtins)
        return try await ProgramRun.of(text, world: .fake(), catalog: catalog)
    }

    @Test func theDeadlineOfAnotherBranchIsNoneOfItsOwn() async throws {
        let run = try await Self.run(
            """
            parallel {
                meeting.work()
                try { timeout(500ms) { meeting.wait() } } catch err { err.kind }
            }
            """)
        #expect(run.value == #"[7, "timeout"]"#)
    }

    @Test func itsOwnDeadlineBreaksItOff() async throws {
        let run = try await Self.run("try { timeout(500ms) { meeting.cancelled() } } catch err { err.kind }")
        #expect(run.value == #""timeout""#)
    }
}
