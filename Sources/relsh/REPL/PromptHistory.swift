import Builtins
import Glibc
import Lang

/// What was typed in earlier sessions, in a file that is for the user alone: one input a line, line ends written as `\n`.
struct PromptHistory {
    /// Nil where there is no home to keep it in.
    let path: String?
    private static let limit = 2000
    private static let sizeLimit = 4 << 20

    init(_ environment: [String: String]) {
        if let path = environment["RELSH_HISTORY"] {
            self.path = path.isEmpty ? nil : path
        } else {
            path = Self.state(environment).map { "\($0)/history" }
        }
    }

    /// Where relsh keeps what belongs to no project: `$XDG_STATE_HOME/relsh`.
    /// Source: the XDG Base Directory Specification.
    static func state(_ environment: [String: String]) -> String? {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/relsh" }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return "\(home)/.local/state/relsh"
    }

    /// Where the changes are recorded that are made at a prompt outside of any project.
    static func ledger(_ environment: [String: String]) -> LedgerPlace? {
        state(environment).map { LedgerPlace(path: "\($0)/ledger.db", isOurs: false) }
    }

    /// The oldest first, each once.
    func load() -> [String] {
        guard let path, let bytes = try? LocalFiles.read(path, limit: Self.sizeLimit) else { return [] }
        var seen: Set<String> = []
        var entries: [String] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").reversed() {
            let entry = Self.unescaped(String(line))
            if seen.insert(entry).inserted { entries.append(entry) }
            if entries.count == Self.limit { break }
        }
        return entries.reversed()
    }

    /// Writes the file anew, with what another session has added meanwhile kept.
    func add(_ entry: String) {
        guard let path, Self.isKept(entry) else { return }
        let directory = Path(path).parent.text
        let files = LiveFiles(workingDirectory: "/")
        try? files.createDirectory(directory)
        let known = load().filter { $0 != entry } + [entry]
        let text = known.suffix(Self.limit).map { Self.escaped($0) + "\n" }.joined()
        let temporary = "\(path).\(getpid())"
        let number = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard number >= 0 else { return }
        let isWhole = Terminal.write(text, to: number)
        close(number)
        if isWhole { rename(temporary, path) } else { unlink(temporary) }
    }

    /// False for what begins with a space, as shells have it, and for what holds a secret.
    static func isKept(_ entry: String) -> Bool {
        if entry.hasPrefix(" ") || entry.allSatisfy(\.isWhitespace) { return false }
        return mayBeShown(entry)
    }

    /// False for what holds a secret that relsh knows of, or what looks like one.
    static func mayBeShown(_ entry: String) -> Bool { SecretMask.hide(in: entry) == entry && !looksSecret(entry) }

    /// Rather too often than once too little: what is not kept can be typed again.
    private static func looksSecret(_ entry: String) -> Bool {
        // What only names a secret.
        let text = entry.replacing(/(env\.secret|secrets\.[a-z]+|env\.get)\([^)]*\)|\$\{[^}]*\}|\$[A-Za-z_]+/, with: "")
        let signs: [any RegexComponent<Substring>] = [
            // `token = "…"`, `password: Str = '…'`, `{"api_key": "…"}`, `TOKEN=…`
            /(?i)(?:password|passwd|token|secret|api_?key|credential)s?["']?\s*(?::\s*[a-z]+\??\s*)?[=:]\s*["']?[^\s"'\[\](){}]/,
            // `--password …`, `--token=…`
            /(?i)--(?:password|passwd|token|secret|api-key|pass)[\s=]+["']?[^\s"'-]/,
            // `docker login -p …`, `curl -u name:…`
            /(?i)login\b.*\s-p\s*\S|\s-u\s*["']?[^\s"':]+:\S/,
            // `https://name:…@host`
            /:\/\/[^\/\s:@]+:[^\/\s@]+@/,
            // `Authorization: Bearer …`
            /(?i)(?:bearer|basic)\s+[a-z0-9+\/._=-]{6,}/,
            // Tokens of GitHub, AWS, GitLab and Slack, by their beginnings.
            /gh[pousr]_[A-Za-z0-9]{10,}|github_pat_|AKIA[A-Z0-9]{10,}|glpat-|xox[abp]-/,
            /Secret\(\s*["']/,
        ]
        return signs.contains { text.firstMatch(of: $0) != nil }
    }

    private static func escaped(_ entry: String) -> String {
        entry.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func unescaped(_ line: String) -> String {
        var text = ""
        var isEscaped = false
        for character in line {
            if isEscaped {
                text.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                text.append(character)
            }
        }
        return text
    }
}
