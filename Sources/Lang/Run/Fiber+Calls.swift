// Calls: binding arguments to parameters, entering functions, and builtins.

extension Fiber {
    // Each of these leaves the frame that goes on at the top: a new one, or that of the caller with the result in place. What they
    // return is for the world; nil for nothing.

    private var base: Int { top.base }

    /// The call of a function with as many arguments as it has parameters, which stand after it; false for any other.
    @inline(__always)
    func enterDirectly(_ r: Registers, count: Int) -> Bool {
        guard let function = r.unretained(.function, as: FunctionObject.self) else { return false }
        let code = function._withUnsafeGuaranteedRef { $0.code }
        let (expected, needed) = code._withUnsafeGuaranteedRef { ($0.parameterCount, $0.registerCount) }
        let start = r - stack
        guard count == expected, depth < depthLimit, start &+ needed <= capacity else { return false }
        pushFrame(code, base: start)
        return true
    }

    /// Calls what stands in register `a` with the `count` arguments after it.
    func call(at a: Int, count: Int, shape: Prototype.CallShape?) throws(RuntimeError) -> Outcome? {
        let start = base + a
        guard case .object(let object) = stack[start] else {
            throw RuntimeError(.value, .notCallable(stack[start]))
        }
        switch object.tag {
        case .function:
            let function = unsafeDowncast(object, to: FunctionObject.self)
            if let shape {
                let names = function.prototype.parameters.map(\.name)
                let bound = try bind(
                    take(stack + start + 1, count), shape.labels, to: names, of: function.prototype.name)
                try enter(function, at: start, arguments: bound)
            } else {
                try enter(function, at: start, count: count)
            }
        case .builtin:
            let builtin = unsafeDowncast(object, to: BuiltinObject.self).builtin
            var arguments = take(stack + start + 1, count)
            if builtin.isVariadic {
                if let shape, let label = shape.labels.compactMap({ $0 }).first {
                    throw RuntimeError(.value, .unknownArgument(label, of: builtin.name, suggestion: nil))
                }
            } else {
                arguments = try bind(arguments, shape?.labels, to: builtin)
            }
            return try enter(builtin, at: a, arguments: arguments)
        case .unknown: for index in 0..<count { stack[start + 1 + index] = .null }
        default: throw RuntimeError(.value, .notCallable(stack[start]))
        }
        return nil
    }

    /// A frame for a function whose `count` arguments follow it on the stack.
    private func enter(_ function: FunctionObject, at start: Int, count: Int) throws(RuntimeError) {
        let prototype = function.prototype
        let expected = prototype.parameterCount
        if count != expected {
            let required = prototype.parameters.count { !$0.hasDefault }
            if count > expected || count < required {
                throw RuntimeError(
                    .value,
                    .wrongArgumentCount(of: prototype.name, expected: required...max(required, expected), got: count))
            }
        }
        if depth >= depthLimit { return try tooDeep(stack + start, count: count) }
        try ensureCapacity(start + max(prototype.registerCount, expected + 1))
        if count < expected {
            for index in count..<expected { stack[start + 1 + index] = .missing }
        }
        pushFrame(Unmanaged.passUnretained(prototype), base: start)
    }

    /// Calls nest too deeply: an error, or in a dry run a result that is not known.
    func tooDeep(_ r: Registers, count: Int) throws(RuntimeError) {
        guard program.planning else { throw RuntimeError(.limit, .recursionTooDeep(depthLimit)) }
        for index in 0...count { r[index] = .null }
        r.pointee = .unknown("a recursion that ends at run time")
    }

    private func enter(_ function: FunctionObject, at start: Int, arguments: [Value]) throws(RuntimeError) {
        try ensureCapacity(start + arguments.count + 1)
        stack[start] = .object(function)
        for (index, argument) in arguments.enumerated() { stack[start + 1 + index] = argument }
        for (parameter, argument) in zip(function.prototype.parameters, arguments) where !parameter.hasDefault {
            if case .missing = argument {
                throw RuntimeError(.value, .missingArgument(parameter.name, of: function.prototype.name))
            }
        }
        try enter(function, at: start, count: arguments.count)
    }

