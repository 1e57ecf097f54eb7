import Lang

// Builtins and commands: what is noted of them, and what they give.

extension Explainer {
    /// - Parameter named: the expression that an open result stands for.
    func perform(
        _ builtin: Builtin, _ slots: [Estimate?], named name: String, at range: SourceRange? = nil
    ) async -> Estimate {
        let signature = builtin.signature
        if ConsoleBuiltins.questions.contains(builtin.name), let range {
            report.questions.appendOnce(finding(slots.first??.text ?? "", at: range))
        }
        switch builtin.implementation {
        case .pure(let body):
            let arguments = slots.map { $0.map(\.value) ?? .missing }
            let values = arguments.compactMap { $0 }
            if values.count == arguments.count, let result = try? Arguments.with(values, body) {
                return Estimate(result)
            }
            return constructed(builtin, slots, name)
        case .effect(let definition):
            if signature.effect == .changes {
                if changes(builtin, slots) { note(builtin, slots, at: range) }
                return given(by: builtin, slots, name)
            }
            if builtin.name.hasPrefix("project."), let body = definition as? EffectBody {
                return await project(builtin, body, slots, name)
            }
            await callBack(slots.compactMap { $0 })
            return .open(name, type: signature.result == .image ? .image : .any)
        case .mutating, .script: return .open(name)
        }
    }

    /// A builtin that takes any number of arguments, all of them pure or printing.
    func variadic(_ builtin: Builtin, _ values: [Estimate], _ whole: Expression) async -> Estimate {
        guard case .pure(let body) = builtin.implementation else { return .null }
        let known = values.compactMap(\.value)
        guard known.count == values.count, let result = try? Arguments.with(known, body) else { return open(whole) }
        return Estimate(result)
    }

    /// `Image("…${tag}")` and its like: the text that is known in part stays known.
    private func constructed(_ builtin: Builtin, _ slots: [Estimate?], _ name: String) -> Estimate {
        guard case .open(let text)?? = slots.first, ["Image", "Str", "Path"].contains(builtin.name) else {
            return .open(name)
        }
        return .open(Estimate.Open(pieces: text.pieces, type: builtin.name == "Image" ? .image : .str))
    }

    /// What `relsh.toml` says.
    private func project(_ builtin: Builtin, _ body: EffectBody, _ slots: [Estimate?], _ name: String) async -> Estimate
    {
        let arguments = slots.map { $0.map(\.value) ?? .missing }
        let values = arguments.compactMap { $0 }
        if values.count < arguments.count {
            guard builtin.name == "project.image", let tag = slots.first ?? nil else { return .open(name) }
            return await image(tagged: tag, slots) ?? .open(name, type: .image)
        }
        do {
            let prepared = try body.prepare(values)
            return Estimate(try await prepared.perform(world)())
        } catch {
            let error = RuntimeError(any: error)
            if error.exitCode != nil { report.projectError = report.projectError ?? error }
            return .open(name, type: builtin.signature.result == .image ? .image : .any)
        }
    }

    /// The image of the project with a tag that is known in part.
    private func image(tagged tag: Estimate, _ slots: [Estimate?]) async -> Estimate? {
        guard let project = try? await world.project.load() else { return nil }
        var base: String?
        if slots.count > 1, let given = slots[1] {
            if case .registry(let registry)?? = given.value?.asDomain as DomainValue?? { base = registry.base }
        } else {
            base = try? project.home().base
        }
        guard let base else { return nil }
        return .open(Estimate.Open(pieces: [.text("\(base)/\(project.name):")] + tag.pieces, type: .image))
    }

    // MARK: - Changes

    /// False for a command that is said to change nothing.
    private func changes(_ builtin: Builtin, _ slots: [Estimate?]) -> Bool {
        for (parameter, slot) in zip(builtin.signature.parameters, slots)
        where parameter.name == "effect" && slot?.value?.asString == Effect.reads.rawValue {
            return !CommandArguments.parameters.contains { $0.name == "effect" }
        }
        return true
    }

    private func note(_ builtin: Builtin, _ slots: [Estimate?], at range: SourceRange?) {
        var arguments: [ChangeReport.Argument] = []
        var known: [String: Estimate] = [:]
        for (parameter, slot) in zip(builtin.signature.parameters, slots) {
            if let slot, slot.value?.isNull != true {
                // What a call says over again is not worth a line.
                if slot.text != parameter.defaultText {
                    arguments.append(.init(name: parameter.name, text: shown(slot)))
                }
                known[parameter.name] = slot
            } else if let standard = parameter.defaultText {
                known[parameter.name] = .exact(.string(standard == "null" ? "" : standard))
            }
        }
        add(builtin.name, arguments, range, remarks: builtin.signature.reversals.compactMap { remark($0, known) })
    }

    /// An argument as the report shows it: a registry with where it is, a map without braces, which mark what is open.
    private func shown(_ argument: Estimate) -> String {
        switch argument {
        case .list(let items): return "[" + items.map(shown).joined(separator: ", ") + "]"
        case .map(let entries): return entries.map { "\($0)=\(shown($1))" }.joined(separator: ", ")
        case .exact(let value):
            if case .registry(let registry)? = value.asDomain { return "\(registry.name) (\(registry.base))" }
            return argument.text
        default: return argument.text
        }
    }

