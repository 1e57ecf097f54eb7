import Builtins
import Lang
import Synchronization

/// Progress where no terminal is: a line when a step begins and one when it ends, commands as they are run, their output
/// only if they fail. Made for the logs of CI, where lines cannot be taken back.
final class PlainProgress: RunProgress {
    private struct State {
        var depths: [Int: (depth: Int, title: String)] = [:]
        var failed = FailedCommands()
        var running: Set<Int> = []
        var transfers: [Int: (bar: TransferBar, told: Duration)] = [:]
        var groups = ActionsGroups()
    }

    /// A transfer is told of this often; most are over before.
    private static let transferInterval = Duration.seconds(10)

    private let options: ProgressOptions
    private let console: TerminalConsole
    private let write: @Sendable (String) -> Void
    private let now: @Sendable () -> Duration
    private let state = Mutex(State())

    /// - Parameters:
    ///   - write: takes whole lines; standard error unless a test looks at them.
    ///   - now: the time since some moment.
    init(
        _ options: ProgressOptions, console: TerminalConsole,
        write: @escaping @Sendable (String) -> Void = { Terminal.write($0, to: 2) },
        now: @escaping @Sendable () -> Duration = PlainProgress.sinceNow()
    ) {
        self.options = options
        self.console = console
        self.write = write
        self.now = now
    }

    private static func sinceNow() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    // MARK: events

    var watchesCommands: Bool { options.isVerbose }

    func handle(_ event: RunEvent) {
        // Written inside the lock: lines of parallel branches must not mix.
        state.withLock { state in
            for line in lines(event, &state) { write(line.rendered(width: nil, colour: options.colour) + "\n") }
        }
    }

    private func lines(_ event: RunEvent, _ state: inout State) -> [StyledLine] {
        switch event {
        case .stepStarted(let id, let parent, let title):
            let depth = parent.flatMap { state.depths[$0] }.map { $0.depth + 1 } ?? 0
            state.depths[id] = (depth, oneLine(title))
            if options.groupsSteps, let lines = state.groups.begin(depth: depth, title: oneLine(title)) {
                return unlessQuiet(lines)
            }
            return unlessQuiet(StyledLine(margin(depth)) + ("==> ", .cyan) + (oneLine(title), .bold))
        case .stepFinished(let id, let ending, let elapsed):
            return finished(id, ending, elapsed, &state)
        case .commandStarted(let id, let step, let line):
            state.running.insert(id)
            return unlessQuiet(StyledLine(inside(step, state) + "$ " + oneLine(line), .dim))
        case .commandOutput(_, let step, let line):
            guard options.isVerbose else { return [] }
            let branch = state.running.count > 1 ? step.flatMap { state.depths[$0] }.map { "[\($0.title)] " } : nil
            return unlessQuiet(StyledLine(inside(step, state) + (branch ?? "") + oneLine(line)))
        case .liveOutput(_, let command, let line):
            if options.isVerbose || options.isQuiet { return [] }
            state.failed.markShown(command)
            return [StyledLine(line)]
        case .commandFinished(let id, let step, let line, let exitCode, let output, _):
            state.running.remove(id)
            if options.isVerbose, !options.isQuiet {
                state.failed.markShown(line)
            } else {
                state.failed.finished(step: step, line: line, exitCode: exitCode, output: output)
            }
            return []
        case .transferStarted(let id, _, let place, let total):
            let now = now()
            state.transfers[id] = (TransferBar(place, total: total, at: now), now)
            return []
        case .transferred(let id, let step, let bytes):
            return transferred(id, step, bytes, &state)
        case .transferFinished(let id, _):
            state.transfers[id] = nil
            return []
        case .planned(let step, let line):
            return unlessQuiet(StyledLine(inside(step, state)) + ("would run: ", .yellow) + (oneLine(line), .plain))
        case .note(let step, let text):
            return unlessQuiet(StyledLine(inside(step, state) + "· " + inOneLine(text), .dim))
        case .remains(let step, let text):
            return [StyledLine(inside(step, state)) + ("· " + inOneLine(text), .red)]
        }
    }

    private func transferred(_ id: Int, _ step: Int?, _ bytes: Int, _ state: inout State) -> [StyledLine] {
        guard var transfer = state.transfers[id] else { return [] }
        let now = now()
        transfer.bar.reached(bytes, at: now)
        let isDue = now - transfer.told >= Self.transferInterval
        if isDue { transfer.told = now }
        state.transfers[id] = transfer
        return isDue ? unlessQuiet(StyledLine(inside(step, state) + "· " + transfer.bar.text(at: now), .dim)) : []
    }

    private func finished(
        _ id: Int, _ ending: RunEvent.Ending, _ elapsed: Duration, _ state: inout State
    ) -> [StyledLine] {
        let (depth, title) = state.depths.removeValue(forKey: id) ?? (0, "")
        let rest = ("\(title) (\(shownTime(elapsed)))", StyledLine.Style.plain)
        let start = StyledLine(margin(depth))
        var failed = false
        if case .failed = ending { failed = true }
        let closing = options.groupsSteps ? unlessQuiet(state.groups.end(depth: depth, failed: failed)) : []
        switch ending {
        case .succeeded:
            _ = state.failed.stepEnded(id, failed: false)
            return closing + unlessQuiet(start + ("ok  ", .green) + rest)
        case .cancelled:
            _ = state.failed.stepEnded(id, failed: false)
            return closing + unlessQuiet(start + ("cancelled  ", .yellow) + rest)
        case .failed:
            let output = state.failed.stepEnded(id, failed: true)?.lines.map { StyledLine($0) } ?? []
            return closing + output + [start + ("failed  ", .red) + rest]
        }
    }

    private func unlessQuiet(_ lines: [String]) -> [StyledLine] { options.isQuiet ? [] : lines.map { StyledLine($0) } }

    private func unlessQuiet(_ line: StyledLine) -> [StyledLine] { options.isQuiet ? [] : [line] }

    private func inside(_ step: Int?, _ state: State) -> String {
        margin(step.flatMap { state.depths[$0] }.map { $0.depth + 1 } ?? 0)
    }

    private func margin(_ depth: Int) -> String { String(repeating: "  ", count: min(depth, 40)) }

    func finish(_ error: RuntimeError?) -> Bool {
        guard let command = error?.command else { return false }
        return state.withLock { state in
            for line in state.failed.runEnded(commandLine: command.line)?.lines ?? [] { write(line + "\n") }
            return state.failed.hasShown(command.line)
        }
    }

    // MARK: console

    var isInteractive: Bool { console.isInteractive }
    var hasTerminal: Bool { console.hasTerminal }
    var assumesYes: Bool { console.assumesYes }
    var width: Int { console.width }

    func print(_ text: String) { state.withLock { _ in console.print(text) } }

    func readLine(prompt: String, isSecret: Bool) async throws -> String? {
        try await console.readLine(prompt: prompt, isSecret: isSecret)
    }

    func withTerminal<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T { try await body() }
}
