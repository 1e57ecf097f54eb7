import Lang

extension Message {
    static func noPromptCommand(_ mistake: PromptCommand.Mistake) -> Message {
        switch mistake {
        case .unknown(let name, let suggestion):
            Message(
                "there is no command :\(name)",
                help: suggestion.map { "did you mean :\($0)?" } ?? "`:help` lists the commands")
        case .lacksArgument(let known):
            Message(":\(known.name) needs \(known.argument)", help: known.summary)
        case .takesNone(let known): Message(":\(known.name) takes nothing", help: known.summary)
        case .wrongArgument(let known, let given):
            Message(
                ":\(known.name) must be given \(known.argument), but was given \(quoted(given))", help: known.summary)
        case .openQuote: Message("a quote is open", help: "close it, or write `\\` before it")
        }
    }

    static func nothingToUndo(_ reason: String?) -> Message {
        Message("there is nothing here to take back", help: reason)
    }

    static func nothingToSave() -> Message {
        Message(
            "nothing was done here that a recipe could do again",
            help: "what only looks at something is left out; so is what failed or was taken back")
    }

    static func fileIsThere(_ path: String) -> Message {
        Message("\(path) exists already", help: "choose another name, or remove it first: a recipe is not overwritten")
    }

    static func savedRecipeHasMistakes(_ path: String) -> Message {
        Message(
            "the recipe would have mistakes, which are shown above; it is in \(path) as it stands",
            help: "mend it there, and look with `relsh check \(path)`")
    }

    static func notConfirmed(_ names: [String]) -> Message {
        Message("\(names.joined(separator: ", ")) is left as it is: nobody said yes", help: nil)
    }

    static func promptInputFailed(_ number: Int) -> Message {
        Message(
            "stopped at input \(number): what was to come after it is not run",
            help: "what comes through a pipe is run up to the first mistake; at a terminal, the prompt goes on")
    }
}
