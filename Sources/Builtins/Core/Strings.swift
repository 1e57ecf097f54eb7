package import Lang

/// The members of `Str`. Lengths and positions count Unicode scalars; text is compared byte by byte.
package enum StringBuiltins {
    package static let all: [Builtin] = plain + parts + changed + patterns

    private static let plain: [Builtin] = [
        .method(
            "Str.len", "The number of characters (Unicode scalars).",
            example: """
                > "dev".len()
                3
                """
        ) { (text: Text) -> Int in text.string.count },
        .method(
            "Str.starts_with", "Whether it begins with `prefix`.",
            Parameter<String>("prefix", "what it may begin with"),
            example: """
                > "dev-1.2.0".starts_with("dev-")
                true
                """
        ) { (text: String, prefix: String) -> Bool in startsWith(text, prefix) },
        .method(
            "Str.ends_with", "Whether it ends with `suffix`.", Parameter<String>("suffix", "what it may end with"),
            example: """
                > "dev.rel".ends_with(".rel")
                true
                """
        ) { (text: String, suffix: String) -> Bool in endsWith(text, suffix) },
        .method(
            "Str.contains", "Whether `part` occurs in it.", Parameter<String>("part", "what is looked for"),
            example: """
                > "release".contains("lea")
                true
                """
        ) { (text: String, part: String) -> Bool in try findBytes(of: part, in: text) != nil },
        .method(
            "Str.index_of", "The position of the first `part`; null where it does not occur.",
            Parameter<String>("part", "what is looked for"),
            example: """
                > "a=b".index_of("=")
                1
                """
        ) { (text: String, part: String) -> Int? in
            try findBytes(of: part, in: text).map { text.utf8.prefix($0).count { $0 & 0xC0 != 0x80 } }
        },
    ]

    private static let parts: [Builtin] = [
        .method(
            "Str.split",
            "The parts between each `by`. An empty `by` splits into characters, none at the words between white space.",
            Parameter<String?>("by", "what stands between the parts", default: nil),
            example: """
                > "a,b,,c".split(",")
                ["a", "b", "", "c"]
                > " a  b ".split()
                ["a", "b"]
                """
        ) { (text: Text, separator: String?) -> Texts in try text.string.split(by: separator) },
        .method(
            "Str.lines", "Its lines, without their ends.",
            example: #"""
                > "a\nb\n".lines()
                ["a", "b"]
                """#
        ) { (text: Text) -> Texts in Texts(values: try text.string.lines()) },
    ]

    private static let changed: [Builtin] = [
        .method(
            "Str.trim", "Without the white space at both ends.",
            example: #"""
                > "  dev\n".trim()
                "dev"
                """#
        ) { (text: String) -> String in text.trimmed },
        .method(
            "Str.upper", "In capitals.",
            example: """
                > "dev".upper()
                "DEV"
                """
        ) { (text: Text) -> Text in try text.string.upper() },
        .method(
            "Str.lower", "In small letters.",
            example: """
                > "DEV".lower()
                "dev"
                """
        ) { (text: Text) -> Text in try text.string.lower() },
        .method(
            "Str.replace", "With every `old` replaced by `new`.", Parameter<String>("old", "what is replaced"),
            Parameter<String>("new", "what comes in its place"),
            example: """
                > "a-b-c".replace("-", "_")
                "a_b_c"
                """
        ) { (text: Text, old: String, new: String) -> Text in try text.string.withEvery(old, replacedBy: new) },
        .method(
            "Str.remove_prefix", "Without `prefix`, where it begins with that.",
            Parameter<String>("prefix", "what it may begin with"),
            example: """
                > "v1.2.3".remove_prefix("v")
                "1.2.3"
                """
        ) { (text: String, prefix: String) -> String in
            guard startsWith(text, prefix) else { return text }
            return String(Substring(text.utf8.dropFirst(prefix.utf8.count)))
        },
        .method(
            "Str.remove_suffix", "Without `suffix`, where it ends with that.",
            Parameter<String>("suffix", "what it may end with"),
            example: """
                > "dev.rel".remove_suffix(".rel")
                "dev"
                """
        ) { (text: String, suffix: String) -> String in
            guard endsWith(text, suffix) else { return text }
            return String(Substring(text.utf8.dropLast(suffix.utf8.count)))
        },
        .method(
            "Str.repeat", "Itself `n` times.", Parameter<Int>("n", "how often"),
            example: """
                > "ab".repeat(3)
                "ababab"
                """
        ) { (text: String, count: Int) -> String in
            if count < 0 { throw RuntimeError(.value, .negativeCount(count, of: "repeat")) }
            try checkTextSize(text.utf8.count, times: count)
            return try text.repeated(count)
        },
        .method(
            "Str.pad_left", "Filled up at the left to `n` characters.", Parameter<Int>("n", "the length to reach"),
            Parameter<String>("with", "the character to fill with", default: " "),
            example: """
                > "7".pad_left(3, with: "0")
                "007"
                """
        ) { (text: String, length: Int, fill: String) -> String in try text.padding(to: length, with: fill) + text },
        .method(
            "Str.pad_right", "Filled up at the right to `n` characters.", Parameter<Int>("n", "the length to reach"),
            Parameter<String>("with", "the character to fill with", default: " "),
            example: """
                > "dev".pad_right(5) + "|"
                "dev  |"
                """
        ) { (text: String, length: Int, fill: String) -> String in try text + text.padding(to: length, with: fill) },
    ]

    private static let patterns: [Builtin] = [
        .method(
            "Str.matches", "Whether the regular expression `regex` matches somewhere in it; `^…$` means all of it.",
            Parameter<String>("regex", "a regular expression, in the syntax of RE2"),
            example: """
                > "dev-1.2.0".matches('^dev-[0-9.]+$')
                true
                """
        ) { (text: String, pattern: String) -> Bool in try LinearRegex(pattern).matches(text, Work.spend) },
        .method(
            "Str.find_all",
            "What `regex` matches, from left to right; for a `regex` with groups, what each of them matches.",
            Parameter<String>("regex", "a regular expression, in the syntax of RE2"),
            example: """
                > "a1 b22".find_all('[0-9]+')
                ["1", "22"]
                > "a=1 b=2".find_all('(.)=(.)')
                [["a", "1"], ["b", "2"]]
                """
        ) { (text: String, pattern: String) -> Items in
            let regex = try LinearRegex(pattern)
            let matches = try regex.allMatches(in: text, Work.spend)
            try checkParts(matches.count * (1 + regex.groupNames.count))
            return Items(regex.groupNames.isEmpty ? matches.map(\.text.value) : matches.map(\.groups.value))
        },
    ]
}
