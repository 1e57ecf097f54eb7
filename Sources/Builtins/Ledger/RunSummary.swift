package import Lang

/// One run as `relsh runs` lists it.
package struct RunSummary: Sendable {
    package enum Ending: String, Sendable {
        case succeeded, failed, interrupted
        /// Its process works on it.
        case running
        /// Its process is gone without a word.
        case died
        /// It is one of another machine, and has not ended as far as this ledger knows.
        case unknown
    }

    package let number: Int
    package let recipe: String?
    package let file: String
    package let program: String
    package let words: [String]
    package let settings: [String]
    package let user: String
    package let host: String
    package let directory: String
    package let state: ProjectState?
    package let version: String
    package let started: Int
    package let ended: Int?
    package let ending: Ending
    package let message: String?
    /// The run that this one takes back.
    package let takesBack: Int?
    package let attempts: Int
    package let process: ProcessMark?

    /// As it was typed, for a person.
    package var command: String {
        if let takesBack { return "undo \(takesBack)" }
        if isPrompted {
            let lines = words[1].split(separator: "\n")
            return "\(RunStart.prompt) \(lines.first ?? "")\(lines.count > 1 ? " …" : "")"
        }
        return words.map(shellQuoted).joined(separator: " ")
    }

    /// True for what was typed at a prompt.
    package var isPrompted: Bool { words.count == 2 && words[0] == RunStart.prompt }

    /// What lists and messages call it.
    package var name: String { "#\(number)" }

    private static let query = """
        SELECT id, recipe, file, program, words, settings, user, runs.host, directory, git_commit, state, version,
            runs.started, ended, ending, message, takes_back, attempts.number, pid, process, attempts.host
        FROM runs LEFT JOIN attempts ON attempts.run = id
            AND attempts.number = (SELECT max(number) FROM attempts WHERE run = id)
        """

    /// The newest first.
    package static func list(_ ledger: Ledger, most: Int) throws(RuntimeError) -> [RunSummary] {
        try ledger.read { (ledger) throws(SQLiteError) in
            try ledger.rows("\(query) ORDER BY id DESC LIMIT ?1", [.int(most)]).compactMap(RunSummary.init)
        }
    }

    package static func find(_ number: Int, in ledger: Ledger) throws(RuntimeError) -> RunSummary? {
        try ledger.read { (ledger) throws(SQLiteError) in
            try ledger.rows("\(query) WHERE id = ?1", [.int(number)]).first.flatMap(RunSummary.init)
        }
    }

    /// - Parameter text: `12` or `#12`; nil or `last` for the newest.
    package static func named(_ text: String?, in ledger: Ledger) throws(RuntimeError) -> RunSummary {
        let newest = try list(ledger, most: 1).first
        if text == nil || text == "last", let newest { return newest }
        let digits = text.map { $0.hasPrefix("#") ? String($0.dropFirst()) : $0 } ?? ""
        if let number = Int(digits), let run = try find(number, in: ledger) { return run }
        throw RuntimeError(.world, .noSuchRun(text ?? "", newest: newest?.number))
    }

    /// The source files of its program, as they were.
    package func sources(in ledger: Ledger) throws(RuntimeError) -> [RunStart.Source] {
        try ledger.read { (ledger) throws(SQLiteError) in
            try ledger.rows("SELECT path, name, content FROM sources WHERE run = ?1", [.int(number)]).map { row in
                RunStart.Source(path: row[0].text ?? "", name: row[1].text ?? "", text: row[2].text ?? "")
            }
        }
    }

    private init?(_ row: [SQLValue]) {
        guard let number = row[0].int else { return nil }
        self.number = number
        recipe = row[1].text
        file = row[2].text ?? ""
        program = row[3].text ?? ""
        words = RunStart.texts(row[4].text)
        settings = RunStart.texts(row[5].text)
        user = row[6].text ?? ""
        host = row[7].text ?? ""
        directory = row[8].text ?? ""
        state = ProjectState(commit: row[9].text, text: row[10].text)
        version = row[11].text ?? ""
        started = row[12].int ?? 0
        ended = row[13].int
        message = row[15].text
        takesBack = row[16].int
        attempts = row[17].int ?? 0
        process = row[18].int.map { ProcessMark(pid: $0, start: row[19].text ?? "", host: row[20].text ?? "") }
        if let word = row[14].text {
            ending = Ending(rawValue: word) ?? .unknown
        } else {
            ending =
                switch process?.isAlive {
                case true?: .running
                case false?: .died
                case nil: .unknown
                }
        }
    }
}
