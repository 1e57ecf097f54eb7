import Builtins
import Lang

/// Runs a file, a recipe by name, a program from standard input, or an expression.
struct RunCommand {
    private let own: OwnOptions
    private let colour: Bool
    private let catalog = StandardCatalog.catalog
    private let plan: FollowedPlan?

    /// - Parameter plan: what the run must keep to.
    init(_ own: OwnOptions, colour: Bool, plan: FollowedPlan? = nil) {
        self.own = own
        self.colour = colour
        self.plan = plan
    }

    /// Evaluates what is finished within the machine's first slice and hands out no effect; nil otherwise, and nothing has
    /// happened then: the machine alone cannot change anything.
    func evaluateAlone(_ source: SourceFile) -> ExitCode? {
        let (resolved, diagnostics) = ProgramLoading(catalog: catalog, colour: colour).check(source)
        guard diagnostics.isEmpty else { return nil }
        let (program, findings) = Compiler(program: resolved, catalog: catalog).compile()
        guard findings.isEmpty else { return nil }
        var value = Value.null
        let meter = Meter(own.limits)
        for function in program.entryFunctions {
            let fiber = Fiber(program: program, function: function, arguments: [])
            let outcome = Work.$monitor.withValue(meter) { fiber.resume(.proceed) }
            guard case .finished(let result) = outcome else { return nil }
            value = result
        }
        let shown = RunSession.ShownValue.value(orNull: resolved.entry?.tree.body.endsInValue == true)
        if let text = shown.text(value) { Terminal.write(text + "\n", to: 1) }
        return .success
    }

    /// `-e`: the value of the program is printed as `print` would.
    func evaluate(
        _ source: SourceFile, past: PastRun? = nil,
        check: (ResolvedProgram, OwnOptions) async throws(UsageError) -> Void = { _, _ in }
    ) async throws(UsageError) -> ExitCode {
        let loading = ProgramLoading(catalog: catalog, colour: colour)
        let (program, diagnostics) = loading.check(source)
        let errors = diagnostics.filter { $0.severity == .error }
        loading.show(own.isQuiet ? errors : diagnostics)
        if !errors.isEmpty {
            // What is asked for is a value: one that cannot be made is a failure like any other, however soon it is known.
            return errors.allSatisfy { $0.message.id == Message.unreadableValue } ? .failed : .usage
        }
        let session = RunSession(own: own, colour: colour, programIsStandardInput: false, past: past, plan: plan)
        try await check(program, own)
        return await session.run(
            program, catalog: catalog, recipe: nil, words: ["-e", String(decoding: source.bytes, as: UTF8.self)],
            shows: .value(orNull: program.entry?.tree.body.endsInValue == true))
    }

    /// - Parameters:
    ///   - known: the program's text, where it is not to be read again.
    ///   - past: what the run did before, where it is resumed; `check` then says whether it may go on.
    func run(
        _ target: Invocation.Target, _ arguments: [String], known: SourceFile? = nil, past: PastRun? = nil,
        check: (ResolvedProgram, OwnOptions) async throws(UsageError) -> Void = { _, _ in }
    ) async throws(UsageError) -> ExitCode {
        let (source, wanted, command): (SourceFile, String?, String)
        if let known {
            (source, wanted, command) = (known, target.recipe, "")
        } else {
            (source, wanted, command) = try self.source(of: target)
        }
        if own.wantsHelp || arguments.contains("--help") || arguments.contains("-h") {
            return try help(source, wanted, command)
        }
        if own.wantsList || Self.asksForList(arguments) { return list(source) }
        guard let program = load(source) else { return .usage }
        let recipes = program.entry?.recipes ?? []
        let recipe = try choose(wanted, among: recipes, in: source, program)
        let scanned = try RecipeOptions.scan(arguments, recipe: recipe ?? RecipeInfo.none(in: source), own: own)
        if scanned.own.wantsVersion {
            Terminal.write("relsh \(relshVersion)\n", to: 1)
            return .success
        }
        try SourceReading.checkNotEmpty(source)
        var isStandardInput = false
        if case .standardInput = target { isStandardInput = true }
        let session = RunSession(
            own: scanned.own, colour: colour && !scanned.own.isColourOff,
            programIsStandardInput: isStandardInput && known == nil, past: past, plan: plan)
        let registries = await session.registries(for: recipe)
        let name = recipe?.name
        // Checked here, so that a wrong option is found before anything runs; made again where the machine lives.
        _ = try scanned.values(registries: registries.named)
        try await check(program, scanned.own)
        if isStandardInput, scanned.own.planFile != nil { throw UsageError(.planNeedsFile()) }
        let words = target.words + (scanned.own.planFile == nil ? arguments : scanned.recipeWords)
        return await session.run(program, catalog: catalog, recipe: name, words: words) {
            (try? scanned.values(registries: registries.named)) ?? [:]
        }
    }

