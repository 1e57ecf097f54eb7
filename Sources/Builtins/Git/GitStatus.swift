/// What `git status --porcelain=v2 --branch -z` prints, without renames
/// ([its format](https://git-scm.com/docs/git-status#_porcelain_format_version_2)).
struct GitStatus: Sendable {
    /// What differs from the commit, or what git does not know.
    struct Entry: Sendable, Hashable {
        enum Kind: Sendable, Hashable {
            case file
            /// With the commit that it is at in the commit of the project; nil where there is none, or several.
            case submodule(String?)
            /// A repository that git does not know, and does not look into.
            case repository
        }

        /// From the root of the repository, as `FileName` keeps it.
        let path: String
        let kind: Kind
        /// The commit does not have it: added since, or not known to git.
        let isNew: Bool
    }

    /// Nil before the first commit.
    private(set) var commit: String?
    private(set) var entries: [Entry] = []

    init(_ outcome: ProcessOutcome) {
        if let raw = outcome.rawOutput { self.init(raw) } else { self.init(outcome.stdout.utf8) }
    }

    init(_ output: some Collection<UInt8>) {
        for record in output.split(separator: 0) {
            if record.starts(with: "# branch.oid ".utf8) {
                let name = String(decoding: record.dropFirst("# branch.oid ".utf8.count), as: UTF8.self)
                if name != "(initial)" { commit = name }
            } else if let entry = Self.entry(Array(record)) {
                entries.append(entry)
            }
        }
    }

    private static func entry(_ record: [UInt8]) -> Entry? {
        // So many fields stand before the path, which may hold blanks.
        let count: Int
        switch record.first {
        case UInt8(ascii: "1"): count = 8
        case UInt8(ascii: "u"): count = 10
        case UInt8(ascii: "?"): count = 1
        default: return nil
        }
        let parts = record.split(separator: UInt8(ascii: " "), maxSplits: count, omittingEmptySubsequences: false)
        guard parts.count == count + 1 else { return nil }
        let path = FileName.text(of: parts[count])
        if count == 1 {
            return Entry(path: path, kind: path.hasSuffix("/") ? .repository : .file, isNew: true)
        }
        let fields = parts[..<count].map { String(decoding: $0, as: UTF8.self) }
        let isNew = fields[1].hasPrefix("A")
        // Something else may be in the place of a submodule by now, or nothing.
        guard fields[2].hasPrefix("S"), fields[count == 8 ? 5 : 6] == "160000" else {
            return Entry(path: path, kind: .file, isNew: isNew)
        }
        return Entry(path: path, kind: .submodule(count == 8 && !isNew ? fields[6] : nil), isNew: isNew)
    }
}
