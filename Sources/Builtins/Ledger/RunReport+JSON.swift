import Lang

extension RunReport {
    /// For programs. Fields are only ever added.
    package var json: String {
        let fields = OrderedMap<Value>([
            ("run", .int(run.number)), ("recipe", run.recipe.value), ("file", .string(run.file)),
            ("program", .string(run.program)), ("words", run.words.value), ("user", .string(run.user)),
            ("host", .string(run.host)), ("directory", .string(run.directory)), ("commit", (run.state?.commit).value),
            ("changed_files", (run.state?.changed.keys.sorted() ?? []).value), ("version", .string(run.version)),
            ("started", time(run.started)), ("ended", run.ended.map(time) ?? .null),
            ("ending", .string(run.ending.rawValue)), ("message", run.message.value), ("attempts", .int(run.attempts)),
            ("takes_back", run.takesBack.value), ("steps", .list(steps.map(json))),
            ("effects", .list(effects.map(json))),
        ])
        var printer = JSONPrinter(isIndented: true)
        try? printer.print(.map(fields), depth: 0)
        return printer.text + "\n"
    }

    private func json(_ step: Step) -> Value {
        let parent = steps.first { $0.identity == step.parent }?.number
        return .map(
            OrderedMap([
                ("number", .int(step.number)), ("parent", parent.value), ("identity", .string(step.identity)),
                ("title", .string(step.title)), ("kind", .string(step.kind)), ("started", time(step.started)),
                ("ended", step.ended.map(time) ?? .null), ("ending", step.ending.value),
                ("message", step.message.value),
                ("result", raw(step.result)),
            ]))
    }

    private func json(_ effect: Effect) -> Value {
        let step = steps.first { $0.identity == effect.step }?.number
        return .map(
            OrderedMap([
                ("sequence", .int(effect.sequence)), ("step", step.value), ("identity", .string(effect.identity)),
                ("kind", .string(effect.kind)), ("call", .string(effect.call)), ("requests", effect.requests.value),
                ("started", time(effect.started)), ("ended", effect.ended.map(time) ?? .null),
                ("ending", effect.ending.value), ("error", effect.error.value), ("result", raw(effect.result)),
                ("output", effect.output.value), ("changes", .list(effect.changes.map(json))),
            ]))
    }

    private func json(_ change: RecordedInverse) -> Value {
        .map(
            OrderedMap([
                ("subject", .string(change.inverse.subject.stored)), ("before", .string(change.inverse.before.stored)),
                ("after", (change.inverse.made?.stored).value), ("state", .string(change.state)),
            ]))
    }

    private func raw(_ text: String?) -> Value {
        guard let text else { return .null }
        var parser = JSONParser(text)
        return (try? parser.parse()) ?? .null
    }

    private func time(_ microseconds: Int) -> Value {
        .string(CalendarTime(secondsSince1970: Double(microseconds) / 1_000_000).description)
    }
}
