internal import Lang

/// The members of `List` that call a function they are given, written in the language.
extension ListBuiltins {
    static let scripts: [Builtin] = [
        .script(
            "List.map", "What `f` gives for each item.", parameters: [function("f", "called with each item")],
            result: .list(.any),
            example: """
                > [1, 2].map(fn(x) => x * 10)
                [10, 20]
                """,
            source: """
                fn(items, f) {
                    var result = []
                    for item in items { result.append(f(item)) }
                    return result
                }
                """),
        .script(
            "List.filter", "The items for which `f` is true.", parameters: [condition], result: .list(.any),
            example: """
                > [1, 2, 3].filter(fn(x) => x > 1)
                [2, 3]
                """,
            source: """
                fn(items, f) {
                    var result = []
                    for item in items {
                        if f(item) { result.append(item) }
                    }
                    return result
                }
                """),
        .script(
            "List.reduce",
            "One value made of all items: `f` gets the value so far, which is `initial` at first, and an item.",
            parameters: [
                ParameterSignature(name: "initial", summary: "the value before any item", type: .any, defaultText: nil),
                function("f", "called with the value so far and each item"),
            ],
            result: .any,
            example: """
                > [1, 2, 3].reduce(0, fn(so_far, x) => so_far + x)
                6
                """,
            source: """
                fn(items, initial, f) {
                    var so_far = initial
                    for item in items { so_far = f(so_far, item) }
                    return so_far
                }
                """),
        .script(
            "List.any", "Whether `f` is true for any item.", parameters: [condition], result: .bool,
            example: """
                > [1, 2].any(fn(x) => x > 1)
                true
                """,
            source: """
                fn(items, f) {
                    for item in items {
                        if f(item) { return true }
                    }
                    return false
                }
                """),
        .script(
            "List.all", "Whether `f` is true for all items.", parameters: [condition], result: .bool,
            example: """
                > [1, 2].all(fn(x) => x > 1)
                false
                """,
            source: """
                fn(items, f) {
                    for item in items {
                        if not f(item) { return false }
                    }
                    return true
                }
                """),
        .script(
            "List.find", "The first item for which `f` is true; null where there is none.", parameters: [condition],
            result: .any,
            example: """
                > [1, 2, 3].find(fn(x) => x > 1)
                2
                """,
            source: """
                fn(items, f) {
                    for item in items {
                        if f(item) { return item }
                    }
                    return null
                }
                """),
        .script(
            "List.sort", "The items in order, or in that of what `by` gives for each. Equal ones keep theirs.",
            parameters: [
                ParameterSignature(
                    name: "by", summary: "called with each item; gives what is compared", type: .optional(.fn),
                    defaultText: "null"),
                ParameterSignature(name: "descending", summary: "largest first", type: .bool, defaultText: "false"),
            ],
            result: .list(.any),
            example: """
                > [3, 1, 2].sort()
                [1, 2, 3]
                > ["ccc", "a", "bb"].sort(by: fn(s) => s.len(), descending: true)
                ["ccc", "bb", "a"]
                """,
            source: """
                fn(items, by = null, descending = false) {
                    if by == null { return items.__sorted(items, descending) }
                    var keys = []
                    for item in items { keys.append(by(item)) }
                    return items.__sorted(keys, descending)
                }
                """),
    ]

    private static let condition = function("f", "called with each item; gives a Bool")

    private static func function(_ name: String, _ summary: String) -> ParameterSignature {
        ParameterSignature(name: name, summary: summary, type: .fn, defaultText: nil)
    }
}
