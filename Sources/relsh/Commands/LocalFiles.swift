import Builtins
import Glibc
import Lang

/// The few things the command line asks of the file system before there is a `World`.
enum LocalFiles {
    enum Kind: Sendable { case file, directory }

    /// Why something could not be read, as the system says it.
    struct Failure: Error {
        let code: Int32
        var reason: String { String(cString: strerror(code)) }

        /// What to do, as builtins say it of files.
        var remedy: String? {
            code == EACCES || code == EPERM
                ? "look at the permissions with `ls -ld`, or run relsh as a user who may" : nil
        }
    }

    /// Nil where there is nothing. Whatever is no directory counts as a file: pipes can be read too.
    static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(FileName.system(path), &status) == 0 else { return nil }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
    }

    /// Whether there is something that is neither file nor directory: reading a named pipe waits for somebody to write to it.
    static func isSpecial(_ path: String) -> Bool { LiveFiles(workingDirectory: "/").status(path)?.isSpecial == true }

    /// Why nothing can be told of what is there; nil where that is that there is nothing.
    static func failure(of path: String) -> Failure? {
        var status = stat()
        guard stat(path, &status) != 0, errno != ENOENT, errno != ENOTDIR else { return nil }
        return Failure(code: errno)
    }

    /// Up to `limit` bytes and one more, by which the caller sees that it was too much.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        defer { close(descriptor) }
        return try read(descriptor, limit: limit)
    }

    static func read(_ descriptor: Int32, limit: Int) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &buffer, min(buffer.count, limit + 1 - bytes.count))
            if count == 0 { break }
            if count > 0 {
                bytes += buffer[..<count]
            } else if errno != EINTR {
                throw Failure(code: errno)
            }
        }
        return bytes
    }

    /// The names in a directory that are UTF-8, sorted; empty where there is none, or where it cannot be read.
    static func names(in directory: String) -> [String] { ((try? list(directory)) ?? []).filter(FileName.isText) }

    /// The names in a directory, sorted; what is not UTF-8 in them is as `FileName` keeps it.
    static func list(_ directory: String) throws(Failure) -> [String] {
        guard let stream = opendir(FileName.system(directory)) else { throw Failure(code: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { FileName.text(of: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes a directory the one that relative paths are relative to; false where it is not there.
    static func enter(_ directory: String) -> Bool { chdir(directory) == 0 }

    /// A run would otherwise take place in `/`, or in a directory of another name.
    static func expectWorkingDirectory() throws(UsageError) {
        guard let path = getcwd(nil, 0) else { throw UsageError(.workingDirectoryGone(Failure(code: errno).reason)) }
        defer { free(path) }
        try expectText(FileName.text(of: path))
    }

    /// - Parameter directory: as `FileName` keeps it.
    static func expectText(_ directory: String) throws(UsageError) {
        if !FileName.isText(directory) { throw UsageError(.workingDirectoryNotText(FileName.shown(directory))) }
    }

    static var workingDirectory: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// Absolute, without `.` and `..`; symbolic links stay.
    static func absolute(_ path: String, from directory: String) -> String {
        let whole = path.hasPrefix("/") ? path : directory + "/" + path
        var parts: [Substring] = []
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Nil where there is nothing.
    static func resolvingLinks(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// An absolute path as a person in `directory` would write it: `recipes/dev.rel`, `../recipes/dev.rel`. Left
    /// absolute where only the root is common.
    static func shown(_ path: String, from directory: String) -> String {
        var prefix = ""
        for directory in sequence(first: absolute(directory, from: "/"), next: parent) where directory != "/" {
            if path.hasPrefix(directory + "/") { return prefix + path.dropFirst(directory.count + 1) }
            prefix += "../"
        }
        return path
    }

    static func parent(_ directory: String) -> String? {
        guard directory != "/", let slash = directory.lastIndex(of: "/") else { return nil }
        return slash == directory.startIndex ? "/" : String(directory[..<slash])
    }
}
