import Glibc
import Synchronization

/// A pseudo-terminal: what a person sees and types at.
final class Terminal: Sendable {
    /// What a program opens.
    let path: String
    private let master: Int32
    /// Kept open, so that what was written can be read after the program's end.
    private let slave: Int32
    private let seen = Mutex<[UInt8]>([])

    init(columns: UInt16 = 100, rows: UInt16 = 30) throws {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        var ends: (master: Int32, slave: Int32) = (-1, -1)
        guard openpty(&ends.master, &ends.slave, nil, nil, &size) == 0, let name = ttyname(ends.slave) else {
            throw SetUpFailure("no pseudo-terminal: \(String(cString: strerror(errno)))")
        }
        path = String(cString: name)
        (master, slave) = ends
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
        _ = fcntl(master, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(master)
        close(slave)
    }

    func type(_ text: String) { _ = text.withCString { write(master, $0, strlen($0)) } }

    /// As a window does that somebody pulls at.
    func resize(columns: UInt16, rows: UInt16) {
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

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
