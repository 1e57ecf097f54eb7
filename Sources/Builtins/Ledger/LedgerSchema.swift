/// The tables of the ledger. A database says by `user_version` how many of the steps below it has been through; steps are only
/// ever added. Times are microseconds since 1970; texts never hold a secret.
enum LedgerSchema {
    static var version: Int { steps.count }

    static func migrate(_ database: SQLite) throws(SQLiteError) {
        try database.transaction { () throws(SQLiteError) in
            // Another process may have been faster.
            let version = try database.rows("PRAGMA user_version").first?.first?.int ?? 0
            if version >= Self.version { return }
            for step in steps[version...] {
                for statement in step { try database.run(statement) }
            }
            try database.run("PRAGMA user_version = \(Self.version)")
        }
    }

    private static let steps: [[String]] = [first, second, third, fourth]

    /// `steps.undo` is null once the block has been called: whether the step is finished does not tell that.
    private static let fourth = ["UPDATE steps SET undo = NULL WHERE ending = 'undone'"]

    private static let third = [
        // The permissions of what a change found at a path; and the image that a name was meant to stand for.
        "ALTER TABLE changes ADD COLUMN mode INTEGER", "ALTER TABLE changes ADD COLUMN meant TEXT",
        // When the project was looked at last.
        "ALTER TABLE runs ADD COLUMN surveyed INTEGER",
    ]

    private static let second = [
        // The `undo` block of a step, as `StoredUndo` has it; null where it has none.
        "ALTER TABLE steps ADD COLUMN undo TEXT"
    ]

    private static let first = [
        // `ending` is null while a run is under way, and stays so where its process has died. `words` are those of the command
        // line, `state` is the project as it was found.
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY AUTOINCREMENT, recipe TEXT, file TEXT NOT NULL, program TEXT NOT NULL,
            words TEXT NOT NULL, settings TEXT NOT NULL, user TEXT NOT NULL, host TEXT NOT NULL, directory TEXT NOT NULL,
            git_commit TEXT, state TEXT, version TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, ending TEXT,
            message TEXT, failed_effect TEXT, takes_back INTEGER)
        """,
        // The processes that have worked on a run: the first, and one for each time it was resumed.
        """
        CREATE TABLE attempts (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, number INTEGER NOT NULL, pid INTEGER NOT NULL,
            process TEXT NOT NULL, host TEXT NOT NULL, started INTEGER NOT NULL, PRIMARY KEY (run, number)) WITHOUT ROWID
        """,
        """
        CREATE TABLE steps (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, identity TEXT NOT NULL, parent TEXT, number INTEGER NOT NULL,
            title TEXT NOT NULL, kind TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER, ending TEXT, message TEXT,
            result TEXT, has_undo INTEGER, PRIMARY KEY (run, identity)) WITHOUT ROWID
        """,
        // Who may release now.
        """
        CREATE TABLE locks (
            name TEXT PRIMARY KEY, run INTEGER NOT NULL, pid INTEGER NOT NULL, process TEXT NOT NULL, host TEXT NOT NULL,
            since INTEGER NOT NULL)
        """,
        // `requests` are the commands and requests that were made, one a line. `result` is null where it holds a secret or
        // a function, or is too large.
        """
        CREATE TABLE effects (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, identity TEXT NOT NULL, step TEXT, sequence INTEGER NOT NULL,
            name TEXT NOT NULL, kind TEXT NOT NULL, call TEXT NOT NULL, arguments TEXT, requests TEXT, started INTEGER NOT NULL,
            ended INTEGER, ending TEXT, error TEXT, result TEXT, output TEXT, PRIMARY KEY (run, identity)) WITHOUT ROWID
        """,
        // What an effect has changed, and how it is taken back. `state` is `intended`, `made`,
        // `unchanged` or `undone`; `secret-intended` or `secret-made` where its name has a secret in it, and is not here.
        """
        CREATE TABLE changes (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, effect TEXT NOT NULL, position INTEGER NOT NULL,
            sequence INTEGER NOT NULL, subject TEXT NOT NULL, before TEXT NOT NULL, made TEXT, content TEXT, state TEXT NOT NULL,
            PRIMARY KEY (run, effect, position)) WITHOUT ROWID
        """,
        // The source files of a run's program, and what files held that it has changed.
        """
        CREATE TABLE sources (
            run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE, path TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL,
            PRIMARY KEY (run, path)) WITHOUT ROWID
        """,
        "CREATE TABLE contents (hash TEXT PRIMARY KEY, bytes BLOB NOT NULL)",
        "CREATE INDEX effects_by_sequence ON effects (run, sequence)",
    ]
}
