extension Checker {
    mutating func method(_ call: Call, _ base: Expression, _ name: Name, isOptional: Bool) -> CheckedType {
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
            guard let typeName = member.typeName, let known = catalog.members(of: typeName) else { return false }
            return known[name.text] == nil
        }
        if lacking.count == members.count, let typeName = lacking[0].typeName {
            report(unknownMember(name.text, typeName, catalog.members(of: typeName) ?? [:]), name.range)
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
        guard let typeName = receiver.typeName, let members = catalog.members(of: typeName) else {
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
        checkPattern(call, signature)
        checkOrderOfItems(name.text, base, receiver, call)
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
            let message = Message.unknownParameter(
                label, of: signature.name, suggestion: near, all: names, isVariadic: signature.isVariadic)
            report(message, range(argument))
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
