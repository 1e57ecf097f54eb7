package import Lang

/// The members of `Map`.
package enum MapBuiltins {
    package static let all: [Builtin] = [
        .method(
            "Map.len", "The number of entries.",
            example: """
                > {a: 1, b: 2}.len()
                2
                """
        ) { (map: Entries) -> Int in map.entries.count },
        .method(
            "Map.keys", "Its keys, in the order they were added.",
            example: """
                > {a: 1, b: 2}.keys()
                ["a", "b"]
                """
        ) { (map: Entries) -> Texts in
            try Work.reserve(map.entries.count * TextPart.smallSize)
            return Texts(map.entries.keys)
        },
        .method(
            "Map.values", "Its values, in the order they were added.",
            example: """
                > {a: 1, b: 2}.values()
                [1, 2]
                """
        ) { (map: Entries) -> Items in Items(map.entries.values) },
        .method(
            "Map.items", "Its entries as pairs of key and value.",
            example: """
                > {a: 1, b: 2}.items()
                [["a", 1], ["b", 2]]
                """
        ) { (map: Entries) -> Items in
            try Work.reserve(map.entries.count * 3 * TextPart.smallSize)
            return Items(map.entries.map { .list([.string($0), $1]) })
        },
        .method(
            "Map.get", "The value of `key`, or `default` where it has no such key.",
            Parameter<Text>("key", "what is looked for"),
            Parameter<Value>("default", "what is given in its place", default: .null),
            example: """
                > {a: 1}.get("b", 0)
                0
                """
        ) { (map: Entries, key: Text, other: Value) -> Value in
            guard let position = map.entries.position(of: key.string) else { return other }
            return map.entries[position: position]
        },
        .method(
            "Map.has", "Whether it has the key.", Parameter<Text>("key", "what is looked for"),
            example: """
                > {a: null}.has("a")
                true
                """
        ) { (map: Entries, key: Text) -> Bool in map.entries.position(of: key.string) != nil },
        .method(
            "Map.merge", "With the entries of `other` added; where both have a key, the value is that of `other`.",
            Parameter<Entries>("other", "what is added"),
            example: """
                > {a: 1, b: 2}.merge({b: 3, c: 4})
                {a: 1, b: 3, c: 4}
                """
        ) { (map: Entries, other: Entries) -> Entries in
            try Work.reserve((map.entries.count + other.entries.count) * OrderedMap<Value>.entrySize)
            var result = map.entries
            for (key, value) in other.entries { result[key] = value }
            return Entries(result)
        },
        .mutating(
            "Map.remove", "Takes the entry of `key` out and gives its value; null where there is none.",
            Parameter<String>("key", "which entry"),
            example: """
                > var m = {a: 1, b: 2}
                > m.remove("a")
                1
                > m
                {b: 2}
                """
        ) { (map: inout Value, key: String) -> Value in
            let removed = try map.changeMap { entries in
                // What stands behind it moves up.
                try Work.spend(entries.count * OrderedMap<Value>.entrySize)
                return entries.remove(key)
            }
            guard let removed else {
                throw RuntimeError(.value, .notChangeable(map))
            }
            return removed ?? .null
        },
        .script(
            "Map.map", "The same keys with what `f` gives for each key and value.",
            parameters: [function("called with each key and value; gives the new value")], result: .map(.any),
            example: """
                > {a: 1, b: 2}.map(fn(key, value) => value * 10)
                {a: 10, b: 20}
                """,
            source: """
                fn(entries, f) {
                    var result = {}
                    for key, value in entries { result[key] = f(key, value) }
                    return result
                }
                """),
        .script(
            "Map.filter", "The entries for whose key and value `f` is true.",
            parameters: [function("called with each key and value; gives a Bool")], result: .map(.any),
            example: """
                > {a: 1, b: 2}.filter(fn(key, value) => value > 1)
                {b: 2}
                """,
            source: """
                fn(entries, f) {
                    var result = {}
                    for key, value in entries {
                        if f(key, value) { result[key] = value }
                    }
                    return result
                }
                """),
    ]

    private static func function(_ summary: String) -> ParameterSignature {
        ParameterSignature(name: "f", summary: summary, type: .fn, defaultText: nil)
    }
}
