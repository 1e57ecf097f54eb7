package import Lang

// The file of a plan. Its layout is described in docs/plan.md.

extension Plan {
    private static let format = "relsh plan"

    /// For review, and for `init(json:)`.
    package var json: String {
        let fields = OrderedMap<Value>([
            ("format", .string(Self.format)), ("layout", .int(Self.layout)), ("relsh", .string(version)),
            ("made", made.value), ("recipe", recipe.value), ("file", .string(file)), ("words", words.value),
            ("settings", settings.value), ("relsh_toml", .string(projectFile)), ("directory", .string(directory)),
            (
                "sources",
                .list(sources.map { .map(OrderedMap([("file", .string($0.file)), ("digest", .string($0.digest))])) })
            ),
            ("commit", (state?.commit).value), ("changed_files", changedFiles),
            ("steps", .list(steps.map(\.json))), ("effects", .list(effects.map(\.json))),
            ("reads", .list(reads.map(\.json))),
        ])
        let text: String? = Work.$monitor.withValue(nil) {
            var printer = JSONPrinter(isIndented: true)
            return (try? printer.print(.map(fields), depth: 0)) == nil ? nil : printer.text
        }
        return (text ?? "{}") + "\n"
    }

    private var changedFiles: Value {
        guard let state else { return .null }
        return .map(OrderedMap(state.changed.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    /// - Parameter path: for messages.
    /// - Throws: where the text is not that of a plan, or of one that a newer relsh has made.
    package init(json text: String, path: String) throws(RuntimeError) {
        let parsed: Value? = Work.$monitor.withValue(nil) {
            var parser = JSONParser(text)
            return try? parser.parse()
        }
        guard let fields = parsed?.asMap else {
            throw RuntimeError(.world, .planUnreadable(path, "it is no JSON object"))
        }
        guard fields["format"]?.asString == Self.format else {
            throw RuntimeError(.world, .planUnreadable(path, "its `format` is not \"\(Self.format)\""))
        }
        guard case .int(let layout)? = fields["layout"] else {
            throw RuntimeError(.world, .planUnreadable(path, "it has no `layout`"))
        }
        if layout > Self.layout {
            let maker = fields["relsh"]?.asString ?? "a newer relsh"
            throw RuntimeError(.world, .planTooNew(path, layout: layout, known: Self.layout, maker: maker))
        }
        do {
            try self.init(PlanFields(fields, in: "the plan"))
        } catch {
            throw RuntimeError(.world, .planUnreadable(path, error.reason))
        }
    }

    private init(_ fields: PlanFields) throws(PlanFields.Malformed) {
        version = try fields.text("relsh")
        made = try fields.texts("made")
        recipe = try fields.optionalText("recipe")
        file = try fields.text("file")
        words = try fields.texts("words")
        settings = try fields.texts("settings")
        projectFile = try fields.text("relsh_toml")
        directory = try fields.text("directory")
        sources = try fields.list("sources") { fields throws(PlanFields.Malformed) in
            Source(file: try fields.text("file"), digest: try fields.text("digest"))
        }
        if let commit = try fields.optionalText("commit") {
            state = ProjectState(commit: commit, changed: try fields.textMap("changed_files"))
        } else {
            state = nil
        }
        steps = try fields.list("steps") { fields throws(PlanFields.Malformed) in
            Step(
                identity: try fields.text("identity"), parent: try fields.optionalText("parent"),
                title: try fields.text("title"), kind: try fields.text("kind"), mark: try fields.mark())
        }
        effects = try fields.list("effects") { fields throws(PlanFields.Malformed) in try Effect(fields) }
        reads = try fields.list("reads") { fields throws(PlanFields.Malformed) in
            Read(
                identity: try fields.text("identity"), place: try fields.text("at"), call: try fields.text("call"),
                result: try fields.raw("result"))
        }
    }
}

extension Plan.Effect {
    fileprivate init(_ fields: PlanFields) throws(PlanFields.Malformed) {
        identity = try fields.text("identity")
        step = try fields.optionalText("step")
        place = try fields.text("at")
        name = try fields.text("name")
        commands = try fields.texts("commands")
        stages =
            fields.isNull("programs")
            ? nil
            : try fields.list("programs") { fields throws(PlanFields.Malformed) in
                Plan.Stage(words: try fields.textLists("words"), environment: try fields.textMap("environment"))
            }
        arguments = try fields.raw("arguments")
        before = try fields.list("before") { fields throws(PlanFields.Malformed) in
            Plan.Before(subject: try fields.text("subject"), state: try fields.text("state"))
        }
        gives = try fields.raw("gives")
        mark = try fields.mark()
    }

    fileprivate var json: Value {
        let before = before.map {
            Value.map(OrderedMap([("subject", .string($0.subject)), ("state", .string($0.state))]))
        }
        let programs = stages.map { stages in
            Value.list(
                stages.map { stage in
                    let environment = stage.environment.sorted { $0.key < $1.key }.map {
                        ($0.key, Value.string($0.value))
                    }
                    return .map(
                        OrderedMap([
                            ("words", .list(stage.words.map(\.value))), ("environment", .map(OrderedMap(environment))),
                        ]))
                })
        }
        return .map(
            OrderedMap([
                ("name", .string(name)), ("commands", commands.value), ("at", .string(place)), ("step", step.value),
                ("may_not_come", .bool(mark.isUncertain)), ("may_repeat", .bool(mark.mayRepeat)),
                ("before", .list(before)), ("programs", programs ?? .null), ("arguments", PlanFields.parsed(arguments)),
                ("gives", PlanFields.parsed(gives)), ("identity", .string(identity)),
            ]))
    }
}

extension Plan.Step {
    fileprivate var json: Value {
        .map(
            OrderedMap([
                ("title", .string(title)), ("kind", .string(kind)), ("parent", parent.value),
                ("may_not_come", .bool(mark.isUncertain)), ("may_repeat", .bool(mark.mayRepeat)),
                ("identity", .string(identity)),
            ]))
    }
}

extension Plan.Read {
    fileprivate var json: Value {
        .map(
            OrderedMap([
                ("call", .string(call)), ("result", PlanFields.parsed(result)), ("at", .string(place)),
                ("identity", .string(identity)),
            ]))
    }
}
