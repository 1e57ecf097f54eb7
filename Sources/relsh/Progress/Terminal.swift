import Glibc
import Synchronization

/// The terminal, as the system gives it.
enum Terminal {
    struct Size: Sendable, Equatable {
        let width: Int
        let height: Int
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether standard input and output are a terminal that may be lent to a program: not to one in the background.
    static var isOurs: Bool { isTerminal(0) && isTerminal(1) && tcgetpgrp(0) == getpgrp() }

    /// Nil where the descriptor is no terminal.
    static func size(_ descriptor: Int32) -> Size? {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return nil }
        return Size(width: Int(window.ws_col), height: window.ws_row > 0 ? Int(window.ws_row) : 24)
    }

    /// Writes all of the text, or gives up where that cannot be done.
    /// - Returns: false where nobody reads any more (`relsh … | head`).
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// As above, of what need not be text.
    @discardableResult
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { write($0, to: descriptor) }
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while let start = rest.baseAddress, rest.count > 0 {
            let count = Glibc.write(descriptor, start, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, 1000)
            } else if errno != EINTR {
                let code = errno
                if descriptor == 1, code != EPIPE { lostOutput.store(code, ordering: .relaxed) }
                return code != EPIPE
            }
        }
        return true
    }

    /// Why something could not be written to standard output, as on a full disk: an error code; 0 where all of it was. That nobody
    /// reads any more is no such reason.
    static let lostOutput = Atomic<Int32>(0)

    /// Opens those of the first three descriptors that are closed, on nothing: else a file that relsh opens would get the number,
    /// and what is meant for a terminal would be written into it.
    static func reserveDescriptors() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 { _ = open("/dev/null", O_RDWR) }
    }

    /// Lets a write to a closed pipe be an error instead of the end of relsh. A handler that does nothing, and not
    /// `SIG_IGN`: ignoring would be inherited by the programs that recipes start, handlers are not.
    static func surviveClosedPipes() {
        signal(SIGPIPE) { _ in }
    }
}
