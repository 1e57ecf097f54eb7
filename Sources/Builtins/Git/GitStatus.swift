/// What `git status --porcelain=v2 --branch -z` prints, without renames
/// ([its format](https://git-scm.com/docs/git-status#_porcelain_format_version_2)).
struct GitStatus: Sendable {
    /// Nil before the first commit.
    private(set) var commit: String?
    /// From the root of the repository: what differs from the commit, and what git does not know.
    private(set) var paths: [String] = []
    /// Those of them that the commit does not have: added since, or not known to git.
    private(set) var new: Set<String> = []

    init(_ text: String) {
        for record in text.split(separator: "\0") {
            let kind = record.utf8.first
            // So many fields stand before the path, which may hold blanks.
            let fields: Int
            switch kind {
            case UInt8(ascii: "#"):
                let words = record.split(separator: " ")
                if words.count == 3, words[1] == "branch.oid", words[2] != "(initial)" { commit = String(words[2]) }
                continue
            case UInt8(ascii: "1"): fields = 8
            case UInt8(ascii: "u"): fields = 10
            case UInt8(ascii: "?"): fields = 1
            default: continue
            }
            let parts = record.split(separator: " ", maxSplits: fields, omittingEmptySubsequences: false)
            guard parts.count == fields + 1 else { continue }
            paths.append(String(parts[fields]))
            if kind == UInt8(ascii: "?") || parts[1].hasPrefix("A") { new.insert(String(parts[fields])) }
        }
    }
}
