import Synchronization

/// When a run looks at its project. Looking takes as long as starting two programs, so that it is done once a second at most.
final class ProjectWatch: Sendable {
    private struct State {
        var first: Task<ProjectState?, Never>?
        var isTold = false
        /// Of the repository.
        var root: String?
        /// The world that has to be looked at once more, as something may have changed it since.
        var due: World?
        var last: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// The first look, which all wait for and one is told; nil for the others, and outside of a repository.
    func look(in world: World) async -> ProjectState? {
        let task = state.withLock { state -> Task<ProjectState?, Never>? in
            if state.isTold { return nil }
            if state.first == nil { state.first = Task { await ProjectState.read(in: world) } }
            return state.first
        }
        guard let task, let found = await task.value else { return nil }
        return state.withLock { state in
            defer { (state.isTold, state.root) = (true, found.root) }
            return state.isTold ? nil : found
        }
    }

    /// Nil where the last look is less than a second ago, too: another is due then.
    func lookAgain(in world: World) async -> ProjectState? {
        let isSoon = state.withLock { state in
            let now = ContinuousClock.now
            if let last = state.last, now - last < .seconds(1) {
                state.due = world
                return true
            }
            (state.due, state.last) = (nil, now)
            return false
        }
        return isSoon ? nil : await read(world)
    }

    /// Nil where none is due.
    func lookWhereDue() async -> ProjectState? {
        let due = state.withLock { state in
            defer { state.due = nil }
            return state.due
        }
        guard let due else { return nil }
        return await read(due)
    }

    private func read(_ world: World) async -> ProjectState? {
        let found = await ProjectState.read(in: world, root: state.withLock(\.root))
        if let found { state.withLock { $0.root = found.root } }
        return found
    }
}
