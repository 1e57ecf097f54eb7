extension Resolver {
    /// Resolves a block in a scope of its own, in which `names` are declared first.
    mutating func resolve(
        _ block: Block, barrier: Scope.Barrier? = nil, declaring names: [Name] = [],
        as kind: Binding.Kind = .handed, control inner: Control? = nil
    ) {
        let outer = control
        if let inner { control = inner }
        scopes.append(Scope(barrier))
        for name in names { declare(name, kind) }
        resolveStatements(block.statements)
        for (name, binding) in scopes[scopes.count - 1].bindings { ended[name] = (barrier, binding) }
        scopes.removeLast()
        control = outer
    }

    /// Resolves a body that must be finished or fail: nothing leaves it.
    mutating func resolveConfined(
        _ block: Block, _ construct: String, isIsolated: Bool, declaring names: [Name] = [],
        as kind: Binding.Kind = .handed
    ) {
        resolve(
            block, barrier: isIsolated ? .isolated(construct) : nil, declaring: names, as: kind,
            control: control.inside(construct))
    }

    mutating func resolveStatements(_ statements: [Statement]) {
        let top = scopes.count - 1
        for statement in statements {
            switch statement.kind {
            case .declaration(let declaration):
                for name in declaration.pattern.declaredNames { scopes[top].later.insert(name.text) }
            case .function(let declaration): scopes[top].later.insert(declaration.name.text)
            default: break
            }
        }
        for statement in statements { resolve(statement) }
    }

    mutating func resolve(_ statement: Statement) {
        switch statement.kind {
        case .expression(let expression): resolve(expression)
        case .declaration(let declaration): resolve(declaration)
        case .function(let declaration): resolveNested(declaration)
        case .assignment(let place, _, let value):
            resolve(value)
            resolveAssigned(place)
        case .for(let loop):
            resolve(loop.sequence)
            resolve(loop.body, declaring: loop.names, as: .loop, control: control.insideLoop)
        case .while(let condition, let body):
            resolve(condition)
            resolve(body, control: control.insideLoop)
        case .return(let value):
            value.map { resolve($0) }
            checkExit("return", control.toCaller, statement.range)
        case .break: checkExit("break", control.toLoop, statement.range)
        case .continue: checkExit("continue", control.toLoop, statement.range)
        case .fail(let value): resolve(value)
        case .assert(let condition, let message):
            resolve(condition)
            message.map { resolve($0) }
        case .defer(let body): resolveConfined(body, "a `defer`", isIsolated: false)
        case .command(let pipeline): resolve(pipeline, range: statement.range)
        // The parser has reported the first two: they stand at the top level only.
        case .recipe, .import, .invalid: break
        }
    }

    mutating func resolve(_ declaration: Declaration) {
        if let type = declaration.type { _ = resolve(type) }
        resolve(declaration.value)
        for name in declaration.pattern.declaredNames {
            let shape = declaration.isVariable ? nil : closureShape(declaration.value, name: name)
            declareLocal(name, declaration.isVariable ? .variable : .constant, shape: shape)
        }
    }

    /// A function in a block: made where it stands, like a closure, but it can call itself.
    private mutating func resolveNested(_ declaration: FunctionDeclaration) {
        let name = declaration.name
        let shape = CallShape(declaration.function, name: name.text, location: location(name.range))
        declare(name, .function, shape: shape)
        resolve(declaration.function, barrier: .closure)
    }

    private mutating func checkExit(_ word: String, _ exit: Control.Exit, _ range: SourceRange) {
        switch exit {
        case .allowed: break
        case .outside: report(word == "return" ? .returnOutsideFunction() : .loopExitOutsideLoop(word), range)
        case .barred(let construct): report(.exitFromConstruct(word, construct: construct), range)
        }
    }

    // MARK: Functions

    mutating func resolve(_ function: Function, barrier: Scope.Barrier) {
        var types: [ValueType] = []
        var optional: String?
        for parameter in function.parameters {
            types.append(parameter.type.map { resolve($0) } ?? .any)
            if parameter.defaultValue != nil {
                optional = optional ?? parameter.name.text
            } else if let optional {
                report(.requiredAfterOptional(parameter.name.text, after: optional), parameter.range)
            }
        }
        if let result = function.result { _ = resolve(result) }
        let parameters = zip(function.parameters, types).map { ($0, $1) }
        resolveBody(
            function.body, parameters: parameters, names: function.parameters.map(\.name), barrier: barrier,
            defaultsSeeEarlier: true)
    }

    /// `parameters` are those with a default to look at, `names` all that the body can use. The default of a function's
    /// parameter may use those before it; one of a recipe may be taken over by another and must stand alone.
    mutating func resolveBody(
        _ body: Block, parameters: [(Parameter, ValueType)], names: [Name], barrier: Scope.Barrier,
        isOpen: Bool = false, defaultsSeeEarlier: Bool = false
    ) {
        let outer = control
        let endedOutside = ended
        ended = [:]
        defer { ended = endedOutside }
        scopes.append(Scope(barrier))
        let top = scopes.count - 1
        scopes[top].isOpen = isOpen
        scopes[top].parametersToCome = Set(names.map(\.text))
        control = .file
        let passing = recipeParameters
        recipeParameters = nil
        for (parameter, type) in parameters {
            resolveDefault(of: parameter, type)
            if defaultsSeeEarlier, scopes[top].parametersToCome.remove(parameter.name.text) != nil {
                declare(parameter.name, .parameter)
            }
        }
        recipeParameters = passing
        control = .function
        for name in names where !defaultsSeeEarlier || scopes[top].bindings[name.text]?.location.range != name.range {
            scopes[top].parametersToCome.remove(name.text)
            if let previous = scopes[top].bindings[name.text] {
                let note = Diagnostic.Note("the other one stands here", at: previous.location)
                report(.duplicateParameter(name.text), name.range, notes: [note])
            } else {
                declare(name, .parameter)
            }
        }
        resolveStatements(body.statements)
        scopes.removeLast()
        control = outer
    }

    private mutating func resolveDefault(of parameter: Parameter, _ type: ValueType) {
        guard let value = parameter.defaultValue else { return }
        resolve(value)
        guard type.refuses(value) else { return }
        let got = ValueType(literal: value)?.description ?? "something else"
        report(
            .defaultTypeMismatch(
                parameter.name.text, expected: type, literal: tree.file.text(value.range), got: got),
            value.range)
    }
}
