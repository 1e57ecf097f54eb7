import Builtins
import Lang

/// One run of a program: the world it sees, how it is shown, and how it ends.
struct RunSession {
    private let own: OwnOptions
    private let colour: Bool
    private let console: TerminalConsole
    private let progress: any RunProgress
    private let project: LiveProject
    private let past: PastRun?

    /// - Parameter past: what the run did before, where it is resumed.
    init(own: OwnOptions, colour: Bool, programIsStandardInput: Bool, past: PastRun? = nil) {
        self.own = own
        self.past = past
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

    /// - Parameter words: those of the command line, from the file or recipe on.
    func run(
        _ resolved: ResolvedProgram, catalog: Catalog, recipe: String?, words: [String], shows: ShownValue = .nothing,
        arguments: @escaping @Sendable () -> [String: Value] = { [:] }
    ) async -> ExitCode {
        var live = World.live(console: progress, events: NoEvents(), project: project)
        let ledger = self.ledger(in: live)
        if let ledger {
            live.history = LedgerTagHistory(ledger)
            live.tests = LedgerTestHistory(ledger)
        }
        let world = live
        var options = Interpreter.Options()
        options.isDryRun = own.isDryRun
        options.limits = own.limits
        let recorder = ledger.flatMap { self.recorder($0, resolved, recipe, words, in: world) }
        options.recorder = recorder
        options.resuming.force = own.isForced
        options.resuming.again = own.repeats
        options.resuming.waits = own.waits
        let lock = own.isDryRun ? nil : RemoteLock(recipe: recipe)
        options.lock = lock
        let progress = progress
        let summary = summary(words, world.environment)
        let observer: any RunObserver = summary.map { ObserverPair(first: progress, second: $0.page) } ?? progress
        let task = Task { @Evaluation [options] () -> Outcome in
            let (program, diagnostics) = Compiler(program: resolved, catalog: catalog, planning: options.isDryRun)
                .compile()
            if !diagnostics.isEmpty { return .refused(diagnostics) }
            let interpreter = Interpreter(program: program, world: world, observer: observer, options: options)
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
        let outcome = if let lock { await lock.whileKept { await task.value } } else { await task.value }
        console.restoreTerminal()
        let code = report(outcome, interruption)
        summary?.write(outcome.error)
        if let recorder { await close(recorder, outcome) }
        if let lock { await LockCommand.release(lock, colour: colour) }
        return code
    }

    private enum Outcome: Sendable {
        case finished(String?)
        case failed(RuntimeError, undoIsIncomplete: Bool)
        case refused([Diagnostic])

        var error: RuntimeError? { if case .failed(let error, _) = self { error } else { nil } }
    }

    // MARK: The ledger

    /// The ledger of the project; it is opened when something is asked of it.
    private func ledger(in world: World) -> Ledger? {
        LedgerPlace.find(
            environment: world.environment, workingDirectory: world.workingDirectory,
            files: LiveFiles(workingDirectory: world.workingDirectory)
        ).map(Ledger.init)
    }

    private func recorder(
        _ ledger: Ledger, _ resolved: ResolvedProgram, _ recipe: String?, _ words: [String], in world: World
    ) -> Recorder? {
        if own.isDryRun || own.isLedgerOff { return nil }
        let directory = world.workingDirectory
        let files = LiveFiles(workingDirectory: directory)
        var start = RunStart(
            recipe: recipe, program: resolved, words: words, settings: Self.settings(own, directory, files),
            directory: directory, version: relshVersion)
        start.drill = world.environment["RELSH_DRILL"].flatMap(Drill.init)
        return Recorder(ledger, start, past: past)
    }

    /// What a run depends on besides its program and options: `--set`, and the project's file.
    static func settings(_ own: OwnOptions, _ directory: String, _ files: LiveFiles) -> [String] {
        let root = try? ProjectFile.root(from: directory, files: files)
        let file = root.flatMap { try? files.read(Path($0).joined(ProjectFile.name).text) }
        return own.settings.map { "\($0.key)=\($0.value)" } + [file.map(RunStart.digest) ?? ""]
    }

    /// What cannot be written any more is no reason to call a run failed that has succeeded.
    private func close(_ recorder: Recorder, _ outcome: Outcome) async {
        defer { recorder.ledger.close() }
        do throws(RuntimeError) {
            switch outcome {
            case .refused: return
            case .finished: try await recorder.end(nil)
            case .failed(let error, _): try await recorder.end(error)
            }
            guard let number = recorder.number else { return }
            let settings = (try? await project.load().ledger) ?? LedgerSettings()
            try recorder.ledger.trim(settings)
            if case .failed = outcome, !own.isQuiet {
                Terminal.write(
                    "relsh: this was run #\(number): `relsh show \(number)` explains it, `relsh resume \(number)` goes on\n",
                    to: 2)
            }
        } catch {
            // That it cannot be written may be what the run has ended with.
            if case .failed(let failure, _) = outcome, failure.id == error.id { return }
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
        }
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
    /// The summary of a job, and the file that is to have it.
    private struct Summary: Sendable {
        let page: JobSummary
        let path: String
        let directory: String

        /// That it cannot be written is no reason to call a run failed.
        func write(_ error: RuntimeError?) {
            let text = Array(page.markdown(error).utf8)
            if (try? LiveFiles(workingDirectory: directory).append(path, text)) == nil {
                Terminal.write("relsh: the summary could not be written to \(path)\n", to: 2)
            }
        }
    }

    /// Where GitHub Actions asks for one.
    private func summary(_ words: [String], _ environment: [String: String]) -> Summary? {
        guard let path = environment["GITHUB_STEP_SUMMARY"], !path.isEmpty else { return nil }
        return Summary(page: JobSummary(words: words), path: path, directory: World.currentDirectory())
    }

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
