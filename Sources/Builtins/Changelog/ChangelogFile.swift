import Lang

/// A changelog as a value: what `changelog.txt` says, and how an entry is written into it.
///
/// Newest first, each entry as
///
///     # hello-service-1.2.0
///     - 2025-10-06
///     - What was changed
///       and goes on in the next line
struct ChangelogFile: Sendable {
    struct Entry: Sendable, Hashable {
        let version: Version
        /// `2025-10-06`
        let date: String
        let changes: [String]
    }

    let entries: [Entry]

    /// - Parameter file: its name is what errors show.
    /// - Throws: `RuntimeError` with the line that is not as it should be.
    init(_ file: SourceFile) throws {
        let bytes = file.bytes.starts(with: "\u{FEFF}".utf8) ? file.bytes.dropFirst(3) : file.bytes[...]
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        var reader = EntryReader()
        for (number, line) in lines.enumerated() {
            if let problem = reader.take(String(line)) { throw Self.error(problem, file, line: number + 1) }
        }
        if let problem = reader.finish() { throw Self.error(problem, file, line: lines.count) }
        entries = reader.entries
    }

    private static func error(_ problem: String, _ file: SourceFile, line: Int) -> RuntimeError {
        let location = SourceLocation(file: file, range: file.lineRange(line))
        var error = RuntimeError(.world, .malformedChangelog(problem, at: "\(file.name):\(line)"))
        error.location = location
        return error
    }

    /// What an entry looks like in the file.
    static func lines(_ entry: Entry, name: String) -> [String] {
        ["# \(name)-\(entry.version)", "- \(entry.date)"] + entry.changes.map { "- \($0)" }
    }

    /// The version at the end of a heading: `hello-service-1.2.0-rc.1` names `1.2.0-rc.1`. The name in front may have
    /// dashes too, so the first dash after which a version follows is the one between.
    static func version(in heading: String) -> Version? {
        var rest = heading[...]
        while true {
            // Only these can begin a version; what refuses anything else first finds words for it.
            let beginsWithDigit = rest.utf8.first.map { (0x30...0x39).contains($0) } ?? false
            if beginsWithDigit, let version = try? Version(parsing: String(rest)) { return version }
            guard let dash = rest.firstIndex(of: "-") else { return nil }
            rest = rest[rest.index(after: dash)...]
        }
    }

    /// Whether it reads `YYYY-MM-DD`, with a month and a day that there are.
    static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) })
        else { return false }
        let (year, month, day) = (Int(parts[0]) ?? 0, Int(parts[1]) ?? 0, Int(parts[2]) ?? 0)
        return (1...12).contains(month) && (1...CalendarTime.days(in: month, of: year)).contains(day)
    }
}

/// Takes a changelog line by line.
private struct EntryReader {
    private(set) var entries: [ChangelogFile.Entry] = []
    private var version: Version?
    private var date: String?
    private var changes: [String] = []

    /// What is wrong with the line; nil where nothing is.
    mutating func take(_ line: String) -> String? {
        let text = line.trimmed
        if text.isEmpty { return nil }
        if line.hasPrefix("#") {
            if let problem = finish() { return problem }
            let heading = String(line.drop { $0 == "#" }).trimmed
            guard let found = ChangelogFile.version(in: heading) else {
                return "a heading must end in a version, as in `# name-1.2.0`, but is \(quoted(line))"
            }
            version = found
            return nil
        }
        if version == nil { return "the first line must be a heading such as `# name-1.2.0`, but is \(quoted(line))" }
        let isItem = text.hasPrefix("- ") || text.hasPrefix("* ")
        if date == nil {
            let given = isItem ? String(text.dropFirst(2)).trimmed : text
            guard isItem, ChangelogFile.isDate(given) else {
                return "the date must follow the heading, as in `- 2025-10-06`, but here is \(quoted(line))"
            }
            date = given
        } else if isItem && !line.hasPrefix(" ") && !line.hasPrefix("\t") {
            changes.append(String(text.dropFirst(2)).trimmed)
        } else if changes.isEmpty {
            return "a change must begin with `- `, but here is \(quoted(line))"
        } else {
            // Further lines and points below a point belong to it.
            changes[changes.count - 1] += "\n" + text
        }
        return nil
    }

    /// Ends the entry that is being read.
    mutating func finish() -> String? {
        guard let version else { return nil }
        guard let date else { return "the entry of \(version) has no date: `- 2025-10-06` must follow its heading" }
        entries.append(ChangelogFile.Entry(version: version, date: date, changes: changes))
        self.version = nil
        self.date = nil
        changes = []
        return nil
    }
}
