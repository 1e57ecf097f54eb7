import Synchronization

/// The texts of all secrets that this process has held, so that none of them is written down where it comes back in another
/// text: the output of a program, a message, a line of a request.
package enum KnownSecrets {
    private static let known = Mutex<Set<String>>([])

    static func note(_ text: String) {
        // Hiding a secret of one or two letters would riddle the text with marks and give it away.
        if text.utf8.count > 2 { known.withLock { _ = $0.insert(text) } }
    }

    package static var count: Int { known.withLock(\.count) }
    package static var all: Set<String> { known.withLock { $0 } }
}
