import Lang

/// What `--help` prints, made from the table of relsh's own options and from the `##` lines of recipes.
struct HelpText {
    let width: Int
    private var layout: TextLayout { TextLayout(width: width) }

    init(width: Int) { self.width = width }

    // MARK: relsh

    func relsh() -> String {
        let usage = """
            relsh runs recipes that build, test and release Docker images.

            Usage:
              relsh [options] RECIPE [options of the recipe]
              relsh [options] FILE [RECIPE] [options of the recipe]
              relsh COMMAND …
              relsh -e EXPRESSION
              relsh -             the program comes from standard input
              relsh               a prompt, for what is done by hand; `:help` there tells more

            """
        let examples = """
            Examples:
              relsh --list
              relsh docker_release_dev_image --help
              relsh explain docker_release_dev_image --version 1.2.0
              relsh docker_release_dev_image --version 1.2.0 --dry-run
              relsh recipes/dev.rel --version 1.2.0 --no-cache --target-registries ecr,ghcr

            """
        let codes = ExitCode.allCases.map { (String($0.rawValue), $0.summary) }
        let places: Set<OwnOption.Place> = [.anywhere, .redeclarable, .alone]
        return [
            usage,
            "Commands; --help after one of them tells more:\n"
                + layout.columns(CommandWord.allCases.map { ($0.rawValue, $0.summary) }),
            "Options:\n" + rows(OwnOption.all.filter { places.contains($0.place) }),
            examples,
            "Exit codes:\n" + layout.columns(codes),
        ].joined(separator: "\n")
    }

    // MARK: commands

    func command(_ command: CommandWord) -> String {
        let codes = command.exitCodes.map { (String($0.0), $0.1) }
        return [
            "Usage: relsh \(command.usage)\n",
            layout.paragraphs(command.summary + " " + command.details),
            "Options:\n" + rows(command.options),
            "Exit codes:\n" + layout.columns(codes),
            "Examples:\n" + command.examples.map { "  relsh \($0)\n" }.joined(),
        ].joined(separator: "\n")
    }

    private func rows(_ options: [OwnOption]) -> String {
        layout.columns(
            options.map { option in
                let short = option.short.map { "-\($0), " } ?? "    "
                return (short + "--" + option.name + (option.value.map { " " + $0 } ?? ""), option.summary)
            })
    }

    // MARK: recipes

    /// - Parameters:
    ///   - command: what stands before the options: `relsh recipes/dev.rel`, `relsh docker_pull`.
    ///   - others: the other recipes of the file.
    func recipe(_ recipe: RecipeInfo, command: String, others: [RecipeInfo] = []) -> String {
        let options = RecipeOption.all(of: recipe)
        var sections = ["Usage: \(command)\(usage(options))\n"]
        if let documentation = recipe.declaration.documentation { sections.append(layout.paragraphs(documentation)) }
        if !options.isEmpty {
            sections.append("Options:\n" + layout.columns(options.map { (label($0), description($0)) }))
        }
        if !others.isEmpty { sections.append("Other recipes of the file:\n" + recipes(others)) }
        sections.append(ownSummary(options))
        return sections.joined(separator: "\n")
    }

    /// A file without a default recipe.
    func file(_ name: String, documentation: String?, recipes: [RecipeInfo]) -> String {
        var sections = ["Usage: relsh \(name)\(recipes.isEmpty ? "" : " RECIPE [options]")\n"]
        if let documentation { sections.append(layout.paragraphs(documentation)) }
        sections.append(
            recipes.isEmpty
                ? "The file has no recipes: its statements run in order.\n"
                : "Recipes:\n" + self.recipes(recipes) + "\n`relsh \(name) RECIPE --help` shows the options of one.\n")
        return sections.joined(separator: "\n")
    }

    private func recipes(_ recipes: [RecipeInfo]) -> String {
        layout.columns(
            recipes.map { recipe in
                (recipe.name, recipe.declaration.documentation.map { String($0.prefix { $0 != "\n" }) } ?? "")
            })
    }

    private func usage(_ options: [RecipeOption]) -> String {
        let required = options.filter(\.isRequired).map { " --\($0.name) \(placeholder($0))" }
        return required.joined() + (options.count > required.count ? " [options]" : "")
    }

    /// `-v, --version Version|FROM_CHANGELOG`
    private func label(_ option: RecipeOption) -> String {
        let short = option.short.map { "-\($0), " } ?? "    "
        switch option.form {
        case .flag:
            let isOff = isFalse(option.parameter.defaultValue)
            return short + (isOff ? "--\(option.name)" : "--[no-]\(option.name)")
        case .flagOrValue: return short + "--[no-]\(option.name) [\(placeholder(option))]"
        case .value: return short + "--\(option.name) \(placeholder(option))"
        case .secret: return "    (\(option.name))"
        }
    }

    private func placeholder(_ option: RecipeOption) -> String {
        option.alternatives.filter { $0 != .bool }.map(Self.placeholder).joined(separator: "|")
    }

    private static func placeholder(_ type: ValueType) -> String {
        switch type {
        case .literal(let text): text
        case .list(let element): placeholder(element) + ",…"
        case .any, .str: "TEXT"
        case .int: "NUMBER"
        default: type.description.uppercased()
        }
    }

    private func description(_ option: RecipeOption) -> String {
        var text = option.parameter.documentation ?? ""
        if option.form == .secret { text += " (a secret: not given on the command line)" }
        if option.isRequired {
            text += " (required)"
        } else if let shown = defaultText(option) {
            text += " [\(shown)]"
        }
        return text
    }

    /// The default as it would be typed; nothing for what goes without saying.
    private func defaultText(_ option: RecipeOption) -> String? {
        guard let value = option.parameter.defaultValue else { return option.parameter.defaultText }
        if case .bool(let isOn) = value.kind, option.form != .value { return isOn ? "true" : nil }
        guard let typed = Self.typed(value) else { return option.parameter.defaultText }
        return typed.isEmpty ? nil : typed
    }

    /// A value as it stands after an option: `a,b` for a list, `x` for `Path("x")`. Nil for what has to be worked out.
    private static func typed(_ value: Expression) -> String? {
        switch value.kind {
        case .null: return ""
        case .string(let text): return text
        case .list(let items):
            let texts = items.compactMap(typed)
            return texts.count == items.count ? texts.joined(separator: ",") : nil
        case .call(let call):
            // A type makes a value of its own text.
            guard case .name(let name) = call.callee.kind, name.first?.isUppercase == true, call.arguments.count == 1,
                case .string(let text) = call.arguments[0].value.kind
            else { return nil }
            return text
        default: return nil
        }
    }

    private func isFalse(_ expression: Expression?) -> Bool {
        if case .bool(false)? = expression?.kind { true } else { false }
    }

    private func ownSummary(_ options: [RecipeOption]) -> String {
        let names = OwnOption.all.filter { $0.place == .anywhere }.map { option in
            "--" + option.name + (option.short.map { " (-\($0))" } ?? "")
        }
        return layout.paragraphs("relsh's own: \(names.joined(separator: ", ")); see `relsh --help`.")
    }
}
