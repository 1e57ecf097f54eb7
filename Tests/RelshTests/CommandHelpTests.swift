import Lang
import Testing

@testable import relsh

/// `relsh COMMAND --help` and `relsh help COMMAND`.
@Suite struct CommandHelpTests {
    private func parse(_ words: String...) throws -> Invocation {
        try Invocation.parse(words, exists: { $0 == "plan" })
    }

    @Test(arguments: CommandWord.allCases)
    func eachCommandHasHelpOfItsOwn(_ command: CommandWord) throws {
        for words in [
            [command.rawValue, "--help"], [command.rawValue, "x", "--bogus", "-h"], ["-h", command.rawValue],
        ]
        where command != .help && command != .explain || !words.contains("x") {
            #expect(try Invocation.parse(words, exists: { _ in false }).action == .commandHelp(command))
        }
        #expect(try parse("help", command.rawValue).action == .commandHelp(command))
        let text = HelpText(width: 80).command(command)
        #expect(text.hasPrefix("Usage: relsh \(command.rawValue)"))
        for part in ["Options:\n", "Exit codes:\n  0", "Examples:\n  relsh "] { #expect(text.contains(part)) }
        for option in command.options { #expect(text.contains("--" + option.name)) }
        for line in text.split(separator: "\n").dropFirst() { #expect(displayWidth(line) <= 80, "\(line)") }
    }

    @Test(arguments: CommandWord.allCases)
    func itsExamplesCanBeTyped(_ command: CommandWord) throws {
        for example in command.examples {
            let words = example.prefix { $0 != "<" }.replacing("\"", with: "").split(separator: " ").map(String.init)
            if words.contains("Build") { continue }
            _ = try Invocation.parse(words, exists: { _ in false })
        }
        // Each option that its usage names is one it has.
        for word in command.usage.split(separator: " ") where word.contains("--") {
            let name = String(word.filter { $0.isLetter || $0 == "-" }.drop { $0 == "-" })
            #expect(command.options.contains { $0.name == name }, "\(word)")
        }
    }

    @Test func helpOfARecipeOrAFileIsAskedForInFrontToo() throws {
        #expect(try parse("help").action == .help)
        #expect(try parse("help", "--help").action == .commandHelp(.help))
        let recipe = try parse("help", "docker_pull")
        #expect(recipe.action == .run(.recipe("docker_pull")) && recipe.own.wantsHelp)
        let file = try parse("help", "plan", "go")
        #expect(file.action == .run(.file("plan", recipe: "go")) && file.own.wantsHelp)
    }

    @Test(arguments: [
        (["check", "a.rel", "--strikt"], "did you mean --strict? "),
        (["undo", "3", "--dri-run"], "did you mean --dry-run? "),
        (["runs", "--cuont"], "did you mean --count? "), (["check", "a.rel", "--markdown"], ""),
        (["log", "-x", "1", "2"], ""),
        (["resume", "--plan", "p"], ""), (["explain", "--plan", "p", "go"], ""), (["explain", "-x", "go"], ""),
    ])
    func anUnknownOptionIsToldWithTheHelpOfTheCommand(_ words: [String], _ meant: String) {
        let message = usageMessage { _ = try Invocation.parse(words, exists: { _ in false }) }
        #expect(message?.id == "unknown-option-of-command")
        #expect(message?.help == "\(meant)`relsh \(words[0]) --help` shows those it has")
    }

    @Test func whatIsMissingIsNamed() {
        for (words, missing) in [
            (["undo"], "RUN"), (["log"], "RUN and STEP"), (["log", "1"], "RUN and STEP"), (["apply"], "FILE"),
        ] {
            let message = usageMessage { _ = try Invocation.parse(words, exists: { _ in false }) }
            #expect(message?.text == "`relsh \(words[0])` needs \(missing)")
        }
        #expect(usageMessage { _ = try parse("") }?.id == "empty-word")
    }

    @Test func anOptionOfTheRecipeComesAfterIt() {
        #expect(usageMessage { _ = try parse("explain", "--stage", "dev", "go") }?.id == "option-before-recipe")
    }
}
