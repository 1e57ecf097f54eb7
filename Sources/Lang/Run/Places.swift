// Changing a value in place: `xs.append(1)`, `m.tags[0] = "dev"`, `m["n"] += 1`.
//
// Lists and maps are values. Two variables may share one object until one of them changes it; the one that changes it
// then makes a copy of its own, unless it holds the only reference. So that a loop of changes does not copy each time,
// walking to a place must not itself hold a second reference to anything on the way: each container is taken out of
// the place it stands in, changed, and put back, also when the change fails.

/// One step from a value to a part of it.
package enum PlaceKey {
    /// `[key]`
    case index(Value)
    /// `.name`
    case member(String)
}

/// Hands the part of `root` that `keys` lead to over to `body`, which may change it in place.
///
/// - A last `["key"]` that is missing in its map is handed over as `.missing`, to be filled; if it is still that
///   afterwards, nothing is added.
/// - Inside an unknown value the change is made to an unknown that is thrown away. A change at a key that is unknown
///   makes the list or map it stands in unknown, since any of its parts may have changed.
package func withPlace<R>(
    _ root: inout Value, _ keys: ArraySlice<PlaceKey>, _ body: (inout Value) throws(RuntimeError) -> R
) throws(RuntimeError) -> R {
    guard let key = keys.first else { return try body(&root) }
    if root.isUnknown { return try withScratch(root, body) }
    if case .index(let value) = key, value.isUnknown {
        root = value
        return try withScratch(value, body)
    }
    switch root.object?.tag {
    case .list: return try withItem(&root, key, keys.dropFirst(), body)
    case .map: return try withEntry(&root, key, keys.dropFirst(), body)
    default: throw RuntimeError(.value, .notChangeable(root))
    }
}

private func withScratch<R>(
    _ unknown: Value, _ body: (inout Value) throws(RuntimeError) -> R
) throws(RuntimeError) -> R {
    var scratch = unknown
    return try body(&scratch)
}

private func withItem<R>(
    _ root: inout Value, _ key: PlaceKey, _ rest: ArraySlice<PlaceKey>,
    _ body: (inout Value) throws(RuntimeError) -> R
) throws(RuntimeError) -> R {
    guard case .index(let value) = key else {
        guard case .member(let name) = key else { throw RuntimeError(.value, .notChangeable(root)) }
        throw RuntimeError(.value, .noSuchMember(name, of: root.typeName, suggestion: nil))
    }
    guard case .int(let position) = value else {
        throw RuntimeError(.value, .keyType(of: root, key: value, expected: "an Int"))
    }
    guard let list = try takeUniqueList(&root) else { throw RuntimeError(.value, .notChangeable(root)) }
    defer { root = .object(list) }
    guard list.items.indices.contains(position) else {
        throw RuntimeError(.value, .indexOutOfRange(position, count: list.items.count))
    }
    return try withPlace(&list.items[position], rest, body)
}

private func withEntry<R>(
    _ root: inout Value, _ key: PlaceKey, _ rest: ArraySlice<PlaceKey>,
    _ body: (inout Value) throws(RuntimeError) -> R
) throws(RuntimeError) -> R {
    let name: String
    switch key {
    case .member(let member): name = member
    case .index(let value):
        guard let text = value.asString else {
            throw RuntimeError(.value, .keyType(of: root, key: value, expected: "a Str"))
        }
        name = text
    }
    guard let map = try takeUniqueMap(&root) else { throw RuntimeError(.value, .notChangeable(root)) }
    defer { root = .object(map) }
    if let position = map.entries.position(of: name) {
        return try withPlace(&map.entries[position: position], rest, body)
    }
    guard case .index = key, rest.isEmpty else {
        let near = suggestion(for: name, among: map.entries.keys)
        if case .member = key, rest.isEmpty { throw RuntimeError(.value, .noSuchKeyToChange(name, suggestion: near)) }
        throw RuntimeError(.value, .noSuchPlace(name, suggestion: near))
    }
    try map.entries.reserveNext()
    let position = map.entries.append(name, .missing)
    defer {
        if case .missing = map.entries[position: position] { map.entries.remove(name) }
    }
    return try body(&map.entries[position: position])
}

/// Takes the list out of `value`, which is left null, and makes it one that nothing else refers to.
func takeUniqueList(_ value: inout Value) throws(RuntimeError) -> ListObject? {
    guard var list = value.takeObject(.list, as: ListObject.self) else { return nil }
    if !isKnownUniquelyReferenced(&list) {
        do throws(RuntimeError) {
            try Work.reserveList(list.items.count)
        } catch {
            value = .object(list)
            throw error
        }
        list = ListObject(list.items)
    }
    return list
}

private func takeUniqueMap(_ value: inout Value) throws(RuntimeError) -> MapObject? {
    guard var map = value.takeObject(.map, as: MapObject.self) else { return nil }
    if !isKnownUniquelyReferenced(&map) {
        do throws(RuntimeError) {
            try Work.reserve(map.entries.count * OrderedMap<Value>.entrySize)
        } catch {
            value = .object(map)
            throw error
        }
        map = MapObject(map.entries)
    }
    return map
}

/// `root[key] = value` for a list and a position in it, or a map and a key; false where it is something else, or an error.
func setItem(_ root: Registers, _ key: Registers, _ value: Registers) throws(RuntimeError) -> Bool {
    if case .int(let position) = key.pointee {
        guard let held = root.unretained(.list, as: ListObject.self), position >= 0,
            position < held._withUnsafeGuaranteedRef({ $0.items.count }), let list = try takeUniqueList(&root.pointee)
        else { return false }
        list.items[position] = value.move()
        value.initialize(to: .null)
        root.initialize(to: .object(list))
        return true
    }
    guard let key = key.unretained(.string, as: StringObject.self), let map = try takeUniqueMap(&root.pointee) else {
        return false
    }
    defer { root.initialize(to: .object(map)) }
    let position = key._withUnsafeGuaranteedRef { map.position(of: $0) }
    if position >= 0 {
        map.entries[position: position] = value.move()
    } else {
        try map.entries.reserveNext()
        _ = key._withUnsafeGuaranteedRef { map.entries.append($0.text, value.move()) }
    }
    value.initialize(to: .null)
    return true
}

extension Value {
    /// Changes the items of a list in place; nil where the value is no list.
    package mutating func changeList<R>(_ body: (inout [Value]) throws -> R) throws -> R? {
        guard let list = try takeUniqueList(&self) else { return nil }
        defer { self = .object(list) }
        return try body(&list.items)
    }

    /// Changes the entries of a map in place; nil where the value is no map.
    package mutating func changeMap<R>(_ body: (inout OrderedMap<Value>) throws -> R) throws -> R? {
        guard let map = try takeUniqueMap(&self) else { return nil }
        defer { self = .object(map) }
        return try body(&map.entries)
    }
}
