package import Builtins
package import Lang
import Synchronization

/// A program that was run in a fake world, and what came of it.
package struct ProgramRun: Sendable {
    /// The value of the last statement as a literal; nil where the run failed.
    package let value: String?
    package let error: RuntimeError?
    /// What happened, one line each: `begin 2 in 1: Build`, `end 2: succeeded`, `plan in 1: docker push x`, `note: …`.
    package let events: [String]
    package let printed: String
    package let undoIsIncomplete: Bool
    /// What a dry run has found, where it was to take that down.
    package let found: Plan?

    package var plan: [String] {
        events.compactMap { event in
            guard event.hasPrefix("plan"), let colon = event.firstIndex(of: ":") else { return nil }
            return String(event[colon...].dropFirst(2))
        }
    }
    package var notes: [String] { events.filter { $0.hasPrefix("note") } }

    /// Runs the statements of a program, then the recipe if one is named.
    /// - Throws: `BrokenProgram` where it has errors that are found before it runs.
    package static func of(
        _ text: String, recipe: String? = nil, dryRun: Bool = false, world: World, catalog: Catalog,
        limits: Limits = Limits(), slice: Int = StressMode.slice, recordedIn ledger: LedgerFixture.Session? = nil,
        lock: RemoteLock? = nil, planner: PlanRecorder? = nil, follower: PlanFollower? = nil, assumesYes: Bool = true
    ) async throws -> ProgramRun {
        let console = FakeConsole(assumesYes: assumesYes)
        let observer = RecordingObserver()
        var world = world
        world.console = console
        var options = Interpreter.Options()
        options.isDryRun = dryRun
        options.limits = limits
        options.slice = slice
        (options.planner, options.follower) = (planner, follower)
        options.lock = lock
        if let ledger { (options.recorder, options.resuming) = (ledger.recorder, ledger.resuming) }
        // A secret of one test must not be hidden in what another shows.
        let ended = try await KnownSecrets.$current.withValue(KnownSecrets()) { [options, world] in
            try await run(text, recipe, options, world, catalog, observer)
        }
        return ProgramRun(
            value: ended.value, error: ended.error, events: observer.lines, printed: console.printed,
            undoIsIncomplete: ended.undoIsIncomplete, found: ended.plan)
    }

    package struct BrokenProgram: Error, CustomStringConvertible {
        package let description: String
    }

    /// Compiles a program that must have no errors.
    package static func compile(_ text: String, catalog: Catalog, planning: Bool = false) throws -> Program {
        let (resolved, findings) = load(text, catalog: catalog)
        let (program, tooLarge) = Compiler(program: resolved, catalog: catalog, planning: planning).compile()
        let errors = (findings + tooLarge).filter { $0.severity == .error }
        if errors.isEmpty { return program }
        let printer = DiagnosticPrinter(colour: false)
        throw BrokenProgram(description: errors.map { printer.text($0) }.joined())
    }

    package static func load(_ text: String, catalog: Catalog) -> (ResolvedProgram, [Diagnostic]) {
        let loader = ModuleLoader(catalog: catalog) { path throws(ImportFailure) in
            guard path.hasPrefix("std/"), let text = StandardRecipes.files[String(path.dropFirst("std/".count))] else {
                throw ImportFailure("this test has no file \(path)")
            }
            return SourceFile(name: path, path: path, text: text)
        }
        let (resolved, findings) = loader.load(entry: SourceFile(name: "test.rel", path: "test.rel", text: text))
        return (resolved, findings)
    }

    @Evaluation
    private static func run(
        _ text: String, _ recipe: String?, _ options: Interpreter.Options, _ world: World, _ catalog: Catalog,
        _ observer: RecordingObserver
    ) async throws -> (value: String?, error: RuntimeError?, undoIsIncomplete: Bool, plan: Plan?) {
        let program = try compile(text, catalog: catalog, planning: options.isDryRun)
        let interpreter = Interpreter(program: program, world: world, observer: observer, options: options)
        do throws(RuntimeError) {
            var value = try await interpreter.runStatements()
            if let recipe { value = try await interpreter.run(recipe: recipe, arguments: [:]) }
            return (value.literal, nil, interpreter.undoIsIncomplete, interpreter.plan)
        } catch {
            return (nil, error, interpreter.undoIsIncomplete, nil)
        }
    }
}

/// Keeps what happens during a run, as lines. Times are left out: they differ.
private final class RecordingObserver: RunObserver {
    private let recorded = Mutex<[String]>([])
    var lines: [String] { recorded.withLock { $0 } }

    func handle(_ event: RunEvent) {
        func place(_ step: Int?) -> String { step.map { " in \($0)" } ?? "" }
        let line: String? =
            switch event {
            case .stepStarted(let number, let parent, let title): "begin \(number)\(place(parent)): \(title)"
            case .stepFinished(let number, .succeeded, _): "end \(number): succeeded"
            case .stepFinished(let number, .failed(let message), _): "end \(number): failed: \(message)"
            case .stepFinished(let number, .cancelled, _): "end \(number): cancelled"
            case .commandStarted(_, let step, let line): "run\(place(step)): \(line)"
            case .commandFinished(_, let step, let line, let code, _, _): "done\(place(step)): \(line) [\(code)]"
            case .commandOutput, .liveOutput, .transferStarted, .transferred, .transferFinished: nil
            case .planned(let step, let line): "plan\(place(step)): \(line)"
            case .note(let step, let text), .remains(let step, let text): "note\(place(step)): \(text)"
            }
        if let line { recorded.withLock { $0.append(line) } }
    }
}
