// `==` by value: deep, by bytes for text, by every part for versions. Int and Float are never equal.

extension Value {
    /// Whether two values are known to be equal.
    package static func equal(_ left: Value, _ right: Value) -> Bool {
        if case .equal = compareForEquality(left, right) { return true }
        return false
    }

    enum Equality {
        case equal, different
        /// It depends on a part that only a real run would know.
        case unknown(origin: String)
    }

    /// Compares with a work list in place of recursion: values may nest deeper than the native stack allows.
    static func compareForEquality(_ left: Value, _ right: Value) -> Equality {
        if case .object = left, case .object = right {
            var comparison = DeepComparison()
            return comparison.run(left, right)
        }
        if let origin = left.unknownOrigin ?? right.unknownOrigin { return .unknown(origin: origin) }
        return scalarsEqual(left, right) ? .equal : .different
    }

    /// Where the value would come from, if it is unknown.
    package var unknownOrigin: String? { object?.unknown?.origin }

    fileprivate static func scalarsEqual(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.int(let left), .int(let right)): left == right
        case (.float(let left), .float(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        case (.null, .null), (.null, .missing), (.missing, .null), (.missing, .missing): true
        default: false
        }
    }
}

extension DomainValue {
    fileprivate static func equal(_ left: DomainValue, _ right: DomainValue) -> Bool {
        switch (left, right) {
        case (.version(let left), .version(let right)): left == right
        case (.image(let left), .image(let right)): left == right
        case (.digest(let left), .digest(let right)): left == right
        case (.duration(let left), .duration(let right)): left == right
        case (.size(let left), .size(let right)): left == right
        case (.path(let left), .path(let right)): sameText(left.text, right.text)
        case (.registry(let left), .registry(let right)): left == right
        case (.secret(let left), .secret(let right)): sameText(left.text, right.text)
        case (.commandResult(let left), .commandResult(let right)):
            left.exitCode == right.exitCode && left.duration == right.duration && sameText(left.stdout, right.stdout)
                && sameText(left.stderr, right.stderr)
        case (.error(let left), .error(let right)):
            left.kind == right.kind && left.id == right.id && sameText(left.message, right.message)
                && left.location?.range == right.location?.range && left.location?.file === right.location?.file
        default: false
        }
    }
}

private struct DeepComparison {
    private var pending: [(Value, Value)] = []
    private var unknownOrigin: String?

    /// Pairs of containers already looked at. A few lines can build a value that holds the same list 2¹⁰⁰ times; so that
    /// comparing two of them ends, pairs are remembered once there are many.
    private var seen: Set<Pair> = []
    private var containerCount = 0
    private var work = WorkCount()
    private static let rememberedFrom = 1000

    private struct Pair: Hashable {
        let left: ObjectIdentifier
        let right: ObjectIdentifier
    }

    mutating func run(_ left: Value, _ right: Value) -> Value.Equality {
        pending.append((left, right))
        while let (left, right) = pending.popLast() {
            guard !work.mustStop(), mayBeEqual(left, right) else { return .different }
        }
        return unknownOrigin.map { .unknown(origin: $0) } ?? .equal
    }

    /// False where they differ for certain. The parts of containers are put on the work list.
    private mutating func mayBeEqual(_ left: Value, _ right: Value) -> Bool {
        if let origin = left.unknownOrigin ?? right.unknownOrigin {
            unknownOrigin = unknownOrigin ?? origin
            return true
        }
        guard case .object(let left) = left, case .object(let right) = right else {
            return Value.scalarsEqual(left, right)
        }
        if left.tag != right.tag { return false }
        if let left = left.string, let right = right.string {
            return sameText(left.text, right.text) && !Work.mustStop(after: left.text.utf8.count)
        }
        switch (left, right) {
        case (let left as ListObject, let right as ListObject): return listsMayBeEqual(left, right)
        case (let left as MapObject, let right as MapObject): return mapsMayBeEqual(left, right)
        case (let left as RangeObject, let right as RangeObject):
            return left.holdsTheSame(as: right)
        case (let left as DomainObject, let right as DomainObject):
            if let origin = DomainValue.plannedEquality(left.domain, right.domain) {
                unknownOrigin = unknownOrigin ?? origin
                return true
            }
            return DomainValue.equal(left.domain, right.domain)
        case (let left as BuiltinObject, let right as BuiltinObject): return left.builtin === right.builtin
        default: return left === right
        }
    }

    private mutating func listsMayBeEqual(_ left: ListObject, _ right: ListObject) -> Bool {
        guard left.items.count == right.items.count else { return false }
        guard isNew(left, right) else { return true }
        for position in left.items.indices {
            let pair = (left.items[position], right.items[position])
            if work.mustStop() { return false }
            if case .object = pair.0, case .object = pair.1 {
                pending.append(pair)
            } else if !mayBeEqual(pair.0, pair.1) {
                return false
            }
        }
        return true
    }

    /// Maps are equal whatever the order of their keys.
    private mutating func mapsMayBeEqual(_ left: MapObject, _ right: MapObject) -> Bool {
        guard left.entries.count == right.entries.count else { return false }
        guard isNew(left, right) else { return true }
        for (key, value) in left.entries {
            guard !work.mustStop(), let other = right.entries[key] else { return false }
            pending.append((value, other))
        }
        return true
    }

    private mutating func isNew(_ left: HeapObject, _ right: HeapObject) -> Bool {
        containerCount += 1
        if containerCount < Self.rememberedFrom { return true }
        return seen.insert(Pair(left: ObjectIdentifier(left), right: ObjectIdentifier(right))).inserted
    }
}
