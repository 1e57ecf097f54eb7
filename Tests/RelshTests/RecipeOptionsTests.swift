import Lang
import Testing

@testable import relsh

@Suite struct RecipeOptionsTests {
    private static let release = recipes(
        """
        recipe release(
            version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
            cache: Bool = true,
            skip_tests = false,
            target_registries: [Registry] = [],
            multi_arch: Bool | [Str] = false,
            mode: "update" | "no_update" = "update",
            count: Int = 1,
        ) {}
        """)[0]

    private static let registry = Registry(
        name: "ghcr", base: "ghcr.io/x", stages: [], username: nil, passwordEnvironment: nil, login: "none")

    private func read(_ words: String..., of recipe: RecipeInfo = release) throws -> [String: String] {
        let result = try RecipeOptions.read(words, recipe: recipe) { $0 == "ghcr" ? Self.registry : nil }
        return result.values.mapValues(\.literal)
    }

    private func problem(_ words: String..., of recipe: RecipeInfo = release) -> Message? {
        usageMessage { _ = try RecipeOptions.read(words, recipe: recipe) { _ in nil } }
    }

    @Test func valuesFollowAnOptionOrAnEqualsSign() throws {
        #expect(try read("--version", "1.2.0") == ["version": "1.2.0"])
        #expect(try read("--version=1.2.0") == ["version": "1.2.0"])
        #expect(try read("--version=FROM_CHANGELOG") == ["version": "\"FROM_CHANGELOG\""])
        #expect(try read("--count", "-1") == ["count": "-1"])
    }

    @Test(arguments: [
        (["--version", "1.2.0", "--plan", "p.json"], ["--version", "1.2.0"]),
        (["-n", "--no-cache", "--plan=p.json", "--count=2"], ["--no-cache", "--count=2"]),
        (["-yc", "--mode", "update", "--set", "a=b"], ["-c", "--mode", "update"]),
        (["-cy", "--multi-arch"], ["-c", "--multi-arch"]), ([], []),
    ]) func theRecipesOwnWordsAreToldApart(words: [String], own: [String]) throws {
        #expect(try RecipeOptions.scan(words, recipe: Self.release).recipeWords == own)
    }

    @Test func dashesAndUnderscoresAreTheSame() throws {
        #expect(try read("--skip-tests") == ["skip_tests": "true"])
        #expect(try read("--skip_tests") == ["skip_tests": "true"])
        #expect(try read("--no-skip_tests") == ["skip_tests": "false"])
    }

    @Test func boolsAreFlags() throws {
        #expect(try read("--no-cache") == ["cache": "false"])
        #expect(try read("--cache") == ["cache": "true"])
        #expect(try read("--cache=false") == ["cache": "false"])
        #expect(problem("--cache=maybe")?.text == "--cache must be true or false, but is \"maybe\"")
        #expect(problem("--cache", "false")?.help == "for a Bool write --cache or --no-cache")
        #expect(problem("--cache", "--no-cache")?.id == "contradicting-flag")
        #expect(problem("--no-cache=true")?.id == "unexpected-option-value")
    }

    @Test func aBoolThatMayBeMoreTakesAnOptionalValue() throws {
        #expect(try read("--multi-arch") == ["multi_arch": "true"])
        #expect(try read("--multi-arch", "a,b") == ["multi_arch": "[\"a\", \"b\"]"])
        #expect(try read("--multi-arch", "--no-cache") == ["multi_arch": "true", "cache": "false"])
        #expect(try read("--no-multi-arch") == ["multi_arch": "false"])
        #expect(try read("--multi-arch", "a", "--multi-arch", "b") == ["multi_arch": "[\"a\", \"b\"]"])
    }

    @Test func listsSplitAtCommasAndRepeat() throws {
        let recipe = recipes("recipe r(tags: [Str], sizes: [Int] = []) {}")[0]
        #expect(try read("--tags", "a, b", "--tags=c", of: recipe) == ["tags": "[\"a\", \"b\", \"c\"]"])
        #expect(try read("--tags=", of: recipe) == ["tags": "[]"])
        #expect(problem("--tags", "a,,b", of: recipe)?.id == "empty-list-item")
        #expect(problem("--tags=a", "--sizes", "1,x", of: recipe)?.text == "--sizes must be [Int], but is \"x\"")
    }

    @Test func registriesAreThoseOfTheProject() throws {
        #expect(try read("--target-registries", "ghcr") == ["target_registries": "[Registry(\"ghcr\")]"])
        #expect(problem("--target-registries", "ecr")?.id == "wrong-option-value")
    }

