import Lang

// Performing effects: builtins and commands.

extension Interpreter {
    func perform(
        _ builtin: Builtin, _ arguments: [Value], _ identity: Identity, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        guard case .effect(let definition) = builtin.implementation, let body = definition as? EffectBody else {
            return .null
        }
        let prepared = try prepare(body, arguments)
        let kind = prepared.effect ?? builtin.signature.effect
        var followed: PlanFollower.Followed?
        if kind == .changes, !scope.isUndoing {
            followed = try options.follower?.check(builtin, arguments, call(builtin, arguments), identity)
        }
        if kind == .changes {
            try await ask(builtin, arguments, prepared, scope)
            hasChanged = true
        }
        let value: Value
        do throws(RuntimeError) {
            if let recorder, kind == .changes || options.recordsReads && Recorder.keeps(builtin) {
                let call = EffectCall(
                    builtin, arguments, kind: kind, shown: call(builtin, arguments), identity,
                    step: scope.step?.identity.path)
                value = try await perform(prepared, as: call, by: recorder, scope)
            } else {
                if kind == .changes { try await confirmLock(scope) }
                value = try await perform(prepared, identity, scope)
            }
        } catch {
            if error.exitCode == RuntimeError.undoIncomplete { undoFailed() }
            throw error
        }
        if let followed { options.follower?.made(followed, value) }
        return value
    }

    private func ask(
        _ builtin: Builtin, _ arguments: [Value], _ prepared: PreparedEffect, _ scope: Scope
    ) async throws(RuntimeError) {
        guard !scope.isUndoing, let ask = options.beforeChange else { return }
        let world = world(in: scope)
        let (plain, texts) = (call(builtin, arguments), PendingChange.texts(in: arguments))
        try await interruptible(scope) {
            // What cannot be told beforehand fails by itself, and says why.
            let lines = (try? await prepared.commands(world)) ?? []
            try await ask(PendingChange(lines: lines.isEmpty ? [plain] : lines, texts: texts))
        }
    }

    func prepare(_ body: EffectBody, _ arguments: [Value]) throws(RuntimeError) -> PreparedEffect {
        do {
            return try body.prepare(arguments)
        } catch {
            throw RuntimeError(any: error)
        }
    }

    /// Without a record. What was done before an interruption is to be taken back, too.
    func perform(
        _ prepared: PreparedEffect, _ identity: Identity, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        let world = world(in: scope)
        guard let undos = scope.undos, let look = prepared.inverses else {
            return try await interruptible(scope) { try await prepared.perform(world) }()
        }
        let made = InverseList()
        defer { undos.list += made.takeAll().map(Scope.Undo.change) }
        return try await interruptible(scope) {
            var world = world
            let before = try await look(world)
            world.seen = before
            do {
                let (outcome, inverses) = try await prepared.perform(before: before, world)
                made.append(inverses, of: identity.path)
                return outcome
            } catch {
                made.append(await before.madeInFailing(in: world), of: identity.path)
                throw error
            }
        }()
    }

    /// - Throws: where it cannot be taken back, with the command that a person can complete it with.
    func takeBack(
        _ change: RecordedInverse, of chains: ChangeChains, _ scope: Scope
    ) async throws(RuntimeError) -> Inverse.Ending {
        let world = world(in: scope)
        let recorder = recorder
        return try await interruptible(scope) {
            let ending = try await chains.takeBack(change, in: world)
            if change.inverse.isDone(with: ending) {
                try await recorder?.undone(change.effect, position: change.position)
            }
            return ending
        }
    }

    func perform(
        _ request: CommandRequest, _ identity: Identity, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        let stages = request.processes
        let changes = request.changes
        let line = stages.map(\.line).joined(separator: " | ")
        if changes, !scope.isUndoing { _ = try options.follower?.check(request, line, identity) }
        let prepared = prepare(stages, line, captures: request.captures)
        if changes, !scope.isUndoing, let ask = options.beforeChange {
            try await interruptible(scope) { try await ask(PendingChange(lines: [line])) }
        }
        if changes { hasChanged = true }
        guard let recorder, changes || options.recordsReads else {
            if changes { try await confirmLock(scope) }
            return try await perform(prepared, identity, scope)
        }
        let call = EffectCall(request, line: line, changes: changes, identity, step: scope.step?.identity.path)
        return try await perform(prepared, as: call, by: recorder, scope)
    }

