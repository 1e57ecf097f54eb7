import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What a run that is resumed does again, and what it does not.
@Suite struct ResumeTests {
    private let fixture = LedgerFixture()
    private let files = FakeFiles()
    private let programs = FakeProcesses()
    private var world: World { .fake(processes: programs, files: files) }

    /// What was run, but for git's looks at the project.
    private var lines: [String] { programs.lines.filter { !$0.hasPrefix("git ") } }

    // MARK: Finished steps

    @Test func finishedStepsGiveTheirResults() async throws {
        programs.answer("tool", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = """
            let made = step "One" { $ tool one
                {version: 1.2.3, parts: [1, 2]} }
            let both = parallel { step "A" { $ tool a
                "a" }
                step "B" { $ tool b
                "b" } }
            step "Two" { $ tool two
                $ broken
                $ tool three }
            print(made, both)
            """
        #expect(try await fixture.run(text, in: world).error?.command?.line == "broken")
        let run = try await fixture.run(text, in: world, resuming: 1)
        #expect(run.error == nil)
        #expect(run.printed == "{version: 1.2.3, parts: [1, 2]} [\"a\", \"b\"]\n")
        #expect(lines.suffix(2) == ["broken", "tool three"])
        #expect(lines.count == 7)
        #expect(run.events.contains("begin 1: One (done before)"))
        #expect(try fixture.report().run.attempts == 2)
        #expect(try fixture.report().run.ending == .succeeded)
    }

    @Test func aStepWhoseResultCannotBeKeptIsGoneThrough() async throws {
        programs.answer("tool", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = """
            let f = step "Makes a function" { $ tool one
                fn(x) => x + 1 }
            $ broken
            print(f(1))
            """
        #expect(try await fixture.run(text, in: world).error != nil)
        #expect(try await fixture.run(text, in: world, resuming: 1).printed == "2\n")
        #expect(lines == ["tool one", "broken", "broken"])
    }

    @Test func whatIsBeingTakenBackIsNotResumed() async throws {
        programs.answer("tool", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = "step \"One\" { $ tool one } undo { $ tool back }\n$ broken"
        #expect(try await fixture.run(text, in: world).error != nil)
        let (program, _) = ProgramRun.load(text, catalog: StandardCatalog.catalog)
        var start = RunStart(
            recipe: nil, program: program, words: ["test.rel"], settings: [""], directory: world.workingDirectory,
            version: "test")
        let ledger = fixture.reopened()
        func resume(_ past: PastRun) async throws -> RuntimeError? {
            var plain = start
            plain.takesBack = nil
            let session = LedgerFixture.Session(
                recorder: Recorder(ledger, plain, past: past), resuming: Resuming())
            return try await ProgramRun.of(
                text, world: world, catalog: StandardCatalog.catalog, recordedIn: session
            ).error
        }
        let before = try PastRun.load(1, from: ledger)
        start.takesBack = 1
        let undo = Recorder(ledger, start)
        try await undo.lock(world, waits: false)
        #expect(try await resume(before)?.id == "being-taken-back")
        let during = try PastRun.load(1, from: ledger)
        #expect(during.takenBack.underWay()?.number == 2)
        try await undo.end(nil)
        #expect(try await resume(before)?.id == "taken-back-meanwhile")
        #expect(try await resume(during)?.id == "taken-back-meanwhile")
        #expect(lines == ["tool one", "broken"])
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
    }

    @Test func whatSomebodyElseHasResumedIsNotResumed() async throws {
        programs.answer("tool", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = """
            $ tool one
            $ broken
            $ tool two
            """
        _ = try await fixture.run(text, in: world)
        let (program, _) = ProgramRun.load(text, catalog: StandardCatalog.catalog)
        let start = RunStart(
            recipe: nil, program: program, words: ["test.rel"], settings: [""], directory: world.workingDirectory,
            version: "test")
        let ledger = fixture.reopened()
        let past = try PastRun.load(1, from: ledger)
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        let made = lines.count
        let late = try await ProgramRun.of(
            text, world: world, catalog: StandardCatalog.catalog,
            recordedIn: LedgerFixture.Session(
                recorder: Recorder(ledger, start, past: past), resuming: Resuming()))
        #expect(late.error?.message == "somebody else has resumed run #1 meanwhile")
        #expect(lines.count == made)
        #expect(try fixture.report().run.attempts == 2)
    }

    /// Its credentials may be gone: in a configuration for one job, or as AWS's, which last for twelve hours.
    @Test func aLoginIsMadeAgain() async throws {
        programs.answer("docker", with: .init())
        programs.answer("tool", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        var world = projectWorld(programs)
        world.environment["GHCR_TOKEN"] = "t0ken-of-ghcr"
        let text = """
            step "Prepare" {
                step "Log in" { docker.login(project.registries.get("ghcr")) }
                step "Build" { $ tool build }
                $ tool more
            }
            step "Go on" { $ broken }
            """
        #expect(try await fixture.run(text, in: world).error?.command?.line == "broken")
        let first = lines
        #expect(first.count == 4)
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(lines.dropFirst(4) == [first[0], "broken"])
        #expect(first[0].hasPrefix("docker login --username"))
    }

    @Test func aStepThatIsGoneThroughKeepsItsPlaceInTheUndo() async throws {
        for name in ["docker", "one", "two", "back"] { programs.answer(name, with: .init()) }
        programs.answer("broken", with: .init(exitCode: 1), .init())
        var world = projectWorld(programs)
        world.environment["GHCR_TOKEN"] = "t0ken-of-ghcr"
        let text = """
            step "One" { docker.login(project.registries.get("ghcr")) } undo { $ back one }
            step "Two" { $ two } undo { $ back two }
            $ broken
            """
        #expect(try await fixture.run(text, in: world).error != nil)
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        #expect(undoing.items.map(\.title) == ["step 2, Two, by its undo", "step 1, One, by its undo"])
    }

    // MARK: Reads

    @Test func whatAChangeRestsOnIsGivenAgain() async throws {
        programs.answer("tool", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = """
            let at = files.read("a.txt")
            $ tool ${at}
            let later = files.read("a.txt")
            $ broken ${later}
            """
        try files.write("a.txt", Array("1".utf8))
        #expect(try await fixture.run(text, in: world).error != nil)
        try files.write("a.txt", Array("2".utf8))
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        // The second is looked at again: nothing that was made rests on it.
        #expect(lines == ["tool 1", "broken 1", "broken 2"])
    }

    @Test func aFailureThatWasCaughtIsGivenAgain() async throws {
        programs.answer("pull", with: .init(exitCode: 1), .init())
        programs.answer("build", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = """
            try { $ pull } catch err { $ build }
            $ broken
            """
        #expect(try await fixture.run(text, in: world).error?.command?.line == "broken")
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(lines == ["pull", "build", "broken", "broken"])
    }

    @Test func attemptsThatFailedAreNotRepeated() async throws {
        programs.answer("flaky", with: .init(exitCode: 1), .init(exitCode: 1), .init())
        let clock = FakeClock()
        var world = world
        world.clock = clock
        let text = "retry(2, every: 1m) { $ flaky }"
        #expect(try await fixture.run(text, in: world).error != nil)
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(lines.count == 3)
        #expect(clock.sleeps == [.seconds(60)])
    }

    @Test func aCallThatIsNoLongerTheSameIsRefused() async throws {
        programs.answer("tool", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        func text(_ word: String) -> String { "$ tool \(word)\n$ broken" }
        #expect(try await fixture.run(text("one"), in: world).error != nil)
        let run = try await fixture.run(text("two"), in: world, resuming: 1)
        #expect(run.error?.id == "resumed-otherwise")
        #expect(run.error?.message.contains("$ tool one") == true)
        #expect(lines == ["tool one", "broken"])
        #expect(try await fixture.run(text("two"), in: world, resuming: 1, force: true).error == nil)
        #expect(lines.suffix(2) == ["tool two", "broken"])
    }

    // MARK: What was under way

    @Test func aCommandThatWasUnderWayIsAskedFor() async throws {
        programs.answer("tool", with: .init())
        let text = "$ tool one\n$ tool two\n$ tool three"
        #expect(try await fixture.run(text, in: world).error == nil)
        try fixture.die(in: "$ tool two")
        let run = try await fixture.run(text, in: world, resuming: 1)
        #expect(run.error?.id == "was-under-way")
        #expect(run.error?.help?.contains("--again") == true)
        #expect(lines.count == 3)
        #expect(try await fixture.run(text, in: world, resuming: 1, again: true).error == nil)
        #expect(lines.suffix(2) == ["tool two", "tool three"])
    }

    @Test func anAppendThatWasMadeIsFound() async throws {
        let text = "files.append(\"log\", \"one\\n\")\nfiles.write(\"end\", \"\")"
        #expect(try await fixture.run(text, in: world).error == nil)
        try fixture.die(in: "files.append")
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(files.contents["/work/log"] == "one\n")
        #expect(try fixture.report().effects[0].changes[0].state == "made")
    }

    @Test func anAppendThatWasNotMadeIsMade() async throws {
        let text = "files.append(\"log\", \"one\\n\")"
        #expect(try await fixture.run(text, in: world).error == nil)
        try fixture.die(in: "files.append")
        try files.remove("log")
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(files.contents["/work/log"] == "one\n")
    }

    @Test func anAppendThatSomebodyElseHasMixedWithIsNotGuessed() async throws {
        let text = "files.append(\"log\", \"one\\n\")"
        #expect(try await fixture.run(text, in: world).error == nil)
        try fixture.die(in: "files.append")
        try files.write("log", Array("theirs\n".utf8))
        #expect(try await fixture.run(text, in: world, resuming: 1).error?.id == "was-under-way")
        #expect(files.contents["/work/log"] == "theirs\n")
    }

    @Test func aChangeThatIsMadeAgainKeepsWhatWasThereBefore() async throws {
        try files.write("a.txt", Array("old".utf8))
        let text = "files.write(\"a.txt\", \"new\")"
        #expect(try await fixture.run(text, in: world).error == nil)
        try fixture.die(in: "files.write")
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        let change = try fixture.report().effects[0].changes[0]
        #expect(change.inverse.content == Array("old".utf8) && change.state == "made")
    }

    @Test func whatSomebodyElseHasChangedMeanwhileIsNotOverwritten() async throws {
        try files.write("a.txt", Array("old".utf8))
        let text = "files.write(\"a.txt\", \"new\")"
        #expect(try await fixture.run(text, in: world).error == nil)
        try fixture.die(in: "files.write")
        try files.write("a.txt", Array("theirs".utf8))
        #expect(try await fixture.run(text, in: world, resuming: 1).error?.id == "changed-meanwhile")
        #expect(files.contents["/work/a.txt"] == "theirs")
        #expect(try await fixture.run(text, in: world, resuming: 1, force: true).error == nil)
        #expect(files.contents["/work/a.txt"] == "new")
    }

    // MARK: Transactions

    @Test func whatATransactionTookBackIsMadeAgain() async throws {
        programs.answer("tool", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = """
            transaction "t" {
                step "Write" { files.write("a.txt", "new")
                    $ tool }
                $ broken
            }
            """
        #expect(try await fixture.run(text, in: world).error != nil)
        #expect(files.contents["/work/a.txt"] == nil)
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(files.contents["/work/a.txt"] == "new")
        // The step is gone through again; what nothing had taken back is not repeated.
        #expect(lines == ["tool", "broken", "broken"])
    }

    @Test func aLaterFailureTakesBackWhatTheFirstAttemptMade() async throws {
        programs.answer("broken", with: .init(exitCode: 1))
        programs.answer("tool", with: .init())
        try files.write("a.txt", Array("old".utf8))
        let text = """
            transaction "t" {
                step "Write" { files.write("a.txt", "new") }
                files.write("b.txt", "new")
                $ tool
                $ broken
            }
            """
        #expect(try await fixture.run(text, in: world).error != nil)
        // As if it had died in the middle, before anything was taken back.
        try files.write("a.txt", Array("new".utf8))
        try files.write("b.txt", Array("new".utf8))
        try fixture.ledger.write { (ledger) throws(SQLiteError) in
            for table in ["effects", "steps"] {
                try ledger.run("UPDATE \(table) SET ending = 'succeeded' WHERE ending = 'undone'")
            }
            try ledger.run("UPDATE changes SET state = 'made'")
        }
        #expect(try await fixture.run(text, in: world, resuming: 1).error?.command?.line == "broken")
        #expect(files.contents == ["/work/a.txt": "old"])
    }

    @Test func aStepWhoseUndoRanIsDoneAgain() async throws {
        programs.answer("make", with: .init())
        programs.answer("unmake", with: .init())
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = """
            transaction "t" {
                step "Make" { $ make } undo { $ unmake }
                $ broken
            }
            """
        #expect(try await fixture.run(text, in: world).error != nil)
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(lines == ["make", "broken", "unmake", "make", "broken"])
    }

    // MARK: Images

    private static let first = "sha256:" + String(repeating: "a", count: 64)

    @Test func aStepWhoseImageIsGoneIsDoneAgain() async throws {
        programs.answer("docker", with: .init())
        let missing = FakeProcesses.Answer(exitCode: 1, stderr: "Error: No such image")
        let look = ["docker", "image", "inspect", "--format", "{{.Id}}"]
        programs.answer(look + ["app:dev"], [.init(stdout: Self.first)])
        programs.answer(look + [Self.first], [missing])
        programs.answer(look + ["app@\(Self.first)"], [missing])
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let text = """
            let image = step "Pull" { docker.pull("app:dev") }
            $ broken
            """
        #expect(try await fixture.run(text, in: world).error != nil)
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(lines.filter { $0.hasPrefix("docker pull") }.count == 2)
    }

    // MARK: The project

    /// What git says of the project, one look after the other.
    private func looks(_ looks: String...) {
        let branch = "# branch.oid \(String(repeating: "a", count: 40))\0"
        programs.answer(["git", "--no-optional-locks", "status"], looks.map { .init(stdout: branch + $0) })
        programs.answer("git", "rev-parse", "--show-toplevel", with: .init(stdout: "/work\n"))
    }

    private func changed() throws -> [String] { try fixture.report(1).run.state?.changed.keys.sorted() ?? [] }

    @Test func whatRelshWritesBesideAFileIsNoPartOfTheProject() async throws {
        looks("? \(TemporaryName(for: "a.txt").text)\0? deep/\(TemporaryName(for: "b").text)\0? c.txt\0")
        #expect(try await fixture.run("files.write(\"a.txt\", \"1\")", in: world).error == nil)
        #expect(try changed() == ["c.txt"])
    }

    @Test func whatAnUndoBlockWritesIsTheRunsOwnDoing() async throws {
        looks("", "? made.txt\0")
        let text = """
            transaction "t" {
                step "S" { files.write("a.txt", "1") } undo { files.write("made.txt", "1") }
                fail "no"
            }
            """
        #expect(try await fixture.run(text, in: world).error?.message == "no")
        #expect(try changed() == ["made.txt"])
    }

    @Test func whatAnUndoBlockWritesLaterIsTheRunsOwnDoing() async throws {
        looks("", "? theirs.txt\0", "? theirs.txt\0? made.txt\0")
        let text = "step \"S\" { files.write(\"a.txt\", \"1\") } undo { files.write(\"made.txt\", \"1\") }\nfail \"no\""
        #expect(try await fixture.run(text, in: world).error?.message == "no")
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
            version: "test")
        #expect(try await undoing.perform(start, in: world) { _, _ in })
        // What somebody else had done before that is not.
        #expect(try changed() == ["made.txt"])
    }

    @Test func whatTheRunLeftAtAPathIsKnownUntilTheProjectIsLookedAtAgain() async throws {
        looks("", "", "")
        programs.answer("make", with: .init())
        let one = Inverse.State.content(ContentHash.digest(of: Array("1".utf8)), count: 1)
        #expect(try await fixture.run("files.write(\"a.txt\", \"1\")\nfail \"x\"", in: world).error != nil)
        #expect(try PastRun.load(1, from: fixture.ledger).files == ["a.txt": one])
        let undone = "transaction \"t\" { files.write(\"b.txt\", \"1\"); files.write(\"b.txt\", \"2\"); fail \"x\" }"
        #expect(try await fixture.run(undone, in: world).error != nil)
        #expect(try PastRun.load(2, from: fixture.ledger).files == ["b.txt": .absent])
        // Afterwards that look tells.
        #expect(try await fixture.run("files.write(\"c.txt\", \"1\")\n$ make\nfail \"x\"", in: world).error != nil)
        #expect(try PastRun.load(3, from: fixture.ledger).files.isEmpty)
    }

    @Test func whatACommandWroteBeforeItFailedIsTheRunsOwnDoing() async throws {
        looks("", "? made.txt\0")
        programs.answer("make", with: .init(exitCode: 2))
        #expect(try await fixture.run("files.write(\"a.txt\", \"1\")\n$ make", in: world).error?.exitCode == nil)
        #expect(try changed() == ["made.txt"])
        #expect(try PastRun.load(1, from: fixture.ledger).unseen == nil)
    }

    @Test func whatASecondCommandDidAtOnceIsSeenASecondLaterThoughTheRunHasNotEnded() async throws {
        looks("", "? one.txt\0", "? one.txt\0? two.txt\0")
        programs.answer("make", with: .init())
        let text = "$ make one\n$ make two"
        let (program, _) = ProgramRun.load(text, catalog: StandardCatalog.catalog)
        let start = RunStart(
            recipe: nil, program: program, words: ["test.rel"], settings: [""], directory: world.workingDirectory,
            version: "test")
        let recorder = Recorder(fixture.reopened(), start)
        let session = LedgerFixture.Session(recorder: recorder, resuming: Resuming())
        let run = try await ProgramRun.of(
            text, world: world, catalog: StandardCatalog.catalog, recordedIn: session)
        #expect(run.error == nil)
        for _ in 0..<200 where try changed() != ["one.txt", "two.txt"] {
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(try changed() == ["one.txt", "two.txt"])
        #expect(try PastRun.load(1, from: fixture.ledger).unseen == nil)
        try await recorder.end(nil)
    }

    @Test func whatACommandDidInWhichTheRunDiedIsNotKnown() async throws {
        looks("")
        programs.answer("make", with: .init())
        #expect(try await fixture.run("files.write(\"a.txt\", \"1\")\n$ make", in: world).error == nil)
        #expect(try PastRun.load(1, from: fixture.ledger).unseen == nil)
        try fixture.die(in: "$ make")
        let unseen = try #require(try PastRun.load(1, from: fixture.ledger).unseen)
        #expect(unseen.calls == ["$ make"] && unseen.isUnderWay)
        // Nor is it after a resume that only said so.
        let resumed = try await fixture.run("files.write(\"a.txt\", \"1\")\n$ make", in: world, resuming: 1)
        #expect(resumed.error?.id == "was-under-way")
        #expect(try PastRun.load(1, from: fixture.ledger).unseen == unseen)
        let before = try #require(try fixture.report(1).run.state)
        let now = before.changed(
            from: before, to: ProjectState(commit: before.commit, changed: ["made.o": "sha256:1", "old.c": "sha256:2"]))
        let differences = before.differences(to: now, but: ["a.txt"], from: "/work") { $0.hasSuffix("made.o") }
        #expect(differences == ["old.c has changed since (it was as in the commit)"])
    }

    private static let toldOfFiles: [(before: String?, now: String?, told: String)] = [
        (nil, "absent", "is gone (it was as in the commit)"),
        (nil, "sha256:1", "has changed since (it was as in the commit)"),
        ("absent", nil, "is there again, as in the commit"),
        ("absent", "sha256:1", "is there again, with other content"),
        ("sha256:1", nil, "has changed since (it differed from the commit; now it does not, or is gone)"),
        ("sha256:1", "absent", "is gone (it differed from the commit)"),
        ("sha256:1", "sha256:2", "has changed since (it differed from the commit in another way)"),
    ]

    @Test(arguments: toldOfFiles)
    func whatIsSaidOfAFileIsTrue(_ before: String?, _ now: String?, _ told: String) {
        func state(_ digest: String?, new: Set<String> = []) -> ProjectState {
            ProjectState(commit: "abc", changed: digest.map { ["a": $0] } ?? [:], new: new)
        }
        #expect(state(before).differences(to: state(now), but: [], from: "/work") == ["a \(told)"])
    }

    @Test func aFileThatGitDoesNotKnowWasNotAsInTheCommit() {
        let now = ProjectState(commit: "abc", changed: ["a": "sha256:1"], new: ["a"])
        func told(_ before: [String: String]) -> [String] {
            ProjectState(commit: "abc", changed: before).differences(to: now, but: [], from: "/work")
        }
        #expect(told([:]) == ["a is new"])
        #expect(told(["a": "sha256:2"]) == ["a has changed since (it had other content)"])
    }
}
