import Builtins
import Lang

/// A program with what it is started with: a plan is made by running it dry, and followed by running it again.
struct ProgramStart: Sendable {
    let resolved: ResolvedProgram
    let catalog: Catalog
    let recipe: String?
    let shows: RunSession.ShownValue
    let arguments: @Sendable () -> [String: Value]

    enum Outcome: Sendable {
        /// With what is to be printed, and what a dry run has found. What could not be undone was in something that was tried.
        case finished(String?, Plan?, undoIsIncomplete: Bool)
        case failed(RuntimeError, undoIsIncomplete: Bool)
        case refused([Diagnostic])

        var error: RuntimeError? { if case .failed(let error, _) = self { error } else { nil } }
    }

    @Evaluation
    func run(in world: World, observer: any RunObserver, _ options: Interpreter.Options) async -> Outcome {
        let (program, diagnostics) = Compiler(program: resolved, catalog: catalog, planning: options.isDryRun).compile()
        if !diagnostics.isEmpty { return .refused(diagnostics) }
        let interpreter = Interpreter(program: program, world: world, observer: observer, options: options)
        do throws(RuntimeError) {
            var value = try await interpreter.runStatements()
            if let recipe { value = try await interpreter.run(recipe: recipe, arguments: arguments()) }
            if options.isDryRun, let origin = value.plannedOrigin() { value = .unknown(origin) }
            return .finished(
                shows.text(value), interpreter.plan, undoIsIncomplete: interpreter.undoIsIncomplete)
        } catch {
            var error = error
            // That says that nothing was run.
            if interpreter.hasChanged, error.exitCode == Int(ExitCode.usage.rawValue) { error.exitCode = nil }
            return .failed(error, undoIsIncomplete: interpreter.undoIsIncomplete)
        }
    }
}
