// What methods give, better known by what the receiver holds than their signatures say.

extension CheckedType {
    /// As inferred: what it is declared to be is not known for certain.
    var weakened: CheckedType {
        if case .union(let members, _) = self { .union(members, isDeclared: false) } else { self }
    }

    /// What a method hands to the function it is given.
    func closureParameters(of method: String) -> [CheckedType] {
        switch (self, method) {
        case (.list(let element), "map"), (.list(let element), "filter"), (.list(let element), "any"),
            (.list(let element), "all"), (.list(let element), "find"), (.list(let element), "sort"),
            (.list(let element), "reduce"):
            [element.widened]
        case (.map(let value, _), "map"), (.map(let value, _), "filter"): [.str, value.widened]
        default: []
        }
    }

    /// The result of a method, better known by what the receiver holds.
    func result(
        of method: String, _ declared: CheckedType, _ arguments: [String: CheckedType]
    ) -> CheckedType {
        func given() -> CheckedType {
            if case .function(let function?)? = arguments["f"] { function.result } else { .any }
        }
        switch self {
        case .list(let element):
            let item = element == .never ? .any : element.widened
            switch method {
            case "first", "last", "min", "max": return item == .any ? .any : item.orNull(isDeclared: false)
            // The function may ask for one of the types that an item may be of, or whether it is null.
            case "find": return item == .any ? .any : item.weakened.orNull(isDeclared: false)
            case "filter": return .list(element.weakened)
            // Who looks for an item mostly knows that it is there.
            case "index_of": return declared.weakened
            case "pop", "remove_at": return item
            // The sum of no items is the Int 0.
            case "sum": return item == .int ? .int : .any
            case "sort", "reverse", "unique", "take", "drop": return self
            case "map": return .list(given().widened)
            case "reduce": return .any
            case "zip": return .list(.list(.any))
            case "flatten":
                if case .list(let inner) = element { return .list(inner) }
                return .list(.any)
            default: return declared
            }
        case .map(let value, _):
            let item = value == .never ? .any : value.widened
            switch method {
            case "values": return .list(item)
            case "items": return .list(.list(.any))
            case "get":
                guard let other = arguments["default"] else { return item.orNull(isDeclared: false) }
                return item.joined(other.widened)
            case "remove": return item == .any ? .any : item.orNull(isDeclared: false)
            case "map": return .map(given().widened, nil)
            case "filter": return .map(value.weakened, nil)
            case "merge":
                if case .map(let other, _)? = arguments["other"] { return .map(value.joined(other), nil) }
                return .map(.any, nil)
            default: return declared
            }
        case .plain(.str), .literal: return method == "index_of" ? declared.weakened : declared
        default: return declared
        }
    }
}
