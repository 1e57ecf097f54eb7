import Glibc
import Testing

@testable import Builtins
@testable import Lang
@testable import relsh

/// What the ledger has of a run, on a terminal.
@Suite struct RunTextTests {
    private func report(title: String, failure: String) async throws -> RunReport {
        let path = "/tmp/relsh-run-text-\(getpid())-\(UInt64.random(in: .min ... .max)).db"
        defer { for end in ["", "-wal", "-shm"] { unlink(path + end) } }
        let ledger = Ledger(LedgerPlace(path: path, isOurs: false))
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: [title], settings: [""], directory: "/tmp",
            version: "test")
        let recorder = Recorder(ledger, start)
        recorder.enter(Identity(path: "/1"), parent: nil, title: title, kind: .step)
        recorder.leave("/1", .failed(failure), result: nil)
        try await recorder.end(RuntimeError(.world, Message(failure)))
        return try RunReport.load(try RunSummary.named(nil, in: ledger), from: ledger)
    }

    @Test func whoLeavesAtOnceIsToldOfTheRunAndOfContainersThatAreThere() async throws {
        let run = try await report(title: "One", failure: "no").run
        #expect(
            LeavingAdvice.text(run, hasContainers: false) == """

                relsh: interrupted again, leaving at once: nothing more is undone
                  help: `relsh resume 1` goes on with run #1, and `relsh undo 1` takes it back

                """)
        let other = LeavingAdvice.text(nil, hasContainers: true)
        #expect(!other.contains("resume") && other.contains("docker rm --force"))
    }

    @Test func whatComesFromElsewhereCannotSteerTheTerminal() async throws {
        let report = try await report(title: "One\u{1B}[2J\u{07}\ntwo", failure: "no\u{1B}]0;title\u{07}\nmore")
        let text = RunText(colour: false)
        let shown = text.show(report) + text.list([report.run])
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(shown.contains("✘ 1 One  two") && shown.contains("\n  no more\n"))
        // In colour, the only escapes are the colours.
        let coloured = RunText(colour: true).show(report).replacing(#/\u{1B}\[[0-9]+m/#, with: "")
        #expect(!coloured.contains("\u{1B}"))
    }
}
