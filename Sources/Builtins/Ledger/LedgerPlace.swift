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

    /// Whether all of it is in its one file, and not in what is still to be brought into that.
    var isWhole: Bool {
        var status = stat()
        return exists && (stat(path + "-wal", &status) != 0 || status.st_size == 0)
    }

    /// What is there that no ledger can be in: a directory, a device; nil for a file, or nothing.
    var otherType: String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: nil
        case S_IFDIR: "it is a directory"
        default: "it is not a regular file"
        }
    }

    /// Why its directory cannot be made.
    package struct Refusal: Sendable, Hashable {
        let reason: String
        let isFull: Bool
        /// Whether what it would be made in is not there.
        let isHomeless: Bool

        fileprivate init(_ path: String, _ number: CInt) {
            reason = "\(path): \(errorText(number))"
            isFull = number == ENOSPC || number == EDQUOT
            isHomeless = number == ENOENT
        }
    }

    /// Makes its directory, which is for the user alone: output of programs stands in the ledger.
    /// - Returns: why that cannot be done; nil where it is done.
    package func prepare() -> Refusal? {
        if exists { return access(path, W_OK) == 0 ? nil : Refusal(path, errno) }
        let parent = Path(path).parent.text
        if mkdir(parent, 0o700) != 0, errno != EEXIST { return Refusal(parent, errno) }
        guard isOurs else { return nil }
        // git and everything that asks it sees nothing of the directory then.
        let ignore = Path(parent).joined(".gitignore").text
        if access(ignore, F_OK) == 0 { return nil }
        let number = open(ignore, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard number >= 0 else { return Refusal(ignore, errno) }
        let file = Descriptor(number)
        if write(file.number, "*\n", 2) == 2 { return nil }
        let refusal = Refusal(ignore, errno)
        // An empty one would be taken for what it should be.
        unlink(ignore)
        return refusal
    }

    /// Room on the disk, so that the end of a run can be written where others have filled it: a file without a name, which goes
    /// when it is closed. Nil where there is no room to keep.
    func reserve() -> Descriptor? {
        let name = "\(path)-reserve-\(getpid())"
        let number = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard number >= 0 else { return nil }
        let file = Descriptor(number)
        unlink(name)
        return posix_fallocate(file.number, 0, 128 << 10) == 0 ? file : nil
    }
}
