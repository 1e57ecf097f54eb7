import Foundation
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// One release at a time across machines: real git, a bare repository and clones of it.
@Suite struct RemoteLockTests {
    private func now() -> Double { LiveClock().now() }

    private func failure(of body: () async throws -> Void) async -> RuntimeError? {
        do {
            try await body()
            return nil
        } catch {
            return RuntimeError(any: error)
        }
    }

    // MARK: Taking and giving back

    @Test func itIsOneRefAtTheRemoteAndNothingInTheProject() async throws {
        let fixture = try await LockFixture()
        for hook in ["pre-push", "reference-transaction", "post-checkout"] {
            try fixture.write(
                "a/.git/hooks/\(hook)", "#!/bin/sh\ntouch \(fixture.path("hook"))\nexit 1\n", isProgram: true)
        }
        let lock = RemoteLock(recipe: "release")
        try await lock.take(run: 3, waits: false, in: fixture.world("a"))
        let object = try #require(await fixture.object())
        let text = try await fixture.git("cat-file", "blob", object, in: "remote.git")
        let note = try #require(LockNote(text: text))
        #expect(note.run == 3 && note.recipe == "release" && note.process == .own)
        #expect(try await fixture.git("status", "--porcelain", in: "a") == "")
        #expect(try await fixture.git("for-each-ref", in: "a") == "")
        try await lock.take(run: 3, waits: false, in: fixture.world("a"))
        #expect(try await fixture.object() == object)
        try await lock.confirm()
        try await lock.release()
        #expect(try await fixture.object() == nil)
        #expect(!FileManager.default.fileExists(atPath: fixture.path("hook")))
    }

