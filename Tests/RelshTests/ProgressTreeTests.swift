import Builtins
import Lang
import Testing

@testable import relsh

@Suite struct ProgressTreeTests {
    private func shown(_ tree: ProgressTree, height: Int = 24, at seconds: Int = 0) -> [String] {
        tree.lines(height: height, now: .seconds(seconds)).map(\.plain)
    }

    @Test func runningStepsShowTheirCommandsLastLine() {
        var tree = ProgressTree()
        _ = tree.apply(.stepStarted(1, parent: nil, title: "Build"), at: .seconds(0))
        _ = tree.apply(.stepStarted(2, parent: 1, title: "Image"), at: .seconds(1))
        _ = tree.apply(.commandStarted(1, step: 2, line: "docker build ."), at: .seconds(1))
        #expect(shown(tree, at: 3) == ["⠋ Build  3.0 s", "  ⠋ Image  2.0 s", "    $ docker build ."])
        _ = tree.apply(.commandOutput(1, step: 2, line: "\u{1B}[1mpulling\u{1B}[0m 1%\rpulling 50%\n"), at: .seconds(2))
        #expect(shown(tree, at: 3).last == "    │ pulling 50%")
        _ = tree.apply(
            .commandFinished(1, step: 2, line: "", exitCode: 0, output: "", elapsed: .seconds(1)), at: .seconds(3))
        #expect(shown(tree, at: 3).count == 2)
    }

    @Test func finishedStepsStayUntilTheOutermostEnds() {
        var tree = ProgressTree()
        _ = tree.apply(.stepStarted(1, parent: nil, title: "Tests"), at: .zero)
        _ = tree.apply(.stepStarted(2, parent: 1, title: "fast"), at: .zero)
        _ = tree.apply(.stepStarted(3, parent: 1, title: "slow"), at: .zero)
        #expect(tree.apply(.stepFinished(2, .failed("no"), elapsed: .milliseconds(2150)), at: .seconds(3)).isEmpty)
        #expect(shown(tree, at: 3) == ["⠋ Tests  3.0 s", "  ✗ fast  2.1 s", "  ⠋ slow  3.0 s"])
        _ = tree.apply(.stepFinished(3, .cancelled, elapsed: .seconds(70)), at: .seconds(4))
        let final = tree.apply(.stepFinished(1, .failed("no"), elapsed: .seconds(12)), at: .seconds(4))
        #expect(final.map(\.plain) == ["✗ Tests  12 s", "  ✗ fast  2.1 s", "  ⊘ slow  1m 10s"])
        #expect(tree.isIdle && shown(tree).isEmpty)
    }

    @Test func whatDoesNotFitIsFoldedThenCut() {
        var tree = ProgressTree()
        _ = tree.apply(.stepStarted(0, parent: nil, title: "All"), at: .zero)
        for id in 1...20 {
            _ = tree.apply(.stepStarted(id, parent: 0, title: "step \(id)"), at: .zero)
            if id <= 15 { _ = tree.apply(.stepFinished(id, .succeeded, elapsed: .zero), at: .zero) }
        }
        #expect(shown(tree, height: 30).count == 21)
        let folded = shown(tree, height: 10)
        #expect(folded.count == 7)
        #expect(folded.last == "  ✓ 15 finished")
        let cut = shown(tree, height: 5)
        #expect(cut.count == 4)
        #expect(cut.last == "… 4 more")
    }

    @Test func notesAndPlansStandWithTheirStep() {
        var tree = ProgressTree()
        let outside = tree.apply(.planned(step: nil, line: "docker push x"), at: .zero)
        #expect(outside.map(\.plain) == ["would run: docker push x"])
        _ = tree.apply(.stepStarted(1, parent: nil, title: "Push"), at: .zero)
        #expect(tree.apply(.planned(step: 1, line: "docker push x"), at: .zero).isEmpty)
        _ = tree.apply(.note(step: 1, text: "second attempt"), at: .zero)
        #expect(shown(tree) == ["⠋ Push  0.0 s", "  would run: docker push x", "  · second attempt"])
    }

