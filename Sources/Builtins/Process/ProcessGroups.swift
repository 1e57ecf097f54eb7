import Glibc
import Synchronization

/// The process groups of the stages that run. A stage leads a group of its own, so that what it starts can be stopped
/// with it.
///
/// A group is stopped as a person would do it: SIGINT, for which programs clean up (pytest takes its fixtures down);
/// SIGTERM if that was not enough; then SIGKILL.
package final class ProcessGroups: Sendable {
    private struct State {
        var leaders: [pid_t] = []
        var stopped: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// How long a group may take to end after SIGINT.
    static let politeGrace = Duration.seconds(2)
    /// How long it may take after SIGTERM.
    static let grace = Duration.seconds(2)

    init() {}

    /// Must be ended with `end()`.
    func add(_ leader: pid_t) {
        state.withLock { $0.leaders.append(leader) }
        Self.live.withLock { _ = $0.insert(leader) }
        ChildGuard.add(leader)
    }

    /// All stages have ended, and what was to be stopped with them.
    func end() {
        let leaders = state.withLock { $0.leaders }
        Self.live.withLock { $0.subtract(leaders) }
        ChildGuard.remove(leaders)
    }

    /// The leaders are being sent SIGINT.
    func noteStop() { state.withLock { $0.stopped = $0.stopped ?? .now } }

    /// Ends what is left of the groups, after their leaders were stopped and waited for: children that ignored the
    /// signals, or that were started too late to get them. Does its work although the task is cancelled.
    ///
    /// No second SIGINT, which would break off what the first one made a program do. A group's number is not given to
    /// anyone else while the group has a member, and ESRCH says that it has none.
    func sweep() async {
        let (groups, start) = state.withLock { ($0.leaders, $0.stopped ?? .now) }
        await Task {
            let politeEnd = start + Self.politeGrace
            var remaining = await Self.remaining(of: groups, until: politeEnd)
            for group in remaining { _ = kill(-group, SIGTERM) }
            remaining = await Self.remaining(of: remaining, until: politeEnd + Self.grace)
            for group in remaining { _ = kill(-group, SIGKILL) }
        }.value
    }

    /// Waits until the groups have ended or the time is up, and gives those that have not.
    private static func remaining(of groups: [pid_t], until end: ContinuousClock.Instant) async -> [pid_t] {
        var remaining = living(groups)
        var pause = Duration.milliseconds(5)
        while !remaining.isEmpty, ContinuousClock.now < end {
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(40))
            remaining = living(remaining)
        }
        return remaining
    }

    // MARK: All of them

    private static let live = Mutex<Set<pid_t>>([])

    /// Kills whatever relsh has started and not yet waited for, for when it ends at once.
    package static func killAll() {
        for leader in live.withLock({ $0 }) { _ = kill(-leader, SIGKILL) }
    }

    /// The groups that have a member that runs. One that ended counts until its parent asks how, and the parent of an
    /// orphan, process 1, may take a second over that, or in a container forever.
    private static func living(_ groups: [pid_t]) -> [pid_t] {
        let existing = groups.filter { kill(-$0, 0) == 0 }
        if existing.isEmpty { return [] }
        let files = LiveFiles(workingDirectory: "/proc")
        guard let processes = try? files.list(".") else { return existing }
        var running: Set<pid_t> = []
        for process in processes where pid_t(process) != nil {
            guard let status = try? files.read(process + "/stat") else { continue }
            // `12 (name) S 1 12 …`: the state, the parent and the group follow the name, which may hold anything.
            let name = status.lastIndex(of: UInt8(ascii: ")")) ?? 0
            let fields = status[name...].split(separator: UInt8(ascii: " "))
            guard fields.count > 3, fields[1] != [UInt8(ascii: "Z")], let group = pid_t(ascii: fields[3]) else {
                continue
            }
            running.insert(group)
        }
        return existing.filter(running.contains)
    }
}

extension pid_t {
    fileprivate init?(ascii bytes: ArraySlice<UInt8>) { self.init(String(decoding: bytes, as: UTF8.self)) }
}
