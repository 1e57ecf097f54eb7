package import Lang

/// The suites that a ledger saw pass.
package struct LedgerTestHistory: TestHistory {
    private let ledger: Ledger

    /// - Parameter ledger: that of the project.
    package init(_ ledger: Ledger) { self.ledger = ledger }

    /// A suite is called with its name first, and its image stands by its id in the command that was run.
    package func pass(of suite: String, on image: Digest) async throws -> TestPass? {
        if !ledger.exists { return nil }
        let ledger = ledger
        let rows = try await LedgerThread.run {
            try ledger.read { (ledger) throws(SQLiteError) in
                try ledger.rows(
                    """
                    SELECT effects.run, runs.user, coalesce(effects.ended, effects.started), effects.arguments
                    FROM effects JOIN runs ON runs.id = effects.run
                    WHERE effects.name = 'tests.run' AND effects.ending = 'succeeded' AND instr(effects.requests, ?1) > 0
                    ORDER BY effects.run DESC, effects.sequence DESC
                    """, [.text(image.description)])
            }
        }
        let row = rows.first { row in
            row[3].text.flatMap { try? JSON.parse($0) }?.list?.first?.text == suite
        }
        guard let row else { return nil }
        return TestPass(
            run: row[0].int ?? 0, user: row[1].text ?? "", time: Double(row[2].int ?? 0) / 1_000_000)
    }
}
