import Builtins
import Glibc
import Lang
import Synchronization

/// Standard output, and a person to ask where there is one. Draws nothing.
final class TerminalConsole: Console {
    let assumesYes: Bool
    /// True where the program itself was read from standard input, so that no answers come from there.
    private let programIsStandardInput: Bool
    /// The echo that a prompt for a secret has turned off, to be restored however relsh ends.
    private let echo = Mutex<(descriptor: Int32, settings: termios)?>(nil)
    private let output = Mutex<(isClosed: Bool, onClose: (@Sendable () -> Void)?)>((false, nil))

    init(assumesYes: Bool, programIsStandardInput: Bool = false) {
        self.assumesYes = assumesYes
        self.programIsStandardInput = programIsStandardInput
    }

    var printsToTerminal: Bool { Terminal.isTerminal(1) }

    var hasTerminal: Bool { Terminal.isOurs }

    var width: Int { (Terminal.size(1) ?? Terminal.size(2))?.width ?? 80 }

    func print(_ text: String) {
        if !Terminal.write(SecretMask.hide(inPrinted: text), to: 1) { outputClosed() }
    }

    /// True once something was printed that nobody can read.
    var outputIsClosed: Bool { output.withLock(\.isClosed) }

    /// - Parameter action: called once, when standard output turns out to be closed.
    func whenOutputCloses(_ action: @escaping @Sendable () -> Void) {
        let isClosed = output.withLock { output in
            output.onClose = action
            return output.isClosed
        }
        if isClosed { action() }
    }

    private func outputClosed() {
        let action = output.withLock { output in
            defer { output.isClosed = true }
            return output.isClosed ? nil : output.onClose
        }
        action?()
    }

    func withTerminal<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T { try await body() }

    // MARK: asking

    var isInteractive: Bool {
        if Terminal.isTerminal(0) { return true }
        guard programIsStandardInput else { return false }
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        if terminal >= 0 { close(terminal) }
        return terminal >= 0
    }

    /// From standard input; from the terminal where standard input is the program, or where a secret is asked for and
    /// would otherwise be read from a pipe.
    func readLine(prompt: String, isSecret: Bool) async throws -> String? {
        let needsTerminal = !Terminal.isTerminal(0) && (programIsStandardInput || isSecret)
        let terminal = needsTerminal ? open("/dev/tty", O_RDWR | O_CLOEXEC) : -1
        defer { if terminal >= 0 { close(terminal) } }
        if terminal < 0, programIsStandardInput { return nil }
        let input = terminal >= 0 ? terminal : 0
        Terminal.write(prompt, to: terminal >= 0 ? terminal : 2)
        if isSecret { hideTyping(input) }
        defer {
            if isSecret, restoreTerminal() { Terminal.write("\n", to: terminal >= 0 ? terminal : 2) }
        }
        return try await line(from: input)
    }

    private func hideTyping(_ descriptor: Int32) {
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { return }
        let before = settings
        echo.withLock { $0 = (descriptor, before) }
        settings.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(descriptor, TCSAFLUSH, &settings)
    }

    /// Turns the echo on again if a prompt had turned it off. To be called where relsh ends in the middle of one.
    @discardableResult
    func restoreTerminal() -> Bool {
        echo.withLock { echo in
            guard var hidden = echo else { return false }
            tcsetattr(hidden.descriptor, TCSANOW, &hidden.settings)
            echo = nil
            return true
        }
    }

    /// Looks every few milliseconds instead of blocking: no thread is held, and cancelling works at once.
    private func line(from descriptor: Int32) async throws -> String? {
        var bytes: [UInt8] = []
        while true {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if poll(&waiting, 1, 0) == 0 {
                try await Task.sleep(for: .milliseconds(30))
                continue
            }
            var byte: UInt8 = 0
            let count = read(descriptor, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            if count <= 0 {
                if bytes.isEmpty { return nil }
                break
            }
            if byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
