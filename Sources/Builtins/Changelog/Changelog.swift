import Lang

/// The project's changelog on disk.
struct Changelog: Sendable {
    let project: Project
    let bytes: [UInt8]
    let entries: [ChangelogFile.Entry]

    var path: String { project.changelogPath.text }

    init(in world: World) async throws {
        project = try await world.project.load()
        let path = project.changelogPath.text
        guard world.files.status(path)?.isDirectory == false else {
            throw RuntimeError(.world, .noChangelog(path, name: project.name))
        }
        bytes = try world.files.read(path)
        entries = try ChangelogFile(SourceFile(name: project.changelog, path: path, bytes: bytes)).entries
    }

    /// The entry that stands first.
    func newest() throws -> ChangelogFile.Entry {
        guard let first = entries.first else { throw RuntimeError(.world, .emptyChangelog(path, name: project.name)) }
        return first
    }

    /// Refuses a version that the newest entry has overtaken.
    func check(_ version: Version) throws {
        let newest = try newest().version
        if version < newest {
            throw RuntimeError(.world, .versionBelowChangelog(version, newest: newest, changelog: project.changelog))
        }
    }

    /// A new entry, to stand first.
    func entry(_ version: Version, _ changes: [String], date: String?, now: Double) throws -> ChangelogFile.Entry {
        if changes.isEmpty { throw RuntimeError(.value, .noChanges(version)) }
        if let date, !ChangelogFile.isDate(date) { throw RuntimeError(.value, .notADate(date)) }
        for change in changes where change.contains(where: \.isNewline) || change.trimmed.isEmpty {
            throw RuntimeError(.value, .changeNotOneLine(change))
        }
        if let newest = entries.first, !(newest.version < version) {
            throw RuntimeError(
                .world, .versionNotAboveChangelog(version, newest: newest.version, changelog: project.changelog))
        }
        return ChangelogFile.Entry(version: version, date: date ?? Self.date(now), changes: changes)
    }

    /// The file's new content.
    func adding(_ entry: ChangelogFile.Entry) -> [UInt8] {
        let lines = ChangelogFile.lines(entry, name: project.name)
        return Array((lines.joined(separator: "\n") + "\n" + (bytes.isEmpty ? "" : "\n")).utf8) + bytes
    }

    /// What a person would type to get the same file.
    func command(adding entry: ChangelogFile.Entry) -> String {
        let lines = ChangelogFile.lines(entry, name: project.name) + (bytes.isEmpty ? [] : [""])
        let (old, new) = (shellQuoted(path), shellQuoted(path + ".new"))
        return
            "printf '%s\\n' \(lines.map(shellQuoted).joined(separator: " ")) | cat - \(old) > \(new) && mv \(new) \(old)"
    }

    /// The UTC date at a time, as `2025-10-06`. Days since 1970 to a date by Howard Hinnant's `civil_from_days`.
    static func date(_ seconds: Double) -> String {
        let days = Int((seconds / 86_400).rounded(.down)) + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func padded(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}
