package import Lang

/// Everything the ledger has of one run, for `relsh show` and `relsh log`.
package struct RunReport: Sendable {
    package struct Step: Sendable {
        package let identity: String
        package let parent: String?
        package let number: Int
        package let title: String
        package let kind: String
        package let started: Int
        package let ended: Int?
        /// Nil while it is under way.
        package let ending: String?
        package let message: String?
        package let result: String?
        /// Whether it has an `undo` of its own.
        package let hasUndo: Bool
        package let undo: StoredUndo?
    }

    package struct Effect: Sendable {
        package let identity: String
        package let step: String?
        package let sequence: Int
        package let kind: String
        /// As it stands in a recipe.
        package let call: String
        package let requests: [String]
        package let started: Int
        package let ended: Int?
        package let ending: String?
        package let error: String?
        package let result: String?
        package let output: String?
        package var changes: [RecordedInverse] = []
        /// What became of changes whose names have a secret in them, so that the ledger does not have them.
        package var hidden: Set<Hidden> = []

        package enum Hidden: String, Sendable {
            case intended = "secret-intended"
            case made = "secret-made"
        }
    }

    package let run: RunSummary
    /// In the order they began.
    package let steps: [Step]
    /// In the order they were made.
    package let effects: [Effect]

    package static func load(_ run: RunSummary, from ledger: Ledger) throws(RuntimeError) -> RunReport {
        try ledger.read { (ledger) throws(SQLiteError) in
            let steps = try ledger.rows(
                """
                SELECT identity, parent, number, title, kind, started, ended, ending, message, result, has_undo, undo
                FROM steps
                WHERE run = ?1 ORDER BY number
                """, [.int(run.number)]
            ).map { row in
                Step(
                    identity: row[0].text ?? "", parent: row[1].text, number: row[2].int ?? 0, title: row[3].text ?? "",
                    kind: row[4].text ?? "", started: row[5].int ?? 0, ended: row[6].int, ending: row[7].text,
                    message: row[8].text, result: row[9].text, hasUndo: row[10].int == 1,
                    undo: StoredUndo(text: row[11].text))
            }
            let changes = Dictionary(grouping: try RecordedInverse.load(run.number, from: ledger), by: \.effect)
            let hidden = try hidden(in: run.number, ledger)
            let effects = try ledger.rows(
                """
                SELECT identity, step, sequence, kind, call, requests, started, ended, ending, error, result, output
                FROM effects WHERE run = ?1 ORDER BY sequence
                """, [.int(run.number)]
            ).map { row in
                Effect(
                    identity: row[0].text ?? "", step: row[1].text, sequence: row[2].int ?? 0, kind: row[3].text ?? "",
                    call: row[4].text ?? "",
                    requests: row[5].text?.split(separator: "\n").map(String.init) ?? [], started: row[6].int ?? 0,
                    ended: row[7].int, ending: row[8].text,
                    error: row[9].text.flatMap { try? StoredValue.error(of: $0).message }, result: row[10].text,
                    output: row[11].text, changes: changes[row[0].text ?? ""] ?? [],
                    hidden: hidden[row[0].text ?? ""] ?? [])
            }
            return RunReport(run: run, steps: steps, effects: effects)
        }
    }

    /// By the identities of effects.
    private static func hidden(in run: Int, _ ledger: LedgerAccess) throws(SQLiteError) -> [String: Set<Effect.Hidden>]
    {
        let rows = try ledger.rows("SELECT DISTINCT effect, state FROM changes WHERE run = ?1", [.int(run)])
        return rows.reduce(into: [:]) { hidden, row in
            guard let effect = row[0].text, let state = row[1].text.flatMap(Effect.Hidden.init) else { return }
            hidden[effect, default: []].insert(state)
        }
    }

    /// A step by its number or title.
    package func step(_ text: String) throws(RuntimeError) -> Step {
        if let step = steps.first(where: { String($0.number) == text }) { return step }
        let named = steps.filter { $0.title == text }
        if named.count > 1 {
            throw RuntimeError(.world, .severalSteps(text, run: run.number, numbers: named.map(\.number)))
        }
        if let step = named.first { return step }
        throw RuntimeError(.world, .noSuchStep(text, run: run.number))
    }

    /// A step and the steps in it.
    func steps(under step: Step) -> [Step] {
        var inside: Set<String> = [step.identity]
        for other in steps { if let parent = other.parent, inside.contains(parent) { inside.insert(other.identity) } }
        return steps.filter { inside.contains($0.identity) }
    }

    /// The effects of a step and of the steps in it.
    package func effects(under step: Step) -> [Effect] {
        let inside = Set(steps(under: step).map(\.identity))
        return effects.filter { $0.step.map(inside.contains) ?? false }
    }
}
