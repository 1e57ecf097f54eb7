import Glibc
import Synchronization

/// A pseudo-terminal: what a person sees and types at.
final class Terminal: Sendable {
    /// What a program opens.
    let path: String
    private let master: Int32
    private let seen = Mutex<[UInt8]>([])

    init(columns: UInt16 = 100, rows: UInt16 = 30) throws {
        master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard master >= 0, grantpt(master) == 0, unlockpt(master) == 0, let name = ptsname(master) else {
            throw SetUpFailure("no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        path = String(cString: name)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
    }

    deinit { close(master) }

    func type(_ text: String) { _ = text.withCString { write(master, $0, strlen($0)) } }

    /// Takes what was written to it; to be called again and again, or the program waits for room.
    func read() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(master, &buffer, buffer.count)
            guard count > 0 else { return }
            seen.withLock { $0 += buffer[..<count] }
        }
    }

    /// Everything that was ever written to it, escape sequences included.
    var text: String {
        read()
        return seen.withLock { String(decoding: $0, as: UTF8.self) }
    }
}
