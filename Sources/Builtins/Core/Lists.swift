package import Lang

/// The members of `List`.
package enum ListBuiltins {
    package static let all: [Builtin] = queries + derived + changes + scripts

    private static let queries: [Builtin] = [
        .method(
            "List.len", "The number of items.",
            example: """
                > [1, 2].len()
                2
                """
        ) { (items: Items) -> Int in items.values.count },
        .method(
            "List.contains", "Whether `item` is in it.", Parameter<Value>("item", "what is looked for"),
            example: """
                > ["dev", "prod"].contains("dev")
                true
                """
        ) { (items: Items, item: Value) -> Known<Bool> in
            guard case .known(let found)? = try Known<Bool>.from(binary(.in, item, items.value)) else {
                return .unknown(origin: items.values.unknownOrigin ?? "")
            }
            return .known(found)
        },
        .method(
            "List.index_of", "The position of the first `item`; null where it is not in it.",
            Parameter<Value>("item", "what is looked for"),
            example: """
                > ["dev", "prod"].index_of("prod")
                1
                """
        ) { (items: Items, item: Value) -> Int? in
            var work = WorkCount()
            return try items.values.firstIndex {
                try work.next()
                return Value.equal($0, item)
            }
        },
        .method(
            "List.first", "The first item; null where there is none.",
            example: """
                > [1, 2].first()
                1
                """
        ) { (items: Items) -> Value in items.values.first ?? .null },
        .method(
            "List.last", "The last item; null where there is none.",
            example: """
                > [1, 2].last()
                2
                """
        ) { (items: Items) -> Value in items.values.last ?? .null },
        .method(
            "List.sum", "All items added up; 0 where there is none.",
            example: """
                > [1, 2, 3].sum()
                6
                > [1m, 30s].sum()
                1m30s
                """
        ) { (items: Items) -> Value in try items.values.sum() },
        .method(
            "List.min", "The smallest item; null where there is none.",
            example: """
                > [1.10.0, 1.9.0].min()
                1.9.0
                """
        ) { (items: Items) -> Value in try items.values.extreme(.less) },
        .method(
            "List.max", "The largest item; null where there is none.",
            example: """
                > [1.10.0, 1.9.0].max()
                1.10.0
                """
        ) { (items: Items) -> Value in try items.values.extreme(.greater) },
        .method(
            "List.join", "One text of all items, with `separator` between them.",
            Parameter<String>("separator", "what stands between", default: ""),
            example: """
                > ["a", "b"].join(", ")
                "a, b"
                """
        ) { (items: Items, separator: String) -> Known<String> in try items.values.joined(by: separator) },
    ]

    private static let derived: [Builtin] = [
        .method(
            "List.reverse", "The items from last to first.",
            example: """
                > [1, 2, 3].reverse()
                [3, 2, 1]
                """
        ) { (items: Items) -> Items in
            try Work.reserveList(items.values.count)
            return Items(items.values.reversed())
        },
        .method(
            "List.unique", "Each item once, where it first stands.",
            example: """
                > [1, 2, 1].unique()
                [1, 2]
                """
        ) { (items: Items) -> Known<Items> in try items.values.uniqueItems() },
        .method(
            "List.zip", "Pairs of the items here and those of `other`, as many as the shorter of both has.",
            Parameter<Items>("other", "the second items"),
            example: """
                > ["a", "b"].zip([1, 2])
                [["a", 1], ["b", 2]]
                """
        ) { (items: Items, other: Items) -> Items in
            try checkParts(min(items.values.count, other.values.count))
            return Items(zip(items.values, other.values).map { .list([$0, $1]) })
        },
        .method(
            "List.flatten", "With the items of the lists in it in place of those lists.",
            example: """
                > [[1, 2], [], [3]].flatten()
                [1, 2, 3]
                """
        ) { (items: Items) -> Items in Items(try items.values.flattened()) },
        .method(
            "List.take", "The first `n` items, or all where there are fewer.", Parameter<Int>("n", "how many"),
            example: """
                > [1, 2, 3].take(2)
                [1, 2]
                """
        ) { (items: Items, count: Int) -> Items in
            if count < 0 { throw RuntimeError(.value, .negativeCount(count, of: "take")) }
            try Work.reserveList(min(count, items.values.count))
            return Items(Array(items.values.prefix(count)))
        },
        .method(
            "List.drop", "All but the first `n` items.", Parameter<Int>("n", "how many"),
            example: """
                > [1, 2, 3].drop(2)
                [3]
                """
        ) { (items: Items, count: Int) -> Items in
            if count < 0 { throw RuntimeError(.value, .negativeCount(count, of: "drop")) }
            try Work.reserveList(max(0, items.values.count - count))
            return Items(Array(items.values.dropFirst(count)))
        },
        .method(
            "List.__sorted", "The items in the order of their `keys`; what `sort` is made of.",
            Parameter<Items>("keys", "one for each item"), Parameter<Bool>("descending", "largest first"),
            example: """
                > ["b", "a"].__sorted([2, 1], false)
                ["a", "b"]
                """
        ) { (items: Items, keys: Items, descending: Bool) -> Known<Items> in
            try items.values.sorted(byKeys: keys.values, descending: descending)
        },
    ]

    private static let changes: [Builtin] = [
        .mutating(
            "List.append", "Adds `item` at the end.", Parameter<Value>("item", "what is added"),
            example: """
                > var xs = [1]
                > xs.append(2)
                > xs
                [1, 2]
                """
        ) { (list: inout Value, item: Value) -> Nothing in
            try list.changeItems { items in
                try items.checkRoom()
                items.append(item)
                return Nothing()
            }
        },
        .mutating(
            "List.insert", "Adds `item` at the position `at`; what stood there and after it moves up.",
            Parameter<Int>("at", "0 for the beginning"), Parameter<Value>("item", "what is added"),
            example: """
                > var xs = [1, 3]
                > xs.insert(1, 2)
                > xs
                [1, 2, 3]
                """
        ) { (list: inout Value, position: Int, item: Value) -> Nothing in
            try list.changeItems { items in
                try items.checkRoom()
                guard (0...items.count).contains(position) else {
                    throw RuntimeError(.value, .insertOutOfRange(position, count: items.count))
                }
                try Work.spend((items.count - position) * MemoryLayout<Value>.stride)
                items.insert(item, at: position)
                return Nothing()
            }
        },
        .mutating(
            "List.remove_at", "Takes the item at `position` out, and gives it.",
            Parameter<Int>("position", "0 for the first"),
            example: """
                > var xs = ["a", "b"]
                > xs.remove_at(0)
                "a"
                > xs
                ["b"]
                """
        ) { (list: inout Value, position: Int) -> Value in
            try list.changeItems { items in
                guard items.indices.contains(position) else {
                    throw RuntimeError(.value, .indexOutOfRange(position, count: items.count))
                }
                return items.remove(at: position)
            }
        },
        .mutating(
            "List.pop", "Takes the last item out, and gives it.",
            example: """
                > var xs = [1, 2]
                > xs.pop()
                2
                > xs
                [1]
                """
        ) { (list: inout Value) -> Value in
            try list.changeItems { items in
                guard let last = items.popLast() else { throw RuntimeError(.value, .emptyList(of: "pop")) }
                return last
            }
        },
    ]
}
