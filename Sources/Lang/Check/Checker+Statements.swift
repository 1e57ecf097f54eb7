extension Checker {
    // MARK: Blocks

    /// Checks a block in a scope of its own; gives the type of its value, `never` where it does not end.
    mutating func check(_ block: Block) -> CheckedType {
        depth += 1
        scopes.append([:])
        let type = checkStatements(block.statements[...], endOf: block.range)
        popScope()
        depth -= 1
        checkedTypes[block.range] = type
        return type
    }

    mutating func popScope() {
        guard let names = scopes.popLast(), !names.isEmpty, flow.hasExpressions else { return }
        for name in names.keys { forgetExpressions(with: name) }
    }

    mutating func checkStatements(_ statements: ArraySlice<Statement>, endOf range: SourceRange) -> CheckedType {
        var last = CheckedType.null
        var reason: String?
        for statement in statements {
            if !flow.isReachable, let word = reason {
                flow.isReachable = true
                warn(.unreachableCode(after: word), statement.range)
                flow.isReachable = false
                reason = nil
            }
            let wasReachable = flow.isReachable
            last = check(statement, endOf: range)
            if wasReachable, !flow.isReachable { reason = Checker.exitWord(statement) }
        }
        return flow.isReachable ? last : .never
    }

    private static func exitWord(_ statement: Statement) -> String {
        switch statement.kind {
        case .return: "`return` stands before it"
        case .break: "`break` stands before it"
        case .continue: "`continue` stands before it"
        case .fail: "`fail` stands before it"
        case .while: "the loop before it has no end"
        default: "nothing leads past what stands before it"
        }
    }

    // MARK: Statements

    /// `range` is that of the block, in which what a statement declares is known.
    private mutating func check(_ statement: Statement, endOf range: SourceRange) -> CheckedType {
        switch statement.kind {
        case .expression(let expression): return type(of: expression)
        case .declaration(let declaration): check(declaration, SourceRange(statement.range.end, range.end))
        case .function(let declaration): checkNested(declaration)
        case .assignment(let place, let operation, let value):
            checkAssignment(place, operation, value, statement.range)
        case .for(let loop): check(loop, statement.range)
        case .while(let condition, let body): checkWhile(condition, body, statement.range)
        case .return(let value): checkReturn(value, statement.range)
        case .break:
            if !loops.isEmpty, flow.isReachable { loops[loops.count - 1] = true }
            flow.isReachable = false
        case .continue: flow.isReachable = false
        case .fail(let value):
            let type = type(of: value)
            require(type, value, .union([.str, .plain(.error)], isDeclared: true), "what `fail` is given")
            flow.isReachable = false
        case .assert(let condition, let message):
            let outcomes = self.condition(condition)
            flow = outcomes.whenFalse
            if let message { _ = type(of: message) }
            flow = outcomes.whenTrue
        case .defer(let body): checkDeferred(body, endOf: range)
        case .command(let pipeline): check(pipeline)
        case .recipe, .import, .invalid: break
        }
        return .null
    }

    private mutating func checkReturn(_ value: Expression?, _ range: SourceRange) {
        let type = value.map { self.type(of: $0) } ?? .null
        if flow.isReachable, let frame = frames.last {
            frames[frames.count - 1].results = frame.results.joined(type)
            if let expected = frame.expected {
                if let value {
                    requireResult(type, value, expected, frame.name)
                } else if !type.fits(expected) {
                    let what = "the result of `\(frame.name)`"
                    report(.wrongType(what, expected: expected.description, got: "null", help: "return a value"), range)
                }
            }
        }
        flow.isReachable = false
    }

    /// The rest of the function may change what the body sees when it runs, and the body what the rest sees after it.
    private mutating func checkDeferred(_ body: Block, endOf range: SourceRange) {
        let before = flow
        forgetChanges(in: SourceRange(body.range.start, range.end))
        _ = check(body)
        flow = before
        forgetChanges(in: body.range)
    }

    // MARK: Declarations

    /// Declares a name in the innermost scope.
    @discardableResult
    mutating func declare(
        _ name: Name, _ kind: Variable.Kind, _ type: CheckedType, isWatched: Bool = false
    ) -> Int? {
        if name.text == "_" || name.text.isEmpty { return nil }
        var variable = Variable(name: name, kind: kind, type: type)
        variable.isTracked = !assignments.deferred.contains(name.text)
        variable.isWatched = isWatched && !name.text.utf8.starts(with: "_".utf8)
        let top = scopes.count - 1
        if top == 0, let index = scopes[0][name.text] {
            variable.isUsed = variables[index].isUsed
            variables[index] = variable
            return index
        }
        forgetExpressions(with: name.text)
        scopes[top][name.text] = variables.count
        variables.append(variable)
        return variables.count - 1
    }

    private mutating func check(_ declaration: Declaration, _ rest: SourceRange) {
        let annotation = declaration.type.map { CheckedType(annotation: $0) }
        var implied: (whenTrue: [Place: CheckedType], whenFalse: [Place: CheckedType])?
        let value = declaration.value
        let type: CheckedType
        if !declaration.isVariable, value.isLogical {
            let before = flow
            let outcomes = condition(value)
            implied = (
                outcomes.whenTrue.facts(since: before), outcomes.whenFalse.facts(since: before)
            )
            flow = merged(outcomes.whenTrue, outcomes.whenFalse)
            type = .bool
        } else {
            type = self.type(of: value)
        }
        switch declaration.pattern {
        case .name(let name):
            if let annotation { require(type, value, annotation, "`\(name.text)`") }
            declare(name, declaration, annotation: annotation, value: type, rest)
            if let implied, let index = variable(name.text) {
                variables[index].implied = (fixed(implied.whenTrue), fixed(implied.whenFalse))
            }
        case .list(let names, _):
            if let annotation { require(type, value, annotation, "the list") }
            let item = items(of: type, value, names: names)
            for (offset, name) in names.enumerated() {
                var element = item
                if case .list(let items) = value.kind, items.indices.contains(offset) {
                    element = CheckedType(literal: items[offset])?.widened ?? item
                }
                declare(name, declaration, annotation: nil, value: element, rest)
            }
        }
    }

    /// The facts about what can never change.
    private func fixed(_ facts: [Place: CheckedType]) -> [Place: CheckedType] {
        facts.filter { place, _ in
            guard case .variable(let index) = place else { return false }
            return variables[index].kind != .variable
        }
    }

    /// The items of what `let [a, b] = …` takes apart.
    private mutating func items(of type: CheckedType, _ value: Expression, names: [Name]) -> CheckedType {
        if type.fits(.list(.any)) {
            if case .list(let element) = type { return element }
            return .any
        }
        require(type, value, .list(.any), "what is taken apart with `[…]`")
        return .any
    }

    private mutating func declare(
        _ name: Name, _ declaration: Declaration, annotation: CheckedType?, value: CheckedType, _ rest: SourceRange
    ) {
        let isWatched = scopes.count > 1
        guard declaration.isVariable else {
            guard let index = declare(name, .constant, annotation ?? value.widened, isWatched: isWatched) else {
                return
            }
            if let annotation { learn(value, of: index, declared: annotation) }
            return
        }
        let type = annotation ?? variableType(name.text, value.widened, rest)
        guard let index = declare(name, .variable, type, isWatched: isWatched) else { return }
        variables[index].isAnnotated = annotation != nil
        if let annotation {
            learn(value, of: index, declared: annotation)
        } else if variables[index].isTracked, hasParts(value, changedIn: rest, name.text) {
            flow[.variable(index)] = nil
        } else if variables[index].isTracked, value.widened.withoutShape != type {
            flow[.variable(index)] = value.widened.withoutShape
        }
    }

    /// Of a declared type, only whether null is among it is known better right after an assignment.
    private mutating func learn(_ value: CheckedType, of index: Int, declared: CheckedType) {
        flow[.variable(index)] = nil
        guard variables[index].isTracked, declared.includesNull, value != .any else { return }
        if value.isNull {
            flow[.variable(index)] = .null
        } else if !value.includesNull {
            flow[.variable(index)] = declared.unwrapped
        }
    }

    private func hasParts(_ type: CheckedType, changedIn range: SourceRange, _ name: String) -> Bool {
        switch type {
        case .list, .map: assignments.changes(of: name, in: range).contains(where: \.isPart)
        default: false
        }
    }

    /// What a `var` may hold: its first value and what the rest of its block assigns, as far as that can be seen from
    /// the assignments alone.
    private func variableType(_ name: String, _ initial: CheckedType, _ rest: SourceRange) -> CheckedType {
        var type = initial.withoutShape
        for change in assignments.changes(of: name, in: rest) {
            switch change.kind {
            case .part:
                type = type.withoutParts
            case .compound(let operation):
                if operation == .add || operation == .subtract, initial.keepsKind { continue }
                return .any
            case .value(let value):
                guard let next = CheckedType(shallow: value) else { return .any }
                type = type.joined(next)
            }
        }
        return type
    }

    private mutating func checkNested(_ declaration: FunctionDeclaration) {
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

    // MARK: Functions

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

    /// Requires a type of what a function gives, in each branch that its last expression has.
    mutating func requireResult(_ type: CheckedType, _ value: Expression, _ expected: CheckedType, _ name: String) {
        if expected == .any { return }
        var blocks: [Block] = []
        switch value.kind {
        case .conditional(let arms, let otherwise?): blocks = arms.map(\.body) + [otherwise]
        case .match(_, let arms): blocks = arms.map(\.body)
        case .tryCatch(let body, _, let handler): blocks = [body, handler]
        case .step(let step): blocks = [step.body]
        case .transaction(_, let body), .timeout(_, let body): blocks = [body]
        case .retry(let retry): blocks = [retry.body]
        default: break
        }
        guard !blocks.isEmpty else {
            require(type, value, expected, "the result of `\(name)`")
            return
        }
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
    }

    // MARK: Assignments

    private mutating func checkAssignment(
        _ place: Expression, _ operation: BinaryOperator?, _ value: Expression, _ range: SourceRange
    ) {
        guard case .name(let name) = place.kind else {
            checkPartAssignment(place, operation, value, range)
            return
        }
        var type: CheckedType
        if let operation {
            type = binary(operation, place, self.type(of: place), value, self.type(of: value), range)
            // `n += 1` alone is no use of `n`, but nobody who counts is told off for it.
        } else {
            type = self.type(of: value)
        }
        guard let index = variable(name) else { return }
        let variable = variables[index]
        let isAnnotated = variable.isAnnotated
        if isAnnotated, operation == nil { require(type, value, variable.type, "`\(name)`") }
        if isAnnotated, operation != nil, !type.fits(variable.type) {
            report(
                .wrongType("`\(name)`", expected: variable.type.description, got: type.description, help: nil), range)
            type = .any
        }
        forget(name)
        if isAnnotated {
            learn(type, of: index, declared: variable.type)
        } else if variable.isTracked, variable.kind == .variable {
            let known = type.widened.withoutShape.withoutPartsUnless(variable.type)
            if known != variable.type { flow[.variable(index)] = known }
        }
    }

    /// `m.key = value`, `xs[i] = value`
    private mutating func checkPartAssignment(
        _ place: Expression, _ operation: BinaryOperator?, _ value: Expression, _ range: SourceRange
    ) {
        let type = self.type(of: value)
        let old = operation == nil ? nil : self.type(of: place)
        var base = place
        var index: Expression?
        switch place.kind {
        case .member(let inner, _, _): base = inner
        case .index(let inner, let key): (base, index) = (inner, key)
        default: break
        }
        // Where the old value was looked at, so was all of the place.
        let container = old == nil ? self.type(of: base) : known(base)
        if let old, let operation {
            _ = binary(operation, place, old, value, type, range)
        } else if let index {
            checkChangedIndex(container, self.type(of: index), index)
        }
        if container.fits(.union([.list(.any), .map(.any, nil)], isDeclared: true)) {
            if let element = declaredElement(of: container), operation == nil {
                require(type, value, element, "what is put into the \(container.typeName ?? "value")")
            }
        } else if container.isOptional {
            requireNotNull(container, base, "what is changed in place")
        } else if !container.isDeclared {
            report(.changeOfUnchangeable(described(container, base), help: changeHelp(container)), place.range)
        }
        if let root = place.rootName { forget(root) }
    }

    private mutating func checkChangedIndex(_ container: CheckedType, _ key: CheckedType, _ index: Expression) {
        switch container {
        case .list: require(key, index, .int, "what a List is indexed with for a change")
        case .map: require(key, index, .str, "what a Map is indexed with")
        default: break
        }
    }

    private func changeHelp(_ type: CheckedType) -> String? {
        switch type {
        case .plain(.str), .literal: "make a new one, for example with `.replace(…)`"
        case .plain(.null): "set it first"
        case .plain(.version), .plain(.image): "make a new one with `.with(…)`"
        default: nil
        }
    }

    private func declaredElement(of type: CheckedType) -> CheckedType? {
        switch type {
        case .list(let element), .map(let element, nil): element
        default: nil
        }
    }

    // MARK: Loops

    private mutating func check(_ loop: ForLoop, _ range: SourceRange) {
        let sequence = type(of: loop.sequence)
        let types = elements(of: sequence, loop.sequence, names: loop.names.count)
        forgetChanges(in: range)
        let before = flow
        scopes.append([:])
        for (name, type) in zip(loop.names, types) { declare(name, .loop, type, isWatched: true) }
        loops.append(false)
        _ = check(loop.body)
        loops.removeLast()
        popScope()
        flow = before
    }

    private mutating func checkWhile(_ condition: Expression, _ body: Block, _ range: SourceRange) {
        forgetChanges(in: range)
        let before = flow
        let outcomes = self.condition(condition)
        flow = outcomes.whenTrue
        loops.append(false)
        _ = check(body)
        let isLeft = loops.removeLast()
        flow = isLeft ? before : outcomes.whenFalse
    }

    /// What the names of a loop stand for.
    mutating func elements(of sequence: CheckedType, _ expression: Expression, names: Int) -> [CheckedType] {
        let unknown = [CheckedType](repeating: .any, count: names)
        switch sequence {
        case .any, .never: return unknown
        case .list(let element): return names == 2 ? [.int, element.widened] : [element.widened]
        case .map(let value, _): return names == 2 ? [.str, value.widened] : [.str]
        case .plain(.range) where names == 1: return [.int]
        case .union(let members, let isDeclared):
            if isDeclared, sequence.includesNull {
                requireNotNull(sequence, expression, "what `for` goes over")
                return unknown
            }
            if members.contains(where: { $0.isSequence }) { return unknown }
        default: break
        }
        let help = sequenceHelp(sequence, expression)
        report(.wrongSequence(described(sequence, expression), help: help), expression.range)
        return unknown
    }

    private func sequenceHelp(_ type: CheckedType, _ expression: Expression) -> String? {
        switch type {
        case .plain(.int): "count with a range: `0..<\(shortText(expression.range))`"
        case .plain(.str), .literal: "take it apart with `.lines()` or `.split(\"\")`"
        case .plain(.null): "give a list in its place with `?? []`"
        case .plain(.range): "number its items with `.to_list()`"
        default: nil
        }
    }
}

extension CheckedType {
    fileprivate var isSequence: Bool {
        switch self {
        case .any, .list, .map, .plain(.range): true
        default: false
        }
    }

    /// True where `x += y` leaves `x` of the type it is.
    fileprivate var keepsKind: Bool {
        switch self {
        case .plain(.int), .plain(.float), .plain(.str), .plain(.duration), .plain(.size): true
        default: false
        }
    }

    var withoutShape: CheckedType { if case .map(let value, .some) = self { .map(value, nil) } else { self } }

    /// With nothing known of its items.
    var withoutParts: CheckedType {
        switch self {
        case .list: .list(.any)
        case .map: .map(.any, nil)
        case .union(let members, let isDeclared): .union(members.map(\.withoutParts), isDeclared: isDeclared)
        default: self
        }
    }

    /// With nothing known of its items where the variable knows nothing of them.
    fileprivate func withoutPartsUnless(_ variable: CheckedType) -> CheckedType {
        switch (self, variable) {
        case (.list, .list(let element)) where element != .any: self
        case (.map, .map(let value, _)) where value != .any: self
        case (.list, _), (.map, _): withoutParts
        default: self
        }
    }

    /// The type of an expression as far as it can be seen without its surroundings.
    init?(shallow expression: Expression) {
        if let literal = CheckedType(literal: expression) {
            self = literal.widened
            return
        }
        switch expression.kind {
        case .list: self = .list(.any)
        case .map: self = .map(.any, nil)
        case .binary(let operation, _, _):
            switch operation {
            case .or, .and, .equal, .notEqual, .in, .notIn: self = .bool
            case .less, .lessOrEqual, .greater, .greaterOrEqual: self = .bool
            case .closedRange, .halfOpenRange: self = .plain(.range)
            default: return nil
            }
        case .unary(.not, _): self = .bool
        default: return nil
        }
    }
}

extension Expression {
    /// True for what a condition can learn from and that is a Bool itself.
    var isLogical: Bool {
        switch kind {
        case .unary(.not, _): true
        case .binary(let operation, _, _):
            switch operation {
            case .and, .or, .equal, .notEqual, .in, .notIn: true
            default: false
            }
        default: false
        }
    }

    /// The variable that a place is part of.
    var rootName: String? {
        var root = self
        while true {
            switch root.kind {
            case .name(let name): return name
            case .member(let base, _, _), .index(let base, _): root = base
            default: return nil
            }
        }
    }
}

extension Block {
    /// The expression whose value is that of the block.
    var lastExpression: Expression? {
        if case .expression(let expression)? = statements.last?.kind { expression } else { nil }
    }
}
