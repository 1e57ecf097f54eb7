import Lang

// Properties and methods.

extension Explainer {
    func property(_ name: Name, of receiver: Estimate, _ whole: Expression) -> Estimate {
        if case .map(let entries) = receiver { return entries[name.text] ?? .open(source(whole.range)) }
        if let type = receiver.typeName, let value = receiver.value,
            let builtin = catalog.member(name.text, of: type), builtin.signature.form == .property,
            let result = run(builtin, [value])
        {
            return result
        }
        guard case .open(let open) = receiver else { return self.open(whole) }
        if open.type == .image, let part = imagePart(name.text, of: open) { return part }
        return member(name.text, of: open, whole)
    }

    func method(_ name: Name, of receiver: Estimate, _ call: Call, _ whole: Expression) async -> Estimate {
        let values = await arguments(of: call)
        if exit != .none { return .null }
        if name.text == "reveal", receiver.typeName == "Secret" || receiver.value == nil {
            report.secrets.appendOnce(finding(source(whole.range), at: whole.range))
        }
        guard let type = receiver.typeName, let builtin = catalog.member(name.text, of: type) else {
            await callBack(values)
            if catalog.mutatingNames.contains(name.text) { forget(place(of: call)) }
            guard case .open(let open) = receiver else { return self.open(whole) }
            return member(shown(name.text, call, values), of: open, whole)
        }
        let slots = methodSlots(call, values, builtin.signature.parameters)
        switch builtin.implementation {
        case .script(let source):
            guard let script = script(builtin, source) else { return self.open(whole) }
            let outer = context.script
            if !context.isScript { context.script = (place(whole.range), self.source(whole.range)) }
            defer { context.script = outer }
            return await self.call(script, [receiver] + slots)
        case .mutating: return change(place(of: call), receiver, builtin, slots, whole)
        case .pure, .effect:
            let arguments = slots.map { $0.map(\.value) ?? .missing }
            if let value = receiver.value, let result = run(builtin, [value] + arguments) { return result }
            await callBack(values)
            return pure(name.text, of: receiver, slots, shown(name.text, call, values), whole)
        }
    }

    private func place(of call: Call) -> Expression {
        if case .member(let base, _, _) = call.callee.kind { base } else { call.callee }
    }

    /// What a pure builtin gives; nil where an argument is open or it would fail.
    private func run(_ builtin: Builtin, _ arguments: [Value?]) -> Estimate? {
        let values = arguments.compactMap { $0 }
        guard values.count == arguments.count, case .pure(let body) = builtin.implementation else { return nil }
        return (try? Arguments.with(values, body)).map(Estimate.init)
    }

    // MARK: - In part

    /// What a method gives of something that is known in part.
    private func pure(
        _ name: String, of receiver: Estimate, _ slots: [Estimate?], _ shown: String, _ whole: Expression
    ) -> Estimate {
        switch (receiver, name) {
        case (.list(let items), "len"): return .exact(.int(items.count))
        case (.list(let items), "join"):
            guard let separator = slots.first??.value?.asString else { break }
            return .open(Estimate.Open(pieces: Estimate.joined(items.map(\.pieces), by: separator), type: .str))
        case (.list(let items), "first"): return items.first ?? .null
        case (.list(let items), "last"): return items.last ?? .null
        case (.list(let items), "reverse"): return .list(items.reversed())
        case (.map(let entries), "len"): return .exact(.int(entries.count))
        case (.map(let entries), "keys"): return .list(entries.keys.map { .exact(.string($0)) })
        case (.map(let entries), "values"): return .list(entries.values)
        case (.map(let entries), "get"):
            guard let key = slots.first??.value?.asString else { break }
            return entries[key] ?? (slots.last ?? nil) ?? .null
        case (.open(let open), "with") where open.type == .image:
            if let image = with(open, slots, CallNames.with) { return image }
        default: break
        }
        guard case .open(let open) = receiver else { return self.open(whole) }
        return member(shown, of: open, whole)
    }

