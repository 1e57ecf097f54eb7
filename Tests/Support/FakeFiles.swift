package import Builtins
import Lang
import Synchronization

/// Files in memory. Relative paths are relative to `/work`; a file's directories exist.
package final class FakeFiles: FileAccess {
    private struct State {
        var files: [String: [UInt8]] = [:]
        var directories: Set<String> = ["/", "/work", "/tmp"]
    }

    private let state = Mutex(State())
    private let workingDirectory: String

    package init(_ files: [String: String] = [:], workingDirectory: String = "/work") {
        self.workingDirectory = workingDirectory
        for (path, text) in files {
            let place = absolute(path)
            state.withLock { state in
                state.files[place] = Array(text.utf8)
                Self.makeDirectories(Path(place).parent.text, &state)
            }
        }
    }

    /// All files by absolute path.
    package var contents: [String: String] {
        state.withLock { $0.files.mapValues { String(decoding: $0, as: UTF8.self) } }
    }

    package func read(_ path: String) throws -> [UInt8] {
        let place = absolute(path)
        return try state.withLock { state in
            if let content = state.files[place] { return content }
            let reason = state.directories.contains(place) ? "is a directory" : "no such file or directory"
            throw RuntimeError(.world, .fileNotRead(path, reason, help: nil))
        }
    }

    package func write(_ path: String, _ content: [UInt8]) throws {
        let place = absolute(path)
        try state.withLock { state in
            guard state.directories.contains(Path(place).parent.text), !state.directories.contains(place) else {
                throw RuntimeError(.world, .fileNotWritten(path, "no such file or directory", help: nil))
            }
            state.files[place] = content
        }
    }

    package func status(_ path: String) -> FileStatus? {
        let place = absolute(path)
        return state.withLock { state in
            if let content = state.files[place] {
                return FileStatus(isDirectory: false, isSymbolicLink: false, size: content.count)
            }
            guard state.directories.contains(place) else { return nil }
            return FileStatus(isDirectory: true, isSymbolicLink: false, size: 4096)
        }
    }

    package func list(_ path: String) throws -> [String] {
        let place = absolute(path)
        return try state.withLock { state in
            guard state.directories.contains(place) else {
                throw RuntimeError(.world, .directoryNotListed(path, "no such file or directory", help: nil))
            }
            let all = Array(state.files.keys) + state.directories.filter { $0 != "/" }
            let names = all.filter { Path($0).parent.text == place }.map { Path($0).name }
            return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
    }

    package func createDirectory(_ path: String) throws {
        let place = absolute(path)
        state.withLock { Self.makeDirectories(place, &$0) }
    }

    package func remove(_ path: String) throws {
        let place = absolute(path)
        try state.withLock { state in
            if state.files.removeValue(forKey: place) != nil { return }
            let isEmpty = !state.files.keys.contains { $0.hasPrefix(place + "/") }
            guard isEmpty, state.directories.remove(place) != nil else {
                throw RuntimeError(.world, .fileNotRemoved(path, "directory not empty", help: nil))
            }
        }
    }

    private func absolute(_ path: String) -> String {
        let parts = Path(workingDirectory).joined(path).text.split(separator: "/").filter { $0 != "." }
        return "/" + parts.joined(separator: "/")
    }

    private static func makeDirectories(_ place: String, _ state: inout State) {
        var made = ""
        for part in place.split(separator: "/") {
            made += "/" + part
            state.directories.insert(made)
        }
    }
}
