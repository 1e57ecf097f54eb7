import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// The gh command as it is called.
@Suite struct GitHubTests {
    private let processes = FakeProcesses()
    private var world: World { .fake(processes: processes) }
    private static let url = "https://github.com/team/app/pull/7"

    private func creation() throws -> PreparedEffect {
        try builtin("github.create_pull_request").prepared(
            "Release 1.3.0", "release", "master", "all of it", ["ada", "team/dev"], ["me"], ["Automated release"])
    }

    private static let line =
        "gh pr create --title 'Release 1.3.0' --body 'all of it' --head release --base master --reviewer ada "
        + "--reviewer team/dev --assignee me --label 'Automated release'"

    @Test func aPullRequestIsOpenedAndClosedToTakeItBack() async throws {
        processes.answer(
            ["gh", "pr", "list"],
            [.init(stdout: "[]"), .init(stdout: "[]"), .init(stdout: "[{\"url\": \"\(Self.url)\"}]")])
        processes.answer("gh", "pr", "create", with: .init(stdout: "Creating pull request\n\(Self.url)\n"))
        processes.answer("gh", "pr", "close", with: .init())
        let prepared = try creation()
        #expect(try await prepared.commands(world) == [Self.line])
        let (outcome, made) = try await prepared.perform(before: try await prepared.inverses?(world) ?? [], world)
        #expect(outcome().asString == Self.url)
        #expect(processes.lines.last == "GH_PROMPT_DISABLED=1 \(Self.line)")
        let inverse = try #require(made.first)
        #expect(inverse.commands == ["gh pr close \(Self.url)"])
        #expect(try await inverse.perform(in: world) == .takenBack)
        #expect(processes.lines.last == "GH_PROMPT_DISABLED=1 gh pr close \(Self.url)")
    }

    @Test func anOpenOneIsTakenAsItIs() async throws {
        processes.answer("gh", "pr", "list", with: .init(stdout: "[{\"url\": \"\(Self.url)\"}]"))
        let prepared = try creation()
        let (outcome, made) = try await prepared.perform(before: try await prepared.inverses?(world) ?? [], world)
        #expect(outcome().asString == Self.url)
        #expect(made.allSatisfy { $0.changesNothing })
        #expect(!processes.lines.joined().contains("pr create"))
    }

    @Test func anIssueTellsItsTitle() async throws {
        processes.answer(
            "gh", "issue", "view", "12", with: .init(stdout: "{\"number\": 12, \"title\": \"Add foobar\"}"))
        let issue = try await builtin("github.issue").call(12, in: world)
        #expect(issue.literal == "{number: 12, title: \"Add foobar\"}")
    }

    @Test func whoIsNotLoggedInIsToldHow() async throws {
        processes.answer(
            "gh", with: .init(exitCode: 4, stderr: "To get started with GitHub CLI, please run:  gh auth login\n"))
        let error = await failure { try await builtin("github.issue").call(1, in: world) }
        #expect(error?.id == "github-failed" && error?.help?.contains("gh auth login") == true)
    }
}
