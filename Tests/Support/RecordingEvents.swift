import Builtins
import Lang
import Synchronization

/// Keeps what effects report.
package final class RecordingEvents: EffectEvents {
    private struct State {
        var started: [String] = []
        var output: [String] = []
        var finished: [(line: String, exitCode: Int, output: String)] = []
        var notes: [String] = []
        var transfers: [Transfer] = []
    }

    /// Bytes on their way to a place.
    package struct Transfer: Sendable, Hashable {
        package let place: String
        package let total: Int
        package var bytes = 0
        package var isFinished = false
    }

    private let state = Mutex(State())

    package init() {}

    /// The commands that began, as a person would type them.
    package var commands: [String] { state.withLock { $0.started } }
    /// The lines that were shown while commands ran.
    package var output: [String] { state.withLock { $0.output } }
    /// The commands that ended.
    package var finished: [(line: String, exitCode: Int, output: String)] { state.withLock { $0.finished } }
    package var notes: [String] { state.withLock { $0.notes } }

    package var transfers: [Transfer] { state.withLock { $0.transfers } }

    package func transferStarted(_ place: String, total: Int) -> Int {
        state.withLock { state in
            state.transfers.append(Transfer(place: place, total: total))
            return state.transfers.count - 1
        }
    }

    package func transferred(_ transfer: Int, bytes: Int) {
        state.withLock { $0.transfers[transfer].bytes = bytes }
    }

    package func transferFinished(_ transfer: Int) { state.withLock { $0.transfers[transfer].isFinished = true } }

    package func commandStarted(_ line: String) -> Int {
        state.withLock { state in
            state.started.append(line)
            return state.started.count - 1
        }
    }

    package func commandOutput(_ command: Int, _ line: String) { state.withLock { $0.output.append(line) } }

    package func commandFinished(_ command: Int, exitCode: Int, output: String) {
        state.withLock { $0.finished.append(($0.started[command], exitCode, output)) }
    }

    package func note(_ text: String) { state.withLock { $0.notes.append(text) } }
}
