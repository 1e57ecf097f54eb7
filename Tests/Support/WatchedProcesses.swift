package import Builtins
import Synchronization

/// The programs of transcripts, and a record of when each began and how it ended.
package final class WatchedProcesses: ProcessRunner {
    private struct State {
        var log: [String] = []
        var running = 0
        var mostAtOnce = 0
    }

    private let programs = TranscriptPrograms()
    private let state = Mutex(State())

    package init() {}

    /// `begin LINE`, then `end LINE` or, for one that was cancelled, `stopped LINE`.
    package var log: [String] { state.withLock { $0.log } }
    package var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }
    /// The commands that ended by themselves.
    package var ended: [String] { log.filter { $0.hasPrefix("end ") }.map { String($0.dropFirst(4)) } }
    package var stopped: [String] { log.filter { $0.hasPrefix("stopped ") }.map { String($0.dropFirst(8)) } }

    package func run(_ stages: [ProcessRequest], _ options: ProcessOptions) async throws -> ProcessOutcome {
        let line = stages.map(\.line).joined(separator: " | ")
        state.withLock { state in
            state.log.append("begin \(line)")
            state.running += 1
            state.mostAtOnce = max(state.mostAtOnce, state.running)
        }
        do {
            let outcome = try await programs.run(stages, options)
            finish("end \(line)")
            return outcome
        } catch {
            // A real program takes its time to stop; whoever cancelled it has to wait.
            if Task.isCancelled { await Task { try? await Task.sleep(for: .milliseconds(20)) }.value }
            finish((Task.isCancelled ? "stopped " : "failed ") + line)
            throw error
        }
    }

    private func finish(_ entry: String) {
        state.withLock { state in
            state.log.append(entry)
            state.running -= 1
        }
    }
}
