package import Lang
import Synchronization

/// The database in which runs are kept: one file, and who may write to it now. Opened when it is first needed.
package final class Ledger: Sendable {
    package let path: String
    private let place: LedgerPlace
    private let database = Mutex<SQLite?>(nil)
    private let reserve = Mutex(Reserve.none)

    private enum Reserve {
        case none
        case held(Descriptor?)
        case givenUp
    }

    package init(_ place: LedgerPlace) {
        self.place = place
        path = place.path
    }

    package var exists: Bool { place.exists }

    /// Calls `body` with the open database, which nobody else in this process uses meanwhile. May take as long as the disk.
    /// - Throws: `RuntimeError`, with a remedy.
    package func read<T: Sendable>(_ body: (LedgerAccess) throws(SQLiteError) -> T) throws(RuntimeError) -> T {
        try use(makes: false) { (database) throws(SQLiteError) in try body(LedgerAccess(database)) }
    }

    /// As `read`; makes the ledger where there is none, and does all of `body` or nothing.
    package func write<T: Sendable>(_ body: (LedgerAccess) throws(SQLiteError) -> T) throws(RuntimeError) -> T {
        try use(makes: true) { (database) throws(SQLiteError) in
            holdReserve()
            return try database.transaction { () throws(SQLiteError) in try body(LedgerAccess(database)) }
        }
    }

    /// Closes the database, so that all of it stands in its one file. It is opened again where it is needed.
    package func close() { database.withLock { $0 = nil } }

    private func holdReserve() {
        reserve.withLock { reserve in if case .none = reserve { reserve = .held(place.reserve()) } }
    }

    /// Gives the disk the room back that was kept for the end of a run.
    /// - Returns: whether there was any.
    func giveUpReserve() -> Bool {
        reserve.withLock { reserve in
            guard case .held(let file?) = reserve else { return false }
            file.close()
            reserve = .givenUp
            return true
        }
    }

    /// - Throws: where the room has been given up and cannot be kept again: what is begun now could not be ended.
    func expectReserve() throws(RuntimeError) {
        let isThere = reserve.withLock { reserve in
            guard case .givenUp = reserve else { return true }
            guard let file = place.reserve() else { return false }
            reserve = .held(file)
            return true
        }
        if isThere { return }
        throw explained(SQLiteError(code: SQLiteError.full, message: "the disk is full"), wasOpen: true)
    }

    private func use<T: Sendable>(makes: Bool, _ body: (SQLite) throws(SQLiteError) -> T) throws(RuntimeError) -> T {
        try database.withLock { (database) throws(RuntimeError) -> T in
            let isOpen = database != nil
            do throws(SQLiteError) {
                let opened: SQLite
                if let database {
                    opened = database
                } else {
                    if makes { try prepare() } else { try expectFile() }
                    do throws(SQLiteError) {
                        opened = try Self.open(path)
                    } catch {
                        // On a full disk, or with somebody else's files, what has been recorded can be looked at all the same.
                        guard !makes, let readable = openToRead() else { throw error }
                        return try body(readable)
                    }
                }
                database = opened
                return try body(opened)
            } catch {
                throw explained(error, wasOpen: isOpen)
            }
        }
    }

    private func prepare() throws(SQLiteError) {
        try expectFileType()
        guard let refusal = place.prepare() else { return }
        let code =
            refusal.isFull ? SQLiteError.full : refusal.isHomeless ? Self.homeless : SQLiteError.cannotOpen
        throw SQLiteError(code: code, message: refusal.reason)
    }

    private func expectFile() throws(SQLiteError) {
        if !place.exists { throw SQLiteError(code: Self.missing, message: "") }
        try expectFileType()
    }

    private func expectFileType() throws(SQLiteError) {
        if let reason = place.otherType { throw SQLiteError(code: Self.notALedger, message: reason) }
    }

    /// A database of something else must not be written to.
    private static func expectLedger(_ database: SQLite, _ version: Int) throws(SQLiteError) {
        let tables = try database.rows("SELECT name FROM sqlite_schema WHERE type = 'table'").compactMap {
            $0.first?.text
        }
        let isLedger = version == 0 ? tables.isEmpty : Set(["runs", "attempts", "effects"]).isSubset(of: tables)
        if !isLedger { throw SQLiteError(code: notALedger, message: "it is a database of something else") }
    }

    private static func open(_ path: String) throws(SQLiteError) -> SQLite {
        let opened = try SQLite(path, writes: true)
        opened.setBusyTimeout(milliseconds: 10_000)
        let version = try opened.rows("PRAGMA user_version").first?.first?.int ?? 0
        try expectLedger(opened, version)
        if version > LedgerSchema.version { throw tooNew(opened, path, version) }
        if version == 0 { try opened.run("PRAGMA auto_vacuum = INCREMENTAL") }
        // Each commit is on the disk when it returns; readers and the one writer do not wait for each other.
        _ = try opened.rows("PRAGMA journal_mode = WAL")
        try opened.run("PRAGMA synchronous = FULL")
        if version < LedgerSchema.version { try LedgerSchema.migrate(opened) }
        return opened
    }

    /// Nil where what is recorded does not stand in the file alone, or is laid out in another way.
    private func openToRead() -> SQLite? {
        guard place.isWhole, let opened = try? SQLite(unchanging: path),
            (try? opened.rows("PRAGMA user_version"))?.first?.first?.int == LedgerSchema.version
        else { return nil }
        return opened
    }

    // MARK: Errors

    /// What it was made with is told as far as its layout still has it where this one does.
    private static func tooNew(_ database: SQLite, _ path: String, _ layout: Int) -> SQLiteError {
        let newest = try? database.rows("SELECT version FROM runs ORDER BY id DESC LIMIT 1").first?.first?.text
        var error = SQLiteError(code: SQLiteError.cannotOpen, message: "")
        error.refusal = .ledgerTooNew(path, layout: layout, known: LedgerSchema.version, maker: newest ?? nil)
        return error
    }

    /// Not among SQLite's own codes.
    private static let missing = 1002
    private static let notALedger = 1004
    private static let homeless = 1005

    private func explained(_ error: SQLiteError, wasOpen: Bool) -> RuntimeError {
        if let refusal = error.refusal { return RuntimeError(.world, refusal) }
        let message: Message
        switch error.code {
        case Self.missing: message = .noLedger(path)
        case Self.notALedger: message = .notALedger(path, reason: error.message, isNamed: !place.isOurs)
        case SQLiteError.noDatabase where !place.isOurs:
            message = .notALedger(path, reason: "it is no database", isNamed: true)
        case SQLiteError.damaged, SQLiteError.noDatabase: message = .ledgerDamaged(path, reason: error.message)
        default:
            let help = remedy(error.code)
            message =
                wasOpen
                ? .ledgerNotWritten(path, reason: error.message, help: help)
                : .ledgerNotOpened(path, reason: error.message, help: help)
        }
        return RuntimeError(.world, message)
    }

    private func remedy(_ code: Int) -> String {
        let elsewhere =
            "set RELSH_LEDGER to a file elsewhere, or run with --no-ledger: "
            + "then the run is not recorded, and can be neither resumed nor taken back later"
        switch code {
        case SQLiteError.full, SQLiteError.inputOutput:
            return "make room on its disk (`df -h` shows how much there is), or \(elsewhere)"
        case Self.homeless:
            return "make its directory, `mkdir -p \(shellQuoted(Path(path).parent.text))`, or \(elsewhere)"
        case SQLiteError.busy:
            return "another relsh has been writing to it for more than ten seconds; look at `relsh runs`"
        default: return "look at the permissions of its directory, \(elsewhere)"
        }
    }
}

/// What may be asked of an open ledger.
package struct LedgerAccess {
    private let database: SQLite

    fileprivate init(_ database: SQLite) { self.database = database }

    package func run(_ sql: String, _ values: [SQLValue] = []) throws(SQLiteError) { try database.run(sql, values) }
    package func rows(_ sql: String, _ values: [SQLValue] = []) throws(SQLiteError) -> [[SQLValue]] {
        try database.rows(sql, values)
    }
    package var lastInserted: Int { database.lastInserted }
}
