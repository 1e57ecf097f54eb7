import Lang

extension Explainer {
    // MARK: - Names

    /// What the first parts of a dotted name stand for, and the parts that are members of it.
    private func resolve(_ dotted: DottedName) async -> (estimate: Estimate, rest: ArraySlice<Name>)? {
        let parts = dotted.parts[...]
        guard let root = parts.first?.text else { return nil }
        if let known = environment[root] ?? (context.isScript ? nil : globals[module][root]) {
            noteUse(of: root, known)
            return (known, parts.dropFirst())
        }
        if !context.isScript, parts.count > 1, let target = program.modules[module].imports[root] {
            let member = parts[parts.startIndex + 1].text
            return (globals[target][member] ?? .open("\(root).\(member)"), parts.dropFirst(2))
        }
        guard let (builtin, consumed) = catalog.builtin(forPath: dotted.path) else { return nil }
        if builtin.signature.form == .constant {
            return (await perform(builtin, [], named: builtin.name), parts.dropFirst(consumed))
        }
        return (.builtin(builtin), parts.dropFirst(consumed))
    }

    /// An `undo` that uses a function which was made in the run can be called by that run alone.
    private func noteUse(of name: String, _ value: Estimate) {
        guard case .function(let closure) = value, closure.captures != nil, !closure.isScript, let names = undoNames,
            names.before[name] != nil || environment[name] == nil
        else { return }
        undoNames?.functions.appendOnce(name)
    }

    /// A name, or a member of something.
    func evaluateMember(_ expression: Expression) async -> Estimate {
        if let dotted = DottedName(expression), let (start, rest) = await resolve(dotted) {
            var value = start
            for name in rest { value = property(name, of: value, expression) }
            return value
        }
        guard case .member(let base, let name, let isOptional) = expression.kind else { return open(expression) }
        let value = await evaluate(base)
        if isOptional, value.value?.isNull == true { return .null }
        return property(name, of: value, expression)
    }

    // MARK: - Calls

    func evaluate(_ call: Call, _ whole: Expression) async -> Estimate {
        if let dotted = DottedName(call.callee), let (start, rest) = await resolve(dotted) {
            guard let method = rest.last else { return await invoke(start, call, whole) }
            var receiver = start
            for name in rest.dropLast() { receiver = property(name, of: receiver, call.callee) }
            return await self.method(method, of: receiver, call, whole)
        }
        if case .member(let base, let name, let isOptional) = call.callee.kind {
            let receiver = await evaluate(base)
            if isOptional, receiver.value?.isNull == true { return .null }
            return await method(name, of: receiver, call, whole)
        }
        return await invoke(await evaluate(call.callee), call, whole)
    }

    func arguments(of call: Call) async -> [Estimate] {
        var values: [Estimate] = []
        for argument in call.arguments { values.append(await evaluate(argument.value)) }
        return values
    }

    /// The arguments in the order of the parameters; nil for those not given.
    func slots(_ call: Call, _ values: [Estimate], _ shape: CallShape) -> [Estimate?] {
        let passing = call.passesOn == nil ? [] : frame.recipeParameters
        let match = ArgumentMatch(call.arguments, to: shape, passing: passing)
        return zip(match.slots, shape.parameters).map { slot, parameter in
            switch slot {
            case .argument(let position): values.indices.contains(position) ? values[position] : nil
            case .passedOn: environment[parameter.name]
            case .missing: nil
            }
        }
    }

    /// The same for a method, whose arguments may all be given by position.
    func methodSlots(_ call: Call, _ values: [Estimate], _ parameters: [ParameterSignature]) -> [Estimate?] {
        var slots: [Estimate?] = Array(repeating: nil, count: parameters.count)
        for (position, argument) in call.arguments.enumerated() where position < values.count {
            let label = argument.label?.text
            let target = label == nil ? position : parameters.firstIndex { $0.name == label }
            if let target, slots.indices.contains(target) { slots[target] = values[position] }
        }
        return slots
    }

