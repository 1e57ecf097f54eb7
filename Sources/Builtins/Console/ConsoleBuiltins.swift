package import Lang

/// `print`, and `ui`: showing things to a person and asking one.
package enum ConsoleBuiltins {
    package static let all: [Builtin] = [print, uiPrint, table, note, confirm, uiConfirm, prompt, secret, checklist]

    /// Those that wait for a person's answer.
    static let questions: Set<String> = Set([confirm, uiConfirm, prompt, secret, checklist].map(\.name))

    // MARK: Showing

    private static let print = printing("print")
    private static let uiPrint = printing("ui.print")

    private static func printing(_ name: String) -> Builtin {
        Builtin(
            Signature(
                name: name, form: .function, effect: .reads,
                summary: "Writes its arguments to standard output, with a space between and a newline after.",
                parameters: [], isVariadic: true, result: .null,
                example: """
                    > \(name)("digest", 42, [1, "a"])
                    digest 42 [1, "a"]
                    """),
            .effect(
                EffectBody { arguments in
                    // Made here, on the machine's side: values may not leave it.
                    let text = arguments.map(\.display).joined(separator: " ") + "\n"
                    return PreparedEffect(
                        commands: { _ in [] }, planned: nil,
                        perform: { world in
                            world.console.print(text)
                            return { .null }
                        })
                }))
    }

    private static let table = Builtin(
        Signature(
            name: "ui.table", form: .function, effect: .reads,
            summary: "Writes a table: one row for each map, one column for each key.",
            parameters: [
                ParameterSignature(
                    name: "rows", summary: "the rows; a missing key leaves a cell empty", type: .list(.map(.any)),
                    defaultText: nil)
            ], result: .null,
            example: """
                > ui.table([{name: "ecr", tags: 2}, {name: "dockerhub", tags: 10}])
                name       tags
                ecr           2
                dockerhub    10
                """),
        .effect(
            EffectBody { arguments in
                let text = try TextTable(rows: arguments.first ?? .missing).text
                return PreparedEffect(
                    commands: { _ in [] }, planned: nil,
                    perform: { world in
                        world.console.print(text)
                        return { .null }
                    })
            }))

    private static let note: Builtin = .reads(
        "ui.note", "Shows a line in the progress and in the report, for whoever follows the release.",
        Parameter<String>("text", "one line"),
        example: """
            > ui.note("the old image stays for a week")
            """
    ) { (world: World, text: String) -> Nothing in
        world.events.note(text)
        return Nothing()
    }

    // MARK: Asking

    private static let confirm: Builtin = .reads(
        "confirm",
        "Asks a yes-or-no question. `--yes` answers yes; without that and without a terminal it is an error.",
        Parameter<String>("question", "what to ask"),
        example: """
            > confirm("Promote to prod?")
            true
            """
    ) { (world: World, question: String) -> Bool in
        try await Questions(world).yesOrNo(question)
    }

    private static let uiConfirm: Builtin = .reads(
        "ui.confirm", "Asks a yes-or-no question, as `confirm` does.",
        Parameter<String>("question", "what to ask"),
        example: """
            > ui.confirm("Promote to prod?")
            true
            """
    ) { (world: World, question: String) -> Bool in
        try await Questions(world).yesOrNo(question)
    }

    private static let prompt: Builtin = .reads(
        "ui.prompt", "Asks for a line of text. Without a terminal the answer is `default`.",
        Parameter<String>("question", "what to ask"),
        Parameter<String?>("default", "the answer when only Enter is pressed", default: nil),
        example: """
            > ui.prompt("Version", default: "1.2.0")
            "1.2.0"
            """
    ) { (world: World, question: String, fallback: String?) -> String in
        try await Questions(world).text(question, default: fallback)
    }

    private static let secret: Builtin = .reads(
        "ui.secret", "Asks for something that must not be seen; what is typed is not shown.",
        Parameter<String>("question", "what to ask"),
        example: """
            > let token = ui.secret("Token")
            > token
            •••
            """
    ) { (world: World, question: String) -> Secret in
        try await Questions(world).secret(question)
    }

    private static let checklist: Builtin = .reads(
        "ui.checklist",
        "Asks about each item in turn, and returns those that were not ticked: an empty list means that all is done.",
        Parameter<String>("title", "what the list is about"),
        Parameter<[String]>("items", "what must have been done"),
        example: """
            > ui.checklist("Before prod", ["Release notes read", "Team told"])
            []
            """
    ) { (world: World, title: String, items: [String]) -> [String] in
        try await Questions(world).checklist(title, items)
    }
}
