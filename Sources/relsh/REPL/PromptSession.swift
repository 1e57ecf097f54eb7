import Builtins
import Glibc
import Lang
import Synchronization

/// A session at the prompt: what it knows, and how one input is run.
struct PromptSession {
    let own: OwnOptions
    let colour: Bool
    let catalog: Catalog
    let machine: PromptMachine
    let signals: PromptSignals
    let project: LiveProject
    let isInteractive: Bool
    var transcript = PromptTranscript()
    var isDry: Bool
    /// Files that `:save` has written and that have mistakes.
    var drafts: Set<String> = []
    /// How many inputs there were.
    private(set) var count = 0
    private(set) var lastTime: Duration?

    /// Tags that mean something else tomorrow, and that production runs by.
    static let movingTags: Set<String> = ["prod", "latest"]

    init(_ own: OwnOptions, colour: Bool, catalog: Catalog, signals: PromptSignals, isInteractive: Bool) async {
        self.own = own
        self.colour = colour
        self.catalog = catalog
        self.signals = signals
        self.isInteractive = isInteractive
        isDry = own.isDryRun
        machine = await PromptMachine(catalog)
        let directory = World.currentDirectory()
        project = LiveProject(
            files: LiveFiles(workingDirectory: directory), workingDirectory: directory,
            environment: World.inheritedEnvironment(), options: own.settings.map { ($0.key, $0.value) })
        if isDry { await machine.setDry(true) }
    }

    // MARK: One input

    /// What the run of an input has told.
    private final class Told: Sendable {
        let hasChanged = Mutex(false)
    }

    /// - Parameters:
    ///   - path: of the file that it was read from; empty for what was typed.
    ///   - name: of that file, for messages.
    /// - Returns: how relsh would end if that were all.
    mutating func evaluate(_ text: String, path: String = "", name: String? = nil) async -> ExitCode {
        count += 1
        let source = SourceFile(name: name ?? "<input \(count)>", path: path, text: text)
        let loading = ProgramLoading(catalog: catalog, colour: colour)
        guard let program = await machine.read(source, loading) else { return .usage }
        let environment = World.inheritedEnvironment()
        let console = TerminalConsole(assumesYes: own.assumesYes, programIsStandardInput: !isInteractive)
        let options = ProgressOptions(isQuiet: own.isQuiet, isVerbose: own.isVerbose, colour: colour)
        let progress = options.progress(on: console, environment: environment)
        var world = World.live(console: progress, events: NoEvents(), project: project)
        let ledger = isDry || own.isLedgerOff ? nil : Self.place(in: world).map(Ledger.init)
        if let ledger {
            world.history = LedgerTagHistory(ledger)
            world.tests = LedgerTestHistory(ledger)
        }
        let sources = PromptInputs.sources(await machine.parts, mayBeKept: PromptHistory.mayBeShown)
        let recorder = ledger.map { Recorder($0, start(program, text, sources, in: world)) }
        let told = Told()
        let began = ContinuousClock.now
        let outcome = await run(world, progress, recorder, told)
        lastTime = .now - began
        console.restoreTerminal()
        let code = show(outcome, progress)
        if let recorder { await close(recorder, outcome) }
        defer { ledger?.close() }
        if case .refused = outcome { return code }
        let value: PromptValue? = if case .finished(let value) = outcome { value } else { nil }
        if let value, !value.images.isEmpty { await showDetails(value.images) }
        if !isDry {
            let hasChanged = told.hasChanged.withLock { $0 }
            transcript.add(
                count, text, failure: failure(outcome, source, hasChanged, recorder?.number, ledger),
                hasChanged: hasChanged, hasUndo: !hasChanged && hasUndo(recorder?.number, ledger),
                run: recorder?.number, hasValue: value != nil)
        }
        return code
    }

    /// Whether a step of a run has an `undo` block that is yet to be called.
    private func hasUndo(_ run: Int?, _ ledger: Ledger?) -> Bool {
        guard let run, let ledger, let summary = try? RunSummary.named(String(run), in: ledger),
            let report = try? RunReport.load(summary, from: ledger)
        else { return false }
        return report.steps.contains { $0.undo != nil }
    }

