import Builtins
import Foundation
import Lang
import Testing

@testable import relsh

/// docs/migrating.md names every recipe that ships, calls none that does not, and gives none an option it does not have.
@Suite struct MigrationPageTests {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let page = try? String(
        contentsOf: repository.appendingPathComponent("docs/migrating.md"), encoding: .utf8)

    private var page: String { Self.page ?? "" }

    /// The recipes that ship, by name.
    private func recipes() throws -> [String: RecipeInfo] {
        let finder = RecipeFinder(workingDirectory: "/")
        let loading = ProgramLoading(catalog: StandardCatalog.catalog, colour: false)
        var recipes: [String: RecipeInfo] = [:]
        for entry in finder.all().0 {
            let program = loading.check(try finder.source(of: entry)).program
            recipes[entry.name] = program.entry?.recipes.first { $0.name == entry.name }
        }
        return recipes
    }

    /// Each `relsh NAME …` that stands in backquotes, as its words.
    private var calls: [[String]] {
        page.matches(of: /`relsh ([a-z_]+_[a-z_]+|announce)([^`]*)`/).map { match in
            [String(match.1)] + match.2.split(separator: " ").map(String.init)
        }
    }

    @Test func everyRecipeIsNamedAndNoneThatIsNotThere() throws {
        let names = Set(try recipes().keys)
        #expect(names.count > 50, "\(names.count)")
        let called = Set(calls.map { $0[0] })
        #expect(names.subtracting(called).sorted() == [])
        #expect(called.subtracting(names).sorted() == [])
    }

    @Test func everyOptionIsOne() throws {
        let recipes = try recipes()
        for call in calls {
            guard let recipe = recipes[call[0]] else { continue }
            let options = RecipeOption.all(of: recipe)
            let known = Set(options.map(\.name) + ["dry-run", "help"])
            for word in call where word.hasPrefix("--") {
                #expect(known.contains(String(word.dropFirst(2))), "\(call[0]) \(word)")
            }
        }
    }

    @Test func theSettingsItShowsAreRight() throws {
        let block = try #require(page.firstMatch(of: /```toml\n((?s:.*?))```/)).1
        let text = "name = \"cmamp\"\n" + block
        let project = try ProjectFile.load(
            root: "/work", bytes: Array(text.utf8), environment: [:], options: [])
        #expect(project.issuePrefix == "CmTask" && project.notifications.keys == ["team"])
        #expect(project.checklists.postRelease.count == 1 && project.dags == "datapull/airflow/dags")
    }
}
