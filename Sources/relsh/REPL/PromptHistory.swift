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
        return SecretMask.hide(in: entry) == entry && !looksSecret(entry)
    }

    /// A word that names a secret, right before a text.
    private static func looksSecret(_ entry: String) -> Bool {
        let lower = entry.lowercased()
        let words = ["password", "passwd", "token", "secret", "api_key", "apikey", "credential"]
        for word in words {
            for found in lower.ranges(of: word) {
                let rest = lower[found.upperBound...].drop { $0.isLetter || $0 == "_" || $0 == " " }
                guard let sign = rest.first, sign == "=" || sign == ":" || sign == "(" else { continue }
                let value = rest.dropFirst().drop { $0 == " " }
                // `token: Str = "…"` too, and not `token: env.get("NAME")`.
                let before = value.prefix { !"(,;{[\n".contains($0) }
                if sign != "(", before.contains(where: { $0 == "\"" || $0 == "'" }) { return true }
                if sign == "(", lower[..<found.lowerBound].last != ".", value.first == "\"", word == "secret" {
                    // `Secret("…")`; but not `env.secret("NAME")`, which holds a name.
                    return true
                }
                // `--password=hunter2`, `TOKEN=…` before a program.
                if sign == "=", !value.hasPrefix("$"), value.first.map({ $0.isLetter || $0.isNumber }) == true,
                    entry.contains("$ ")
                {
                    return true
                }
            }
        }
        return false
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
