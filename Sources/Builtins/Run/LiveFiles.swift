import Glibc
package import Lang

/// The files of this machine.
package struct LiveFiles: FileAccess {
    private let workingDirectory: String

    /// - Parameter workingDirectory: what relative paths are relative to; absolute.
    package init(workingDirectory: String) { self.workingDirectory = workingDirectory }

    static let largestRead = 1 << 30

    package func read(_ path: String) throws -> [UInt8] {
        let (file, size) = try openToRead(path)
        let tooLarge = RuntimeError(.world, .fileTooLarge(path, bytes: size, limit: Self.largestRead))
        guard size <= Self.largestRead else { throw tooLarge }
        try Work.reserveForEffect(size)

        var content: [UInt8] = []
        content.reserveCapacity(size)
        try forEachPiece(of: file, path, pieceSize: min(max(size + 1, 4096), 1 << 20)) { piece in
            if content.count + piece.count > content.capacity { try Work.reserveForEffect(2 * content.count) }
            content += piece
            // Files under /proc and devices do not say how much there is.
            guard content.count <= Self.largestRead else { throw tooLarge }
        }
        return content
    }

    package func digest(_ path: String) throws -> (digest: Digest, count: Int) {
        var hash = ContentHash("sha256")
        var count = 0
        try forEachPiece(of: try openToRead(path).file, path, pieceSize: 1 << 20) { piece in
            hash.update(Piece(Array(piece)))
            count += piece.count
        }
        return (hash.digest, count)
    }

    private func openToRead(_ path: String) throws -> (file: Descriptor, size: Int) {
        // Without O_NONBLOCK, opening a named pipe would wait for somebody to write to it.
        let number = open(try place(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw readFailure(errno, path) }
        let file = Descriptor(number)
        var status = stat()
        guard fstat(number, &status) == 0 else { throw readFailure(errno, path) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: throw readFailure(EISDIR, path)
        case S_IFIFO, S_IFSOCK: throw RuntimeError(.world, .fileNotRead(path, "it is not a regular file", help: nil))
        default: return (file, Int(status.st_size))
        }
    }

    private func forEachPiece(
        of file: Descriptor, _ path: String, pieceSize: Int, _ body: (ArraySlice<UInt8>) throws -> Void
    ) throws {
        var buffer = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let count = Glibc.read(file.number, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw readFailure(errno, path) }
            if count == 0 { return }
            try body(buffer[..<count])
        }
    }

    private func readFailure(_ number: CInt, _ path: String) -> RuntimeError {
        RuntimeError(.world, .fileNotRead(path, errorText(number), help: remedy(number, path)))
    }

    package func status(_ path: String) -> FileStatus? {
        guard let place = try? place(path) else { return nil }
        var own = stat()
        guard lstat(place, &own) == 0 else { return nil }
        let isLink = own.st_mode & S_IFMT == S_IFLNK
        var target = own
        if isLink, stat(place, &target) != 0 { target = own }
        return FileStatus(
            isDirectory: target.st_mode & S_IFMT == S_IFDIR, isSymbolicLink: isLink,
            isSpecial: ![S_IFDIR, S_IFREG, S_IFLNK].contains(target.st_mode & S_IFMT), size: Int(target.st_size))
    }

    package func list(_ path: String) throws -> [String] {
        guard let directory = opendir(try place(path)) else {
            let number = errno
            throw RuntimeError(.world, .directoryNotListed(path, errorText(number), help: remedy(number, path)))
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { FileName.text(of: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package func createDirectory(_ path: String) throws {
        let place = try absolute(path)
        var made = ""
        for part in place.split(separator: "/") {
            made += "/" + part
            if mkdir(FileName.system(made), 0o777) == 0 || errno == EEXIST { continue }
            let number = errno
            throw RuntimeError(.world, .directoryNotCreated(path, errorText(number), help: remedy(number, path)))
        }
        guard status(place)?.isDirectory ?? true else {
            throw RuntimeError(
                .world, .directoryNotCreated(path, "there is a file of that name", help: "remove it, or choose another")
            )
        }
    }

    package func remove(_ path: String) throws {
        // Unlike unlink and rmdir, this takes both files and empty directories.
        guard Glibc.remove(try place(path)) == 0 else {
            let number = errno
            throw RuntimeError(.world, .fileNotRemoved(path, errorText(number), help: remedy(number, path)))
        }
    }

    func absolute(_ path: String) throws -> String {
        guard !path.utf8.contains(0) else { throw RuntimeError(.world, .nulInPath(path)) }
        return Path(workingDirectory).joined(path).text
    }

    /// What the system knows it by.
    func place(_ path: String) throws -> [CChar] { FileName.system(try absolute(path)) }

    /// What a person can do about an error.
    func remedy(_ number: CInt, _ path: String) -> String? {
        switch number {
        case ENOENT: "check the path; a relative one is relative to \(workingDirectory)"
        case EACCES, EPERM: "look at the permissions with `ls -ld`, or run relsh as a user who may"
        case EISDIR: "name a file in it; `files.list` gives the names in a directory"
        case ENOTDIR: "a part of the path is a file, not a directory"
        case ENOTEMPTY, EEXIST: "`recursive: true` removes a directory with everything in it"
        case ENOSPC, EDQUOT: "make room on the disk; `df -h` shows how much there is"
        case EROFS: "the file system can only be read; choose another place"
        case EMFILE, ENFILE: "`ulimit -n` says how many files relsh may have open"
        default: nil
        }
    }
}
