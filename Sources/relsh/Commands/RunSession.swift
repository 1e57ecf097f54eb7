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
    private let plan: FollowedPlan?

    /// - Parameters:
    ///   - past: what the run did before, where it is resumed.
    ///   - plan: what the run must keep to.
    init(
        own: OwnOptions, colour: Bool, programIsStandardInput: Bool, past: PastRun? = nil, plan: FollowedPlan? = nil
    ) {
        self.own = own
        self.past = past
        self.plan = plan
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
        // Not when it is first asked for: by then something may have been changed.
        if let mistake = await project.mistake() {
            Terminal.write(ErrorPrinter(colour: colour).text(mistake), to: 2)
            return .usage
        }
        var live = World.live(console: progress, events: NoEvents(), project: project)
        let ledger = self.ledger(in: live)
        if let ledger {
            live.history = LedgerTagHistory(ledger)
            live.tests = LedgerTestHistory(ledger)
        }
        live.planFile = (plan?.path ?? own.planFile).map { Path(live.workingDirectory).joined($0).text }
        let world = live
        let start = start(resolved, recipe, words, in: world)
        let run = ProgramStart(
            resolved: resolved, catalog: catalog, recipe: recipe, shows: shows, arguments: arguments)
        var options = Interpreter.Options()
        options.isDryRun = own.isDryRun
        options.limits = own.limits
        options.resuming.force = own.isForced
        options.resuming.again = own.repeats
        options.resuming.waits = own.waits
        let lock = own.isDryRun ? nil : RemoteLock(recipe: recipe)
        options.lock = lock
        let planning = Planning(world: world, start: start, project: project)
        if own.planFile != nil { options.planner = await planning.recorder() }
        let recorder = own.isDryRun || own.isLedgerOff ? nil : ledger.map { Recorder($0, start, past: past) }
        options.recorder = recorder
        let (progress, plan) = (progress, plan)
        let summary = JobSummaryFile(words: words, environment: world.environment)
        let observer: any RunObserver = summary.map { ObserverPair(first: progress, second: $0.page) } ?? progress
        let task = Task { @Evaluation [options] () -> ProgramStart.Outcome in
            var options = options
            if let plan {
                do throws(RuntimeError) {
                    options.follower = try await planning.follower(of: plan, run, options)
                } catch {
                    return .failed(error, undoIsIncomplete: false)
                }
            }
            return await run.run(in: world, observer: observer, options)
        }
        let notice = StopNotice { [progress] in progress.handle(.note(step: nil, text: $0)) }
        let interruption = Interruption {
            task.cancel()
            notice.begin()
        }
        console.whenOutputCloses { task.cancel() }
        let outcome = if let lock { await lock.whileKept { await task.value } } else { await task.value }
        notice.end()
        console.restoreTerminal()
        let code = report(outcome, interruption, run: recorder?.number)
        summary?.write(outcome.error)
        async let looked: Void? = recorder?.lookOnceMore()
        // First: whoever gets the lock of this machine next must not find the other one still held.
        if let lock { await LockCommand.release(lock, colour: colour) }
        await looked
        if let recorder { await close(recorder, outcome) }
        return code
    }

    // MARK: The ledger

    /// The ledger of the project; it is opened when something is asked of it.
    private func ledger(in world: World) -> Ledger? {
        LedgerPlace.find(
            environment: world.environment, workingDirectory: world.workingDirectory,
            files: LiveFiles(workingDirectory: world.workingDirectory)
        ).map(Ledger.init)
    }

    private func start(
        _ resolved: ResolvedProgram, _ recipe: String?, _ words: [String], in world: World
    ) -> RunStart {
        let directory = world.workingDirectory
        var start = RunStart(
            recipe: recipe, program: resolved, words: words,
            settings: Self.settings(own, directory, LiveFiles(workingDirectory: directory)), directory: directory,
            version: relshVersion)
        start.drill = world.environment["RELSH_DRILL"].flatMap(Drill.init)
        return start
    }

    /// What a run depends on besides its program and options: `--set`, and the project's file.
    static func settings(_ own: OwnOptions, _ directory: String, _ files: LiveFiles) -> [String] {
        let root = try? ProjectFile.root(from: directory, files: files)
        let file = root.flatMap { try? files.read(Path($0).joined(ProjectFile.name).text) }
        return own.settings.map { "\($0.key)=\($0.value)" } + [file.map(RunStart.digest) ?? ""]
    }

    /// What cannot be written any more is no reason to call a run failed that has succeeded.
    private func close(_ recorder: Recorder, _ outcome: ProgramStart.Outcome) async {
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
            if case .failed(_, let undoIsIncomplete) = outcome, !own.isQuiet {
                let advice = RunAdvice(number, undoIsIncomplete: undoIsIncomplete, in: recorder.ledger)
                Terminal.write(advice.text + "\n", to: 2)
            }
        } catch {
            // That it cannot be written may be what the run has ended with.
            if case .failed(let failure, _) = outcome, failure.id == error.id { return }
            var error = error
            if case .finished = outcome, let number = recorder.number {
                error = RuntimeError(.world, .endNotWritten(number, reason: error.message, help: error.help))
            }
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
        }
    }

    private func report(_ outcome: ProgramStart.Outcome, _ interruption: Interruption, run: Int?) -> ExitCode {
        switch outcome {
        case .finished(let text, let made, let undoIsIncomplete):
            _ = progress.finish(nil)
            if let text { console.print(text + "\n") }
            if let made, let code = save(made) { return code }
            if undoIsIncomplete {
                // Whatever the recipe made of the failure: somebody has to know.
                Terminal.write(ErrorPrinter(colour: colour).text(RuntimeError(.world, .undoLeftSomething(run))), to: 2)
                return .undoIncomplete
            }
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
                // A publication that could not be put back names what is left.
                if error.exitCode == RuntimeError.undoIncomplete {
                    Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
                }
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
    /// Writes the plan of a dry run: whole, or not at all.
    /// - Returns: how relsh ends where that cannot be done.
    private func save(_ made: Plan) -> ExitCode? {
        guard let path = own.planFile else { return nil }
        let directory = World.currentDirectory()
        let files = LiveFiles(workingDirectory: directory)
        // relsh's own directory in the project, which git does not see, is made as for the ledger.
        if let place = LedgerPlace.find(
            environment: World.inheritedEnvironment(), workingDirectory: directory, files: files),
            Path(directory).joined(path).parent == Path(place.path).parent
        {
            _ = place.prepare()
        }
        do {
            try files.write(path, Array(made.json.utf8))
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(RuntimeError(any: error)), to: 2)
            return .failed
        }
        if !own.isQuiet {
            let count = made.effectCount == 1 ? "1 change" : "\(made.effectCount) changes"
            Terminal.write(
                "relsh: the plan of \(count) is in \(path): `relsh apply \(shellQuoted(path))` follows it\n", to: 2)
        }
        return nil
    }

    /// Nobody reads what the recipe prints: nothing went wrong that has a place in it.
    private func outputWasClosed() -> ExitCode {
        Terminal.write("relsh: standard output was closed\n", to: 2)
        return .failed
    }
}

/// Stands in the world until the interpreter puts each step's own in its place.
struct NoEvents: EffectEvents {
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
