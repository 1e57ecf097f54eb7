package import Lang

/// The moves of tags that a ledger knows of.
package struct LedgerTagHistory: TagHistory {
    private let ledger: Ledger

    package init(_ ledger: Ledger) { self.ledger = ledger }

    package func moves(of image: ImageReference) async throws -> [TagMove] {
        if !ledger.exists { return [] }
        let subject = try Inverse.ofRemoteTag(image, before: nil).subject.stored
        let ledger = ledger
        let rows = try await LedgerThread.run {
            try ledger.read { (ledger) throws(SQLiteError) in
                try ledger.rows(
                    """
                    SELECT changes.run, runs.user, coalesce(effects.ended, effects.started), changes.before, changes.made,
                        changes.state
                    FROM changes JOIN runs ON runs.id = changes.run
                        JOIN effects ON effects.run = changes.run AND effects.identity = changes.effect
                    WHERE changes.subject = ?1 AND changes.state IN ('made', 'undone')
                    ORDER BY changes.run DESC, changes.sequence DESC, changes.position DESC
                    """, [.text(subject)])
            }
        }
        return rows.map { row in
            TagMove(
                run: row[0].int ?? 0, user: row[1].text ?? "", time: Double(row[2].int ?? 0) / 1_000_000,
                from: digest(row[3]), to: digest(row[4]), isUndone: row[5].text == "undone")
        }
    }

    package func maker(of subject: Inverse.Subject, as state: Inverse.State) async throws -> ChangeMaker? {
        if !ledger.exists { return nil }
        let ledger = ledger
        return try await LedgerThread.run { () throws(RuntimeError) in
            let found = try ledger.read { (ledger) throws(SQLiteError) in
                try ledger.rows(Self.maker, [.text(subject.stored), .text(state.stored)]).first
            }
            guard let found, let number = found[0].int, let run = try RunSummary.find(number, in: ledger) else {
                return nil
            }
            return ChangeMaker(
                run: number, command: run.command, user: run.user, host: run.host,
                time: Double(found[1].int ?? 0) / 1_000_000)
        }
    }

    /// The last run that made it that, or that put it back to that.
    private static let maker = """
        SELECT run, time FROM (
            SELECT changes.run AS run, coalesce(effects.ended, effects.started) AS time
            FROM changes JOIN effects ON effects.run = changes.run AND effects.identity = changes.effect
            WHERE changes.subject = ?1 AND changes.made = ?2 AND changes.state = 'made'
            UNION ALL
            SELECT runs.id, coalesce(undone.ended, undone.started)
            FROM changes JOIN runs ON runs.takes_back = changes.run
                JOIN effects AS undone ON undone.run = runs.id AND undone.name = 'undo' AND undone.arguments = ?1
                    AND undone.result = 'true'
            WHERE changes.subject = ?1 AND changes.before = ?2 AND changes.state = 'undone')
        ORDER BY time DESC LIMIT 1
        """

    private func digest(_ value: SQLValue) -> Digest? {
        guard case .image(let digest)? = value.text.flatMap(Inverse.State.init(stored:)) else { return nil }
        return digest
    }
}
