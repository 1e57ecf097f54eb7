import Synchronization
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// `relsh undo`: what a run changed is taken back by another process, later.
@Suite struct UndoingTests {
    private let fixture = LedgerFixture()
    private let files = FakeFiles(["a.txt": "old", "c.txt": "old"])
    private let programs = FakeProcesses()
    private var world: World { .fake(processes: programs, files: files) }

    private static let text = """
        step "First" { files.write("a.txt", "new")
            files.append("a.txt", "er") }
        step "Second" { files.write("b.txt", "new")
            files.remove("c.txt") }
        """

    private func undo(_ number: Int = 1, step: String? = nil) async throws -> (isComplete: Bool, told: [String]) {
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named(String(number), in: ledger), step: step, ledger: ledger)
        let told = Told()
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
            version: "test")
        let isComplete = try await undoing.perform(start, in: world) { item, outcome in
            switch outcome {
            case .takenBack: told.add("back: \(item.title)")
            case .alreadyBack: told.add("was back: \(item.title)")
            case .stays(let why): told.add("stays: \(item.title): \(why)")
            case .failed(let error): told.add(error.message)
            }
        }
        return (isComplete, told.lines)
    }

    private final class Told: Sendable {
        private let list = Mutex<[String]>([])
        func add(_ line: String) { list.withLock { $0.append(line) } }
        var lines: [String] { list.withLock { $0 } }
    }

    @Test func everythingIsAsItWasTheNewestFirst() async throws {
        #expect(try await fixture.run(Self.text, in: world).error == nil)
        let (isComplete, told) = try await undo()
        #expect(isComplete)
        #expect(
            told == [
                "back: the file c.txt", "back: the file b.txt", "back: the file a.txt", "back: the file a.txt",
            ])
        #expect(files.contents == ["/work/a.txt": "old", "/work/c.txt": "old"])
        #expect(try fixture.report(1).effects.allSatisfy { $0.ending == "undone" })
        #expect(try fixture.report(2).run.takesBack == 1)
        #expect(try fixture.report(2).effects.count == 4)
    }

    @Test func aSecondTimeDoesNothing() async throws {
        #expect(try await fixture.run(Self.text, in: world).error == nil)
        _ = try await undo()
        try files.write("a.txt", Array("later".utf8))
        #expect(try await undo() == (true, []))
        #expect(files.contents["/work/a.txt"] == "later")
    }

    @Test func whatAnotherHasTakenBackMeanwhileIsLeft() async throws {
        programs.answer("tool", with: .init())
        #expect(try await fixture.run("step \"One\" { $ tool one } undo { $ tool back }", in: world).error == nil)
        let ledger = fixture.reopened()
        let late = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        #expect(try await undo().told == ["back: step 1, One, by its undo"])
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
            version: "test")
        let told = Told()
        #expect(try await late.perform(start, in: world) { item, _ in told.add(item.title) })
        #expect(told.lines == [])
        #expect(programs.lines.filter { !$0.hasPrefix("git ") } == ["tool one", "tool back"])
    }

    @Test func whatIsGoneOnWithMeanwhileIsNotTakenBack() async throws {
        #expect(try await fixture.run(Self.text, in: world).error == nil)
        let ledger = fixture.reopened()
        let late = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        try ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("UPDATE runs SET ended = NULL, ending = NULL WHERE id = 1")
        }
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
            version: "test")
        let error = await #expect(throws: RuntimeError.self) { try await late.perform(start, in: world) { _, _ in } }
        #expect(error?.id == "run-not-undoable")
        #expect(files.contents["/work/a.txt"] == "newer")
        #expect(try fixture.report(2).run.ending == .failed)
    }

    @Test func oneStepAloneCanBeTakenBack() async throws {
        #expect(try await fixture.run(Self.text, in: world).error == nil)
        #expect(try await undo(step: "Second").isComplete)
        #expect(files.contents == ["/work/a.txt": "newer", "/work/c.txt": "old"])
        #expect(try await undo(step: "1").isComplete)
        #expect(files.contents["/work/a.txt"] == "old")
        await #expect(throws: RuntimeError.self) { try await undo(step: "Third") }
    }

    @Test func ofStepsWithOneTitleTheNumberIsAskedFor() async throws {
        let text = "for name in [\"b.txt\", \"d.txt\"] { step \"Write\" { files.write(name, \"new\") } }"
        #expect(try await fixture.run(text, in: world).error == nil)
        let error = await #expect(throws: RuntimeError.self) { try await undo(step: "Write") }
        #expect(error?.message == "run #1 has 2 steps Write")
        #expect(error?.help?.contains("by its number: 1, 2") == true)
        #expect(try await undo(step: "2").told == ["back: the file d.txt"])
    }

    @Test func whatSomebodyElseHasChangedIsLeftAndTheRestTakenBack() async throws {
        #expect(try await fixture.run(Self.text, in: world).error == nil)
        try files.write("b.txt", Array("theirs".utf8))
        let (isComplete, told) = try await undo()
        #expect(!isComplete)
        #expect(told[1].hasPrefix("b.txt was changed by somebody else since: it is 6 bytes of other content now"))
        #expect(files.contents == ["/work/a.txt": "old", "/work/b.txt": "theirs", "/work/c.txt": "old"])
        // Once that is settled, only it is left.
        try files.write("b.txt", Array("new".utf8))
        #expect(try await undo() == (true, ["back: the file b.txt"]))
    }

    // MARK: Several changes of one thing

    private static let chain = """
        files.write("b.txt", "1")
        files.append("b.txt", "2")
        step "Third" { files.append("b.txt", "3") }
        """

    @Test func whatIsAsBeforeAllChangesOfItIsTakenBack() async throws {
        #expect(try await fixture.run(Self.chain, in: world).error == nil)
        try files.remove("b.txt")
        let already = [String](repeating: "the file b.txt: already", count: 3)
        #expect(try await foreseen() == already)
        #expect(try await undo() == (true, [String](repeating: "was back: the file b.txt", count: 3)))
        #expect(try await undo() == (true, []))
        #expect(files.contents["/work/b.txt"] == nil)
    }

    @Test func fromBetweenChangesOfItAThingGoesBack() async throws {
        #expect(try await fixture.run(Self.chain, in: world).error == nil)
        try files.write("b.txt", Array("1".utf8))
        let title = "the file b.txt"
        #expect(try await foreseen() == ["\(title): already", "\(title): already", "\(title): rm b.txt"])
        #expect(try await undo() == (true, ["was back: \(title)", "was back: \(title)", "back: \(title)"]))
        #expect(files.contents["/work/b.txt"] == nil)
    }

    @Test func aChainThatSomebodyElseHasGoneOnWithIsLeftUntilItIsSettled() async throws {
        #expect(try await fixture.run(Self.chain, in: world).error == nil)
        try files.write("b.txt", Array("theirs".utf8))
        #expect(try await foreseen() == ["the file b.txt: changed-since"])
        let (isComplete, told) = try await undo()
        #expect(!isComplete && told.count == 1, "\(told)")
        #expect(told.first?.contains("changed by somebody else since: it is 6 bytes") == true)
        #expect(files.contents["/work/b.txt"] == "theirs")
        try files.remove("b.txt")
        #expect(try await undo().isComplete)
    }

    /// As an undo that was refused may have left it: the older change is taken back, and the newer is not.
    @Test func whatIsAsBeforeAChangeThatIsTakenBackIsTakenBack() async throws {
        #expect(try await fixture.run(Self.chain, in: world).error == nil)
        try files.remove("b.txt")
        try fixture.ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("UPDATE changes SET state = 'undone' WHERE before = 'absent'")
        }
        #expect(try await undo().isComplete)
        #expect(try await undo() == (true, []))
    }

    @Test func whatIsAsBeforeWhatAnotherStepDidIsSomebodyElsesDoing() async throws {
        #expect(try await fixture.run(Self.chain, in: world).error == nil)
        try files.remove("b.txt")
        #expect(try await !undo(step: "Third").isComplete)
    }

    @Test func anUndoThatFoundAThingAsBeforeHasNotMadeItSo() async throws {
        let history = LedgerTagHistory(fixture.reopened())
        #expect(try await fixture.run(Self.chain, in: world).error == nil)
        try files.remove("b.txt")
        #expect(try await undo().isComplete)
        #expect(try await history.maker(of: .file("b.txt"), as: .absent) == nil)
        #expect(try await fixture.run(Self.chain, in: world).error == nil)
        #expect(try await undo(3).isComplete)
        #expect(try await history.maker(of: .file("b.txt"), as: .absent)?.run == 4)
    }

    @Test func whatATransactionTookBackIsNotTakenBackTwice() async throws {
        let text = "transaction \"t\" { files.write(\"a.txt\", \"new\")\nfail \"no\" }"
        #expect(try await fixture.run(text, in: world).error != nil)
        #expect(try await undo() == (true, []))
    }

    @Test func whatARunThatDiedMayHaveMadeIsLookedAt() async throws {
        #expect(try await fixture.run("files.write(\"a.txt\", \"new\")", in: world).error == nil)
        try fixture.die(in: "files.write")
        #expect(try await undo().told == ["back: the file a.txt"])
        #expect(files.contents["/work/a.txt"] == "old")
    }

    @Test func whatChangedNothingIsNotSaidToStay() async throws {
        try files.createDirectory("there")
        programs.answer("true", with: .init())
        #expect(try await fixture.run("files.create_directory(\"there\")\n$ true", in: world).error == nil)
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        #expect(undoing.items.isEmpty)
        #expect(undoing.others.map(\.call) == ["$ true"])
    }

    @Test func whatHasASecretInItsNameIsSaidToStay() async throws {
        let name = "s3cret-name-\(UInt64.random(in: .min ... .max))"
        let world = World.fake(processes: programs, files: files, environment: ["NAME": name])
        let text = """
            let name = env.secret("NAME").reveal()
            files.write("a.txt", "new")
            files.write("${name}.txt", "new")
            try { transaction "Tried" { files.write("${name}-2.txt", "new"); fail "no" } } catch e { }
            """
        #expect(try await fixture.run(text, in: world).error == nil)
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        #expect(undoing.items.count == 1)
        // What the transaction has taken back does not stay.
        #expect(undoing.others.map(\.namesSecret) == [true] && undoing.isOutOfReach)
        #expect(files.contents.keys.sorted() == ["/work/\(name).txt", "/work/a.txt", "/work/c.txt"].sorted())
        // As a run leaves it that dies in that.
        try fixture.ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("UPDATE changes SET state = 'secret-intended' WHERE state = 'secret-made'")
            try ledger.run("UPDATE effects SET ended = NULL, ending = NULL")
        }
        let died = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        #expect(died.others.contains { $0.namesSecret && !$0.isMade }, "\(died.others)")
    }

    // MARK: Before it is done

    private func foreseen() async throws -> [String] {
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        var lines: [String] = []
        await undoing.foresee(in: world) { item, foreseen in
            switch foreseen {
            case .takenBack(let commands): lines.append("\(item.title): \(commands.joined(separator: "; "))")
            case .alreadyBack: lines.append("\(item.title): already")
            case .refused(let error): lines.append("\(item.title): \(error.id)")
            }
        }
        return lines
    }

    @Test func oneChangeAfterTheOtherIsForeseen() async throws {
        #expect(try await fixture.run(Self.text, in: world).error == nil)
        // Each command does what it says: the ledger has what it prints.
        let kept = ["old", "new"].map { text in
            let digest = ContentHash.digest(of: Array(text.utf8)).description
            #expect((try? KeptContent.bytes(digest, in: fixture.reopened())) == Array(text.utf8))
            return "relsh show --content \(digest) >"
        }
        let unknown = ContentHash.digest(of: [1]).description
        let error = #expect(throws: RuntimeError.self) { try KeptContent.bytes(unknown, in: fixture.reopened()) }
        #expect(error?.id == "no-such-content")
        #expect(
            try await foreseen() == [
                "the file c.txt: \(kept[0]) c.txt", "the file b.txt: rm b.txt",
                "the file a.txt: \(kept[1]) a.txt", "the file a.txt: \(kept[0]) a.txt",
            ])
        #expect(files.contents["/work/a.txt"] == "newer")
    }

    @Test func whatCannotBeTakenBackIsForeseen() async throws {
        #expect(try await fixture.run(Self.text, in: world).error == nil)
        try files.write("a.txt", Array("theirs".utf8))
        #expect(try await foreseen().suffix(2) == ["the file b.txt: rm b.txt", "the file a.txt: changed-since"])
        #expect(try await !undo().isComplete)
    }

    @Test func whatIsNotKeptIsForeseen() async throws {
        #expect(try await fixture.run(Self.text, in: world).error == nil)
        try fixture.ledger.write { (ledger) throws(SQLiteError) in try ledger.run("DELETE FROM contents") }
        #expect(try await foreseen().first == "the file c.txt: content-not-kept")
        #expect(try await undo().told.first?.contains("the 3 bytes that c.txt held are not kept") == true)
    }
}
