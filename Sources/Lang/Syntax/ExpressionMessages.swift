/// What the parser can say of expressions: most of it to those who know another language.
extension Message {
    static func foreignOperator(_ found: String, _ help: String) -> Message {
        Message("`\(found)` is not an operator of the language", help: help)
    }

    static func foreignConstant(_ found: String, _ name: String) -> Message {
        Message("`\(found)` is spelled `\(name)`", help: "write `\(name)`")
    }

    static func foreignConstruct(_ found: String, _ help: String) -> Message {
        Message("`\(found)` is not a word of the language", help: help)
    }

    static func chainedComparison(_ help: String) -> Message {
        Message("comparisons do not chain", help: help)
    }

    static func chainedRange() -> Message {
        Message("ranges do not chain", help: "a range has two ends: `1..3`, `1..<3`")
    }

    static func notNeedsParentheses() -> Message {
        Message("`not` after an operator must stand in parentheses", help: "write `(not …)`")
    }

    static func ternary() -> Message {
        Message("`? :` is not an operator of the language", help: "write `if a { b } else { c }`")
    }

    static func optionalIndex() -> Message {
        Message(
            "`?` stands before `.` only, and not before `[`",
            help: "for a map that may be null write `m?.get(\"key\")`; otherwise look for null first")
    }

    static func tuple() -> Message {
        Message("parentheses hold one value", help: "values together are a list: `[a, b]`")
    }

    static func mapInHead() -> Message {
        Message(
            "expected a value before `{`, which begins the block here",
            help: "a map in this place stands in parentheses: `({…})`")
    }

    static func bareBlock() -> Message {
        Message("`{` begins a map here, and there are no bare blocks", help: "a map is written `{name: value}`")
    }

    static func mapKey(_ found: String) -> Message {
        Message(
            "the key of a map must be a name or a string, but is \(found)",
            help: "write `{name: value}` or `{\"any text\": value}`")
    }

    static func trailingClosure() -> Message {
        Message(
            "expected a new line or `;`, but found `{`", help: "a function is passed in parentheses: `f(fn(x) => …)`")
    }

    static func positionalMember(_ index: String) -> Message {
        Message("a member must have a name, but is `\(index)`", help: "an element of a list is `xs[\(index)]`")
    }
}
