// What the loop does out of line for `for`.

extension Fiber {
    func startLoop(_ r: Registers, names: Int) throws(RuntimeError) {
        switch r[0].object?.tag {
        case .range:
            guard names == 1, let range = r[0].object?.range else { break }
            if range.isInclusive || range.upper > Int.min {
                r[0] = .int(range.isInclusive ? range.upper : range.upper - 1)
                r[1] = .int(range.lower)
            } else {
                r[0] = .int(0)
                r[1] = .int(1)
            }
            return
        case .list, .unknown:
            r[1] = .int(0)
            return
        case .map:
            // With one name a map gives its keys.
            if names == 1, let entries = r[0].asMap { r[0] = .list(entries.keys.map { .string($0) }) }
            r[1] = .int(0)
            return
        default: break
        }
        throw RuntimeError(.value, .notIterable(r[0]))
    }

    func nextElement(_ r: Registers) -> Bool {
        guard case .int(let position) = r[1], let object = r.unretained else { return false }
        return object._withUnsafeGuaranteedRef { object in
            if object.tag == .list {
                let list = unsafeDowncast(object, to: ListObject.self)
                guard position < list.items.count else { return false }
                list.copyItem(at: position, to: r + 2)
                r[1] = .int(position + 1)
                return true
            }
            // Something unknown: a dry run plans the body once.
            guard position == 0 else { return false }
            r[2] = r[0]
            r[1] = .int(1)
            return true
        }
    }

    func nextPair(_ r: Registers) -> Bool {
        guard case .int(let position) = r[1], case .object(let object) = r[0] else { return false }
        switch object.tag {
        case .map:
            let map = unsafeDowncast(object, to: MapObject.self)
            guard position < map.entries.count else { return false }
            r[2] = .string(map.entries.keys[position])
            r[3] = map.entries[position: position]
        case .list:
            let list = unsafeDowncast(object, to: ListObject.self)
            guard position < list.items.count else { return false }
            r[2] = .int(position)
            r[3] = list.items[position]
        default:
            guard position == 0 else { return false }
            r[2] = r[0]
            r[3] = r[0]
        }
        r[1] = .int(position + 1)
        return true
    }
}
