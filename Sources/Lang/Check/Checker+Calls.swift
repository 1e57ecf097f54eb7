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
    private mutating func skipArguments(_ call: Call) {
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
        let types = arguments(call, match, signature)
        return withDefault(CheckedType(signature.result), signature, types)
    }

    /// Checks the arguments of a builtin; gives their types by parameter.
    private mutating func arguments(
        _ call: Call, _ match: ArgumentMatch, _ signature: Signature, items: [CheckedType] = []
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
            require(
                type, value, parameterType(parameter, signature), "argument `\(parameter.name)` of `\(signature.name)`")
        }
        for index in match.rest { _ = type(of: call.arguments[index].value) }
        return types
    }

    private func parameterType(_ parameter: ParameterSignature, _ signature: Signature) -> CheckedType {
        // Words that are not text are written as text, as in `$`.
        if signature.name == "run", parameter.name == "command" { return .list(.any) }
        return CheckedType(parameter: parameter.type)
    }

    /// With a `default` that is not null, what a builtin gives is not null either.
    private func withDefault(
        _ result: CheckedType, _ signature: Signature, _ arguments: [String: CheckedType]
    ) -> CheckedType {
        guard result.includesNull, let type = arguments["default"] else { return result }
        return type.includesNull || type == .any ? result.weakened : result.unwrapped
    }

    // MARK: Methods

    private mutating func method(_ call: Call, _ base: Expression, _ name: Name, isOptional: Bool) -> CheckedType {
        let receiver = type(of: base)
        if catalog.mutatingNames.contains(name.text), !isOptional, let root = base.rootName {
            forgetExpressions(with: root)
        }
        let isNullable = receiver.includesNull
        let owners = isOptional ? receiver.unwrapped : receiver
        if owners == .never, isOptional {
            skipArguments(call)
            return .null
        }
        let result: CheckedType
        switch owners {
        case .any, .never:
            skipArguments(call)
            return .any
        case .union(let members, let isDeclared):
            if isDeclared, owners.includesNull {
                reportNull(before: name, base)
                skipArguments(call)
                return .any
            }
            result = method(call, name, base, ofAny: members.filter { $0 != .null }, isDeclared: isDeclared)
        case .plain(.null):
            reportNull(before: name, base, isCertain: true)
            skipArguments(call)
            return .any
        default: result = method(call, name, base, of: owners)
        }
        return isOptional && isNullable ? result.orNull(isDeclared: receiver.isDeclared) : result
    }

    private mutating func reportNull(before name: Name, _ base: Expression, isCertain: Bool = false) {
        let help =
            "look for null first, write `?.\(name.text)` for null in that case, or give a value before it with `??`"
        reportNull("what stands before `.\(name.text)`", isCertain: isCertain, help: help, base)
    }

    /// A method of a value that may be of several types.
    private mutating func method(
        _ call: Call, _ name: Name, _ base: Expression, ofAny members: [CheckedType], isDeclared: Bool
    ) -> CheckedType {
        if members.count == 1 { return method(call, name, base, of: members[0]) }
        if members.contains(.any) {
            skipArguments(call)
            return .any
        }
        let lacking = members.filter { member in
            if member.isMemberless { return true }
            guard let typeName = member.typeName, let known = catalog.members[typeName] else { return false }
            return known[name.text] == nil
        }
        if lacking.count == members.count, let typeName = lacking[0].typeName {
            report(unknownMember(name.text, typeName, catalog.members[typeName] ?? [:]), name.range)
        } else if !lacking.isEmpty, isDeclared {
            report(memberOfSome(name, members), name.range)
        }
        skipArguments(call)
        return .any
    }

    private mutating func method(
        _ call: Call, _ name: Name, _ base: Expression, of receiver: CheckedType
    ) -> CheckedType {
        if receiver.isMemberless {
            report(unknownMember(name.text, receiver.typeName ?? "", [:]), name.range)
            skipArguments(call)
            return .any
        }
        guard let typeName = receiver.typeName, let members = catalog.members[typeName] else {
            skipArguments(call)
            return .any
        }
        guard let builtin = members[name.text] else {
            if case .map(_, let shape) = receiver, shape?.entries[name.text] != nil {
                let help = "to call the function in the entry, write `[\"\(name.text)\"](…)`"
                report(.valueWithoutMember(name.text, of: "Map", help: help), name.range)
            } else {
                report(unknownMember(name.text, typeName, members), name.range)
            }
            skipArguments(call)
            return .any
        }
        let signature = builtin.signature
        if signature.form == .property {
            report(.calledProperty(name.text, of: typeName), name.range)
            skipArguments(call)
            return CheckedType(signature.result)
        }
        let match = ArgumentMatch(call.arguments, to: CallShape(method: signature))
        guard match.problems.isEmpty else {
            report(match.problems[0], call, signature, name)
            skipArguments(call)
            return .any
        }
        let items = receiver.closureParameters(of: name.text)
        var types: [String: CheckedType]
        if name.text == "reduce", let index = match.slots.first, case .argument(let position) = index {
            // The value so far may change its type from one call to the next.
            let initial = call.arguments[position].value
            let isFixed = CheckedType(shallow: initial).map { $0 == .int || $0 == .str || $0 == .float || $0 == .bool }
            let soFar = isFixed == true ? CheckedType(shallow: initial) ?? .any : .any
            types = arguments(call, match, signature, items: [soFar] + items)
            types["initial"] = soFar
        } else {
            types = arguments(call, match, signature, items: items)
        }
        if case .name(let list) = base.kind, let index = variable(list), variables[index].isAnnotated {
            checkItem(types, call, match, receiver, signature)
        }
        checkCondition(types, call, match, signature)
        return withDefault(receiver.result(of: name.text, CheckedType(signature.result), types), signature, types)
    }

    private mutating func report(
        _ problem: ArgumentMatch.Problem, _ call: Call, _ signature: Signature, _ name: Name
    ) {
        let names = signature.parameters.map(\.name)
        func range(_ index: Int) -> SourceRange {
            call.arguments[index].label?.range ?? call.arguments[index].value.range
        }
        switch problem {
        // What no call may do, the resolver has reported.
        case .positionalAfterNamed, .duplicate: break
        case .optionalByPosition(let argument, let parameter):
            let value = tree.file.text(range(argument))
            report(.optionalByPosition(names[parameter], of: signature.name, value: value), range(argument))
        case .tooMany(let argument):
            report(
                .tooManyArguments(of: signature.name, maximum: names.count, got: call.arguments.count), range(argument))
        case .unknownLabel(let argument):
            let label = call.arguments[argument].label?.text ?? ""
            let near = suggestion(for: label, among: names)
            report(.unknownParameter(label, of: signature.name, suggestion: near, all: names), range(argument))
        case .missing(let parameters):
            report(.argumentsLacking(parameters.map { names[$0] }, of: signature.name), name.range)
        }
    }

    /// What is put into a list whose items have a declared type.
    private mutating func checkItem(
        _ types: [String: CheckedType], _ call: Call, _ match: ArgumentMatch, _ receiver: CheckedType,
        _ signature: Signature
    ) {
        guard signature.form == .mutatingMethod, case .list(let element) = receiver, element != .any, element != .never
        else { return }
        for (slot, parameter) in zip(match.slots, signature.parameters) where parameter.name == "item" {
            guard case .argument(let index) = slot, let type = types["item"] else { continue }
            require(type, call.arguments[index].value, element, "an item of the list")
        }
    }

    /// The functions that `filter` and others ask must give a Bool.
    private mutating func checkCondition(
        _ types: [String: CheckedType], _ call: Call, _ match: ArgumentMatch, _ signature: Signature
    ) {
        let isAsking = ["List.filter", "List.any", "List.all", "List.find", "Map.filter"].contains(signature.name)
        guard isAsking, case .function(let function?)? = types["f"], case .argument(let index)? = match.slots.first
        else { return }
        if function.result.fits(.bool) || function.result == .never { return }
        let value = call.arguments[index].value
        var place = value.range
        if case .closure(let closure) = value.kind, let last = closure.body.lastExpression { place = last.range }
        report(
            .wrongType(
                "what the function of `\(signature.name)` gives", expected: "Bool", got: function.result.description,
                help: nil), place)
    }
}

