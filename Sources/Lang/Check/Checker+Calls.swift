extension Checker {
    /// A call and its result.
    mutating func call(_ call: Call, _ expression: Expression) -> CheckedType {
        let type = callType(call, expression)
        if let place = flow.hasExpressions ? place(expression) : nil, let fact = flow[place] { return fact }
        if type != .any, type.includesNull { checkedTypes[expression.range] = type }
        return type
    }

    private mutating func callType(_ call: Call, _ expression: Expression) -> CheckedType {
        if let dotted = DottedName(call.callee), let meaning = meaning(dotted) {
            switch meaning {
            case .type(.function(let function?), let consumed) where consumed >= dotted.parts.count:
                return self.call(of: function, call)
            case .type(let type, let consumed) where consumed >= dotted.parts.count:
                return self.call(ofValue: type, call)
            case .builtin(let builtin, let consumed) where consumed >= dotted.parts.count:
                if builtin.signature.form == .constant {
                    skipArguments(call)
                    return .any
                }
                return self.call(of: builtin, call)
            default: break
            }
        }
        if case .member(let base, let name, let isOptional) = call.callee.kind {
            return method(call, base, name, isOptional: isOptional)
        }
        return self.call(ofValue: type(of: call.callee), call)
    }

    /// Looks into arguments of which nothing is asked.
    mutating func skipArguments(_ call: Call) {
        for argument in call.arguments { _ = type(of: argument.value) }
    }

    // MARK: Functions

    private mutating func call(ofValue type: CheckedType, _ call: Call) -> CheckedType {
        switch type {
        case .function(let function?): return self.call(of: function, call)
        case .any, .never, .function(nil): break
        case .union(let members, let isDeclared):
            if isDeclared, type.includesNull {
                requireNotNull(type, call.callee, "what is called")
            } else if !members.contains(where: { $0.fits(.function(nil)) }) {
                reportCall(type, call)
            }
        default: reportCall(type, call)
        }
        skipArguments(call)
        return .any
    }

    private mutating func reportCall(_ type: CheckedType, _ call: Call) {
        report(.callOfValue(described(type, call.callee), help: "write it without parentheses"), call.callee.range)
    }

    private mutating func call(of function: FunctionType, _ call: Call) -> CheckedType {
        let passing = call.passesOn == nil ? [:] : frames.last?.parameters ?? [:]
        let match = ArgumentMatch(call.arguments, to: function.shape, passing: Set(passing.keys))
        guard match.problems.isEmpty, !function.shape.isOpen else {
            skipArguments(call)
            return function.result
        }
        let what: (String) -> String = { "argument `\($0)` of `\(function.shape.name)`" }
        for (slot, parameter) in inOrder(match.slots, function.parameters) {
            switch slot {
            case .argument(let index):
                let value = call.arguments[index].value
                let type = type(of: value)
                // A default may stand in for null: `f(null)` is not `f()`.
                require(type, value, parameter.type, what(parameter.name))
            case .passedOn:
                guard let dots = call.passesOn, let type = passing[parameter.name] else { continue }
                if type.fits(parameter.type) { continue }
                let got = type.description
                report(
                    .wrongType(
                        what(parameter.name), expected: parameter.type.description, got: got,
                        help: "write `\(parameter.name): …` before the `...`"), dots)
            case .missing: continue
            }
        }
        return function.result
    }

    /// Slots with what they are for, as the arguments stand in the call.
    private func inOrder<P>(_ slots: [ArgumentMatch.Slot], _ parameters: [P]) -> [(ArgumentMatch.Slot, P)] {
        let pairs = Array(zip(slots, parameters))
        func position(_ slot: ArgumentMatch.Slot) -> Int { if case .argument(let index) = slot { index } else { .max } }
        let isSorted = zip(pairs, pairs.dropFirst()).allSatisfy { position($0.0) <= position($1.0) }
        return isSorted ? pairs : pairs.sorted { position($0.0) < position($1.0) }
    }

    // MARK: Builtins

    private mutating func call(of builtin: Builtin, _ call: Call) -> CheckedType {
        let signature = builtin.signature
        let match = ArgumentMatch(call.arguments, to: CallShape(signature))
        guard match.problems.isEmpty else {
            skipArguments(call)
            return CheckedType(signature.result)
        }
        var values: [CheckedType] = []
        let types = arguments(call, match, signature, rest: &values)
        checkConversion(builtin, call, types)
        switch signature.name {
        case "min", "max": checkExtreme(signature.name, match.rest.map { call.arguments[$0].value }, values, call)
        case "run": checkProgram(call)
        default: break
        }
        return withDefault(CheckedType(signature.result), signature, types)
    }

    /// Checks the arguments of a builtin; gives their types by parameter.
    mutating func arguments(
        _ call: Call, _ match: ArgumentMatch, _ signature: Signature, items: [CheckedType] = []
    ) -> [String: CheckedType] {
        var rest: [CheckedType] = []
        return arguments(call, match, signature, items: items, rest: &rest)
    }

    /// `rest` are the types of those that stand for no parameter.
    private mutating func arguments(
        _ call: Call, _ match: ArgumentMatch, _ signature: Signature, items: [CheckedType] = [],
        rest: inout [CheckedType]
    ) -> [String: CheckedType] {
        var types: [String: CheckedType] = [:]
        for (slot, parameter) in inOrder(match.slots, signature.parameters) {
            guard case .argument(let index) = slot else { continue }
            let value = call.arguments[index].value
            let type: CheckedType
            if case .closure(let function) = value.kind {
                type = closure(function, parameters: items)
            } else {
                type = self.type(of: value)
            }
            types[parameter.name] = type
            if CheckedType(parameter.type).members.contains(.function(nil)) {
                requireFunction(type, value, taking: items, of: signature)
            }
            let expected = CheckedType(parameter: parameter.type)
            let what = "argument `\(parameter.name)` of `\(signature.name)`"
            if signature.effect == .pure {
                require(type, value, expected, what)
            } else {
                regardlessOfCatch { $0.require(type, value, expected, what) }
            }
        }
        rest = match.rest.map { type(of: call.arguments[$0].value) }
        return types
    }

    /// With a `default` that is not null, what a builtin gives is not null either.
    func withDefault(
        _ result: CheckedType, _ signature: Signature, _ arguments: [String: CheckedType]
    ) -> CheckedType {
        guard result.includesNull, let type = arguments["default"] else { return result }
        return type.includesNull || type == .any ? result.weakened : result.unwrapped
    }
}
