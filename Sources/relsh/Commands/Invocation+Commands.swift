import Lang

/// What follows the words that stand first instead of a file or a recipe.
extension Invocation {
    /// - Parameters:
    ///   - rest: what follows the word.
    ///   - own: what stood before it.
    static func command(
        _ command: CommandWord, _ rest: OptionReader, _ own: OwnOptions, _ exists: (String) -> Bool
    ) throws(UsageError) -> Invocation {
        if command == .explain { return try explain(rest, own, exists) }
        if command == .help { return try help(rest, own, exists) }
        if asksForHelp(rest) { return Invocation(action: .commandHelp(command), own: own) }
        let (words, own) = try words(rest, own, of: command)
        if own.wantsHelp { return Invocation(action: .commandHelp(command), own: own) }
        try refusePlan(of: command, own)
        return Invocation(action: try action(command, words), own: own)
    }

    private static func action(_ command: CommandWord, _ words: [String]) throws(UsageError) -> Action {
        switch command {
        case .check:
            if words.isEmpty { throw UsageError(.nothingToCheck()) }
            return .check(words)
        case .fmt:
            if words.isEmpty { throw UsageError(.nothingToFormat()) }
            return .format(words)
        case .initialise:
            if let word = words.first { throw UsageError(.initTakesNothing(word)) }
            return .initialise
        case .doc:
            if words.count > 1 {
                throw UsageError(
                    .unexpectedWord(words[1], help: "`relsh doc` shows one thing: \(words.joined(separator: "."))?"))
            }
            return .doc(words.first)
        default: return try command.action(words)
        }
    }

    /// Help is given whatever else is wrong.
    private static func asksForHelp(_ rest: OptionReader) -> Bool {
        rest.rest.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    }

    private static func words(
        _ rest: OptionReader, _ own: OwnOptions, of command: CommandWord
    ) throws(UsageError) -> ([String], OwnOptions) {
        var reader = rest
        var own = own
        var words: [String] = []
        while let word = reader.next() {
            switch word {
            case .plain(let text): words.append(text)
            case .option(let option): try take(option, from: &reader, &own, of: command)
            }
        }
        return (words, own)
    }

    private static func take(
        _ option: OptionReader.Option, from reader: inout OptionReader, _ own: inout OwnOptions, of command: CommandWord
    ) throws(UsageError) {
        guard let known = ownOption(option, in: command.places.union([.anywhere])) else {
            throw unknownOption(option, of: command)
        }
        try own.take(known, option, from: &reader)
    }

    /// What follows is read as if it were to be run.
    private static func explain(
        _ rest: OptionReader, _ own: OwnOptions, _ exists: (String) -> Bool
    ) throws(UsageError) -> Invocation {
        var reader = rest
        var own = own
        while let word = reader.next() {
            switch word {
            case .option(let option):
                if reader.rest.contains(where: { !$0.hasPrefix("-") }), isOfARecipe(option) {
                    throw UsageError(.optionBeforeRecipe(option.spelled))
                }
                try take(option, from: &reader, &own, of: .explain)
            case .plain(let target):
                try refusePlan(of: .explain, own)
                var invocation = try run(
                    target, Array(reader.rest), own, exists, places: CommandWord.explain.places.union([.anywhere]))
                if case .run(let found) = invocation.action { invocation.action = .explain(found) }
                return invocation
            }
        }
        if own.wantsHelp { return Invocation(action: .commandHelp(.explain), own: own) }
        throw UsageError(.nothingToExplain())
    }

    /// True for what is neither an option of `relsh explain` nor nearly one.
    private static func isOfARecipe(_ option: OptionReader.Option) -> Bool {
        guard case .long(let name) = option.name,
            ownOption(option, in: CommandWord.explain.places.union([.anywhere])) == nil
        else { return false }
        return suggestion(for: name, among: CommandWord.explain.options.map(\.name)) == nil
    }

    /// `relsh help NAME` is `relsh NAME --help`.
    private static func help(
        _ rest: OptionReader, _ own: OwnOptions, _ exists: (String) -> Bool
    ) throws(UsageError) -> Invocation {
        var reader = rest
        var own = own
        if own.wantsHelp { return Invocation(action: .commandHelp(.help), own: own) }
        while let word = reader.next() {
            switch word {
            case .option(let option): try take(option, from: &reader, &own, of: .help)
            case .plain(let name):
                own.wantsHelp = true
                if let command = CommandWord(rawValue: name) {
                    return Invocation(action: .commandHelp(command), own: own)
                }
                return try run(name, Array(reader.rest), own, exists)
            }
        }
        return Invocation(action: own.wantsHelp ? .commandHelp(.help) : .help, own: own)
    }

    /// Whoever asks for a plan would look for it.
    private static func refusePlan(of command: CommandWord, _ own: OwnOptions) throws(UsageError) {
        if own.planFile != nil, command != .apply {
            throw UsageError(.unknownOptionOfCommand("--plan", of: command.rawValue, suggestion: nil))
        }
    }

    private static func unknownOption(_ option: OptionReader.Option, of command: CommandWord) -> UsageError {
        var near: String?
        if case .long(let name) = option.name {
            let names = command.options.map(\.name)
            let begun = names.filter { $0.hasPrefix(name) }
            near = begun.count == 1 ? begun[0] : suggestion(for: name, among: names)
        }
        return UsageError(
            .unknownOptionOfCommand(option.spelled, of: command.rawValue, suggestion: near.map { "--" + $0 }))
    }
}
