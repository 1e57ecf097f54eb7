import Builtins
import TestSupport
import Testing

@testable import relsh

/// The last line of a run that has failed.
@Suite struct RunAdviceTests {
    private let fixture = LedgerFixture()

    private func advice(_ text: String) async throws -> String {
        let run = try await fixture.run(text, in: .fake(files: FakeFiles()))
        #expect(run.error != nil)
        return RunAdvice(1, undoIsIncomplete: run.undoIsIncomplete, in: fixture.reopened()).text
    }

    @Test func aRunThatFailedGoesOn() async throws {
        #expect(
            try await advice("files.write(\"a\", \"1\"); fail \"x\"")
                == "relsh: this was run #1: `relsh show 1` explains it, `relsh resume 1` goes on")
    }

    @Test func whatItsUndoHasLeftIsTakenBackFirst() async throws {
        #expect(
            try await advice("transaction \"t\" { step \"s\" { 1 } undo { fail \"y\" }; fail \"x\" }")
                == "relsh: this was run #1: `relsh show 1` explains it, `relsh undo 1` takes back what is left of it, "
                + "and `relsh resume 1` begins anew then")
    }
}
