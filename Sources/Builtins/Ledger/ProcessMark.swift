import Glibc
import Lang

/// A process in a way that survives it: by its number and when it began, so that another that gets the same number later is not
/// taken for it.
package struct ProcessMark: Sendable, Hashable {
    package let pid: Int
    /// The machine's boot and the kernel's ticks since then.
    package let start: String
    package let host: String

    package init(pid: Int, start: String, host: String) {
        self.pid = pid
        self.start = start
        self.host = host
    }

    package static let own = ProcessMark(
        pid: Int(getpid()), start: start(of: Int(getpid())) ?? "", host: hostName)

    /// Nil where it cannot be told: it is one of another machine, or of somebody whose processes are hidden.
    package var isAlive: Bool? {
        if host != Self.hostName { return nil }
        if let running = Self.start(of: pid) { return running == start }
        if text(of: pid) == nil, kill(pid_t(truncatingIfNeeded: pid), 0) != 0, errno == EPERM { return nil }
        return false
    }

    /// Whether there is a process of that number, whoever's it is.
    static func isThere(_ pid: Int) -> Bool { kill(pid_t(truncatingIfNeeded: pid), 0) == 0 || errno != ESRCH }

    private func text(of pid: Int) -> String? { Self.text("/proc/\(pid)/stat") }

    private static func start(of pid: Int) -> String? {
        guard let stat = text("/proc/\(pid)/stat"), let name = stat.lastIndex(of: ")") else { return nil }
        // The 22nd field; the second, a name in brackets, may hold anything.
        let fields = stat[stat.index(after: name)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        let boot = text("/proc/sys/kernel/random/boot_id")?.prefix { $0 != "\n" } ?? ""
        return "\(boot):\(fields[19])"
    }

    /// What a process number means: this machine since it was started, and the container on it. Empty where that is not known.
    package static let space: String = {
        let boot = text("/proc/sys/kernel/random/boot_id")?.prefix { $0 != "\n" } ?? ""
        var namespace = stat()
        guard !boot.isEmpty, stat("/proc/self/ns/pid", &namespace) == 0 else { return "" }
        return "\(boot) \(namespace.st_ino)"
    }()

    private static func text(_ path: String) -> String? {
        (try? LiveFiles(workingDirectory: "/").read(path)).map { String(decoding: $0, as: UTF8.self) }
    }

    package static let hostName: String = {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()

    /// The person's name on this machine; where there is none, as in many containers, the number.
    package static let userName: String = accountName ?? String(geteuid())

    /// The name of the account that relsh runs under; nil where it has only a number.
    static let accountName: String? = getpwuid(geteuid()).map { String(cString: $0.pointee.pw_name) }
}
