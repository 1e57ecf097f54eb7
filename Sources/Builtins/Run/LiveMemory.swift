import CMalloc
import Glibc
import Synchronization

/// What this process holds, and what it may hold.
package enum LiveMemory {
    /// What a run may hold unless it is told otherwise: 2 GiB, or half of what the machine (or its container) has.
    package static var standardLimit: Int {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        var most = 2 << 30
        if pages > 0 { most = min(most, pages * pageSize / 2) }
        if let container = number(in: "/sys/fs/cgroup/memory.max") { most = min(most, container / 2) }
        return most
    }

    /// Makes all threads that are yet to start take their memory from one place. Left to itself, glibc gives each thread a place of
    /// its own, which grows by a page and a system call at a time; and the machine, which is on one thread at a time, changes threads.
    package static func takeFromOnePlace() {
        mallopt(M_ARENA_MAX, 1)
    }

    /// Bytes of memory that are really there (resident), not only asked for.
    /// - Parameter limit: where more is held than this, what the allocator keeps of freed memory is given back first.
    package static func inUse(above limit: Int) -> Int {
        let held = resident
        growInLargePages(held: held)
        if held <= limit { return held }
        malloc_trim(0)
        return resident
    }

    // MARK: Large pages

    /// A program that holds much goes on growing: its heap then grows in large steps, and the system is asked to back what is new
    /// with large pages where it has them. It gives a page when it is first touched, and small ones are a tenth of the time of
    /// programs that make many values.
    private static func growInLargePages(held: Int) {
        if held < largeHeap { return }
        advised.withLock { advised in
            if advised == 0 {
                mallopt(M_TOP_PAD, Int32(heapStep))
                mallopt(M_TRIM_THRESHOLD, Int32(2 * heapStep))
                mallopt(M_MMAP_THRESHOLD, Int32(heapStep / 2))
                advised = (heapEnd + largePage - 1) / largePage * largePage
                // What does not fit makes the heap grow now and not in the middle of what comes.
                free(malloc(4 << 20))
            }
            let end = heapEnd / largePage * largePage
            guard end > advised, let start = UnsafeMutableRawPointer(bitPattern: advised) else { return }
            // Where it is refused, pages stay small.
            _ = madvise(start, end - advised, MADV_HUGEPAGE)
            advised = end
        }
    }

    /// The address up to which that was asked for; 0 before the first time.
    private static let advised = Mutex<Int>(0)
    private static let largeHeap = 14 << 20
    private static let heapStep = 64 << 20
    private static let largePage = 2 << 20

    private static var heapEnd: Int { Int(bitPattern: sbrk(0)) }

    /// From now on the allocator keeps freed memory for what comes next, up to 32 MiB. Bodies go through many short-lived
    /// buffers: giving each back to the system and asking for it again costs more than all else that is done with them.
    static func keepForBuffers() {
        _ = mallopt(M_MMAP_THRESHOLD, 4 << 20)
        _ = mallopt(M_TRIM_THRESHOLD, 32 << 20)
    }

    private static var resident: Int { (number(in: "/proc/self/statm", field: 1) ?? 0) * pageSize }

    private static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    /// One of the numbers, with blanks between them, that a file of the kernel's holds. Nil where it has none.
    private static func number(in path: String, field: Int = 0) -> Int? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(file, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let fields = String(decoding: bytes[..<count], as: UTF8.self).split { $0 == " " || $0 == "\n" }
        return field < fields.count ? Int(fields[field]) : nil
    }
}
