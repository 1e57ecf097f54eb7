import CSQLite
import Lang

/// What a column holds, and what a statement is given.
package enum SQLValue: Sendable, Hashable {
    case null
    case int(Int)
    case text(String)
    case bytes([UInt8])

    package var int: Int? { if case .int(let int) = self { int } else { nil } }
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    package var bytes: [UInt8]? { if case .bytes(let bytes) = self { bytes } else { nil } }

    package init(_ text: String?) { self = text.map(SQLValue.text) ?? .null }
    package init(_ int: Int?) { self = int.map(SQLValue.int) ?? .null }
}

/// What SQLite has refused.
package struct SQLiteError: Error, Sendable {
    /// SQLite's primary result code.
    package let code: Int
    package let message: String
    /// Where it is relsh itself that refuses, why.
    var refusal: Message?

    static let busy = Int(SQLITE_BUSY)
    static let full = Int(SQLITE_FULL)
    static let readOnly = Int(SQLITE_READONLY)
    static let cannotOpen = Int(SQLITE_CANTOPEN)
    static let inputOutput = Int(SQLITE_IOERR)
    static let damaged = Int(SQLITE_CORRUPT)
    static let noDatabase = Int(SQLITE_NOTADB)
    /// Not one of SQLite's.
    static let refused = 1003

    static func refused(_ message: Message) -> SQLiteError {
        SQLiteError(code: refused, message: message.text, refusal: message)
    }
}

/// One connection to one database, for one thread at a time: `Ledger` keeps it behind a lock. Statements are compiled once.
/// Nothing else in relsh knows SQLite's pointers.
final class SQLite {
    private let handle: OpaquePointer
    private var statements: [String: OpaquePointer] = [:]

    /// - Parameter writes: makes the file where there is none; otherwise it is only read.
    convenience init(_ path: String, writes: Bool) throws(SQLiteError) {
        try self.init(path, flags: writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE)
    }

    private init(_ path: String, flags: Int32) throws(SQLiteError) {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(opened)
            throw SQLiteError(code: Int(code & 0xFF), message: message)
        }
        handle = opened
        sqlite3_extended_result_codes(opened, 0)
    }

    /// To read what stands in the file itself, wherever that is: nothing is written beside it. Not for one that others write to.
    convenience init(unchanging path: String) throws(SQLiteError) {
        // A path in a URI of SQLite's (https://www.sqlite.org/uri.html).
        let escaped = path.unicodeScalars.map { scalar in
            "%?#".unicodeScalars.contains(scalar) ? "%" + String(scalar.value, radix: 16) : String(scalar)
        }
        try self.init("file:\(escaped.joined())?immutable=1", flags: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    }

    deinit {
        for statement in statements.values { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    /// Waits this long where another process writes.
    func setBusyTimeout(milliseconds: Int) { sqlite3_busy_timeout(handle, Int32(milliseconds)) }

    /// Runs a statement that gives no rows that matter.
    func run(_ sql: String, _ values: [SQLValue] = []) throws(SQLiteError) {
        _ = try rows(sql, values, most: 0)
    }

    /// The rows that a statement gives.
    func rows(_ sql: String, _ values: [SQLValue] = []) throws(SQLiteError) -> [[SQLValue]] {
        try rows(sql, values, most: Int.max)
    }

    /// The number of the row that was inserted last.
    var lastInserted: Int { Int(sqlite3_last_insert_rowid(handle)) }

    /// All of it or, where it throws, nothing.
    func transaction<T>(_ body: () throws(SQLiteError) -> T) throws(SQLiteError) -> T {
        try run("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            let result = try body()
            try run("COMMIT")
            return result
        } catch {
            // SQLite may have rolled back already.
            try? run("ROLLBACK")
            throw error
        }
    }

    private func rows(_ sql: String, _ values: [SQLValue], most: Int) throws(SQLiteError) -> [[SQLValue]] {
        let statement = try statement(sql)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (position, value) in values.enumerated() { try check(bind(value, to: statement, at: Int32(position + 1))) }
        var rows: [[SQLValue]] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: if rows.count < most { rows.append(row(of: statement)) }
            case SQLITE_DONE: return rows
            case let code: throw error(code)
            }
        }
    }

    private func statement(_ sql: String) throws(SQLiteError) -> OpaquePointer {
        if let known = statements[sql] { return known }
        var made: OpaquePointer?
        try check(sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil))
        guard let made else { throw SQLiteError(code: Int(SQLITE_MISUSE), message: "an empty statement") }
        statements[sql] = made
        return made
    }

    private func bind(_ value: SQLValue, to statement: OpaquePointer, at position: Int32) -> Int32 {
        // SQLite copies what it is given.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch value {
        case .null: return sqlite3_bind_null(statement, position)
        case .int(let int): return sqlite3_bind_int64(statement, position, Int64(int))
        case .text(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text64(
                        statement, position, $0.baseAddress, UInt64($0.count), copies, UInt8(SQLITE_UTF8))
                }
            }
        case .bytes(let bytes):
            if bytes.isEmpty { return sqlite3_bind_zeroblob(statement, position, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob64(statement, position, $0.baseAddress, UInt64($0.count), copies)
            }
        }
    }

    private func row(of statement: OpaquePointer) -> [SQLValue] {
        (0..<sqlite3_column_count(statement)).map { column in
            let count = { Int(sqlite3_column_bytes(statement, column)) }
            switch sqlite3_column_type(statement, column) {
            case SQLITE_INTEGER: return .int(Int(sqlite3_column_int64(statement, column)))
            case SQLITE_TEXT:
                guard let start = sqlite3_column_text(statement, column) else { return .text("") }
                return .text(String(decoding: UnsafeBufferPointer(start: start, count: count()), as: UTF8.self))
            case SQLITE_BLOB:
                guard let start = sqlite3_column_blob(statement, column) else { return .bytes([]) }
                return .bytes(Array(UnsafeRawBufferPointer(start: start, count: count())))
            default: return .null
            }
        }
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        if code != SQLITE_OK { throw error(code) }
    }

    private func error(_ code: Int32) -> SQLiteError {
        SQLiteError(code: Int(code & 0xFF), message: String(cString: sqlite3_errmsg(handle)))
    }
}
