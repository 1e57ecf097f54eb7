import Lang

/// One release of a project at a time, on all machines that share its git remote.
///
/// The lock is a ref that the remote makes in one step where it is not there, with a lease that is renewed while the run is alive.
/// Clocks of machines differ, so that no decision rests on comparing two of them closely: the holder measures its lease by its own
/// steady clock, which goes on while a machine sleeps; one that waits takes the lock over when it has seen the very same object for
/// a whole lease; and one that does not wait believes the times in it only when the lease is over for longer than clocks differ.
package actor RemoteLock {
    private struct Held {
        let remote: LockRemote
        let lease: Duration
        let world: World
        var note: LockNote
        var object: String
        /// Before the remote was asked for what it has granted since.
        var confirmed: ContinuousClock.Instant
        var loss: RuntimeError?
    }

    private let recipe: String?
    private var held: Held?
    /// An attempt that was broken off, so that nobody knows what came of it.
    private var unsure: Held?
    /// Every object that this run may have got to the remote. An answer can be lost on its way.
    private var own: [String] = []
    /// The remote does not take it, and the run goes on without: it is not asked again before each transaction.
    private var isGivenUp = false
    private let taken: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    package init(recipe: String?) {
        self.recipe = recipe
        (taken, signal) = AsyncStream.makeStream()
    }

    // MARK: Taking it

    /// Takes the lock, which this run then holds until `release`. Does nothing where it has it, or the project has no remote.
    ///
    /// - Parameters:
    ///   - run: its number in the ledger.
    ///   - waits: until whoever holds it is done; otherwise that is an error.
    package func take(run: Int?, waits: Bool, in world: World) async throws {
        if held != nil || isGivenUp { return }
        let project: Project
        do {
            project = try await world.project.load()
        } catch let error as RuntimeError where error.id == "no-project" {
            return
        }
        var remote: LockRemote?
        do {
            remote = try await LockRemote.find(for: project, in: world)
            guard let remote else { return }
            try await take(remote, project.lock.lease, run, waits: waits, in: world)
        } catch let error as RuntimeError where [.command, .timeout].contains(error.kind) {
            guard let remote else { throw error }
            if Task.isCancelled { throw CancellationError() }
            if project.lock.place == .automatic {
                isGivenUp = true
                world.events.note(Message.goesOnWithoutLock(remote.name, reason: error.message).text)
                return
            }
            throw RuntimeError(
                .world, .lockNotTaken(remote.name, reason: error.message, help: error.help), command: error.command)
        }
    }

    /// Two that come at the same moment can both be turned away by the remote.
    private static let attempts = 5

    private func take(
        _ remote: LockRemote, _ lease: Duration, _ run: Int?, waits: Bool, in world: World
    ) async throws {
        var isTold = false
        var failures = 0
        var found: String?
        while true {
            let (isOurs, there) = try await attempt(remote, lease, run, over: found, in: world)
            if isOurs { return }
            guard let object = there else {
                failures += 1
                if failures == Self.attempts { throw RuntimeError(.world, .lockMovedMeanwhile(remote.name)) }
                found = nil
                try await world.clock.sleep(.milliseconds(50 * failures))
                continue
            }
            failures = 0
            let note = try await remote.read(object, in: world)
            if note?.isOver(now: world.clock.now()) == true, found != object {
                found = object
                continue
            }
            let holder = note?.description ?? "somebody, with a lock that this relsh cannot read"
            guard waits else {
                throw RuntimeError(
                    .world, .releaseElsewhere(holder, at: remote.name, end: note?.endDescription))
            }
            if !isTold { world.events.note("waits until \(holder) is done, which holds the lock at \(remote.name)") }
            isTold = true
            found = try await wait(remote, while: object, note, for: lease, in: world)
        }
    }

    /// Until the ref is gone, or stands for the same object for a whole lease.
    /// - Parameter usual: the lease where the note does not tell.
    /// - Returns: the object that may be replaced; nil where there is none any more.
    private func wait(
        _ remote: LockRemote, while object: String, _ note: LockNote?, for usual: Duration, in world: World
    ) async throws -> String? {
        var (object, note, since) = (object, note, ContinuousClock.now)
        while true {
            let lease = note.map { .seconds($0.lease) } ?? usual
            try await world.clock.sleep(min(max(lease / 5, .milliseconds(200)), .seconds(5)))
            guard let now = try await remote.look(in: world) else { return nil }
            if now != object {
                (object, note, since) = (now, try await remote.read(now, in: world), .now)
            } else if ContinuousClock.now - since > lease || note?.isKnownDead == true {
                return object
            }
        }
    }

    /// - Parameter old: the object to be replaced; nil where there must be none.
    /// - Returns: whether we have it now; and otherwise who has.
    private func attempt(
        _ remote: LockRemote, _ lease: Duration, _ run: Int?, over old: String?, in world: World
    ) async throws -> (isOurs: Bool, object: String?) {
        let start = ContinuousClock.now
        let note = LockNote(recipe: recipe, run: run, lease: lease, now: world.clock.now())
        let object = try await remote.write(note, in: world)
        own.append(object)
        let world = world.silent
        let outcome: LockRemote.Push
        do {
            outcome = try await remote.push(object, expecting: old, in: world)
        } catch {
            unsure = Held(remote: remote, lease: lease, world: world, note: note, object: object, confirmed: start)
            throw error
        }
        if case .done = outcome {
            hold(Held(remote: remote, lease: lease, world: world, note: note, object: object, confirmed: start))
            return (true, object)
        }
        let there: String?
        do {
            there = try await remote.look(in: world)
        } catch {
            if case .failed(let failure) = outcome { throw failure }
            throw error
        }
        if let there, own.contains(there) {
            hold(Held(remote: remote, lease: lease, world: world, note: note, object: there, confirmed: start))
            return (true, there)
        }
        if there == old, case .failed(let failure) = outcome { throw failure }
        return (false, there)
    }

    private func hold(_ lock: Held) {
        held = lock
        unsure = nil
        signal.yield()
    }

    // MARK: Keeping it

    /// Runs `body`, and renews the lock while it does, if it takes it.
    package nonisolated func whileKept<T: Sendable>(_ body: @Sendable () async -> T) async -> T {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keep() }
            let result = await body()
            group.cancelAll()
            return result
        }
    }

    private func keep() async {
        for await _ in taken {
            while let lock = held, lock.loss == nil, !Task.isCancelled {
                do { try await Task.sleep(for: lock.lease / 3) } catch { return }
                // Where the remote does not answer, it is asked again; whether that matters, the next change decides.
                try? await renew()
            }
        }
    }

    /// Before a change: makes sure that the lock is still held, which costs nothing while the last answer of the remote is fresh.
    /// - Throws: `RuntimeError` where it is not, or nobody can tell.
    package func confirm() async throws {
        guard let lock = held else { return }
        if let loss = lock.loss { throw loss }
        if ContinuousClock.now - lock.confirmed < lock.lease * 2 / 3 { return }
        do {
            try await renew()
        } catch let error as RuntimeError {
            if let loss = held?.loss { throw loss }
            if Task.isCancelled { throw CancellationError() }
            if ContinuousClock.now - lock.confirmed < lock.lease { return }
            throw RuntimeError(
                .world, .lockNotRenewed(lock.remote.name, reason: error.message), command: error.command)
        }
        if let loss = held?.loss { throw loss }
    }

    /// Puts a new object in the place of the last. Another renewal at the same moment does no harm: whichever comes second sees that
    /// what is there is ours.
    /// - Throws: where the remote does not answer.
    private func renew() async throws {
        guard let lock = held else { return }
        let start = ContinuousClock.now
        var note = lock.note
        note.renewed = Int(lock.world.clock.now())
        note.token = LockNote.newToken()
        let object = try await lock.remote.write(note, in: lock.world)
        own.append(object)
        let outcome = try await lock.remote.push(object, expecting: lock.object, in: lock.world)
        if case .done = outcome {
            renewed(note, object, start)
            return
        }
        let there = try await lock.remote.look(in: lock.world)
        if let there, own.contains(there) {
            renewed(note, there, there == object ? start : lock.confirmed)
            if case .failed(let failure) = outcome, there != object { throw failure }
            return
        }
        var holder: LockNote?
        if let there { holder = try? await lock.remote.read(there, in: lock.world) }
        held?.loss = RuntimeError(.world, .lockLost(lock.remote.name, to: holder?.description))
    }

    private func renewed(_ note: LockNote, _ object: String, _ start: ContinuousClock.Instant) {
        held?.note = note
        held?.object = object
        if let last = held?.confirmed, last < start { held?.confirmed = start }
    }

    // MARK: Giving it back

    /// At the end of the run. Does its work although the task is cancelled.
    /// - Throws: `RuntimeError` where the remote does not answer.
    package func release() async throws {
        guard let lock = held ?? unsure else { return }
        (held, unsure) = (nil, nil)
        signal.finish()
        let own = Set(own)
        try await Task {
            do {
                if case .done = try await lock.remote.push(nil, expecting: lock.object, in: lock.world) { return }
                // It stands for another object of ours where an answer was lost; or somebody else has it.
                guard let there = try await lock.remote.look(in: lock.world), own.contains(there) else { return }
                if case .failed(let error) = try await lock.remote.push(nil, expecting: there, in: lock.world) {
                    throw error
                }
            } catch {
                let error = RuntimeError(any: error)
                throw RuntimeError(
                    .world,
                    .lockNotReleased(lock.remote.name, reason: error.message, end: lock.note.endDescription),
                    command: error.command)
            }
        }.value
    }
}
