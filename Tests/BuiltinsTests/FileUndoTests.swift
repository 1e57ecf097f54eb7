import Glibc
import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What a failing transaction, and `relsh undo`, take back of files that are more than a name and a content: links, directories,
/// permissions, and what is too large to be kept.
@Suite struct FileUndoTests {
    private let files: LiveFiles
    private let directory: String
    private let fixture = LedgerFixture()
    private var world: World { World.fake(files: files) }

    init() throws {
        directory = "/tmp/relsh-file-undo-\(getpid())-\(UInt64.random(in: .min ... .max))"
        files = LiveFiles(workingDirectory: directory)
        try files.createDirectory(directory)
    }

    /// Runs it in a transaction that fails.
    private func fail(_ text: String) async throws -> ProgramRun {
        let run = try await ProgramRun.of(
            "transaction \"t\" {\n\(text)\nfail \"no\"\n}", world: world, catalog: StandardCatalog.catalog)
        #expect(run.error?.message == "no")
        return run
    }

    /// Runs it, and takes it back as another process does.
    private func undo(_ text: String) async throws -> (isComplete: Bool, errors: [RuntimeError]) {
        #expect(try await fixture.run(text, in: world).error == nil)
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
            version: "test")
        let errors = ErrorList()
        let isComplete = try await undoing.perform(start, in: world) { _, outcome in
            if case .failed(let error) = outcome { errors.append(error) }
        }
        return (isComplete, errors.all)
    }

    private func content(_ path: String) -> String? {
        (try? files.read(path)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Everything that is there, with what it is: `a/b -> target`, `a/c = content 644`.
    private func tree(_ path: String = ".") throws -> [String] {
        try files.list(path).flatMap { name -> [String] in
            let place = path == "." ? name : path + "/" + name
            let mode = String(files.mode(place) ?? 0, radix: 8)
            if let target = files.link(place) { return ["\(place) -> \(target)"] }
            if files.status(place)?.isDirectory == true { return try ["\(place) \(mode)"] + tree(place) }
            return ["\(place) = \(content(place) ?? "?") \(mode)"]
        }
    }

    private func prepare() throws {
        try files.write("script.sh", Array("old".utf8))
        try files.setMode("script.sh", 0o750)
        try files.createDirectory("dist/deep")
        try files.setMode("dist", 0o700)
        try files.write("dist/deep/file", Array("deep".utf8))
        try files.setMode("dist/deep/file", 0o600)
        try files.makeLink("dist/link", to: "deep/file")
        try files.makeLink("dist/nowhere", to: "missing")
        try files.createDirectory("empty")
        try files.makeLink("link", to: "script.sh")
        try files.makeLink("loose", to: "target")
    }

    private static let changes = """
        files.write("link", "through the link")
        files.append("link", "!")
        files.write("loose", "new")
        files.remove("link")
        files.remove("script.sh")
        files.remove("dist", recursive: true)
        files.remove("empty")
        files.write("new/and/deep.txt", "new")
        files.create_directory("made/for/it")
        files.copy("new/and/deep.txt", "copies/it")
        files.append("log/file", "line")
        """

    @Test func aTransactionLeavesEverythingAsItWas() async throws {
        try prepare()
        let before = try tree()
        let run = try await fail(Self.changes)
        #expect(try tree() == before)
        #expect(!run.undoIsIncomplete)
        #expect(files.link("loose") == "target" && files.status("target") == nil)
    }

    @Test func undoingLeavesEverythingAsItWas() async throws {
        try prepare()
        let before = try tree()
        let (isComplete, errors) = try await undo(Self.changes)
        #expect(isComplete, "\(errors)")
        #expect(try tree() == before)
    }

    @Test func aDirectoryThatSomebodyElseUsesStays() async throws {
        let programs = WritingPrograms { try files.write("dist/theirs", []) }
        let run = try await ProgramRun.of(
            "transaction \"t\" { files.write(\"dist/ours\", \"\")\n$ somebody else\nfail \"no\" }",
            world: World.fake(processes: programs, files: files), catalog: StandardCatalog.catalog)
        #expect(try files.list("dist") == ["theirs"])
        #expect(run.notes.contains { $0.contains("dist stays") })
        #expect(!run.undoIsIncomplete)
    }

    @Test func aDirectoryThatStayedIsTriedAgain() async throws {
        let programs = WritingPrograms { try files.write("dist/theirs", []) }
        let text = "transaction \"t\" { files.write(\"dist/ours\", \"\")\n$ somebody else\nfail \"no\" }"
        let world = World.fake(processes: programs, files: files)
        #expect(try await fixture.run(text, in: world).notes.contains { $0.contains("dist stays") })
        func undo() async throws -> [String] {
            let ledger = fixture.reopened()
            let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
            let start = RunStart(
                recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
                version: "test")
            #expect(try await undoing.perform(start, in: world) { _, _ in })
            return undoing.items.map(\.title)
        }
        #expect(try await undo() == ["the directory dist"])
        #expect(files.status("dist") != nil)
        try files.remove("dist/theirs")
        #expect(try await undo() == ["the directory dist"])
        #expect(files.status("dist") == nil)
        #expect(try await undo() == [])
    }

    /// Each branch finds the directory missing, and makes it.
    @Test func aDirectoryThatBranchesShareGoes() async throws {
        let text = "parallel for x in 1..3 { step \"s${x}\" { files.write(\"p/${x}/f\", \"x\") } }"
        let run = try await fail(text)
        #expect(try files.list(".") == [])
        #expect(run.notes == [])
        let (isComplete, errors) = try await undo(text)
        #expect(isComplete, "\(errors)")
        #expect(try files.list(".") == [])
    }

    @Test func whatAWriteLeftThatDiedGoes() async throws {
        let left = TemporaryName(for: "a.txt").text.replacing("-\(getpid())-", with: "-\(Int32.max - 1)-")
        #expect(try await fixture.run("files.write(\"made/a.txt\", \"new\")", in: world).error == nil)
        try files.remove("made/a.txt")
        try files.write("made/" + left, [])
        try fixture.die(in: "files.write")
        let ledger = fixture.reopened()
        let undoing = try Undoing(try RunSummary.named("1", in: ledger), step: nil, ledger: ledger)
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [], directory: "/work",
            version: "test")
        #expect(try await undoing.perform(start, in: world) { _, _ in })
        #expect(try files.list(".") == [])
    }

    @Test func whatAWriteLeftThatDiedGoesWhenTheRunGoesOn() async throws {
        let left = TemporaryName(for: "a.txt").text.replacing("-\(getpid())-", with: "-\(Int32.max - 1)-")
        let text = "files.write(\"a.txt\", \"new\")"
        #expect(try await fixture.run(text, in: world).error == nil)
        try files.remove("a.txt")
        try files.write(left, [])
        try fixture.die(in: "files.write")
        #expect(try await fixture.run(text, in: world, resuming: 1).error == nil)
        #expect(try files.list(".") == ["a.txt"])
    }

    // MARK: What is not kept

    private func writeLarge(_ path: String) throws {
        try files.write(path, Array(repeating: 7, count: Inverse.largestFile + 1))
    }

    @Test(arguments: [
        "files.write(\"large\", \"new\")", "files.append(\"large\", \"new\")", "files.remove(\"large\")",
        "files.copy(\"small\", \"large\")",
    ])
    func aLargeFileIsNamedThatCannotBePutBack(text: String) async throws {
        try writeLarge("large")
        try files.write("small", [1])
        let run = try await fail(text + "\nfiles.write(\"other\", \"new\")")
        #expect(run.undoIsIncomplete)
        #expect(files.status("other") == nil)
        let note = try #require(run.notes.first { $0.contains("undo failed") })
        #expect(note.contains("the file large: the 33554433 bytes that large held are not kept"))
        #expect(note.contains("it is larger than 32MiB"))
        #expect(note.contains("git restore"))
    }

    @Test func whatBroughtALargeFileBackIsSeen() async throws {
        try writeLarge("large")
        let programs = WritingPrograms { try writeLarge("large") }
        let run = try await ProgramRun.of(
            "transaction \"t\" { files.remove(\"large\")\n$ fetch it again\nfail \"no\" }",
            world: World.fake(processes: programs, files: files), catalog: StandardCatalog.catalog)
        #expect(!run.undoIsIncomplete)
    }

    @Test func aLargeDirectoryIsNamedThatCannotBePutBack() async throws {
        try files.createDirectory("dist/deep")
        try writeLarge("dist/deep/large")
        let (isComplete, errors) = try await undo("files.remove(\"dist\", recursive: true)")
        #expect(!isComplete)
        let message = try #require(errors.first?.message)
        #expect(message.contains("the directory dist"))
        #expect(message.contains("a directory with 2 entries and"))
        #expect(errors.first?.help?.contains("git restore") == true)
    }

    // MARK: What failed halfway

    @Test func whatAFailedEffectMadeIsTakenBack() async throws {
        try files.createDirectory("a/b")
        let programs = WritingPrograms {}
        let run = try await ProgramRun.of(
            """
            transaction "t" {
                try { files.copy("missing", "new/deep/copy") } catch err { print(err.message) }
                fail "no"
            }
            """, world: World.fake(processes: programs, files: files), catalog: StandardCatalog.catalog)
        #expect(run.error?.message == "no")
        #expect(try files.list(".") == ["a"])
        #expect(!run.undoIsIncomplete)
    }

    @Test func whatAFailedEffectMadeIsTakenBackLater() async throws {
        let (isComplete, errors) = try await undo(
            "try { files.copy(\"missing\", \"new/deep/copy\") } catch err { print(err.message) }")
        #expect(isComplete, "\(errors)")
        #expect(try files.list(".") == [])
    }
}

/// Every program does the same thing.
private struct WritingPrograms: ProcessRunner {
    let change: @Sendable () throws -> Void
    func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        try change()
        return ProcessOutcome(exitCode: 0, stdout: "", stderr: "", combined: "", duration: .zero, failedStage: nil)
    }
}
