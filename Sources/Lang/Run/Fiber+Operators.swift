// What the loop does out of line for operators: those that grow what is there, and those whose operands are no whole numbers.

extension Fiber {
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
}
