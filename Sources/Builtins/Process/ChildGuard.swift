import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// Ends what relsh has started where relsh can do nothing more itself, as after `kill -9`.
///
/// It is a shell in a session of its own, which is told of each process group that begins and ends, over a socket; when that
/// closes, relsh is gone, and the groups that are left get SIGTERM and, two seconds later, SIGKILL. It begins when a program has
/// run for a moment: most are done before it would be there. (Linux can tell a child of its parent's death, PR_SET_PDEATHSIG; but
/// only the child itself, which what it has started outlives, and only by a call between fork and exec, which `posix_spawn` has
/// no place for.)
package enum ChildGuard {
    private struct State {
        var groups: Set<pid_t> = []
        var isScheduled = false
        var socket: Descriptor?
        var shell: Task<Void, Never>?
        var isOver = false
    }

    private static let state = Mutex(State())
    /// How long a program runs before the guard is worth its while.
    private static let patience = Duration.milliseconds(30)

    static func add(_ group: pid_t) {
        let mustSchedule = state.withLock { state in
            state.groups.insert(group)
            if let socket = state.socket { send("+ \(group)\n", to: socket) }
            if state.socket != nil || state.isScheduled || state.isOver { return false }
            state.isScheduled = true
            return true
        }
        guard mustSchedule else { return }
        Task.detached {
            try? await Task.sleep(for: patience)
            begin()
        }
    }

    static func remove(_ groups: [pid_t]) {
        state.withLock { state in
            for group in groups where state.groups.remove(group) != nil {
                if let socket = state.socket { send("- \(group)\n", to: socket) }
            }
        }
    }

    /// At the end of relsh, so that no process of it is left.
    package static func end() async {
        let shell = state.withLock { state in
            state.isOver = true
            state.socket?.close()
            // Otherwise it has something to do yet.
            return state.groups.isEmpty ? state.shell : nil
        }
        await shell?.value
    }

    /// What it does not take is not waited for: relsh does its work without it.
    private static func send(_ line: String, to socket: Descriptor) {
        let bytes = Array(line.utf8)
        _ = Glibc.send(socket.number, bytes, bytes.count, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }

    // MARK: The shell

    private static let script = """
        trap '' INT TERM HUP QUIT
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

    private static func begin() {
        state.withLock { state in
            state.isScheduled = false
            if state.groups.isEmpty || state.isOver || state.socket != nil { return }
            var ends: [CInt] = [-1, -1]
            let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return }
            let (ours, theirs) = (Descriptor(ends[0]), Descriptor(ends[1]))
            state.socket = ours
            for group in state.groups { send("+ \(group)\n", to: ours) }
            state.shell = Task.detached { await run(theirs) }
        }
    }

    /// Where there is no shell, relsh works without.
    private static func run(_ input: Descriptor) async {
        var options = PlatformOptions()
        options.createSession = true
        _ = try? await Subprocess.run(
            .path("/bin/sh"),
            arguments: Arguments(executablePathOverride: "relsh-guard", remainingValues: ["-c", script]),
            environment: .custom(["PATH": "/usr/bin:/bin"]), workingDirectory: "/", platformOptions: options,
            input: .fileDescriptor(FileDescriptor(rawValue: input.number), closeAfterSpawningProcess: false),
            output: .discarded)
        input.close()
    }
}