    /// True for a flag that is surely not set.
    private func isOff(_ flag: Estimate?) -> Bool { flag?.text == "false" }

    private func add(
        _ name: String, _ arguments: [ChangeReport.Argument], _ range: SourceRange?, remarks: [ChangeReport.Remark]
    ) {
        report.add(
            ChangeReport.Change(
                name: name, arguments: arguments, place: range.map(place) ?? file.name,
                surroundings: context.constructs.map { .init(kind: $0.kind, title: $0.title) },
                conditions: context.conditions, calls: context.calls, remarks: remarks))
    }

    /// A reversal with the arguments put in; nil where it is about tags of which there are none.
    private func remark(_ reversal: Reversal, _ arguments: [String: Estimate]) -> ChangeReport.Remark? {
        if let flag = reversal.flag, isOff(arguments[flag]) { return nil }
        if reversal.kind == .transaction {
            guard let transaction = context.constructs.last(where: { $0.kind == .transaction }) else {
                return ChangeReport.Remark(kind: .later, subject: "", command: nil, text: "taken back by `relsh undo`")
            }
            return ChangeReport.Remark(
                kind: .automatic, subject: "", command: nil,
                text: "taken back when \(quoted(transaction.title)) fails; later by `relsh undo`")
        }
        // What takes its own half back where nothing else does is taken back as a whole by a transaction.
        if reversal.kind == .automatic, context.constructs.contains(where: { $0.kind == .transaction }) { return nil }
        var subject = ""
        if let part = reversal.part {
            let tags = tags(part, arguments)
            if tags.isEmpty { return nil }
            subject = tags.joined(separator: ", ")
        }
        func fill(_ text: String, _ show: (Estimate) -> String) -> String {
            Reversal.filled(text) { path in
                let names = path.split(separator: ".").map(String.init)
                guard let first = names.first, var value = arguments[first] else { return path.uppercased() }
                for name in names.dropFirst() {
                    guard let type = value.typeName, let own = value.value,
                        case .pure(let body)? = catalog.member(name, of: type)?.implementation,
                        let part = try? Arguments.with([own], body)
                    else { return show(value) + "." + name }
                    value = Estimate(part)
                }
                return show(value)
            }
        }
        return ChangeReport.Remark(
            kind: reversal.kind, subject: subject, command: reversal.command.map { fill($0, \.words) },
            text: fill(reversal.text, \.text))
    }

    /// The moving or the version tags of a list; one that is not known is among both.
    private func tags(_ part: Reversal.Part, _ arguments: [String: Estimate]) -> [String] {
        let (parameter, moves) =
            switch part {
            case .movingTags(let parameter): (parameter, true)
            case .versionTags(let parameter): (parameter, false)
            }
        guard case .list(let items)? = arguments[parameter] else { return arguments[parameter].map { [$0.text] } ?? [] }
        return items.filter { item in
            guard case .open(let open) = item else { return stages.contains(item.text) == moves }
            return open.name != nil || !moves
        }.map(\.text)
    }

    // MARK: - What a change gives

    /// The image that a change makes or names; anything else is known at run time.
    private func given(by builtin: Builtin, _ slots: [Estimate?], _ name: String) -> Estimate {
        guard builtin.signature.result == .image else {
            return builtin.signature.result == .null ? .null : .open(name)
        }
        for wanted in ["tags", "target", "image"] {
            guard let position = builtin.signature.parameters.firstIndex(where: { $0.name == wanted }),
                position < slots.count, var image = slots[position]
            else { continue }
            if case .list(let items) = image, let first = items.first { image = first }
            return .open(Estimate.Open(pieces: image.pieces, type: .image))
        }
        return .open(name, type: .image)
    }

    // MARK: - Commands

    /// `$ …` and `$( … )`
    func run(_ pipeline: Pipeline, captures: Bool) async {
        var lines: [String] = []
        var reads = captures
        for command in pipeline.stages {
            var words: [String] = []
            for assignment in command.environment {
                words.append("\(assignment.name.text)=\(await interpolate(assignment.value.pieces).words)")
            }
            var arguments: [String]? = []
            for word in command.words {
                for estimate in await estimates(of: word) {
                    words.append(estimate.words)
                    if let argument = argument(estimate) { arguments?.append(argument) } else { arguments = nil }
                }
            }
            lines.append(words.joined(separator: " "))
            if arguments.map({ !ReadOnlyCommands.isReadOnly($0) }) ?? true { reads = false }
        }
        if reads || exit != .none { return }
        add(
            "$", [.init(name: "command", text: lines.joined(separator: " | "))], pipeline.range,
            remarks: [.init(kind: .unknown, subject: "", command: nil, text: "it depends on the program that runs")])
    }

    private func estimates(of word: Lang.Command.Word) async -> [Estimate] {
        guard let expression = word.soleValue else { return [await interpolate(word.pieces)] }
        let value = await evaluate(expression)
        if case .list(let items) = value { return items }
        return [value]
    }

    /// A word for the table of commands that only read; nil where it could be an option that is not known.
    private func argument(_ word: Estimate) -> String? {
        if let value = word.value { return value.display }
        guard case .text(let start)? = word.pieces.first, let first = start.first, first != "-" else { return nil }
        return word.text
    }
}
