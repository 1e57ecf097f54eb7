import Lang

// What a run that is resumed is given again, and what it has to do anew.

extension Interpreter {
    enum Recollection {
        case value(Value)
        case failed(RuntimeError)
        /// With what was there before it was begun, where it was.
        case perform(before: [Inverse]?)
    }

    /// The result of a step that is finished, if that can still be trusted.
    /// - Throws: where taking it back was under way when the run died.
    func recallStep(_ identity: Identity, _ scope: Scope) async throws(RuntimeError) -> Value? {
        guard let recorder, let past = recorder.past, let step = past.step(identity.path) else { return nil }
        if let call = past.undoUnderWay(in: identity.path) {
            // It stands as far as it was not taken back.
            undoFailed()
            throw RuntimeError(.world, .undoWasBegun(step.title, call, run: past.number))
        }
        guard recorder.isTrusting, step.ending == "succeeded", let text = step.result,
            let value = try? StoredValue.value(of: text)
        else { return nil }
        // It is gone through instead.
        if past.mustRepeat(in: identity.path) { return nil }
        guard await areThere(StoredValue.images(in: value), scope) else {
            recorder.stopTrusting()
            return nil
        }
        guard let undos = scope.undos else { return value }
        // A failure further on takes these back too. Where a block could not be kept, the step is gone through instead, which
        // makes it again.
        var list: [Scope.Undo] = []
        for undo in past.undos(in: identity.path) {
            switch undo {
            case .change(let change): list.append(.change(change))
            case .block(let stored, let step, let title):
                let function = try? stored.function(in: program, environment: world.environment, restoring: false)
                guard let function else { return nil }
                list.append(.block(function, Identity(path: step), title))
            }
        }
        undos.list += list
        return value
    }

    func recall(
        _ past: PastRun.Effect, _ call: EffectCall, _ prepared: PreparedEffect, _ recorder: Recorder, _ scope: Scope
    ) async throws(RuntimeError) -> Recollection {
        let isRead = call.kind == .reads
        switch past.ending {
        case "undone": return .perform(before: nil)
        case "succeeded", "failed":
            if past.ending == "succeeded", call.repetition == .always { return .perform(before: nil) }
            if isRead, past.sequence > recorder.past?.horizon ?? 0 { return .perform(before: nil) }
            // The one that the run ended with is what somebody has mended since.
            if past.ending == "failed", recorder.past?.failedEffect == call.identity { return .perform(before: nil) }
            guard past.arguments == call.arguments else {
                if isRead || call.repetition.isHarmless || options.resuming.force { return .perform(before: nil) }
                throw RuntimeError(.world, .resumedOtherwise(was: past.shown, now: call.shown))
            }
            if past.ending == "failed" {
                guard let error = past.error.flatMap({ try? StoredValue.error(of: $0) }) else {
                    return .perform(before: nil)
                }
                scope.undos?.list += past.changes.filter { $0.state == "made" }.map(Scope.Undo.change)
                return .failed(error)
            }
            return try await recallOutcome(past, call, recorder, scope)
        default:
            // It was under way when the run was interrupted or died.
            return isRead ? .perform(before: nil) : try await reconcile(past, call, prepared, recorder, scope)
        }
    }

    private func recallOutcome(
        _ past: PastRun.Effect, _ call: EffectCall, _ recorder: Recorder, _ scope: Scope
    ) async throws(RuntimeError) -> Recollection {
        let canRepeat = call.kind == .reads || call.repetition.isHarmless || options.resuming.again
        let recorded = past.changes.map(\.inverse)
        guard let value = past.result.flatMap({ try? StoredValue.value(of: $0) }) else {
            if canRepeat { return .perform(before: recorded) }
            throw RuntimeError(.world, .outcomeNotKept(past.shown))
        }
        guard await areThere(StoredValue.images(in: value), scope) else {
            recorder.stopTrusting()
            if canRepeat { return .perform(before: recorded) }
            throw RuntimeError(.world, .resultIsGone(past.shown, value.display))
        }
        scope.undos?.list += past.changes.filter { $0.state == "made" }.map(Scope.Undo.change)
        return .value(value)
    }