    /// Calls a builtin with arguments in declared order; the result goes to register `a`.
    private func enter(_ builtin: Builtin, at a: Int, arguments: [Value]) throws(RuntimeError) -> Outcome? {
        switch builtin.implementation {
        case .pure(let body): stack[base + a] = try callPure(body, arguments)
        case .effect: return suspend(.builtin(builtin, arguments), .register(a))
        case .script(let source):
            try enter(try program.script(builtin, source: source), at: base + a, arguments: arguments)
        case .mutating: throw RuntimeError(.value, .mutationOfTemporary(builtin.name))
        }
        return nil
    }

    /// Calls builtin `number` of the function at the top with the `count` arguments after register `a`, in declared order.
    func callBuiltin(at a: Int, count: Int, number: Int) throws(RuntimeError) -> Outcome? {
        let r = stack + base + a
        let builtin = frames[depth - 1].code._withUnsafeGuaranteedRef { $0.builtinTable[number] }
        if !program.planning, try callPure(builtin, r, first: 1, count: count) { return nil }
        return try enter(builtin.takeUnretainedValue(), at: a, arguments: take(r + 1, count))
    }

    /// With the arguments where they stand, from R[first]; the result goes to R[0], and nothing stays behind. False if it is not
    /// pure.
    @inline(__always)
    private func callPure(
        _ builtin: Unmanaged<Builtin>, _ r: Registers, first: Int, count: Int
    ) throws(RuntimeError) -> Bool {
        let arguments = Arguments(UnsafePointer(r + first), count: count)
        do {
            guard let result = try builtin._withUnsafeGuaranteedRef({ try $0.callIfPure(arguments) }) else {
                return false
            }
            r.pointee = result
        } catch {
            throw RuntimeError(any: error)
        }
        for index in 0..<count { (r + first + index).release() }
        return true
    }

    func callPure(_ body: Builtin.PureBody, _ arguments: [Value]) throws(RuntimeError) -> Value {
        if program.planning, let unknown = arguments.lazy.compactMap({ $0.unknownPart(depth: 3) }).first {
            return unknown
        }
        do {
            let result = try Arguments.with(arguments, body)
            return program.planning ? result.resting(on: arguments) : result
        } catch {
            throw RuntimeError(any: error)
        }
    }

    // MARK: Methods

    /// `R[1].name(R[2]…)` where the arguments can be handed over as they stand; false where they cannot, or in a dry run, where
    /// one may be unknown.
    func callPlainMethod(_ r: Registers, count: Int, shape: Int) throws(RuntimeError) -> Bool {
        let code = frames[depth - 1].code
        let (site, key) = (code._withUnsafeGuaranteedRef { $0.sites[shape] }, (r + 1).typeKey)
        guard site.type == key, site.isPlain, let builtin = site.builtin else { return false }
        let shortcut = builtin._withUnsafeGuaranteedRef { $0.shortcut }
        if shortcut != .none, try shortcut.call(r, count: count) { return true }
        return try callPure(builtin, r, first: 1, count: count + 1)
    }

    /// A method that the machine does itself, with receiver and arguments where they are: registers, constants or globals. False,
    /// and nothing done, where it does not.
    @inline(never)
    func callDirectly(
        _ i: Instruction, _ operands: Instruction, _ r: Registers, _ constants: UnsafePointer<Value>
    ) throws(RuntimeError) -> Bool {
        let receiver = operand(i.b, i.d & 3, r, constants)
        let site = frames[depth - 1].code._withUnsafeGuaranteedRef { $0.sites[i.c] }
        guard site.type == receiver.typeKey, site.isPlain, let builtin = site.builtin else { return false }
        let shortcut = builtin._withUnsafeGuaranteedRef { $0.shortcut }
        let first = operand(operands.a, i.d >> 2 & 3, r, constants)
        let second = operand(operands.b, i.d >> 4, r, constants)
        return try shortcut.call(r + i.a, receiver, first, second, count: site.argumentCount)
    }

