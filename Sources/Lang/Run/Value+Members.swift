// Reading what stands in brackets: `xs[0]`, `xs[1..2]`, `s[0..3]`, `m["key"]`.

/// The value of `base[key]`.
package func index(_ base: Value, _ key: Value) throws(RuntimeError) -> Value {
    if let origin = base.unknownOrigin ?? key.unknownOrigin { return .unknown(origin) }
    if let map = base.object?.map {
        guard let key = key.object?.string else {
            throw RuntimeError(.value, .keyType(of: base, key: key, expected: "a Str"))
        }
        guard let position = map.entries.position(of: key) else { return .null }
        return map.entries[position: position]
    }
    switch base.object {
    case let list as ListObject:
        if case .int(let position) = key {
            guard list.items.indices.contains(position) else {
                throw RuntimeError(.value, .indexOutOfRange(position, count: list.items.count))
            }
            return list.items[position]
        }
        guard let range = key.object?.range else {
            throw RuntimeError(.value, .keyType(of: base, key: key, expected: "an Int or a Range"))
        }
        let bounds = try range.bounds(in: list.items.count, of: "List")
        try Work.reserveList(bounds.count)
        return .list(Array(list.items[bounds]))
    case let string as StringObject:
        if case .int(let position) = key { throw RuntimeError(.value, .stringIndex(position)) }
        guard let range = key.object?.range else {
            throw RuntimeError(.value, .keyType(of: base, key: key, expected: "a Range"))
        }
        return .string(try slice(string, range))
    default: throw RuntimeError(.value, .notIndexable(base))
    }
}

/// The part of `string` that `range` means, counted in Unicode scalars.
private func slice(_ string: StringObject, _ range: RangeObject) throws(RuntimeError) -> String {
    let bounds = try range.bounds(in: string.count, of: "Str")
    try string.spendSlicing(bounds)
    return string.slice(bounds)
}

extension StringObject {
    /// Asks before `slice`.
    func spendSlicing(_ bounds: Range<Int>) throws(RuntimeError) {
        try Work.spend(isASCII ? bounds.count : text.utf8.count)
        try Work.reserve(bounds.count)
    }

    /// The scalars at positions that are known to exist.
    func slice(_ bounds: Range<Int>) -> String {
        if isASCII { return bytes(bounds) }
        let scalars = text.unicodeScalars
        let lower = scalars.index(scalars.startIndex, offsetBy: bounds.lowerBound)
        return String(scalars[lower..<scalars.index(lower, offsetBy: bounds.count)])
    }
}

extension RangeObject {
    /// The positions it means in something of `count` items; an empty range must start inside or right at the end.
    fileprivate func bounds(in count: Int, of typeName: String) throws(RuntimeError) -> Range<Int> {
        if let end, lower >= 0, lower <= count, end <= count { return lower..<max(lower, end) }
        throw RuntimeError(.value, .rangeOutOfRange(.object(self), count: count, of: typeName))
    }
}
