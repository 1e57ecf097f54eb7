import Lang

// Performing effects: builtins and commands.

extension Interpreter {
    func perform(_ builtin: Builtin, _ arguments: [Value], _ scope: Scope) async throws(RuntimeError) -> Value {
        guard case .effect(let definition) = builtin.implementation, let body = definition as? EffectBody else {
            return .null
        }
        // What prints takes anything: an unknown value is shown as such.
        if options.isDryRun, !builtin.signature.isVariadic,
            let unknown = arguments.lazy.compactMap({ $0.unknownPart(depth: 3) }).first
        {
            if builtin.signature.effect == .changes { plan([call(builtin, arguments)], scope) }
            return .unknown(unknown.origin)
        }
        let prepared: PreparedEffect
        do {
            prepared = try body.prepare(arguments)
        } catch {
            throw RuntimeError(any: error)
        }
        let world = world(in: scope)
        guard options.isDryRun, (prepared.effect ?? builtin.signature.effect) == .changes else {
            if let undos = scope.undos, let perform = prepared.performUndoably {
                return try await performUndoably(perform, undos, world, scope)
            }
            return try await interruptible(scope) { try await prepared.perform(world) }()
        }
        let lines = try await interruptible(scope) { try await prepared.commands(world) }
        plan(lines.isEmpty ? [call(builtin, arguments)] : lines, scope)
        let planned = try await interruptible(scope) { try await prepared.planned?(world) }
        return planned?() ?? .unknown(builtin.name)
    }

    /// What was done before an interruption is to be taken back, too.
    private func performUndoably(
        _ perform: @escaping @Sendable (World, InverseList) async throws -> PreparedEffect.Outcome,
        _ undos: Scope.Undos, _ world: World, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        let inverses = InverseList()
        defer { undos.list += inverses.takeAll().map(Scope.Undo.change) }
        return try await interruptible(scope) { try await perform(world, inverses) }()
    }

    /// - Throws: where it cannot be taken back, with the command that a person can complete it with.
    func takeBack(_ inverse: Inverse, _ scope: Scope) async throws(RuntimeError) {
        let world = world(in: scope)
        do throws(RuntimeError) {
            try await interruptible(scope) { try await inverse.perform(world) }
        } catch {
            if error.id == "changed-since" { throw error }
            var failure = RuntimeError(
                .world, .undoFailed(inverse.subject, reason: error.message, commands: inverse.commands))
            failure.command = error.command
            throw failure
        }
    }

    func perform(_ request: CommandRequest, _ scope: Scope) async throws(RuntimeError) -> Value {
        let stages = request.stages.map { stage in
            var process = ProcessRequest(stage.arguments)
            for (name, secret, text) in stage.environment {
                if let secret { process.secrets[name] = secret } else { process.environment[name] = text }
            }
            return process
        }
        let changes = !request.captures || !stages.allSatisfy { ReadOnlyCommands.isReadOnly($0.arguments) }
        if options.isDryRun, changes || request.isUnknown {
            let line = stages.map(\.line).joined(separator: " | ")
            if changes { plan([line], scope) }
            return request.captures ? .unknown(line) : .null
        }
        let world = world(in: scope)
        let captures = request.captures
        let outcome = try await interruptible(scope) {
            try await Command.perform(stages, capture: captures, world: world)
        }
        return captures ? .string(withoutFinalNewline(outcome.stdout)) : .null
    }

    private func withoutFinalNewline(_ text: String) -> String {
        var bytes = Substring(text).utf8
        if bytes.last == UInt8(ascii: "\n") {
            bytes = bytes.dropLast()
            if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
        }
        return String(Substring(bytes))
    }

    private func plan(_ lines: [String], _ scope: Scope) {
        for line in lines { observer.handle(.planned(step: scope.step?.number, line: line)) }
    }

    /// A call as it stands in a recipe, for changes whose command cannot be told.
    private func call(_ builtin: Builtin, _ arguments: [Value]) -> String {
        let given = zip(builtin.signature.parameters, arguments).compactMap { parameter, argument in
            if case .missing = argument { return nil as String? }
            return "\(parameter.name): \(argument.literal)"
        }
        return "\(builtin.name)(\(given.joined(separator: ", ")))"
    }

    /// The world as an effect of this step sees it.
    private func world(in scope: Scope) -> World {
        var world = world
        world.events = StepEvents(observer: observer, step: scope.step?.number)
        return world
    }

    // MARK: Interruption

    /// Performs something outside the machine. It is cancelled when the run is, or when a deadline passes; while the
    /// scope is shielded it runs to its end.
    func interruptible<T: Sendable>(
        _ scope: Scope, _ body: @escaping @Sendable () async throws -> T
    ) async throws(RuntimeError) -> T {
        try scope.checkInterruption()
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

extension Value {
    fileprivate var origin: String { object?.unknown?.origin ?? "run time" }
}
