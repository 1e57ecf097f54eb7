import Builtins
import Lang
import Synchronization

/// Progress on a terminal: the tree of steps stands below everything printed and is drawn anew up to ten times a second.
///
/// Nothing about the terminal is changed (the cursor stays visible, no alternate screen), so that there is nothing to
/// restore however relsh ends. A task ticks while a step or command is under way, and only then.
final class LiveProgress: RunProgress {
    private struct State {
        var tree = ProgressTree()
        var failed = FailedCommands()
        /// Final lines that wait for the next drawing.
        var pending: [StyledLine] = []
        /// The widths of the lines on the screen, by which they are found again after a resize.
        var drawn: [Int] = []
        var lastDrawing: Duration = .seconds(-1)
        /// Prompts and programs that have the terminal.
        var suspensions = 0
        var isTicking = false
        var isOver = false
        /// False after text without a line end: the tree then starts on a line of its own.
        var isAtLineStart = true
    }

    private static let interval = Duration.milliseconds(100)

    private let options: ProgressOptions
    private let console: TerminalConsole
    private let write: @Sendable (String) -> Void
    private let size: @Sendable () -> Terminal.Size
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    /// - Parameters:
    ///   - write: takes what goes to the terminal.
    ///   - size: the terminal's, asked before every drawing.
    init(
        _ options: ProgressOptions, console: TerminalConsole,
        write: @escaping @Sendable (String) -> Void = { Terminal.write($0, to: 2) },
        size: @escaping @Sendable () -> Terminal.Size = {
            Terminal.size(2) ?? Terminal.Size(width: 80, height: 24)
        }
    ) {
        self.options = options
        self.console = console
        self.write = write
        self.size = size
    }

    private var now: Duration { ContinuousClock.now - start }

    // MARK: events

    func handle(_ event: RunEvent) {
        let needsTicker = state.withLock { state in
            if state.isOver { return false }
            let now = now
            state.pending += failures(event, &state)
            state.pending += state.tree.apply(event, at: now)
            if state.tree.isIdle || now - state.lastDrawing >= Self.interval { draw(&state) }
            if state.isTicking || state.tree.isIdle { return false }
            state.isTicking = true
            return true
        }
        if needsTicker { Task { await tick() } }
    }

    /// Output of commands that is to be shown whole.
    private func failures(_ event: RunEvent, _ state: inout State) -> [StyledLine] {
        switch event {
        case .commandOutput(_, _, let line) where options.isVerbose: return [StyledLine(oneLine(line))]
        case .liveOutput(_, let command, let line) where !options.isVerbose:
            state.failed.markShown(command)
            return [StyledLine(oneLine(line))]
        case .commandFinished(_, let step, let line, let exitCode, let output, _):
            if options.isVerbose {
                state.failed.markShown(line)
            } else {
                state.failed.finished(step: step, line: line, exitCode: exitCode, output: output)
            }
            return []
        case .stepFinished(let id, .failed, _):
            return state.failed.stepEnded(id, failed: true)?.lines.map { StyledLine($0) } ?? []
        case .stepFinished(let id, _, _):
            _ = state.failed.stepEnded(id, failed: false)
            return []
        default: return []
        }
    }

    /// Draws until nothing moves.
    private func tick() async {
        while true {
            try? await Task.sleep(for: Self.interval)
            let goesOn = state.withLock { state in
                if state.isOver || state.tree.isIdle {
                    state.isTicking = false
                    return false
                }
                draw(&state)
                return true
            }
            if !goesOn { return }
        }
    }

    func finish(_ error: RuntimeError?) -> Bool {
        state.withLock { state in
            state.pending += state.tree.close(at: now)
            if let command = error?.command {
                state.pending += state.failed.runEnded(commandLine: command.line)?.lines.map { StyledLine($0) } ?? []
            }
            state.suspensions = 0
            draw(&state)
            state.isOver = true
            return error?.command.map { state.failed.hasShown($0.line) } ?? false
        }
    }

    // MARK: drawing

    /// Takes the old tree away, prints what is final, and draws the new tree, all in one write.
    private func draw(_ state: inout State) {
        guard state.suspensions == 0, !state.isOver else { return }
        let size = size()
        var text = erasure(&state, width: size.width) + finalLines(&state)
        let lines = state.tree.lines(height: size.height, now: now)
        if !lines.isEmpty { text += lineStart(&state) }
        for line in lines {
            // One column less: some terminals wrap when the last one is written.
            let shown = line.rendered(width: size.width - 1, colour: options.colour)
            state.drawn.append(min(displayWidth(line.plain), size.width - 1))
            text += shown + "\n"
        }
        state.lastDrawing = now
        if !text.isEmpty { write(text) }
    }

    /// What is final and not printed yet.
    private func finalLines(_ state: inout State) -> String {
        if state.pending.isEmpty { return "" }
        defer { state.pending = [] }
        return state.pending.reduce(into: lineStart(&state)) {
            $0 += $1.rendered(width: nil, colour: options.colour) + "\n"
        }
    }

    private func lineStart(_ state: inout State) -> String {
        defer { state.isAtLineStart = true }
        return state.isAtLineStart ? "" : "\n"
    }

    /// Goes up to where the tree began and clears to the end. After a resize to fewer columns the terminal has wrapped
    /// the lines, so they are counted by the present width.
    private func erasure(_ state: inout State, width: Int) -> String {
        if state.drawn.isEmpty { return "" }
        let rows = state.drawn.reduce(0) { $0 + max(1, ($1 + width - 1) / width) }
        state.drawn = []
        return "\r\u{1B}[\(rows)A\u{1B}[J"
    }

    private func clear(_ state: inout State) {
        let tree = erasure(&state, width: size().width)
        // While somebody else has the terminal, final lines wait.
        let final = state.suspensions == 0 ? finalLines(&state) : ""
        let text = tree + final
        if !text.isEmpty { write(text) }
    }

    // MARK: console

    var isInteractive: Bool { console.isInteractive }
    var hasTerminal: Bool { console.hasTerminal }
    var assumesYes: Bool { console.assumesYes }
    var width: Int { console.width }

    func print(_ text: String) {
        state.withLock { state in
            guard console.printsToTerminal else {
                console.print(text)
                return
            }
            clear(&state)
            console.print(text)
            state.isAtLineStart = text.isEmpty ? state.isAtLineStart : text.hasSuffix("\n")
            // Otherwise the next tick draws: a loop that prints must not draw each time.
            if now - state.lastDrawing >= Self.interval { draw(&state) }
        }
    }

    func readLine(prompt: String, isSecret: Bool) async throws -> String? {
        let console = console
        return try await withTerminal { try await console.readLine(prompt: prompt, isSecret: isSecret) }
    }

    func withTerminal<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
        state.withLock { state in
            clear(&state)
            state.suspensions += 1
        }
        defer {
            state.withLock { state in
                state.suspensions = max(0, state.suspensions - 1)
                draw(&state)
            }
        }
        return try await body()
    }
}
