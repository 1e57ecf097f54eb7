package import Lang

/// Taking back what an earlier run has changed, for `relsh undo`. It is a run of its own in the ledger.
package struct Undoing: Sendable {
    /// What became of one change.
    package enum Outcome: Sendable {
        case takenBack
        /// It was as before already.
        case alreadyBack
        /// Nothing that relsh can do takes it away; why.
        case stays(String)
        case failed(RuntimeError)
    }

    /// What can be taken back.
    package enum Item: Sendable {
        case change(RecordedInverse)
        /// The `undo` block of a step.
        case block(RunReport.Step, StoredUndo)

        /// As it stands after "take back": `the name app:dev on this machine`.
        package var title: String {
            switch self {
            case .change(let change): change.inverse.title
            case .block(let step, _): "step \(step.number), \(step.title), by its undo"
            }
        }

        fileprivate var subject: Inverse.Subject? {
            if case .change(let change) = self { change.inverse.subject } else { nil }
        }

        fileprivate var order: (Int, Int) {
            switch self {
            case .change(let change): (change.sequence, change.position)
            case .block(_, let undo): (undo.sequence, 0)
            }
        }
    }

    package let ledger: Ledger
    package let run: RunSummary
    private let step: String?
    /// The newest first.
    package let items: [Item]
    /// With what is taken back already: to be as before that is to be as before.
    let chains: ChangeChains
    /// Something that the run did and that has no way back that relsh knows.
    package struct Other: Sendable {
        /// As it stands in a recipe.
        package let call: String
        package var name: String { String(call.prefix { $0 != "(" && $0 != " " }) }
        /// False where the run died in it, so that nothing tells whether it was made.
        package let isMade: Bool
        /// Whether there was a way back, and the ledger does not have it for the secret in the name of what was changed.
        package var namesSecret = false
    }

    package let others: [Other]
    /// Whether something stays that had a way back, which the ledger does not have.
    package var isOutOfReach: Bool { others.contains(where: \.namesSecret) }
    let program: UndoProgram
    /// What a block was doing when its run died, or an earlier `relsh undo`, by the identity of its step.
    let underWay: [String: String]

    /// - Parameter step: its number or title; nil for the whole run.
    package init(_ run: RunSummary, step: String?, ledger: Ledger) throws(RuntimeError) {
        self.ledger = ledger
        self.run = run
        self.step = step
        let report = try RunReport.load(run, from: ledger)
        let effects =
            try step.map { (text) throws(RuntimeError) in report.effects(under: try report.step(text)) }
            ?? report.effects
        // What was intended when the run died may have been made.
        let changes = effects.filter { $0.kind == "changes" }.flatMap { effect in
            effect.changes.filter { $0.state == "made" || $0.state == "intended" && effect.ending != "failed" }
        }
        chains = ChangeChains(
            (changes + effects.flatMap(\.changes).filter { $0.state == "undone" })
                .sorted { ($0.sequence, $0.position) < ($1.sequence, $1.position) })
        // A block is there from when its step is done, whether or not the run could still write that, until it has been called.
        let steps =
            try step.map { (text) throws(RuntimeError) in report.steps(under: try report.step(text)) } ?? report.steps
        let blocks = steps.compactMap { step in step.undo.map { (step, $0) } }
        items = (changes.map(Item.change) + blocks.map { .block($0.0, $0.1) }).sorted { $0.order > $1.order }
        let covered = blocks.map(\.0.identity)
        let hidden = effects.filter { $0.hidden.contains(.made) || $0.hidden.contains(.intended) && $0.ending == nil }
        let stays = effects.filter { effect in
            effect.kind == "changes" && (effect.ending == "succeeded" || effect.ending == nil) && effect.changes.isEmpty
                && !Self.hasInverse(effect.call)
                // What took something back is to stand.
                && (run.takesBack != nil || !effect.identity.contains("/undo/"))
                && !covered.contains { effect.identity.hasPrefix($0 + "/") || effect.identity.hasPrefix($0 + "[") }
        }
        others =
            hidden.map { Other(call: $0.call, isMade: $0.hidden.contains(.made), namesSecret: true) }
            + stays.map { Other(call: $0.call, isMade: $0.ending != nil) }
        underWay = try Self.underWay(run, ledger)
        program = UndoProgram(run, sources: try run.sources(in: ledger))
    }

    /// What has one, and none in the ledger, has changed nothing.
    private static func hasInverse(_ call: String) -> Bool {
        let name = Other(call: call, isMade: true).name
        return StandardCatalog.catalog.function(name)?.signature.reversals.contains(.transaction) ?? false
    }

    private static func underWay(_ run: RunSummary, _ ledger: Ledger) throws(RuntimeError) -> [String: String] {
        let rows = try ledger.read { (ledger) throws(SQLiteError) in
            try ledger.rows(
                """
                SELECT identity, call FROM effects WHERE kind = 'changes' AND ended IS NULL
                    AND (run = ?1 OR run IN (SELECT id FROM runs WHERE takes_back = ?1))
                """, [.int(run.number)])
        }
        var calls: [String: String] = [:]
        for row in rows {
            guard let identity = row[0].text, let call = row[1].text, let end = identity.firstRange(of: "/undo/") else {
                continue
            }
            calls[String(identity[..<end.lowerBound])] = call
        }
        return calls
    }

    /// As it is now. Somebody else may have taken it back, or gone on with it, since it was read.
    private func readAgain() throws(RuntimeError) -> Undoing {
        guard let now = try RunSummary.find(run.number, in: ledger) else { return self }
        if now.ending == .running, let process = now.process {
            throw RuntimeError(.world, .runNotUndoable(run.name, process: String(process.pid)))
        }
        return try Undoing(now, step: step, ledger: ledger)
    }

    /// Takes back what is left once nobody else works on the project, one after the other; one that cannot be does not keep the
    /// others from it.
    ///
    /// - Parameters:
    ///   - start: of the run that this is.
    ///   - lock: what keeps the releases of other machines out; nil where that is not wanted.
    ///   - waits: while a release is under way; otherwise that is an error.
    ///   - again: whether a block that was under way when its run died is called again.
    package func perform(
        _ start: RunStart, _ lock: RemoteLock? = nil, waits: Bool = false, in world: World, again: Bool = false,
        told: @Sendable (Item, Outcome) -> Void
    ) async throws(RuntimeError) -> Bool {
        var start = start
        start.takesBack = run.number
        let recorder = Recorder(ledger, start)
        let current: Undoing
        do {
            try await recorder.lock(world, waits: waits)
            try await lock?.take(run: recorder.number, waits: waits, in: world)
            current = try readAgain()
        } catch {
            let error = error is CancellationError ? RuntimeError(.cancelled, .cancelled()) : RuntimeError(any: error)
            try await end(recorder, error, lock, world)
            throw error
        }
        return try await current.perform(recorder, lock, in: world, again: again, told: told)
    }

    /// - Parameter recorder: of a run that holds the project's lock, which ends with it.
    private func perform(
        _ recorder: Recorder, _ lock: RemoteLock?, in world: World, again: Bool,
        told: @Sendable (Item, Outcome) -> Void
    ) async throws(RuntimeError) -> Bool {
        var failure: RuntimeError?
        // An older change of a thing that is not back to what that one has made cannot be taken back.
        var stuck: Set<Inverse.Subject> = []
        var rest = Array(items.enumerated())
        var isLast = false
        while !rest.isEmpty {
            var late: [(offset: Int, element: Item)] = []
            for (position, item) in rest {
                if let subject = item.subject, stuck.contains(subject) { continue }
                if Task.isCancelled {
                    failure = RuntimeError(.cancelled, .cancelled())
                    break
                }
                do {
                    try await lock?.confirm()
                } catch {
                    let error = RuntimeError(any: error)
                    try await end(recorder, error, lock, world)
                    throw error
                }
                let outcome =
                    switch item {
                    case .change(let change): try await perform(change, position, recorder, world)
                    case .block(let step, let undo): try await perform(undo, of: step, again, recorder, world)
                    }
                if !isLast, case .stays = outcome, case .change(let change) = item, change.inverse.isWorthAnotherTry {
                    late.append((position, item))
                    continue
                }
                if case .failed(let error) = outcome {
                    failure = failure ?? error
                    if let subject = item.subject { stuck.insert(subject) }
                }
                told(item, outcome)
            }
            (rest, isLast) = (late, true)
        }
        try await end(recorder, failure, lock, world)
        return failure == nil
    }

    /// The lock of other machines first: whoever gets that of this one next must not find the other still held.
    private func end(
        _ recorder: Recorder, _ failure: RuntimeError?, _ lock: RemoteLock?, _ world: World
    ) async throws(RuntimeError) {
        do {
            try await lock?.release()
        } catch {
            world.events.note(RuntimeError(any: error).message)
        }
        try await recorder.end(failure)
    }

    private func perform(
        _ change: RecordedInverse, _ position: Int, _ recorder: Recorder, _ world: World
    ) async throws(RuntimeError) -> Outcome {
        let call = EffectCall(takingBack: change, of: run.number, position)
        try await recorder.begin(call, [], isUndo: true)
        let log = EffectLog()
        var world = world
        world.http = LoggedHTTP(inner: world.http, log: log)
        world.events = LoggedEvents(log: log, outer: world.events)
        // The run may have died in writing it, or an earlier undo.
        if case .file(let path) = change.inverse.subject { world.files.removeLeftovers(of: path) }
        let result = await attempt(change, world)
        switch result {
        case .success(let ending):
            try await recorder.finish(call, .success(.bool(ending == .takenBack)), log, [], isUndo: true)
            if change.inverse.isDone(with: ending) {
                try await Recorder(ledger, recorder.start, of: run.number)
                    .undone(change.effect, position: change.position)
            }
            return switch ending {
            case .takenBack: .takenBack
            case .alreadyBack: .alreadyBack
            case .stays(let why): .stays(why)
            }
        case .failure(let error):
            try await recorder.finish(call, .failure(error), log, [], isUndo: true)
            return .failed(error)
        }
    }

    private func perform(
        _ undo: StoredUndo, of step: RunReport.Step, _ again: Bool, _ recorder: Recorder,
        _ world: World
    ) async throws(RuntimeError) -> Outcome {
        if let call = underWay[step.identity], !again {
            let name = "step \(step.number), \(step.title)"
            return .failed(RuntimeError(.world, .undoWasUnderWay(name, call, run: run.number)))
        }
        // As in the run itself, so that a later one can tell whether this one died in it.
        let identity = Identity(path: step.identity + "/undo")
        let before = run.state == nil ? nil : await ProjectState.read(in: world)
        // In a task of its own, as below.
        let result = await Task { [program] in
            do throws(RuntimeError) {
                try await program.call(undo, of: step, identity, recorder, world)
                return Result<Void, RuntimeError>.success(())
            } catch {
                return .failure(error)
            }
        }.value
        let note = Recorder(ledger, recorder.start, of: run.number)
        if let before, let after = await ProjectState.read(in: world),
            let state = try RunSummary.find(run.number, in: ledger)?.state
        {
            // Should the run be resumed, this is its own doing.
            try await note.surveyed(state.changed(from: before, to: after))
        }
        switch result {
        case .success:
            try await note.undone(step: step.identity)
            return .takenBack
        case .failure(let error): return .failed(error)
        }
    }

    /// In a task of its own: what has been begun is ended, whoever is impatient.
    private func attempt(_ change: RecordedInverse, _ world: World) async -> Result<Inverse.Ending, RuntimeError> {
        await Task {
            do {
                return .success(try await chains.takeBack(change, in: world))
            } catch {
                return .failure(SecretMask.hide(in: RuntimeError(any: error)))
            }
        }.value
    }
}
