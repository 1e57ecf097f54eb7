import Glibc
import Lang

/// Lends the terminal to a child: its process group becomes the one that Ctrl-C and keystrokes go to, and relsh takes the
/// terminal back, as it was, when the child ends.
struct TerminalHandover: Sendable {
    private let terminal: CInt
    private let group: pid_t

    /// Nil where there is no terminal, or where it is not relsh's to give.
    init?() {
        terminal = STDIN_FILENO
        group = getpgrp()
        guard isatty(terminal) == 1, tcgetpgrp(terminal) == group else { return nil }
    }

    /// Runs `body`, in which the terminal is given away, and takes it back.
    func whileAway<T>(_ body: () async throws -> T) async throws -> T {
        var settings = termios()
        let known = tcgetattr(terminal, &settings) == 0
        defer {
            makeForeground(group)
            if known { withoutStopping { _ = tcsetattr(terminal, TCSADRAIN, &settings) } }
        }
        return try await body()
    }

    /// Makes the child's group the foreground group and keeps it running until it ends.
    ///
    /// The child may ask for input before it has the terminal, which stops it; so does Ctrl-Z, from which nobody could
    /// wake it as relsh is no shell. Whatever stopped it, it is told to go on.
    func lend(to child: pid_t) async {
        makeForeground(child)
        while !hasEnded(child) {
            if isStopped(child) { _ = kill(-child, SIGCONT) }
            do { try await Task.sleep(for: .milliseconds(20)) } catch { return }
        }
    }

    private func makeForeground(_ group: pid_t) { withoutStopping { _ = tcsetpgrp(terminal, group) } }

    /// A background process that changes the terminal is stopped by SIGTTOU, unless it blocks it.
    private func withoutStopping(_ body: () -> Void) {
        var signals = sigset_t()
        var old = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTTOU)
        pthread_sigmask(SIG_BLOCK, &signals, &old)
        body()
        pthread_sigmask(SIG_SETMASK, &old, nil)
    }

    /// Leaves the exit status for swift-subprocess to collect.
    private func hasEnded(_ child: pid_t) -> Bool { state(of: child, WEXITED | WNOWAIT) }

    private func isStopped(_ child: pid_t) -> Bool { state(of: child, WSTOPPED) }

    private func state(of child: pid_t, _ options: CInt) -> Bool {
        var information = siginfo_t()
        return waitid(P_PID, id_t(child), &information, options | WNOHANG) != 0 || information.si_signo != 0
    }
}
