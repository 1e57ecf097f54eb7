import Lang

// The release constructs.

extension Explainer {
    func evaluateConstruct(_ expression: Expression) async -> Estimate {
        switch expression.kind {
        case .step(let step): return await walk(step)
        case .transaction(let title, let body):
            let title = await evaluate(title).text
            return await inside(.transaction, title) { [self] in await walk(body) }
        case .parallel(let limit, let branches):
            if let limit { _ = await evaluate(limit) }
            var values: [Estimate] = []
            for branch in branches { values.append(await apart { [self] in await walk(branch) }) }
            return .list(values)
        case .parallelFor(let limit, let names, let sequence, let body):
            if let limit { _ = await evaluate(limit) }
            return await walk(parallel: names.map(\.text), sequence, body, expression)
        case .retry(let retry):
            _ = await evaluate(retry.attempts)
            if let every = retry.every { _ = await evaluate(every) }
            return await walk(retry.body)
        case .timeout(let limit, let body):
            _ = await evaluate(limit)
            return await walk(body)
        default: return open(expression)
        }
    }

    private func inside(_ kind: ChangeReport.Surrounding.Kind, _ title: String, _ body: Work) async -> Estimate {
        context.constructs.append(Context.Construct(kind: kind, title: title))
        defer { context.constructs.removeLast() }
        return await body()
    }

    /// A branch of `parallel` sees what is around it and changes nothing of it.
    private func apart(_ body: Work) async -> Estimate {
        let outer = environment
        let value = await body()
        environment = outer
        return value
    }

    private func walk(
        parallel names: [String], _ sequence: Expression, _ body: Block, _ whole: Expression
    ) async -> Estimate {
        let estimate = await evaluate(sequence)
        func once(_ item: [Estimate]) async -> Estimate {
            await apart { [self] in
                environment.push()
                defer { environment.pop() }
                for (name, value) in zip(names, item) { environment.declare(name, value) }
                return await walk(body)
            }
        }
        guard let items = items(of: estimate, count: names.count) else {
            _ = await under(["for each \(names.joined(separator: ", ")) in \(shown(estimate, sequence))"]) {
                await once(names.map { .open($0) })
            }
            exit = .none
            return open(whole)
        }
        var values: [Estimate] = []
        for item in items where exit == .none { values.append(await once(item)) }
        return .list(values)
    }

    // MARK: - Steps

    private func walk(_ step: Step) async -> Estimate {
        let title = await evaluate(step.title).text
        let first = report.changes.count
        return await inside(.step, title) { [self] in
            let value = await walk(step.body)
            if let undo = step.undo { await note(undo, of: value, since: first) }
            return value
        }
    }

    /// What the `undo` of a step does is said beside each of its changes: it runs only where a transaction fails later.
    private func note(_ undo: Step.Undo, of value: Estimate, since first: Int) async {
        let (outerReport, outer, outerExit, outerNames) = (report, environment, exit, undoNames)
        report.changes = []
        undoNames = (environment, [])
        environment.push()
        if let name = undo.name { environment.declare(name.text, value) }
        _ = await walk(undo.body)
        let actions = report.changes
        let functions = undoNames?.functions ?? []
        (report, environment, exit, undoNames) = (outerReport, outer, outerExit, outerNames)
        let remark = remark(place(undo.body.range), actions, functions)
        for index in report.changes.indices.dropFirst(first) { report.changes[index].remarks.insert(remark, at: 0) }
    }

    /// - Parameter functions: those that keep another process from calling it.
    private func remark(
        _ place: String, _ actions: [ChangeReport.Change], _ functions: [String]
    ) -> ChangeReport.Remark {
        var names: [String] = []
        for action in actions { names.appendOnce(action.name == "$" ? "a command" : action.name) }
        let does = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
        let uses = functions.map { "`\($0)`" }.joined(separator: " and ")
        guard let transaction = context.constructs.last(where: { $0.kind == .transaction }) else {
            if functions.isEmpty {
                return .init(
                    kind: .command, subject: "", command: "relsh undo RUN",
                    text: "which calls the undo of the step\(does), at \(place); the run itself calls it only inside a "
                        + "transaction, and there is none")
            }
            return .init(
                kind: .never, subject: "", command: nil,
                text:
                    "the undo of the step, at \(place), runs only inside a transaction, and there is none; `relsh undo` "
                    + "cannot call it, as it uses the function \(uses)")
        }
        let later =
            functions.isEmpty
            ? "; later by `relsh undo`" : "; `relsh undo` cannot call it later, as it uses the function \(uses)"
        return .init(
            kind: .automatic, subject: "", command: nil,
            text: "by the undo of the step\(does), at \(place), once the step is done and "
                + "\(quoted(transaction.title)) fails\(later)")
    }
}
