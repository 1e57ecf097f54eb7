extension Compiler {
    /// Compiles an expression; its value goes to `destination`.
    func compile(_ expression: Expression, into destination: Int) {
        builder.at(expression.range) { compileKind(expression, into: destination) }
    }

    /// The register of an expression's value: a local's own where that is safe, else a new temporary.
    func operand(_ expression: Expression) -> Int {
        if case .name(let name) = expression.kind, let register = builder.local(name) { return register }
        let register = builder.allocate()
        compile(expression, into: register)
        return register
    }

    private func compileKind(_ expression: Expression, into destination: Int) {
        let mark = builder.nextRegister
        defer { builder.release(to: mark) }
        switch expression.kind {
        case .null, .invalid: builder.emit(.loadNull, destination)
        case .bool(let value): builder.emit(.loadBool, destination, value ? 1 : 0)
        case .int(let value):
            if let small = Int32(exactly: value) {
                builder.emit(.loadInt, destination, bx: Int(small))
            } else {
                loadConstant(.int(value), into: destination)
            }
        case .float(let value): loadConstant(.float(value), into: destination)
        case .string(let text): loadConstant(.string(text), into: destination)
        case .version(let version): loadConstant(version.value, into: destination)
        case .duration(let duration): loadConstant(duration.value, into: destination)
        case .size(let size): loadConstant(size.value, into: destination)
        case .interpolation(let segments): compileInterpolation(segments, into: destination)
        case .name(let name): compileName(name, into: destination)
        case .list(let items): compileList(items, into: destination)
        case .map(let entries): compileMap(entries, into: destination)
        case .unary(let operation, let operand):
            let register = self.operand(operand)
            builder.emit(operation == .negate ? .negate : .not, destination, register)
        case .binary(let operation, let left, let right):
            compileBinary(operation, left, right, into: destination)
        case .member, .index: compileAccess(expression, into: destination)
        case .call(let call): compileCall(call, into: destination)
        case .closure(let function):
            let prototype = compileFunction(function, name: "fn", parent: builder)
            builder.emit(.closure, destination, bx: builder.prototype(prototype))
        case .conditional(let arms, let otherwise): compileConditional(arms, otherwise, into: destination)
        case .match(let subject, let arms): compileMatch(subject, arms, into: destination)
        case .tryCatch(let body, let name, let handler): compileTry(body, name, handler, into: destination)
        case .step(let step): compileStep(step, into: destination)
        case .transaction(let title, let body):
            compileScope(title, kind: .transaction, undo: nil, into: destination) { compile(body, into: destination) }
        case .parallel(let limit, let branches): compileParallel(limit, branches, into: destination)
        case .parallelFor(let limit, let names, let sequence, let body):
            compileParallelFor(limit, names, sequence, body, into: destination)
        case .retry(let retry): compileRetry(retry, into: destination)
        case .timeout(let limit, let body): compileTimeout(limit, body, into: destination)
        case .capture(let pipeline): compileCommand(pipeline, captures: true, into: destination)
        }
    }

    func loadConstant(_ value: Value, into destination: Int) {
        builder.emit(.loadConstant, destination, bx: builder.constant(value))
    }

    // MARK: Names

    func compileName(_ name: String, into destination: Int) {
        if let register = builder.local(name) {
            if register != destination { builder.emit(.move, destination, register) }
        } else if let capture = builder.capture(name) {
            builder.emit(.loadCapture, destination, capture)
        } else if let slot = slots[module][name] {
            builder.emit(.loadGlobal, destination, bx: slot)
        } else if let builtin = catalog.function(name) {
            compileBuiltinValue(builtin, into: destination)
        } else {
            builder.emit(.loadNull, destination)
        }
    }

    /// A constant is read at once; a function becomes a value.
    private func compileBuiltinValue(_ builtin: Builtin, into destination: Int) {
        if builtin.signature.form == .constant {
            let base = builder.allocate()
            builder.emit(.callBuiltin, base, 0, builder.builtin(builtin))
            builder.emit(.move, destination, base)
        } else {
            loadConstant(.object(BuiltinObject(builtin)), into: destination)
        }
    }

    /// What a dotted name means before any value is looked at.
    enum DottedMeaning {
        case global(slot: Int, members: ArraySlice<Name>)
        case builtin(Builtin, members: ArraySlice<Name>)
    }

    /// The meaning of `a.b.c` where `a` is an import or a namespace; nil where it is a value.
    func dottedMeaning(_ expression: Expression) -> DottedMeaning? {
        guard let names = dottedNames(expression), let first = names.first else { return nil }
        if builder.local(first.text) != nil || builder.capture(first.text) != nil { return nil }
        if names.count > 1, let imported = program.modules[module].imports[first.text],
            let slot = slots[imported][names[1].text]
        {
            return .global(slot: slot, members: names[2...])
        }
        if let slot = slots[module][first.text] { return .global(slot: slot, members: names[1...]) }
        if let (builtin, count) = catalog.builtin(forPath: names.map(\.text)) {
            return .builtin(builtin, members: names[count...])
        }
        return nil
    }

    private func dottedNames(_ expression: Expression) -> [Name]? {
        var names: [Name] = []
        var current = expression
        while true {
            switch current.kind {
            case .name(let text):
                names.append(Name(text, current.range))
                return names.reversed()
            case .member(let base, let name, optional: false):
                names.append(name)
                current = base
            default: return nil
            }
        }
    }

    // MARK: Access

    private func compileAccess(_ expression: Expression, into destination: Int) {
        switch dottedMeaning(expression) {
        case .global(let slot, let members):
            builder.emit(.loadGlobal, destination, bx: slot)
            compileMembers(members, into: destination)
            return
        case .builtin(let builtin, let members):
            compileBuiltinValue(builtin, into: destination)
            compileMembers(members, into: destination)
            return
        case nil: break
        }
        switch expression.kind {
        case .member(let base, let name, let isOptional):
            let register = operand(base)
            var skip: Int?
            if isOptional {
                builder.emit(.move, destination, register)
                skip = builder.emit(.jumpIfNull, destination, bx: 0)
            }
            builder.at(name.range) {
                _ = builder.emit(.getMember, destination, register, builder.smallConstant(.string(name.text)))
            }
            if let skip { builder.patch(skip) }
        case .index(let base, let index):
            let register = stableOperand(base, before: index)
            if case .binary(let operation, let lower, let upper) = index.kind,
                operation == .closedRange || operation == .halfOpenRange
            {
                let bounds = builder.allocate(2)
                compile(lower, into: bounds)
                compile(upper, into: bounds + 1)
                builder.emit(
                    operation == .closedRange ? .getClosedSlice : .getHalfOpenSlice, destination, register, bounds)
                builder.at(index.range) { _ = builder.emit(operation.opcode, bounds, bounds, bounds + 1) }
                builder.emit(.getIndex, destination, register, bounds)
                return
            }
            let key = operand(index)
            builder.emit(.getIndex, destination, register, key)
        default: break
        }
    }

    private func compileMembers(_ members: ArraySlice<Name>, into destination: Int) {
        for name in members {
            builder.at(name.range) {
                _ = builder.emit(.getMember, destination, destination, builder.smallConstant(.string(name.text)))
            }
        }
    }

    /// An operand that keeps its value although `later` is evaluated after it: a block in `later` may assign the local.
    func stableOperand(_ expression: Expression, before later: Expression) -> Int {
        if case .name(let name) = expression.kind, let register = builder.local(name), later.mayAssign {
            let copy = builder.allocate()
            builder.emit(.move, copy, register)
            return copy
        }
        return operand(expression)
    }

    // MARK: Values

    /// Long literals are made in pieces, so that they need few registers.
    private static let pieceSize = 48

    private func compileList(_ items: [Expression], into destination: Int) {
        if items.count <= Self.pieceSize {
            let first = builder.allocate(items.count)
            for (offset, item) in items.enumerated() { compile(item, into: first + offset) }
            builder.emit(.makeList, destination, first, items.count)
            return
        }
        let list = builder.allocate()
        builder.emit(.makeList, list, list, 0)
        var rest = items[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.pieceSize)
            rest = rest.dropFirst(Self.pieceSize)
            let mark = builder.nextRegister
            let first = builder.allocate(piece.count)
            for (offset, item) in piece.enumerated() { compile(item, into: first + offset) }
            builder.emit(.extendList, list, first, piece.count)
            builder.release(to: mark)
        }
        builder.emit(.take, destination, list)
    }

    private func compileMap(_ entries: [MapEntry], into destination: Int) {
        if let template = template(entries) {
            let first = builder.allocate(entries.count)
            for (offset, entry) in entries.enumerated() { compile(entry.value, into: first + offset) }
            builder.emit(.makeRecord, destination, first, template)
            return
        }
        let map = builder.allocate()
        builder.emit(.makeMap, map, map, 0)
        var rest = entries[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Self.pieceSize)
            rest = rest.dropFirst(Self.pieceSize)
            let mark = builder.nextRegister
            let first = builder.allocate(piece.count * 2)
            for (offset, entry) in piece.enumerated() {
                loadConstant(.string(entry.key), into: first + offset * 2)
                compile(entry.value, into: first + offset * 2 + 1)
            }
            builder.emit(.extendMap, map, first, piece.count)
            builder.release(to: mark)
        }
        builder.emit(.take, destination, map)
    }

    /// The constant that has the keys of a map's literal; nil for one that is made in pieces, or has a key twice.
    private func template(_ entries: [MapEntry]) -> Int? {
        guard entries.count <= Self.pieceSize, Set(entries.map { Array($0.key.utf8) }).count == entries.count else {
            return nil
        }
        return builder.nearConstant(.map(keys: entries.map(\.key)))
    }

    private func compileInterpolation(_ segments: [Segment], into destination: Int) {
        if segments.count <= Self.pieceSize {
            let first = builder.allocate(segments.count)
            for (offset, segment) in segments.enumerated() { compile(segment, into: first + offset) }
            builder.emit(.interpolate, destination, first, segments.count)
            return
        }
        var rest = segments[...]
        var isFirst = true
        let text = builder.allocate()
        while !rest.isEmpty || isFirst {
            let piece = rest.prefix(Self.pieceSize)
            rest = rest.dropFirst(Self.pieceSize)
            let mark = builder.nextRegister
            let first = builder.allocate(piece.count + (isFirst ? 0 : 1))
            var next = first
            if !isFirst {
                builder.emit(.move, next, text)
                next += 1
            }
            for segment in piece {
                compile(segment, into: next)
                next += 1
            }
            builder.emit(.interpolate, text, first, next - first)
            builder.release(to: mark)
            isFirst = false
        }
        builder.emit(.take, destination, text)
    }

    private func compile(_ segment: Segment, into destination: Int) {
        switch segment {
        case .text(let text): loadConstant(.string(text), into: destination)
        case .value(let expression): compile(expression, into: destination)
        }
    }

    // MARK: Operators

    private func compileBinary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, into destination: Int
    ) {
        switch operation {
        case .and, .or:
            compileLogical(operation, left, right, into: destination)
        case .coalesce:
            let register = builder.allocate()
            compile(left, into: register)
            let given = builder.emit(.jumpIfNotNull, register, bx: 0)
            compile(right, into: register)
            builder.patch(given)
            builder.emit(.move, destination, register)
        case .add, .subtract:
            if case .int(let number) = right.kind, let immediate = immediate(number, for: operation) {
                builder.emit(.addImmediate, destination, operand(left), immediate)
                return
            }
            fallthrough
        case .multiply, .divide, .remainder:
            if case .int(let number) = right.kind, let small = Int16(exactly: number),
                let opcode = operation.immediateOpcode
            {
                builder.emit(opcode, destination, operand(left), Int(small))
                return
            }
            fallthrough
        default:
            if case .string(let text) = right.kind, let number = operation.comparisonNumber,
                let constant = builder.nearConstant(.string(text))
            {
                builder.emit(.compareConstant, destination, operand(left), constant, d: number)
                return
            }
            let first = stableOperand(left, before: right)
            let second = operand(right)
            builder.emit(operation.opcode, destination, first, second)
        }
    }

    /// `a and b`: b is looked at only if a does not decide.
    private func compileLogical(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, into destination: Int
    ) {
        if !planning {
            // Nothing in the right side sees the destination: an assigned variable is none here (see `writesLast`).
            compile(left, into: destination)
            let decided = builder.at(left.range) {
                builder.emit(operation == .and ? .jumpIfFalse : .jumpIfTrue, destination, bx: 0)
            }
            compile(right, into: destination)
            if !right.isBool {
                builder.at(right.range) { builder.patch(builder.emit(.jumpIfFalse, destination, bx: 0)) }
            }
            builder.patch(decided)
            return
        }
        let register = builder.allocate()
        compile(left, into: register)
        let unknown = builder.emit(.jumpIfUnknown, register, bx: 0)
        let decided = builder.at(left.range) {
            builder.emit(operation == .and ? .jumpIfFalse : .jumpIfTrue, register, bx: 0)
        }
        compile(right, into: register)
        // The result must be a Bool too, whoever asked for it.
        let rightUnknown = builder.emit(.jumpIfUnknown, register, bx: 0)
        builder.at(right.range) { builder.patch(builder.emit(.jumpIfFalse, register, bx: 0)) }
        builder.patch([unknown, rightUnknown, decided])
        builder.emit(.move, destination, register)
    }
}

