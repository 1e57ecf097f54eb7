import Lang

// A dry run: what reads is performed, what changes something is shown.

extension Interpreter {
    func plan(
        _ builtin: Builtin, _ arguments: [Value], _ identity: Identity, at place: SourceLocation, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        guard case .effect(let definition) = builtin.implementation, let body = definition as? EffectBody else {
            return .null
        }
        // What prints takes anything: an unknown value is shown as such.
        if builtin.signature.isVariadic {
            let shown = arguments.map { value in value.plannedOrigin().map(Value.unknown) ?? value }
            return try await perform(try prepare(body, shown), identity, scope)
        }
        if let unknown = arguments.lazy.compactMap({ $0.unknownPart(depth: 3) }).first {
            if builtin.signature.effect == .changes {
                let effect = effect(builtin, arguments, [call(builtin, arguments)], identity, at: place, scope)
                plan(effect, scope)
                planned.add(builtin, arguments, [], in: world)
            }
            return .unknown(unknown.unknownOrigin ?? "run time")
        }
        if let value = decidedAtRunTime(builtin, arguments, scope) { return value }
        let prepared = try prepare(body, arguments)
        if (prepared.effect ?? builtin.signature.effect) == .changes {
            return try await plan(prepared, builtin, arguments, identity, at: place, scope)
        }
        if planned.conceals(builtin, arguments, in: world) { return .unknown("\(builtin.name), after what is planned") }
        return try await look(
            prepared, identity, call(builtin, arguments), keeps: Recorder.keeps(builtin), at: place, scope)
    }

    func plan(
        _ request: CommandRequest, _ identity: Identity, at place: SourceLocation, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        let stages = request.processes
        let line = stages.map(\.line).joined(separator: " | ")
        let shown = world.images.shown(line)
        if request.changes {
            var effect = Plan.Effect(
                identity: "", step: nil, place: "", name: request.captures ? "$(…)" : "$", commands: [line])
            if let writing = options.planner?.writing {
                effect.stages = request.stages.map { Plan.Stage($0, writing) }
            }
            if !request.isUnknown { try await expect(stages.map { .program($0, directory: nil) }, scope) }
            plan(settled(effect, identity, at: place, scope), scope)
            for stage in stages { planned.add(stage.arguments) }
            return request.captures ? .unknown(shown) : .null
        }
        if request.isUnknown || stages.contains(where: { planned.conceals($0.arguments) }) { return .unknown(shown) }
        let prepared = prepare(stages, line, captures: request.captures)
        return try await look(prepared, identity, "$(\(line))", keeps: true, at: place, scope)
    }

    /// Questions are for the real run, and so is the time that passes.
    private func decidedAtRunTime(_ builtin: Builtin, _ arguments: [Value], _ scope: Scope) -> Value? {
        switch builtin.name {
        case "time.now", "time.seconds": return .unknown(builtin.name)
        case "time.sleep": return .null
        default: break
        }
        guard ConsoleBuiltins.questions.contains(builtin.name) else { return nil }
        // `--yes` has answered these already.
        if world.console.assumesYes, builtin.name != "ui.prompt", builtin.name != "ui.secret" { return nil }
        let question = arguments.first?.asString ?? ""
        observer.handle(.note(step: scope.step?.number, text: "would ask: \(question)"))
        return .unknown("the answer to \(question)")
    }

    private func look(
        _ prepared: PreparedEffect, _ identity: Identity, _ call: String, keeps: Bool, at place: SourceLocation,
        _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        let value: Value
        do throws(RuntimeError) {
            value = try await perform(prepared, identity, scope)
        } catch {
            guard planned.mayMend(error, of: call) else { throw error }
            note(error, scope)
            return .unknown(call)
        }
        if keeps { options.planner?.read(call, value, identity, at: place) }
        return value
    }

    private func plan(
        _ prepared: PreparedEffect, _ builtin: Builtin, _ arguments: [Value], _ identity: Identity,
        at place: SourceLocation, _ scope: Scope
    ) async throws(RuntimeError) -> Value {
        let world = world(in: scope)
        // What a real run looks at before the change fails a dry run too, unless something planned may mend it.
        func tried<T: Sendable>(_ body: @escaping @Sendable () async throws -> T?) async throws(RuntimeError) -> T? {
            do throws(RuntimeError) {
                return try await interruptible(scope, body)
            } catch {
                guard planned.mayMend(error, of: builtin.name) else { throw error }
                note(error, scope)
                return nil
            }
        }
        try await expect(prepared.requirements, scope)
        let lines = try await tried { try await prepared.commands(world) } ?? []
        let inverses = try await tried { try await prepared.inverses?(world) } ?? []
        let outcome = try await tried { try await prepared.planned?(world) }
        let value = outcome?() ?? .unknown(builtin.name)
        var effect = effect(
            builtin, arguments, lines.isEmpty ? [call(builtin, arguments)] : lines, identity, at: place, scope)
        if let writing = options.planner?.writing {
            // Directories that are made for a file may be there by then.
            effect.before = inverses.filter { !$0.changesNothing && $0.made != .directory }.map { inverse in
                Plan.Before(
                    subject: writing.text(inverse.subject.stored), state: writing.text(inverse.before.stored))
            }
            effect.gives = writing.json(value)
        }
        plan(effect, scope)
        planned.add(builtin, arguments, inverses, in: world)
        if builtin.name.hasPrefix("changelog.") { planned.addChangelog() }
        return value
    }

    /// Looks for what a change needs, unless something planned may make it.
    private func expect(_ requirements: [Requirement], _ scope: Scope) async throws(RuntimeError) {
        let world = world(in: scope)
        for requirement in requirements where !planned.mayMake(requirement, in: world) {
            do throws(RuntimeError) {
                try await interruptible(scope) { try await requirement.check(in: world) }
            } catch {
                guard planned.mayMend(error, requirement) else { throw error }
                note(error, scope)
            }
        }
    }

    private func note(_ error: RuntimeError, _ scope: Scope) {
        observer.handle(.note(step: scope.step?.number, text: "cannot be looked up yet: \(error.message)"))
    }

    private func effect(
        _ builtin: Builtin, _ arguments: [Value], _ lines: [String], _ identity: Identity, at place: SourceLocation,
        _ scope: Scope
    ) -> Plan.Effect {
        var effect = Plan.Effect(identity: "", step: nil, place: "", name: builtin.name, commands: lines)
        effect.arguments = options.planner?.writing.json(.list(arguments))
        return settled(effect, identity, at: place, scope)
    }

    private func settled(
        _ effect: Plan.Effect, _ identity: Identity, at place: SourceLocation, _ scope: Scope
    ) -> Plan.Effect {
        Plan.Effect(
            identity: identity.path, step: scope.step?.identity.path, place: place.description, name: effect.name,
            commands: effect.commands, stages: effect.stages, arguments: effect.arguments)
    }

    private func plan(_ effect: Plan.Effect, _ scope: Scope) {
        for line in effect.commands {
            observer.handle(.planned(step: scope.step?.number, line: world.images.shown(line)))
        }
        options.planner?.effect(effect, request: program.requestCount - 1)
    }
}
