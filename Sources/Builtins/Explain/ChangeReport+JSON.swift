import Lang

extension ChangeReport {
    /// The report for tools, indented, without a newline at the end.
    package func json(recipe: String?, file: String) -> String {
        let report = object([
            ("recipe", recipe.map { .string($0) } ?? .null), ("file", .string(file)),
            ("changes", .list(changes.map(json))), ("with_other_options", .list(withOtherOptions.map(json))),
            ("secrets", .list(secrets.map(json))), ("questions", .list(questions.map(json))),
            ("unseen_calls", .list(unseen.map(json))), ("is_complete", .bool(!isIncomplete)),
            ("project_error", projectError.map { .string($0.message) } ?? .null),
        ])
        var printer = JSONPrinter(isIndented: true)
        // All of it is text in lists and objects of small depth, which can be printed.
        try? printer.print(report, depth: 0)
        return printer.text
    }

    private func json(_ change: Change) -> Value {
        object([
            ("name", .string(change.name)),
            ("arguments", object(change.arguments.map { ($0.name, .string($0.text)) })),
            ("place", .string(change.place)),
            (
                "inside",
                .list(
                    change.surroundings.map {
                        object([("kind", .string($0.kind.rawValue)), ("title", .string($0.title))])
                    })
            ),
            ("conditions", .list(change.conditions.map { .string($0) })),
            ("taking_back", .list(change.remarks.map(json))),
        ])
    }

    private func json(_ remark: Remark) -> Value {
        object([
            ("kind", .string(remark.kind.rawValue)),
            ("subject", remark.subject.isEmpty ? .null : .string(remark.subject)),
            ("command", remark.command.map { .string($0) } ?? .null), ("text", .string(remark.text)),
        ])
    }

    private func json(_ finding: Finding) -> Value {
        object([
            ("text", .string(finding.text)), ("place", .string(finding.place)),
            ("conditions", .list(finding.conditions.map { .string($0) })),
        ])
    }

    private func object(_ entries: [(String, Value)]) -> Value { .map(OrderedMap(entries)) }
}
