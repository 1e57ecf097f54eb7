import Builtins
import Lang

/// `relsh explain RECIPE`: what a recipe can change, told without running it. Reads the recipe's files and `relsh.toml`.
struct ExplainCommand {
    private let own: OwnOptions
    private let colour: Bool
    private let catalog = StandardCatalog.catalog

    init(_ own: OwnOptions, colour: Bool) {
        self.own = own
        self.colour = colour
    }

    func run(_ target: Invocation.Target, _ arguments: [String]) async throws(UsageError) -> ExitCode {
        let command = RunCommand(own, colour: colour)
        let (source, wanted, usage) = try command.source(of: target)
        if own.wantsHelp || arguments.contains("--help") || arguments.contains("-h") {
            return try command.help(source, wanted, usage.replacing("relsh", with: "relsh explain", maxReplacements: 1))
        }
        if own.wantsList || RunCommand.asksForList(arguments) { return command.list(source) }
        guard let program = ProgramLoading(catalog: catalog, colour: colour).load(source) else { return .usage }
        let recipe = try command.choose(wanted, among: program.entry?.recipes ?? [], in: source, program)
        let scanned = try RecipeOptions.scan(
            arguments, recipe: recipe ?? RecipeInfo.none(in: source), own: own,
            places: [.anywhere, .redeclarable, .explain])
        if scanned.own.planFile != nil {
            throw UsageError(.unknownOptionOfCommand("--plan", of: "explain", suggestion: nil))
        }
        try SourceReading.checkNotEmpty(source)
        return try await explain(program, recipe, scanned, source)
    }

    private func explain(
        _ program: ResolvedProgram, _ recipe: RecipeInfo?, _ scanned: RecipeOptions, _ source: SourceFile
    ) async throws(UsageError) -> ExitCode {
        let directory = World.currentDirectory()
        let environment = World.inheritedEnvironment()
        let project = LiveProject(
            files: LiveFiles(workingDirectory: directory), workingDirectory: directory, environment: environment,
            options: scanned.own.settings.map { ($0.key, $0.value) })
        let registries = await ProjectRegistries.read(project)
        _ = try scanned.values(registries: registries.named, requiresAll: false)
        let world = World.closed(project: project, environment: environment)
        let report = await Explainer.explain(
            program, recipe: recipe,
            given: {
                (try? scanned.values(registries: registries.named, requiresAll: false)) ?? [:]
            }, catalog: catalog, world: world)
        if let error = report.projectError, !error.isAbsentProject {
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .usage
        }
        let title = recipe?.name ?? source.name
        let text =
            scanned.own.wantsJSON
            ? report.json(recipe: recipe?.name, file: source.name) + "\n"
            : ExplainText(report: report, colour: wantsColour(scanned.own, environment)).text(
                title: title, place: recipe.map { $0.location.line })
        Terminal.write(text, to: 1)
        return .success
    }

    private func wantsColour(_ own: OwnOptions, _ environment: [String: String]) -> Bool {
        ProgressOptions.wantsColour(isOff: own.isColourOff, environment: environment, descriptor: 1)
    }
}

extension SourceLocation {
    /// `recipes/dev.rel:12`
    fileprivate var line: String { "\(file.name):\(file.position(of: range.start).line)" }
}