    func prepare(_ stages: [ProcessRequest], _ line: String, captures: Bool) -> PreparedEffect {
        PreparedEffect(
            commands: { _ in [line] }, planned: nil,
            perform: { world in
                let outcome = try await Command.perform(stages, capture: captures, world: world)
                let text = withoutFinalNewline(outcome.stdout)
                return { captures ? .string(text) : .null }
            })
    }

    /// A call as it stands in a recipe, for changes whose command cannot be told.
    func call(_ builtin: Builtin, _ arguments: [Value]) -> String {
        let given = zip(builtin.signature.parameters, arguments).compactMap { parameter, argument in
            if case .missing = argument { return nil as String? }
            return "\(parameter.name): \(argument.literal)"
        }
        return "\(builtin.name)(\(given.joined(separator: ", ")))"
    }

    /// The world as an effect of this step sees it.
    func world(in scope: Scope, log: EffectLog? = nil) -> World {
        var world = world
        world.events = StepEvents(observer: observer, step: scope.step?.number, log: log)
        if let log { world.http = LoggedHTTP(inner: world.http, log: log) }
        world.takeLock = { try await self.taking(scope)?() }
        return world
    }

    // MARK: Interruption

    /// Performs something outside the machine. It is cancelled when the run is, or when a deadline passes; while the
    /// scope is shielded it runs to its end.
    func interruptible<T: Sendable>(
        _ scope: Scope, _ body: @escaping @Sendable () async throws -> T
    ) async throws(RuntimeError) -> T {
        try scope.checkInterruption()
        let monitor = EffectMeter(meter: meter)
        let body: @Sendable () async throws -> T = { try await Work.$monitor.withValue(monitor) { try await body() } }
        let end = [scope.nextDeadline?.instant, meter.end(isShielded: scope.isShielded)].compactMap { $0 }.min()
        let result: Result<T, RuntimeError>? =
            if scope.isShielded {
                // A task of its own does not hear of this one's cancellation.
                await Task { await attempt(body, until: end) }.value
            } else {
                await attempt(body, until: end)
            }
        guard let result else {
            try scope.checkInterruption()
            try meter.check(steps: 0, isShielded: scope.isShielded)
            throw RuntimeError(.cancelled, .cancelled())
        }
        // A body that was cancelled says so in many ways; that the run is being cancelled is what counts.
        if case .failure(let error) = result {
            try scope.checkInterruption()
            throw error
        }
        return try result.get()
    }

    private nonisolated static func attempt<T: Sendable>(
        _ body: @escaping @Sendable () async throws -> T
    ) async -> Result<T, RuntimeError> {
        do {
            return .success(try await body())
        } catch is CancellationError {
            return .failure(RuntimeError(.cancelled, .cancelled()))
        } catch {
            return .failure(RuntimeError(any: error))
        }
    }

    /// Nil if the time passes first; the body has then been cancelled and has ended.
    private nonisolated func attempt<T: Sendable>(
        _ body: @escaping @Sendable () async throws -> T, until instant: ContinuousClock.Instant?
    ) async -> Result<T, RuntimeError>? {
        guard let instant else { return await Self.attempt(body) }
        return await withTaskGroup(of: Result<T, RuntimeError>?.self) { group in
            group.addTask { await Self.attempt(body) }
            group.addTask {
                try? await Task.sleep(until: instant, clock: .continuous)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            await group.waitForAll()
            return first
        }
    }
}

private func withoutFinalNewline(_ text: String) -> String {
    var bytes = Substring(text).utf8
    if bytes.last == UInt8(ascii: "\n") {
        bytes = bytes.dropLast()
        if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
    }
    return String(Substring(bytes))
}

extension CommandRequest {
    var processes: [ProcessRequest] {
        stages.map { stage in
            var process = ProcessRequest(stage.arguments)
            for (name, secret, text) in stage.environment {
                if let secret { process.secrets[name] = secret } else { process.environment[name] = text }
            }
            return process
        }
    }

    /// Whether it may change something: what is shown, and what is not known to read only.
    var changes: Bool { !captures || !stages.allSatisfy { ReadOnlyCommands.isReadOnly($0.arguments) } }
}
