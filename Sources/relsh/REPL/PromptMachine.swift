import Builtins
import Lang

/// What has been typed and run so far: names, code and values. Lives where all values do.
@Evaluation
final class PromptMachine {
    /// Of an input that has been tried.
    enum Outcome: Sendable {
        /// It has mistakes, and nothing of it was run.
        case refused
        case finished(PromptValue?)
        case failed(RuntimeError, undoIsIncomplete: Bool)
    }

    private struct State {
        var names: PromptNames
        var compiler: Compiler
        var program: Program

        /// - Parameter isPlanning: whether what is compiled is for a dry run.
        init(_ names: PromptNames, _ catalog: Catalog, isPlanning: Bool) {
            self.names = names
            let beginning = PromptNames(catalog: catalog)
            let first = Compiler(program: beginning.program, catalog: catalog, planning: isPlanning)
            let start = first.compile().program
            first.declarePrompted("_")
            compiler = first
            program = start
        }
    }

    private let catalog: Catalog
    private var live: State
    /// What goes on in a dry run, which leaves nothing behind.
    private var dry: State?

    init(_ catalog: Catalog) {
        self.catalog = catalog
        live = State(PromptNames(catalog: catalog), catalog, isPlanning: false)
    }

    var names: PromptNames { dry?.names ?? live.names }

    /// Begins or ends a dry run, which starts from what there is and is forgotten when it ends.
    func setDry(_ isOn: Bool) {
        guard isOn else {
            dry = nil
            return
        }
        var state = State(live.names, catalog, isPlanning: true)
        let compiler = Compiler(program: live.names.program, following: state.compiler, state.program)
        let program = compiler.compile().program
        program.takeValues(of: live.program)
        (state.compiler, state.program) = (compiler, program)
        dry = state
    }

    /// Reads an input.
    /// - Returns: nil where it has mistakes, which are shown.
    func read(_ source: SourceFile, _ loading: ProgramLoading) -> ResolvedProgram? {
        let (names, diagnostics) = self.names.adding(source, loading.loader(for: source))
        loading.show(diagnostics)
        if diagnostics.contains(where: { $0.severity == .error }) { return nil }
        pending = names
        return names.program
    }

    /// All that was typed, with the input that was just read.
    var parts: [PromptNames.Part] { (pending ?? names).parts }

    /// What is known once the input that was just read is run.
    private var pending: PromptNames?

    /// Runs what was read last.
    func run(in world: World, observer: any RunObserver, _ options: Interpreter.Options) async -> Outcome {
        guard var names = pending else { return .refused }
        var state = dry ?? live
        pending = nil
        let compiler = Compiler(program: names.program, following: state.compiler, state.program)
        let (program, findings) = compiler.compile()
        if !findings.isEmpty {
            for finding in findings { Terminal.write(DiagnosticPrinter(colour: false).text(finding) + "\n", to: 2) }
            return .refused
        }
        let interpreter = Interpreter(program: program, world: world, observer: observer, options: options)
        let outcome: Outcome
        do throws(RuntimeError) {
            let value = try await interpreter.runStatements()
            let isAsked = names.program.entry?.tree.body.endsInValue == true
            if !value.isNull {
                program.setValue(value, of: "_")
            }
            outcome = .finished(PromptValue(value, orNull: isAsked, width: world.console.width))
        } catch {
            outcome = .failed(error, undoIsIncomplete: interpreter.undoIsIncomplete)
        }
        for name in names.settle({ program.value(of: $0) }) { compiler.restorePrompted(name) }
        if let last = program.value(of: "_") { names.declare("_", last) }
        (state.names, state.compiler, state.program) = (names, compiler, program)
        if dry == nil { live = state } else { dry = state }
        return outcome
    }
}
