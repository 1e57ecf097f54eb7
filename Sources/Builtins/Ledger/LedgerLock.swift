package import Lang

/// Who may release now: of two runs in one project that are in a transaction, one. It is in the ledger, so that it holds on one
/// machine; a run whose process is gone holds nothing any more.
package struct LedgerLock: Sendable {
    package let run: Int
    package let process: ProcessMark
    /// Microseconds since 1970.
    package let since: Int

    package var description: String {
        "run #\(run), process \(process.pid) on \(process.host), since \(CalendarTime(secondsSince1970: Double(since) / 1_000_000))"
    }

    private static let name = "release"

    /// - Returns: who holds it instead; nil where it was free, or its holder is dead.
    static func take(by run: Int, in ledger: LedgerAccess, at time: SQLValue) throws(SQLiteError)
        -> LedgerLock?
    {
        if let holder = try held(in: ledger), holder.run != run, holder.process.isAlive != false { return holder }
        let own = ProcessMark.own
        try ledger.run(
            "INSERT OR REPLACE INTO locks (name, run, pid, process, host, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            [.text(name), .int(run), .int(own.pid), .text(own.start), .text(own.host), time])
        return nil
    }

    private static func held(in ledger: LedgerAccess) throws(SQLiteError) -> LedgerLock? {
        let rows = try ledger.rows("SELECT run, pid, process, host, since FROM locks WHERE name = ?1", [.text(name)])
        return rows.first.map { row in
            LedgerLock(
                run: row[0].int ?? 0,
                process: ProcessMark(pid: row[1].int ?? 0, start: row[2].text ?? "", host: row[3].text ?? ""),
                since: row[4].int ?? 0)
        }
    }

    /// Takes it away from that run.
    package func breakOff(in ledger: Ledger) throws(RuntimeError) {
        try ledger.write { (ledger) throws(SQLiteError) in
            try ledger.run("DELETE FROM locks WHERE name = ?1 AND run = ?2", [.text(Self.name), .int(run)])
        }
    }

    /// For `relsh runs --locks`; nil where nobody holds it.
    package static func holder(in ledger: Ledger) throws(RuntimeError) -> LedgerLock? {
        try ledger.read { (ledger) throws(SQLiteError) in try held(in: ledger) }
    }
}
