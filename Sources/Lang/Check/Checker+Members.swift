extension Checker {
    // MARK: Dotted names

    /// What a dotted name means before any value is looked at; nil where it begins with a variable.
    enum Meaning {
        /// A name of this or an imported file, and where its members begin.
        case type(CheckedType, consumed: Int)
        case builtin(Builtin, consumed: Int)
    }

    mutating func meaning(_ dotted: DottedName) -> Meaning? {
        let parts = dotted.parts
        guard let root = parts.first, variable(root.text) == nil else { return nil }
        if let module = imports[root.text] {
            guard parts.count > 1, modules.indices.contains(module) else { return .type(.any, consumed: parts.count) }
            let types = modules[module]
            if let function = types.functions[parts[1].text] { return .type(.function(function), consumed: 2) }
            return .type(types.values[parts[1].text] ?? .any, consumed: 2)
        }
        if functions[root.text] != nil {
            return .type(function(named: root.text).map { .function($0) } ?? .any, consumed: 1)
        }
        if let (builtin, consumed) = catalog.builtin(forPath: dotted.path) {
            return .builtin(builtin, consumed: consumed)
        }
        return .type(.any, consumed: parts.count)
    }

    // MARK: Members

    /// `base.name`
    mutating func member(_ expression: Expression) -> CheckedType {
        let type = memberType(expression)
        if let place = flow.hasExpressions ? place(expression) : nil, let fact = flow[place] { return fact }
        checkedTypes[expression.range] = type
        return type
    }

    private mutating func memberType(_ expression: Expression) -> CheckedType {
        guard case .member(let base, let name, let isOptional) = expression.kind else { return .any }
        if let dotted = DottedName(expression), let meaning = meaning(dotted) {
            switch meaning {
            case .type(let type, let consumed):
                if consumed >= dotted.parts.count { return type }
            case .builtin(let builtin, let consumed):
                if consumed >= dotted.parts.count {
                    return builtin.signature.form == .constant ? CheckedType(builtin.signature.result) : .function(nil)
                }
            }
        }
        let type = self.type(of: base)
        if isOptional {
            let result = property(name, of: type.unwrapped, base)
            return type.includesNull ? result.orNull(isDeclared: type.isDeclared) : result
        }
        let result = property(name, of: type, base)
        return presentParts(base).contains(name.text) ? result.weakened : result
    }

    private mutating func property(_ name: Name, of type: CheckedType, _ base: Expression) -> CheckedType {
        guard let owners = owners(of: name, type, base) else { return .any }
        var result = CheckedType.never
        var failures: [(Message, SourceRange)] = []
        for owner in owners {
            switch entry(name, of: owner) {
            case .success(let type): result = result.joined(type)
            case .failure(let problem): failures.append((problem.message, name.range))
            }
        }
        guard let (message, range) = failures.first else { return result }
        if failures.count < owners.count {
            if type.isDeclared { report(memberOfSome(name, owners), range) }
            return .any
        }
        report(message, range)
        return .any
    }

    /// The types that a member is looked up in; nil where nothing can be said or the value may be null.
    private mutating func owners(of name: Name, _ type: CheckedType, _ base: Expression) -> [CheckedType]? {
        switch type {
        case .any, .never: return nil
        case .plain(.null):
            let help = "write `?.\(name.text)` for null in that case, or give a value before it with `??`"
            reportNull("what stands before `.\(name.text)`", isCertain: true, help: help, base)
            return nil
        case .union(let members, let isDeclared):
            if isDeclared, type.includesNull {
                let help =
                    "look for null first, write `?.\(name.text)` for null in that case, "
                    + "or give a value before it with `??`"
                reportNull("what stands before `.\(name.text)`", help: help, base)
                return nil
            }
            let owners = members.filter { $0 != .null }
            return owners.contains(.any) ? nil : owners
        default: return [type]
        }
    }

    /// Some of a union's types have the member and others have not.
    func memberOfSome(_ name: Name, _ owners: [CheckedType]) -> Message {
        let with = owners.filter { $0.typeName.flatMap { catalog.member(name.text, of: $0) } != nil }
        let without = owners.first { owner in !with.contains(owner) } ?? .any
        let help = "tell its types apart first with `match`" + (with.first.map { ": `\($0.description) => …`" } ?? "")
        return .valueWithoutMember(name.text, of: without.description, help: help)
    }

    private struct Problem: Error { let message: Message }

    private func entry(_ name: Name, of owner: CheckedType) -> Result<CheckedType, Problem> {
        let text = name.text
        if case .map(let value, let shape) = owner {
            guard let shape else { return .success(value) }
            if let type = shape.entries[text] { return .success(type) }
            if let method = catalog.member(text, of: "Map") {
                return .failure(Problem(message: uncalled(method, text)))
            }
            let near = suggestion(for: text, among: shape.entries.keys.sorted())
            return .failure(Problem(message: .missingKey(text, suggestion: near)))
        }
        if owner.isMemberless {
            return .failure(Problem(message: unknownMember(text, owner.typeName ?? "", [:], isCalled: false)))
        }
        guard let typeName = owner.typeName, let members = catalog.members(of: typeName) else { return .success(.any) }
        guard let builtin = members[text] else {
            return .failure(Problem(message: unknownMember(text, typeName, members, isCalled: false)))
        }
        if builtin.signature.form == .property {
            let type = CheckedType(builtin.signature.result)
            // Which parts an error has follows from its kind, which a `catch` mostly knows.
            return .success(owner == .plain(.error) ? type.weakened : type)
        }
        return .failure(Problem(message: uncalled(builtin, text)))
    }

    private func uncalled(_ method: Builtin, _ name: String) -> Message {
        let type = String(method.name.prefix { $0 != "." })
        return .uncalledMethod(
            name, of: type, takesArguments: method.signature.parameters.contains(where: \.isRequired))
    }

    func unknownMember(
        _ name: String, _ typeName: String, _ members: [String: Builtin], isCalled: Bool = true
    ) -> Message {
        let names = members.keys.filter { !$0.hasPrefix("_") }.sorted()
        let near = foreignNames[name].flatMap { names.contains($0) ? $0 : nil } ?? suggestion(for: name, among: names)
        guard let near, let signature = members[near]?.signature else {
            return .valueWithoutMember(name, of: typeName, help: nil)
        }
        let arguments = signature.form == .property ? "" : signature.parameters.isEmpty ? "()" : "(…)"
        let help = "did you mean `.\(near)\(arguments)`?"
        let replacement: String? =
            switch (signature.form == .property, isCalled) {
            case (true, false), (false, true): near
            case (false, false): arguments == "()" ? near + "()" : nil
            case (true, true): nil
            }
        return .valueWithoutMember(name, of: typeName, help: help, replacement: replacement)
    }

    // MARK: Indexes

    /// `base[key]`
    mutating func index(_ expression: Expression, _ base: Expression, _ key: Expression) -> CheckedType {
        let baseType = self.type(of: base)
        let keyType = self.type(of: key)
        let type = element(of: baseType, base, at: keyType, key)
        if let place = flow.hasExpressions ? place(expression) : nil, let fact = flow[place] { return fact }
        checkedTypes[expression.range] = type
        return type
    }

    private mutating func element(
        of base: CheckedType, _ expression: Expression, at key: CheckedType, _ keyExpression: Expression
    ) -> CheckedType {
        let isRange = key == .plain(.range)
        switch base {
        case .any, .never: return .any
        case .list(let element):
            if isRange { return base }
            requireKey(key, keyExpression, base, .union([.int, .plain(.range)], isDeclared: true), "an Int or a Range")
            return key == .int ? element.widened : .any
        case .plain(.str), .literal:
            let text = shortText(keyExpression.range)
            let help = key == .int ? "write `s[\(text)..\(text)]` for one character" : nil
            requireKey(key, keyExpression, base, .plain(.range), "a Range", help: help)
            return .str
        case .map(let value, let shape):
            requireKey(
                key, keyExpression, base, .str, "a Str", help: "write `Str(\(shortText(keyExpression.range)))`")
            if let shape, case .string(let text) = keyExpression.kind, let type = shape.entries[text] { return type }
            return value == .any ? .any : value.widened.orNull(isDeclared: false)
        case .union(let members, let isDeclared):
            if isDeclared, base.includesNull {
                requireNotNull(base, expression, "what is indexed")
                return .any
            }
            if !isDeclared || members.allSatisfy(\.isIndexable) { return .any }
        default: break
        }
        report(.indexOfValue(described(base, expression), help: indexHelp(base)), expression.range)
        return .any
    }

    private mutating func requireKey(
        _ key: CheckedType, _ expression: Expression, _ base: CheckedType, _ expected: CheckedType, _ text: String,
        help: String? = nil
    ) {
        if key.fits(expected) { return }
        if key.isOptional, key.unwrapped.fits(expected) {
            requireNotNull(key, expression, "what a \(base.typeName ?? "value") is indexed with")
            return
        }
        let got = described(key, expression)
        report(
            .wrongIndex(
                base.typeName ?? "value", expected: text, type: expected.description, got: got, help: help),
            expression.range)
    }

    private func indexHelp(_ type: CheckedType) -> String? {
        switch type {
        case .plain(.range): "make a list of it with `.to_list()`"
        case .plain(.null): "give a value before it with `??`"
        case .plain(.int), .plain(.float), .plain(.bool), .function: nil
        default: "its members are read with a point: `x.name`"
        }
    }
}

extension CheckedType {
    /// True for types that have no members at all.
    var isMemberless: Bool {
        switch self {
        case .function, .plain(.bool): true
        default: false
        }
    }

    fileprivate var isIndexable: Bool {
        switch self {
        case .any, .list, .map, .plain(.str), .literal: true
        default: false
        }
    }
}

/// What members are called in other languages.
private let foreignNames: [String: String] = [
    "length": "len", "lenght": "len", "size": "len", "count": "len", "push": "append", "add": "append",
    "to_upper": "upper",
    "uppercase": "upper", "toUpperCase": "upper", "to_lower": "lower", "lowercase": "lower", "toLowerCase": "lower",
    "strip": "trim", "startswith": "starts_with", "startsWith": "starts_with", "endswith": "ends_with",
    "endsWith": "ends_with", "includes": "contains", "has_key": "has", "sorted": "sort", "reversed": "reverse",
    "exitCode": "exit_code", "output": "stdout", "includes_key": "has", "collect": "map", "select": "filter",
]
