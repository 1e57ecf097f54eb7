// What the loop does out of line: making values, loops, access, errors and the arguments of release constructs.

extension Fiber {
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

    /// R[a] = closure of the function's prototype `number`, in whose frame `r` is.
    func makeClosure(_ target: Registers, _ r: Registers, _ number: Int) {
        let prototype = frames[depth - 1].code._withUnsafeGuaranteedRef { $0.prototypes[number] }
        target.put(.object(FunctionObject(prototype, in: r)))
    }

    func loadCapture(_ target: Registers, _ r: Registers, _ index: Int) {
        guard let function = r.unretained(.function, as: FunctionObject.self) else { return }
        target.copy(function._withUnsafeGuaranteedRef { $0.captures } + index)
    }

    func makeList(_ target: Registers, _ first: Registers, _ count: Int) {
        target.put(.list(take(first, count)))
    }

    /// A map with the keys of `template`.
    func makeRecord(_ target: Registers, _ first: Registers, _ template: UnsafePointer<Value>) {
        guard let template = Registers(mutating: template).unretained(.map, as: MapObject.self) else { return }
        template._withUnsafeGuaranteedRef { template in
            let values = take(first, template.entries.count)
            target.put(.map(OrderedMap(keysOf: template.entries, values: values)))
        }
    }

    func extendList(_ target: Registers, _ first: Registers, _ count: Int) {
        guard case .object(let object) = target.pointee, object.tag == .list else { return }
        unsafeDowncast(object, to: ListObject.self).items.append(contentsOf: take(first, count))
    }

    func extendMap(_ target: Registers, _ first: Registers, _ count: Int) {
        guard let map = target.unretained(.map, as: MapObject.self)?.takeUnretainedValue() else { return }
        for pair in 0..<count {
            map.entries.set(first[pair * 2].asString ?? "", (first + pair * 2 + 1).move())
            (first + pair * 2 + 1).initialize(to: .null)
        }
    }

    /// Text with values in it, taken out of their registers. With a secret among them the whole is a secret; with an unknown one,
    /// unknown.
    func interpolate(_ target: Registers, _ first: Registers, _ count: Int) throws(RuntimeError) {
        var size = 0
        for index in 0..<count {
            if case .int(let number) = first[index] {
                size &+= number.digitCount
            } else if let part = (first + index).unretained(.string, as: StringObject.self) {
                size &+= part.byteCount
            } else {
                target.pointee = try interpolateAny(take(first, count))
                return
            }
        }
        try checkTextSize(size)
        let text = String(unsafeUninitializedCapacity: size) { buffer in
            var writer = TextWriter(buffer)
            for index in 0..<count {
                if case .int(let number) = first[index] {
                    writer.write(number, digits: number.digitCount)
                } else if let part = (first + index).unretained(.string, as: StringObject.self) {
                    part._withUnsafeGuaranteedRef { writer.write($0.text) }
                }
            }
            return writer.count
        }
        for index in 0..<count { (first + index).release() }
        target.put(.string(text))
    }

    private func interpolateAny(_ parts: [Value]) throws(RuntimeError) -> Value {
        var text = ""
        var sources: [String] = []
        for part in parts {
            switch part.object?.tag {
            case .unknown: return part
            case .function, .builtin: throw RuntimeError(.value, .interpolatedFunction(part))
            default:
                if case .secret(let secret)? = part.asDomain {
                    sources.append(secret.source)
                    text += secret.text
                } else {
                    if program.planning, let origin = part.plannedOrigin() { return .unknown(origin) }
                    text += part.display
                }
            }
            if text.utf8.count > ValueLimits.textBytes { throw RuntimeError(.limit, ValueLimits.textMessage) }
            try Work.reserve(text.utf8.count)
        }
        if sources.isEmpty { return .string(text) }
        return .domain(.secret(Secret(text, source: sources.joined(separator: ", "))))
    }

    // MARK: Operators

