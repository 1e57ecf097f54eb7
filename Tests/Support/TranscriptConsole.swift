package import Builtins
import Synchronization

/// Keeps what a person would see of `print` and of commands, line by line. Nobody is there to answer.
package final class TranscriptConsole: Console, RunObserver {
    private let text = Mutex("")

    package init() {}

    package var lines: [String] {
        var lines = text.withLock { $0 }.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    package func print(_ text: String) { self.text.withLock { $0 += text } }

    package func handle(_ event: RunEvent) {
        if case .liveOutput(_, _, let line) = event { print(line + "\n") }
    }

    package var isInteractive: Bool { false }
    package var assumesYes: Bool { true }
    package var width: Int { 80 }
    package func readLine(prompt: String, isSecret: Bool) async throws -> String? { nil }
    package func withTerminal<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
        try await body()
    }
}