    /// How many parts a text has, without making them; false where it is no text, or there is nothing between them.
    @inline(never)
    func countParts(_ i: Instruction, _ r: Registers, _ constants: UnsafePointer<Value>) throws(RuntimeError) -> Bool {
        let receiver = operand(i.b, i.d & 3, r, constants)
        guard let text = receiver.unretained(.string, as: StringObject.self)?.takeUnretainedValue() else {
            return false
        }
        if i.d >> 2 == 3 {
            (r + i.a).set(try text.lineCount())
            return true
        }
        let second = operand(i.c, i.d >> 2, r, constants)
        guard let separator = second.unretained(.string, as: StringObject.self), separator.byteCount > 0 else {
            return false
        }
        (r + i.a).set(try text.partCount(between: separator.takeUnretainedValue().text))
        return true
    }

    @inline(__always)
    private func operand(_ number: Int, _ kind: Int, _ r: Registers, _ constants: UnsafePointer<Value>) -> Registers {
        switch kind {
        case 0: r + number
        case 1: Registers(mutating: constants + number)
        default: program.globals + number
        }
    }

    /// `R[a+1].name(R[a+2]…)`
    func callMethod(at a: Int, count: Int, shapeIndex: Int) throws(RuntimeError) -> Outcome? {
        let start = base + a
        let prototype = frames[depth - 1].prototype
        let receiver = stack[start + 1]
        if receiver.isUnknown {
            for index in 0...count { stack[start + 1 + index] = .null }
            stack[start] = receiver
            return nil
        }
        guard let builtin = prototype.method(shapeIndex, of: receiver, in: program.catalog) else {
            throw RuntimeError(.value, missingMethod(prototype.shapes[shapeIndex].name, of: receiver))
        }
        if builtin.isProperty { throw RuntimeError(.value, .propertyCalled(prototype.shapes[shapeIndex].name)) }
        // A method that is a script finds its arguments where they stand.
        if prototype.sites[shapeIndex].isPlain, count == builtin.parameterCount,
            case .script(let source) = builtin.implementation
        {
            try enter(try program.script(builtin, source: source), at: start, count: count + 1)
            return nil
        }
        var arguments = take(stack + start + 2, count)
        let shape = prototype.shapes[shapeIndex]
        if !shape.isPositional || count != builtin.parameterCount {
            arguments = try bind(arguments, shape.labels, to: builtin)
        }
        arguments.insert(receiver, at: 0)
        if case .mutating = builtin.implementation { throw RuntimeError(.value, .mutationOfTemporary(shape.name)) }
        stack[start + 1] = .null
        return try enter(builtin, at: a, arguments: arguments)
    }

    /// `R[b].name(R[1]…)` on a variable itself, where the arguments can be handed over as they stand.
    func changePlainly(_ r: Registers, _ root: Registers, shape: Int) throws(RuntimeError) -> Bool {
        let code = frames[depth - 1].code
        let (site, key) = (code._withUnsafeGuaranteedRef { $0.sites[shape] }, root.typeKey)
        guard site.type == key, site.isPlain, let builtin = site.builtin else { return false }
        let shortcut = builtin._withUnsafeGuaranteedRef { $0.shortcut }
        if shortcut != .none, try shortcut.change(root, r) { return true }
        let arguments = Arguments(UnsafePointer(r + 1), count: site.argumentCount)
        do {
            let result = try builtin._withUnsafeGuaranteedRef { try $0.changeIfMutating(&root.pointee, arguments) }
            guard let result else { return false }
            r.pointee = result
        } catch {
            throw RuntimeError(any: error)
        }
        for index in 0..<site.argumentCount { (r + 1 + index).release() }
        return true
    }

    private func missingMethod(_ name: String, of receiver: Value) -> Message {
        if receiver.isNull { return .nullMember(name) }
        if let map = receiver.asMap, map.position(of: name) != nil { return .entryCalled(name) }
        let names = program.catalog.members(of: receiver.typeName)?.keys.filter { !$0.hasPrefix("_") } ?? []
        return .noSuchMember(name, of: receiver.typeName, suggestion: suggestion(for: name, among: names))
    }