    /// `target = left + right`. Where a Str or List is added to and nothing else holds it, it grows in place: building text in a loop
    /// would copy all of it each time.
    @inline(never)
    func add(_ target: Registers, _ left: Registers, _ right: Registers) throws(RuntimeError) {
        if target == left {
            if let more = right.unretained(.string, as: StringObject.self), try growText(target, by: more) { return }
            if let more = right.unretained(.list, as: ListObject.self) {
                try reserveGrowth(left, by: more)
                if more._withUnsafeGuaranteedRef({ growList(target, by: $0) }) { return }
            }
        }
        if let one = left.unretained(.string, as: StringObject.self),
            let other = right.unretained(.string, as: StringObject.self)
        {
            try checkTextSize(one.byteCount + other.byteCount)
            target.put(
                .string(
                    one._withUnsafeGuaranteedRef { one in
                        other._withUnsafeGuaranteedRef { other in textOf(one.text, other.text) }
                    }))
            return
        }
        target.pointee = try binary(.add, left.pointee, right.pointee)
    }

    private func reserveGrowth(_ target: Registers, by more: Unmanaged<ListObject>) throws(RuntimeError) {
        guard let list = target.unretained(.list, as: ListObject.self) else { return }
        let (count, capacity) = list._withUnsafeGuaranteedRef { ($0.items.count, $0.items.capacity) }
        let larger = count + more._withUnsafeGuaranteedRef { $0.items.count }
        if larger > capacity { try Work.reserveList(count + larger) }
    }

    private func growText(_ target: Registers, by more: Unmanaged<StringObject>) throws(RuntimeError) -> Bool {
        guard let held = target.unretained(.string, as: StringObject.self), target.isOnlyReference else { return false }
        let (old, size) = (held.byteCount, held.byteCount + more.byteCount)
        if size > ValueLimits.textBytes { return false }
        try Work.reserveGrowth(from: old, to: size)
        held._withUnsafeGuaranteedRef { held in more._withUnsafeGuaranteedRef { held.append($0) } }
        return true
    }

    private func growList(_ target: Registers, by more: ListObject) -> Bool {
        guard var list = target.takeObject(.list, as: ListObject.self) else { return false }
        let isUnique = isKnownUniquelyReferenced(&list)
        defer { target.initialize(to: .object(list)) }
        let count = list.items.count + more.items.count
        guard isUnique, count <= ValueLimits.listItems else { return false }
        list.items += more.items
        return true
    }

    @inline(never)
    func compute(
        _ operation: BinaryOperator, _ target: Registers, _ left: Registers, _ right: Registers
    ) throws(RuntimeError) {
        target.pointee = try binary(operation, left.pointee, right.pointee)
    }

    @inline(never)
    func compute(
        _ operation: BinaryOperator, _ target: Registers, _ left: Registers, _ right: Int
    ) throws(RuntimeError) {
        target.pointee = try binary(operation, left.pointee, .int(right))
    }

    @inline(never)
    func compare(
        _ operation: BinaryOperator, _ target: Registers, _ left: Registers, _ right: Registers
    ) throws(RuntimeError) {
        if case .int(let x) = left.pointee, case .int(let y) = right.pointee {
            switch operation {
            case .equal: target.set(x == y)
            case .notEqual: target.set(x != y)
            case .less: target.set(x < y)
            case .lessOrEqual: target.set(x <= y)
            case .greater: target.set(x > y)
            default: target.set(x >= y)
            }
            return
        }
        if let left = left.unretained(.string, as: StringObject.self),
            let right = right.unretained(.string, as: StringObject.self)
        {
            target.set(try holds(operation, left, right))
            return
        }
        target.pointee = try binary(operation, left.pointee, right.pointee)
    }

    /// `target = item in container`
    func contain(_ target: Registers, _ item: Registers, _ container: Registers) throws(RuntimeError) {
        if let map = container.unretained(.map, as: MapObject.self),
            let key = item.unretained(.string, as: StringObject.self)
        {
            target.set(
                map._withUnsafeGuaranteedRef { map in key._withUnsafeGuaranteedRef { map.position(of: $0) >= 0 } })
            return
        }
        target.pointee = try binary(.in, item.pointee, container.pointee)
    }

