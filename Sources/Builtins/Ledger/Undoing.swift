package import Lang

/// Taking back what an earlier run has changed, for `relsh undo`. It is a run of its own in the ledger.
package struct Undoing: Sendable {
    /// What became of one change.
    package enum Outcome: Sendable {
        case takenBack
        /// It was as before already.
        case alreadyBack
        case failed(RuntimeError)
    }

    package let ledger: Ledger
    package let run: RunSummary
    /// The newest first.
    package let changes: [RecordedInverse]
    /// What the run did that has no way back that relsh knows, as it stands in a recipe.
    package let others: [(call: String, name: String)]
    /// The steps with an `undo` of their own, which only the run itself could call.
    package let blocks: [RunReport.Step]

    /// - Parameter step: its number or title; nil for the whole run.
    package init(_ run: RunSummary, step: String?, ledger: Ledger) throws(RuntimeError) {
        self.ledger = ledger
        self.run = run
        let report = try RunReport.load(run, from: ledger)
        let effects =
            try step.map { (text) throws(RuntimeError) in report.effects(under: try report.step(text)) }
            ?? report.effects
        // What was intended when the run died may have been made.
        changes = effects.filter { $0.kind == "changes" }.reversed().flatMap { effect in
            effect.changes.filter { $0.state == "made" || $0.state == "intended" && effect.ending != "failed" }
                .reversed()
        }
        others = effects.filter { $0.kind == "changes" && $0.ending == "succeeded" && $0.changes.isEmpty }
            .map { ($0.call, String($0.call.prefix { $0 != "(" && $0 != " " })) }
        let inside = Set(effects.compactMap(\.step))
        blocks = report.steps.filter {
            $0.hasUndo && $0.ending == "succeeded" && (step == nil || inside.contains($0.identity))
        }
    }

    /// Takes them back one after the other; one that cannot be does not keep the others from it.
    ///
    /// - Parameters:
    ///   - start: of the run that this is.
    ///   - lock: what keeps the releases of other machines out; nil where that is not wanted.
    ///   - waits: while a release is under way; otherwise that is an error.
    package func perform(
        _ start: RunStart, _ lock: RemoteLock? = nil, waits: Bool = false, in world: World,
        told: @Sendable (RecordedInverse, Outcome) -> Void
    ) async throws(RuntimeError) -> Bool {
        var start = start
        start.takesBack = run.number
        let recorder = Recorder(ledger, start)
        var failure: RuntimeError?
        do {
            try await recorder.lock(world, waits: waits)
            try await lock?.take(run: recorder.number, waits: waits, in: world)
        } catch {
            let error = error is CancellationError ? RuntimeError(.cancelled, .cancelled()) : RuntimeError(any: error)
            try await recorder.end(error)
            throw error
        }
        for (position, change) in changes.enumerated() {
            if Task.isCancelled {
                failure = RuntimeError(.cancelled, .cancelled())
                break
            }
            do {
                try await lock?.confirm()
            } catch {
                failure = RuntimeError(any: error)
                try await recorder.end(failure)
                throw RuntimeError(any: error)
            }
            let outcome = try await perform(change, position, recorder, world)
            if case .failed(let error) = outcome { failure = failure ?? error }
            told(change, outcome)
        }
        try await recorder.end(failure)
        return failure == nil
    }

    private func perform(
        _ change: RecordedInverse, _ position: Int, _ recorder: Recorder, _ world: World
    ) async throws(RuntimeError) -> Outcome {
        let call = EffectCall(takingBack: change, of: run.number, position)
        try await recorder.begin(call, [], isUndo: true)
        let log = EffectLog()
        var world = world
        world.http = LoggedHTTP(inner: world.http, log: log)
        world.events = LoggedEvents(log: log)
        let result = await attempt(change, world)
        switch result {
        case .success(let isNew):
            try await recorder.finish(call, .success(.bool(isNew)), log, [], isUndo: true)
            try await Recorder(ledger, recorder.start, of: run.number).undone(change.effect, position: change.position)
            return isNew ? .takenBack : .alreadyBack
        case .failure(let error):
            try await recorder.finish(call, .failure(error), log, [], isUndo: true)
            return .failed(error)
        }
    }

    /// In a task of its own: what has been begun is ended, whoever is impatient.
    private func attempt(_ change: RecordedInverse, _ world: World) async -> Result<Bool, RuntimeError> {
        await Task {
            do {
                if change.state == "intended", change.inverse.made == nil {
                    let now = try await change.inverse.look(in: world)
                    if now == change.inverse.before { return .success(false) }
                    throw RuntimeError(
                        .world,
                        .perhapsMade(change.inverse.title, now: now.stored, commands: change.inverse.commands))
                }
                return .success(try await change.inverse.takeBack(in: world))
            } catch {
                return .failure(RuntimeError(any: error))
            }
        }.value
    }
}

/// Keeps what commands print; shows nothing.
private struct LoggedEvents: EffectEvents {
    let log: EffectLog
    var watchesCommands: Bool { true }
    func commandStarted(_ line: String) -> Int {
        log.add(request: line)
        return 0
    }
    func commandOutput(_ command: Int, _ line: String) { log.add(output: line) }
    func commandFinished(_ command: Int, exitCode: Int, output: String) {}
    func note(_ text: String) { log.add(output: text) }
}
