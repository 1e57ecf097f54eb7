import Lang
import Testing

@testable import relsh

@Suite struct InvocationTests {
    private func parse(_ words: String...) throws -> Invocation {
        try Invocation.parse(words, exists: { $0 == "plan" })
    }

    @Test(arguments: ["recipes/dev.rel", "dev.rel", "./x", "plan"])
    func aFileIsKnownByItsName(_ file: String) throws {
        #expect(try parse(file).action == .run(.file(file, recipe: nil)))
    }

    @Test func anythingElseIsARecipe() throws {
        let invocation = try parse("docker_pull", "--stage", "dev")
        #expect(invocation.action == .run(.recipe("docker_pull")))
        #expect(invocation.arguments == ["--stage", "dev"])
    }

    @Test func aPlanIsMadeByADryRunAndApplied() throws {
        let made = try parse("--plan", "p.json", "docker_pull")
        #expect(made.own.planFile == "p.json" && made.own.isDryRun)
        let applied = try parse("apply", "p.json", "--wait", "-y")
        #expect(applied.action == .apply(file: "p.json"))
        #expect(applied.own.waits && applied.own.assumesYes)
        #expect(try parse("apply", "--help").action == .commandHelp(.apply))
        #expect(throws: UsageError.self) { try parse("apply") }
        #expect(throws: UsageError.self) { try parse("apply", "a", "b") }
    }

    @Test func aRecipeMayFollowTheFile() throws {
        let invocation = try parse("a.rel", "build", "--x", "1")
        #expect(invocation.action == .run(.file("a.rel", recipe: "build")))
        #expect(invocation.arguments == ["--x", "1"])
    }

    @Test func ownOptionsMayStandBetweenFileAndRecipe() throws {
        let invocation = try parse("-y", "a.rel", "-n", "--set", "a=b", "build", "--x")
        #expect(invocation.action == .run(.file("a.rel", recipe: "build")))
        #expect(invocation.own.isDryRun && invocation.own.assumesYes)
        #expect(invocation.own.settings == [.init(key: "a", value: "b")])
        #expect(invocation.arguments == ["--x"])
    }

    @Test func aValueOfTheDefaultRecipeIsNotARecipe() throws {
        let invocation = try parse("a.rel", "-n", "--version", "1.2.0")
        #expect(invocation.action == .run(.file("a.rel", recipe: nil)))
        #expect(invocation.arguments == ["-n", "--version", "1.2.0"])
    }

    @Test func versionIsRelshsOwnOnlyBeforeTheRecipe() throws {
        #expect(try parse("--version").action == .version)
        #expect(try parse("build", "--version", "1.0.0").arguments == ["--version", "1.0.0"])
    }

    @Test func expressionsMayBeginWithADash() throws {
        #expect(try parse("-e", "-1 + 2").action == .evaluate("-1 + 2"))
        #expect(try parse("-e1 + 2").action == .evaluate("1 + 2"))
        #expect(usageMessage { _ = try parse("-e", "1", "2") }?.id == "unexpected-word")
        #expect(usageMessage { _ = try parse("-e") }?.id == "missing-option-value")
    }

    @Test func standardInputIsADash() throws {
        #expect(try parse("-", "--x").action == .run(.standardInput(recipe: nil)))
        #expect(try parse("-", "build").action == .run(.standardInput(recipe: "build")))
    }

    @Test func checkTakesFiles() throws {
        let invocation = try parse("check", "a.rel", "--strict", "-", "--json")
        #expect(invocation.action == .check(["a.rel", "-"]))
        #expect(invocation.own.isStrict && invocation.own.wantsJSON)
        #expect(usageMessage { _ = try parse("check") }?.id == "nothing-to-check")
    }

    @Test func fmtTakesFilesAndDirectories() throws {
        let invocation = try parse("fmt", "recipes", "--check", "-")
        #expect(invocation.action == .format(["recipes", "-"]))
        #expect(invocation.own.onlyChecks)
        #expect(try parse("-n", "fmt", "a.rel").own.isDryRun)
        #expect(usageMessage { _ = try parse("fmt") }?.id == "nothing-to-format")
        #expect(usageMessage { _ = try parse("fmt", "a.rel", "--strict") }?.id == "unknown-option-of-command")
        #expect(usageMessage { _ = try parse("check", "a.rel", "--check") }?.id == "unknown-option-of-command")
    }

    @Test func aRecipeNamedLikeAnActionIsReachedByItsFile() throws {
        #expect(try parse("a.rel", "fmt").action == .run(.file("a.rel", recipe: "fmt")))
    }

    @Test func flagsOfOneLetterCanBeJoined() throws {
        let own = try parse("-nyq", "build").own
        #expect(own.isDryRun && own.assumesYes && own.isQuiet)
    }

    @Test func helpAndListNeedNoTarget() throws {
        #expect(try parse("--help").action == .help)
        #expect(try parse("-h", "build").own.wantsHelp)
        #expect(try parse("--list").action == .list)
        #expect(try parse().action == .nothing)
    }

    @Test func anUnknownOptionIsNamedWithWhatWasMeant() {
        let message = usageMessage { _ = try parse("--dri-run", "build") }
        #expect(message?.text == "relsh has no option --dri-run")
        #expect(message?.help == "did you mean --dry-run?")
        #expect(usageMessage { _ = try parse("--stage", "dev", "docker_pull") }?.id == "option-before-recipe")
    }

    @Test func settingsNeedAKey() {
        #expect(usageMessage { _ = try parse("--set", "x", "build") }?.id == "malformed-setting")
        #expect(usageMessage { _ = try parse("--set=", "build") }?.id == "malformed-setting")
        #expect(usageMessage { _ = try parse("--dry-run=no", "build") }?.id == "unexpected-option-value")
    }
}
