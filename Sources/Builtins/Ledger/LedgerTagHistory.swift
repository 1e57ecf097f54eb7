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

    private func digest(_ value: SQLValue) -> Digest? {
        guard case .image(let digest)? = value.text.flatMap(Inverse.State.init(stored:)) else { return nil }
        return digest
    }
}
