import Lang

/// `docs/builtins.md`: the whole catalog as one page, written by `relsh doc --markdown`.
struct ReferencePage {
    let reference: Reference

    init(_ catalog: Catalog) { reference = Reference(catalog) }

    func text() -> String {
        var sections = [opening, contents]
        sections.append("## Functions\n")
        sections += reference.functions.map(entry)
        for group in reference.namespaces {
            sections += [heading("Namespace", group.title)] + group.entries.map(entry)
        }
        for group in types {
            sections.append(heading("Type", group.title))
            if let constructor = reference.builtin(group.title) { sections.append(body(constructor)) }
            sections += group.entries.map(entry)
        }
        return sections.joined(separator: "\n")
    }

    private let opening = """
        # What a recipe can call

        <!-- Written by `relsh doc --markdown`. Do not edit: change the declarations in Sources/Builtins. -->

        Everything here is there without an `import`. `relsh doc NAME` shows the same in a terminal. The language itself
        is in [language.md](language.md).

        In the examples a line with `> ` is input, lines with `| ` continue it, and the rest is what is shown.

        Each function says what it may do:

        - **pure**: depends on its arguments alone.
        - **reads**: looks at the world and changes nothing. A dry run does the same.
        - **changes**: changes something. A dry run shows what it would do and does not do it.

        Arguments are given by position or by name. One that has a default is given by name.

        """

    /// Those that can be called or have members.
    private var types: [Reference.Group] {
        reference.types.filter { !$0.entries.isEmpty || reference.builtin($0.title) != nil }
    }

    private var contents: String {
        func line(_ title: String, _ kind: String, _ names: [String]) -> String {
            "- \(title): " + names.map { "[\($0)](#\(kind)\(anchor($0)))" }.joined(separator: ", ") + "\n"
        }
        return line("[Functions](#functions)", "", reference.functions.map(\.name))
            + line("Namespaces", "namespace-", reference.namespaces.map(\.title))
            + line("Types", "type-", types.map(\.title))
    }

    private func heading(_ kind: String, _ name: String) -> String { "## \(kind) \(name)\n" }

    /// As the pages that show Markdown name a heading: `docker.tag` is `#dockertag`.
    private func anchor(_ title: String) -> String { title.lowercased().filter { $0 != "." } }

    private func entry(_ builtin: Builtin) -> String { "### \(builtin.name)\n\n" + body(builtin) }

    private func body(_ builtin: Builtin) -> String {
        let signature = builtin.signature
        var text = "```\n\(signature.heading)\n```\n\n"
        text += "\(signature.summary) *\(effect(signature))*\n\n"
        if !signature.parameters.isEmpty {
            text += "| parameter | type | default | |\n|---|---|---|---|\n"
            text += signature.parameters.map(row).joined() + "\n"
        }
        if !signature.reversals.isEmpty {
            text += "Taking it back: " + signature.reversals.map(\.description).joined(separator: "; ") + ".\n\n"
        }
        if signature.effect == .changes {
            text += "Where a run died in it: \(signature.repetition.description).\n\n"
        }
        return text + "```rel\n\(signature.example)\n```\n"
    }

    private func effect(_ signature: Signature) -> String {
        signature.form == .mutatingMethod ? "changes its receiver" : signature.effect.rawValue
    }

    private func row(_ parameter: ParameterSignature) -> String {
        let standard = parameter.defaultText.map { "`\($0)`" } ?? "required"
        let cells = ["`\(parameter.name)`", "`\(parameter.type.description)`", standard, parameter.summary]
        // A bar ends the cell of a table, in code too.
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
}
