package import Lang

/// What a run did before it is resumed.
package struct PastRun: Sendable {
    struct Step: Sendable {
        let number: Int
        let title: String
        let ending: String?
        let result: String?
        let undo: StoredUndo?
    }

    /// Something of it that can be taken back.
    enum Undo: Sendable {
        case change(RecordedInverse)
        /// The `undo` block of a step, with the step's identity and title.
        case block(StoredUndo, String, String)
    }

    struct Effect: Sendable {
        let sequence: Int
        let name: String
        let kind: String
        let started: Int
        let ended: Int?
        let shown: String
        let arguments: String?
        let ending: String?
        let error: String?
        let result: String?
        var changes: [RecordedInverse] = []
    }

    /// What may have changed files of the project, with nothing to tell which: it was under way when the run died, or has not been
    /// looked at since.
    package struct Unseen: Sendable, Hashable {
        /// As they stand in a recipe.
        package let calls: [String]
        /// When the first of them began, in microseconds since 1970.
        package let since: Int
        /// Whether all of them were under way when the run stopped.
        package let isUnderWay: Bool
    }

    package let number: Int
    /// Nil where the project was looked at after the last of them.
    package let unseen: Unseen?
    /// How often it was worked on before.
    let attempts: Int
    /// What was taken back of it by `relsh undo`, as far as that was so when this was read.
    package let takenBack: PastUndos
    private let steps: [String: Step]
    private let effects: [String: Effect]
    /// When the project was last looked at, in microseconds since 1970.
    private let surveyed: Int
    /// The effect that the run ended with.
    let failedEffect: String?
    let lastSequence: Int
    let lastStep: Int
    /// The last change that was made or begun. Reads before it are given again, as the change may rest on them; those after it
    /// are made anew, so that what somebody has mended since is seen.
    let horizon: Int

    package static func load(_ number: Int, from ledger: Ledger) throws(RuntimeError) -> PastRun {
        try ledger.read { (ledger) throws(SQLiteError) in
            let attempts =
                try ledger.rows("SELECT count(*) FROM attempts WHERE run = ?1", [.int(number)]).first?.first?.int ?? 0
            let run = try ledger.rows("SELECT failed_effect, surveyed FROM runs WHERE id = ?1", [.int(number)])
                .first
            var steps: [String: Step] = [:]
            for row in try ledger.rows(
                "SELECT identity, number, title, ending, result, undo FROM steps WHERE run = ?1", [.int(number)])
            {
                guard let identity = row[0].text else { continue }
                steps[identity] = Step(
                    number: row[1].int ?? 0, title: row[2].text ?? "", ending: row[3].text, result: row[4].text,
                    undo: StoredUndo(text: row[5].text))
            }
            var effects: [String: Effect] = [:]
            for row in try ledger.rows(
                """
                SELECT identity, sequence, kind, call, arguments, ending, error, result, name, started, ended FROM effects
                WHERE run = ?1
                """, [.int(number)])
            {
                guard let identity = row[0].text else { continue }
                effects[identity] = Effect(
                    sequence: row[1].int ?? 0, name: row[8].text ?? "", kind: row[2].text ?? "",
                    started: row[9].int ?? 0, ended: row[10].int, shown: row[3].text ?? "",
                    arguments: row[4].text,
                    ending: row[5].text, error: row[6].text, result: row[7].text)
            }
            for change in try RecordedInverse.load(number, from: ledger) {
                effects[change.effect]?.changes.append(change)
            }
            return PastRun(
                number, attempts, try PastUndos.load(of: number, from: ledger), steps, effects, run?[0].text,
                surveyed: run?[1].int ?? 0)
        }
    }

    private init(
        _ number: Int, _ attempts: Int, _ takenBack: PastUndos, _ steps: [String: Step], _ effects: [String: Effect],
        _ failed: String?, surveyed: Int
    ) {
        let unseen = effects.filter { identity, effect in
            effect.kind == "changes" && EffectCall.mayTouchFiles(effect.name, identity)
                && (effect.ended ?? Int.max) > surveyed
        }.values.sorted { $0.sequence < $1.sequence }
        self.unseen = unseen.first.map {
            Unseen(
                calls: unseen.map(\.shown), since: $0.started, isUnderWay: unseen.allSatisfy { $0.ended == nil })
        }
        self.surveyed = surveyed
        self.number = number
        self.attempts = attempts
        self.takenBack = takenBack
        self.steps = steps
        self.effects = effects
        failedEffect = failed
        lastSequence =
            (effects.values.map(\.sequence) + steps.values.compactMap { $0.undo?.sequence }).max() ?? 0
        lastStep = steps.values.map(\.number).max() ?? 0
        horizon =
            effects.filter { identity, effect in
                effect.kind == "changes" && effect.ending != "failed" && effect.ending != "undone"
                    && !identity.contains("/undo/")
            }.values.map(\.sequence).max() ?? 0
    }

    func step(_ identity: String) -> Step? { steps[identity] }
    func effect(_ identity: String) -> Effect? { effects[identity] }

    /// What the `undo` of a step, or of one in it where that is finished, had done or begun that has not come to its end.
    func undoUnderWay(in step: String) -> String? {
        let isFinished = self.step(step)?.ending == "succeeded"
        return effects.first { identity, effect in
            guard effect.kind == "changes", let end = identity.firstRange(of: "/undo/") else { return false }
            let owner = String(identity[..<end.lowerBound])
            // One that was called before the step was made anew has a lower number.
            guard let undo = self.step(owner)?.undo, effect.sequence > undo.sequence else { return false }
            return owner == step || isFinished && (owner.hasPrefix(step + "/") || owner.hasPrefix(step + "["))
        }?.value.shown
    }

    /// Whether a step has made something that is made again whenever the run is resumed.
    func mustRepeat(in step: String) -> Bool {
        effects.contains { identity, effect in
            (identity.hasPrefix(step + "/") || identity.hasPrefix(step + "["))
                && StandardCatalog.catalog.function(effect.name)?.signature.repetition == .always
        }
    }

    /// What can be taken back of a finished step and the steps in it, oldest first.
    func undos(in step: String) -> [Undo] {
        func isInside(_ identity: String) -> Bool { identity.hasPrefix(step + "/") || identity.hasPrefix(step + "[") }
        let changes = effects.filter { isInside($0.key) }.values.flatMap(\.changes).filter { $0.state == "made" }
            .map { (($0.sequence, $0.position), Undo.change($0)) }
        let blocks = steps.compactMap { identity, other -> ((Int, Int), Undo)? in
            guard identity == step || isInside(identity), let undo = other.undo else { return nil }
            return ((undo.sequence, 0), .block(undo, identity, other.title))
        }
        return (changes + blocks).sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Whether a container may still run that it has started.
    package var wasRunningContainers: Bool {
        effects.values.contains {
            $0.ending == nil && ($0.shown.hasPrefix("tests.run") || $0.shown.hasPrefix("docker.run"))
        }
    }

    /// The files that the run itself has changed since the project was last looked at, as its recipe named them, with what it has
    /// left there; nil where that is not known.
    package var files: [String: Inverse.State?] {
        var files: [String: Inverse.State?] = [:]
        var takenBack: Set<String> = []
        let changes = effects.values.flatMap { effect in
            effect.changes.filter { $0.state == "undone" || effect.ended ?? Int.max >= surveyed }
        }.sorted { ($0.sequence, $0.position) < ($1.sequence, $1.position) }
        for change in changes {
            guard case .file(let path) = change.inverse.subject else { continue }
            switch change.state {
            case "made", "unchanged":
                takenBack.remove(path)
                files[path] = .some(change.inverse.made)
            // The oldest of several is the last that was taken back.
            case "undone": if takenBack.insert(path).inserted { files[path] = .some(change.inverse.before) }
            default: files[path] = .some(nil)
            }
        }
        return files
    }
}

/// An inverse with its place in the ledger.
package struct RecordedInverse: Sendable {
    package var inverse: Inverse
    package let effect: String
    package let position: Int
    package let sequence: Int
    /// `intended`, `made`, `unchanged` or `undone`; with `secret-` before it for what the ledger does not have the name of,
    /// which is not loaded.
    package var state: String

    /// All of a run, oldest first.
    static func load(_ run: Int, from ledger: LedgerAccess) throws(SQLiteError) -> [RecordedInverse] {
        let rows = try ledger.rows(
            """
            SELECT effect, position, sequence, subject, before, made, state, bytes, mode, meant FROM changes
                LEFT JOIN contents ON contents.hash = changes.content
            WHERE run = ?1 AND state NOT IN ('secret-intended', 'secret-made') ORDER BY sequence, position
            """, [.int(run)])
        return rows.compactMap { row in
            guard let effect = row[0].text, let subject = row[3].text.flatMap(Inverse.Subject.init(stored:)),
                let before = row[4].text.flatMap(Inverse.State.init(stored:))
            else { return nil }
            var inverse = Inverse(
                subject, before: before, made: row[5].text.flatMap(Inverse.State.init(stored:)), content: row[7].bytes)
            inverse.mode = row[8].int
            inverse.meant = row[9].text.flatMap { try? Digest(parsing: $0) }
            return RecordedInverse(
                inverse: inverse, effect: effect, position: row[1].int ?? 0, sequence: row[2].int ?? 0,
                state: row[6].text ?? "")
        }
    }
}
