extension Checker {
    /// Checks an expression and gives its type; `any` where something is wrong with it.
    mutating func type(of expression: Expression) -> CheckedType {
        if let literal = CheckedType(literal: expression) { return literal }
        depth += 1
        defer { depth -= 1 }
        switch expression.kind {
        case .interpolation(let segments): return interpolation(segments)
        case .name: return type(ofName: expression)
        case .list(let items): return list(items)
        case .map(let entries): return map(entries)
        case .unary(.negate, let operand): return negation(operand)
        case .unary(.not, _), .binary(.and, _, _), .binary(.or, _, _), .binary(.equal, _, _), .binary(.notEqual, _, _),
            .binary(.in, _, _), .binary(.notIn, _, _):
            let outcomes = condition(expression)
            flow = merged(outcomes.whenTrue, outcomes.whenFalse)
            return .bool
        case .binary(.coalesce, let left, let right): return coalesce(left, right)
        case .binary(let operation, let left, let right):
            let leftType = type(of: left)
            let rightType = type(of: right)
            return binary(operation, left, leftType, right, rightType, expression.range)
        case .member: return member(expression)
        case .index(let base, let key): return index(expression, base, key)
        case .call(let call): return self.call(call, expression)
        case .closure(let function): return closure(function, parameters: [])
        case .conditional(let arms, let otherwise): return conditional(arms, otherwise, expression.range)
        case .match(let subject, let arms): return match(subject, arms, expression.range)
        default: return construct(expression)
        }
    }

    // MARK: Values

    private mutating func interpolation(_ segments: [Segment]) -> CheckedType {
        var result = CheckedType.str
        for case .value(let value) in segments {
            let type = type(of: value)
            if case .function = type { report(.functionInText(), value.range) }
            switch type {
            case .plain(.secret): result = .plain(.secret)
            case .any where result == .str: result = .union([.str, .plain(.secret)], isDeclared: false)
            case .union(let members, _) where result == .str && members.contains(.plain(.secret)):
                result = .union([.str, .plain(.secret)], isDeclared: false)
            default: break
            }
        }
        return result
    }

    private mutating func list(_ items: [Expression]) -> CheckedType {
        var element = CheckedType.never
        for item in items {
            let type = type(of: item)
            noteItem(item, type)
            if type != element { element = element.joined(type.withoutShape) }
        }
        return .list(element)
    }

    /// Where a list or map stands for something of a declared type, each item is looked at again.
    private mutating func noteItem(_ item: Expression, _ type: CheckedType) {
        switch item.kind {
        case .name, .null, .bool, .int, .float, .string, .version, .duration, .size: break
        default: checkedTypes[item.range] = type
        }
    }

    private mutating func map(_ entries: [MapEntry]) -> CheckedType {
        var value = CheckedType.never
        var shape: [String: CheckedType] = [:]
        for entry in entries {
            let type = type(of: entry.value)
            noteItem(entry.value, type)
            shape[entry.key] = type.widened
            if type != value { value = value.joined(type.widened.withoutShape) }
        }
        return .map(value, MapShape(shape))
    }

    /// The type of a function value; `parameters` are the types of arguments where the place it stands in tells them.
    mutating func closure(_ function: Function, parameters known: [CheckedType]) -> CheckedType {
        var parameters = self.parameters(of: function)
        for (offset, type) in known.enumerated() where parameters.indices.contains(offset) {
            if function.parameters[offset].type != nil { continue }
            let parameter = parameters[offset]
            parameters[offset] = CheckedParameter(
                name: parameter.name, type: type.widened, defaultValue: parameter.defaultValue)
        }
        let result = checkBody(
            function.body, parameters: parameters, result: function.result, name: "fn", isRecipe: false)
        // Called elsewhere, it takes what its annotations say.
        let declared = self.parameters(of: function).map { FunctionType.Parameter(name: $0.name.text, type: $0.type) }
        let shape = CallShape(function, name: "fn", location: location(function.range))
        return .function(FunctionType(shape: shape, parameters: declared, result: result))
    }

    // MARK: Names

    /// The innermost variable of a name.
    func variable(_ name: String) -> Int? {
        for scope in scopes.reversed() {
            if let index = scope[name] { return index }
        }
        return nil
    }

    private mutating func type(ofName expression: Expression) -> CheckedType {
        guard case .name(let name) = expression.kind else { return .any }
        if let index = variable(name) {
            variables[index].isUsed = true
            return flow[.variable(index)] ?? variables[index].type
        }
        if functions[name] != nil { return function(named: name).map { .function($0) } ?? .function(nil) }
        guard let builtin = catalog.function(name) else { return .any }
        return builtin.signature.form == .constant ? CheckedType(builtin.signature.result) : .function(nil)
    }

    // MARK: if

    private mutating func conditional(
        _ arms: [ConditionalArm], _ otherwise: Block?, _ range: SourceRange
    ) -> CheckedType {
        var end: Flow?
        var type = CheckedType.never
        for arm in arms {
            let outcomes = condition(arm.condition)
            flow = outcomes.whenTrue
            type = type.joined(check(arm.body))
            end = end.map { merged($0, flow) } ?? flow
            flow = outcomes.whenFalse
        }
        if let otherwise {
            type = type.joined(check(otherwise))
        } else if flow.isReachable {
            // It is null where no arm is taken.
            type = type.joined(.null)
            checkedTypes[range] = .null
        }
        flow = end.map { merged($0, flow) } ?? flow
        return flow.isReachable ? type : .never
    }

    // MARK: Requiring types

