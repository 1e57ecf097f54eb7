/// A map from text to values that keeps the order of insertion. Keys are compared byte by byte.
/// Up to eight entries are searched in a row; beyond that an index is kept.
package struct OrderedMap<Element> {
    package private(set) var keys: [String] = []
    package private(set) var values: [Element] = []
    private var index: [ByteKey: Int] = [:]

    private static var linearLimit: Int { 8 }

    package init() {}

    package init(_ pairs: some Sequence<(String, Element)>) {
        for (key, value) in pairs { self[key] = value }
    }

    package var count: Int { keys.count }

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
        if keys.count <= Self.linearLimit { return keys.firstIndex { sameText($0, key) } }
        return index[ByteKey(key)]
    }

    /// Adds an entry whose key is known to be new, and gives its position.
    @discardableResult
    package mutating func append(_ key: String, _ value: Element) -> Int {
        keys.append(key)
        values.append(value)
        if keys.count > Self.linearLimit {
            if keys.count == Self.linearLimit + 1 { rebuildIndex() } else { index[ByteKey(key)] = keys.count - 1 }
        }
        return keys.count - 1
    }

    @discardableResult
    package mutating func remove(_ key: String) -> Element? {
        guard let position = position(of: key) else { return nil }
        keys.remove(at: position)
        let old = values.remove(at: position)
        rebuildIndex()
        return old
    }

    private mutating func rebuildIndex() {
        index.removeAll(keepingCapacity: true)
        guard keys.count > Self.linearLimit else { return }
        for (position, key) in keys.enumerated() { index[ByteKey(key)] = position }
    }
}

extension OrderedMap: Sendable where Element: Sendable {}

extension OrderedMap: Sequence {
    package func makeIterator() -> Zip2Sequence<[String], [Element]>.Iterator { zip(keys, values).makeIterator() }
}

/// A string as a dictionary key by its bytes.
private struct ByteKey: Hashable {
    let text: String
    init(_ text: String) { self.text = text }
    static func == (left: ByteKey, right: ByteKey) -> Bool { sameText(left.text, right.text) }
    func hash(into hasher: inout Hasher) {
        var copy = text
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// True if both have the same bytes. Swift's `==` would also accept canonically equivalent text.
package func sameText(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
}
