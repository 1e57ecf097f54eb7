// Reading what stands in brackets: `xs[0]`, `xs[1..2]`, `s[0..3]`, `m["key"]`.

/// The value of `base[key]`.
package func index(_ base: Value, _ key: Value) throws(RuntimeError) -> Value {
    if let origin = base.unknownOrigin ?? key.unknownOrigin { return .unknown(origin) }
    switch base.object {
    case let list as ListObject:
        if case .int(let position) = key {
            guard list.items.indices.contains(position) else {
                throw RuntimeError(.value, .indexOutOfRange(position, count: list.items.count))
            }
            return list.items[position]
        }
        guard let range = key.object as? RangeObject else {
            throw RuntimeError(.value, .keyType(of: base, key: key, expected: "an Int or a Range"))
        }
        return .list(Array(list.items[try range.bounds(in: list.items.count, of: "List")]))
    case let string as StringObject:
        if case .int(let position) = key { throw RuntimeError(.value, .stringIndex(position)) }
        guard let range = key.object as? RangeObject else {
            throw RuntimeError(.value, .keyType(of: base, key: key, expected: "a Range"))
        }
        return .string(try slice(string.text, range))
    case let map as MapObject:
        guard let key = key.asString else {
            throw RuntimeError(.value, .keyType(of: base, key: key, expected: "a Str"))
        }
        return map.entries[key] ?? .null
    default: throw RuntimeError(.value, .notIndexable(base))
    }
}

/// The part of `text` that `range` means, counted in Unicode scalars.
private func slice(_ text: String, _ range: RangeObject) throws(RuntimeError) -> String {
    let scalars = text.unicodeScalars
    if let end = range.end, range.lower >= 0, range.lower <= end,
        let lower = scalars.index(scalars.startIndex, offsetBy: range.lower, limitedBy: scalars.endIndex),
        let upper = scalars.index(lower, offsetBy: end - range.lower, limitedBy: scalars.endIndex)
    {
        return String(scalars[lower..<upper])
    }
    let bounds = try range.bounds(in: scalars.count, of: "Str")
    return bounds.isEmpty ? "" : String(scalars.dropFirst(bounds.lowerBound).prefix(bounds.count))
}

extension RangeObject {
    /// The positions it means in something of `count` items; an empty range must start inside or right at the end.
    fileprivate func bounds(in count: Int, of typeName: String) throws(RuntimeError) -> Range<Int> {
        if let end, lower >= 0, lower <= count, end <= count { return lower..<max(lower, end) }
        throw RuntimeError(.value, .rangeOutOfRange(.object(self), count: count, of: typeName))
    }
}