    /// Whether a comparison is true; an unknown one is not.
    @inline(never)
    func holds(_ operation: BinaryOperator, _ left: Registers, _ right: Registers) throws(RuntimeError) -> Bool {
        if let left = left.unretained(.string, as: StringObject.self),
            let right = right.unretained(.string, as: StringObject.self)
        {
            return try holds(operation, left, right)
        }
        if case .float(let x) = left.pointee, case .float(let y) = right.pointee {
            switch operation {
            case .less: return x < y
            case .lessOrEqual: return x <= y
            case .greater: return x > y
            case .greaterOrEqual: return x >= y
            default: break
            }
        }
        if case .bool(let result) = try binary(operation, left.pointee, right.pointee) { return result }
        return false
    }

    @inline(__always)
    private func holds(
        _ operation: BinaryOperator, _ left: Unmanaged<StringObject>, _ right: Unmanaged<StringObject>
    ) throws(RuntimeError) -> Bool {
        let order = left._withUnsafeGuaranteedRef { left in right._withUnsafeGuaranteedRef { quickOrder(left, $0) } }
        if let order { return operation.holds(order) ?? false }
        try Work.spend(min(left.byteCount, right.byteCount))
        return left._withUnsafeGuaranteedRef { left in
            right._withUnsafeGuaranteedRef { compareTexts(operation, left, $0) ?? false }
        }
    }

    @inline(never)
    func holds(_ operation: BinaryOperator, _ left: Registers, _ right: Int) throws(RuntimeError) -> Bool {
        if case .bool(let result) = try binary(operation, left.pointee, .int(right)) { return result }
        return false
    }

    // MARK: Loops

