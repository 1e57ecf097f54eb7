import Builtins
import Lang
import Synchronization
import Testing

@testable import relsh

/// What was written.
private final class Sink: Sendable {
    private let text = Mutex("")
    func add(_ more: String) { text.withLock { $0 += more } }
    var written: String { text.withLock { $0 } }
}

@Suite struct PlainProgressTests {
    private let sink = Sink()

    private func progress(_ options: ProgressOptions = ProgressOptions()) -> PlainProgress {
        PlainProgress(options, console: TerminalConsole(assumesYes: false), write: { [sink] in sink.add($0) })
    }

    @Test func aTransferThatTakesLongIsToldOfNowAndThen() {
        let seconds = Mutex(0)
        let progress = PlainProgress(
            ProgressOptions(), console: TerminalConsole(assumesYes: false), write: { [sink] in sink.add($0) },
            now: { .seconds(seconds.withLock { $0 }) })
        progress.handle(.stepStarted(1, parent: nil, title: "Mirror"))
        progress.handle(.transferStarted(7, step: 1, place: "ghcr.io/a:b", total: 500_000_000))
        for second in 1...25 {
            seconds.withLock { $0 = second }
            progress.handle(.transferred(7, step: 1, bytes: second * 10_000_000))
        }
        progress.handle(.transferFinished(7, step: 1))
        progress.handle(.transferred(7, step: 1, bytes: 1))
        #expect(
            sink.written == """
                ==> Mirror
                  · ghcr.io/a:b: 100 MB of 500 MB (20 %), 10 MB/s
                  · ghcr.io/a:b: 200 MB of 500 MB (40 %), 10 MB/s

                """)
    }

    @Test func aTransferThatIsSoonOverIsNot() {
        let progress = progress()
        progress.handle(.transferStarted(7, step: nil, place: "ghcr.io/a:b", total: 500))
        progress.handle(.transferred(7, step: nil, bytes: 500))
        progress.handle(.transferFinished(7, step: nil))
        #expect(sink.written.isEmpty)
    }

    private func command(_ progress: PlainProgress, step: Int?, exitCode: Int, output: String) {
        progress.handle(.commandStarted(7, step: step, line: "make x"))
        progress.handle(.commandOutput(7, step: step, line: output))
        progress.handle(
            .commandFinished(7, step: step, line: "make x", exitCode: exitCode, output: output, elapsed: .zero))
    }

    @Test func aStepIsALineWhenItBeginsAndOneWhenItEnds() {
        let progress = progress()
        progress.handle(.stepStarted(1, parent: nil, title: "Build the local image"))
        command(progress, step: 1, exitCode: 0, output: "hidden")
        progress.handle(.stepFinished(1, .succeeded, elapsed: .milliseconds(2100)))
        #expect(sink.written == "==> Build the local image\n  $ make x\nok  Build the local image (2.1 s)\n")
    }

    @Test func outputOfAFailedCommandIsShownWholeAndOnce() {
        let progress = progress()
        progress.handle(.stepStarted(1, parent: nil, title: "Outer"))
        progress.handle(.stepStarted(2, parent: 1, title: "Inner"))
        command(progress, step: 2, exitCode: 3, output: "one\ntwo\n")
        progress.handle(.stepFinished(2, .failed("x"), elapsed: .zero))
        progress.handle(.stepFinished(1, .failed("x"), elapsed: .zero))
        #expect(
            sink.written == """
                ==> Outer
                  ==> Inner
                    $ make x
                $ make x
                one
                two
                exit code 3
                  failed  Inner (0.0 s)
                failed  Outer (0.0 s)

                """)
        var error = RuntimeError(.command, Message("make failed", id: "x"))
        error.command = .init(line: "make x", exitCode: 3, output: "two")
        #expect(progress.finish(error))
    }

    @Test func aFailureThatPrintedNothingIsLeftToTheError() {
        let progress = progress()
        progress.handle(.stepStarted(1, parent: nil, title: "Test"))
        command(progress, step: 1, exitCode: 7, output: "")
        progress.handle(.stepFinished(1, .failed("x"), elapsed: .zero))
        #expect(sink.written == "==> Test\n  $ make x\nfailed  Test (0.0 s)\n")
    }

    @Test func aForgivenFailureIsNotShown() {
        let progress = progress()
        progress.handle(.stepStarted(1, parent: nil, title: "Probe"))
        command(progress, step: 1, exitCode: 1, output: "no such image")
        progress.handle(.stepFinished(1, .succeeded, elapsed: .zero))
        #expect(!sink.written.contains("no such image"))
    }

    @Test func aCommandOutsideOfStepsIsShownAtTheEnd() {
        let progress = progress()
        command(progress, step: nil, exitCode: 1, output: "broken")
        var error = RuntimeError(.command, Message("make failed", id: "x"))
        error.command = .init(line: "make x", exitCode: 1, output: "")
        #expect(progress.finish(error))
        #expect(sink.written == "$ make x\n$ make x\nbroken\nexit code 1\n")
    }

    @Test func aProgramThatDidNotStartHasNoOutputToShow() {
        let progress = progress()
        progress.handle(.stepStarted(1, parent: nil, title: "A"))
        command(progress, step: 1, exitCode: -1, output: "")
        progress.handle(.stepFinished(1, .failed("x"), elapsed: .zero))
        #expect(sink.written == "==> A\n  $ make x\nfailed  A (0.0 s)\n")
    }

    @Test func whileSomebodyHasTheTerminalNothingIsDrawn() async {
        let sink = sink
        let live = LiveProgress(
            ProgressOptions(), console: TerminalConsole(assumesYes: false), write: { sink.add($0) },
            size: { Terminal.Size(width: 40, height: 10) })
        await live.withTerminal {
            live.handle(.note(step: nil, text: "later"))
            #expect(sink.written.isEmpty)
        }
        #expect(sink.written == "· later\n")
    }

    @Test func aNoteOfSeveralLinesIsShownWholeInOne() {
        let progress = progress()
        progress.handle(.note(step: nil, text: "cannot publish:\n  a: refused; again in 1s"))
        #expect(sink.written == "· cannot publish:   a: refused; again in 1s\n")
    }

    @Test func quietShowsOnlyFailures() {
        let progress = progress(ProgressOptions(isQuiet: true))
        progress.handle(.stepStarted(1, parent: nil, title: "A"))
        progress.handle(.note(step: 1, text: "note"))
        command(progress, step: 1, exitCode: 1, output: "bad")
        progress.handle(.stepFinished(1, .failed("x"), elapsed: .zero))
        #expect(sink.written == "$ make x\nbad\nexit code 1\nfailed  A (0.0 s)\n")
    }

    @Test func quietShowsWhatAnUndoHasLeft() {
        let progress = progress(ProgressOptions(isQuiet: true))
        progress.handle(.stepStarted(1, parent: nil, title: "A"))
        progress.handle(.remains(step: 1, text: "undo failed: a.txt was changed by somebody else since"))
        #expect(sink.written == "  · undo failed: a.txt was changed by somebody else since\n")
    }

    @Test func quietShowsWhatACommandPrintedOnlyIfItFailed() {
        let progress = progress(ProgressOptions(isQuiet: true))
        for exitCode in [0, 2] {
            progress.handle(.stepStarted(1, parent: nil, title: "A"))
            progress.handle(.liveOutput(step: 1, command: "make x", line: "made \(exitCode)"))
            command(progress, step: 1, exitCode: exitCode, output: "made \(exitCode)")
            progress.handle(.stepFinished(1, exitCode == 0 ? .succeeded : .failed("x"), elapsed: .zero))
        }
        #expect(sink.written == "$ make x\nmade 2\nexit code 2\nfailed  A (0.0 s)\n")
    }

    @Test func verboseShowsOutputAsItComes() {
        let progress = progress(ProgressOptions(isVerbose: true))
        command(progress, step: nil, exitCode: 1, output: "line")
        #expect(sink.written == "$ make x\nline\n")
    }

    @Test func aDryRunSaysWhatWouldBeRun() {
        let progress = progress()
        progress.handle(.stepStarted(1, parent: nil, title: "Push"))
        progress.handle(.planned(step: 1, line: "docker push x"))
        #expect(sink.written == "==> Push\n  would run: docker push x\n")
    }

    @Test func theLiveTreeIsErasedByTheRowsItTakes() {
        let sink = sink
        let live = LiveProgress(
            ProgressOptions(), console: TerminalConsole(assumesYes: false), write: { sink.add($0) },
            size: { Terminal.Size(width: 40, height: 10) })
        live.handle(.stepStarted(1, parent: nil, title: "Push"))
        live.handle(.stepFinished(1, .succeeded, elapsed: .zero))
        #expect(!live.finish(nil))
        #expect(sink.written == "⠋ Push  0.0 s\n\r\u{1B}[1A\u{1B}[J✓ Push  0.0 s\n")
    }

    @Test func whatIsVeryLongIsCut() {
        let long = String(repeating: "ż", count: 1_000_000)
        let start = String(repeating: "ż", count: 2000) + "… (2000000 bytes in all)"
        #expect(cut(long) == start)
        #expect(cut(String(repeating: "ż", count: 2000)).unicodeScalars.count == 2000)
        #expect(oneLine("a\r" + long) == start)
        let progress = progress()
        progress.handle(.stepStarted(1, parent: nil, title: long))
        progress.handle(.commandStarted(1, step: 1, line: long))
        progress.handle(.planned(step: 1, line: long))
        progress.handle(.commandFinished(1, step: 1, line: long, exitCode: 1, output: "", elapsed: .zero))
        progress.handle(.stepFinished(1, .failed(long), elapsed: .zero))
        var error = RuntimeError(.command, Message(long, help: long, id: "x"))
        error.command = .init(line: long, exitCode: 1, output: "")
        #expect((sink.written + ErrorPrinter(colour: false).text(error)).utf8.count < 40_000)
    }

    @Test func anErrorNamesCallsAndCommand() {
        let file = SourceFile(name: "a.rel", text: "recurse()\n")
        let location = SourceLocation(file: file, range: SourceRange(0, 7))
        var error = RuntimeError(.limit, Message("too deep", help: "end the recursion", id: "tooDeep"))
        error.frames = Array(repeating: .init(function: "f", location: location), count: 50)
        error.command = .init(line: "make x", exitCode: 2, output: "out")
        #expect(
            ErrorPrinter(colour: false).text(error) == """
                error: too deep [too-deep]
                  help: end the recursion
                  in f at a.rel:1:1 (50 times)
                  command: make x (exit code 2)
                out

                """)
    }
}
