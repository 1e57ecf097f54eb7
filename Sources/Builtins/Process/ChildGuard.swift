import Glibc
import Synchronization

/// Ends what relsh has started where relsh can do nothing more itself, as after `kill -9`.
///
/// It is a shell in a session of its own, which is told of each process group that begins and ends, over a socket; when that
/// closes without a word, relsh is gone, and the groups that are left get SIGTERM and, two seconds later, SIGKILL. It starts with the
/// first program. (Linux can tell a child of its parent's death, PR_SET_PDEATHSIG; but only the child itself, which what it has
/// started outlives, and only by a call between fork and exec, which `posix_spawn` has no place for.)
package enum ChildGuard {
    private struct Guardian {
        let process: pid_t
        let socket: Descriptor
        var groups: Set<pid_t> = []

        /// What it does not take is not waited for: relsh does its work without it.
        func send(_ line: String) {
            let bytes = Array(line.utf8)
            _ = Glibc.send(
                socket.number, bytes, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
        }
    }

    private enum State {
        case none
        /// There is no shell, or no further process can be had: relsh works without.
        case unavailable
        case running(Guardian)
    }

    private static let state = Mutex(State.none)

    static func add(_ group: pid_t) {
        state.withLock { state in
            if case .none = state { state = start() }
            guard case .running(var guardian) = state else { return }
            guardian.groups.insert(group)
            guardian.send("+ \(group)\n")
            state = .running(guardian)
        }
    }

    static func remove(_ groups: [pid_t]) {
        state.withLock { state in
            guard case .running(var guardian) = state else { return }
            for group in groups where guardian.groups.remove(group) != nil { guardian.send("- \(group)\n") }
            state = .running(guardian)
        }
    }

    /// At the end of relsh, so that no process of it is left.
    package static func end() {
        state.withLock { state in
            guard case .running(let guardian) = state else { return }
            guardian.socket.close()
            // Otherwise it has something to do yet.
            if guardian.groups.isEmpty { waitpid(guardian.process, nil, 0) }
            state = .unavailable
        }
    }

    // MARK: The shell

    private static let script = """
        trap '' INT TERM HUP QUIT
        cd /
        groups=
        while read -r what group; do
            left=
            for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done
            groups=$left
            [ "$what" = - ] || groups="$groups $group"
        done
        for signal in TERM KILL; do
            for one in $groups; do kill -s $signal -- "-$one"; done
            [ -z "$groups" ] || [ $signal = KILL ] || sleep 2
        done
        """

    /// POSIX_SPAWN_SETSID of glibc's spawn.h, which Swift does not see.
    private static let newSession: Int16 = 0x80

    private static func start() -> State {
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return .unavailable }
        let (ours, theirs) = (Descriptor(ends[0]), Descriptor(ends[1]))
        defer { theirs.close() }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, theirs.number, 0)
        // Whoever reads what relsh prints must not wait for the shell.
        for stream in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Self.newSession | Int16(POSIX_SPAWN_SETSIGMASK))

        let texts: [String] = ["relsh-guard", "-c", script]
        let words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { for text in words + variables { free(text) } }
        var process: pid_t = 0
        guard posix_spawn(&process, "/bin/sh", &actions, &attributes, words, variables) == 0 else {
            return .unavailable
        }
        return .running(Guardian(process: process, socket: ours))
    }
}
