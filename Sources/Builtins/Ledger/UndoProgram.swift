import Lang

/// The program of an earlier run, compiled from the sources that the ledger has of it, so that its `undo` blocks can be called.
/// None of its statements run.
struct UndoProgram: Sendable {
    private let file: String
    private let sources: [RunStart.Source]

    init(_ run: RunSummary, sources: [RunStart.Source]) {
        file = run.file
        self.sources = sources
    }

    /// - Parameters:
    ///   - identity: of the block in the run that takes back.
    ///   - recorder: of that run.
    @Evaluation
    func call(
        _ undo: StoredUndo, of step: RunReport.Step, _ identity: Identity, _ recorder: Recorder, _ world: World
    ) async throws(RuntimeError) {
        try checkIsKept(undo, of: step)
        var options = Interpreter.Options()
        options.recorder = recorder
        let interpreter = Interpreter(
            program: try program(), world: world, observer: SilentObserver(), options: options)
        do throws(RuntimeError) {
            try await interpreter.takeBack(undo, title: "undo of \(step.title)", identity)
        } catch {
            let error = SecretMask.hide(in: error)
            var failure = RuntimeError(
                .world, .undoFailed("step \(step.number), \(step.title)", reason: error.message, commands: []))
            failure.help = error.help
            (failure.location, failure.frames, failure.command) = (error.location, error.frames, error.command)
            throw failure
        }
    }

    /// - Throws: where only the run itself could call it, with the place where it stands.
    private func checkIsKept(_ undo: StoredUndo, of step: RunReport.Step) throws(RuntimeError) {
        guard let refusal = undo.refusal else { return }
        let place = undo.location(in: sources)
        let advice = Message.undoNotKept(refusal, at: place?.description)
        var failure = RuntimeError(
            .world, .undoFailed("step \(step.number), \(step.title)", reason: refusal, commands: []))
        failure.help = advice.help
        failure.location = place
        throw failure
    }

    /// - Throws: where it could not be called.
    @Evaluation
    func check(_ undo: StoredUndo, of step: RunReport.Step, _ world: World) throws(RuntimeError) {
        try checkIsKept(undo, of: step)
        do throws(RuntimeError) {
            _ = try undo.function(in: try program(), environment: world.environment, restoring: true)
        } catch {
            var failure = RuntimeError(
                .world, .undoFailed("step \(step.number), \(step.title)", reason: error.message, commands: []))
            failure.help = error.help
            throw failure
        }
    }

    @Evaluation
    private func program() throws(RuntimeError) -> Program {
        if let inputs = PromptInputs(sources) { return try inputs.program(StandardCatalog.catalog) }
        guard let entry = sources.first(where: { $0.name == file }) else {
            throw RuntimeError(.world, .undoNotCompiled("the ledger does not have \(file)"))
        }
        let catalog = StandardCatalog.catalog
        let loader = ModuleLoader(catalog: catalog) { path throws(ImportFailure) in
            guard let source = sources.first(where: { $0.path == path }) else {
                throw ImportFailure("the ledger does not have it")
            }
            return Self.file(source)
        }
        let (resolved, found) = loader.load(entry: Self.file(entry))
        if let error = found.first(where: { $0.severity == .error }) {
            throw RuntimeError(.world, .undoNotCompiled(error.message.text))
        }
        return Compiler(program: resolved, catalog: catalog).compile().0
    }

    private static func file(_ source: RunStart.Source) -> SourceFile {
        // What comes from no file, as an expression, has no path.
        SourceFile(name: source.name, path: source.path.hasPrefix("<") ? "" : source.path, text: source.text)
    }
}

private struct SilentObserver: RunObserver {
    var watchesCommands: Bool { false }
    func handle(_ event: RunEvent) {}
}
