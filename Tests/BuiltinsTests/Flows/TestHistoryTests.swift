import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// `tests.passed`: what the ledger knows of the suites of an image.
@Suite struct TestHistoryTests {
    private let processes = FakeProcesses()
    private let ledger = LedgerFixture()

    private var world: World {
        var world = projectWorld(processes)
        world.tests = LedgerTestHistory(ledger.reopened())
        return world
    }

    private func passed(_ suite: String, _ image: String) async throws -> Bool {
        try await builtin("tests.passed").call(.string(suite), ImageReference(parsing: image).value, in: world).literal
            == "true"
    }

    @Test func aSuiteHasPassedOnTheImageItRanOnWhateverItIsCalled() async throws {
        processes.answer("docker", "image", "inspect", with: .init(stdout: digest("a") + "\n"))
        processes.answer(
            "docker", "image", "inspect", "--format", "{{.Id}}", "app:other", with: .init(stdout: digest("b")))
        processes.answer("docker", "run", with: .init())
        processes.answer("pytest", with: .init(exitCode: 1, stdout: "1 failed\n"))
        #expect(try await !passed("fast", "app:local"))
        let run = try await ledger.run("tests.run(\"fast\", image: Image(\"app:local\"))", in: world)
        #expect(run.error == nil, "\(String(describing: run.error))")
        #expect(processes.lines.contains { $0.contains("docker run") && $0.contains(digest("a") + " pytest") })
        #expect(try await passed("fast", "app:local"))
        #expect(try await passed("fast", "app:dev"))
        #expect(try await !passed("fast", "app:other"))
        // A suite that failed has not passed.
        #expect(try await ledger.run("tests.run(\"qa\", image: Image(\"app:local\"))", in: world).error != nil)
        #expect(try await !passed("qa", "app:local"))
    }

    @Test func aSuiteThatTheProjectDoesNotHaveIsAMistake() async throws {
        #expect(await failure { try await passed("fats", "app:local") }?.id == "unknown-suite")
    }

    @Test func thePrefixOfIssuesFollowsFromTheName() throws {
        #expect(ProjectFile.issuePrefix("team/hello-service") == "HelloServiceTask")
        #expect(ProjectFile.issuePrefix("cmamp") == "CmampTask")
        let project = try project(projectText + "\n[git]\nmain_branch = \"main\"\nissue_prefix = \"CmTask\"\n")
        #expect(project.mainBranch == "main" && project.issuePrefix == "CmTask")
    }
}
