import Glibc
import Lang

/// Where a ledger is: `RELSH_LEDGER`, or `.relsh/ledger.db` beside `relsh.toml`.
package struct LedgerPlace: Sendable, Hashable {
    package let path: String
    /// Whether relsh has made up the directory, and keeps it out of git.
    let isOurs: Bool

    package init(path: String, isOurs: Bool) {
        self.path = path
        self.isOurs = isOurs
    }

    /// The directory in a project that relsh keeps its own things in.
    package static let directory = ".relsh"

    /// Nil where there is neither a project nor `RELSH_LEDGER`: then nothing is recorded.
    package static func find(
        environment: [String: String], workingDirectory: String, files: some FileAccess
    ) -> LedgerPlace? {
        if let path = environment["RELSH_LEDGER"], !path.isEmpty {
            return LedgerPlace(path: Path(workingDirectory).joined(path).text, isOurs: false)
        }
        guard let root = try? ProjectFile.root(from: workingDirectory, files: files) else { return nil }
        return LedgerPlace(path: Path(root).joined("\(directory)/ledger.db").text, isOurs: true)
    }

    var exists: Bool { access(path, F_OK) == 0 }

    /// Makes its directory, which is for the user alone: output of programs stands in the ledger.
    /// - Returns: why that cannot be done; nil where it is done.
    package func prepare() -> String? {
        if exists { return access(path, W_OK) == 0 ? nil : "\(path): \(errorText(errno))" }
        let parent = Path(path).parent.text
        if mkdir(parent, 0o700) != 0, errno != EEXIST { return "\(parent): \(errorText(errno))" }
        guard isOurs else { return nil }
        // git and everything that asks it sees nothing of the directory then.
        let ignore = Path(parent).joined(".gitignore").text
        if access(ignore, F_OK) == 0 { return nil }
        let number = open(ignore, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard number >= 0 else { return "\(ignore): \(errorText(errno))" }
        let file = Descriptor(number)
        return write(file.number, "*\n", 2) == 2 ? nil : "\(ignore): \(errorText(errno))"
    }
}
