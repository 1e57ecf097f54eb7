// Calls: binding arguments to parameters, entering functions, and builtins.

extension Fiber {
    enum CallResult {
        /// A new frame is on top.
        case entered
        /// The result stands in its register.
        case done
        case effect(Builtin, [Value])
    }

    private var base: Int { top.base }

    /// Calls what stands in register `a` with the `count` arguments after it.
    func call(at a: Int, count: Int, shape: Prototype.CallShape?) throws(RuntimeError) -> CallResult {
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
                return try enter(function, at: start, arguments: bound)
            }
            return try enter(function, at: start, count: count)
        case .builtin:
            let builtin = unsafeDowncast(object, to: BuiltinObject.self).builtin
            var arguments = take(stack + start + 1, count)
            if builtin.signature.isVariadic {
                if let shape, let label = shape.labels.compactMap({ $0 }).first {
                    throw RuntimeError(.value, .unknownArgument(label, of: builtin.name, suggestion: nil))
                }
            } else {
                arguments = try bind(arguments, shape?.labels, to: builtin)
            }
            return try enter(builtin, at: a, arguments: arguments)
        case .unknown:
            for index in 0..<count { stack[start + 1 + index] = .null }
            return .done
        default: throw RuntimeError(.value, .notCallable(stack[start]))
        }
    }

    /// A frame for a function whose `count` arguments follow it on the stack.
    private func enter(_ function: FunctionObject, at start: Int, count: Int) throws(RuntimeError) -> CallResult {
        let prototype = function.prototype
        let expected = prototype.parameters.count
        if count != expected {
            let required = prototype.parameters.count { !$0.hasDefault }
            if count > expected || count < required {
                throw RuntimeError(
                    .value,
                    .wrongArgumentCount(of: prototype.name, expected: required...max(required, expected), got: count))
            }
        }
        if depth >= depthLimit {
            try tooDeep(stack + start, count: count)
            return .done
        }
        ensureCapacity(start + max(prototype.registerCount, expected + 1))
        if count < expected {
            for index in count..<expected { stack[start + 1 + index] = .missing }
        }
        pushFrame(Unmanaged.passUnretained(function), base: start)
        return .entered
    }

    /// Calls nest too deeply: an error, or in a dry run a result that is not known.
    func tooDeep(_ r: Registers, count: Int) throws(RuntimeError) {
        guard program.planning else { throw RuntimeError(.limit, .recursionTooDeep(depthLimit)) }
        for index in 0...count { r[index] = .null }
        r.pointee = .unknown("a recursion that ends at run time")
    }

    private func enter(_ function: FunctionObject, at start: Int, arguments: [Value]) throws(RuntimeError) -> CallResult
    {
        ensureCapacity(start + arguments.count + 1)
        stack[start] = .object(function)
        for (index, argument) in arguments.enumerated() { stack[start + 1 + index] = argument }
        for (parameter, argument) in zip(function.prototype.parameters, arguments) where !parameter.hasDefault {
            if case .missing = argument {
                throw RuntimeError(.value, .missingArgument(parameter.name, of: function.prototype.name))
            }
        }
        return try enter(function, at: start, count: arguments.count)
    }

    /// Calls a builtin with arguments in declared order; the result goes to register `a`.
    func enter(_ builtin: Builtin, at a: Int, arguments: [Value]) throws(RuntimeError) -> CallResult {
        switch builtin.implementation {
        case .pure(let body):
            stack[base + a] = try callPure(body, arguments, of: builtin)
            return .done
        case .effect: return .effect(builtin, arguments)
        case .script(let source):
            return try enter(try program.script(builtin, source: source), at: base + a, arguments: arguments)
        case .mutating: throw RuntimeError(.value, .mutationOfTemporary(builtin.name))
        }
    }

    func callPure(
        _ body: Builtin.PureBody, _ arguments: [Value], of builtin: Builtin
    ) throws(RuntimeError) -> Value {
        if program.planning, let unknown = arguments.lazy.compactMap({ $0.unknownPart(depth: 3) }).first {
            return unknown
        }
        do {
            return try body(arguments)
        } catch {
            throw RuntimeError(any: error)
        }
    }

    // MARK: Methods

    /// `R[a+1].name(R[a+2]…)`
    func callMethod(
        at a: Int, count: Int, prototype: Prototype, shapeIndex: Int
    ) throws(RuntimeError) -> CallResult {
        let start = base + a
        let shape = prototype.shapes[shapeIndex]
        let receiver = stack[start + 1]
        if receiver.isUnknown {
            for index in 0...count { stack[start + 1 + index] = .null }
            stack[start] = receiver
            return .done
        }
        guard let builtin = prototype.cachedMethod(shapeIndex, of: receiver, in: program.catalog) else {
            throw RuntimeError(.value, missingMethod(shape.name, of: receiver))
        }
        if builtin.signature.form == .property { throw RuntimeError(.value, .propertyCalled(shape.name)) }
        var arguments = take(stack + start + 2, count)
        if !shape.isPositional || count != builtin.signature.parameters.count {
            arguments = try bind(arguments, shape.labels, to: builtin)
        }
        switch builtin.implementation {
        case .pure(let body):
            arguments.insert(receiver, at: 0)
            stack[start + 1] = .null
            stack[start] = try callPure(body, arguments, of: builtin)
            return .done
        case .script(let source):
            arguments.insert(receiver, at: 0)
            return try enter(try program.script(builtin, source: source), at: start, arguments: arguments)
        case .mutating: throw RuntimeError(.value, .mutationOfTemporary(shape.name))
        case .effect:
            arguments.insert(receiver, at: 0)
            stack[start + 1] = .null
            return .effect(builtin, arguments)
        }
    }

    private func missingMethod(_ name: String, of receiver: Value) -> Message {
        if receiver.isNull { return .nullMember(name) }
        if let map = receiver.asMap, map.position(of: name) != nil { return .entryCalled(name) }
        let names = program.catalog.members[receiver.typeName]?.keys.filter { !$0.hasPrefix("_") } ?? []
        return .noSuchMember(name, of: receiver.typeName, suggestion: suggestion(for: name, among: names))
    }

    /// Index keys from R[1], then the arguments; the result goes to R[0].
    func callMutating(_ r: Registers, _ root: Registers, _ shape: Prototype.CallShape) throws(RuntimeError) {
        let keys = keys(shape.path, r + 1)
        for index in 0..<shape.indexCount { r[1 + index] = .null }
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
                    return try body(&place, bound)
                } catch {
                    throw RuntimeError(any: error)
                }
            case .pure(let body): return try callPure(body, [place] + bound, of: builtin)
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
