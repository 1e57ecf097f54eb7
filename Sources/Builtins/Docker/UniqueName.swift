import Glibc
import Synchronization

/// Names for what exists only while an effect runs: containers, scratch files. `relsh-` in front tells whose they are.
enum UniqueName {
    private static let counter = Atomic<Int>(0)

    /// Whether a container has been given one, which may run.
    static let hasNamedContainers = Atomic<Bool>(false)

    /// `relsh-PURPOSE-PROCESS-NUMBER`
    static func next(_ purpose: String) -> String {
        if purpose == "run" { hasNamedContainers.store(true, ordering: .relaxed) }
        let number = counter.add(1, ordering: .relaxed).newValue
        return "relsh-\(purpose)-\(getpid())-\(number)"
    }
}
