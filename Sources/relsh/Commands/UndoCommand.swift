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
            if undoing.changes.isEmpty {
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
        let world = world
        for change in undoing.changes {
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
            let code = try await lock.whileKept { await takeBack(undoing, lock) }.get()
            await LockCommand.release(lock, colour: colour)
            return code
        } catch {
            await LockCommand.release(lock, colour: colour)
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .failed
        }
    }

    private func takeBack(_ undoing: Undoing, _ lock: RemoteLock) async -> Result<ExitCode, RuntimeError> {
        let words = ["undo", String(undoing.run.number)] + (own.step.map { ["--step", $0] } ?? [])
        let start = RunStart(
            recipe: nil, program: ResolvedProgram(modules: []), words: words, settings: [],
            directory: undoing.run.directory, version: relshVersion)
        let (world, colour, waits) = (world, colour, own.waits)
        let task = Task {
            do throws(RuntimeError) {
                let isComplete = try await undoing.perform(start, lock, waits: waits, in: world) { change, outcome in
                    switch outcome {
                    case .takenBack: show("taken back: \(change.inverse.title)")
                    case .alreadyBack: show("as before already: \(change.inverse.title)")
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
        for step in undoing.blocks {
            show(
                "stays: what the `undo` of step \(step.number), \(step.title), would take back: only its own run can call that"
            )
        }
        for (call, name) in undoing.others {
            let reversals = catalog.function(name)?.signature.reversals.map(\.description) ?? []
            let why = reversals.isEmpty ? "" : ": " + reversals.joined(separator: "; ")
            show("stays: \(call)\(why)")
        }
    }

    private var world: World {
        let directory = World.currentDirectory()
        return .quiet(
            project: LiveProject(
                files: LiveFiles(workingDirectory: directory), workingDirectory: directory,
                environment: World.inheritedEnvironment(), options: own.settings.map { ($0.key, $0.value) }),
            tellsNotes: true)
    }
}

private func show(_ line: String) { Terminal.write(line + "\n", to: 1) }
