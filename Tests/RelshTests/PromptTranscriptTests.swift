import Testing

@testable import relsh

/// What of a session `:undo` takes back.
@Suite struct PromptTranscriptTests {
    private func transcript() -> PromptTranscript {
        var transcript = PromptTranscript()
        transcript.add(1, "a", failure: nil, hasChanged: true, run: 1, hasValue: false)
        transcript.add(2, "b", failure: nil, hasChanged: false, hasUndo: true, run: 2, hasValue: true)
        transcript.add(3, "c", failure: nil, hasChanged: false, run: 3, hasValue: true)
        return transcript
    }

    @Test func theNewestInputFirstThatHasChangedSomethingOrHasAnUndoBlock() {
        var transcript = transcript()
        #expect(transcript.undoable == 1)
        transcript.markUndone(1)
        #expect(transcript.undoable == 0)
        transcript.markStaying(0)
        #expect(transcript.undoable == nil)
    }
}
