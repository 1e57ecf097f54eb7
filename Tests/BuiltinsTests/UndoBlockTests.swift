import Synchronization
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// The `undo` blocks of steps whose process is gone: called by another, with the values they had.
@Suite struct UndoBlockTests {
    private let fixture = LedgerFixture()
    private let files = FakeFiles(["a.txt": "old"])
    private let programs = FakeProcesses()

    private func world(_ environment: [String: String] = [:]) -> World {
        programs.answer(with: .init())
        programs.answer("git", with: .init(exitCode: 128, stderr: "fatal: not a git repository"))
        return .fake(processes: programs, files: files, environment: environment)
    }

    /// What was run, but for git's looks at the project.
    private var lines: [String] { programs.lines.filter { !$0.hasPrefix("git ") } }

    private func undo(
        _ number: Int = 1, step: String? = nil, again: Bool = false, environment: [String: String] = [:]
    ) async throws -> (isComplete: Bool, told: [String]) {
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named(String(number), in: ledger), step: step, ledger: ledger)
        let told = Mutex<[String]>([])
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
            version: "test")
        let isComplete = try await undoing.perform(start, in: world(environment), again: again) { item, outcome in
            told.withLock { list in
                switch outcome {
                case .takenBack: list.append("back: \(item.title)")
                case .alreadyBack: list.append("was back: \(item.title)")
                case .stays(let why): list.append("stays: \(item.title): \(why)")
                case .failed(let error): list.append(error.message + (error.help.map { " (\($0))" } ?? ""))
                }
            }
        }
        return (isComplete, told.withLock { $0 } + undoing.others.map { "stays: \($0.call)" })
    }

    // MARK: relsh undo

    @Test func aBlockHasTheValuesItHad() async throws {
        let text = """
            let service = "shop"
            fn name(stage) { "${service}-${stage}" }
            for stage in ["qa", "prod"] {
                let old = {version: 1.2.3, count: 2}
                step "Scale ${stage}" { $ scale ${name(stage)}
                    stage.len() } undo length { $ back ${name(stage)} ${old.version} ${length} }
            }
            """
        #expect(try await fixture.run(text, in: world()).error == nil)
        let (isComplete, told) = try await undo()
        #expect(isComplete)
        #expect(told == ["back: step 2, Scale prod, by its undo", "back: step 1, Scale qa, by its undo"])
        #expect(lines == ["scale shop-qa", "scale shop-prod", "back shop-prod 1.2.3 4", "back shop-qa 1.2.3 2"])
        #expect(try await undo().told == [])
        #expect(try fixture.report(1).steps.allSatisfy { $0.ending == "undone" })
        let report = try fixture.report(2)
        #expect(report.steps.map(\.title) == ["undo of Scale prod", "undo of Scale qa"])
        #expect(report.effects.map(\.call) == ["$ back shop-prod 1.2.3 4", "$ back shop-qa 1.2.3 2"])
    }

    @Test func blocksAndChangesGoBackInOneOrder() async throws {
        let text = """
            transaction "t" {
                step "One" { files.write("a.txt", "new") }
                step "Two" { $ two } undo { $ back ${files.read("a.txt")} }
                step "Three" { files.write("a.txt", "newer") } undo { $ three ${files.read("a.txt")} }
            }
            """
        #expect(try await fixture.run(text, in: world()).error == nil)
        #expect(try await undo().isComplete)
        #expect(lines == ["two", "three newer", "back new"])
        #expect(files.contents == ["/work/a.txt": "old"])
    }

    @Test func aStepAloneGoesBackWithItsBlock() async throws {
        let text =
            "step \"One\" { $ one } undo { $ back one }\nstep \"Two\" { step \"In\" { $ two } undo { $ back two } }"
        #expect(try await fixture.run(text, in: world()).error == nil)
        #expect(try await undo(step: "Two") == (true, ["back: step 3, In, by its undo"]))
        #expect(lines == ["one", "two", "back two"])
    }

    @Test func whatCannotBeKeptIsSaidAndTheRestGoesBack() async throws {
        let text = """
            let f = fn(x) => "${x}!"
            let token = env.secret("TOKEN")
            let header = "Bearer ${token.reveal()}"
            step "One" { $ one } undo { $ back one }
            step "Two" { $ two } undo { $ back ${f("two")} }
            step "Three" { $ three } undo { run(["back", header.len()]) }
            """
        let run = try await fixture.run(text, in: world(["TOKEN": "s3cret-token"]))
        #expect(run.error == nil)
        let (isComplete, told) = try await undo()
        #expect(!isComplete)
        #expect(told[0].contains("it uses `header`, which is a text with a secret in it"))
        #expect(told[1].contains("it uses `f`, which is a function"))
        for line in told.prefix(2) { #expect(line.contains("do by hand what it would do, as it stands at"), "\(line)") }
        #expect(told[1].contains(":5:") && told[1].contains("functions that the file declares with `fn`"))
        #expect(told[2] == "back: step 1, One, by its undo")
        #expect(lines.last == "back one")
    }

    @Test func aSecretOfTheEnvironmentIsReadThereAgain() async throws {
        let text = "let token = env.secret(\"TOKEN\")\nstep \"One\" { $ one } undo { $ T=${token} back }"
        #expect(try await fixture.run(text, in: world(["TOKEN": "s3cret-token"])).error == nil)
        let ledger = try LedgerBytes(fixture.path)
        #expect(!ledger.contains("s3cret-token"))
        let (isComplete, told) = try await undo()
        #expect(!isComplete && told.first?.contains("needs the secret of env TOKEN") == true)
        #expect(try await undo(environment: ["TOKEN": "s3cret-token"]).isComplete)
        #expect(lines.last == "T=••• back")
    }

    @Test func whatABlockFailsWithShowsNoSecret() async throws {
        let text = """
            let token = env.secret("TOKEN")
            step "One" { $ one } undo { json.parse("[" + token.reveal() + "]") }
            """
        #expect(try await fixture.run(text, in: world(["TOKEN": "s3cret-token-of-some-length"])).error == nil)
        let told = try await undo(environment: ["TOKEN": "s3cret-token-of-some-length"]).told
        #expect(told.first?.contains("JSON must have a value") == true && told.first?.contains("s3cr") == false)
    }

    @Test func aBlockThatFailsIsSaidAndCanBeTriedAgain() async throws {
        let text = "step \"One\" { $ one } undo { $ broken }\nstep \"Two\" { $ two } undo { $ back two }"
        #expect(try await fixture.run(text, in: world()).error == nil)
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let (isComplete, told) = try await undo()
        #expect(!isComplete)
        #expect(told[0] == "back: step 2, Two, by its undo")
        #expect(told[1].hasPrefix("could not take back: step 1, One"))
        #expect(try await undo() == (true, ["back: step 1, One, by its undo"]))
    }

    @Test func whatAnUndoneStepDidDoesNotStay() async throws {
        let text = "step \"One\" { $ one } undo { $ back }\n$ two"
        #expect(try await fixture.run(text, in: world()).error == nil)
        #expect(try await undo().told == ["back: step 1, One, by its undo", "stays: $ two"])
    }

    @Test func aBlockThatFailedIsLeftToCallThoughAChangeInItsStepIsTakenBack() async throws {
        let text = """
            transaction "t" {
                step "Start" { files.write("pid", "1") } undo { $ stop }
                fail "later"
            }
            """
        let world = world()
        programs.answer("stop", with: .init(exitCode: 1), .init(exitCode: 1), .init())
        let run = try await fixture.run(text, in: world)
        #expect(run.undoIsIncomplete && files.contents["/work/pid"] == nil)
        #expect(
            run.notes.first?.hasSuffix(
                "undo failed: step Start: `stop` ended with exit code 1 (`relsh undo 1` calls its undo again)") == true)
        #expect(try await fixture.run(text, in: world, resuming: 1).error?.id == "undo-was-begun")
        #expect(try await !undo().isComplete)
        #expect(try await undo() == (true, ["back: step 2, Start, by its undo"]))
        #expect(lines == ["stop", "stop", "stop"])
        #expect(try await undo() == (true, []))
    }

    @Test func nestedBlocksAreEachCalledUntilTheyAreDone() async throws {
        let text = "step \"Out\" { step \"In\" { $ one } undo { $ back one } } undo { $ back two }"
        programs.answer("back", "one", with: .init(exitCode: 1), .init())
        #expect(try await fixture.run(text, in: world()).error == nil)
        #expect(try await !undo().isComplete)
        #expect(try await undo() == (true, ["back: step 2, In, by its undo"]))
        #expect(lines == ["one", "back two", "back one", "back one"])
    }

    @Test func whatABlockDidStands() async throws {
        let text = "transaction \"t\" { step \"One\" { $ one } undo { $ back }\nfail \"no\" }"
        #expect(try await fixture.run(text, in: world()).error != nil)
        let effects = try fixture.report(1).effects
        #expect(effects.map(\.call) == ["$ one", "$ back"])
        #expect(effects.map(\.ending) == ["undone", "succeeded"])
        #expect(try await undo() == (true, []))
        // And does not keep the run from being begun anew.
        #expect(try await fixture.run(text, in: world(), resuming: 1).error?.message == "no")
        #expect(lines == ["one", "back", "one", "back"])
    }

    // MARK: A run that died

    private static let release = """
        let name = "app"
        transaction "t" {
            step "One" { $ one } undo { $ back one ${name} }
            step "Two" { step "In" { $ two } undo { $ back two } }
            $ three
        }
        """

    @Test func theBlocksOfARunThatDiedAreCalled() async throws {
        #expect(try await fixture.run(Self.release, in: world()).error == nil)
        try fixture.die(in: "$ three")
        let (isComplete, told) = try await undo()
        #expect(isComplete)
        #expect(told == ["back: step 4, In, by its undo", "back: step 2, One, by its undo", "stays: $ three"])
        #expect(lines.suffix(2) == ["back two", "back one app"])
    }

    @Test func aStepThatDiedBeforeItCouldSayThatItIsDoneHasItsBlock() async throws {
        #expect(try await fixture.run("step \"One\" { $ one } undo { $ back }", in: world()).error == nil)
        try fixture.ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("UPDATE steps SET ended = NULL, ending = NULL, result = NULL")
            try ledger.run("UPDATE runs SET ended = NULL, ending = NULL")
            try ledger.run("UPDATE attempts SET process = 'gone'")
        }
        #expect(try await undo().told == ["back: step 1, One, by its undo"])
    }

    @Test func aResumedRunThatFailsCallsTheBlocksOfFinishedSteps() async throws {
        let text = Self.release.replacing("$ three", with: "$ three\n    $ broken")
        #expect(try await fixture.run(text, in: world()).error == nil)
        try fixture.die(in: "$ broken")
        programs.answer("broken", with: .init(exitCode: 1))
        let run = try await fixture.run(text, in: world(), resuming: 1, again: true)
        #expect(run.error?.command?.line == "broken")
        #expect(!run.undoIsIncomplete)
        #expect(run.events.contains("begin 2 in 1: One (done before)"))
        #expect(lines == ["one", "two", "three", "broken", "broken", "back two", "back one app"])
        #expect(try await undo().told == ["stays: $ three"])
    }

    @Test func aBlockThatCannotBeKeptIsMadeAgainByGoingThroughItsStep() async throws {
        let text = """
            let f = fn(x) => "${x}!"
            transaction "t" {
                step "One" { $ one } undo { $ back ${f("one")} }
                $ broken
            }
            """
        #expect(try await fixture.run(text, in: world()).error == nil)
        try fixture.die(in: "$ broken")
        programs.answer("broken", with: .init(exitCode: 1))
        let run = try await fixture.run(text, in: world(), resuming: 1, again: true)
        #expect(run.error?.command?.line == "broken")
        #expect(!run.undoIsIncomplete)
        #expect(lines == ["one", "broken", "broken", "back 'one!'"])
    }

    @Test func aBlockThatWasUnderWayIsNotCalledAgainUnasked() async throws {
        let text = "transaction \"t\" { step \"One\" { $ one } undo { $ back }\n$ broken }"
        let world = world()
        programs.answer("broken", with: .init(exitCode: 1))
        programs.answer("back", with: .init(exitCode: 1), .init())
        #expect(try await fixture.run(text, in: world).error != nil)
        try fixture.ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("UPDATE effects SET ending = NULL, ended = NULL WHERE call = '$ back'")
        }
        let (isComplete, told) = try await undo()
        #expect(!isComplete && told[0].contains("was under way when the run died, at `$ back`"))
        #expect(told[0].hasSuffix("(look what it has done; `relsh undo 1 --again` calls it again)"))
        #expect(try await undo(again: true).isComplete)
    }

    @Test func norIsOneThatAnEarlierUndoDiedIn() async throws {
        #expect(try await fixture.run("step \"One\" { $ one } undo { $ back\n$ further }", in: world()).error == nil)
        programs.answer("further", with: .init(exitCode: 1))
        #expect(try await !undo().isComplete)
        try fixture.ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("UPDATE effects SET ending = NULL, ended = NULL WHERE call = '$ further'")
        }
        let (isComplete, told) = try await undo()
        #expect(!isComplete && told[0].contains("was under way when the run died, at `$ further`"))
    }

    @Test func aStepThatWasBeingTakenBackIsNotTakenForFinished() async throws {
        let text = "transaction \"t\" { step \"One\" { $ one } undo { $ back\n$ further }\n$ broken }"
        let world = world()
        programs.answer("further", with: .init(exitCode: 1))
        programs.answer("broken", with: .init(exitCode: 1), .init())
        let first = try await fixture.run(text, in: world)
        #expect(first.error?.command?.line == "broken" && first.undoIsIncomplete)
        let run = try await fixture.run(text, in: world, resuming: 1)
        #expect(run.error?.id == "undo-was-begun")
        // It stands, as far as it was not taken back.
        #expect(run.undoIsIncomplete)
        #expect(lines.last == "further")
    }

    @Test func aBlockIsCalledBeforeWhatItsStepRestedOnIsTakenBackInAResumedRunToo() async throws {
        let text = """
            transaction "t" {
                files.write("a.txt", "new")
                step "Start" { $ start } undo { $ back ${files.read("a.txt")} }
                $ broken
            }
            """
        let world = world()
        programs.answer("broken", with: .init(exitCode: 1), .init())
        #expect(try await fixture.run(text, in: world).error != nil)
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(try await undo().told.prefix(2) == ["back: step 2, Start, by its undo", "back: the file a.txt"])
        #expect(lines == ["start", "broken", "back new", "start", "broken", "back new"])
    }

    @Test func aBlockThatCouldNotBeginHasTheOrderOfTheStepThatWasMadeAnew() async throws {
        let text = """
            transaction "t" {
                step "Start" { files.write("pid", "1") } undo {
                    let how = files.read("how.txt")
                    $ stop ${how} ${files.read("pid")}
                }
                $ broken
            }
            """
        let world = world()
        programs.answer("broken", with: .init(exitCode: 1), .init())
        #expect(try await fixture.run(text, in: world).undoIsIncomplete)
        try files.write("how.txt", Array("fast".utf8))
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(try await undo().told.prefix(2) == ["back: step 2, Start, by its undo", "back: the file pid"])
        #expect(lines == ["broken", "broken", "stop fast 1"])
    }

    @Test func whatARunDiedInIsSaid() async throws {
        #expect(try await fixture.run("$ one\n$ two", in: world()).error == nil)
        try fixture.die(in: "$ two")
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        #expect(undoing.others.map(\.call) == ["$ one", "$ two"])
        #expect(undoing.others.map(\.isMade) == [true, false])
    }
}

/// Everything a ledger has written to the disk.
private struct LedgerBytes {
    private let bytes: [UInt8]

    init(_ path: String) throws {
        let files = LiveFiles(workingDirectory: "/")
        bytes = try files.read(path) + ((try? files.read(path + "-wal")) ?? [])
    }

    func contains(_ text: String) -> Bool { String(decoding: bytes, as: UTF8.self).contains(text) }
}
