import Lang

/// What a command line asks for, as far as that can be told without knowing the recipe.
///
/// Reading goes in two steps. This one splits: relsh's own options, then the file or the recipe, then `arguments`, which
/// wait until the recipe is known and `RecipeOptions` can read them.
struct Invocation: Sendable, Equatable {
    enum Action: Sendable, Equatable {
        /// Nothing was named.
        case nothing
        case help
        case version
        case list
        /// `-e EXPRESSION`
        case evaluate(String)
        /// `check FILE…`; `-` is standard input.
        case check([String])
        /// `fmt FILE…`; a directory stands for the recipe files in it, `-` is standard input.
        case format([String])
        /// `explain` with what would be run.
        case explain(Target)
        /// `init`
        case initialise
        /// `doc NAME`; without a name an overview.
        case doc(String?)
        case run(Target)
        /// What concerns earlier runs; those are named by number, nil is the newest.
        case runs
        case show(run: String?)
        case log(run: String, step: String)
        case resume(run: String?)
        case undo(run: String)
        /// What follows a plan.
        case apply(file: String)
        /// `COMMAND --help`
        case commandHelp(CommandWord)

        /// False for what only tells of relsh itself.
        var needsDirectory: Bool {
            switch self {
            case .help, .commandHelp, .version, .doc: false
            default: true
            }
        }
    }

    enum Target: Sendable, Equatable {
        case file(String, recipe: String?)
        case recipe(String)
        /// `-`: the program comes from standard input.
        case standardInput(recipe: String?)

        /// The recipe that was named.
        var recipe: String? {
            switch self {
            case .file(_, let recipe), .standardInput(let recipe): recipe
            case .recipe(let name): name
            }
        }

        /// As they stood on the command line.
        var words: [String] {
            switch self {
            case .file(let path, let recipe): [path] + (recipe.map { [$0] } ?? [])
            case .recipe(let name): [name]
            case .standardInput(let recipe): ["-"] + (recipe.map { [$0] } ?? [])
            }
        }
    }

    var action: Action
    var own: OwnOptions
    /// What follows the file or recipe; empty for other actions.
    var arguments: [String] = []

    /// - Parameter exists: whether there is a file of that name; asked for words that could be either.
    static func parse(_ arguments: [String], exists: (String) -> Bool) throws(UsageError) -> Invocation {
        var own = OwnOptions()
        var reader = OptionReader(arguments)
        while let word = reader.next() {
            switch word {
            case .option(let option):
                guard let known = ownOption(option, in: [.anywhere, .redeclarable, .alone]) else {
                    throw unknownOption(option, in: reader)
                }
                try own.take(known, option, from: &reader)
            case .plain(let text):
                if text.isEmpty { throw UsageError(.emptyWord()) }
                if own.expression != nil {
                    throw UsageError(.unexpectedWord(text, help: "after -e comes one argument: quote the program"))
                }
                if let command = CommandWord(rawValue: text) { return try self.command(command, reader, own, exists) }
                return try run(text, Array(reader.rest), own, exists)
            }
        }
        return Invocation(action: actionWithoutTarget(own), own: own)
    }

    private static func actionWithoutTarget(_ own: OwnOptions) -> Action {
        if own.wantsHelp { return .help }
        if own.wantsVersion { return .version }
        if own.wantsList { return .list }
        if let expression = own.expression { return .evaluate(expression) }
        return .nothing
    }

    static func run(
        _ target: String, _ rest: [String], _ own: OwnOptions, _ exists: (String) -> Bool,
        places: Set<OwnOption.Place> = [.anywhere]
    ) throws(UsageError) -> Invocation {
        var own = own
        if own.wantsVersion { return Invocation(action: .version, own: own) }
        guard target == "-" || isFile(target, exists) else {
            return Invocation(action: .run(.recipe(target)), own: own, arguments: rest)
        }
        let (recipe, arguments) = try splitRecipe(rest, &own, places)
        let found: Target = target == "-" ? .standardInput(recipe: recipe) : .file(target, recipe: recipe)
        return Invocation(action: .run(found), own: own, arguments: arguments)
    }

    /// A name with a `/`, one that ends in `.rel`, and any file that exists is a file; everything else is a recipe.
    private static func isFile(_ text: String, _ exists: (String) -> Bool) -> Bool {
        text.contains("/") || text.hasSuffix(".rel") || exists(text)
    }

    /// In `FILE [own options] RECIPE …` finds the recipe. Stops at the first option that is not surely relsh's own: from
    /// there on a word may be its value.
    private static func splitRecipe(
        _ rest: [String], _ own: inout OwnOptions, _ places: Set<OwnOption.Place>
    ) throws(UsageError) -> (recipe: String?, arguments: [String]) {
        var trial = own
        var reader = OptionReader(rest)
        while !reader.isAtSeparator, let word = reader.next() {
            switch word {
            case .plain(let name):
                own = trial
                return (name, Array(reader.rest))
            case .option(let option):
                guard let known = ownOption(option, in: places) else { return (nil, rest) }
                try trial.take(known, option, from: &reader)
            }
        }
        return (nil, rest)
    }

    static func ownOption(_ option: OptionReader.Option, in places: Set<OwnOption.Place>) -> OwnOption? {
        switch option.name {
        case .long(let name): OwnOption.named(name, in: places)
        case .short(let letter): OwnOption.lettered(letter, in: places)
        }
    }

    private static func unknownOption(_ option: OptionReader.Option, in reader: OptionReader) -> UsageError {
        guard case .long(let name) = option.name else {
            return UsageError(.unknownOption(option.spelled, of: nil, suggestion: nil))
        }
        if let near = suggestion(for: name, among: OwnOption.all.map(\.name)) {
            return UsageError(.unknownOption(option.spelled, of: nil, suggestion: "--" + near))
        }
        let isRecipeAhead = reader.rest.contains { !$0.hasPrefix("-") }
        return UsageError(
            isRecipeAhead
                ? .optionBeforeRecipe(option.spelled) : .unknownOption(option.spelled, of: nil, suggestion: nil))
    }
}
