extension ValueType {
    /// Whether the value is of this type. What only a real run would know is accepted everywhere.
    package func accepts(_ value: Value) -> Bool {
        if value.isUnknown { return true }
        switch self {
        case .any: return true
        case .null: return value.isNull
        case .bool: if case .bool = value { return true }
        case .int: if case .int = value { return true }
        case .float: if case .float = value { return true }
        case .str: return value.object?.tag == .string
        case .range: return value.object?.tag == .range
        case .fn: return value.object?.tag == .function || value.object?.tag == .builtin
        case .literal(let text): return value.asString.map { sameText($0, text) } ?? false
        case .union(let members): return members.contains { $0.accepts(value) }
        case .list(let element):
            guard let list = value.object?.list else { return false }
            return element == .any || list.items.allSatisfy(element.accepts)
        case .map(let element):
            guard let map = value.object?.map else { return false }
            return element == .any || map.entries.values.allSatisfy(element.accepts)
        case .version, .image, .digest, .duration, .size, .path, .registry, .secret, .commandResult, .error:
            return value.asDomain.map { $0.type == self } ?? false
        }
        return false
    }
}

extension DomainValue {
    /// The type of the value.
    package var type: ValueType {
        switch self {
        case .version: .version
        case .image: .image
        case .digest: .digest
        case .duration: .duration
        case .size: .size
        case .path: .path
        case .registry: .registry
        case .secret: .secret
        case .commandResult: .commandResult
        case .error: .error
        }
    }
}

// MARK: - From the tree

extension ValueType {
    /// The type that an annotation means. What is wrong with it is reported, and stands as `any` in the result.
    package init(_ expression: TypeExpression, report: (SourceRange, Message) -> Void) {
        switch expression.kind {
        case .name(let name): self = Self.resolve(name, expression.range, report)
        case .optional(let wrapped): self = .optional(ValueType(wrapped, report: report))
        case .list(let element): self = .list(ValueType(element, report: report))
        case .map(let key, let value):
            if case .name("Str") = key.kind {} else { report(key.range, .mapKeysNotStr()) }
            self = .map(ValueType(value, report: report))
        case .union(let members): self = .unionOf(members.map { ValueType($0, report: report) })
        case .literal(let text): self = .literal(text)
        }
    }

    private static func resolve(
        _ name: String, _ range: SourceRange, _ report: (SourceRange, Message) -> Void
    ) -> ValueType {
        if let type = named(name) { return type }
        if name == "null" { return .null }
        report(range, .unknownType(name, suggestion: suggestion(for: name, among: named.map(\.name))))
        return .any
    }

    /// The union of the types, without unions in it and without any twice.
    package static func unionOf(_ types: [ValueType]) -> ValueType {
        var members: [ValueType] = []
        for type in types {
            let parts = if case .union(let inner) = type { inner } else { [type] }
            for part in parts where !members.contains(part) { members.append(part) }
        }
        if members.contains(.any) { return .any }
        return members.count == 1 ? members[0] : .union(members)
    }
}
