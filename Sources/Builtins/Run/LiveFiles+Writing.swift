import Glibc
import Lang

// A file is replaced by writing a new one beside it, making sure it has reached the disk, and renaming it over the old
// one: whatever happens meanwhile, whoever reads it finds the old content or the new, and never a part.

extension LiveFiles {
    package func write(_ path: String, _ content: [UInt8]) throws {
        let place = try followed(absolute(path))
        var old = stat()
        let exists = stat(FileName.system(place), &old) == 0
        if exists, old.st_mode & S_IFMT != S_IFREG {
            let number = old.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL
            throw failure(number, path)
        }
        let directory = Path(place).parent.text
        let temporary = "\(directory)/\(TemporaryName(for: Path(place).name).text)"
        let beside = FileName.system(temporary)
        let number = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw failure(errno, path) }
        let file = Descriptor(number)
        var isDone = false
        defer { if !isDone { unlink(beside) } }

        if exists { try keepOwnership(of: old, in: file, path) }
        guard content.withUnsafeBytes({ writeAll($0, to: number) }), fsync(number) == 0 else {
            throw failure(errno, path)
        }
        file.close()
        guard rename(beside, FileName.system(place)) == 0 else { throw failure(errno, path) }
        isDone = true
        synchronize(directory)
    }

    package func removeLeftovers(of path: String) {
        guard let place = try? followed(absolute(path)) else { return }
        let directory = Path(place).parent.text
        for name in (try? list(directory)) ?? [] {
            guard let temporary = TemporaryName(name), temporary.isFor(Path(place).name) else { continue }
            let whole = "\(directory)/\(name)"
            guard let written = changed(whole) else { continue }
            let now = Int(LiveClock().now() * 1_000_000)
            if temporary.isLeft(age: .microseconds(max(0, now - written))) { unlink(FileName.system(whole)) }
        }
    }

    package func append(_ path: String, _ content: [UInt8]) throws {
        let number = open(try place(path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw failure(errno, path) }
        let file = Descriptor(number)
        guard content.withUnsafeBytes({ writeAll($0, to: file.number) }) else { throw failure(errno, path) }
    }

    package func copy(_ source: String, to target: String) throws {
        let content = try read(source)
        let isNew = status(target) == nil
        try write(target, content)
        // As `cp` does: a copied script stays executable.
        var original = stat()
        if isNew, stat(try place(source), &original) == 0 {
            let mask = umask(0)
            umask(mask)
            _ = chmod(try place(target), original.st_mode & 0o777 & ~mask)
        }
    }

    /// The mode must survive; the owner does where we may give files away.
    private func keepOwnership(of old: stat, in file: Descriptor, _ path: String) throws {
        _ = fchown(file.number, old.st_uid, old.st_gid)
        guard fchmod(file.number, old.st_mode & 0o7777) == 0 else { throw failure(errno, path) }
    }

    package func link(_ path: String) -> String? {
        guard let place = try? place(path) else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(place, &buffer, buffer.count)
        return count < 0 ? nil : FileName.text(of: buffer[..<count].map(UInt8.init(bitPattern:)))
    }

    package func makeLink(_ path: String, to target: String) throws {
        guard symlink(FileName.system(target), try place(path)) == 0 else { throw failure(errno, path) }
    }

    package func mode(_ path: String) -> Int? {
        var own = stat()
        guard let place = try? place(path), lstat(place, &own) == 0 else { return nil }
        return Int(own.st_mode & 0o7777)
    }

    package func changed(_ path: String) -> Int? {
        var own = stat()
        guard let place = try? place(path), lstat(place, &own) == 0 else { return nil }
        return own.st_mtim.tv_sec * 1_000_000 + own.st_mtim.tv_nsec / 1000
    }

    package func setMode(_ path: String, _ mode: Int) throws {
        guard chmod(try place(path), mode_t(mode)) == 0 else { throw failure(errno, path) }
    }

    /// The rename is on the disk only when the directory is.
    private func synchronize(_ directory: String) {
        let number = open(FileName.system(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return }
        let descriptor = Descriptor(number)
        _ = fsync(descriptor.number)
    }

    private func failure(_ number: CInt, _ path: String) -> RuntimeError {
        let help =
            number == ENOENT
            ? "its directory must exist: `mkdir -p \(shellQuoted(Path(path).parent.text))`, in a recipe "
                + "`files.create_directory(\(Value.string(Path(path).parent.text).literal))`"
            : remedy(number, path)
        return RuntimeError(.world, .fileNotWritten(path, errorText(number), help: help))
    }
}