    func startLoop(_ r: Registers, names: Int) throws(RuntimeError) {
        switch r[0].object?.tag {
        case .range:
            guard names == 1, let range = r[0].object?.range else { break }
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
        guard case .int(let position) = r[1], let object = r.unretained else { return false }
        return object._withUnsafeGuaranteedRef { object in
            if object.tag == .list {
                let list = unsafeDowncast(object, to: ListObject.self)
                guard position < list.items.count else { return false }
                list.copyItem(at: position, to: r + 2)
                r[1] = .int(position + 1)
                return true
            }
            // Something unknown: a dry run plans the body once.
            guard position == 0 else { return false }
            r[2] = r[0]
            r[1] = .int(1)
            return true
        }
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

    func getIndex(_ target: Registers, _ base: Registers, _ key: Registers) throws(RuntimeError) {
        if case .int(let position) = key.pointee, let list = base.unretained(.list, as: ListObject.self),
            list._withUnsafeGuaranteedRef({ list in
                guard position >= 0, position < list.items.count else { return false }
                list.copyItem(at: position, to: target)
                return true
            })
        {
            return
        }
        if let map = base.unretained(.map, as: MapObject.self), let key = key.unretained(.string, as: StringObject.self)
        {
            map._withUnsafeGuaranteedRef { map in
                let position = key._withUnsafeGuaranteedRef { map.position(of: $0) }
                if position >= 0 { map.copyValue(at: position, to: target) } else { target.setNull() }
            }
            return
        }
        target.pointee = try index(base.pointee, key.pointee)
    }

    /// `target = base[bounds[0]..bounds[1]]` where that is a part of a Str; false where it is something else, or an error.
    func getSlice(_ target: Registers, _ base: Registers, _ bounds: Registers, isClosed: Bool) throws(RuntimeError)
        -> Bool
    {
        guard let string = base.unretained(.string, as: StringObject.self), case .int(let lower) = bounds[0],
            case .int(let upper) = bounds[1], lower >= 0, upper < Int.max
        else { return false }
        let end = isClosed ? upper + 1 : upper
        let (count, isASCII) = string._withUnsafeGuaranteedRef { ($0.count, $0.isASCII) }
        guard lower <= count, end <= count else { return false }
        if isASCII, end == lower &+ 1 {
            target.copy(program.character(string._withUnsafeGuaranteedRef { $0.byte(at: lower) }))
            return true
        }
        let positions = lower..<max(lower, end)
        try Work.spend(isASCII ? positions.count : string.byteCount)
        try Work.reserve(positions.count)
        return string._withUnsafeGuaranteedRef { string in
            target.put(.object(StringObject(string.slice(positions), count: positions.count)))
            return true
        }
    }

    func getMember(_ target: Registers, _ base: Registers, _ name: UnsafePointer<Value>) throws(RuntimeError) {
        if let map = base.unretained(.map, as: MapObject.self),
            let key = Registers(mutating: name).unretained(.string, as: StringObject.self)
        {
            let isFound = map._withUnsafeGuaranteedRef { map in
                let position = key._withUnsafeGuaranteedRef { map.position(of: $0) }
                if position >= 0 { map.copyValue(at: position, to: target) }
                return position >= 0
            }
            if isFound { return }
        }
        target.pointee = try member(base.pointee, name.pointee.asString ?? "")
    }

    /// `value.name`: an entry of a map, or a property.
    func member(_ value: Value, _ name: String) throws(RuntimeError) -> Value {
        if let map = value.object?.map {
            if let entry = map.entries[name] { return entry }
            if findMember(value, name) != nil { throw RuntimeError(.value, .methodNotCalled(name)) }
            throw RuntimeError(.value, .noSuchKey(name, suggestion: suggestion(for: name, among: map.entries.keys)))
        }
        if value.isUnknown { return value }
        if value.isNull { throw RuntimeError(.value, .nullMember(name)) }
        guard let builtin = findMember(value, name) else {
            let names = program.catalog.members(of: value.typeName)?.keys.filter { !$0.hasPrefix("_") } ?? []
            throw RuntimeError(
                .value,
                .noSuchMember(name, of: value.typeName, suggestion: suggestion(for: name, among: names)))
        }
        guard builtin.signature.form == .property, case .pure(let body) = builtin.implementation else {
            throw RuntimeError(.value, .methodNotCalled(name))
        }
        return try callPure(body, [value])
    }

    func findMember(_ value: Value, _ name: String) -> Builtin? {
        program.catalog.member(name, of: value.typeName)
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
        guard case .int(let number) = value, let range = range.object?.range else { return false }
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
        guard let function = r[2].object?.function else { return [] }
        var branches: [(FunctionObject, [Value])] = []
        let sequence = r[1]
        if let range = sequence.object?.range, let count = range.count, count > 100_000 {
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
            guard case .duration(let every)? = r[2].asDomain else {
                throw RuntimeError(.value, .typeMismatch("`every`", expected: .duration, got: r[2]))
            }
            if every < .zero { throw RuntimeError(.value, .negativeTime("`every`", every)) }
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
            var counts: [Int] = []
            for word in stage.words {
                do {
                    let more = try words(word, values, &isUnknown)
                    arguments += more
                    counts.append(more.count)
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
            stages.append(CommandRequest.Stage(arguments: arguments, counts: counts, environment: environment))
        }
        return CommandRequest(stages: stages, captures: template.captures, isUnknown: isUnknown)
    }

    /// One word is one argument, but for a list that stands alone: that is one argument for each item.
    private func words(
        _ word: PipelineTemplate.Word, _ values: [Value], _ isUnknown: inout Bool
    ) throws(RuntimeError) -> [String] {
        if word.splices, case .value(let index) = word.pieces[0], let items = values[index].asList {
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
                return UnknownText.mark(value.unknownOrigin ?? "")
            case .domain:
                if case .secret? = value.asDomain { throw RuntimeError(.value, .wordNotText(value)) }
                if program.planning, value.plannedOrigin() != nil { isUnknown = true }
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
