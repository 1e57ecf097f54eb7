// What can be done with types: put together, taken apart, compared.

extension CheckedType {
    /// More members than these are no union that anybody meant.
    private static let maximumMembers = 12

    var members: [CheckedType] {
        if case .union(let members, _) = self { return members }
        return self == .never ? [] : [self]
    }

    var isDeclared: Bool { if case .union(_, isDeclared: true) = self { true } else { false } }

    var isNull: Bool { self == .plain(.null) }

    /// True where null is one of the members.
    var includesNull: Bool {
        switch self {
        case .plain(.null): true
        case .union(let members, _): members.contains { $0 == .plain(.null) }
        default: false
        }
    }

    /// True where null was declared: it must be looked for before the value is used.
    var isOptional: Bool { isDeclared && includesNull }

    /// Without null.
    var unwrapped: CheckedType {
        switch self {
        case .plain(.null): return .never
        case .union(let members, let isDeclared):
            return CheckedType.of(members.filter { $0 != .plain(.null) }, isDeclared: isDeclared)
        default: return self
        }
    }

    /// With null.
    func orNull(isDeclared: Bool) -> CheckedType {
        switch self {
        case .any, .plain(.null): return self
        case .never: return .null
        case .union(let members, let declared):
            return members.contains(.null) ? self : .union(members + [.null], isDeclared: declared || isDeclared)
        default: return .union([self, .null], isDeclared: isDeclared)
        }
    }

    static func of(_ members: [CheckedType], isDeclared: Bool) -> CheckedType {
        switch members.count {
        case 0: .never
        case 1: members[0]
        default: .union(members, isDeclared: isDeclared)
        }
    }

    /// A single literal becomes the type it is of: what a `let` or an item of a list has.
    var widened: CheckedType {
        switch self {
        case .literal: .str
        case .list(.literal): .list(.str)
        default: self
        }
    }

    /// With `Str` for unions of exact strings, and for text that may be secret.
    var asText: CheckedType {
        let isText = !members.isEmpty && members.allSatisfy { $0.widened == .str || $0 == .plain(.secret) }
        return isText && self != .plain(.secret) ? .str : self
    }

    // MARK: Putting together

    /// What is of one of the two types.
    func joined(_ other: CheckedType) -> CheckedType {
        if self == other { return self }
        switch (self, other) {
        case (.any, _), (_, .any): return .any
        case (.never, let type), (let type, .never): return type
        default: break
        }
        if covers(other) { return self }
        if other.covers(self) { return other }
        var result: [CheckedType] = []
        for member in members + other.members { CheckedType.add(member, to: &result) }
        if result.count > CheckedType.maximumMembers {
            let isText = result.allSatisfy { if case .literal = $0 { true } else { false } }
            return isText ? .str : .any
        }
        return .of(result, isDeclared: false)
    }

    private static func add(_ member: CheckedType, to members: inout [CheckedType]) {
        for index in members.indices {
            switch (members[index], member) {
            case (.list(let one), .list(let other)): members[index] = .list(one.joined(other))
            case (.map(let one, _), .map(let other, _)): members[index] = .map(one.joined(other), nil)
            case (.function, .function): members[index] = .function(nil)
            case (.plain(.str), .literal): break
            case (.literal, .plain(.str)): members[index] = .str
            case (let one, _) where one == member: break
            default: continue
            }
            return
        }
        members.append(member)
    }

    // MARK: Comparing

    /// True where each value of `other` is of this type.
    func covers(_ other: CheckedType) -> Bool {
        switch (self, other) {
        case (.any, _), (_, .never): true
        case (_, .any), (.never, _): false
        case (_, .union(let members, _)): members.allSatisfy { covers($0) }
        case (.union(let members, _), _): members.contains { $0.covers(other) }
        case (.plain(.str), .literal): true
        case (.list(let one), .list(let other)): one.covers(other)
        case (.map(let one, nil), .map(let other, _)): one.covers(other)
        case (.function(nil), .function): true
        default: self == other
        }
    }

    /// True where a value of this type may stand where `expected` is asked for.
    func fits(_ expected: CheckedType) -> Bool {
        switch (self, expected) {
        case (.any, _), (_, .any), (.never, _): true
        case (.union(let members, isDeclared: true), _): members.allSatisfy { $0.fits(expected) }
        case (.union(let members, isDeclared: false), _): members.contains { $0.fits(expected) }
        case (_, .union(let members, _)): members.contains { fits($0) }
        case (.literal, .plain(.str)), (.plain(.str), .literal): true
        case (.list(let one), .list(let other)): one.fits(other)
        case (.map(let one, let shape), .map(let other, _)):
            if let shape { shape.entries.values.allSatisfy { $0.fits(other) } } else { one.fits(other) }
        case (.function, .function): true
        default: self == expected
        }
    }

    /// True where a value of one type may be equal to one of the other.
    func overlaps(_ other: CheckedType) -> Bool {
        switch (self, other) {
        case (.any, _), (_, .any), (.never, _), (_, .never): true
        case (.union(let members, _), _): members.contains { $0.overlaps(other) }
        case (_, .union(let members, _)): members.contains { overlaps($0) }
        case (.literal, .plain(.str)), (.plain(.str), .literal), (.list, .list), (.map, .map): true
        case (.function, .function): true
        default: self == other
        }
    }

    // MARK: Taking apart

    /// What is of both types.
    func restricted(to other: CheckedType) -> CheckedType {
        switch (self, other) {
        case (.any, _): return other
        case (_, .any): return self
        case (.union(let members, let isDeclared), _):
            return .of(members.map { $0.restricted(to: other) }.filter { $0 != .never }, isDeclared: isDeclared)
        case (_, .union(let members, let isDeclared)):
            if members.contains(where: { $0.covers(self) }) { return self }
            return .of(members.map { restricted(to: $0) }.filter { $0 != .never }, isDeclared: isDeclared)
        default:
            if !overlaps(other) { return .never }
            return other.covers(self) ? self : other
        }
    }

    /// What is of this type and not of the other.
    func without(_ other: CheckedType) -> CheckedType {
        switch self {
        case .any: return .any
        case .union(let members, let isDeclared):
            return .of(members.filter { !other.covers($0) }, isDeclared: isDeclared)
        default: return other.covers(self) ? .never : self
        }
    }

    var withoutShape: CheckedType { if case .map(let value, .some) = self { .map(value, nil) } else { self } }

    /// With nothing known of its items.
    var withoutParts: CheckedType {
        switch self {
        case .list: .list(.any)
        case .map: .map(.any, nil)
        case .union(let members, let isDeclared): .union(members.map(\.withoutParts), isDeclared: isDeclared)
        default: self
        }
    }
}
