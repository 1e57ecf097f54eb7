import Glibc
import Lang
import Synchronization

/// A file descriptor that is closed once: when told to, or when nothing refers to it any more. Never inherited: a child
/// gets a copy of it as one of its three standard streams.
final class Descriptor: Sendable {
    private let open: Mutex<CInt?>
    let number: CInt

    init(_ number: CInt) {
        self.number = number
        open = Mutex(number)
    }

    deinit { close() }

    func close() {
        open.withLock { number in
            if let number { _ = Glibc.close(number) }
            number = nil
        }
    }

    /// What is written to `write` can be read from `read`.
    static func pipe() throws -> (read: Descriptor, write: Descriptor) {
        var ends: [CInt] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw RuntimeError(.command, .noPipe(errorText(errno))) }
        // No child is given these by accident before the flag is set: swift-subprocess closes what it was not told of.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    /// Nothing to read.
    static func empty() throws -> Descriptor {
        let number = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw RuntimeError(.command, .noPipe(errorText(errno))) }
        return Descriptor(number)
    }

    /// relsh's own; a copy, so that closing it is safe.
    static func standardInput() throws -> Descriptor {
        let number = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        guard number >= 0 else { throw RuntimeError(.command, .noPipe(errorText(errno))) }
        return Descriptor(number)
    }

    /// A nameless file that holds `text`, in memory where there is room. Unlike a pipe it needs nobody who goes on
    /// writing while the program runs, and it does not mind a program that reads only the beginning.
    static func holding(_ text: String) throws -> Descriptor {
        if let descriptor = inMemory(), descriptor.fill(text) { return descriptor }
        let descriptor = try onDisk()
        guard descriptor.fill(text) else { throw RuntimeError(.command, .noScratchFile(errorText(errno))) }
        return descriptor
    }

    /// An empty nameless file to write to.
    static func scratch() throws -> Descriptor { try inMemory() ?? onDisk() }

    private static func onDisk() throws -> Descriptor {
        var template = Array("/tmp/relsh-file-XXXXXX".utf8CString)
        let number = mkstemp(&template)
        guard number >= 0 else { throw RuntimeError(.command, .noScratchFile(errorText(errno))) }
        let descriptor = Descriptor(number)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return descriptor
    }

    private static func inMemory() -> Descriptor? {
        let name = "/relsh-file-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let number = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard number >= 0 else { return nil }
        shm_unlink(name)
        return Descriptor(number)
    }

    /// What has been written to a file, from its beginning; at most one byte more than `limit`.
    func content(limit: Int) throws -> [UInt8] {
        var status = stat()
        guard fstat(number, &status) == 0 else { throw RuntimeError(.command, .noScratchFile(errorText(errno))) }
        let size = min(Int(status.st_size), limit == .max ? .max : limit + 1)
        if size == 0 { return [] }
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let read = pread(number, buffer.baseAddress.map { $0 + count }, size - count, off_t(count))
                if read < 0, errno == EINTR { continue }
                if read < 0 { throw RuntimeError(.command, .noScratchFile(errorText(errno))) }
                // Someone made it shorter.
                if read == 0 { return }
                count += read
            }
        }
    }

    private func fill(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { writeAll(UnsafeRawBufferPointer($0), to: number) } && lseek(number, 0, SEEK_SET) == 0
    }
}

/// Writes everything, however often it takes. False leaves the reason in `errno`.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Bool {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count < 0 {
            if errno == EINTR { continue }
            return false
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
}

/// What the system says about an error number.
func errorText(_ number: CInt) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard strerror_r(number, &buffer, buffer.count) == 0 else { return "error \(number)" }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return text.prefix(1).lowercased() + text.dropFirst()
}
