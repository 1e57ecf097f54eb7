import Builtins
import Glibc
import Synchronization

/// Ctrl-C and its like: the first asks the run to stop, which undoes and cleans up; a later one ends relsh at once.
struct Interruption {
    private static let count = Atomic<Int>(0)
    private static let action = Mutex<(@Sendable () -> Void)?>(nil)
    private static let pipeEnd = Atomic<Int32>(-1)
    /// Signals that come this soon after the first are the same request: `timeout` sends two, one after the other. Nobody types
    /// as fast, and where much runs the second may be read late.
    private static let oneRequest = Duration.milliseconds(150)

    /// - Parameter action: called once, on a thread of its own.
    init(_ action: @escaping @Sendable () -> Void) {
        Self.action.withLock { $0 = action }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        Self.pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        // A handler may do next to nothing: it writes a byte, and this thread does the rest.
        let reading = UnsafeMutableRawPointer(bitPattern: Int(ends[0]) + 1)
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                Interruption.watch(Int32(truncatingIfNeeded: Int(bitPattern: argument) - 1))
                return nil
            }, reading)
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var handler = sigaction()
            handler.__sigaction_handler.sa_handler = { _ in
                var byte: UInt8 = 0
                _ = write(Interruption.pipeEnd.load(ordering: .relaxed), &byte, 1)
            }
            handler.sa_flags = SA_RESTART
            sigaction(number, &handler, nil)
        }
    }

    var hasHappened: Bool { Self.count.load(ordering: .sequentiallyConsistent) > 0 }

    private static func watch(_ descriptor: Int32) {
        var byte: UInt8 = 0
        var first: ContinuousClock.Instant?
        while true {
            let received = read(descriptor, &byte, 1)
            if received < 0, errno == EINTR { continue }
            if received <= 0 { return }
            count.wrappingAdd(1, ordering: .sequentiallyConsistent)
            guard let first else {
                first = .now
                action.withLock { $0 }?()
                continue
            }
            if ContinuousClock.now - first > oneRequest { leave() }
        }
    }

    /// Nothing is undone or cleaned up, but what was started does not go on by itself.
    private static func leave() -> Never {
        // Should the disk not answer, this ends relsh.
        alarm(2)
        // Before anything is ended: then the run goes on, and might begin something more.
        let run = LeavingAdvice.ownRun()
        ProcessGroups.killAll()
        Terminal.write(LeavingAdvice.text(run, hasContainers: Leftovers.mayBeThere), to: 2)
        _exit(ExitCode.interrupted.rawValue)
    }
}
