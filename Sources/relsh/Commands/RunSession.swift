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

    /// The project's registries, for options that take one. Read only for a recipe that has such an option.
    func registries(for recipe: RecipeInfo?) async -> ProjectRegistries {
        guard recipe?.parameters.contains(where: { $0.type.mentionsRegistry }) == true else { return .known([]) }
        return await ProjectRegistries.read(project)
    }

    /// What is printed of the value that a program ends with.
    enum ShownValue: Sendable {
        case nothing
        /// As `print` would; `null` only where it was asked for and did not come of something done.
        case value(orNull: Bool)

        func text(_ value: Value) -> String? {
            switch self {
            case .value(let orNull) where orNull || !value.isNull: value.display
            default: nil
            }
        }
    }

    func run(
        _ resolved: ResolvedProgram, catalog: Catalog, recipe: String?, shows: ShownValue = .nothing,
        arguments: @escaping @Sendable () -> [String: Value] = { [:] }
    ) async -> ExitCode {
        let world = World.live(console: progress, events: NoEvents(), project: project)
        var options = Interpreter.Options()
        options.isDryRun = own.isDryRun
        options.limits = own.limits
        let progress = progress
        let task = Task { @Evaluation [options] () -> Outcome in
            let (program, diagnostics) = Compiler(program: resolved, catalog: catalog, planning: options.isDryRun)
                .compile()
            if !diagnostics.isEmpty { return .refused(diagnostics) }
            let interpreter = Interpreter(program: program, world: world, observer: progress, options: options)
            do throws(RuntimeError) {
                var value = try await interpreter.runStatements()
                if let recipe { value = try await interpreter.run(recipe: recipe, arguments: arguments()) }
                return .finished(shows.text(value))
            } catch {
                return .failed(error, undoIsIncomplete: interpreter.undoIsIncomplete)
            }
        }
        let interruption = Interruption { task.cancel() }
        console.whenOutputCloses { task.cancel() }
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
            if let text { console.print(text + "\n") }
            return console.outputIsClosed ? outputWasClosed() : .success
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
            if error.kind == .cancelled, console.outputIsClosed {
                return undoIsIncomplete ? .undoIncomplete : outputWasClosed()
            }
            Terminal.write(ErrorPrinter(colour: colour).text(error, showsOutput: !isShown), to: 2)
            if undoIsIncomplete { return .undoIncomplete }
            return error.exitCode.flatMap { ExitCode(rawValue: Int32(truncatingIfNeeded: $0)) } ?? .failed
        }
    }
}

extension RunSession {
    /// Nobody reads what the recipe prints: nothing went wrong that has a place in it.
    private func outputWasClosed() -> ExitCode {
        Terminal.write("relsh: standard output was closed\n", to: 2)
        return .failed
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
