import Builtins
import Lang
import Synchronization

/// `relsh undo`: takes back what an earlier run has changed.
struct UndoCommand {
    private let own: OwnOptions
    private let colour: Bool

    init(_ own: OwnOptions, colour: Bool) {
        self.own = own
        self.colour = colour
    }

    func run(_ name: String) async -> ExitCode {
        do throws(RuntimeError) {
            let ledger = try RunsCommand.ledger()
            defer { ledger.close() }
            let run = try RunSummary.named(name, in: ledger)
            if run.ending == .running, let process = run.process {
                throw RuntimeError(.world, .runNotUndoable(run.name, process: String(process.pid)))
            }
            guard LocalFiles.enter(run.directory) else {
                throw RuntimeError(.world, .directoryGone(run.directory, run: run.name))
            }
            let undoing = try Undoing(run, step: own.step, ledger: ledger)
            if undoing.items.isEmpty {
                if !undoing.isOutOfReach { showNothingLeft(undoing) }
                showOthers(undoing)
                return undoing.isOutOfReach ? .undoIncomplete : .success
            }
            return own.isDryRun ? await preview(undoing) : await perform(undoing)
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .usage
        }
    }

    // MARK: Parts

    /// Ends as the undo itself would, as far as that can be told.
    private func preview(_ undoing: Undoing) async -> ExitCode {
        let holder = (try? LedgerLock.holder(in: undoing.ledger)) ?? nil
        if let holder, holder.process.isAlive != false, !own.waits {
            Terminal.write(ErrorPrinter(colour: colour).text(RuntimeError(.world, .releaseUnderWay(holder))), to: 2)
            return .failed
        }
        var isComplete = true
        await undoing.foresee(in: world(of: undoing), again: own.repeats) { item, foreseen in
            switch foreseen {
            case .alreadyBack: show("\(item.title) is as before already")
            case .takenBack(let commands):
                let line = commands.isEmpty ? "" : ": " + commands.joined(separator: "; ")
                var condition = ""
                if case .change(let change) = item { condition = change.inverse.condition.map { ", \($0)" } ?? "" }
                show("\(item.title) would be taken back\(condition)\(line)")
            case .refused(let error):
                isComplete = false
                show("\(item.title) would not be taken back:")
                Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            }
        }
        showOthers(undoing)
        return isComplete && !undoing.isOutOfReach ? .success : .undoIncomplete
    }

    private func perform(_ undoing: Undoing) async -> ExitCode {
        let lock = RemoteLock(recipe: "undo \(undoing.run.number)")
        do throws(RuntimeError) {
            return try await lock.whileKept { await takeBack(undoing, lock) }.get()
        } catch {
            if error.kind == .cancelled {
                Terminal.write("relsh: interrupted\n", to: 2)
                return .interrupted
            }
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .failed
        }
    }

    private func takeBack(_ undoing: Undoing, _ lock: RemoteLock) async -> Result<ExitCode, RuntimeError> {
        let words = ["undo", String(undoing.run.number)] + (own.step.map { ["--step", $0] } ?? [])
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: words, settings: [],
            directory: undoing.run.directory, version: relshVersion)
        let (world, colour, waits, again) = (self.world(of: undoing), colour, own.waits, own.repeats)
        let task = Task {
            let isTold = Atomic<Bool>(false)
            do throws(RuntimeError) {
                let isComplete = try await undoing.perform(start, lock, waits: waits, in: world, again: again) {
                    item, outcome in
                    isTold.store(true, ordering: .relaxed)
                    switch outcome {
                    case .takenBack: show("taken back: \(item.title)")
                    case .alreadyBack: show("as before already: \(item.title)")
                    case .stays(let why): show("stays: \(item.title): \(why)")
                    case .failed(let error): Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
                    }
                }
                // Another has done it while this one waited.
                if isComplete, !isTold.load(ordering: .relaxed) { showNothingLeft(undoing) }
                return Result<Bool, RuntimeError>.success(isComplete && !undoing.isOutOfReach)
            } catch {
                return .failure(error)
            }
        }
        let notice = StopNotice { Terminal.write("relsh: \($0)\n", to: 2) }
        let interruption = Interruption {
            task.cancel()
            notice.begin()
        }
        let result = await task.value
        notice.end()
        return result.map { isComplete in
            showOthers(undoing)
            if interruption.hasHappened, !isComplete { return .interrupted }
            return isComplete ? .success : .undoIncomplete
        }
    }

    /// What stays as it is.
    private func showOthers(_ undoing: Undoing) {
        let catalog = StandardCatalog.catalog
        for other in undoing.others {
            let reversals = catalog.function(other.name)?.signature.reversals.map(\.description) ?? []
            let why =
                other.namesSecret
                ? ": there is a secret in the name of what it changed, which only the run itself knew; take it back by hand"
                : reversals.isEmpty ? "" : ": " + reversals.joined(separator: "; ")
            let stays = other.isMade ? "stays" : "was under way when the run died, and stays if it was made"
            show("\(stays): \(other.call)\(why)")
        }
    }

    /// With the settings that the run had.
    private func world(of undoing: Undoing) -> World {
        let directory = World.currentDirectory()
        let settings = undoing.run.settings.dropLast().compactMap(OwnOptions.Setting.init) + own.settings
        var world = World.quiet(
            project: LiveProject(
                files: LiveFiles(workingDirectory: directory), workingDirectory: directory,
                environment: World.inheritedEnvironment(), options: settings.map { ($0.key, $0.value) }),
            tellsNotes: true, console: TerminalConsole(assumesYes: own.assumesYes, programIsStandardInput: false))
        world.history = LedgerTagHistory(undoing.ledger)
        return world
    }
}

private func showNothingLeft(_ undoing: Undoing) {
    show("Nothing of run \(undoing.run.name) is left to take back.")
}

private func show(_ line: String) { Terminal.write(inOneLine(line) + "\n", to: 1) }
