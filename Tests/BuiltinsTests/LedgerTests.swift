import Foundation
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// The ledger: what is written down of a run, and what happens where that cannot be done.
@Suite struct LedgerTests {
    // MARK: The file

    @Test func aLedgerOfANewerRelshIsRefused() async throws {
        let fixture = LedgerFixture()
        #expect(try await fixture.run("files.write(\"a\", \"b\")", in: .fake(files: FakeFiles())).error == nil)
        try fixture.ledger.write { (ledger) throws(SQLiteError) in try ledger.run("PRAGMA user_version = 99") }
        let error = #expect(throws: RuntimeError.self) { try RunSummary.list(fixture.reopened(), most: 1) }
        #expect(error?.id == "ledger-too-new")
        #expect(error?.message.contains("layout 99") == true)
        #expect(error?.message.hasSuffix("its newest run was made with relsh test") == true)
        #expect(error?.help?.contains("RELSH_LEDGER") == true)
    }

    @Test func aLedgerOfBeforeHasNoBlocksThatWereCalled() async throws {
        let fixture = LedgerFixture()
        let text = "step \"One\" { files.write(\"a\", \"b\") } undo { print(1) }\nstep \"Two\" {} undo { print(2) }"
        #expect(try await fixture.run(text, in: .fake(files: FakeFiles())).error == nil)
        try fixture.ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("UPDATE steps SET ending = 'undone' WHERE title = 'One'")
            try ledger.run("PRAGMA user_version = 3")
        }
        let run = try RunSummary.named("1", in: fixture.reopened())
        #expect(try RunReport.load(run, from: fixture.reopened()).steps.map { $0.undo == nil } == [true, false])
    }

    @Test func whatIsNoLedgerIsNamedWithAdviceThatFits() async throws {
        let fixture = LedgerFixture()
        func error(_ place: LedgerPlace) -> RuntimeError? {
            do {
                _ = try RunSummary.list(Ledger(place), most: 1)
                return nil
            } catch {
                return error
            }
        }
        let homeless = #expect(throws: RuntimeError.self) {
            try Ledger(LedgerPlace(path: "/no/such/place/l.db", isOurs: false)).write { _ in }
        }
        #expect(homeless?.help?.contains("mkdir -p /no/such/place") == true)
        let directory = error(LedgerPlace(path: "/tmp", isOurs: false))
        #expect(directory?.message == "/tmp is no ledger of relsh: it is a directory")
        #expect(directory?.help?.contains("RELSH_LEDGER names it") == true)
        #expect(error(LedgerPlace(path: "/dev/null", isOurs: false))?.message.contains("not a regular file") == true)
        try String(repeating: "text\n", count: 1000).write(toFile: fixture.path, atomically: true, encoding: .utf8)
        #expect(error(LedgerPlace(path: fixture.path, isOurs: false))?.message.contains("it is no database") == true)
        let own = error(LedgerPlace(path: fixture.path, isOurs: true))
        #expect(own?.id == "ledger-damaged" && own?.help?.contains("mv ledger.db* damaged/") == true)
        try FileManager.default.removeItem(atPath: fixture.path)
        let other = try SQLite(fixture.path, writes: true)
        try other.run("CREATE TABLE places (url TEXT)")
        #expect(error(LedgerPlace(path: fixture.path, isOurs: false))?.message.contains("of something else") == true)
        try other.run("PRAGMA user_version = 78")
        #expect(error(LedgerPlace(path: fixture.path, isOurs: false))?.id == "not-a-ledger")
        await #expect(throws: RuntimeError.self) {
            _ = try await fixture.run("files.write(\"a\", \"b\")", in: .fake(files: FakeFiles()))
        }
        #expect(try other.rows("SELECT name FROM sqlite_schema").count == 1)
    }

    @Test func aFileThatIsNoLedgerIsLeftAlone() async throws {
        let fixture = LedgerFixture()
        let text = String(repeating: "this is no database\n", count: 100)
        try text.write(toFile: fixture.path, atomically: true, encoding: .utf8)
        let files = FakeFiles()
        await #expect(throws: RuntimeError.self) {
            _ = try await fixture.run("files.write(\"a\", \"b\")", in: .fake(files: files))
        }
        #expect(files.contents.isEmpty)
        #expect(try String(contentsOfFile: fixture.path, encoding: .utf8) == text)
    }

    @Test func whereNothingCanBeRecordedNothingIsChanged() async throws {
        let files = FakeFiles(["a.txt": "old"])
        let (program, _) = ProgramRun.load("", catalog: StandardCatalog.catalog)
        let start = RunStart(recipe: nil, program: program, words: [], settings: [], directory: "/", version: "test")
        let recorder = Recorder(Ledger(LedgerPlace(path: "/proc/none/ledger.db", isOurs: true)), start)
        let run = try await ProgramRun.of(
            "print(files.read(\"a.txt\"))\nfiles.write(\"a.txt\", \"new\")", world: .fake(files: files),
            catalog: StandardCatalog.catalog, recordedIn: .init(recorder: recorder, resuming: Resuming()))
        #expect(run.printed == "old\n")
        #expect(run.error?.id == "ledger-not-opened")
        #expect(run.error?.help?.contains("--no-ledger") == true)
        #expect(files.contents == ["/work/a.txt": "old"])
    }

    @Test func aRunThatOnlyPrintsLeavesNoTrace() async throws {
        let fixture = LedgerFixture()
        #expect(try await fixture.run("print(project_name())\nfn project_name() { \"a\" }", in: .fake()).error == nil)
        #expect(!fixture.ledger.exists)
    }

    @Test func theLedgerIsBesideTheProjectOrWhereItIsSaid() {
        let files = FakeFiles(["/work/app/relsh.toml": ""])
        func place(_ directory: String, _ environment: [String: String] = [:]) -> String? {
            LedgerPlace.find(environment: environment, workingDirectory: directory, files: files)?.path
        }
        #expect(place("/work/app/deep") == "/work/app/.relsh/ledger.db")
        #expect(place("/work") == nil)
        #expect(place("/work", ["RELSH_LEDGER": "runs.db"]) == "/work/runs.db")
    }

    // MARK: What is written

    private static let text = """
        let a = step "Outer" {
            step "Inner" { files.write("a.txt", "new") }
            $ tool one
            7
        }
        print(files.read("a.txt"))
        """

    private static func world(_ files: FakeFiles = FakeFiles(["a.txt": "old"])) -> World {
        let programs = FakeProcesses()
        programs.answer("tool", with: .init(stdout: "compiled 7 files\n"))
        return .fake(processes: programs, files: files)
    }

    @Test func stepsAndEffectsAreWrittenDown() async throws {
        let fixture = LedgerFixture()
        #expect(try await fixture.run(Self.text, in: Self.world()).error == nil)
        let report = try fixture.report()
        #expect(report.run.ending == .succeeded)
        #expect(report.steps.map(\.title) == ["Outer", "Inner"])
        #expect(report.steps[1].parent == report.steps[0].identity)
        #expect(report.steps.allSatisfy { $0.ending == "succeeded" && $0.ended != nil })
        #expect(report.steps[0].result == "7")
        #expect(
            report.effects.map(\.call) == [
                "files.write(path: \"a.txt\", text: \"new\")", "$ tool one", "files.read(path: \"a.txt\")",
            ])
        #expect(report.effects[1].requests == ["tool one"])
        #expect(report.effects[1].output == "compiled 7 files")
        #expect(report.effects[2].kind == "reads" && report.effects[2].result == "\"new\"")
        let change = try #require(report.effects[0].changes.first)
        #expect(change.inverse.before == Inverse.state(of: Array("old".utf8)))
        #expect(change.inverse.made == Inverse.state(of: Array("new".utf8)))
        #expect(change.state == "made")
        #expect(report.json.contains("\"title\": \"Inner\""))
    }

    @Test func runsAreNumberedFromOne() async throws {
        let fixture = LedgerFixture()
        for _ in 0..<3 { _ = try await fixture.run(Self.text, in: Self.world()) }
        #expect(try RunSummary.list(fixture.ledger, most: 2).map(\.number) == [3, 2])
        #expect(try RunSummary.named("#2", in: fixture.ledger).number == 2)
        #expect(try RunSummary.named(nil, in: fixture.ledger).number == 3)
        #expect(throws: RuntimeError.self) { try RunSummary.named("9", in: fixture.ledger) }
    }

    @Test func aFailureIsWrittenDown() async throws {
        let fixture = LedgerFixture()
        let run = try await fixture.run("step \"Work\" { $ missing tool }", in: Self.world())
        #expect(run.error != nil)
        let report = try fixture.report()
        #expect(report.run.ending == .failed && report.run.message == run.error?.message)
        #expect(report.steps[0].ending == "failed")
        #expect(report.effects[0].ending == "failed" && report.effects[0].error == run.error?.message)
    }

    @Test func aDryRunWritesNothing() async throws {
        let fixture = LedgerFixture()
        let (program, _) = ProgramRun.load(Self.text, catalog: StandardCatalog.catalog)
        let start = RunStart(recipe: nil, program: program, words: [], settings: [], directory: "/", version: "test")
        let recorder = Recorder(fixture.ledger, start)
        let run = try await ProgramRun.of(
            Self.text, dryRun: true, world: Self.world(), catalog: StandardCatalog.catalog,
            recordedIn: .init(recorder: recorder, resuming: Resuming()))
        #expect(run.error == nil)
        try await recorder.end(nil)
        #expect(!fixture.ledger.exists)
    }

    @Test func secretsAreNotWrittenDown() async throws {
        let fixture = LedgerFixture()
        let secret = "s3cret/väl+ue-\(UInt64.random(in: .min ... .max))"
        let encoded = Data("user:\(secret)".utf8).base64EncodedString()
        let name = "s3cret-name-\(UInt64.random(in: .min ... .max))"
        let programs = FakeProcesses()
        programs.answer("tool", with: .init(stdout: "I know \(secret) and \(encoded)\n"))
        let world = World.fake(processes: programs, environment: ["TOKEN": secret, "NAME": name])
        let run = try await fixture.run(
            """
            let token = env.secret("TOKEN")
            let name = env.secret("NAME")
            step "Use ${token.reveal()}" {
                $ tool ${token.reveal()}
                let said = run(["tool"]).stdout
                files.write("a.txt", said)
                files.append("a.txt", "what it held has a secret in it")
                files.write("named-${name.reveal()}.txt", "so is the name of a file")
                fail "it was ${token.reveal()}"
            }
            """, in: world)
        #expect(run.error != nil)
        #expect(try fixture.report().effects.count == 7)
        // What cannot be named cannot be taken back by another process.
        let kept = try fixture.ledger.read { (ledger) throws(SQLiteError) in
            try RecordedInverse.load(1, from: ledger).map(\.inverse.subject)
        }
        #expect(kept == [.file("a.txt"), .file("a.txt")])
        // Everything that SQLite has written, in whatever file.
        for end in ["", "-wal"] {
            let bytes = FileManager.default.contents(atPath: fixture.path + end) ?? Data()
            #expect(end != "" || !bytes.isEmpty)
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "in the ledger\(end)")
            #expect(bytes.range(of: Data(name.utf8)) == nil, "in the ledger\(end)")
            #expect(bytes.range(of: Data(encoded.utf8.dropFirst(8).dropLast(4))) == nil, "in the ledger\(end)")
        }
    }

    @Test func oldRunsAreForgotten() async throws {
        let fixture = LedgerFixture()
        for _ in 0..<5 { _ = try await fixture.run(Self.text, in: Self.world()) }
        var settings = LedgerSettings()
        (settings.runs, settings.outputs) = (3, 1)
        try fixture.ledger.trim(settings)
        #expect(try RunSummary.list(fixture.ledger, most: 9).map(\.number) == [5, 4, 3])
        #expect(try fixture.report(5).effects[1].output == "compiled 7 files")
        #expect(try fixture.report(4).effects[1].output == nil)
        #expect(try fixture.report(4).effects[0].changes[0].inverse.content == nil)
        #expect(try fixture.report(5).effects[0].changes[0].inverse.content == Array("old".utf8))
    }

    // MARK: A disk that is full

    /// A recorder whose ledger can grow by so many pages.
    private func recorder(_ fixture: LedgerFixture, pages: Int) throws -> Recorder {
        let ledger = fixture.reopened()
        try ledger.write { (ledger) throws(SQLiteError) in
            let count = try ledger.rows("PRAGMA page_count").first?.first?.int ?? 0
            try ledger.run("PRAGMA max_page_count = \(count + pages)")
        }
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["x"], settings: [], directory: "/work",
            version: "test")
        return Recorder(ledger, start)
    }

    private func enter(_ recorder: Recorder, _ title: String) {
        recorder.enter(Identity(path: "/\(title.prefix(1))"), parent: nil, title: title, kind: .step)
    }

    @Test func aRunThatCouldNotBeWrittenHasNoNumber() async throws {
        let fixture = LedgerFixture()
        let recorder = try recorder(fixture, pages: 0)
        enter(recorder, String(repeating: "long ", count: 10_000))
        await #expect(throws: RuntimeError.self) { try await recorder.end(nil) }
        #expect(recorder.number == nil)
        #expect(try RunSummary.list(fixture.reopened(), most: 9).isEmpty)
    }

    @Test func whatCouldNotBeWrittenIsWrittenLater() async throws {
        let fixture = LedgerFixture()
        let recorder = try recorder(fixture, pages: 0)
        enter(recorder, "a " + String(repeating: "long ", count: 10_000))
        await #expect(throws: RuntimeError.self) { try await recorder.commit() }
        try recorder.ledger.read { (ledger) throws(SQLiteError) in
            _ = try ledger.rows("PRAGMA max_page_count = 1000000")
        }
        enter(recorder, "b")
        try await recorder.end(nil)
        #expect(try fixture.report(1).steps.map { $0.title.prefix(1) } == ["a", "b"])
        #expect(try fixture.report(1).run.ending == .succeeded)
    }
}
