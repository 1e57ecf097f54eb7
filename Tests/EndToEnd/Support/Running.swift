import Glibc

/// A program under way: started in a process group of its own, with every signal at its default, and with what it writes
/// going to files, so that nothing can block and a test can look while it runs.
final class Running: Sendable {
    /// What a program reads from: nothing, these bytes, or a terminal that it also writes to.
    enum Input: Sendable {
        case none
        case bytes([UInt8])
        case terminal(Terminal)
    }

    let pid: pid_t
    let line: String
    private let stdoutPath: String
    private let stderrPath: String
    private let start = ContinuousClock.now

    init(
        _ program: String, _ arguments: [String], in directory: String, environment: [String: String],
        input: Input = .none
    ) throws {
        let files = TemporaryFiles.path("output")
        stdoutPath = files + ".stdout"
        stderrPath = files + ".stderr"
        line = ([program] + arguments).map { $0.count > 200 ? "\($0.prefix(200))…" : $0 }.joined(separator: " ")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let creating = O_WRONLY | O_CREAT | O_TRUNC
        switch input {
        case .terminal(let terminal):
            posix_spawn_file_actions_addopen(&actions, 0, terminal.path, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
            posix_spawn_file_actions_adddup2(&actions, 0, 2)
        case .none, .bytes:
            var source = "/dev/null"
            if case .bytes(let bytes) = input {
                source = files + ".stdin"
                try writeFile(source, bytes)
            }
            posix_spawn_file_actions_addopen(&actions, 0, source, O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, stdoutPath, creating, 0o600)
            posix_spawn_file_actions_addopen(&actions, 2, stderrPath, creating, 0o600)
        }
        // What posix_spawn cannot do, these programs do before they become the one that is meant.
        let session = input.isTerminal ? ["/usr/bin/setsid", "--ctty"] : []
        let words = session + ["/usr/bin/env", "--chdir=\(directory)", program] + arguments
        pid = try Self.spawn(words, environment, &actions, ownGroup: !input.isTerminal)
    }

    private static func spawn(
        _ words: [String], _ environment: [String: String], _ actions: inout posix_spawn_file_actions_t, ownGroup: Bool
    ) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        var flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
        if ownGroup { flags |= Int32(POSIX_SPAWN_SETPGROUP) }
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        var pid: pid_t = 0
        let problem = posix_spawn(&pid, words[0], &actions, &attributes, &arguments, &variables)
        guard problem == 0 else {
            throw SetUpFailure("\(words[0]) cannot be started: \(String(cString: strerror(problem)))")
        }
        return pid
    }

    // MARK: - While it runs

    var stdout: String { readText(stdoutPath) }
    var stderr: String { readText(stderrPath) }
    /// Both, one after the other.
    var output: String { stdout + stderr }

    /// To this process alone, as `kill` does.
    func send(_ signal: Int32) { kill(pid, signal) }

    /// Until a condition holds; a condition that never does fails the test that waits.
    func waitUntil(_ what: String, limit: Duration = .seconds(180), _ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + limit
        while try await !condition() {
            guard ContinuousClock.now < end, !hasEnded else {
                kill(-pid, SIGKILL)
                throw SetUpFailure("\(line)\nin vain waited for at most \(limit) until \(what)\n\(stdout)\(stderr)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private var hasEnded: Bool {
        var state = siginfo_t()
        waitid(P_PID, id_t(pid), &state, WEXITED | WNOHANG | WNOWAIT)
        return state.si_signo == SIGCHLD
    }

    // MARK: - Its end

    /// Waits for the end. A program that is not done within the limit is killed, which fails the test by its signal.
    func wait(limit: Duration = .seconds(600), whileWaiting look: () -> Void = {}) async throws -> Finished {
        let end = ContinuousClock.now + limit
        var status: Int32 = 0
        while true {
            let ended = waitpid(pid, &status, WNOHANG)
            if ended == pid { break }
            if ended < 0 && errno != EINTR { throw SetUpFailure("\(line): somebody else waited for it") }
            if ContinuousClock.now >= end { kill(-pid, SIGKILL) }
            look()
            try await Task.sleep(for: .milliseconds(2))
        }
        let signal = status & 0x7f
        return Finished(
            line: line, code: signal == 0 ? (status >> 8) & 0xff : nil, signal: signal == 0 ? nil : signal,
            stdout: stdout, stderr: stderr, duration: ContinuousClock.now - start)
    }
}

extension Running.Input {
    fileprivate var isTerminal: Bool { if case .terminal = self { true } else { false } }
}