    /// Index keys from R[1], then the arguments; the result goes to R[0].
    func callMutating(_ r: Registers, _ root: Registers, shape index: Int) throws(RuntimeError) {
        let prototype = frames[depth - 1].prototype
        let shape = prototype.shapes[index]
        if shape.path.isEmpty { _ = prototype.method(index, of: root.pointee, in: program.catalog) }
        let keys = keys(shape.path, r + 1)
        for position in 0..<shape.indexCount { r[1 + position] = .null }
        let arguments = take(r + 1 + shape.indexCount, shape.labels.count)
        r.pointee = try withPlace(&root.pointee, keys[...]) { (place: inout Value) throws(RuntimeError) -> Value in
            if place.isUnknown { return place }
            if case .missing = place, case .index(let key)? = keys.last {
                throw RuntimeError(.value, .noSuchKey(key.display, suggestion: nil))
            }
            guard let builtin = findMember(place, shape.name) else {
                throw RuntimeError(.value, missingMethod(shape.name, of: place))
            }
            let bound = try bind(arguments, shape.labels, to: builtin)
            switch builtin.implementation {
            case .mutating(let body):
                do {
                    return try Arguments.with(bound) { try body(&place, $0) }
                } catch {
                    throw RuntimeError(any: error)
                }
            case .pure(let body): return try callPure(body, [place] + bound)
            default: throw RuntimeError(.value, .methodNotCalled(shape.name))
            }
        }
    }

    // MARK: Arguments

    private func bind(_ arguments: [Value], _ labels: [String?]?, to builtin: Builtin) throws(RuntimeError) -> [Value] {
        let parameters = builtin.signature.parameters
        let bound = try bind(
            arguments, labels ?? arguments.map { _ in nil }, to: parameters.map(\.name), of: builtin.name)
        for (parameter, argument) in zip(parameters, bound) where parameter.isRequired {
            if case .missing = argument {
                throw RuntimeError(.value, .missingArgument(parameter.name, of: builtin.name))
            }
        }
        return bound
    }

    /// Arguments in the order of `names`, `.missing` where none was given.
    private func bind(
        _ arguments: [Value], _ labels: [String?], to names: [String], of function: String
    ) throws(RuntimeError) -> [Value] {
        if arguments.count > names.count {
            throw RuntimeError(
                .value, .wrongArgumentCount(of: function, expected: names.count...names.count, got: arguments.count))
        }
        var bound = [Value](repeating: .missing, count: names.count)
        for (position, argument) in arguments.enumerated() {
            var target = position
            if let label = labels[position] {
                guard let named = names.firstIndex(of: label) else {
                    throw RuntimeError(
                        .value,
                        .unknownArgument(label, of: function, suggestion: suggestion(for: label, among: names)))
                }
                target = named
            }
            guard case .missing = bound[target] else {
                throw RuntimeError(.value, .argumentGivenTwice(names[target], of: function))
            }
            bound[target] = argument
        }
        return bound
    }
}

extension RuntimeError {
    /// What a builtin's body threw.
    package init(any error: any Error) {
        if let error = error as? RuntimeError {
            self = error
        } else if let error = error as? ValueError {
            self.init(error)
        } else {
            self.init(.world, .unexpected("\(error)"))
        }
    }
}

extension Value {
    /// An unknown value in this one or, for lists and maps, in its parts.
    package func unknownPart(depth: Int) -> Value? {
        guard case .object(let object) = self else { return nil }
        switch object.tag {
        case .unknown: return self
        case .list where depth > 0: return asList?.lazy.compactMap { $0.unknownPart(depth: depth - 1) }.first
        case .map where depth > 0: return asMap?.values.lazy.compactMap { $0.unknownPart(depth: depth - 1) }.first
        default: return nil
        }
    }

    /// A small number for the value's type, for caches.
    var typeKey: UInt8 {
        switch self {
        case .missing, .null: return 0
        case .bool: return 1
        case .int: return 2
        case .float: return 3
        case .object(let object):
            guard object.tag == .domain else { return 8 + object.tag.rawValue }
            switch unsafeDowncast(object, to: DomainObject.self).domain {
            case .version: return 32
            case .image: return 33
            case .digest: return 34
            case .duration: return 35
            case .size: return 36
            case .path: return 37
            case .registry: return 38
            case .secret: return 39
            case .commandResult: return 40
            case .error: return 41
            }
        }
    }
}
