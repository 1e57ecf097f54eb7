import Glibc
import Synchronization

/// Where the tests put what they make; removed when they are done.
enum TemporaryFiles {
    static let directory: String = {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let path = "\(base)/relsh-e2e-\(getpid())"
        mkdir(path, 0o700)
        return path
    }()

    private static let count = Mutex(0)

    /// A path that nobody else has.
    static func path(_ name: String) -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return "\(directory)/\(number)-\(name)"
    }

    /// A file with this content.
    static func file(_ name: String, _ content: [UInt8]) throws -> String {
        let path = path(name)
        try writeFile(path, content)
        return path
    }

    static func file(_ name: String, _ content: String) throws -> String { try file(name, Array(content.utf8)) }

    static func newDirectory(_ name: String) -> String {
        let path = path(name)
        mkdir(path, 0o700)
        return path
    }
}

func writeFile(_ path: String, _ content: [UInt8]) throws {
    guard let file = fopen(path, "w") else {
        throw SetUpFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    guard fwrite(content, 1, content.count, file) == content.count else { throw SetUpFailure("\(path): short write") }
}

func writeFile(_ path: String, _ content: String) throws { try writeFile(path, Array(content.utf8)) }

/// What a file holds, as far as it is there.
func readText(_ path: String) -> String { String(decoding: readBytes(path), as: UTF8.self) }

func readBytes(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&buffer, 1, buffer.count, file)
        if count == 0 { return bytes }
        bytes += buffer[..<count]
    }
}
