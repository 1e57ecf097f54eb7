// Bodies of functions and what they must give.

extension Checker {
    mutating func checkNested(_ declaration: FunctionDeclaration) {
        let function = declaration.function
        let name = declaration.name
        let shape = CallShape(function, name: name.text, location: location(name.range))
        let declared = parameters(of: function)
        let parameters = declared.map { FunctionType.Parameter(name: $0.name.text, type: $0.type) }
        let annotation = function.result.map { CheckedType(annotation: $0) }
        let index = declare(
            name, .function,
            .function(FunctionType(shape: shape, parameters: parameters, result: annotation ?? .any)), isWatched: true)
        let result = checkBody(
            function.body, parameters: declared, result: function.result, name: name.text, isRecipe: false)
        guard let index else { return }
        let type = FunctionType(shape: shape, parameters: parameters, result: annotation ?? result)
        variables[index].type = .function(type)
        variables[index].isUsed = false
    }

    /// Checks the defaults and the body of a function; gives its result.
    mutating func checkBody(
        _ body: Block, parameters: [CheckedParameter], result: TypeExpression?, name: String, isRecipe: Bool
    ) -> CheckedType {
        let outer = (flow, loops)
        loops = []
        flow.isReachable = true
        let expected = result.map { CheckedType(annotation: $0) }
        var frame = FunctionFrame(name: name, expected: expected)
        if isRecipe {
            for parameter in parameters { frame.parameters[parameter.name.text] = parameter.type }
        } else if let outerFrame = frames.last {
            frame.parameters = outerFrame.parameters
        }
        frames.append(frame)
        scopes.append([:])
        for parameter in parameters {
            if let value = parameter.defaultValue {
                let type = type(of: value)
                require(type, value, parameter.type, "the default of `\(parameter.name.text)`")
            }
            declare(parameter.name, .parameter, parameter.type)
        }
        let type = check(body)
        popScope()
        if let expected {
            if let last = body.lastExpression {
                if type != .never { requireResult(type, last, expected, name) }
            } else if type != .never, !CheckedType.null.fits(expected), let result {
                let help = "end the body with a value, or `return` one"
                report(
                    .wrongType(
                        "the result of `\(name)`", expected: expected.description, got: "null at the end of its body",
                        help: help), result.range)
            }
        }
        let results = frames.removeLast().results.joined(type)
        (flow, loops) = outer
        return expected ?? results.withoutShape
    }

    private mutating func requireValue(
        _ type: CheckedType, _ value: Expression, _ expected: CheckedType, _ what: String
    ) {
        // A call that gives nothing ends the body: what it should give was forgotten.
        if type.isNull, !type.fits(expected), case .call = value.kind {
            let help = "end the body with a value, or `return` one"
            report(.wrongType(what, expected: expected.description, got: "null", help: help), value.range)
        } else {
            require(type, value, expected, what)
        }
    }

    /// Requires a type of what a function gives, in each branch that its last expression has.
    mutating func requireResult(_ type: CheckedType, _ value: Expression, _ expected: CheckedType, _ name: String) {
        if expected == .any { return }
        var blocks: [Block] = []
        switch value.kind {
        case .conditional(let arms, let otherwise): blocks = arms.map(\.body) + (otherwise.map { [$0] } ?? [])
        case .match(_, let arms): blocks = arms.map(\.body)
        case .tryCatch(let body, _, let handler): blocks = [body, handler]
        case .step(let step): blocks = [step.body]
        case .transaction(_, let body), .timeout(_, let body): blocks = [body]
        case .retry(let retry): blocks = [retry.body]
        default: break
        }
        guard !blocks.isEmpty else {
            requireValue(type, value, expected, "the result of `\(name)`")
            return
        }
        let found = diagnostics.count
        for block in blocks {
            guard let type = checkedTypes[block.range], type != .never else { continue }
            if let last = block.lastExpression {
                requireResult(type, last, expected, name)
            } else if !type.fits(expected) {
                let what = "the result of `\(name)`"
                report(
                    .wrongType(
                        what, expected: expected.description, got: "null where this block ends",
                        help: "end the block with a value"), block.range)
            }
        }
        if case .conditional(let arms, nil) = value.kind, diagnostics.count == found {
            requireElse(type, value, arms, expected, name)
        }
    }

    /// An `if` that gives a result must give one where its condition is false as well.
    private mutating func requireElse(
        _ type: CheckedType, _ value: Expression, _ arms: [ConditionalArm], _ expected: CheckedType, _ name: String
    ) {
        guard checkedTypes[value.range] == .null, !CheckedType.null.fits(expected) else { return }
        // Conditions about the same name may leave nothing over, which cannot be seen from here.
        var names: Set<String> = []
        for arm in arms {
            let words = tree.file.text(arm.condition.range).split { !($0.isLetter || $0.isNumber || $0 == "_") }
            for word in Set(words) where !names.insert(String(word)).inserted && type.fits(expected) { return }
        }
        let condition = arms.count == 1 ? "the condition is" : "all its conditions are"
        report(
            .wrongType(
                "the result of `\(name)`", expected: expected.description, got: "null where \(condition) false",
                help: "add `else`"), SourceRange(value.range.start, arms[0].condition.range.end))
    }
}
