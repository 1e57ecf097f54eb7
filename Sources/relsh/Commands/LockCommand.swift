import Builtins
import Lang

/// `relsh runs --locks` and `--unlock`: who may release now, on this machine and on those that share the project's git remote.
struct LockCommand {
    private let own: OwnOptions
    private let colour: Bool

    init(_ own: OwnOptions, colour: Bool) {
        self.own = own
        self.colour = colour
    }

    /// At the end of a run; a lock that stays is worth a word, and ends by itself.
    static func release(_ lock: RemoteLock, colour: Bool) async {
        let notice = Task {
            try await Task.sleep(for: patience)
            Terminal.write(
                "relsh: the git remote takes its time to let go of this release's lock; Ctrl-C, once or twice, leaves it there\n",
                to: 2)
        }
        defer { notice.cancel() }
        do {
            try await lock.release()
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(RuntimeError(any: error)), to: 2)
        }
    }

    /// How long nothing is said of a remote that does not answer.
    private static let patience = Duration.seconds(2)

    // MARK: Looking

    func show() async -> ExitCode {
        await reporting {
            let ledger = try RunsCommand.ledger()
            let local = ledger.exists ? try LedgerLock.holder(in: ledger) : nil
            if let local { Terminal.write(local.shown, to: 1) }
            if let remote = try await remote() {
                Terminal.write("\(remote.description(in: world))\n", to: 1)
            } else if local == nil {
                Terminal.write("No release is under way.\n", to: 1)
            }
            return .success
        }
    }

    /// Nil where nobody holds the project's lock, or it has none.
    private func remote() async throws -> SeenLock? {
        let project: Project
        do {
            project = try await self.project.load()
        } catch let error as RuntimeError where error.id == "no-project" {
            return nil
        }
        if case .held(let lock) = try await SeenLock.look(for: project, in: world) { return lock }
        return nil
    }

    // MARK: Breaking

    func unlock() async -> ExitCode {
        await reporting {
            let ledger = try RunsCommand.ledger()
            let local = ledger.exists ? try LedgerLock.holder(in: ledger) : nil
            if let local, local.process.isAlive == true { throw refusal(local.description, local.process) }
            let remote = try await remote()
            if let note = remote?.note, note.isKnownAlive { throw refusal(note.description, note.process) }
            if local == nil, remote == nil {
                Terminal.write("No release is under way.\n", to: 1)
                return .success
            }
            if let local { Terminal.write(local.shown, to: 1) }
            if let remote { Terminal.write("\(remote.description(in: world))\n", to: 1) }
            let question =
                "Take the lock away? A release that is under way all the same goes on until it renews the lock, "
                + "within a third of its lease, and stops then"
            guard try await Questions(world).yesOrNo(question) else { return .failed }
            if let local { try local.breakOff(in: ledger) }
            try await remote?.breakOff(in: world)
            Terminal.write("The lock is free.\n", to: 1)
            return .success
        }
    }

    private func refusal(_ holder: String, _ process: ProcessMark) -> RuntimeError {
        RuntimeError(.world, .lockHolderAlive(holder, process: String(process.pid)))
    }

    // MARK: Parts

    private func reporting(_ body: () async throws -> ExitCode) async -> ExitCode {
        do {
            return try await body()
        } catch {
            let error = RuntimeError(any: error)
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return error.id == "no-ledger-place" || error.exitCode == Int(ExitCode.usage.rawValue) ? .usage : .failed
        }
    }

    private var project: LiveProject {
        let directory = World.currentDirectory()
        return LiveProject(
            files: LiveFiles(workingDirectory: directory), workingDirectory: directory,
            environment: World.inheritedEnvironment(), options: own.settings.map { ($0.key, $0.value) })
    }

    private var world: World {
        .quiet(
            project: project,
            console: TerminalConsole(assumesYes: own.assumesYes, programIsStandardInput: false))
    }
}

extension LedgerLock {
    fileprivate var shown: String {
        let state =
            switch process.isAlive {
            case true?: ""
            case false?: " (that process is gone: the lock is free)"
            case nil: " (on another machine)"
            }
        return "\(description)\(state)\n"
    }
}
