import Lang

// What came of effects, and what of them has been taken back.

extension Recorder {
    func finish(
        _ call: EffectCall, _ outcome: Result<Value, RuntimeError>, _ log: EffectLog, _ inverses: [Inverse],
        isUndo: Bool
    ) async throws(RuntimeError) {
        var ending = "succeeded"
        var error: String?
        var result: String?
        switch outcome {
        case .success(let value): result = Self.kept(value)
        case .failure(let failure):
            ending = failure.kind == .cancelled ? "interrupted" : "failed"
            error = LedgerMask.hide(in: StoredValue.text(of: SecretMask.hide(in: failure)))
        }
        if call.kind == .changes { start.drill?.arrive(.afterEffect) }
        append(
            """
            UPDATE effects SET ended = ?3, ending = ?4, error = ?5, result = ?6, requests = ?7, output = ?8
            WHERE run = ?1 AND identity = ?2
            """,
            [
                .text(call.identity), now, .text(ending), SQLValue(error), SQLValue(result), SQLValue(log.requests),
                SQLValue(log.output),
            ])
        guard call.kind == .changes else { return }
        // One that has failed may have changed something all the same.
        if !isUndo { write(inverses, of: call, nil, state: "made") }
        // What was made must not be lost for want of room.
        try await commit(isEnding: true)
    }

    /// - Parameter sequence: nil for that of the intention, which has as many.
    func write(_ inverses: [Inverse], of call: EffectCall, _ sequence: Int?, state: String) {
        let effect = SQLValue.text(call.identity)
        if sequence != nil { append("DELETE FROM changes WHERE run = ?1 AND effect = ?2", [effect]) }
        for (position, inverse) in inverses.enumerated() {
            let content = inverse.content.flatMap(LedgerMask.storable)
            if let content, case .content(let hash, _) = inverse.before {
                append(
                    "INSERT OR IGNORE INTO contents (hash, bytes) SELECT ?2, ?3 WHERE ?1 IS NOT NULL",
                    [.text(hash.description), .bytes(content)])
            }
            append(
                """
                INSERT INTO changes (run, effect, position, sequence, subject, before, made, content, state, mode, meant)
                VALUES (?1, ?2, ?3, coalesce(?4, (SELECT sequence FROM effects WHERE run = ?1 AND identity = ?2)), ?5, ?6, ?7,
                    ?8, ?9, ?10, ?11)
                ON CONFLICT (run, effect, position) DO UPDATE SET
                    subject = ?5, before = ?6, made = ?7, content = ?8, state = ?9, mode = ?10, meant = ?11
                """,
                [
                    effect, .int(position), SQLValue(sequence), .text(LedgerMask.hide(in: inverse.subject.stored)),
                    .text(LedgerMask.hide(in: inverse.before.stored)),
                    SQLValue(inverse.made.map { LedgerMask.hide(in: $0.stored) }),
                    SQLValue(content == nil ? nil : inverse.contentHash),
                    .text(inverse.changesNothing ? "unchanged" : inverse.namesSecret ? "secret-" + state : state),
                    SQLValue(inverse.mode), SQLValue(inverse.meant?.description),
                ])
        }
    }

    // MARK: Undo

    /// A change has been taken back: its effect is as if it had not been, and no step around it is finished any more.
    func undone(_ effect: String, position: Int) async throws(RuntimeError) {
        append(
            "UPDATE changes SET state = 'undone' WHERE run = ?1 AND effect = ?2 AND position = ?3",
            [.text(effect), .int(position)])
        append("UPDATE effects SET ending = 'undone' WHERE run = ?1 AND identity = ?2", [.text(effect)])
        append(
            """
            UPDATE steps SET ending = 'undone' WHERE run = ?1 AND ending = 'succeeded'
                AND substr(?2, 1, length(identity) + 1) IN (identity || '/', identity || '[')
            """, [.text(effect)])
        try await commit(isEnding: true)
    }

    /// The `undo` of a step has run: what the step did is as if it had not been. What its `undo` did stands; those of the steps
    /// in it are yet to be called.
    func undone(step: String) async throws(RuntimeError) {
        for (table, others) in [("steps", ""), ("effects", " AND kind = 'changes'")] {
            append(
                """
                UPDATE \(table) SET ending = 'undone' WHERE run = ?1\(others) AND instr(identity, '/undo/') = 0
                    AND (identity = ?2 OR substr(identity, 1, length(?2) + 1) IN (?2 || '/', ?2 || '['))
                """, [.text(step)])
        }
        append("UPDATE steps SET undo = NULL WHERE run = ?1 AND identity = ?2", [.text(step)])
        append(
            """
            UPDATE steps SET ending = 'undone' WHERE run = ?1 AND ending = 'succeeded'
                AND substr(?2, 1, length(identity) + 1) IN (identity || '/', identity || '[')
            """, [.text(step)])
        try await commit(isEnding: true)
    }
}

extension Inverse {
    /// Whether the name of what was changed, or where it leads, has a secret in it. The ledger has neither then, so that only the
    /// run itself can take it back.
    fileprivate var namesSecret: Bool {
        ![subject.stored, before.stored, made?.stored ?? ""].allSatisfy(LedgerMask.isClean)
    }
}