    /// As with --help, whatever else is wrong or missing: no recipe can have an option of that name.
    static func asksForList(_ arguments: [String]) -> Bool { arguments.prefix { $0 != "--" }.contains("--list") }

    private func load(_ source: SourceFile) -> ResolvedProgram? {
        ProgramLoading(catalog: catalog, colour: colour).load(source, showsWarnings: !own.isQuiet)
    }

    /// The program that was named, the recipe in it if one was, and how help calls it.
    func source(of target: Invocation.Target) throws(UsageError) -> (SourceFile, String?, String) {
        switch target {
        case .file(let path, let recipe):
            return (try SourceReading.file(path), recipe, "relsh \(path)" + (recipe.map { " \($0)" } ?? ""))
        case .standardInput(let recipe):
            return (try SourceReading.standardInput(), recipe, "relsh -" + (recipe.map { " \($0)" } ?? ""))
        case .recipe(let name):
            let finder = RecipeFinder()
            let entry = try finder.find(name)
            return (try finder.source(of: entry), entry.name, "relsh \(entry.name)")
        }
    }

    /// The recipe that was named, or the file's default; nil where the file's statements are all there is to run.
    func choose(
        _ wanted: String?, among recipes: [RecipeInfo], in source: SourceFile, _ program: ResolvedProgram
    ) throws(UsageError) -> RecipeInfo? {
        if let wanted {
            let name = String(wanted.map { $0 == "-" ? "_" : $0 })
            if let recipe = recipes.first(where: { $0.name == name }) { return recipe }
            let near = suggestion(for: name, among: recipes.map(\.name))
            throw UsageError(.noSuchRecipeInFile(wanted, file: source.name, suggestion: near))
        }
        if let standard = recipes.first(where: \.declaration.isDefault) { return standard }
        if recipes.isEmpty || program.entry?.tree.body.hasStatements == true { return nil }
        if recipes.count == 1 { return recipes[0] }
        throw UsageError(.recipeNotNamed(file: source.name, recipes.map(\.name)))
    }

    func help(_ source: SourceFile, _ wanted: String?, _ command: String) throws(UsageError) -> ExitCode {
        let loading = ProgramLoading(catalog: catalog, colour: colour)
        guard let program = loading.load(source, showsWarnings: false) else { return .usage }
        let recipes = program.entry?.recipes ?? []
        let help = HelpText(width: Terminal.size(1)?.width ?? 80)
        let standard = recipes.first(where: \.declaration.isDefault) ?? (recipes.count == 1 ? recipes[0] : nil)
        let recipe = wanted == nil ? standard : try choose(wanted, among: recipes, in: source, program)
        if let recipe {
            let others = wanted == nil ? recipes.filter { $0.name != recipe.name } : []
            Terminal.write(help.recipe(recipe, command: command, others: others), to: 1)
        } else {
            list(program, of: source, help)
        }
        return .success
    }

    /// The recipes of a file.
    func list(_ source: SourceFile) -> ExitCode {
        let loading = ProgramLoading(catalog: catalog, colour: colour)
        guard let program = loading.load(source, showsWarnings: false) else { return .usage }
        list(program, of: source, HelpText(width: Terminal.size(1)?.width ?? 80))
        return .success
    }

    private func list(_ program: ResolvedProgram, of source: SourceFile, _ help: HelpText) {
        let text = help.file(
            source.name, documentation: program.entry?.tree.documentation, recipes: program.entry?.recipes ?? [])
        Terminal.write(text, to: 1)
    }
}

extension Block {
    /// True if there is something to run besides declarations.
    fileprivate var hasStatements: Bool {
        statements.contains { statement in
            switch statement.kind {
            case .function, .recipe, .import: false
            case .declaration(let declaration): declaration.isVariable
            default: true
            }
        }
    }

    /// True if the last statement stands for a value, and not for something done that may give one: `m["key"]`, and not
    /// `print(1)` or `step "a" { … }`.
    var endsInValue: Bool {
        guard case .expression(let expression)? = statements.last?.kind else { return false }
        return switch expression.kind {
        case .null, .bool, .int, .float, .string, .version, .duration, .size, .interpolation, .name, .list, .map,
            .unary,
            .binary, .member, .index, .closure, .capture:
            true
        case .call, .conditional, .match, .tryCatch, .step, .transaction, .parallel, .parallelFor, .retry, .timeout,
            .invalid:
            false
        }
    }
}