extension CallShape {
    /// The call of a method, whose optional arguments may be given by position.
    init(method signature: Signature) {
        kind = .function
        name = signature.name
        parameters = signature.parameters.map { Parameter(name: $0.name, isRequired: $0.isRequired) }
        isVariadic = signature.isVariadic
        location = nil
    }
}

// MARK: - What methods give

extension CheckedType {
    /// As inferred: what it is declared to be is not known for certain.
    var weakened: CheckedType {
        if case .union(let members, _) = self { .union(members, isDeclared: false) } else { self }
    }

    /// What a method hands to the function it is given.
    fileprivate func closureParameters(of method: String) -> [CheckedType] {
        switch (self, method) {
        case (.list(let element), "map"), (.list(let element), "filter"), (.list(let element), "any"),
            (.list(let element), "all"), (.list(let element), "find"), (.list(let element), "sort"),
            (.list(let element), "reduce"):
            [element.widened]
        case (.map(let value, _), "map"), (.map(let value, _), "filter"): [.str, value.widened]
        default: []
        }
    }

    /// The result of a method, better known by what the receiver holds.
    fileprivate func result(
        of method: String, _ declared: CheckedType, _ arguments: [String: CheckedType]
    ) -> CheckedType {
        func given() -> CheckedType {
            if case .function(let function?)? = arguments["f"] { function.result } else { .any }
        }
        switch self {
        case .list(let element):
            let item = element == .never ? .any : element.widened
            switch method {
            case "first", "last", "find", "min", "max": return item == .any ? .any : item.orNull(isDeclared: false)
            case "pop", "remove_at": return item
            // The sum of no items is the Int 0.
            case "sum": return item == .int ? .int : .any
            case "filter", "sort", "reverse", "unique", "take", "drop": return self
            case "map": return .list(given().widened)
            case "reduce": return .any
            case "zip": return .list(.list(.any))
            case "flatten":
                if case .list(let inner) = element { return .list(inner) }
                return .list(.any)
            default: return declared
            }
        case .map(let value, _):
            let item = value == .never ? .any : value.widened
            switch method {
            case "values": return .list(item)
            case "items": return .list(.list(.any))
            case "get":
                guard let other = arguments["default"] else { return item.orNull(isDeclared: false) }
                return item.joined(other.widened)
            case "remove": return item == .any ? .any : item.orNull(isDeclared: false)
            case "map": return .map(given().widened, nil)
            case "filter": return .map(value, nil)
            case "merge":
                if case .map(let other, _)? = arguments["other"] { return .map(value.joined(other), nil) }
                return .map(.any, nil)
            default: return declared
            }
        default: return declared
        }
    }
}
