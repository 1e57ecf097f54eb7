import Synchronization

/// The texts of all secrets that a process has held, so that none of them is shown or written down where it comes back in another
/// text: the output of a program, a message, a line of a request.
package final class KnownSecrets: Sendable {
    private struct State {
        var all: Set<String> = []
        var revealed: Set<String> = []
        var version = 0
    }

    private let state = Mutex(State())

    /// Those of the process. Tests, which run side by side in one, have their own.
    @TaskLocal package static var current = KnownSecrets()

    package init() {}

    /// In bytes. Hiding one of one or two letters would riddle the text with marks and give it away.
    package static let shortest = 3

    func note(_ text: String) {
        if text.utf8.count < Self.shortest { return }
        state.withLock { if $0.all.insert(text).inserted { $0.version += 1 } }
    }

    /// The recipe gives one out for all to see: what it prints may show it. What is recorded still does not.
    package func reveal(_ text: String) {
        state.withLock { if $0.revealed.insert(text).inserted { $0.version += 1 } }
    }

    /// Another one whenever there is something new; 0 while there is nothing.
    package var version: Int { state.withLock(\.version) }
    package var all: (all: Set<String>, revealed: Set<String>) { state.withLock { ($0.all, $0.revealed) } }
}
