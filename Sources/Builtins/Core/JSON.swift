package import Lang

/// `json.parse` and `json.print`.
///
/// Reader and printer are our own: maps keep the order of their keys and integers stay exact, and Foundation's promise
/// neither; besides, it would bring ICU into every relsh.
package enum JSONBuiltins {
    package static let all: [Builtin] = [
        .pure(
            "json.parse", "The value that a JSON text stands for.", Parameter<String>("text", "strict JSON (RFC 8259)"),
            example: """
                > json.parse('{"tags": ["dev"], "n": 1}')
                {tags: ["dev"], n: 1}
                """
        ) { (text: String) -> Value in
            var parser = JSONParser(text)
            return try parser.parse()
        },
        .pure(
            "json.print", "The value as JSON. Versions, images and the like become text.",
            Parameter<Value>("value", "what is printed"),
            Parameter<Bool>("indent", "one entry on each line", default: false),
            example: #"""
                > json.print({tags: ["dev"], n: 1})
                "{\"tags\": [\"dev\"], \"n\": 1}"
                """#
        ) { (value: Value, indent: Bool) -> Known<String> in
            var printer = JSONPrinter(isIndented: indent)
            try printer.print(value, depth: 0)
            if let origin = printer.unknownOrigin { return .unknown(origin: origin) }
            return .known(printer.text)
        },
    ]

    /// Both ways; it keeps them clear of the end of the native stack.
    static let maximumDepth = 500
}
