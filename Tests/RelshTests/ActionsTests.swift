import Builtins
import Lang
import Synchronization
import Testing

@testable import relsh

/// What GitHub Actions is given: folds in the log, and a summary of the job.
@Suite struct ActionsTests {
    private func log(_ events: RunEvent..., quiet: Bool = false) -> String {
        let written = Mutex("")
        var options = ProgressOptions()
        options.groupsSteps = true
        options.isQuiet = quiet
        let progress = PlainProgress(options, console: TerminalConsole(assumesYes: false)) { text in
            written.withLock { $0 += text }
        }
        for event in events { progress.handle(event) }
        return written.withLock { $0 }
    }

    private static let second = Duration.seconds(1)

    @Test func eachOfTheTwoOuterLevelsIsFolded() {
        let text = log(
            .stepStarted(1, parent: nil, title: "Release"), .stepStarted(2, parent: 1, title: "Build"),
            .stepStarted(3, parent: 2, title: "Inner"), .commandStarted(9, step: 3, line: "docker build"),
            .stepFinished(3, .succeeded, elapsed: Self.second), .stepFinished(2, .succeeded, elapsed: Self.second),
            .note(step: 1, text: "half way"), .stepStarted(4, parent: 1, title: "Publish"),
            .stepFinished(4, .succeeded, elapsed: Self.second), .stepFinished(1, .succeeded, elapsed: Self.second))
        #expect(
            text == """
                ::group::Release
                ::endgroup::
                ::group::Build
                    ==> Inner
                      $ docker build
                    ok  Inner (1.0 s)
                ::endgroup::
                  ok  Build (1.0 s)
                  · half way
                ::group::Publish
                ::endgroup::
                  ok  Publish (1.0 s)
                ok  Release (1.0 s)

                """)
    }

    @Test func branchesThatRunAtOnceShareAFold() {
        let text = log(
            .stepStarted(1, parent: nil, title: "Fast"), .stepStarted(2, parent: nil, title: "Slow"),
            .stepFinished(1, .succeeded, elapsed: Self.second), .stepFinished(2, .succeeded, elapsed: Self.second))
        #expect(text == "::group::Fast\n==> Slow\nok  Fast (1.0 s)\n::endgroup::\nok  Slow (1.0 s)\n")
    }

    @Test func whatFailedIsNotFoldedAway() {
        let text = log(
            .stepStarted(1, parent: nil, title: "Fast"), .stepStarted(2, parent: nil, title: "Slow"),
            .commandStarted(9, step: 1, line: "pytest"),
            .commandFinished(9, step: 1, line: "pytest", exitCode: 1, output: "1 failed", elapsed: .zero),
            .stepFinished(1, .failed("no"), elapsed: Self.second), .stepFinished(2, .cancelled, elapsed: Self.second))
        let lines = text.split(separator: "\n").map(String.init)
        let end = lines.firstIndex(of: "::endgroup::") ?? .max
        #expect(end < lines.firstIndex { $0.contains("1 failed") } ?? -1, "\(text)")
        #expect(lines.filter { $0 == "::endgroup::" }.count == 1)
    }

    @Test func aQuietRunHasNoFolds() {
        #expect(
            log(.stepStarted(1, parent: nil, title: "A"), .stepFinished(1, .succeeded, elapsed: .zero), quiet: true)
                == "")
    }

    // MARK: The summary

    @Test func theSummaryHasEachStepAndWhatWasNoted() {
        let page = JobSummary(words: ["docker_release_all", "--version", "1.2.0"])
        page.handle(.stepStarted(1, parent: nil, title: "Release a_b|c"))
        page.handle(.stepStarted(2, parent: 1, title: "Build"))
        page.handle(.note(step: 2, text: "ghcr dev: <nothing> → 1"))
        page.handle(.stepFinished(2, .succeeded, elapsed: Self.second))
        page.handle(.stepFinished(1, .failed("no"), elapsed: Self.second))
        let error = RuntimeError(.command, Message("the fast tests failed", help: "look above", id: "testsFailed"))
        #expect(
            page.markdown(error) == """
                ## ❌ `relsh docker_release_all --version 1.2.0`

                > **the fast tests failed**
                >
                > look above

                | step | | time |
                |---|---|---:|
                | Release a\\_b\\|c | ❌ failed | 1.0 s |
                | &emsp;Build | ✅ | 1.0 s |

                - ghcr dev: &lt;nothing> → 1


                """)
        #expect(page.markdown(nil).hasPrefix("## ✅ "))
    }
}
