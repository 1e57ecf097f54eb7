import Builtins
import Lang

/// `relsh resume`: goes on with a run where it stopped.
struct ResumeCommand {
    private let own: OwnOptions
    private let colour: Bool

    init(_ own: OwnOptions, colour: Bool) {
        self.own = own
        self.colour = colour
    }

    /// What the ledger has of the run.
    private struct Recorded {
        let run: RunSummary
        let sources: [RunStart.Source]
        let past: PastRun
    }

    func run(_ name: String?) async throws(UsageError) -> ExitCode {
        let recorded: Recorded
        do throws(RuntimeError) {
            recorded = try load(name)
        } catch {
            Terminal.write(ErrorPrinter(colour: colour).text(error), to: 2)
            return .usage
        }
        let run = recorded.run
        if run.words.contains(where: { $0.contains(Secret.mask) }) {
            throw UsageError(.commandLineNotKept(run.name))
        }
        guard LocalFiles.enter(run.directory) else { throw UsageError(.directoryGone(run.directory, run: run.name)) }
        var own = own
        // Those of the run; but how it is kept apart from others may have to be another way now.
        let locking = own.settings.filter { $0.key.hasPrefix("lock.") }
        own.settings = run.settings.dropLast().compactMap(OwnOptions.Setting.init) + locking
        let command = RunCommand(own, colour: colour)
        let check = { (program: ResolvedProgram, own: OwnOptions) async throws(UsageError) in
            try await refuseChanges(program, own, recorded)
        }
        if let text = run.expression {
            return try await command.evaluate(
                SourceFile(name: "<expression>", text: text), past: recorded.past, check: check)
        }
        let invocation = try Invocation.parse(run.words, exists: RecipeFinder.isProgram)
        guard case .run(let target) = invocation.action else { return .usage }
        var known: SourceFile?
        if case .standardInput = target, let entry = recorded.sources.first(where: { $0.name == run.file }) {
            known = SourceFile(name: entry.name, path: entry.path == entry.name ? "" : entry.path, text: entry.text)
        }
        return try await command.run(
            target, invocation.arguments, known: known, past: recorded.past, check: check)
    }

    private func load(_ name: String?) throws(RuntimeError) -> Recorded {
        let ledger = try RunsCommand.ledger()
        let run = try RunSummary.named(name, in: ledger)
        if run.takesBack != nil {
            throw RuntimeError(.world, .runNotResumable(run.name, ending: "took back another", process: nil))
        }
        if run.isPrompted {
            throw RuntimeError(.world, .runNotResumable(run.name, ending: "was typed at a prompt", process: nil))
        }
        switch run.ending {
        case .failed, .interrupted, .died: break
        case .succeeded: throw RuntimeError(.world, .runNotResumable(run.name, ending: "has succeeded", process: nil))
        case .running, .unknown:
            let process = run.process.map { "\($0.pid) on \($0.host)" }
            if run.ending == .unknown, own.isForced { break }
            throw RuntimeError(.world, .runNotResumable(run.name, ending: "has not ended", process: process))
        }
        let past = try PastRun.load(run.number, from: ledger)
        if let open = past.takenBack.underWay(isCautious: !own.isForced) {
            throw RuntimeError(.world, open.refusal(of: run.number))
        }
        return Recorded(run: run, sources: try run.sources(in: ledger), past: past)
    }

    // MARK: What has changed since

    private func refuseChanges(_ program: ResolvedProgram, _ own: OwnOptions, _ recorded: Recorded)
        async throws(UsageError)
    {
        let directory = World.currentDirectory()
        let files = LiveFiles(workingDirectory: directory)
        let run = recorded.run
        if let process = run.process, recorded.past.wasRunningContainers {
            await Leftovers.remove(of: process, in: .quiet(project: project))
        }
        if own.isForced { return }
        let settings = RunSession.settings(own, directory, files)
        let start = RunStart(
            recipe: run.recipe, program: program, words: run.words, settings: settings, directory: directory,
            version: relshVersion)
        var differences = start.differences(from: recorded.sources)
        if settings.last != run.settings.last { differences.append("relsh.toml has changed") }
        if let before = run.state {
            let now = await ProjectState.read(in: .quiet(project: project))
            let unseen = recorded.past.unseen
            var taken: [String] = []
            func isUnseen(_ path: String) -> Bool {
                // What was changed before that began, somebody else has changed; what is gone has no time.
                let changed = files.changed(shownAs: path) ?? Int.max
                guard let unseen, changed >= unseen.since - Self.clockTick else { return false }
                taken.append(path)
                return true
            }
            let own = recorded.past.files
            differences += before.differences(
                to: now, but: Set(own.keys), from: directory, isUnseen: isUnseen)
            let world = World.quiet(project: project)
            for (path, left) in own.sorted(by: { $0.key < $1.key }) {
                guard let left, await !isAsLeft(path, left, in: world) else { continue }
                if !isUnseen(Path(directory).joined(path).text) {
                    differences.append("\(path) is not as the run left it")
                }
            }
            if let unseen, !taken.isEmpty, differences.isEmpty { tell(taken, madeBy: unseen) }
        }
        if !differences.isEmpty { throw UsageError(.resumeRefused(run.name, differences)) }
    }

    /// What is no file, the change itself looks at.
    private func isAsLeft(_ path: String, _ left: Inverse.State, in world: World) async -> Bool {
        switch left {
        case .content, .absent: (try? await Inverse(.file(path), before: .absent).look(in: world)) == left
        default: true
        }
    }

    /// File systems tell time in steps of up to two seconds.
    private static let clockTick = 2_000_000

    /// It cannot be told for certain: the person should know.
    private func tell(_ paths: [String], madeBy unseen: PastRun.Unseen) {
        let calls = unseen.calls.map { "`\($0)`" }.joined(separator: " and ")
        let directory = World.currentDirectory() + "/"
        let paths = paths.map { $0.hasPrefix(directory) ? String($0.dropFirst(directory.count)) : $0 }
        let shown = paths.prefix(5).joined(separator: ", ") + (paths.count > 5 ? " and \(paths.count - 5) more" : "")
        let when = unseen.isUnderWay ? "with which the run stopped" : "just after which the run stopped"
        Terminal.write("relsh: taken for the work of \(calls), \(when): \(inOneLine(shown))\n", to: 2)
    }

    private var project: LiveProject {
        let directory = World.currentDirectory()
        return LiveProject(
            files: LiveFiles(workingDirectory: directory), workingDirectory: directory,
            environment: World.inheritedEnvironment())
    }
}

extension OwnOptions.Setting {
    /// `key=value`, as the ledger and plans keep it.
    init?(_ text: String) {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        self.init(key: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
}

extension RunSummary {
    /// The text after `-e`.
    fileprivate var expression: String? { words.first == "-e" && words.count == 2 ? words[1] : nil }
}
