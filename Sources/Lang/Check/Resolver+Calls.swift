extension Resolver {
    mutating func resolve(_ call: Call, range: SourceRange) {
        let callee = resolveCallee(call.callee)
        for argument in call.arguments { resolve(argument.value) }
        switch callee {
        case .builtin(let builtin) where builtin.signature.form == .constant:
            report(.callOfConstant(builtin.name), call.callee.range)
        case .builtin(let builtin):
            check(call, CallShape(builtin.signature))
        case .callable(let shape):
            check(call, shape)
        case .value:
            checkOrder(of: call.arguments)
            if let dots = call.passesOn { report(.passingOnToFunction(), dots) }
        case .silent: break
        }
    }

    private mutating func resolveCallee(_ callee: Expression) -> Reference {
        if case .closure(let function) = callee.kind {
            resolve(callee)
            return .callable(CallShape(function, name: "fn", location: location(callee.range)))
        }
        let before = diagnostics.count
        if let dotted = DottedName(callee) {
            let reference = reference(dotted)
            guard case .value = reference else { return reference }
        } else if case .member(let base, _, _) = callee.kind {
            resolve(base)
        } else {
            resolve(callee)
        }
        if case .member(_, let name, _) = callee.kind, catalog.mutatingNames.contains(name.text),
            diagnostics.count == before
        {
            checkChange(of: callee)
        }
        return .value
    }

    // MARK: Arguments

    private mutating func check(_ call: Call, _ shape: CallShape) {
        let passing = passedNames(call, shape)
        if shape.isOpen {
            checkOrder(of: call.arguments)
            return
        }
        let match = ArgumentMatch(call.arguments, to: shape, passing: passing ?? [])
        // Without its `...` a call would only seem to lack arguments.
        for problem in match.problems where passing != nil {
            if passesUnknown, call.passesOn != nil, case .missing = problem { continue }
            report(problem, call, shape)
        }
        for (slot, parameter) in zip(match.slots, shape.parameters) where slot == .passedOn {
            checkPassedOn(parameter.name, call)
        }
    }

    /// What `...` passes on; nil where it must not stand.
    private mutating func passedNames(_ call: Call, _ shape: CallShape) -> Set<String>? {
        guard let dots = call.passesOn else { return [] }
        guard let parameters = recipeParameters else {
            report(.passingOnOutsideRecipe(), dots)
            return nil
        }
        guard shape.kind == .recipe else {
            report(.passingOnToFunction(), dots)
            return nil
        }
        return parameters
    }

    private mutating func checkPassedOn(_ name: String, _ call: Call) {
        guard let dots = call.passesOn, case .found(let binding, _) = find(name) else { return }
        if case .parameter = binding.kind, isOfRecipe(binding, name) { return }
        report(
            .passingOnShadowed(name), dots, notes: [Diagnostic.Note("it is declared here", at: binding.location)])
    }

    /// True for a parameter of the recipe itself, false for one of a closure in it.
    private func isOfRecipe(_ binding: Binding, _ name: String) -> Bool {
        let scope = scopes.last { $0.barrier == .function }
        return scope?.bindings[name]?.location.range == binding.location.range
    }

    /// What holds for a call of anything.
    private mutating func checkOrder(of arguments: [Argument]) {
        var labels: Set<String> = []
        for argument in arguments {
            if let label = argument.label {
                if !labels.insert(label.text).inserted {
                    report(.duplicateArgument(label.text, of: "the function"), label.range)
                }
            } else if !labels.isEmpty {
                report(.positionalAfterNamed(), argument.value.range)
            }
        }
    }

    private mutating func report(_ problem: ArgumentMatch.Problem, _ call: Call, _ shape: CallShape) {
        let names = shape.parameters.map(\.name)
        let range: (Int) -> SourceRange = { call.arguments[$0].label?.range ?? call.arguments[$0].value.range }
        let notes = shape.location.map { [Diagnostic.Note("`\(shape.name)` is declared here", at: $0)] } ?? []
        switch problem {
        case .positionalAfterNamed(let argument):
            report(.positionalAfterNamed(), range(argument))
        case .optionalByPosition(let argument, let parameter):
            let value = tree.file.text(range(argument))
            report(.optionalByPosition(names[parameter], of: shape.name, value: value), range(argument))
        case .tooMany(let argument):
            let message = Message.tooManyArguments(of: shape.name, maximum: names.count, got: call.arguments.count)
            report(message, range(argument), notes: notes)
        case .unknownLabel(let argument):
            let label = call.arguments[argument].label?.text ?? ""
            let near = nearest(label, among: names)
            let message = Message.unknownParameter(
                label, of: shape.name, suggestion: near, all: names, isVariadic: shape.isVariadic)
            report(message, range(argument), notes: notes)
        case .duplicate(let argument, let parameter):
            report(.duplicateArgument(names[parameter], of: shape.name), range(argument))
        case .missing(let parameters):
            let message = Message.argumentsLacking(parameters.map { names[$0] }, of: shape.name)
            report(message, call.callee.range, notes: notes)
        }
    }
}
