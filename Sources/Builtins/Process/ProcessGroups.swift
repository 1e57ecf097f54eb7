import Glibc
import Synchronization

/// The process groups of the stages that run. A stage leads a group of its own, so that what it starts can be stopped
/// with it.
final class ProcessGroups: Sendable {
    private let leaders = Mutex<[pid_t]>([])

    /// How long a group that was asked to end may take.
    static let grace = Duration.seconds(2)

    func add(_ leader: pid_t) { leaders.withLock { $0.append(leader) } }

    /// Ends what is left of the groups, after their leaders were stopped and waited for: children that ignored SIGTERM,
    /// or that were started too late to get it. Does its work although the task is cancelled.
    ///
    /// A group's number is not given to anyone else while the group has a member, and ESRCH says that it has none.
    func sweep() async {
        let groups = leaders.withLock { $0 }
        await Task {
            let start = ContinuousClock.now
            var remaining = living(groups.filter { kill(-$0, SIGTERM) == 0 })
            while !remaining.isEmpty, ContinuousClock.now - start < ProcessGroups.grace {
                try? await Task.sleep(for: .milliseconds(20))
                remaining = living(remaining)
            }
            for group in remaining { _ = kill(-group, SIGKILL) }
        }.value
    }

    /// The groups that have a member that runs. One that ended counts until its parent asks how, and the parent of an
    /// orphan, process 1, may take a second over that, or in a container forever.
    private func living(_ groups: [pid_t]) -> [pid_t] {
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
