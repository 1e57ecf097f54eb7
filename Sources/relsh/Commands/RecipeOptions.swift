import Lang

/// Reads the options of a recipe, and relsh's own among them: the second step, when the recipe is known.
///
/// `scan` finds what was given for which option; `values` makes values of it. Between the two the caller can look at
/// `own`: help must not need valid values, and the registries' names come from a project that `--set` can change.
struct RecipeOptions {
    /// What was given for one option, in order.
    private enum Given {
        case flag(Bool)
        case text(String)
    }

    let recipe: RecipeInfo
    let options: [RecipeOption]
    private(set) var own: OwnOptions
    /// The words of the recipe's own options: what is left without relsh's.
    private(set) var recipeWords: [String] = []
    private var given: [String: [Given]] = [:]
    private let places: Set<OwnOption.Place>

    /// - Parameters:
    ///   - own: what was said before the recipe; the result goes on from there.
    ///   - places: which of relsh's own options may stand here.
    static func scan(
        _ arguments: [String], recipe: RecipeInfo, own: OwnOptions = OwnOptions(),
        places: Set<OwnOption.Place> = [.anywhere, .redeclarable]
    ) throws(UsageError) -> RecipeOptions {
        var result = RecipeOptions(recipe: recipe, own: own, places: places)
        if arguments.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            result.own.wantsHelp = true
        }
        if result.own.wantsHelp { return result }
        try result.checkNames()
        var reader = OptionReader(arguments)
        while case let before = reader.rest, let word = reader.next() {
            switch word {
            case .plain(let text): throw result.unexpected(text)
            case .option(let option):
                if try !result.take(option, from: &reader) { continue }
                let count = before.count - reader.rest.count
                // A letter of several in one word leaves the others to be read.
                result.recipeWords += count > 0 ? Array(before.prefix(count)) : [option.spelled]
            }
        }
        return result
    }

    /// Both steps at once.
    static func read(
        _ arguments: [String], recipe: RecipeInfo, own: OwnOptions = OwnOptions(),
        registries: (String) throws -> Registry?
    ) throws(UsageError) -> (values: [String: Value], own: OwnOptions) {
        let scanned = try scan(arguments, recipe: recipe, own: own)
        return (try scanned.values(registries: registries), scanned.own)
    }

    private init(recipe: RecipeInfo, own: OwnOptions, places: Set<OwnOption.Place>) {
        self.places = places
        self.recipe = recipe
        self.own = own
        options = RecipeOption.all(of: recipe)
    }

    /// Only `version` of relsh's own options may be declared anew.
    private func checkNames() throws(UsageError) {
        for option in options where OwnOption.reservedNames.contains(option.name) {
            throw UsageError(
                .reservedOptionName(option.parameter.name, recipe: recipe.name), at: recipe.location)
        }
    }

    // MARK: finding options

    /// - Returns: whether it was one of the recipe's.
    private mutating func take(_ word: OptionReader.Option, from reader: inout OptionReader) throws(UsageError) -> Bool
    {
        switch word.name {
        case .short(let letter):
            if let option = options.first(where: { $0.short == letter }) {
                try take(option, word, from: &reader)
            } else if let option = OwnOption.lettered(letter, in: places) {
                try own.take(option, word, from: &reader)
                return false
            } else {
                throw UsageError(.unknownOption(word.spelled, of: recipe.name, suggestion: nil))
            }
        case .long(let name):
            if let option = options.first(where: { $0.name == name }) {
                try take(option, word, from: &reader)
            } else if let option = OwnOption.named(name, in: places) {
                try own.take(option, word, from: &reader)
                return false
            } else if let option = negated(name) {
                try reader.expectNoValue(word)
                add(.flag(false), to: option)
            } else {
                throw unknown(name)
            }
        }
        return true
    }

    /// The Bool that `no-…` turns off.
    private func negated(_ name: String) -> RecipeOption? {
        guard name.hasPrefix("no-") else { return nil }
        return options.first { $0.name == name.dropFirst(3) && ($0.form == .flag || $0.form == .flagOrValue) }
    }

    private mutating func take(
        _ option: RecipeOption, _ word: OptionReader.Option, from reader: inout OptionReader
    ) throws(UsageError) {
        switch option.form {
        case .secret: throw UsageError(.secretOnCommandLine(word.spelled))
        case .value:
            add(.text(try reader.expectValue(of: word, expected: option.expected)), to: option)
        case .flagOrValue:
            add(reader.optionalValue(of: word).map { .text($0) } ?? .flag(true), to: option)
        case .flag:
            if word.isValue, let text = word.attached {
                guard let value = Self.bool(text) else {
                    throw UsageError(
                        .wrongOptionValue(
                            word.spelled, expected: "true or false", given: text,
                            help: "write --\(option.name) or --no-\(option.name)"))
                }
                add(.flag(value), to: option)
            } else {
                try reader.expectNoValue(word)
                add(.flag(true), to: option)
            }
        }
    }

    private mutating func add(_ value: Given, to option: RecipeOption) {
        given[option.parameter.name, default: []].append(value)
    }

    private static func bool(_ text: String) -> Bool? {
        switch text {
        case "true", "yes": true
        case "false", "no": false
        default: nil
        }
    }

    // MARK: making values

    /// The values of the options that were given, by parameter; those not given have defaults.
    /// - Parameter requiresAll: false lets options be missing that have no default.
    func values(
        registries: (String) throws -> Registry?, requiresAll: Bool = true
    ) throws(UsageError) -> [String: Value] {
        if own.wantsHelp { return [:] }
        var values: [String: Value] = [:]
        for option in options {
            guard let all = given[option.parameter.name] else { continue }
            values[option.parameter.name] = try value(of: option, all, registries)
        }
        if !requiresAll { return values }
        let missing = options.filter { $0.isRequired && given[$0.parameter.name] == nil }
        if let secret = missing.first(where: { $0.form == .secret }) {
            throw UsageError(.secretOnCommandLine("--" + secret.name), at: recipe.location)
        }
        if !missing.isEmpty {
            let list = missing.map { $0.form == .flag ? "--[no-]\($0.name)" : "--\($0.name) (\($0.expected))" }
            throw UsageError(.missingOptions(list, recipe: recipe.name))
        }
        return values
    }

    private func value(
        of option: RecipeOption, _ all: [Given], _ registries: (String) throws -> Registry?
    ) throws(UsageError) -> Value {
        var flag: Bool?
        var texts: [String] = []
        for item in all {
            switch item {
            case .text(let text): texts.append(text)
            case .flag(let value):
                if flag == !value { throw UsageError(.contradictingFlag(option.name)) }
                flag = value
            }
        }
        if let flag {
            // `--no-multi-arch --multi-arch linux/amd64`; `true` beside a value says nothing more.
            if texts.isEmpty { return .bool(flag) }
            if !flag { throw UsageError(.contradictingFlag(option.name)) }
        }
        return try OptionValue(option: option).read(texts, registries)
    }

    // MARK: what was wrong

    private func unknown(_ name: String) -> UsageError {
        var names = options.filter { $0.form != .secret }.map(\.name)
        names += options.filter { $0.form == .flag || $0.form == .flagOrValue }.map { "no-" + $0.name }
        names += OwnOption.all.filter { $0.place == .anywhere || places.contains($0.place) && $0.place == .explain }
            .map(\.name)
        let begun = names.filter { $0.hasPrefix(name) }
        let near = begun.count == 1 ? begun.first : suggestion(for: name, among: names)
        return UsageError(.unknownOption("--" + name, of: recipe.name, suggestion: near.map { "--" + $0 }))
    }

    private func unexpected(_ text: String) -> UsageError {
        if options.isEmpty { return UsageError(.recipeTakesNothing(text, recipe: recipe.name)) }
        var help: String?
        let flag = options.first { $0.form == .flag && given[$0.parameter.name] != nil }
        if Self.bool(text) != nil, let flag {
            help = "for a Bool write --\(flag.name) or --no-\(flag.name)"
        } else if let first = options.first(where: { $0.form != .flag && $0.form != .secret }) {
            help = "name the option, for example --\(first.name) \(shownWord(text))"
        }
        return UsageError(.positionalValue(text, recipe: recipe.name, help: help))
    }

    private func shownWord(_ text: String) -> String {
        text.allSatisfy { $0.isLetter || $0.isNumber || "._-/:,".contains($0) } ? text : "…"
    }
}
