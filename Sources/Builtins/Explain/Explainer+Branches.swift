import Lang

// Ways through the program of which only the run knows which it takes.

extension Explainer {
    struct Alternative {
        let conditions: [Condition]
        let body: Work
    }

    /// A condition as the reader of a report sees it.
    struct Condition {
        let text: String
        var isNegated = false

        var description: String { (isNegated ? "unless " : "if ") + text }
        var negated: Condition { Condition(text: text, isNegated: !isNegated) }
    }

    /// Walks each alternative from the same state, and joins what comes out. What follows a way that ends in `return`,
    /// `break`, `continue` or a failure is under its opposite.
    func branch(_ alternatives: [Alternative]) async -> Estimate {
        let before = environment
        var outcomes: [(environment: Bindings, value: Estimate)] = []
        var exits: [(exit: Exit, conditions: [Condition])] = []
        for alternative in alternatives {
            environment = before
            let value = await under(alternative.conditions.map(\.description), alternative.body)
            if exit == .none {
                outcomes.append((environment, value))
            } else {
                exits.append((exit, alternative.conditions))
            }
            exit = .none
        }
        guard let first = outcomes.first else {
            environment = before
            exit = exits.first { $0.exit != .failure }?.exit ?? .failure
            return .null
        }
        environment = outcomes.dropFirst().reduce(first.environment) { $0.joined(with: $1.environment) }
        for (_, conditions) in exits where conditions.count == 1 {
            note(conditions[0].negated.description)
        }
        return outcomes.dropFirst().reduce(first.value) { $0.joined(with: $1.value) }
    }

    /// Adds a condition for the rest of the function or loop.
    func note(_ condition: String) {
        if !context.isScript, !context.conditions.contains(condition) { context.conditions.append(condition) }
    }

    /// Walks something that only happens under conditions.
    func under(_ conditions: [String], _ body: Work) async -> Estimate {
        let outer = context.conditions
        for condition in conditions { note(condition) }
        defer { context.conditions = outer }
        return await body()
    }

    // MARK: - Loops

    /// Walks the body of a loop once for each of the items that are known.
    func loop(_ items: [[Estimate]], names: [String], _ body: Block) async {
        var left: [Bindings] = []
        for item in items {
            let (broken, exit) = await iteration(names, item, body)
            left += broken
            if exit == .break { break }
            if exit != .none {
                self.exit = exit
                break
            }
        }
        if exit == .none { leave(left) }
    }

    /// Walks the body of a loop of which it is not known how often it runs.
    func openLoop(_ condition: String, names: [String], _ body: Block, before: @escaping Work = { .null }) async {
        await settle { [self] in
            _ = await before()
            let (broken, exit) = await iteration(names, names.map { .open($0) }, body)
            if exit == .none || exit == .break { leave(broken) }
            return .null
        }
        let outside = environment
        var left: [Bindings] = []
        _ = await under([condition]) { [self] in
            _ = await before()
            left = await iteration(names, names.map { .open($0) }, body).broken
            return .null
        }
        exit = .none
        environment = left.reduce(outside.joined(with: environment)) { $0.joined(with: $1) }
    }

    /// One pass through the body. What `continue` leaves is joined; what `break` leaves is given.
    private func iteration(_ names: [String], _ item: [Estimate], _ body: Block) async -> (
        broken: [Bindings], exit: Exit
    ) {
        let conditions = context.conditions
        let outside = frame.loops
        frame.loops += [[], []]
        environment.push()
        for (name, value) in zip(names, item) { environment.declare(name, value) }
        _ = await walk(body)
        environment.pop()
        let broken = frame.loops[outside.count]
        let continued = frame.loops[outside.count + 1]
        frame.loops = outside
        context.conditions = conditions
        var result = exit
        if result == .continue { result = .none }
        if result == .none { leave(continued) }
        exit = .none
        return (broken, result)
    }

    /// Remembers what variables hold where a loop is left or begun anew.
    func leaveLoop(_ kind: Exit) {
        exit = kind
        let index = frame.loops.count - (kind == .break ? 2 : 1)
        if frame.loops.indices.contains(index) { frame.loops[index].append(environment) }
    }

    private func leave(_ environments: [Bindings]) {
        environment = environments.reduce(environment) { $0.joined(with: $1) }
    }

    /// Forgets the values of the variables that something changes which may run any number of times.
    private func settle(_ body: Work) async {
        for _ in 0..<2 {
            let (report, context, frame, environment) = (report, context, frame, environment)
            _ = await body()
            let after = self.environment
            (self.report, self.context, self.frame, self.environment) = (report, context, frame, environment)
            exit = .none
            if !self.environment.forgetDifferences(from: after) { return }
        }
        environment.forgetVariables()
    }
}
