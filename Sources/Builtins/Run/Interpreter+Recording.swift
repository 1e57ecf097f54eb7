import Lang

// Performing effects with a record of them; and, in a run that is resumed, giving again what was recorded.

extension Interpreter {
    func perform(
        _ prepared: PreparedEffect, as call: EffectCall, by recorder: Recorder, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        var before: [Inverse]?
        var recalled: RuntimeError?
        if !scope.isUndoing, let past = recorder.past?.effect(call.identity) {
            switch try await recall(past, call, prepared, recorder, scope) {
            case .value(let value): return value
            case .failed(let error): recalled = error
            case .perform(let recorded): before = recorded
            }
        }
        do throws(RuntimeError) {
            if let recalled { throw recalled }
            return try await record(prepared, before, call, recorder, scope)
        } catch {
            var error = error
            if error.effect == nil { error.effect = call.identity }
            throw error
        }
    }

    /// - Parameter before: what was there before the effect was begun for the first time; nil where it was not.
    private func record(
        _ prepared: PreparedEffect, _ before: [Inverse]?, _ call: EffectCall, _ recorder: Recorder, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        let log = EffectLog()
        let plain = world(in: scope)
        let world = world(in: scope, log: log)
        let isUndo = scope.isUndoing
        let made = InverseList()
        defer { scope.undos?.list += made.takeAll().map(Scope.Undo.change) }
        if call.kind == .changes { try await confirmLock(scope) }
        if call.kind == .reads {
            return try await interruptible(scope) { () async throws -> PreparedEffect.Outcome in
                try await recorder.begin(call, [], isUndo: isUndo)
                return try await recorder.finishing(call, log, isUndo: isUndo) {
                    (try await prepared.perform(world), [])
                }
            }()
        }
        return try await interruptible(scope) { () async throws -> PreparedEffect.Outcome in
            try await recorder.prepare(plain)
            let inverses: [Inverse]
            var world = world
            if let before {
                inverses = before
            } else {
                inverses = isUndo ? [] : try await prepared.inverses?(plain) ?? []
                world.seen = inverses
            }
            try await recorder.begin(call, inverses, isUndo: isUndo)
            let partly: @Sendable () async -> [Inverse] = {
                let changes = isUndo ? [] : await inverses.madeInFailing(in: plain)
                made.append(changes, of: call.identity)
                return changes
            }
            let outcome: Result<PreparedEffect.Outcome, any Error>
            do {
                outcome = .success(
                    try await recorder.finishing(call, log, isUndo: isUndo, partly: partly) {
                        let (outcome, changes) = try await prepared.perform(before: inverses, world)
                        if !isUndo { made.append(changes, of: call.identity) }
                        return (outcome, changes)
                    })
            } catch {
                outcome = .failure(error)
            }
            // Once it has ended, however it did.
            await recorder.surveyAgain(after: call, plain)
            return try outcome.get()
        }()
    }
}

extension Interpreter {
    /// A transaction is a release: one at a time in a project, on this machine and on all that share its git remote. Does nothing
    /// where this run has the lock.
    func lock(_ scope: Scope) async throws(RuntimeError) {
        guard let take = taking(scope) else { return }
        try await interruptible(scope, take)
    }

    /// What takes it; nil where there is none to be taken.
    func taking(_ scope: Scope) -> (@Sendable () async throws -> Void)? {
        if options.isDryRun || scope.isUndoing { return nil }
        let (recorder, lock) = (recorder, options.lock)
        if recorder == nil, lock == nil { return nil }
        let world = world(in: scope)
        let waits = options.resuming.waits
        return {
            if let recorder {
                try await recorder.prepare(world)
                try await recorder.lock(world, waits: waits)
            }
            try await lock?.take(run: recorder?.number, waits: waits, in: world)
        }
    }

    /// Before a change: nobody else may have got the lock meanwhile, as when this machine has slept. What takes things back
    /// looks by itself whether somebody has changed them.
    func confirmLock(_ scope: Scope) async throws(RuntimeError) {
        guard let lock = options.lock, !scope.isUndoing else { return }
        try await interruptible(scope) { try await lock.confirm() }
    }
}

extension Recorder {
    /// Whether what a builtin reads is recorded: not what only shows something, and not the project's settings, whose file is
    /// compared when a run is resumed.
    static func keeps(_ builtin: Builtin) -> Bool {
        !builtin.signature.isVariadic && !builtin.name.hasPrefix("project.") && !shown.contains(builtin.name)
    }

    private static let shown: Set<String> = ["ui.table", "ui.note"]

    /// Calls `body` and commits what came of it before that is used.
    /// - Parameter partly: gives what it has changed although it failed.
    fileprivate func finishing(
        _ call: EffectCall, _ log: EffectLog, isUndo: Bool, partly: () async -> [Inverse] = { [] },
        _ body: () async throws -> (PreparedEffect.Outcome, [Inverse])
    ) async throws -> PreparedEffect.Outcome {
        let result: (PreparedEffect.Outcome, [Inverse])
        do {
            result = try await body()
        } catch {
            let failure = error is CancellationError ? RuntimeError(.cancelled, .cancelled()) : RuntimeError(any: error)
            // What went wrong counts more than that it cannot be written down.
            try? await finish(call, .failure(failure), log, await partly(), isUndo: isUndo)
            throw error
        }
        try await finish(call, .success(result.0()), log, result.1, isUndo: isUndo)
        return result.0
    }
}
