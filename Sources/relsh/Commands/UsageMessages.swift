import Lang

/// Everything that can be wrong with a command line. The id of each is the name of its function.
extension Message {
    // MARK: relsh's own options

    static func argumentNotText(_ position: Int) -> Message {
        Message("argument \(position) is not valid UTF-8", help: "relsh takes text in UTF-8 only")
    }

    static func emptyWord() -> Message {
        Message(
            "the name of a recipe or file must not be empty", help: "in `relsh \"$NAME\"` the variable has no value")
    }

    static func outputLost(_ reason: String) -> Message {
        Message(
            "standard output could not be written, so that some of it is missing: \(reason)",
            help: "make room where it goes to, or send it elsewhere")
    }

    static func workingDirectoryGone(_ reason: String) -> Message {
        Message(
            "the directory that relsh was started in cannot be told: \(reason)",
            help: "it may have been removed since; change to one that is there, such as `cd ~`")
    }

    /// - Parameter path: with escapes.
    static func workingDirectoryNotText(_ path: String) -> Message {
        Message(
            "the path of the directory that relsh was started in is not UTF-8: \(path)",
            help: "rename what has an escape such as \\xe9 in it, or change to another directory")
    }

    static func unknownOption(_ spelled: String, of recipe: String?, suggestion: String?) -> Message {
        let owner = recipe.map { "the recipe `\($0)`" } ?? "relsh"
        let more = recipe == nil ? "`relsh --help` lists the options" : "add --help to see the options"
        return Message(
            "\(owner) has no option \(spelled)", help: suggestion.map { "did you mean \($0)?" } ?? more)
    }

    static func unknownOptionOfCommand(_ spelled: String, of command: String, suggestion: String?) -> Message {
        Message(
            "`relsh \(command)` has no option \(spelled)",
            help: (suggestion.map { "did you mean \($0)? " } ?? "") + "`relsh \(command) --help` shows those it has")
    }

    static func optionBeforeRecipe(_ spelled: String) -> Message {
        Message("relsh has no option \(spelled)", help: "options of a recipe come after its name")
    }

    static func missingOptionValue(_ spelled: String, expected: String, next: String?) -> Message {
        let isShort = !spelled.hasPrefix("--")
        let help = next.map { "if \($0) is meant as the value, write \(spelled)\(isShort ? "" : "=")\($0)" }
        return Message("\(spelled) needs a value: \(expected)", help: help)
    }

    static func unexpectedOptionValue(_ spelled: String, value: String) -> Message {
        Message("\(spelled) takes no value, but was given \(quoted(value))", help: "write \(spelled) alone")
    }

    static func malformedSetting(_ text: String) -> Message {
        Message(
            "--set must be given key=value, but is \(quoted(text))",
            help: "for example --set changelog=CHANGES.txt")
    }

    static func wrongLimit(_ option: String, _ reason: String, help: String?) -> Message {
        Message("--\(option): \(reason)", help: help)
    }

    static func limitNotPositive(_ option: String, _ text: String) -> Message {
        let expected = option == "max-steps" || option == "count" ? "a whole number above 0" : "more than nothing"
        return Message("--\(option) must be \(expected), but is \(quoted(text))")
    }

    static func unexpectedWord(_ word: String, help: String?) -> Message {
        Message("unexpected argument \(quoted(word))", help: help)
    }

    static func nothingToCheck() -> Message {
        Message("`relsh check` needs a file", help: "relsh check recipes/*.rel")
    }

    static func nothingToExplain() -> Message {
        Message(
            "`relsh explain` needs a recipe or a file",
            help: "relsh explain docker_release_all; `relsh --list` shows the recipes found from here")
    }

    // MARK: a recipe's options

    static func positionalValue(_ word: String, recipe: String, help: String?) -> Message {
        Message("the recipe `\(recipe)` takes options only, but was given \(quoted(word))", help: help)
    }

    static func recipeTakesNothing(_ word: String, recipe: String) -> Message {
        Message("the recipe `\(recipe)` takes nothing, but was given \(quoted(word))", help: "leave it out")
    }

    static func repeatedOption(_ spelled: String, first: String, second: String) -> Message {
        Message("\(spelled) was given twice: \(quoted(first)) and \(quoted(second))", help: "give it once")
    }

    static func contradictingFlag(_ name: String) -> Message {
        Message("--\(name) and --no-\(name) were both given", help: "give one of them")
    }

    static func wrongOptionValue(_ spelled: String, expected: String, given: String, help: String?) -> Message {
        Message("\(spelled) must be \(expected), but is \(quoted(given))", help: help)
    }

    static func noSuchRegistry(_ name: String, known: [String]) -> Message {
        let has = known.isEmpty ? "has none" : "has \(known.joined(separator: ", "))"
        return Message(
            "the project \(has), and no registry \(quoted(name))",
            help: suggestion(for: name, among: known).map { "did you mean \($0)?" }
                ?? "`[registries.NAME]` in relsh.toml declares another")
    }

    static func emptyListItem(_ spelled: String, given: String) -> Message {
        Message("\(spelled) has an empty item in \(quoted(given))", help: "separate items by one comma each")
    }

    static func missingOptions(_ options: [String], recipe: String) -> Message {
        Message(
            "the recipe `\(recipe)` needs \(options.joined(separator: ", "))",
            help: "add --help to see what each is for")
    }

    static func secretOnCommandLine(_ spelled: String) -> Message {
        Message(
            "\(spelled) is a Secret, which is never given on a command line",
            help: "other users see command lines; let the recipe read it from the environment")
    }

    static func reservedOptionName(_ parameter: String, recipe: String) -> Message {
        Message(
            "the recipe `\(recipe)` has a parameter `\(parameter)`, which is relsh's own option",
            help: "give the parameter another name")
    }

    // MARK: files and recipes

    static func runIsNoCommand() -> Message {
        Message(
            "there is no recipe `run`, and no command of that name",
            help: "write `relsh RECIPE`: a recipe needs no word before it")
    }

    static func missingFile(_ path: String, help: String?) -> Message {
        Message("there is no file \(path)", help: help)
    }

    static func fileIsDirectory(_ path: String, help: String?) -> Message {
        Message("\(path) is a directory, not a recipe file", help: help)
    }

    static func unreadableFile(_ path: String, _ failure: LocalFiles.Failure) -> Message {
        Message("\(path) cannot be read: \(failure.reason)", help: failure.remedy)
    }

    static func programTooLarge(_ path: String, limit: String) -> Message {
        Message("\(path) is larger than \(limit)", help: "is it a recipe file?")
    }

    static func noSuchRecipe(_ name: String, suggestion: String?) -> Message {
        Message(
            "there is no recipe `\(name)`",
            help: suggestion.map { "did you mean `\($0)`?" } ?? "`relsh --list` shows the recipes found from here")
    }

    static func optionWithoutDashes(_ word: String, option: String) -> Message {
        Message(
            "there is no recipe `\(word)`, and no command of that name", help: "`relsh \(option)` does what it says")
    }

    static func recipeDeclaredTwice(_ name: String, _ first: String, _ second: String) -> Message {
        Message(
            "the recipe `\(name)` is declared twice: at \(first) and at \(second)",
            help: "rename one of them, or name the file: relsh FILE \(name)")
    }
}
