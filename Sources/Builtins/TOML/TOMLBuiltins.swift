package import Lang

/// TOML for recipes.
package enum TOMLBuiltins {
    package static let all: [Builtin] = [
        .pure(
            "toml.parse", "Reads TOML: tables become maps, dates and times stay text.",
            Parameter("text", "the TOML"),
            example: """
                > toml.parse("name = 'app'\\nports = [80, 443]")
                {name: "app", ports: [80, 443]}
                """
        ) { (text: String) in
            // What becomes of a text takes many times its size.
            try Work.reserve(32 * text.utf8.count)
            return TOMLText.entries(try TOMLText.read(SourceFile(name: "<toml>", text: text)))
        }
    ]
}
