package import Lang

/// What is known of a run before it begins.
package struct RunStart: Sendable {
    package struct Source: Sendable, Hashable {
        package let path: String
        package let name: String
        package let text: String
    }

    /// Stands first in the words of what was typed at a prompt; the input follows.
    package static let prompt = "(prompt)"

    package let recipe: String?
    /// The file that is run, as it is shown.
    package let file: String
    package let sources: [Source]
    /// Those of the command line, from the file or recipe on.
    package let words: [String]
    /// `--set`, and `relsh.toml`'s digest.
    package let settings: [String]
    package let directory: String
    package let version: String
    /// The run that this one takes back.
    package var takesBack: Int?
    /// For tests: where to die.
    package var drill: Drill?

    /// - Parameter sources: those of the program, where they are not its modules.
    package init(
        recipe: String?, program: ResolvedProgram, sources: [Source]? = nil, words: [String], settings: [String],
        directory: String, version: String
    ) {
        self.recipe = recipe
        file = program.entry?.tree.file.name ?? ""
        self.sources =
            sources
            ?? program.modules.map { module in
                let file = module.tree.file
                return Source(
                    path: file.path.isEmpty ? file.name : file.path, name: file.name,
                    text: String(decoding: file.bytes, as: UTF8.self))
            }
        self.words = words
        self.settings = settings
        self.directory = directory
        self.version = version
    }

    /// One digest for all source files of the program.
    package var program: String {
        let text = sources.map { "\($0.path)\n\($0.text.utf8.count)\n\($0.text)" }.joined()
        return ContentHash.digest(of: Array(text.utf8)).description
    }

    // MARK: Writing

    func insert(in ledger: LedgerAccess, at time: SQLValue) throws(SQLiteError) -> Int {
        try ledger.run(
            """
            INSERT INTO runs (recipe, file, program, words, settings, user, host, directory, version, started, takes_back)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
            """,
            [
                SQLValue(recipe), .text(file), .text(program), .text(Self.list(words)), .text(Self.list(settings)),
                .text(ProcessMark.userName), .text(ProcessMark.hostName), .text(directory), .text(version), time,
                SQLValue(takesBack),
            ])
        let number = ledger.lastInserted
        for source in sources {
            try ledger.run(
                "INSERT INTO sources (run, path, name, content) VALUES (?1, ?2, ?3, ?4)",
                [.int(number), .text(source.path), .text(source.name), .text(LedgerMask.hide(in: source.text))])
        }
        try insertAttempt(of: number, in: ledger, at: time)
        return number
    }

    /// - Throws: where somebody else has resumed it since `past` was read, as both would do the same work; where it is being taken
    ///   back, or something of it has been since.
    func resume(_ past: PastRun, in ledger: LedgerAccess, at time: SQLValue) throws(SQLiteError) -> Int {
        let number = past.number
        let attempts =
            try ledger.rows("SELECT count(*) FROM attempts WHERE run = ?1", [.int(number)]).first?.first?.int ?? 0
        if attempts != past.attempts { throw .refused(.resumedMeanwhile(number)) }
        let undos = try PastUndos.load(of: number, from: ledger)
        if let open = undos.underWay() { throw .refused(open.refusal(of: number)) }
        if undos != past.takenBack { throw .refused(.takenBackMeanwhile(number)) }
        try ledger.run(
            "UPDATE runs SET ended = NULL, ending = NULL, message = NULL, program = ?2 WHERE id = ?1",
            [.int(number), .text(program)])
        for source in sources {
            try ledger.run(
                "INSERT OR REPLACE INTO sources (run, path, name, content) VALUES (?1, ?2, ?3, ?4)",
                [.int(number), .text(source.path), .text(source.name), .text(LedgerMask.hide(in: source.text))])
        }
        try insertAttempt(of: number, in: ledger, at: time)
        return number
    }

    /// What takes out what has become known as a secret only since the run was written down; the run's number is the first value.
    var hidingSecrets: [(sql: String, values: [SQLValue])] {
        var writes = sources.filter { !LedgerMask.isClean($0.text) }.map { source in
            (
                sql: "UPDATE sources SET content = ?3 WHERE run = ?1 AND path = ?2",
                values: [SQLValue.text(source.path), .text(LedgerMask.hide(in: source.text))]
            )
        }
        if !(words + settings).allSatisfy(LedgerMask.isClean) {
            writes.append(
                (
                    sql: "UPDATE runs SET words = ?2, settings = ?3 WHERE id = ?1",
                    values: [.text(Self.list(words)), .text(Self.list(settings))]
                ))
        }
        return writes
    }

    private func insertAttempt(
        of number: Int, in ledger: LedgerAccess, at time: SQLValue
    ) throws(SQLiteError) {
        let process = ProcessMark.own
        try ledger.run(
            """
            INSERT INTO attempts (run, number, pid, process, host, started)
            SELECT ?1, 1 + count(*), ?2, ?3, ?4, ?5 FROM attempts WHERE run = ?1
            """, [.int(number), .int(process.pid), .text(process.start), .text(process.host), time])
    }

    package static func digest(_ bytes: [UInt8]) -> String { ContentHash.digest(of: bytes).description }

    /// Texts as a JSON list, as they stand in the ledger.
    static func list(_ texts: [String]) -> String {
        LedgerMask.hide(in: (try? StoredValue.text(of: .list(texts.map(Value.string)))) ?? "[]")
    }

    static func texts(_ list: String?) -> [String] {
        (try? list.map { try StoredValue.value(of: $0) })?.asList?.compactMap(\.asString) ?? []
    }
}
