import Synchronization

/// How one change is taken back. It is made from what was there before the change, and does nothing where that is there
/// again; where somebody else has changed the same thing since, it refuses.
package struct Inverse: Sendable {
    /// What is put back, as it stands after "take back": `tag app:dev on this machine`.
    package let subject: String
    /// What a person would type to do it.
    package let commands: [String]
    /// - Throws: `RuntimeError` where it cannot be done.
    package let perform: @Sendable (World) async throws -> Void

    package init(
        _ subject: String, commands: [String], perform: @escaping @Sendable (World) async throws -> Void
    ) {
        self.subject = subject
        self.commands = commands
        self.perform = perform
    }
}

/// Takes in inverses while a change is made, so that none is lost when the change is interrupted in the middle.
package final class InverseList: Sendable {
    private let inverses = Mutex<[Inverse]>([])

    package init() {}

    package func append(_ inverse: Inverse) { inverses.withLock { $0.append(inverse) } }

    /// All of them, oldest first; afterwards it is empty.
    package func takeAll() -> [Inverse] {
        inverses.withLock { list in
            defer { list.removeAll() }
            return list
        }
    }
}
