package import Lang

/// The `relsh undo`s of a run: what it has done is not told by what was read before one of them.
package struct PastUndos: Sendable, Hashable {
    /// One that has not ended.
    package struct Open: Sendable, Hashable {
        package let number: Int
        package let process: ProcessMark

        /// - Parameter run: that it takes back.
        package func refusal(of run: Int) -> Message { .beingTakenBack(run, by: number, process: process.pid) }
    }

    /// When they ended, by their numbers.
    private let ended: [Int: Int]
    /// Some of these may have died.
    private let open: [Open]

    /// - Parameter run: that they take back.
    static func load(of run: Int, from ledger: LedgerAccess) throws(SQLiteError) -> PastUndos {
        let rows = try ledger.rows(
            """
            SELECT id, ended, pid, process, attempts.host FROM runs JOIN attempts ON attempts.run = id
            WHERE takes_back = ?1 ORDER BY id
            """, [.int(run)])
        var ended: [Int: Int] = [:]
        var open: [Open] = []
        for row in rows {
            guard let number = row[0].int else { continue }
            if let end = row[1].int {
                ended[number] = end
            } else {
                let process = ProcessMark(pid: row[2].int ?? 0, start: row[3].text ?? "", host: row[4].text ?? "")
                open.append(Open(number: number, process: process))
            }
        }
        return PastUndos(ended: ended, open: open)
    }

    /// One that is at work now.
    ///
    /// - Parameter isCautious: whether one of which that cannot be told, as on another machine, is taken for it.
    package func underWay(isCautious: Bool = false) -> Open? {
        open.first { $0.process.isAlive ?? isCautious }
    }
}
