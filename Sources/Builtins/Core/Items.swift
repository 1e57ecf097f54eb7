internal import Lang

// What the members of `List` do, on arrays of values. A list that holds something unknown gives something unknown where
// the result depends on it.

extension [Value] {
    var unknownOrigin: String? { lazy.compactMap(\.unknownOrigin).first }

    func sum() throws -> Value {
        guard var total = first else { return .int(0) }
        for item in self {
            switch item.typeName {
            case "Int", "Float", "Duration", "Size", "Unknown": break
            default: throw RuntimeError(.value, .notSummable(item))
            }
        }
        var work = WorkCount()
        for item in dropFirst() {
            try work.next()
            total = try binary(.add, total, item)
        }
        return total
    }

    /// The item that is before (`less`) or after (`greater`) all others; the first of several.
    func extreme(_ operation: BinaryOperator) throws -> Value {
        if let origin = unknownOrigin { return .unknown(origin) }
        guard var best = first else { return .null }
        var work = WorkCount()
        for item in dropFirst() {
            try work.next()
            let order = try Value.compare(item, best)
            if operation == .less ? order < 0 : order > 0 { best = item }
        }
        return best
    }

    func joined(by separator: String) throws -> Known<String> {
        if let text = try joinTexts(self, by: separator) { return .known(text) }
        if let origin = unknownOrigin { return .unknown(origin: origin) }
        var result = ""
        var work = WorkCount(pieceOf: 64)
        for (position, item) in enumerated() {
            let isText =
                switch item.object?.tag {
                case nil: !item.isNull
                case .string: true
                case .domain: item.typeName != "Secret"
                default: false
                }
            guard isText else { throw RuntimeError(.value, .notJoinable(item)) }
            let text = item.display
            let size = result.utf8.count + separator.utf8.count + text.utf8.count
            if size > ValueLimits.textBytes { throw RuntimeError(.limit, ValueLimits.textMessage) }
            try Work.reserveGrowth(from: result.utf8.count, to: size)
            try work.next()
            if position > 0 { result += separator }
            result += text
        }
        return .known(result)
    }

    func flattened() throws -> [Value] {
        var result: [Value] = []
        for item in self {
            guard let items = item.asList else {
                try result.checkRoom()
                result.append(item)
                continue
            }
            try result.checkRoom(for: items.count)
            result += items
        }
        return result
    }

    /// Refuses a list that would become longer than a `List` may be.
    func checkRoom(for added: Int = 1) throws {
        if added > ValueLimits.listItems - count { throw RuntimeError(.limit, ValueLimits.listMessage) }
        // A full array moves to one of twice the size.
        if count + added > capacity { try Work.reserveList(2 * count + added) }
    }

    func uniqueItems() throws -> Known<Items> {
        if let origin = unknownOrigin { return .unknown(origin: origin) }
        var result: [Value] = []
        var positions: [Int: [Int]] = [:]
        var work = WorkCount(pieceOf: 128)
        for item in self {
            let hash = item.contentHash
            let alike = positions[hash, default: []]
            try work.next()
            try Work.spend(alike.count * 16)
            if alike.contains(where: { Value.equal(result[$0], item) }) { continue }
            positions[hash] = alike + [result.count]
            result.append(item)
        }
        return .known(Items(result))
    }
}

// MARK: - Sorting

extension [Value] {
    /// The items in the order of their keys. Items with equal keys keep their order, also when descending.
    func sorted(byKeys keys: [Value], descending: Bool) throws -> Known<Items> {
        guard keys.count == count else { throw RuntimeError(.value, .keyCount(keys.count, items: count)) }
        if let origin = keys.unknownOrigin { return .unknown(origin: origin) }
        try Work.reserveList(2 * count)
        if let ints: [Int] = keys.all(Int.from) {
            // Equal numbers cannot be told apart: where the items are their own keys, their order does not matter.
            if keys.isSameArray(as: self) {
                let sorted = try ints.sortedAsking(by: <)
                return .known(Items((descending ? sorted.reversed() : sorted).map(Value.int)))
            }
            return .known(Items(try inOrder(of: ints, descending)))
        }
        if let texts: [String] = keys.all(String.from) { return .known(Items(try inOrder(of: texts, descending))) }
        var work = WorkCount()
        let order = try keys.indices.sorted { left, right in
            try work.next()
            let order = try Value.compare(keys[left], keys[right])
            return order == 0 ? left < right : (order < 0) != descending
        }
        return .known(Items(order.map { self[$0] }))
    }