    private func invoke(_ callee: Estimate, _ call: Call, _ whole: Expression) async -> Estimate {
        let values = await arguments(of: call)
        if exit != .none { return .null }
        switch callee {
        case .function(let closure):
            context.calls.append(place(whole.range))
            defer { context.calls.removeLast() }
            return await self.call(closure, slots(call, values, closure.shape))
        case .builtin(let builtin):
            if builtin.signature.isVariadic { return await variadic(builtin, values, whole) }
            return await perform(
                builtin, slots(call, values, CallShape(builtin.signature)), named: source(whole.range), at: whole.range)
        default:
            let called = context.isScript ? context.script?.text : nil
            report.unseen.appendOnce(finding(called ?? source(call.callee.range), at: call.callee.range))
            await callBack(values)
            return open(whole)
        }
    }

    /// Functions that were handed to something which may call them.
    func callBack(_ values: [Estimate]) async {
        for case .function(let closure) in values {
            _ = await call(closure, closure.parameters.map { .open($0.name) })
        }
        for case .builtin(let builtin) in values where builtin.signature.effect != .pure {
            _ = await perform(builtin, builtin.signature.parameters.map { .open($0.name) }, named: builtin.name)
        }
    }

    /// Walks a function with these arguments. What calls itself is walked once more with its parameters open, and then
    /// not again: nothing new would be seen.
    func call(_ closure: Estimate.Closure, _ arguments: [Estimate?]) async -> Estimate {
        let key = ObjectIdentifier(closure.file)
        // A builtin never calls itself: where it is under way already, what it calls has called it.
        let depth = closure.isScript ? 0 : zip(stack, stackFiles).count { $0 == closure.range && $1 == key }
        guard depth < 2, spend() else { return .open("\(closure.name)(…)") }
        guard stack.count < Self.maximumDepth else {
            report.isIncomplete = true
            return .open("\(closure.name)(…)")
        }
        let outer = (environment, frame, module, file, exit, context.conditions, context.isScript)
        stack.append(closure.range)
        stackFiles.append(key)
        var parameters: [(String, Estimate)] = []
        for (position, parameter) in closure.parameters.enumerated() {
            var value = depth == 0 ? (position < arguments.count ? arguments[position] : nil) : .open(parameter.name)
            if value == nil, let standard = parameter.defaultValue {
                value = await evaluateDefault(standard, parameter.module, closure, after: parameters)
            }
            parameters.append((parameter.name, value ?? .open(parameter.name)))
        }
        environment = closure.captures ?? Bindings()
        environment.push()
        frame = Frame(recipeParameters: closure.shape.kind == .recipe ? Set(closure.parameters.map(\.name)) : [])
        (module, file, context.isScript) = (closure.module, closure.file, closure.isScript)
        // A function inside another may call itself.
        if closure.captures != nil, closure.name != "fn" { environment.declare(closure.name, .function(closure)) }
        for (name, value) in parameters { environment.declare(name, value) }
        let value = await walk(closure.body)
        var results = frame.returns
        if exit == .none { results.append(value) }
        let failed = results.isEmpty
        stack.removeLast()
        stackFiles.removeLast()
        (environment, frame, module, file, exit, context.conditions, context.isScript) = outer
        if failed { exit = .failure }
        return results.dropFirst().reduce(results.first ?? .null) { $0.joined(with: $1) }
    }

    /// The default of a function's parameter can use those before it.
    private func evaluateDefault(
        _ expression: Expression, _ module: Int, _ closure: Estimate.Closure, after earlier: [(String, Estimate)]
    ) async -> Estimate {
        let outer = (environment, self.module, file)
        if closure.shape.kind == .recipe {
            (self.module, file) = (module, program.modules[module].tree.file)
        } else {
            (self.module, file) = (closure.module, closure.file)
        }
        environment = closure.captures ?? Bindings()
        if closure.shape.kind != .recipe {
            environment.push()
            for (name, value) in earlier { environment.declare(name, value) }
        }
        defer { (environment, self.module, file) = outer }
        return await evaluate(expression)
    }

    func finding(_ text: String, at range: SourceRange) -> ChangeReport.Finding {
        ChangeReport.Finding(text: text, place: place(range), conditions: context.conditions)
    }
}

extension Array where Element: Equatable {
    mutating func appendOnce(_ element: Element) { if !contains(element) { append(element) } }
}
