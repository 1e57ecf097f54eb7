import Lang

// parallel: branches are fibers of their own, interleaved on the machine's side; their effects run at once.

extension Interpreter {
    /// The branches of one `parallel` and what came of them; only the machine's side touches it.
    @Evaluation
    private final class Branches {
        let functions: [(FunctionObject, [Value])]
        let identity: Identity
        var values: [Value?]
        var failure: RuntimeError?

        init(_ functions: [(FunctionObject, [Value])], _ identity: Identity) {
            self.functions = functions
            self.identity = identity
            values = Array(repeating: nil, count: functions.count)
        }
    }

    /// Runs all branches and gives their results in order. The first failure cancels the rest; all have ended when this
    /// returns.
    func parallel(
        _ functions: [(FunctionObject, [Value])], limit: Int?, identity: Identity, _ scope: Scope
    ) async throws(RuntimeError) -> [Value] {
        let branches = Branches(functions, identity)
        let count = functions.count
        let deadline = scope.nextDeadline
        branchCount += count
        defer { branchCount -= count }
        let isExpired = await withTaskGroup(of: Ended.self) { group in
            // A dry run goes through the branches one by one, so that its plan reads in order.
            let width = min(options.isDryRun ? 1 : limit ?? count, count)
            for index in 0..<width { launch(index, of: branches, scope, in: &group) }
            if let deadline { Self.watch(deadline.instant, in: &group) }
            return await collect(branches, launched: width, until: deadline?.instant, scope, &group)
        }
        if isExpired, let deadline { throw scope.expire(deadline) }
        if let failure = branches.failure { throw failure }
        try scope.checkInterruption()
        return branches.values.map { $0 ?? .null }
    }

    private enum Ended: Sendable { case branch, deadline }

    private func launch(_ index: Int, of branches: Branches, _ scope: Scope, in group: inout TaskGroup<Ended>) {
        group.addTask {
            await self.run(index, of: branches, scope)
            return .branch
        }
    }

    private nonisolated static func watch(_ instant: ContinuousClock.Instant, in group: inout TaskGroup<Ended>) {
        group.addTask {
            try? await Task.sleep(until: instant, clock: .continuous)
            return .deadline
        }
    }

    /// Waits for all branches, starting the next as one ends. True if the deadline came first.
    private func collect(
        _ branches: Branches, launched: Int, until deadline: ContinuousClock.Instant?, _ scope: Scope,
        _ group: inout TaskGroup<Ended>
    ) async -> Bool {
        var next = launched
        var running = launched
        var isExpired = false
        while running > 0, let ended = await group.next() {
            switch ended {
            case .branch:
                running -= 1
                if branches.failure != nil {
                    group.cancelAll()
                } else if next < branches.functions.count, !isExpired {
                    launch(next, of: branches, scope, in: &group)
                    next += 1
                    running += 1
                }
            case .deadline:
                // A sleep that was cancelled ends early and is no deadline.
                isExpired = deadline.map { $0 <= .now } ?? false
                group.cancelAll()
            }
        }
        group.cancelAll()
        return isExpired
    }

    private func run(_ index: Int, of branches: Branches, _ outer: Scope) async {
        let (function, arguments) = branches.functions[index]
        let fiber = Fiber(
            program: program, function: function, arguments: arguments, identity: branches.identity.branch(index))
        do throws(RuntimeError) {
            branches.values[index] = try await drive(fiber, Scope(inheriting: outer))
        } catch {
            // Branches that were cancelled because of the first failure are not what went wrong.
            if branches.failure == nil || branches.failure?.kind == .cancelled && error.kind != .cancelled {
                branches.failure = error
            }
        }
    }
}