    /// All keys as `Key`, or nil where one is something else. Comparing those directly is several times faster.
    private func all<Key>(_ read: (Value) -> Key?) -> [Key]? {
        var result: [Key] = []
        result.reserveCapacity(count)
        for key in self {
            guard let key = read(key) else { return nil }
            result.append(key)
        }
        return result
    }

    private func isSameArray(as other: [Value]) -> Bool {
        withUnsafeBufferPointer { here in
            other.withUnsafeBufferPointer { here.baseAddress == $0.baseAddress && here.count == $0.count }
        }
    }

    private func inOrder(of keys: [Int], _ descending: Bool) throws -> [Value] {
        let ranks = keys.enumerated().map { Ranked(rank: descending ? ~$1 : $1, position: $0) }
        let order = try ranks.sortedAsking { $0.rank == $1.rank ? $0.position < $1.position : $0.rank < $1.rank }
        return order.map { self[$0.position] }
    }

    /// The first bytes decide nearly always; only where they are the same, all are compared.
    private func inOrder(of keys: [String], _ descending: Bool) throws -> [Value] {
        let ranks = keys.enumerated().map { Ranked(rank: textPrefix($1), position: $0) }
        var work = WorkCount(pieceOf: 64)
        let order = try ranks.sortedAsking { left, right in
            if left.rank != right.rank { return (left.rank < right.rank) != descending }
            try work.next()
            try Work.spend(Swift.min(keys[left.position].utf8.count, keys[right.position].utf8.count))
            let order = compareText(keys[left.position], keys[right.position])
            return order == 0 ? left.position < right.position : (order < 0) != descending
        }
        return order.map { self[$0.position] }
    }
}

extension Array {
    /// Sorting as many items takes less than a tenth of a second: too little to ask on the way.
    private static var quicklySorted: Int { 1 << 19 }

    fileprivate func sortedAsking(by isBefore: (Element, Element) throws -> Bool) throws -> [Element] {
        if count <= Self.quicklySorted { return try sorted(by: isBefore) }
        var work = WorkCount()
        return try sorted { left, right in
            try work.next()
            return try isBefore(left, right)
        }
    }
}

/// What is compared in a sort, next to where the item stands.
private struct Ranked<Rank> {
    let rank: Rank
    let position: Int
}

extension Value {
    /// Equal for equal values; looks at the beginning of long lists and maps only.
    fileprivate var contentHash: Int {
        var hasher = Hasher()
        hashContent(into: &hasher, depth: 0)
        return hasher.finalize()
    }

    private func hashContent(into hasher: inout Hasher, depth: Int) {
        switch self {
        case .missing, .null: hasher.combine(0)
        case .bool(let bool): hasher.combine(bool)
        case .int(let int): hasher.combine(int)
        case .float(let float): hasher.combine(float)
        case .object(let object):
            hasher.combine(object.tag)
            if var text = asString {
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            } else if let items = asList {
                hasher.combine(items.count)
                guard depth < 3 else { return }
                for item in items.prefix(8) { item.hashContent(into: &hasher, depth: depth + 1) }
            } else if let entries = asMap {
                // Maps are equal whatever the order of their keys, so the order must not count here.
                hasher.combine(entries.count)
                hasher.combine(entries.keys.reduce(0) { $0 ^ Value.string($1).contentHash })
            } else if let domain = asDomain {
                switch domain {
                case .version(let version): hasher.combine(version)
                case .image(let image): hasher.combine(image)
                case .digest(let digest): hasher.combine(digest)
                case .duration(let duration): hasher.combine(duration)
                case .size(let size): hasher.combine(size)
                default: hasher.combine(typeName)
                }
            }
        }
    }
}

extension Value {
    /// Changes a list in place, for methods that are only ever called on one.
    mutating func changeItems<R>(_ body: (inout [Value]) throws -> R) throws -> R {
        if let result = try changeList(body) { return result }
        throw RuntimeError(.value, .notChangeable(self))
    }
}