    /// Nil where the input has succeeded.
    private func failure(
        _ outcome: PromptMachine.Outcome, _ source: SourceFile, _ hasChanged: Bool, _ run: Int?, _ ledger: Ledger?
    ) -> PromptTranscript.Failure? {
        guard case .failed(let error, _) = outcome else { return nil }
        // Where the input itself has called what failed.
        let places = [error.location].compactMap { $0 } + error.frames.map(\.location)
        let place = places.last { $0.file.name == source.name }
        // What was asked about and not agreed to is in no run.
        var hasMade = hasChanged && (run != nil || ledger == nil)
        if hasMade, let run, let ledger, let summary = try? RunSummary.named(String(run), in: ledger),
            let report = try? RunReport.load(summary, from: ledger)
        {
            hasMade = report.effects.contains { $0.kind == "changes" && $0.ending == "succeeded" }
        }
        let reason = error.kind == .cancelled ? "interrupted" : SecretMask.hide(in: error).message.shortened(to: 100)
        return PromptTranscript.Failure(offset: place?.range.start, reason: reason, hasMade: hasMade)
    }

    private func run(
        _ world: World, _ progress: any RunProgress, _ recorder: Recorder?, _ told: Told
    ) async -> PromptMachine.Outcome {
        var options = Interpreter.Options()
        options.isDryRun = isDry
        options.limits = own.limits
        options.resuming.waits = own.waits
        options.recordsReads = false
        options.recorder = recorder
        let lock = isDry ? nil : RemoteLock(recipe: nil)
        options.lock = lock
        let isShown = isInteractive && !own.isQuiet
        options.beforeChange = { change in
            told.hasChanged.withLock { $0 = true }
            let moving = change.moving(among: Self.movingTags)
            if isShown { for line in change.lines { progress.handle(.note(step: nil, text: "$ " + line)) } }
            if moving.isEmpty { return }
            let question = "This moves \(moving.joined(separator: ", ")). Go on?"
            if try await Questions(world).yesOrNo(question) { return }
            throw RuntimeError(.failure, .notConfirmed(moving))
        }
        let machine = machine
        let outcome = await signals.cancellable { [options] in
            let body = { @Sendable in await machine.run(in: world, observer: progress, options) }
            return if let lock { await lock.whileKept(body) } else { await body() }
        }
        if let lock { await LockCommand.release(lock, colour: colour) }
        return outcome
    }

    private func start(
        _ program: ResolvedProgram, _ text: String, _ sources: [RunStart.Source]?, in world: World
    ) -> RunStart {
        let directory = world.workingDirectory
        // What looks as if it held a secret is not written down as it was typed.
        let isKept = PromptHistory.mayBeShown(text)
        return RunStart(
            recipe: nil, program: ResolvedProgram(modules: isKept ? program.modules.suffix(1) : []), sources: sources,
            words: [RunStart.prompt, isKept ? text : "(an input that may hold a secret)"],
            settings: RunSession.settings(own, directory, LiveFiles(workingDirectory: directory)),
            directory: directory, version: relshVersion)
    }

    /// The project's ledger; outside of one, the user's own.
    static func place(in world: World) -> LedgerPlace? {
        let files = LiveFiles(workingDirectory: world.workingDirectory)
        if let place = LedgerPlace.find(
            environment: world.environment, workingDirectory: world.workingDirectory, files: files)
        {
            return place
        }
        guard let place = PromptHistory.ledger(world.environment) else { return nil }
        let directory = Path(place.path).parent.text
        // A home that is not there is not made: what is to be recorded then says so.
        let home = world.environment["XDG_STATE_HOME"] ?? world.environment["HOME"] ?? ""
        guard LocalFiles.kind(home) == .directory || world.environment["XDG_STATE_HOME"] != nil else { return place }
        try? files.createDirectory(directory)
        // Output of programs stands in the ledger.
        chmod(directory, 0o700)
        return place
    }

