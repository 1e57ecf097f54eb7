import Lang

/// A recipe's parameter as an option of the command line.
struct RecipeOption: Sendable {
    enum Form: Sendable, Equatable {
        /// `--cache`, `--no-cache`, `--cache=false`
        case flag
        /// `--multi-arch` alone, or `--multi-arch linux/amd64,linux/arm64`: a Bool or something else.
        case flagOrValue
        case value
        /// Only a Secret fits, and that is never on a command line.
        case secret
    }

    let parameter: RecipeParameter
    /// With dashes: `target-registries`.
    let name: String
    let short: Character?
    let form: Form
    /// What a value may be, without null; the type of the default where there is no annotation.
    let alternatives: [ValueType]

    var isRequired: Bool { parameter.defaultValue == nil && parameter.defaultText == nil }

    /// What `--help` and messages call the value: `Version or FROM_CHANGELOG`.
    var expected: String {
        let texts = alternatives.map { type in
            if case .literal(let text) = type { return text }
            return type == .any ? "Str" : type.description
        }
        return texts.count < 3
            ? texts.joined(separator: " or ")
            : texts.dropLast().joined(separator: ", ") + " or " + (texts.last ?? "")
    }

    /// The options of a recipe in the order declared. Short options are given out as invoke does: each gets the first
    /// letter of its name that is still free; relsh's own letters never are.
    static func all(of recipe: RecipeInfo) -> [RecipeOption] {
        var taken = OwnOption.reservedLetters
        return recipe.parameters.map { parameter in
            let short = parameter.name.first { $0.isASCII && $0.isLetter && !taken.contains($0) }
            if let short { taken.insert(short) }
            return RecipeOption(parameter, short: short)
        }
    }

    private init(_ parameter: RecipeParameter, short: Character?) {
        self.parameter = parameter
        name = String(parameter.name.map { $0 == "_" ? "-" : $0 })
        let alternatives = Self.alternatives(parameter)
        self.alternatives = alternatives
        let hasBool = alternatives.contains(.bool)
        if alternatives == [.secret] {
            form = .secret
        } else {
            form = hasBool ? (alternatives.count == 1 ? .flag : .flagOrValue) : .value
        }
        self.short = form == .secret ? nil : short
    }

    private static func alternatives(_ parameter: RecipeParameter) -> [ValueType] {
        switch parameter.type {
        case .any: [parameter.defaultValue.flatMap(literalType) ?? .any]
        case .union(let members): members.filter { $0 != .null }
        case let type: [type]
        }
    }

    /// The type of a default that is a plain literal: `skip_tests = false` is a Bool without saying so.
    private static func literalType(_ expression: Expression) -> ValueType? {
        switch expression.kind {
        case .bool: .bool
        case .int: .int
        case .float: .float
        case .string, .interpolation: .str
        case .version: .version
        case .duration: .duration
        case .size: .size
        case .list(let items): .list(items.first.flatMap(literalType) ?? .str)
        default: nil
        }
    }
}