    @Test func aBrokenProjectIsToldInsteadOfAnUnknownRegistry() {
        let message = usageMessage {
            _ = try RecipeOptions.read(["--target-registries=x"], recipe: Self.release) { _ in
                throw RuntimeError(.world, Message("relsh.toml is wrong", id: "bad"))
            }
        }
        #expect(message?.text == "relsh.toml is wrong")
    }

    @Test func anUnknownRegistryIsToldWithThoseThatThereAre() {
        let projects = ProjectRegistries.known([Self.registry])
        let message = usageMessage {
            _ = try RecipeOptions.read(
                ["--target-registries", "ghcr,ghrc"], recipe: Self.release, registries: projects.named)
        }
        #expect(message?.text == "the project has ghcr, and no registry \"ghrc\"")
        #expect(message?.help == "did you mean ghcr?")
        let broken = ProjectRegistries.unreadable(RuntimeError(.world, Message("relsh.toml is wrong", id: "bad")))
        #expect(throws: UsageError.self) { try broken.named("ecr") }
    }

    @Test func shortOptionsAreTheFirstFreeLetters() throws {
        let shorts = RecipeOption.all(of: Self.release).map(\.short)
        #expect(shorts == ["v", "c", "s", "t", "m", "o", "u"])
        #expect(try read("-v", "1.0.0", "-cs") == ["version": "1.0.0", "cache": "true", "skip_tests": "true"])
        #expect(try read("-v1.0.0") == ["version": "1.0.0"])
        #expect(try read("-v=1.0.0") == ["version": "1.0.0"])
    }

    @Test func lettersOfRelshAreNeverGivenOut() {
        let recipe = recipes("recipe r(name: Str = '', hy: Str = '') {}")[0]
        #expect(RecipeOption.all(of: recipe).map(\.short) == ["a", nil])
    }

    @Test func ownOptionsMayFollowTheRecipe() throws {
        let result = try RecipeOptions.read(["--version", "1.0.0", "-n", "--yes"], recipe: Self.release) { _ in nil }
        #expect(result.own.isDryRun && result.own.assumesYes && !result.own.wantsVersion)
        let other = recipes("recipe r() {}")[0]
        #expect(try RecipeOptions.read(["--version"], recipe: other) { _ in nil }.own.wantsVersion)
    }

    @Test func helpNeedsNothingElseToBeRight() throws {
        let recipe = recipes("recipe r(stage: Str) {}")[0]
        #expect(try RecipeOptions.scan(["--bogus", "--help"], recipe: recipe).own.wantsHelp)
    }

    @Test func aRecipeWithoutOptionsTakesNothing() {
        let recipe = recipes("recipe r() {}")[0]
        #expect(usageMessage { _ = try RecipeOptions.scan(["x"], recipe: recipe) }?.id == "recipe-takes-nothing")
    }

    @Test func whatIsWrongIsNamedWithTheRemedy() {
        #expect(problem("--versio", "1")?.help == "did you mean --version?")
        #expect(problem("--skip")?.help == "did you mean --skip-tests?")
        #expect(problem("--no-cach")?.help == "did you mean --no-cache?")
        #expect(problem("-z")?.id == "unknown-option")
        #expect(problem("1.2.0")?.help == "name the option, for example --version 1.2.0")
        #expect(problem("--", "-x")?.id == "positional-value")
        #expect(problem("--version")?.text == "--version needs a value: Version or FROM_CHANGELOG")
        #expect(problem("--mode", "--no-cache")?.help == "if --no-cache is meant as the value, write --mode=--no-cache")
        #expect(problem("--mode", "updat")?.help == "did you mean update?")
        #expect(problem("--count", "many")?.text == "--count must be Int, but is \"many\"")
        #expect(problem("--count=1", "--count=2")?.id == "repeated-option")
    }

    @Test func missingOptionsAreAllListed() {
        let recipe = recipes("recipe r(stage: Str, version: Version, force: Bool, name = 'x') {}")[0]
        let text = problem(of: recipe)?.text
        #expect(text == "the recipe `r` needs --stage (Str), --version (Version), --[no-]force")
    }

    @Test func secretsAreRefused() {
        let recipe = recipes("recipe r(token: Secret) {}")[0]
        #expect(problem("--token", "abc", of: recipe)?.id == "secret-on-command-line")
        #expect(problem(of: recipe)?.id == "secret-on-command-line")
    }

    @Test func onlyVersionMayBeDeclaredAnew() {
        #expect(problem(of: recipes("recipe r(dry_run: Bool = false) {}")[0])?.id == "reserved-option-name")
        #expect(problem(of: recipes("recipe r(version: Str = '') {}")[0]) == nil)
    }
}