    @Test func aSecondReleaseIsToldWhoIsAtIt() async throws {
        let fixture = try await LockFixture()
        let (first, second) = (RemoteLock(recipe: "release"), RemoteLock(recipe: "release"))
        try await first.take(run: 3, waits: false, in: fixture.world("a"))
        let error = await failure { try await second.take(run: 9, waits: false, in: fixture.world("b")) }
        #expect(error?.id == "release-elsewhere")
        for part in ["run #3 of release", ProcessMark.userName, ProcessMark.hostName, "since 2", "at origin"] {
            #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        }
        #expect(error?.help?.contains("--wait") == true)
        try await second.release()
        #expect(try await fixture.object() != nil)
        try await first.release()
        try await second.take(run: 9, waits: false, in: fixture.world("b"))
        try await second.release()
    }

    @Test func ofManyAtOnceExactlyOneGetsIt() async throws {
        let fixture = try await LockFixture(clones: ["a", "b", "c"])
        let locks = (0..<9).map { (RemoteLock(recipe: "r\($0)"), ["a", "b", "c"][$0 % 3]) }
        let errors = await withTaskGroup(of: RuntimeError?.self) { group in
            for (lock, clone) in locks {
                group.addTask { await failure { try await lock.take(run: 1, waits: false, in: fixture.world(clone)) } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(errors.count { $0 == nil } == 1)
        #expect(errors.allSatisfy { $0 == nil || $0?.id == "release-elsewhere" }, "\(errors.compactMap(\.?.message))")
        for (lock, _) in locks { try await lock.release() }
        #expect(try await fixture.object() == nil)
    }

    @Test func onlyOneAtATimeGoesOnWhereAllWait() async throws {
        let fixture = try await LockFixture(settings: "lease = \"10s\"")
        let inside = Counter()
        await withTaskGroup(of: Void.self) { group in
            for clone in ["a", "b", "a", "b"] {
                group.addTask {
                    let lock = RemoteLock(recipe: nil)
                    let error = await lock.whileKept {
                        await failure {
                            try await lock.take(run: 1, waits: true, in: fixture.world(clone))
                            #expect(await inside.enter() == 1)
                            try await Task.sleep(for: .milliseconds(300))
                            await inside.leave()
                        }
                    }
                    #expect(error == nil)
                    try? await lock.release()
                }
            }
        }
        #expect(await inside.entered == 4)
    }

    private actor Counter {
        private var inside = 0
        private(set) var entered = 0
        func enter() -> Int {
            inside += 1
            entered += 1
            return inside
        }
        func leave() { inside -= 1 }
    }

    @Test func namesOfProjectsBecomeNamesOfRefs() async throws {
        let fixture = try await LockFixture()
        let names = ["app", "team/app", "team", "a.lock", "team/a.lock", "a.b_c-d"]
        let refs = names.map(LockRemote.ref)
        #expect(Set(refs).count == names.count)
        for ref in refs { try await fixture.git("check-ref-format", ref) }
        #expect(refs.allSatisfy { ref in !refs.contains { $0.hasPrefix(ref + "/") } })
    }

    // MARK: Its lease

    @Test func itIsRenewedWhileTheRunIsAlive() async throws {
        let fixture = try await LockFixture(settings: "lease = \"9s\"")
        let lock = RemoteLock(recipe: nil)
        let seen = await lock.whileKept { () -> Set<String> in
            var seen: Set<String> = []
            do {
                try await lock.take(run: 1, waits: false, in: fixture.world("a"))
                while seen.count < 3 {
                    if let object = try await fixture.object() { seen.insert(object) }
                    try await Task.sleep(for: .milliseconds(100))
                }
                try await lock.confirm()
            } catch {
                Issue.record(error)
            }
            return seen
        }
        #expect(seen.count == 3)
        try await lock.release()
        #expect(try await fixture.object() == nil)
    }

    @Test func whoWaitsTakesOverWhatWasNotRenewedAndTheHolderNotices() async throws {
        let fixture = try await LockFixture(settings: "lease = \"1s\"")
        let (first, second) = (RemoteLock(recipe: "asleep"), RemoteLock(recipe: "awake"))
        try await first.take(run: 3, waits: false, in: fixture.world("a"))
        // The clock of the second is an hour behind: it must not matter.
        try await second.take(run: 9, waits: true, in: fixture.world("b", now: now() - 3600))
        let error = await failure { try await first.confirm() }
        #expect(error?.id == "lock-lost")
        #expect(error?.message.contains("run #9 of awake") == true, "\(error?.message ?? "")")
        #expect(error?.help?.contains("relsh resume") == true)
        let object = try await fixture.object()
        try await first.release()
        #expect(try await fixture.object() == object)
        try await second.release()
    }

    @Test func whoHasSleptAndLostNothingGoesOn() async throws {
        let fixture = try await LockFixture(settings: "lease = \"1s\"")
        let lock = RemoteLock(recipe: nil)
        try await lock.take(run: 3, waits: false, in: fixture.world("a"))
        let before = try await fixture.object()
        try await Task.sleep(for: .seconds(1.2))
        try await lock.confirm()
        let after = try await fixture.object()
        #expect(after != nil && after != before)
        try await lock.release()
        #expect(try await fixture.object() == nil)
    }

    @Test func whatWasTakenAwayByHandIsNoticed() async throws {
        let fixture = try await LockFixture(settings: "lease = \"6s\"")
        let lock = RemoteLock(recipe: nil)
        let world = fixture.world("a")
        try await lock.take(run: 3, waits: false, in: world)
        guard case .held(let seen) = try await SeenLock.look(for: try await world.project.load(), in: world) else {
            Issue.record("the lock is not seen")
            return
        }
        #expect(seen.description(in: world).contains("run #3"))
        try await seen.breakOff(in: world)
        try await Task.sleep(for: .seconds(4))
        let error = await failure { try await lock.confirm() }
        #expect(error?.id == "lock-lost" && error?.message.contains("somebody has taken it away") == true)
        // It stays so: somebody else may have begun meanwhile.
        #expect(await failure { try await lock.confirm() }?.id == "lock-lost")
    }

    @Test func aRemoteThatDoesNotAnswerAnyMoreStopsARunWhenItsLeaseIsOver() async throws {
        let fixture = try await LockFixture(settings: "lease = \"1s\"")
        let lock = RemoteLock(recipe: nil)
        try await lock.take(run: 3, waits: false, in: fixture.world("a"))
        try FileManager.default.moveItem(atPath: fixture.remote, toPath: fixture.remote + ".away")
        try await Task.sleep(for: .seconds(1.1))
        #expect(await failure { try await lock.confirm() }?.id == "lock-not-renewed")
        let error = await failure { try await lock.release() }
        #expect(error?.id == "lock-not-released" && error?.help?.contains("--unlock") == true)
    }

    // MARK: Locks of the dead

    @Test func aLockOfADeadProcessOfThisMachineIsTakenAtOnce() async throws {
        let fixture = try await LockFixture()
        var dead = ["host": "\"\(ProcessMark.hostName)\"", "space": "\"\(ProcessMark.space)\"", "process": "1"]
        try await fixture.plant(try .elsewhere(now: now(), dead))
        let lock = RemoteLock(recipe: nil)
        try await lock.take(run: 1, waits: false, in: fixture.world("b"))
        try await lock.release()
        // The same number means another process after a restart, or in another container.
        dead["space"] = "\"another boot\""
        try await fixture.plant(try .elsewhere(now: now(), dead))
        let error = await failure { try await lock.take(run: 1, waits: false, in: fixture.world("b")) }
        #expect(error?.id == "release-elsewhere")
    }

    @Test func aLeaseThatIsOverCountsAsLongAsClocksMayDiffer() async throws {
        let fixture = try await LockFixture()
        try await fixture.plant(try .elsewhere(now: now() - 60 - Double(LockNote.clockDifference) + 100, lease: 60))
        let lock = RemoteLock(recipe: nil)
        let error = await failure { try await lock.take(run: 1, waits: false, in: fixture.world("b")) }
        #expect(error?.id == "release-elsewhere")
        try await fixture.plant(try .elsewhere(now: now() - 60 - Double(LockNote.clockDifference) - 100, lease: 60))
        try await lock.take(run: 1, waits: false, in: fixture.world("b"))
        try await lock.release()
    }

    @Test func aLockThatCannotBeReadIsHeldAllTheSame() async throws {
        let fixture = try await LockFixture()
        try fixture.write("a/note", "a lock of a later relsh")
        let object = try await fixture.git("hash-object", "-w", "note", in: "a")
        try await fixture.git("push", "-q", "origin", "\(object):\(LockRemote.ref(of: "team/app"))", in: "a")
        let error = await failure {
            try await RemoteLock(recipe: nil).take(run: 1, waits: false, in: fixture.world("b"))
        }
        #expect(error?.id == "release-elsewhere" && error?.message.contains("cannot read") == true)
    }

    @Test func whatOthersWroteDoesNotMoveTheCursor() throws {
        let note = try LockNote.elsewhere(
            now: 0, ["user": #""\u001b[2J""#, "host": "\"\(String(repeating: "h", count: 500))\""])
        #expect(!note.description.unicodeScalars.contains("\u{1b}"))
        #expect(note.description.count < 300)
        #expect(LockNote(text: note.text) == note)
        for text in ["", "{}", "[1]", "{\"relsh\": 2}", note.text.replacing("\"lease\": 600", with: "\"lease\": -1")] {
            #expect(LockNote(text: text) == nil)
        }
    }

    // MARK: Remotes that do not take it

    private func refusing(_ settings: String) async throws -> LockFixture {
        let fixture = try await LockFixture(settings: settings)
        try fixture.write(
            "remote.git/hooks/pre-receive", "#!/bin/sh\necho this mirror is read-only >&2\nexit 1\n", isProgram: true)
        return fixture
    }

    @Test func aRemoteThatRefusesIsToldOfAndTheRunGoesOn() async throws {
        let fixture = try await refusing("")
        let events = RecordingEvents()
        let lock = RemoteLock(recipe: nil)
        try await lock.take(run: 1, waits: false, in: fixture.world("a", events: events))
        #expect(events.notes.count == 1)
        #expect(
            events.notes.first?.contains("goes on without a lock at origin: git could not lock this release") == true)
        // It is said once, and tried once.
        try await lock.take(run: 1, waits: false, in: fixture.world("a", events: events))
        #expect(events.notes.count == 1)
        try await lock.confirm()
        try await lock.release()
    }

    @Test(arguments: [true, false])
    func oneThatTheProjectWantsStopsIt(isThere: Bool) async throws {
        let fixture = try await refusing("remote = \"origin\"")
        if !isThere { try FileManager.default.removeItem(atPath: fixture.remote) }
        let error = await failure {
            try await RemoteLock(recipe: nil).take(run: 1, waits: false, in: fixture.world("a"))
        }
        #expect(error?.id == "lock-not-taken")
        #expect(
            error?.message.contains(isThere ? "pre-receive hook declined" : "does not appear to be a git repository")
                == true)
        #expect(error?.help?.contains("--set lock.remote=false") == true)
    }

    @Test func whereThereIsNoRemoteThereIsNoLock() async throws {
        let fixture = try await LockFixture()
        try await fixture.git("remote", "rename", "origin", "other", in: "a")
        let events = RecordingEvents()
        let lock = RemoteLock(recipe: nil)
        try await lock.take(run: 1, waits: false, in: fixture.world("a", events: events))
        #expect(try await fixture.object() == nil && events.notes.isEmpty)
        try fixture.write("a/relsh.toml", "name = \"team/app\"\nlock.remote = \"upstream\"\n")
        let error = await failure { try await lock.take(run: 1, waits: false, in: fixture.world("a")) }
        #expect(error?.id == "no-lock-remote")
        try fixture.write("a/relsh.toml", "name = \"team/app\"\nlock.remote = \"other\"\n")
        try await lock.take(run: 1, waits: false, in: fixture.world("a"))
        #expect(try await fixture.object() != nil)
        try await lock.release()
        try fixture.write("b/relsh.toml", "name = \"team/app\"\nlock.remote = false\n")
        try await lock.take(run: 1, waits: false, in: fixture.world("b"))
        #expect(try await fixture.object() == nil)
    }

    @Test func anAnswerThatIsLostDoesNotLoseTheLock() async throws {
        let fixture = try await LockFixture()
        try fixture.write("receive", "#!/bin/sh\ngit-receive-pack \"$@\"\nexit 1\n", isProgram: true)
        try await fixture.git("config", "remote.origin.receivepack", fixture.path("receive"), in: "a")
        let lock = RemoteLock(recipe: nil)
        try await lock.take(run: 1, waits: false, in: fixture.world("a"))
        try await lock.confirm()
        #expect(try await fixture.object() != nil)
        try await lock.release()
        #expect(try await fixture.object() == nil)
    }

    // MARK: In a run

    @Test func onlyATransactionTakesIt() async throws {
        let fixture = try await LockFixture()
        try fixture.write("b/held", "")
        let other = RemoteLock(recipe: "other")
        try await other.take(run: 1, waits: false, in: fixture.world("a"))
        let ledger = LedgerFixture()
        let lock = RemoteLock(recipe: nil)
        let world = fixture.world("b")
        #expect(try await ledger.run("files.write(\"one\", \"1\")", in: world, lock: lock).error == nil)
        let text = "transaction \"t\" { files.write(\"two\", \"2\") }"
        #expect(try await ledger.run(text, in: world, lock: lock).error?.id == "release-elsewhere")
        #expect(!FileManager.default.fileExists(atPath: fixture.path("b/two")))
        try await other.release()
        #expect(try await ledger.run(text, in: world, lock: lock).error == nil)
        try await lock.release()
    }

    @Test func aRunThatHasLostItStopsBeforeItsNextChange() async throws {
        let fixture = try await LockFixture(settings: "lease = \"1s\"")
        let ledger = LedgerFixture()
        let lock = RemoteLock(recipe: nil)
        let ref = LockRemote.ref(of: "team/app")
        let text = """
            transaction "t" {
                files.write("one", "1")
                $ git push -q origin ":\(ref)"
                $ sleep 0.8
                files.write("two", "2")
            }
            """
        let run = try await ledger.run(text, in: fixture.world("a"), lock: lock)
        #expect(run.error?.id == "lock-lost")
        // The transaction takes back what it has made.
        #expect(!FileManager.default.fileExists(atPath: fixture.path("a/one")))
        #expect(!FileManager.default.fileExists(atPath: fixture.path("a/two")))
        try await lock.release()
    }

    @Test func undoWaitsItsTurnToo() async throws {
        let fixture = try await LockFixture()
        let ledger = LedgerFixture()
        let world = fixture.world("a")
        #expect(try await ledger.run("files.write(\"one\", \"1\")", in: world).error == nil)
        let other = RemoteLock(recipe: "other")
        try await other.take(run: 1, waits: false, in: fixture.world("b"))
        let undoing = try Undoing(try RunSummary.named("1", in: ledger.ledger), step: nil, ledger: ledger.ledger)
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/",
            version: "test")
        let lock = RemoteLock(recipe: "undo 1")
        let error = await failure { _ = try await undoing.perform(start, lock, in: world) { _, _ in } }
        #expect(error?.id == "release-elsewhere")
        #expect(try ledger.report(2).run.ending == .failed)
        #expect(FileManager.default.fileExists(atPath: fixture.path("a/one")))
        try await other.release()
        #expect(try await undoing.perform(start, lock, in: world) { _, _ in })
        try await lock.release()
        #expect(!FileManager.default.fileExists(atPath: fixture.path("a/one")))
        #expect(try LedgerLock.holder(in: ledger.ledger) == nil)
    }
}