    /// Reports a value that does not fit where it stands. `what` is the place, for messages.
    mutating func require(
        _ type: CheckedType, _ expression: Expression, _ expected: CheckedType, _ what: @autoclosure () -> String
    ) {
        if expected == .any || requireParts(of: expression, expected, what()) { return }
        if type.fits(expected) { return }
        if type.isOptional, type.unwrapped.fits(expected) {
            requireNotNull(type, expression, what())
            return
        }
        var help = conversion(of: type, expression, to: expected)
        var replacement = help.flatMap(Checker.writtenFix)
        if case .literal(let text) = type, let near = suggestion(for: text, among: expected.literals) {
            help = "did you mean \(quoted(near))?"
            replacement = quoted(near)
        } else if type.isDeclared {
            help = help ?? "tell its types apart first with `match`"
        }
        report(
            .wrongType(
                what(), expected: (expected.isTextAsWell ? expected.members[0] : expected).description,
                got: described(type, expression), help: help,
                replacement: replacement),
            expression.range)
    }

    /// Looks into literals: the item that is wrong is reported where it stands. True where something was.
    private mutating func requireParts(of expression: Expression, _ expected: CheckedType, _ what: String) -> Bool {
        switch expression.kind {
        case .list(let items):
            let elements = expected.members.compactMap { if case .list(let element) = $0 { element } else { nil } }
            guard elements.count == 1, elements[0] != .any else { return false }
            for item in items where requireItem(item, elements[0], "each item of \(what)") { return true }
        case .map(let entries):
            let values = expected.members.compactMap { if case .map(let value, _) = $0 { value } else { nil } }
            guard values.count == 1, values[0] != .any else { return false }
            for entry in entries where requireItem(entry.value, values[0], "each value of \(what)") { return true }
        default: break
        }
        return false
    }

    private mutating func requireItem(_ item: Expression, _ expected: CheckedType, _ what: String) -> Bool {
        let before = diagnostics.count
        require(CheckedType(literal: item) ?? known(item), item, expected, what)
        return diagnostics.count > before
    }

    mutating func requireNotNull(_ type: CheckedType, _ expression: Expression, _ what: String) {
        let text = shortText(expression.range)
        let help = "look for null first: `if \(text) != null`, or give a value in its place with `??`"
        reportNull(what, help: help, expression)
    }

    /// Reports a value that may be null. Whoever comes past it has seen that it is not: it is reported once.
    mutating func reportNull(_ what: String, isCertain: Bool = false, help: String, _ expression: Expression) {
        report(.possiblyNull(what, isCertain: isCertain, help: help), expression.range)
        var after = flow
        removeNull(expression, &after)
        flow = after
    }

    /// The code in "write `Int(x)`" and the like; nil where it was shortened or there is more to choose from.
    private static func writtenFix(_ help: String) -> String? {
        let parts = help.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].isEmpty, parts[0].hasSuffix(" "), !parts[1].contains("…") else { return nil }
        return parts[1].hasPrefix(".") ? nil : String(parts[1])
    }

    /// How a value becomes one of the type that is expected, where it can.
    func conversion(of type: CheckedType, _ expression: Expression, to expected: CheckedType) -> String? {
        let text = shortText(expression.range)
        let isText = type == .str || { if case .literal = type { true } else { false } }()
        if expected.isWord {
            switch type {
            case .plain(.null): return "give a value in its place with `??`, or leave it out"
            case .plain(.secret): return "hand it over with `stdin:` or `env:`"
            case .list: return "join the lists: `[…] + \(text)`"
            default: break
            }
        }
        for member in expected.members {
            switch (member, type) {
            case (_, .plain(.null)): return nil
            case (.list(let element), _) where element != .any && type.fits(element) && type != .any:
                return "put it in brackets: `[\(text)]`"
            case (.plain(.str), .list): return "make one text of it with `.join(\", \")`"
            case (.plain(.str), .map), (.plain(.str), .function), (.plain(.str), .union): continue
            case (.plain(.str), .plain(.secret)): return "`.reveal()` gives the text, for all to see"
            case (.plain(.str), _) where expected.isTextAsWell: continue
            case (.plain(.str), _): return "write `Str(\(text))`"
            case (.plain(.float), .plain(.int)): return "write `Float(\(text))`"
            case (.plain(.int), .plain(.float)): return "write `\(text).round()` or `.floor()`"
            case (.plain(.float), _) where isText, (.plain(.int), _) where isText, (.plain(.version), _) where isText,
                (.plain(.image), _) where isText, (.plain(.digest), _) where isText, (.plain(.path), _) where isText,
                (.plain(.duration), _) where isText, (.plain(.size), _) where isText:
                if case .literal(let content) = type, !member.canBeRead(from: content) { continue }
                return "write `\(member.description)(\(text))`"
            case (.plain(.duration), .plain(.int)): return "write it with a unit: `\(text)s`"
            case (.plain(.size), .plain(.int)): return "write it with a unit: `\(text)MB`"
            case (.plain(.registry), _) where isText: return "look it up: `project.registries.get(\(text))`"
            default: continue
            }
        }
        return nil
    }
}

extension CheckedType {
    /// True for what `run` takes as a word of a command.
    fileprivate var isWord: Bool { members.count > 2 && members.contains(.str) && members.contains(.plain(.registry)) }

    /// True for what a builtin takes as text in place of an image, a digest or a path.
    fileprivate var isTextAsWell: Bool {
        guard case .union(let members, isDeclared: true) = self, members.count == 2, members[1] == .str else {
            return false
        }
        return [.plain(.image), .plain(.digest), .plain(.path)].contains(members[0])
    }
}
