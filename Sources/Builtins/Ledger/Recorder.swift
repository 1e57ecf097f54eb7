package import Lang
import Synchronization

/// Writes down what a run does, as it does it.
///
/// What changes something is committed before it is made, and its outcome before that is used. Steps and reads wait for the
/// next such commit, or for half a second: losing the last of them loses nothing, as they are made again.
package final class Recorder: Sendable {
    private struct Write: Sendable {
        /// The run's number is its first value.
        let sql: String
        let values: [SQLValue]
    }

    private struct State {
        var writes: [Write] = []
        /// Of the last effect.
        var sequence = 0
        /// Of the last step.
        var step = 0
        var isScheduled = false
        var isTrusting = true
        var hasPerformed = false
        var isLocked = false
    }

    package let ledger: Ledger
    package let start: RunStart
    /// What the run did before, where it is resumed.
    let past: PastRun?
    private let state: Mutex<State>
    private let run: Mutex<Int?>
    /// Held while something is written, for as long as the disk takes.
    private let writing = Mutex(())
    private let clock: any ClockAccess
    private let watch = ProjectWatch()

    package init(_ ledger: Ledger, _ start: RunStart, past: PastRun? = nil, clock: any ClockAccess = LiveClock()) {
        self.ledger = ledger
        self.start = start
        self.past = past
        self.clock = clock
        var state = State()
        state.sequence = past?.lastSequence ?? 0
        state.step = past?.lastStep ?? 0
        self.state = Mutex(state)
        run = Mutex(nil)
    }

    /// For a note about another run.
    init(_ ledger: Ledger, _ start: RunStart, of number: Int) {
        self.ledger = ledger
        self.start = start
        past = nil
        clock = LiveClock()
        state = Mutex(State())
        run = Mutex(number)
    }

    /// The run's number, once something of it has been written.
    package var number: Int? { run.withLock { $0 } }

    var now: SQLValue { .int(Int(clock.now() * 1_000_000)) }

    // MARK: Writing

    func append(_ sql: String, _ values: [SQLValue]) {
        let mustSchedule = state.withLock { state in
            state.writes.append(Write(sql: sql, values: values))
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        guard mustSchedule else { return }
        Task.detached { [self] in
            try? await Task.sleep(for: .milliseconds(500))
            state.withLock { $0.isScheduled = false }
            // What could not be written waits for the next commit, which says so.
            try? await commit()
        }
    }

    /// Everything so far is on the disk when this returns.
    /// - Parameter isEnding: whether the run comes to its end with it, or takes something back: then it is written in the room
    ///   that was kept for that, where there is no other.
    func commit(isEnding: Bool = false) async throws(RuntimeError) {
        if state.withLock(\.writes.isEmpty) { return }
        do {
            try await LedgerThread.run { [self] in try write(isEnding: isEnding) }
        } catch {
            throw RuntimeError(any: error)
        }
    }

    private func write(isEnding: Bool) throws(RuntimeError) {
        if !isEnding { try ledger.expectReserve() }
        do throws(RuntimeError) {
            try write()
        } catch {
            guard isEnding, ledger.giveUpReserve() else { throw error }
            try write()
        }
    }

    private func write() throws(RuntimeError) {
        if state.withLock(\.writes.isEmpty) { return }
        var taken: [Write] = []
        do throws(RuntimeError) {
            try asRun { (ledger, number) throws(SQLiteError) in
                // Taken only here: what another has written meanwhile needs no commit of its own.
                taken = state.withLock { state in
                    defer { state.writes = [] }
                    return state.writes
                }
                for write in taken { try ledger.run(write.sql, [.int(number)] + write.values) }
            }
        } catch {
            // All of it waits for the next time, whichever statement was refused, or the commit.
            state.withLock { [taken] in $0.writes = taken + $0.writes }
            throw error
        }
    }

    /// In one transaction, and with the run's number, which it has only once the transaction has been committed in which it is
    /// given. One at a time, so that it is given once.
    private func asRun<T: Sendable>(
        _ body: (LedgerAccess, Int) throws(SQLiteError) -> T
    ) throws(RuntimeError) -> T {
        do throws(RuntimeError) {
            return try writing.withLock { _ throws(RuntimeError) -> T in
                let known = number
                let (number, result) = try ledger.write { (ledger) throws(SQLiteError) in
                    let number: Int
                    if let known { number = known } else { number = try begin(in: ledger) }
                    return (number, try body(ledger, number))
                }
                run.withLock { $0 = number }
                return result
            }
        } catch {
            // Where nothing can be recorded the run ends, whatever a `try` or `retry` would make of it.
            var error = error
            error.kind = .limit
            throw error
        }
    }

    private func begin(in ledger: LedgerAccess) throws(SQLiteError) -> Int {
        if let past { return try start.resume(past, in: ledger, at: now) }
        return try start.insert(in: ledger, at: now)
    }

    // MARK: The run

    /// Before the first change: looks at the project, so that `relsh resume` can tell whether somebody else has changed it since,
    /// and makes sure that the run is in the ledger.
    func prepare(_ world: World) async throws(RuntimeError) {
        await survey(world)
        if number == nil { try await commit() }
    }

    /// Takes the project's lock for this run, which holds it until its end: one release at a time.
    /// - Parameter waits: until whoever holds it is done; otherwise that is an error.
    func lock(_ world: World, waits: Bool) async throws {
        if state.withLock(\.isLocked) { return }
        var isTold = false
        while let holder = try await tryLock() {
            guard waits else { throw RuntimeError(.world, .releaseUnderWay(holder)) }
            if !isTold { world.events.note("waits until \(holder.description) is done") }
            isTold = true
            try await world.clock.sleep(.seconds(1))
        }
        state.withLock { $0.isLocked = true }
    }

    /// Nil where it is ours now.
    private func tryLock() async throws -> LedgerLock? {
        try await commit()
        return try await LedgerThread.run { [self] in
            try asRun { (ledger, number) throws(SQLiteError) in try LedgerLock.take(by: number, in: ledger, at: now) }
        }
    }

    /// The step that is done has an `undo` of its own. That is on the disk before the run goes on: whatever dies then, it can
    /// be called.
    @Evaluation
    func noteUndo(_ function: FunctionObject, of step: Identity, in program: Program) async throws(RuntimeError) {
        // A finished step that is gone through again keeps its place among what is taken back, the newest first; one that was
        // taken back is made anew, after what was made anew before it.
        let before = past?.step(step.path)
        let isFinished = before?.ending == "succeeded" || before?.ending == nil
        let known = isFinished ? before?.undo?.sequence : nil
        let sequence =
            known
            ?? state.withLock { state in
                state.sequence += 1
                return state.sequence
            }
        let stored = StoredUndo(function, in: program, sequence: sequence)
        append(
            "UPDATE steps SET has_undo = 1, undo = ?3 WHERE run = ?1 AND identity = ?2",
            [.text(step.path), .text(stored.text)])
        try await commit()
    }

    private func survey(_ world: World) async {
        if past != nil { return }
        let time = now
        if let found = await watch.look(in: world) { write(found, at: time) }
    }

    /// Looks again after a change that may have touched the project, which is then the run's own doing.
    func surveyAgain(after call: EffectCall, _ world: World) async {
        guard call.mayTouchFiles else { return }
        let time = now
        let found = await watch.lookAgain(in: world) { [self] in await lookOnceMore() }
        if let found { write(found, at: time) }
    }

    /// Looks once more where that is still due, which `end` does otherwise: for whoever has something else to wait for meanwhile.
    package func lookOnceMore() async {
        let time = now
        await watch.lookWhereDue { [self] found in write(found, at: time) }
    }

    private func write(_ found: ProjectState, at time: SQLValue) {
        append(
            "UPDATE runs SET git_commit = ?2, state = ?3, surveyed = ?4 WHERE id = ?1",
            [.text(found.commit), .text(found.text), time])
    }

    /// The project is what the run has left of it, for a note about another run.
    func surveyed(_ found: ProjectState) async throws(RuntimeError) {
        append("UPDATE runs SET git_commit = ?2, state = ?3 WHERE id = ?1", [.text(found.commit), .text(found.text)])
        try await commit(isEnding: true)
    }

    /// - Parameter error: what the run ended with; nil where it succeeded.
    package func end(_ error: RuntimeError?) async throws(RuntimeError) {
        // A run that has neither done nor looked at anything leaves no trace.
        if number == nil, state.withLock(\.writes.isEmpty), past == nil { return }
        await lookOnceMore()
        append("DELETE FROM locks WHERE run = ?1", [])
        for write in start.hidingSecrets { append(write.sql, write.values) }
        let ending = error.map { $0.kind == .cancelled ? "interrupted" : "failed" } ?? "succeeded"
        append(
            "UPDATE runs SET ended = ?2, ending = ?3, message = ?4, failed_effect = coalesce(?5, failed_effect) WHERE id = ?1",
            [now, .text(ending), SQLValue(error.map { SecretMask.hide(in: $0).message }), SQLValue(error?.effect)])
        try await commit(isEnding: true)
    }

    // MARK: Steps

    func enter(_ identity: Identity, parent: String?, title: String, kind: ScopeKind) {
        let number =
            past?.step(identity.path)?.number
            ?? state.withLock { state in
                state.step += 1
                return state.step
            }
        append(
            """
            INSERT INTO steps (run, identity, parent, number, title, kind, started) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (run, identity) DO UPDATE SET
                title = ?5, started = ?7, ended = NULL, ending = NULL, message = NULL, result = NULL
            """,
            [
                .text(identity.path), SQLValue(parent), .int(number), .text(LedgerMask.hide(in: title)),
                .text(kind == .transaction ? "transaction" : "step"), now,
            ])
    }

    func leave(_ identity: String, _ ending: RunEvent.Ending, result: Value?) {
        var message: String?
        var word = "succeeded"
        switch ending {
        case .succeeded: break
        case .failed(let reason): (word, message) = ("failed", LedgerMask.hide(in: reason))
        case .cancelled: word = "interrupted"
        }
        append(
            "UPDATE steps SET ended = ?3, ending = ?4, message = ?5, result = ?6 WHERE run = ?1 AND identity = ?2",
            [.text(identity), now, .text(word), SQLValue(message), SQLValue(result.flatMap(Self.kept))])
    }

    /// Nil for what cannot be kept, or must not be: a text with a secret in it.
    static func kept(_ value: Value) -> String? {
        guard let text = try? StoredValue.text(of: value) else { return nil }
        return LedgerMask.isClean(text) ? text : nil
    }

    // MARK: Effects

    func begin(_ call: EffectCall, _ inverses: [Inverse], isUndo: Bool) async throws(RuntimeError) {
        let sequence = state.withLock { state in
            state.sequence += 1
            if call.kind == .changes { state.hasPerformed = true }
            return state.sequence
        }
        if call.kind == .changes { start.drill?.arrive(.beforeIntent) }
        append(
            """
            INSERT INTO effects (run, identity, step, sequence, name, kind, call, arguments, started)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            ON CONFLICT (run, identity) DO UPDATE SET
                step = ?3, sequence = ?4, name = ?5, kind = ?6, call = ?7, arguments = ?8, started = ?9, requests = NULL,
                ended = NULL, ending = NULL, error = NULL, result = NULL, output = NULL
            """,
            [
                .text(call.identity), SQLValue(call.step), .int(sequence), .text(call.name), .text(call.kind.rawValue),
                .text(LedgerMask.hide(in: call.shown)), SQLValue(call.arguments), now,
            ])
        guard call.kind == .changes else { return }
        if !isUndo { write(inverses, of: call, sequence, state: "intended") }
        try await commit(isEnding: isUndo)
        start.drill?.arrive(.afterIntent)
    }

    // MARK: Resuming

    /// False once something that was recorded turned out not to be so any more: finished steps may rest on it, so that their
    /// effects are gone through one by one.
    var isTrusting: Bool { state.withLock(\.isTrusting) }
    func stopTrusting() { state.withLock { $0.isTrusting = false } }

    /// True as long as a resumed run has done nothing new.
    var isReplaying: Bool { past != nil && !state.withLock(\.hasPerformed) }
}
