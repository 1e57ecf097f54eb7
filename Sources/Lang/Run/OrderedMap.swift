/// A map from text to values that keeps the order of insertion. Keys are compared byte by byte.
///
/// Entries stand in a row. Up to eight are searched one after the other; beyond that a table of their positions is kept,
/// which is searched from where the key's hash says (open addressing, at most half full). The hashes of the keys are kept
/// too, so that a key is compared with another only where it will nearly always be the same.
package struct OrderedMap<Element> {
    package private(set) var keys: [String] = []
    package private(set) var values: [Element] = []
    /// Of each key, once there is a table.
    fileprivate var hashes: [UInt32] = []
    /// Positions; a negative one is an empty place. The count is a power of two.
    fileprivate var table: [Int32] = []

    private static var linearLimit: Int { 8 }
    /// The bytes of one entry, roughly: key, value and their place in the index.
    package static var entrySize: Int { MemoryLayout<String>.stride + MemoryLayout<Element>.stride + 32 }

    package init() {}

    package init(_ pairs: some Sequence<(String, Element)>) {
        for (key, value) in pairs { self[key] = value }
    }

    /// With the keys of another, which are shared until one of both gets more: the maps that one literal makes have the same.
    /// - Parameter values: as many.
    package init(keysOf other: OrderedMap, values: [Element]) {
        keys = other.keys
        hashes = other.hashes
        table = other.table
        self.values = values
    }

    package var count: Int { keys.count }

    /// Asks for the memory that one more entry takes: a full map moves to one of twice the size.
    package func reserveNext() throws(RuntimeError) {
        if keys.count == keys.capacity { try Work.reserve(2 * keys.count * Self.entrySize) }
    }

    package subscript(key: String) -> Element? {
        get { position(of: key).map { values[$0] } }
        set {
            guard let newValue else {
                remove(key)
                return
            }
            if let position = position(of: key) {
                values[position] = newValue
            } else {
                append(key, newValue)
            }
        }
    }

    package subscript(position position: Int) -> Element {
        _read { yield values[position] }
        _modify { yield &values[position] }
    }

    package func position(of key: String) -> Int? {
        if table.isEmpty { return linearPosition(of: key) }
        return tablePosition(of: key, hash: textHash(key))
    }

    /// With the key's `textHash`, where that is known.
    private func position(of key: String, hash: @autoclosure () -> UInt32) -> Int? {
        if table.isEmpty { return linearPosition(of: key) }
        return tablePosition(of: key, hash: hash())
    }

    @inline(never)
    private func linearPosition(of key: String) -> Int? {
        for position in keys.indices where sameText(keys[position], key) { return position }
        return nil
    }

    // Not inlined: as a function of its own it is handed the arrays as they stand, and retains none of them.
    @inline(never)
    private func tablePosition(of key: String, hash: UInt32) -> Int? {
        let mask = table.count &- 1
        var place = Int(hash) & mask
        while true {
            let position = Int(table[place])
            if position < 0 { return nil }
            if hashes[position] == hash, sameText(keys[position], key) { return position }
            place = (place &+ 1) & mask
        }
    }

    /// Adds an entry whose key is known to be new, and gives its position.
    @discardableResult
    package mutating func append(_ key: String, _ value: Element) -> Int {
        keys.append(key)
        values.append(value)
        if table.isEmpty {
            if keys.count > Self.linearLimit { rebuildTable() }
        } else {
            hashes.append(textHash(key))
            if keys.count &* 2 > table.count { rebuildTable() } else { enter(keys.count &- 1) }
        }
        return keys.count - 1
    }

    @discardableResult
    package mutating func remove(_ key: String) -> Element? {
        guard let position = position(of: key) else { return nil }
        leaveTable(position)
        keys.remove(at: position)
        let old = values.remove(at: position)
        if !table.isEmpty {
            hashes.remove(at: position)
            if keys.count <= Self.linearLimit || keys.count &* 16 < table.count { rebuildTable() }
        }
        return old
    }

    /// Takes a position out of the table: those that were entered behind it move up where that is nearer to their place,
    /// and what stands behind it in the row is one position lower from now on. The last entry is taken out without a look
    /// at the others.
    private mutating func leaveTable(_ position: Int) {
        if table.isEmpty { return }
        let mask = table.count &- 1
        var hole = Int(hashes[position]) & mask
        while Int(table[hole]) != position { hole = (hole &+ 1) & mask }
        var place = (hole &+ 1) & mask
        while table[place] >= 0 {
            let wanted = Int(hashes[Int(table[place])]) & mask
            if (place &- wanted) & mask >= (place &- hole) & mask {
                table[hole] = table[place]
                hole = place
            }
            place = (place &+ 1) & mask
        }
        table[hole] = -1
        if position == keys.count - 1 { return }
        let removed = Int32(truncatingIfNeeded: position)
        table.withUnsafeMutableBufferPointer { places in
            for place in places.indices { places[place] &-= places[place] > removed ? 1 : 0 }
        }
    }

    private mutating func rebuildTable() {
        if keys.count <= Self.linearLimit {
            hashes = []
            table = []
            return
        }
        if hashes.isEmpty { hashes = keys.map(textHash) }
        var size = 32
        while size < keys.count &* 3 { size &*= 2 }
        table = [Int32](repeating: -1, count: size)
        for position in keys.indices { enter(position) }
    }

    private mutating func enter(_ position: Int) {
        let mask = table.count &- 1
        var place = Int(hashes[position]) & mask
        while table[place] >= 0 { place = (place &+ 1) & mask }
        table[place] = Int32(truncatingIfNeeded: position)
    }
}

extension OrderedMap: Sendable where Element: Sendable {}

extension OrderedMap: Sequence {
    package func makeIterator() -> Zip2Sequence<[String], [Element]>.Iterator { zip(keys, values).makeIterator() }
}

// Here and not inlined elsewhere, so that other modules call code made for these types.
extension OrderedMap<Value> {
    /// Sets the value of a key, new or not.
    package mutating func set(_ key: String, _ value: Value) { self[key] = value }

    /// As the other `position(of:)`, with a hash that the string remembers.
    package func position(of key: StringObject) -> Int? { position(of: key.text, hash: key.hash) }
}

extension Value {
    /// A map of nulls.
    static func map(keys: [String]) -> Value { .map(OrderedMap(keys.map { ($0, .null) })) }
}

// The searches once more on the object's own arrays: a method of the map is handed copies of all four, each of them retained.
extension MapObject {
    /// The position of the entry; negative where there is none.
    func position(of key: StringObject) -> Int {
        if entries.table.isEmpty {
            let count = entries.keys.count
            var position = 0
            while position < count {
                if sameText(entries.keys[position], key.text) { return position }
                position &+= 1
            }
            return -1
        }
        let hash = key.hash
        let mask = entries.table.count &- 1
        var place = Int(hash) & mask
        while true {
            let position = Int(entries.table[place])
            if position < 0 { return -1 }
            if entries.hashes[position] == hash, sameText(entries.keys[position], key.text) { return position }
            place = (place &+ 1) & mask
        }
    }

    func copyValue(at position: Int, to target: Registers) {
        entries.values.withUnsafeBufferPointer { values in
            if let first = values.baseAddress { target.copy(first + position) }
        }
    }
}
