// What the loop does out of line: making values, loops, access, errors and the arguments of release constructs.

extension Fiber {
    typealias Registers = UnsafeMutablePointer<Value>

    /// Moves values out of their registers: what stays behind must not keep a list shared that is changed later.
    @inline(__always)
    func take(_ first: Registers, _ count: Int) -> [Value] {
        let values = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0, let start = buffer.baseAddress { start.moveInitialize(from: first, count: count) }
            initialized = count
        }
        first.initialize(repeating: .null, count: count)
        return values
    }

    // MARK: Values

    func makeClosure(_ prototype: Prototype, _ r: Registers) -> Value {
        let captures = prototype.captures.map { source in
            switch source {
            case .register(let register): r[register]
            case .capture(let index): (r[0].object as? FunctionObject)?.captures[index] ?? .null
            }
        }
        return .object(FunctionObject(prototype, captures: captures))
    }

    func extendList(_ target: Registers, _ first: Registers, _ count: Int) {
        guard case .object(let object) = target.pointee, object.tag == .list else { return }
        unsafeDowncast(object, to: ListObject.self).items.append(contentsOf: take(first, count))
    }

    func extendMap(_ target: Registers, _ first: Registers, _ count: Int) {
        guard case .object(let object) = target.pointee, object.tag == .map else { return }
        let map = unsafeDowncast(object, to: MapObject.self)
        for pair in 0..<count {
            map.entries[first[pair * 2].asString ?? ""] = first[pair * 2 + 1]
            first[pair * 2 + 1] = .null
        }
    }

    /// Text with values in it. With a secret among them the whole is a secret; with an unknown one, unknown.
    func interpolate(_ parts: [Value]) throws(RuntimeError) -> Value {
        var text = ""
        var sources: [String] = []
        for part in parts {
            switch part {
            case .object(let object):
                switch object.tag {
                case .string: text += unsafeDowncast(object, to: StringObject.self).text
                case .unknown: return part
                case .function, .builtin: throw RuntimeError(.value, .interpolatedFunction(part))
                case .domain:
                    if case .secret(let secret) = unsafeDowncast(object, to: DomainObject.self).domain {
                        sources.append(secret.source)
                        text += secret.text
                    } else {
                        text += part.display
                    }
                default: text += part.display
                }
            case .int(let number): text += String(number)
            default: text += part.display
            }
        }
        if sources.isEmpty { return .string(text) }
        return .domain(.secret(Secret(text, source: sources.joined(separator: ", "))))
    }

    func compare(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(RuntimeError) -> Value {
        if case .int(let x) = left, case .int(let y) = right {
            switch operation {
            case .equal: return .bool(x == y)
            case .notEqual: return .bool(x != y)
            case .less: return .bool(x < y)
            case .lessOrEqual: return .bool(x <= y)
            case .greater: return .bool(x > y)
            default: return .bool(x >= y)
            }
        }
        return try binary(operation, left, right)
    }

    func isTrue(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(RuntimeError) -> Bool {
        if case .bool(let result) = try compare(operation, left, right) { return result }
        return false
    }

    // MARK: Loops

    func startLoop(_ r: Registers, names: Int) throws(RuntimeError) {
        switch r[0].object?.tag {
        case .range:
            guard names == 1, let range = r[0].object as? RangeObject else { break }
            if range.isInclusive || range.upper > Int.min {
                r[0] = .int(range.isInclusive ? range.upper : range.upper - 1)
                r[1] = .int(range.lower)
            } else {
                r[0] = .int(0)
                r[1] = .int(1)
            }
            return
        case .list, .unknown:
            r[1] = .int(0)
            return
        case .map:
            // With one name a map gives its keys.
            if names == 1, let entries = r[0].asMap { r[0] = .list(entries.keys.map { .string($0) }) }
            r[1] = .int(0)
            return
        default: break
        }
        throw RuntimeError(.value, .notIterable(r[0]))
    }

    func nextElement(_ r: Registers) -> Bool {
        guard case .int(let position) = r[1], case .object(let object) = r[0] else { return false }
        if object.tag == .list {
            let list = unsafeDowncast(object, to: ListObject.self)
            guard position < list.items.count else { return false }
            r[2] = list.items[position]
            r[1] = .int(position + 1)
            return true
        }
        // Something unknown: a dry run plans the body once.
        guard position == 0 else { return false }
        r[2] = r[0]
        r[1] = .int(1)
        return true
    }

    func nextPair(_ r: Registers) -> Bool {
        guard case .int(let position) = r[1], case .object(let object) = r[0] else { return false }
        switch object.tag {
        case .map:
            let map = unsafeDowncast(object, to: MapObject.self)
            guard position < map.entries.count else { return false }
            r[2] = .string(map.entries.keys[position])
            r[3] = map.entries[position: position]
        case .list:
            let list = unsafeDowncast(object, to: ListObject.self)
            guard position < list.items.count else { return false }
            r[2] = .int(position)
            r[3] = list.items[position]
        default:
            guard position == 0 else { return false }
            r[2] = r[0]
            r[3] = r[0]
        }
        r[1] = .int(position + 1)
        return true
    }

    // MARK: Access

    /// `value.name`: an entry of a map, or a property.
    func member(_ value: Value, _ name: String) throws(RuntimeError) -> Value {
        if let map = value.object as? MapObject {
            if let entry = map.entries[name] { return entry }
            if findMember(value, name) != nil { throw RuntimeError(.value, .methodNotCalled(name)) }
            throw RuntimeError(.value, .noSuchKey(name, suggestion: suggestion(for: name, among: map.entries.keys)))
        }
        if value.isUnknown { return value }
        if value.isNull { throw RuntimeError(.value, .nullMember(name)) }
        guard let builtin = findMember(value, name) else {
            let names = program.catalog.members[value.typeName]?.keys.filter { !$0.hasPrefix("_") } ?? []
            throw RuntimeError(
                .value,
                .noSuchMember(name, of: value.typeName, suggestion: suggestion(for: name, among: names)))
        }
        guard builtin.signature.form == .property, case .pure(let body) = builtin.implementation else {
            throw RuntimeError(.value, .methodNotCalled(name))
        }
        return try callPure(body, [value], of: builtin)
    }

    func findMember(_ value: Value, _ name: String) -> Builtin? {
        program.catalog.members[value.typeName]?[name]
    }

    func keys(_ path: [Prototype.PathStep], _ indices: Registers) -> [PlaceKey] {
        var next = 0
        return path.map { step in
            switch step {
            case .index:
                next += 1
                return .index(indices[next - 1])
            case .member(let name): return .member(name)
            }
        }
    }

    func setPlace(_ r: Registers, _ root: Registers, _ shape: Prototype.CallShape) throws(RuntimeError) {
        let keys = keys(shape.path, r + 1)
        let value = take(r + 1 + shape.indexCount, 1)[0]
        try withPlace(&root.pointee, keys[...]) { (place: inout Value) throws(RuntimeError) in place = value }
    }

    func getPlace(_ r: Registers, _ root: Value, _ shape: Prototype.CallShape) throws(RuntimeError) {
        var current = root
        for key in keys(shape.path, r + 1) {
            switch key {
            case .index(let value): current = try index(current, value)
            case .member(let name): current = try member(current, name)
            }
        }
        r.pointee = current
    }

    func unpack(_ source: Value, into target: Registers, _ count: Int) throws(RuntimeError) {
        if source.isUnknown {
            for offset in 0..<count { target[offset] = source }
            return
        }
        guard let items = source.asList else { throw RuntimeError(.value, .unpackNotList(source)) }
        guard items.count == count else {
            throw RuntimeError(.value, .unpackCount(expected: count, got: items.count))
        }
        for (offset, item) in items.enumerated() { target[offset] = item }
    }

    func isWithin(_ value: Value, _ range: Value) -> Bool {
        guard case .int(let number) = value, let range = range.object as? RangeObject else { return false }
        return range.contains(number)
    }

    // MARK: Errors

    func raised(_ value: Value) -> RuntimeError {
        if case .error(let error)? = value.asDomain { return error }
        if let text = value.asString { return RuntimeError(.failure, .failed(text)) }
        if value.isUnknown { return RuntimeError(.failure, .failed(value.display)) }
        return RuntimeError(.value, .failValue(value))
    }

    func assertion(_ message: Value, source: String) -> RuntimeError {
        RuntimeError(.failure, .assertionFailed(message.isNull ? source : message.display))
    }

    // MARK: Release constructs

    func parallelLimit(_ value: Value) throws(RuntimeError) -> Int? {
        switch value {
        case .null: return nil
        case .int(let limit) where limit > 0: return limit
        default:
            if value.isUnknown { return nil }
            throw RuntimeError(.value, .parallelLimitNotPositive(value))
        }
    }

    /// R[1] sequence, R[2] function.
    func parallelBranches(_ r: Registers, names: Int) throws(RuntimeError) -> [(FunctionObject, [Value])] {
        guard let function = r[2].object as? FunctionObject else { return [] }
        var branches: [(FunctionObject, [Value])] = []
        let sequence = r[1]
        if let range = sequence.object as? RangeObject, let count = range.count, count > 100_000 {
            throw RuntimeError(.limit, .tooLarge("`parallel for`", limit: "100,000 branches"))
        }
        // The same rules as `for`, through the same registers.
        let state = Registers.allocate(capacity: 4)
        state.initialize(repeating: .null, count: 4)
        defer {
            state.deinitialize(count: 4)
            state.deallocate()
        }
        state[0] = sequence
        try startLoop(state, names: names)
        while true {
            if names == 2 {
                guard nextPair(state) else { break }
                branches.append((function, [state[2], state[3]]))
            } else if case .int(let last) = state[0], case .int(let position) = state[1] {
                guard position <= last else { break }
                branches.append((function, [.int(position)]))
                state[1] = .int(position + 1)
            } else {
                guard nextElement(state) else { break }
                branches.append((function, [state[2]]))
            }
        }
        return branches
    }

    func startRetry(_ r: Registers) throws(RuntimeError) {
        if r[0].isUnknown { r[0] = .int(1) }
        guard case .int(let attempts) = r[0], attempts > 0 else {
            throw RuntimeError(.value, .retryCountNotPositive(r[0]))
        }
        if !r[2].isNull, !r[2].isUnknown {
            guard case .duration? = r[2].asDomain else {
                throw RuntimeError(.value, .typeMismatch("`every`", expected: .duration, got: r[2]))
            }
        }
        r[1] = .int(1)
    }

    func nextAttempt(_ r: Registers) throws(RuntimeError) -> EffectRequest.Kind {
        guard case .int(let attempts) = r[0], case .int(let attempt) = r[1], case .error(let error)? = r[3].asDomain
        else { return .pause(.zero, after: RuntimeError(.failure, .failed("")), attempt: 1, of: 1) }
        if attempt >= attempts { throw error }
        r[1] = .int(attempt + 1)
        var pause = Duration.zero
        if case .duration(let every)? = r[2].asDomain { pause = every }
        return .pause(pause, after: error, attempt: attempt, of: attempts)
    }

    // MARK: Commands

    func command(
        _ template: PipelineTemplate, _ values: [Value], in prototype: Prototype
    ) throws(RuntimeError) -> CommandRequest {
        var isUnknown = false
        var stages: [CommandRequest.Stage] = []
        for stage in template.stages {
            var arguments: [String] = []
            for word in stage.words {
                do {
                    arguments += try words(word, values, &isUnknown)
                } catch {
                    throw error.located(SourceLocation(file: prototype.file, range: word.range))
                }
            }
            var environment: [(name: String, value: Secret?, text: String)] = []
            for (name, word) in stage.environment {
                if word.pieces.count == 1, case .value(let index) = word.pieces[0],
                    case .secret(let secret)? = values[index].asDomain
                {
                    environment.append((name, secret, secret.text))
                } else {
                    do {
                        environment.append((name, nil, try text(word, values, &isUnknown)))
                    } catch {
                        throw error.located(SourceLocation(file: prototype.file, range: word.range))
                    }
                }
            }
            if arguments.isEmpty || arguments[0].isEmpty { throw RuntimeError(.value, .emptyProgram()) }
            stages.append(CommandRequest.Stage(arguments: arguments, environment: environment))
        }
        return CommandRequest(stages: stages, captures: template.captures, isUnknown: isUnknown)
    }

    /// One word is one argument, but for a list that stands alone: that is one argument for each item.
    private func words(
        _ word: PipelineTemplate.Word, _ values: [Value], _ isUnknown: inout Bool
    ) throws(RuntimeError) -> [String] {
        if word.pieces.count == 1, case .value(let index) = word.pieces[0], let items = values[index].asList {
            var result: [String] = []
            for item in items { result.append(try text(item, &isUnknown)) }
            return result
        }
        return [try text(word, values, &isUnknown)]
    }

    private func text(
        _ word: PipelineTemplate.Word, _ values: [Value], _ isUnknown: inout Bool
    ) throws(RuntimeError) -> String {
        var result = ""
        for piece in word.pieces {
            switch piece {
            case .text(let text): result += text
            case .value(let index):
                if values[index].asList != nil { throw RuntimeError(.value, .listInsideWord()) }
                result += try text(values[index], &isUnknown)
            }
        }
        return result
    }

    private func text(_ value: Value, _ isUnknown: inout Bool) throws(RuntimeError) -> String {
        switch value {
        case .missing, .null: throw RuntimeError(.value, .wordNotText(value))
        case .bool, .int, .float: return value.display
        case .object(let object):
            switch object.tag {
            case .string:
                let text = unsafeDowncast(object, to: StringObject.self).text
                if text.utf8.contains(0) { throw RuntimeError(.value, .nulInWord()) }
                return text
            case .unknown:
                isUnknown = true
                return value.display
            case .domain:
                if case .secret? = value.asDomain { throw RuntimeError(.value, .wordNotText(value)) }
                return value.display
            default: throw RuntimeError(.value, .wordNotText(value))
            }
        }
    }
}

extension RuntimeError {
    fileprivate func located(_ location: SourceLocation) -> RuntimeError {
        var error = self
        error.location = location
        return error
    }
}
