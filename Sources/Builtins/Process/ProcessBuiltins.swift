package import Lang

/// `run` and `sh`: programs as functions.
package enum ProcessBuiltins {
    package static let all: [Builtin] = [run, sh]

    /// What can be a word of a command: text, and what has one way to be written as text.
    private static let wordTypes: [ValueType] = [
        .str, .bool, .int, .float, .version, .image, .digest, .duration, .size, .path, .registry,
    ]

    private static let run = command(
        "run",
        """
        Runs a program and gives its exit code and output. The list is the program and its arguments, each of which \
        arrives as it is: no shell sees it.
        """,
        ParameterSignature(
            name: "command", summary: "the program and its arguments", type: .list(.union(wordTypes)), defaultText: nil),
        example: """
            > let result = run(["printf", "%s", "a b"])
            > result.stdout
            "a b"
            > run(["false"], check: false).exit_code
            1
            """
    ) { value in
        let words = try commandWords(value, of: "run")
        if words.isEmpty { throw RuntimeError(.command, .noProgram()) }
        return words
    }

    private static let sh = command(
        "sh",
        """
        Runs a script with `sh -c`, for what only a shell can say. The one place where a value put into text is read as \
        part of a program: prefer `$` and `run`.
        """,
        ParameterSignature(name: "script", summary: "what the shell is to do", type: .str, defaultText: nil),
        example: """
            > sh("echo one; echo two | tr a-z A-Z").stdout
            "one\\nTWO\\n"
            """
    ) { value in
        guard let script = value.asString else {
            throw RuntimeError(.value, .wrongArgumentType("script", of: "sh", expected: .str, got: value))
        }
        return ["sh", "-c", script]
    }

    /// Declares one of the two; they differ in their first parameter alone.
    private static func command(
        _ name: String, _ summary: String, _ first: ParameterSignature, example: String,
        words: @escaping @Sendable (Value) throws -> [String]
    ) -> Builtin {
        let signature = Signature(
            name: name, form: .function, effect: .changes, summary: summary,
            parameters: [first] + CommandArguments.parameters, result: .commandResult, example: example,
            reversals: [.unknown("it depends on the program that runs; an `undo` of the step around it can say")])
        return Builtin(
            signature,
            .effect(
                EffectBody { arguments in
                    let given = try CommandArguments(arguments, of: name, words: words)
                    let unknown: @Sendable (World) async throws -> PreparedEffect.Outcome? = { _ in nil }
                    var prepared = PreparedEffect(
                        commands: { _ in [given.request.line] },
                        planned: given.effect == .reads ? nil : unknown,
                        effect: given.effect,
                        perform: { world in
                            let result = try await given.run(in: world)
                            return { result.value }
                        })
                    prepared.requirements = [.program(given.request, directory: given.directory)]
                    return prepared
                }))
    }
}

/// The words of a command that was given as a list.
private func commandWords(_ value: Value, of builtin: String) throws -> [String] {
    guard let items = value.asList else {
        throw RuntimeError(.value, .wrongArgumentType("command", of: builtin, expected: .list(.str), got: value))
    }
    return try items.enumerated().map { position, item in
        switch item.asDomain {
        case .secret?: throw RuntimeError(.value, .secretInCommand())
        case .commandResult?, .error?: throw RuntimeError(.value, .notAWord(position, item))
        case .some: return item.display
        case nil: break
        }
        switch item {
        case .bool, .int, .float: return item.display
        default:
            guard let text = item.asString else { throw RuntimeError(.value, .notAWord(position, item)) }
            return text
        }
    }
}