    private func close(_ recorder: Recorder, _ outcome: PromptMachine.Outcome) async {
        do throws(RuntimeError) {
            switch outcome {
            case .refused: return
            case .finished: try await recorder.end(nil)
            case .failed(let error, _): try await recorder.end(error)
            }
            guard recorder.number != nil else { return }
            try recorder.ledger.trim((try? await project.load().ledger) ?? LedgerSettings())
        } catch {
            // It is what the input has failed with.
            if case .failed(let failure, _) = outcome, failure.id == error.id { return }
            complain(error)
        }
    }

    // MARK: Showing

    private func show(_ outcome: PromptMachine.Outcome, _ progress: any RunProgress) -> ExitCode {
        switch outcome {
        case .refused: return .usage
        case .finished(let value):
            _ = progress.finish(nil)
            if let value, value.images.isEmpty { progress.print(value.text + "\n") }
            return .success
        case .failed(let error, let undoIsIncomplete):
            let isShown = progress.finish(error)
            if error.kind == .cancelled {
                Terminal.write("relsh: interrupted\n", to: 2)
                return undoIsIncomplete ? .undoIncomplete : .interrupted
            }
            Terminal.write(ErrorPrinter(colour: colour).text(error, showsOutput: !isShown), to: 2)
            return undoIsIncomplete ? .undoIncomplete : .failed
        }
    }

    /// Images with what this machine has under their names.
    private func showDetails(_ images: [ImageReference]) async {
        let world = World.quiet(project: project)
        let details = await signals.cancellable { await ImageDetails.find(images, in: world) }
        let names = images.map { $0.tag == nil ? $0.familiar : ((try? $0.with(digest: nil)) ?? $0).familiar }
        let longest = names.map(columnWidth).max() ?? 0
        for (name, detail) in zip(names, details) {
            let padding = String(repeating: " ", count: longest - columnWidth(name))
            Terminal.write(name + (detail.isEmpty ? "" : "\(padding)  \(detail)") + "\n", to: 1)
        }
    }

    func complain(_ error: RuntimeError) { Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2) }

    func complain(_ message: Message) {
        Terminal.write(ErrorPrinter(colour: colour).text(UsageError(message)), to: 2)
    }

    // MARK: relsh in relsh

    /// Runs relsh itself with other words, on the same terminal: it has its own signals, progress and run.
    /// - Returns: its exit code.
    func relsh(_ words: [String]) async -> Int {
        var options = ProcessOptions()
        options.input = .terminal
        let world = World.quiet(project: project)
        let request = ProcessRequest(["/proc/self/exe"] + own.repeated + words)
        do {
            return try await world.processes.run([request], options).exitCode
        } catch {
            complain(RuntimeError(any: error))
            return 1
        }
    }

    /// The newest run in the ledger.
    func newestRun() -> Int? {
        guard let place = Self.place(in: World.quiet(project: project)) else { return nil }
        let ledger = Ledger(place)
        defer { ledger.close() }
        return ledger.exists ? (try? RunSummary.list(ledger, most: 1))?.first?.number : nil
    }

    /// Takes down that a recipe was run.
    mutating func noteRun(_ line: String, run: Int?, _ code: ExitCode) {
        count += 1
        let failure: PromptTranscript.Failure? =
            code == .success ? nil : .init(offset: nil, reason: "exit code \(code.rawValue)", hasMade: true)
        transcript.add(count, line, failure: failure, hasChanged: true, run: run, hasValue: false)
    }

    mutating func noteTime(_ time: Duration) { lastTime = time }

    mutating func setDry(_ isOn: Bool) async {
        isDry = isOn
        await machine.setDry(isOn)
    }
}

extension OwnOptions {
    /// The options that hold for what is run from a prompt, as they are written.
    fileprivate var repeated: [String] {
        var words = settings.flatMap { ["--set", "\($0.key)=\($0.value)"] }
        if assumesYes { words.append("--yes") }
        if isQuiet { words.append("--quiet") }
        if isVerbose { words.append("--verbose") }
        if isColourOff { words.append("--no-color") }
        return words
    }
}
