import Builtins
import Lang
import Synchronization
import TestSupport
import Testing

@testable import relsh

/// The `undo` blocks of what was typed at a prompt, called by another process, from what the ledger has.
@Suite struct PromptUndoTests {
    private struct NoObserver: RunObserver { func handle(_ event: RunEvent) {} }

    private let fixture = LedgerFixture()
    private let files = FakeFiles()

    /// Runs inputs, each a run of its own, as the prompt does.
    private func type(_ inputs: [String]) async throws {
        let catalog = StandardCatalog.catalog
        let machine = await PromptMachine(catalog)
        let loader = ProgramLoading(catalog: catalog, colour: false)
        let world = World.fake(files: files)
        for (number, text) in inputs.enumerated() {
            let source = SourceFile(name: "<input \(number)>", text: text)
            let program = try #require(await machine.read(source, loader), "\(text)")
            let sources = PromptInputs.sources(await machine.parts) { !$0.contains("hunter2") }
            let start = RunStart(
                recipe: nil, program: ResolvedProgram(modules: program.modules.suffix(1)), sources: sources,
                words: [RunStart.prompt, text], settings: [""], directory: world.workingDirectory, version: "test")
            let recorder = Recorder(fixture.reopened(), start)
            var options = Interpreter.Options()
            options.recorder = recorder
            let outcome = await machine.run(in: world, observer: NoObserver(), options)
            if case .failed(let error, _) = outcome {
                try await recorder.end(error)
            } else {
                try await recorder.end(nil)
            }
        }
    }

    /// Takes the newest run back.
    /// - Returns: the messages of what failed.
    private func undo() async throws -> [String] {
        let ledger = fixture.reopened()
        let run = try RunSummary.named(nil, in: ledger)
        let undoing = try Undoing(run, step: nil, ledger: ledger)
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: ["undo"], settings: [""], directory: "/work",
            version: "test")
        let failed = Failures()
        _ = try await undoing.perform(start, nil, waits: false, in: .fake(files: files), again: false) { _, outcome in
            if case .failed(let error) = outcome { failed.add(error.message) }
        }
        return failed.all
    }

    @Test func namesOfEarlierInputsAreThere() async throws {
        try await type([
            "let x = \"old\"", "fn back(text) { files.write(\"a.txt\", \"back to ${text}\") }", "var v = 3",
            "let x = 1; fail \"no\"; let v = 4", "let head = [1].first()", "5",
            "let y = _",
            "step \"s\" { files.write(\"b.txt\", \"\") } undo { back(\"${x} ${v} ${head} ${y}\") }",
        ])
        #expect(try await undo() == [])
        #expect(files.contents["/work/a.txt"] == "back to 1 3 1 5")
    }

    @Test func theBlockOfAnEarlierInputIsItsOwn() async throws {
        // Both stand at the same place of their texts.
        try await type([
            "fn one() { step \"s\" { files.write(\"b.txt\", \"\") } undo { files.write(\"one.txt\", \"\") } }",
            "fn two() { step \"s\" { files.write(\"b.txt\", \"\") } undo { files.write(\"two.txt\", \"\") } }",
            "let x = 1",
            "one()",
        ])
        #expect(try await undo() == [])
        #expect(files.contents["/work/one.txt"] == "" && files.contents["/work/two.txt"] == nil)
    }

    @Test func whatMayHoldASecretIsNotKept() async throws {
        try await type([
            "let x = \"hunter2\"", "step \"s\" { files.write(\"b.txt\", \"\") } undo { files.write(\"c.txt\", \"\") }",
        ])
        #expect(try await undo().first?.contains("<input 0>, which was typed before it, may hold a secret") == true)
    }

    @Test func withoutAnUndoBlockTheNewestInputIsKeptAlone() async {
        let machine = await PromptMachine(StandardCatalog.catalog)
        let loader = ProgramLoading(catalog: StandardCatalog.catalog, colour: false)
        _ = await machine.read(SourceFile(name: "<input>", text: "let x = 1"), loader)
        #expect(PromptInputs.sources(await machine.parts) { _ in true } == nil)
    }
}

private final class Failures: Sendable {
    private let messages = Mutex<[String]>([])
    func add(_ message: String) { messages.withLock { $0.append(message) } }
    var all: [String] { messages.withLock { $0 } }
}