extension BinaryOperator {
    /// The opcode that takes its right side from the instruction itself.
    fileprivate var immediateOpcode: Opcode? {
        switch self {
        case .multiply: .multiplyImmediate
        case .divide: .divideImmediate
        case .remainder: .remainderImmediate
        default: nil
        }
    }

    /// The opcode that computes it; `and`, `or` and `??` are jumps and have none of their own.
    var opcode: Opcode {
        switch self {
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .in: .contained
        case .notIn: .notContained
        case .closedRange: .closedRange
        case .halfOpenRange: .halfOpenRange
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .remainder: .remainder
        case .coalesce, .or, .and: .nop
        }
    }
}

extension Expression {
    /// True if evaluating it may assign a local: it holds a block, or calls a method that changes its receiver.
    var mayAssign: Bool {
        switch kind {
        case .null, .bool, .int, .float, .string, .version, .duration, .size, .name, .closure, .invalid: false
        case .interpolation(let segments): segments.contains { $0.mayAssign }
        case .list(let items): items.contains(where: \.mayAssign)
        case .map(let entries): entries.contains { $0.value.mayAssign }
        case .unary(_, let operand): operand.mayAssign
        case .binary(_, let left, let right): left.mayAssign || right.mayAssign
        case .member(let base, _, _): base.mayAssign
        case .index(let base, let index): base.mayAssign || index.mayAssign
        case .call, .conditional, .match, .tryCatch, .step, .transaction, .parallel, .parallelFor, .retry, .timeout,
            .capture:
            true
        }
    }
}

extension Expression {
    /// True if the code for it writes its destination with its last instruction alone, after everything that may fail and
    /// everything that reads a local: then a variable itself may be the destination of its new value.
    var writesLast: Bool {
        switch kind {
        case .null, .bool, .int, .float, .string, .unary, .interpolation: true
        case .binary(let operation, _, _): operation.opcode != .nop
        default: false
        }
    }

    /// True if its value is a number, a Bool, a Duration or a Size for certain: nothing that could be changed in place, so that a
    /// reference to it that is left behind does not matter.
    var isArithmetic: Bool {
        switch kind {
        case .int, .float, .bool: true
        case .binary(let operation, _, _): operation.opcode != .nop && operation != .add
        default: false
        }
    }
}

extension Expression {
    /// True if its value is a Bool for certain, in a real run.
    fileprivate var isBool: Bool {
        switch kind {
        case .bool, .unary(.not, _): true
        case .binary(let operation, _, _):
            switch operation {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .notIn, .and, .or: true
            default: false
            }
        default: false
        }
    }
}

extension Segment {
    fileprivate var mayAssign: Bool { if case .value(let expression) = self { expression.mayAssign } else { false } }
}
