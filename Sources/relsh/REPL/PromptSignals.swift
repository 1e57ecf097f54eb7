import Builtins
import Glibc
import Synchronization

/// Ctrl-C and its like at a prompt: it gives up the line, or the effect under way, and never the session.
struct PromptSignals: Sendable {
    private final class Shared: Sendable {
        let state = Mutex(State())
    }

    private struct State {
        var editor: LineEditor?
        var cancel: (@Sendable () -> Void)?
        var since: ContinuousClock.Instant?
        var isLeaving = false
        /// Requests since the effect under way was asked to stop.
        var requests = 0
    }

    private static let pipeEnd = Atomic<Int32>(-1)
    /// A second Ctrl-C this soon is the same request.
    private static let oneRequest = Duration.milliseconds(300)
    private let shared = Shared()

    init() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        Self.pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        let (source, shared) = (ends[0], shared)
        LineEditor.onThread {
            var byte: UInt8 = 0
            while true {
                let count = read(source, &byte, 1)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }
                Self.heed(Int32(byte), shared)
            }
        }
        for number in [SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT] {
            var handler = sigaction()
            handler.__sigaction_handler.sa_handler = { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(PromptSignals.pipeEnd.load(ordering: .relaxed), &byte, 1)
            }
            handler.sa_flags = SA_RESTART
            sigaction(number, &handler, nil)
        }
    }

    /// The editor that reads lines from now on.
    func serve(_ editor: LineEditor) { shared.state.withLock { $0.editor = editor } }

    /// True once relsh has been told to end.
    var isLeaving: Bool { shared.state.withLock(\.isLeaving) }

    /// Runs something that Ctrl-C cancels.
    func cancellable<T: Sendable>(_ body: @escaping @Sendable () async -> T) async -> T {
        let task = Task { await body() }
        shared.state.withLock { state in
            state.cancel = { task.cancel() }
            state.since = nil
            state.requests = 0
            if state.isLeaving { task.cancel() }
        }
        defer { shared.state.withLock { $0.cancel = nil } }
        return await task.value
    }

    private static func leave() -> Never {
        ProcessGroups.killAll()
        Terminal.write("\nrelsh: interrupted again, leaving at once: nothing more is undone\n", to: 2)
        _exit(ExitCode.interrupted.rawValue)
    }

    private static func heed(_ signal: Int32, _ shared: Shared) {
        var act: (@Sendable () -> Void)?
        shared.state.withLock { state in
            switch signal {
            case SIGWINCH:
                guard let editor = state.editor else { return }
                act = { editor.resized() }
            case SIGCONT:
                guard let editor = state.editor, state.cancel == nil else { return }
                act = { editor.continued() }
            default:
                if signal != SIGINT, signal != SIGQUIT { state.isLeaving = true }
                guard let cancel = state.cancel else {
                    // Without an editor, a pipe is being waited for.
                    guard let editor = state.editor else {
                        act = { _exit(ExitCode.interrupted.rawValue) }
                        return
                    }
                    act = { editor.interrupt() }
                    return
                }
                if let since = state.since, .now - since > oneRequest {
                    state.requests += 1
                    state.since = .now
                    // It was asked politely; what it has started is ended now. A loop in an `undo` is left only with relsh.
                    if state.requests > 1 || state.isLeaving {
                        act = { leave() }
                    } else {
                        act = { ProcessGroups.killAll() }
                    }
                } else if state.since == nil {
                    state.since = .now
                    act = cancel
                }
            }
        }
        act?()
    }
}
