/// Members that programs call most, done by the machine itself on registers: the way through a builtin's closure and its Swift
/// types costs many times what they do. What they do is what the builtin does; a test calls both.
enum Shortcut: UInt8 {
    case none
    case textLength, textStartsWith, textEndsWith, textContains, textSplit
    case listLength, listAppend, listPop
    case mapLength, mapHas, mapGet
    case intAbs

    /// The members among which there are shortcuts, but for those that change their receiver.
    static let names: Set<String> = ["len", "starts_with", "ends_with", "has", "get", "abs", "contains", "split"]

    /// - Parameter name: the builtin's name, for example `List.len`.
    init(_ name: String) {
        switch name {
        case "Str.len": self = .textLength
        case "Str.starts_with": self = .textStartsWith
        case "Str.ends_with": self = .textEndsWith
        case "Str.contains": self = .textContains
        case "Str.split": self = .textSplit
        case "List.len": self = .listLength
        case "List.append": self = .listAppend
        case "List.pop": self = .listPop
        case "Map.len": self = .mapLength
        case "Map.has": self = .mapHas
        case "Map.get": self = .mapGet
        case "Int.abs": self = .intAbs
        default: self = .none
        }
    }

    /// `R[0] = R[1].member(R[2]…)`, with nothing left behind; false, and nothing done, where the values are not such as it takes.
    @inline(__always)
    func call(_ r: Registers, count: Int) throws(RuntimeError) -> Bool {
        guard try call(r, r + 1, r + 2, r + 3, count: count) else { return false }
        for index in 1...(count + 1) { (r + index).release() }
        return true
    }

    /// `target = receiver.member(first, second)`, of which arguments `count` were given; false, and nothing done, where the
    /// values are not such as it takes.
    @inline(__always)
    func call(
        _ target: Registers, _ receiver: Registers, _ first: Registers, _ second: Registers, count: Int
    ) throws(RuntimeError) -> Bool {
        switch self {
        case .none, .listAppend, .listPop: return false
        case .textLength:
            guard let text = receiver.unretained(.string, as: StringObject.self) else { return false }
            target.set(text._withUnsafeGuaranteedRef { $0.count })
        case .listLength:
            guard let list = receiver.unretained(.list, as: ListObject.self) else { return false }
            target.set(list._withUnsafeGuaranteedRef { $0.items.count })
        case .mapLength:
            guard let map = receiver.unretained(.map, as: MapObject.self) else { return false }
            target.set(map._withUnsafeGuaranteedRef { $0.entries.count })
        case .intAbs:
            guard case .int(let number) = receiver.pointee, number > Int.min else { return false }
            target.set(number < 0 ? -number : number)
        case .textStartsWith, .textEndsWith:
            guard let part = first.unretained(.string, as: StringObject.self),
                let text = receiver.unretained(.string, as: StringObject.self)
            else { return false }
            let isThere = text._withUnsafeGuaranteedRef { text in
                part._withUnsafeGuaranteedRef {
                    self == .textStartsWith ? startsWith(text.text, $0.text) : endsWith(text.text, $0.text)
                }
            }
            target.set(isThere)
        case .textContains:
            guard let part = first.unretained(.string, as: StringObject.self),
                let text = receiver.unretained(.string, as: StringObject.self)
            else { return false }
            target.set(try findBytes(of: part.takeUnretainedValue().text, in: text.takeUnretainedValue().text) != nil)
        case .textSplit:
            guard count == 1, let separator = first.unretained(.string, as: StringObject.self), separator.byteCount > 0,
                let text = receiver.unretained(.string, as: StringObject.self)
            else { return false }
            let parts = try text.takeUnretainedValue().parts(between: separator.takeUnretainedValue().text)
            target.pointee = .list(parts)
        case .mapHas:
            guard let key = first.unretained(.string, as: StringObject.self),
                let map = receiver.unretained(.map, as: MapObject.self)
            else { return false }
            target.set(
                map._withUnsafeGuaranteedRef { map in key._withUnsafeGuaranteedRef { map.position(of: $0) >= 0 } })
        case .mapGet:
            guard let key = first.unretained(.string, as: StringObject.self),
                let map = receiver.unretained(.map, as: MapObject.self)
            else { return false }
            map._withUnsafeGuaranteedRef { map in
                let position = key._withUnsafeGuaranteedRef { map.position(of: $0) }
                if position >= 0 {
                    map.copyValue(at: position, to: target)
                } else if count > 1 {
                    target.copy(second)
                } else {
                    target.setNull()
                }
            }
        }
        return true
    }

    /// `R[0] = root.member(R[1]…)`, which changes `root`.
    @inline(__always)
    func change(_ root: Registers, _ r: Registers) throws(RuntimeError) -> Bool {
        switch self {
        case .listAppend:
            guard let held = root.unretained(.list, as: ListObject.self) else { return false }
            let (count, capacity) = held._withUnsafeGuaranteedRef { ($0.items.count, $0.items.capacity) }
            // A full array moves to one of twice the size.
            if count == capacity { try Work.reserveList(2 * count) }
            if count < ValueLimits.listItems, root.isOnlyReference {
                held._withUnsafeGuaranteedRef { $0.items.append((r + 1).move()) }
                (r + 1).initialize(to: .null)
                r.setNull()
                return true
            }
            guard count < ValueLimits.listItems, let list = try takeUniqueList(&root.pointee) else { return false }
            list.items.append((r + 1).move())
            (r + 1).initialize(to: .null)
            root.initialize(to: .object(list))
            r.setNull()
            return true
        case .listPop:
            guard let held = root.unretained(.list, as: ListObject.self),
                held._withUnsafeGuaranteedRef({ $0.items.count }) > 0,
                let list = try takeUniqueList(&root.pointee)
            else { return false }
            r.pointee = list.items.removeLast()
            root.initialize(to: .object(list))
            return true
        default: return false
        }
    }
}
