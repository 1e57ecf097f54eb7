import Builtins
import Foundation
import Lang
import Testing

@testable import relsh

/// `relsh explain`, from the command line to the text; the standard recipes on the sample project.
@Suite struct ExplainCommandTests {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let sample = repository.appendingPathComponent("examples/hello-service").path
    private static let expected = repository.appendingPathComponent("Tests/Explained")

    // MARK: The command line

    private func parse(_ words: String...) throws -> Invocation {
        try Invocation.parse(words, exists: { $0 == "plan" })
    }

    @Test func whatIsExplainedIsReadAsIfItWereRun() throws {
        let recipe = try parse("explain", "--json", "docker_pull", "--stage", "dev")
        #expect(recipe.action == .explain(.recipe("docker_pull")))
        #expect(recipe.arguments == ["--stage", "dev"] && recipe.own.wantsJSON)
        #expect(try parse("explain", "a.rel", "--json", "go").action == .explain(.file("a.rel", recipe: "go")))
        #expect(try parse("explain", "plan").action == .explain(.file("plan", recipe: nil)))
        #expect(try parse("explain", "--help").action == .commandHelp(.explain))
        #expect(try parse("a.rel", "explain").action == .run(.file("a.rel", recipe: "explain")))
    }

    @Test func mistakesAreUsageErrors() {
        #expect(usageMessage { _ = try parse("explain") }?.id == "nothing-to-explain")
        #expect(
            usageMessage { _ = try parse("explain", "--jsn", "x") }?.help
                == "did you mean --json? `relsh explain --help` shows those it has")
    }

    @Test func jsonMayFollowTheRecipe() throws {
        let recipe = recipes("recipe go(stage: Str, tag: Str) {}")[0]
        let scanned = try RecipeOptions.scan(
            ["--json", "--stage", "dev"], recipe: recipe, places: [.anywhere, .redeclarable, .explain])
        #expect(scanned.own.wantsJSON)
        // What is not given stays open.
        let values = try scanned.values(registries: { _ in nil }, requiresAll: false)
        #expect(values.keys.sorted() == ["stage"])
        #expect(usageMessage { _ = try RecipeOptions.scan(["--json"], recipe: recipe) }?.id == "unknown-option")
    }

    // MARK: The standard recipes

    /// `RELSH_RECORD=1` rewrites what is expected, and still fails.
    @Test(arguments: [
        ("docker_release_all", []), ("docker_release_all", ["--version", "1.2.0", "--skip-tests"]),
        ("docker_release_dev_image", ["--version", "1.2.0", "--no-push-to-repo", "--fast-tests"]),
        ("docker_push_prod_image", ["--version", "1.2.1", "--target-registries", "ghcr"]),
        ("docker_bash", []), ("run_qa_tests", ["--stage", "prod"]),
    ])
    func aStandardRecipeIsExplained(recipe: String, options: [String]) async throws {
        let text = try await explain(recipe, options)
        let name = ([recipe] + options.map { $0.filter { $0 != "-" } }).joined(separator: "-")
        let file = Self.expected.appendingPathComponent(name + ".txt")
        let kept = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        if text != kept, ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" {
            try FileManager.default.createDirectory(at: Self.expected, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == kept, "Tests/Explained/\(name).txt is not what is shown: `make record` rewrites it")
    }

    private func explain(_ name: String, _ options: [String]) async throws -> String {
        let finder = RecipeFinder(workingDirectory: Self.sample)
        let entry = try finder.find(name)
        let source = try finder.source(of: entry)
        let loading = ProgramLoading(catalog: StandardCatalog.catalog, colour: false)
        let program = loading.check(source).program
        let recipe = try #require(program.entry?.recipes.first { $0.name == name })
        let scanned = try RecipeOptions.scan(options, recipe: recipe)
        let project = LiveProject(
            files: LiveFiles(workingDirectory: Self.sample), workingDirectory: Self.sample, environment: [:])
        let registries = ProjectRegistries.known(try await project.load().registries)
        let report = await Explainer.explain(
            program, recipe: recipe,
            given: { (try? scanned.values(registries: registries.named, requiresAll: false)) ?? [:] },
            catalog: StandardCatalog.catalog, world: .closed(project: project, environment: ["USER": "me"]))
        let text = ExplainText(report: report, colour: false).text(title: name, place: entry.place)
        // Lines of the recipes change with every comment in them.
        return text.replacing(Self.sample, with: "PROJECT").replacing(/(std\/[\w\/]+\.rel):\d+/) { $0.1 }
    }

    // MARK: The page

    private static let page = repository.appendingPathComponent("docs/explain.md")

    /// The example of docs/explain.md shows what the page says. `RELSH_RECORD=1` rewrites it, and still fails.
    @Test func theExampleOfThePageIsTrue() async throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let program = try #require(text.firstMatch(of: /```rel\n((?:[^`]|`[^`])*?)```\n/)).1
        let shown = try #require(text.firstMatch(of: /```text\n((?:[^`]|`[^`])*?)```\n/))
        let source = SourceFile(name: "promote.rel", text: String(program))
        let resolved = ProgramLoading(catalog: StandardCatalog.catalog, colour: false).check(source).program
        let recipe = try #require(resolved.entry?.recipes.first)
        let scanned = try RecipeOptions.scan(["--version", "1.2.0"], recipe: recipe)
        let report = await Explainer.explain(
            resolved, recipe: recipe, given: { (try? scanned.values(registries: { _ in nil })) ?? [:] },
            catalog: StandardCatalog.catalog, world: .closed(project: AbsentProject(), environment: [:]))
        let now = ExplainText(report: report, colour: false).text(title: "promote", place: "promote.rel:2")
        if now != shown.1, ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" {
            try text.replacing(shown.0, with: "```text\n\(now)```\n").write(
                to: Self.page, atomically: true, encoding: .utf8)
        }
        #expect(now == shown.1, "docs/explain.md is not true any more: `make record` rewrites it")
    }

    private struct AbsentProject: ProjectSource {
        func load() async throws -> Project { throw RuntimeError(.world, .noProject(from: "/")) }
    }

    // MARK: The text

    @Test func nothingToChangeIsSaid() {
        #expect(
            ExplainText(report: ChangeReport(), colour: false).text(title: "go", place: "a.rel:1")
                == "go (a.rel:1) changes nothing.\n")
    }

    @Test func coloursAreAChoice() {
        let text = ExplainText(report: ChangeReport(), colour: true).text(title: "go", place: nil)
        #expect(text == "\u{1B}[1mgo changes nothing.\u{1B}[0m\n")
    }
}