    @Test func aRunThatEndsLeavesNothingOpen() {
        var tree = ProgressTree()
        _ = tree.apply(.stepStarted(1, parent: nil, title: "Push"), at: .zero)
        _ = tree.apply(.commandStarted(1, step: nil, line: "x"), at: .zero)
        #expect(tree.close(at: .seconds(2)).map(\.plain) == ["⊘ Push  2.0 s"])
        #expect(tree.isIdle)
    }

    @Test func bytesUnderWayHaveABarForEachPlace() {
        var tree = ProgressTree()
        _ = tree.apply(.stepStarted(1, parent: nil, title: "Mirror"), at: .zero)
        _ = tree.apply(.transferStarted(7, step: 1, place: "ghcr.io/team/app:dev", total: 500_000_000), at: .zero)
        _ = tree.apply(.transferStarted(8, step: 1, place: "127.0.0.1:5001/a:b", total: 2000), at: .zero)
        _ = tree.apply(.transferred(7, step: 1, bytes: 100_000_000), at: .seconds(1))
        _ = tree.apply(.transferred(7, step: 1, bytes: 205_000_000), at: .seconds(2))
        _ = tree.apply(.transferred(8, step: 1, bytes: 2000), at: .milliseconds(10))
        #expect(
            shown(tree, at: 2).dropFirst() == [
                "  ghcr.io/team/app:dev  ━━━━━━━━────────────  41 %  205 MB of 500 MB  103 MB/s",
                "  127.0.0.1:5001/a:b  ━━━━━━━━━━━━━━━━━━━━ 100 %  2.0 kB of 2.0 kB  1.0 kB/s",
            ])
        // Some of it has to go again.
        _ = tree.apply(.transferred(7, step: 1, bytes: 5_000_000), at: .seconds(3))
        #expect(shown(tree, at: 3)[1].contains("━━") == false)
        _ = tree.apply(.transferFinished(7, step: 1), at: .seconds(4))
        #expect(shown(tree, at: 4).count == 2)
        _ = tree.apply(.transferFinished(8, step: 1), at: .seconds(4))
        #expect(tree.apply(.stepFinished(1, .succeeded, elapsed: .seconds(4)), at: .seconds(4)).count == 1)
        #expect(tree.isIdle)
    }

    @Test func bytesOutsideOfAnyStepKeepTheTreeAlive() {
        var tree = ProgressTree()
        _ = tree.apply(.transferStarted(7, step: nil, place: "a", total: 10), at: .zero)
        #expect(!tree.isIdle)
        #expect(shown(tree) == ["a  ────────────────────   0 %  0 B of 10 B"])
        _ = tree.close(at: .zero)
        #expect(tree.isIdle)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (9949, "9.9 kB"), (9960, "10 kB"), (999_499, "999 kB"),
        (999_500, "1.0 MB"), (205_000_000, "205 MB"), (1_300_000_000, "1.3 GB"), (-1, "0 B"),
        (7_000_000_000_000_000, "7000 TB"),
    ])
    func sizes(bytes: Int, text: String) { #expect(shownSize(bytes) == text) }

    @Test func depthIsBounded() {
        var tree = ProgressTree()
        for id in 0..<100_000 { _ = tree.apply(.stepStarted(id, parent: id - 1, title: "again"), at: .zero) }
        #expect(shown(tree, height: 200_000).allSatisfy { $0.count < 110 })
        #expect(tree.close(at: .zero).count == 100_000)
    }

    @Test func linesAreCutToTheWidth() {
        let line = StyledLine("日本語 text", .bold) + ("  2 s", .dim)
        #expect(line.rendered(width: 8, colour: false) == "日本語 …")
        #expect(line.rendered(width: nil, colour: false) == "日本語 text  2 s")
        #expect(StyledLine("a", .red).rendered(width: 5, colour: true) == "\u{1B}[31ma\u{1B}[0m")
    }

    @Test func controlCharactersDoNothing() {
        #expect(oneLine("a\u{1B}[2Jb\u{1B}]0;title\u{07}c\td\u{7}") == "abc d ")
        #expect(oneLine("first\r\nsecond\r\n") == "second")
    }
}
