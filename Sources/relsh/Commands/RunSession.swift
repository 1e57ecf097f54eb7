import Builtins
import Lang

/// One run of a program: the world it sees, how it is shown, and how it ends.
struct RunSession {
    private let own: OwnOptions
    private let colour: Bool
    private let console: TerminalConsole
    private let progress: any RunProgress
    private let project: LiveProject

    init(own: OwnOptions, colour: Bool, programIsStandardInput: Bool) {
        self.own = own
        self.colour = colour
        let environment = World.inheritedEnvironment()
        let directory = World.currentDirectory()
        console = TerminalConsole(assumesYes: own.assumesYes, programIsStandardInput: programIsStandardInput)
        let options = ProgressOptions(isQuiet: own.isQuiet, isVerbose: own.isVerbose, colour: colour)
        progress = options.progress(on: console, environment: environment)
        project = LiveProject(
            files: LiveFiles(workingDirectory: directory), workingDirectory: directory, environment: environment,
            options: own.settings.map { ($0.key, $0.value) })
    }

    /// The project's registries by name, for options that take one. Read only for a recipe that has such an option.
    func registries(for recipe: RecipeInfo?) async throws(UsageError) -> [String: Registry] {
        guard recipe?.parameters.contains(where: { $0.type.mentionsRegistry }) == true else { return [:] }
        guard let loaded = try? await project.load() else { return [:] }
        return Dictionary(loaded.registries.map { ($0.name, $0) }) { first, _ in first }
    }

    func run(
        _ resolved: ResolvedProgram, catalog: Catalog, recipe: String?, printsValue: Bool,
        arguments: @escaping @Sendable () -> [String: Value] = { [:] }
    ) async -> ExitCode {
        let world = World.live(console: progress, events: NoEvents(), project: project)
        var options = Interpreter.Options()
        options.isDryRun = own.isDryRun
        let progress = progress
        let task = Task { @Evaluation [options] () -> Outcome in
            let (program, diagnostics) = Compiler(program: resolved, catalog: catalog, planning: options.isDryRun)
                .compile()
            if !diagnostics.isEmpty { return .refused(diagnostics) }
            let interpreter = Interpreter(program: program, world: world, observer: progress, options: options)
            do throws(RuntimeError) {
                var value = try await interpreter.runStatements()
                if let recipe { value = try await interpreter.run(recipe: recipe, arguments: arguments()) }
                return .finished(printsValue && !value.isNull ? value.literal : nil)
            } catch {
                return .failed(error, undoIsIncomplete: interpreter.undoIsIncomplete)
            }
        }
        let interruption = Interruption { task.cancel() }
        let outcome = await task.value
        console.restoreTerminal()
        return report(outcome, interruption)
    }

    private enum Outcome: Sendable {
        case finished(String?)
        case failed(RuntimeError, undoIsIncomplete: Bool)
        case refused([Diagnostic])
    }

    private func report(_ outcome: Outcome, _ interruption: Interruption) -> ExitCode {
        switch outcome {
        case .finished(let text):
            _ = progress.finish(nil)
            if let text { Terminal.write(text + "\n", to: 1) }
            return .success
        case .refused(let diagnostics):
            _ = progress.finish(nil)
            for diagnostic in diagnostics {
                Terminal.write(DiagnosticPrinter(colour: colour).text(diagnostic) + "\n", to: 2)
            }
            return .usage
        case .failed(let error, let undoIsIncomplete):
            let isShown = progress.finish(error)
            if interruption.hasHappened {
                Terminal.write("relsh: interrupted\n", to: 2)
                return undoIsIncomplete ? .undoIncomplete : .interrupted
            }
            Terminal.write(ErrorPrinter(colour: colour).text(error, showsOutput: !isShown), to: 2)
            if undoIsIncomplete { return .undoIncomplete }
            return error.exitCode.flatMap { ExitCode(rawValue: Int32(truncatingIfNeeded: $0)) } ?? .failed
        }
    }
}

/// Stands in the world until the interpreter puts each step's own in its place.
private struct NoEvents: EffectEvents {
    func commandStarted(_ line: String) -> Int { 0 }
    func commandOutput(_ command: Int, _ line: String) {}
    func commandFinished(_ command: Int, exitCode: Int, output: String) {}
    func note(_ text: String) {}
}

extension ValueType {
    fileprivate var mentionsRegistry: Bool {
        switch self {
        case .registry: true
        case .list(let element), .map(let element): element.mentionsRegistry
        case .union(let members): members.contains(where: \.mentionsRegistry)
        default: false
        }
    }
}