    // MARK: What was under way

    /// Looks how far a change came whose outcome is not known.
    private func reconcile(
        _ past: PastRun.Effect, _ call: EffectCall, _ prepared: PreparedEffect, _ recorder: Recorder, _ scope: Scope
    ) async throws(RuntimeError) -> Recollection {
        let recorded = past.changes.map(\.inverse)
        for inverse in recorded {
            if case .file(let path) = inverse.subject { world.files.removeLeftovers(of: path) }
        }
        if options.resuming.again || call.repetition != .asked, past.arguments != call.arguments,
            !options.resuming.force,
            !call.repetition.isHarmless
        {
            throw RuntimeError(.world, .resumedOtherwise(was: past.shown, now: call.shown))
        }
        if options.resuming.again { return .perform(before: recorded) }
        let world = world(in: scope)
        switch call.repetition {
        case .asked: throw RuntimeError(.world, .wasUnderWay(past.shown))
        case .again, .always:
            for inverse in recorded {
                guard inverse.made != nil || inverse.meant != nil, !options.resuming.force else { continue }
                let now = try await interruptible(scope) { try await inverse.look(in: world) }
                if now == inverse.made || now == inverse.before { continue }
                if try await interruptible(scope, { try await inverse.isAsMeant(now, in: world) }) { continue }
                throw RuntimeError(.world, .changedMeanwhile(inverse.title, now: now.stored, call: past.shown))
            }
            return .perform(before: recorded)
        case .compared:
            let found = try await interruptible(scope) { try await prepared.findOutcome(recorded, in: world) }
            switch found {
            case .notMade: return .perform(before: recorded)
            case .unclear: throw RuntimeError(.world, .wasUnderWay(past.shown))
            case .made(let outcome):
                let made = InverseList()
                defer { scope.undos?.list += made.takeAll().map(Scope.Undo.change) }
                let value = try await interruptible(scope) { () async throws -> PreparedEffect.Outcome in
                    let changes = try await Inverse.settled(recorded, in: world)
                    made.append(changes, of: call.identity)
                    try await recorder.finish(call, .success(outcome()), EffectLog(), changes, isUndo: false)
                    return outcome
                }
                return .value(value())
            }
        }
    }

    // MARK: Images

    /// Whether all of them still are where their names say: on this machine or in their registry.
    private func areThere(_ images: [ImageReference], _ scope: Scope) async -> Bool {
        if images.isEmpty { return true }
        let looking = world(in: scope).silent
        for image in Set(images) {
            let isHere = (try? await interruptible(scope) { try await Docker.id(of: image, in: looking) }) ?? nil
            if isHere != nil { continue }
            guard let named = try? image.with(tag: nil) else { return false }
            let remote = try? await interruptible(scope) {
                try await RegistryClient(world: looking).digest(of: named)
            }
            if (remote ?? nil) == nil { return false }
        }
        return true
    }
}

extension PreparedEffect {
    enum Found: Sendable {
        case made(Outcome)
        case notMade
        case unclear
    }

    /// Whether a change that is `compared` was made, given what was recorded before it.
    func findOutcome(_ recorded: [Inverse], in world: World) async throws -> Found {
        if let found { return try await found(world, recorded).map(Found.made) ?? .notMade }
        // The directories that a file needs may be there before it is.
        let isFile = recorded.contains { $0.made != .directory }
        let recorded = recorded.filter { !isFile || $0.made != .directory }
        guard !recorded.isEmpty else { return .unclear }
        var states: [Inverse.State] = []
        for inverse in recorded { states.append(try await inverse.look(in: world)) }
        if states == recorded.map(\.before) { return .notMade }
        guard states.map(Optional.some) == recorded.map(\.made), let outcome = try await planned?(world) else {
            return .unclear
        }
        return .made(outcome)
    }
}

extension Inverse {
    /// How what was found to be made is taken back.
    fileprivate static func settled(_ before: [Inverse], in world: World) async throws -> [Inverse] {
        var changes: [Inverse] = []
        for inverse in before {
            var inverse = inverse
            inverse.made = try await inverse.look(in: world)
            changes.append(inverse)
        }
        return changes
    }
}