    /// A call of a method with what is known of its arguments.
    private func shown(_ name: String, _ call: Call, _ values: [Estimate]) -> String {
        let arguments = zip(call.arguments, values).map { argument, value in
            (argument.label.map { $0.text + ": " } ?? "") + (value.value?.literal ?? value.text)
        }
        return "\(name)(\(arguments.joined(separator: ", ")))"
    }

    /// A member of something open, by the expression that it stands for.
    private func member(_ member: String, of open: Estimate.Open, _ whole: Expression) -> Estimate {
        guard let name = open.name, !name.contains(" or "), name.count + member.count < 60 else {
            return self.open(whole)
        }
        return .open("\(name).\(member)")
    }

    // MARK: - Images of which only the name is known

    private func imagePart(_ name: String, of open: Estimate.Open) -> Estimate? {
        switch name {
        case "familiar": return .open(Estimate.Open(pieces: open.pieces, type: .str))
        case "tag": return split(open)?.tag.map { .open(Estimate.Open(pieces: $0, type: .str)) }
        default: return nil
        }
    }

    /// The name and the tag of an image, where it can be told which is which.
    private func split(_ open: Estimate.Open) -> (name: [Estimate.Open.Piece], tag: [Estimate.Open.Piece]?)? {
        for (position, piece) in open.pieces.enumerated().reversed() {
            guard case .text(let text) = piece,
                let mark = text.lastIndex(where: { $0 == ":" || $0 == "/" || $0 == "@" })
            else { continue }
            guard text[mark] == ":" else { return text[mark] == "/" ? (open.pieces, nil) : nil }
            let name = Array(open.pieces[..<position]) + [.text(String(text[..<mark]))]
            let rest = String(text[text.index(after: mark)...])
            return (name, (rest.isEmpty ? [] : [.text(rest)]) + open.pieces[(position + 1)...])
        }
        return nil
    }

    private enum CallNames {
        static let with = ["registry", "repository", "tag", "digest"]
    }

    /// `image.with(tag: …, digest: …)`
    private func with(_ open: Estimate.Open, _ slots: [Estimate?], _ names: [String]) -> Estimate? {
        var given: [String: Estimate] = [:]
        for (name, slot) in zip(names, slots) { given[name] = slot }
        guard given["registry"] == nil, given["repository"] == nil, let (name, ownTag) = split(open) else { return nil }
        var pieces = name
        if let tag = given["tag"] {
            if tag.value?.isNull != true { pieces += [.text(":")] + tag.pieces }
        } else if let ownTag {
            pieces += [.text(":")] + ownTag
        }
        if let digest = given["digest"], digest.value?.isNull != true { pieces += [.text("@")] + digest.pieces }
        return .open(Estimate.Open(pieces: pieces, type: .image))
    }

    // MARK: - Changing in place

    private func change(
        _ place: Expression, _ receiver: Estimate, _ builtin: Builtin, _ slots: [Estimate?], _ whole: Expression
    ) -> Estimate {
        if case .list(let items) = receiver, builtin.name == "List.append", let item = slots.first {
            store(.list(items + [item ?? .null]), at: place)
            return .null
        }
        let arguments = slots.map { $0.map(\.value) ?? .missing }
        let values = arguments.compactMap { $0 }
        guard case .mutating(let body) = builtin.implementation, values.count == arguments.count,
            var value = receiver.value, let result = try? Arguments.with(values, { try body(&value, $0) })
        else {
            forget(place)
            return open(whole)
        }
        store(Estimate(value), at: place)
        return Estimate(result)
    }

    // MARK: - Builtins written in the language

    private func script(_ builtin: Builtin, _ source: String) -> Estimate.Closure? {
        if let known = scripts[builtin.name] { return known }
        let file = SourceFile(name: builtin.name, text: source)
        guard case .expression(let expression)? = Parser.parse(file).tree.body.statements.first?.kind,
            case .closure(let function) = expression.kind
        else { return nil }
        let outer = self.file
        self.file = file
        defer { self.file = outer }
        var script = closure(function, name: Name("fn", expression.range), captures: Bindings())
        script.isScript = true
        scripts[builtin.name] = script
        return script
    }
}
