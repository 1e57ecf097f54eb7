import Builtins
import Lang
import Synchronization

/// A console whose person has their answers ready. Records what was printed and asked.
package final class FakeConsole: Console {
    private struct State {
        var answers: [String]
        var printed = ""
        var questions: [String] = []
    }

    private let state: Mutex<State>
    package let isInteractive: Bool
    package let hasTerminal: Bool
    package let assumesYes: Bool
    package let width: Int

    /// - Parameter answers: given one after the other; then the input ends. Nobody is there without any.
    package init(answers: [String]? = nil, assumesYes: Bool = false, hasTerminal: Bool = false, width: Int = 80) {
        state = Mutex(State(answers: answers ?? []))
        isInteractive = answers != nil
        self.hasTerminal = hasTerminal
        self.assumesYes = assumesYes
        self.width = width
    }

    /// Everything that was written to standard output.
    package var printed: String { state.withLock { $0.printed } }
    /// The prompts, in order; those for secrets begin with `(secret) `.
    package var questions: [String] { state.withLock { $0.questions } }

    package func print(_ text: String) { state.withLock { $0.printed += text } }

    package func readLine(prompt: String, isSecret: Bool) async throws -> String? {
        state.withLock { state in
            state.questions.append((isSecret ? "(secret) " : "") + prompt)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
    }

    package func withTerminal<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T {
        try await body()
    }
}
