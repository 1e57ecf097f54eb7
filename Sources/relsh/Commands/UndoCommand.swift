import Builtins
import Lang

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
            let run = try RunSummary.named(name, in: ledger)
            if run.ending == .running, let process = run.process {
                throw RuntimeError(.world, .runNotUndoable(run.name, process: String(process.pid)))
            }
            guard LocalFiles.enter(run.directory) else {
                throw RuntimeError(.world, .directoryGone(run.directory, run: run.name))
            }
            let undoing = try Undoing(run, step: own.step, ledger: ledger)
            if undoing.items.isEmpty {
                show("Nothing of run \(run.name) is left to take back.")
                showOthers(undoing)
                return .success
            }
            return own.isDryRun ? await preview(undoing) : await perform(undoing)
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .usage
        }
    }

    // MARK: Parts

    private func preview(_ undoing: Undoing) async -> ExitCode {
        let world = world(of: undoing.run)
        for item in undoing.items {
            guard case .change(let change) = item else {
                if case .block(_, let undo) = item {
                    show("\(item.title) \(undo.refusal.map { "cannot be taken back: \($0)" } ?? "would be taken back")")
                }
                continue
            }
            let inverse = change.inverse
            let note: String
            do {
                let now = try await inverse.look(in: world)
                if now == inverse.before {
                    note = "is as before already"
                } else if let made = inverse.made, made != now {
                    note = "was changed by somebody else since, and would be left so"
                } else {
                    note = "would be taken back: " + inverse.commands.joined(separator: "; ")
                }
            } catch {
                note = "cannot be looked at: \(RuntimeError(any: error).message)"
            }
            show("\(inverse.title) \(note)")
        }
        showOthers(undoing)
        return .success
    }

    private func perform(_ undoing: Undoing) async -> ExitCode {
        let lock = RemoteLock(recipe: "undo \(undoing.run.number)")
        do throws(RuntimeError) {
            return try await lock.whileKept { await takeBack(undoing, lock) }.get()
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .failed
        }
    }

    private func takeBack(_ undoing: Undoing, _ lock: RemoteLock) async -> Result<ExitCode, RuntimeError> {
        let words = ["undo", String(undoing.run.number)] + (own.step.map { ["--step", $0] } ?? [])
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: words, settings: [],
            directory: undoing.run.directory, version: relshVersion)
        let (world, colour, waits, again) = (self.world(of: undoing.run), colour, own.waits, own.repeats)
        let task = Task {
            do throws(RuntimeError) {
                let isComplete = try await undoing.perform(start, lock, waits: waits, in: world, again: again) {
                    item, outcome in
                    switch outcome {
                    case .takenBack: show("taken back: \(item.title)")
                    case .alreadyBack: show("as before already: \(item.title)")
                    case .failed(let error): Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
                    }
                }
                return Result<Bool, RuntimeError>.success(isComplete)
            } catch {
                return .failure(error)
            }
        }
        let interruption = Interruption { task.cancel() }
        return await task.value.map { isComplete in
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
            let why = reversals.isEmpty ? "" : ": " + reversals.joined(separator: "; ")
            let stays = other.isMade ? "stays" : "was under way when the run died, and stays if it was made"
            show("\(stays): \(other.call)\(why)")
        }
    }

    /// With the settings that the run had.
    private func world(of run: RunSummary) -> World {
        let directory = World.currentDirectory()
        let settings = run.settings.dropLast().compactMap(OwnOptions.Setting.init) + own.settings
        return .quiet(
            project: LiveProject(
                files: LiveFiles(workingDirectory: directory), workingDirectory: directory,
                environment: World.inheritedEnvironment(), options: settings.map { ($0.key, $0.value) }),
            tellsNotes: true, console: TerminalConsole(assumesYes: own.assumesYes, programIsStandardInput: false))
    }
}

private func show(_ line: String) { Terminal.write(line + "\n", to: 1) }
