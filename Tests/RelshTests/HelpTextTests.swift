import Lang
import Testing

@testable import relsh

@Suite struct HelpTextTests {
    private static let program = recipes(
        """
        ## Build, test and release the dev image.
        ##
        ## The image that passed the tests is, by digest, the image that ships.
        recipe release(
            ## Version to release; FROM_CHANGELOG takes the newest entry of the changelog.
            version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
            ## Reuse the build cache.
            cache: Bool = true,
            skip_tests: Bool = false,
            ## Where to.
            registries: [Registry],
        ) {}
        ## Put it back.
        recipe rollback() {}
        """)

    @Test func aRecipesHelpComesFromItsDocumentation() {
        let text = HelpText(width: 80).recipe(
            Self.program[0], command: "relsh dev.rel", others: [Self.program[1]])
        #expect(
            text == """
                Usage: relsh dev.rel --registries REGISTRY,… [options]

                Build, test and release the dev image.

                The image that passed the tests is, by digest, the image that ships.

                Options:
                  -v, --version VERSION|FROM_CHANGELOG
                                               Version to release; FROM_CHANGELOG takes the
                                               newest entry of the changelog. [FROM_CHANGELOG]
                  -c, --[no-]cache             Reuse the build cache. [true]
                  -s, --skip-tests
                  -r, --registries REGISTRY,…  Where to. (required)

                Other recipes of the file:
                  rollback  Put it back.

                relsh's own: --dry-run (-n), --plan, --yes (-y), --set, --quiet (-q), --verbose,
                --no-color, --list, --help (-h); see `relsh --help`.

                """)
    }

    @Test(arguments: [
        ("names: [Str] = []", ""), ("names: [Str] = [\"a\", \"b\"]", " [a,b]"),
        ("dir: Path = Path(\"sub\")", " [sub]"),
        ("where: Str = \"\"", ""), ("count: Int = 3", " [3]"), ("count: Int = 3 + 4", " [3 + 4]"),
        ("both: Bool | [Str] = true", " [true]"), ("both: Bool | [Str] = false", ""),
    ])
    func aDefaultIsShownAsItWouldBeTyped(_ parameter: String, _ shown: String) {
        let recipe = recipes("recipe one(\n    ## It.\n    \(parameter),\n) {}\n")[0]
        let text = HelpText(width: 200).recipe(recipe, command: "relsh one", others: [])
        let line = text.split(separator: "\n").first { $0.contains("It.") } ?? ""
        #expect(line.hasSuffix("It.\(shown)"), "\(line)")
    }

    @Test func aFileWithoutADefaultListsItsRecipes() {
        let text = HelpText(width: 80).file("dev.rel", documentation: "Dev images.", recipes: Self.program)
        #expect(text.hasPrefix("Usage: relsh dev.rel RECIPE [options]\n\nDev images.\n\nRecipes:\n"))
        #expect(text.contains("  release   Build, test and release the dev image.\n  rollback  Put it back.\n"))
    }

    @Test(arguments: [40, 60, 80, 120])
    func nothingIsWiderThanTheTerminal(_ width: Int) {
        let help = HelpText(width: width)
        for line in help.recipe(Self.program[0], command: "relsh", others: []).split(separator: "\n").dropFirst() {
            #expect(displayWidth(line) <= width || !line.dropFirst(2).contains(" "), "\(line)")
        }
    }

    @Test func relshsHelpNamesEveryOptionAndExitCode() {
        var text = HelpText(width: 80).relsh()
        for code in ExitCode.allCases { #expect(text.contains("\n  \(code.rawValue) ")) }
        for command in CommandWord.allCases {
            #expect(text.contains("\n  \(command.rawValue) "))
            text += HelpText(width: 80).command(command)
        }
        for option in OwnOption.all { #expect(text.contains("--" + option.name)) }
    }
}
