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
        var isScheduled = false
        /// The last look that was due, which may be under way.
        var looking: Task<Void, Never>?
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
    /// - Parameter later: called once that second has passed, to look where that is still due.
    func lookAgain(in world: World, later: @escaping @Sendable () async -> Void) async -> ProjectState? {
        let (isSoon, wait) = state.withLock { state -> (Bool, Duration?) in
            let now = ContinuousClock.now
            if let last = state.last, now - last < .seconds(1) {
                state.due = world
                defer { state.isScheduled = true }
                return (true, state.isScheduled ? nil : .seconds(1) - (now - last))
            }
            (state.due, state.last) = (nil, now)
            return (false, nil)
        }
        if let wait {
            Task.detached { [self] in
                try? await Task.sleep(for: wait)
                state.withLock { $0.isScheduled = false }
                await later()
            }
        }
        return isSoon ? nil : await read(world)
    }

    /// Looks where that is due. What was due before has been seen when this returns, whoever has looked.
    func lookWhereDue(_ seen: @escaping @Sendable (ProjectState) -> Void) async {
        let looking = state.withLock { state -> Task<Void, Never>? in
            guard let due = state.due else { return state.looking }
            (state.due, state.last) = (nil, .now)
            // In a task of its own, so that the run's end cannot break it off.
            let looking = Task { [self, before = state.looking] in
                await before?.value
                if let found = await read(due) { seen(found) }
            }
            state.looking = looking
            return looking
        }
        await looking?.value
    }

    private func read(_ world: World) async -> ProjectState? {
        let found = await ProjectState.read(in: world, root: state.withLock(\.root))
        if let found { state.withLock { $0.root = found.root } }
        return found
    }
}
