package import Lang

/// How much a ledger keeps: `[ledger]` in `relsh.toml`.
package struct LedgerSettings: Sendable, Hashable {
    /// So many runs, the newest.
    package var runs = 200
    /// So many runs keep the output of their programs, and what files held that they changed.
    package var outputs = 50

    package init() {}
}

extension Ledger {
    /// Forgets what is older than the settings keep. A run that has not ended is left alone.
    package func trim(_ settings: LedgerSettings) throws(RuntimeError) {
        let count = try read { (ledger) throws(SQLiteError) in
            try ledger.rows("SELECT count(*) FROM runs").first?.first?.int ?? 0
        }
        if count <= min(settings.runs, settings.outputs) { return }
        try write { (ledger) throws(SQLiteError) in
            let old = "(SELECT id FROM runs ORDER BY id DESC LIMIT -1 OFFSET ?1)"
            let isEnded = "(SELECT id FROM runs WHERE ending IS NOT NULL)"
            for (table, column) in [
                ("changes", "run"), ("effects", "run"), ("steps", "run"), ("sources", "run"), ("attempts", "run"),
                ("runs", "id"),
            ] {
                try ledger.run(
                    "DELETE FROM \(table) WHERE \(column) IN \(old) AND \(column) IN \(isEnded)", [.int(settings.runs)])
            }
            try ledger.run(
                "UPDATE effects SET output = NULL WHERE output IS NOT NULL AND run IN \(old) AND run IN \(isEnded)",
                [.int(settings.outputs)])
            try ledger.run(
                "UPDATE changes SET content = NULL WHERE content IS NOT NULL AND run IN \(old) AND run IN \(isEnded)",
                [.int(settings.outputs)])
            try ledger.run(
                "DELETE FROM contents WHERE hash NOT IN (SELECT content FROM changes WHERE content IS NOT NULL)")
        }
        try read { (ledger) throws(SQLiteError) in _ = try ledger.rows("PRAGMA incremental_vacuum") }
    }
}
