// What the loop does out of line to reach parts of values: by key, by place, by member, by pattern.

extension Fiber {
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
}
