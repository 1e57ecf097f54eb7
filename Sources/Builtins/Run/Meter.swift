package import Lang
import Synchronization

/// Counts what a run uses, and ends it where that is more than its limits allow.
///
/// The interpreter asks between slices of the machine and before effects; builtins that do much at a time ask through
/// `Work`. Time and memory are looked at once in some milliseconds, and before anything large.
package final class Meter: WorkMonitor {
    private struct State {
        var memoryLimit: Int?
        var knowsMemoryLimit = false
        var steps = 0
        /// Bytes of work since the clock was last looked at.
        var work = 0
        var lastLook: ContinuousClock.Instant
        /// True once a limit was reached: from then on what runs cleans up.
        var isExceeded = false
        /// What something that cannot throw has broken off for, until the interpreter hears of it.
        var broken: RuntimeError?
        /// Of the fiber that is running.
        var isShielded = false
        var deadline: ContinuousClock.Instant?
    }

    private let limits: Limits
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    /// Work after which the clock is looked at: some milliseconds of it.
    private static let workBetweenLooks = 1 << 20
    private static let timeBetweenLooks = Duration.milliseconds(5)
    /// What is taken at once and is smaller than this waits for the next look.
    private static let largeAllocation = 1 << 20

    package init(_ limits: Limits) {
        self.limits = limits
        state = Mutex(State(lastLook: start))
    }

    // MARK: What the interpreter asks

    /// The fiber that is about to run: whether it cleans up, and when its innermost `timeout` ends.
    func enter(isShielded: Bool, deadline: ContinuousClock.Instant?) {
        state.withLock {
            $0.isShielded = isShielded
            $0.deadline = deadline
        }
    }

    /// When the run must have ended.
    func end(isShielded: Bool) -> ContinuousClock.Instant? {
        guard let time = limits.time else { return nil }
        return state.withLock { start + allowed(time, isShielded || $0.isExceeded) }
    }

    /// After how many the machine should come up for air, so that the limit is met exactly.
    func stepsLeft(isShielded: Bool) -> Int {
        guard let limit = limits.steps else { return Int.max }
        return state.withLock { state in
            max(1, Self.sum(allowed(limit, isShielded || state.isExceeded) - state.steps, 1))
        }
    }

    func count(_ steps: Int) {
        state.withLock { $0.steps += steps }
    }

    /// Throws where something has broken off: what the program ended with is then of no worth.
    func checkEnd() throws(RuntimeError) {
        try state.withLock { (state) throws(RuntimeError) in try throwBroken(&state) }
    }

    private func throwBroken(_ state: inout State) throws(RuntimeError) {
        guard let error = state.broken else { return }
        state.broken = nil
        throw error.isWorkStopped ? RuntimeError(.cancelled, .cancelled()) : error
    }

    /// - Parameter steps: those taken since this was last called.
    /// - Throws: the error of the limit that was passed.
    func check(steps: Int, isShielded: Bool) throws(RuntimeError) {
        try state.withLock { (state) throws(RuntimeError) in
            state.steps += steps
            try throwBroken(&state)
            let isCleanup = isShielded || state.isExceeded
            if let limit = limits.steps {
                if state.steps > allowed(limit, isCleanup) {
                    throw exceeded(.stepsExceeded(limit: limit, taken: state.steps), &state)
                }
            }
            let now = ContinuousClock.now
            try checkTime(now, isCleanup, &state)
            if now - state.lastLook >= Self.timeBetweenLooks {
                state.lastLook = now
                try checkMemory(adding: 0, isCleanup, &state)
            }
        }
    }

    // MARK: What builtins ask

    package func spend(bytes: Int) throws(RuntimeError) {
        try state.withLock { (state) throws(RuntimeError) in
            state.work = Self.sum(state.work, bytes)
            if state.work >= Self.workBetweenLooks { try look(adding: 0, &state) }
        }
    }

    package func mustStop(after bytes: Int) -> Bool {
        do throws(RuntimeError) {
            try spend(bytes: bytes)
            return false
        } catch {
            state.withLock { $0.broken = error }
            return true
        }
    }

    package func reserve(bytes: Int) throws(RuntimeError) {
        try state.withLock { (state) throws(RuntimeError) in
            state.work = Self.sum(state.work, bytes)
            if bytes >= Self.largeAllocation || state.work >= Self.workBetweenLooks { try look(adding: bytes, &state) }
        }
    }

    /// For what an effect takes, on whatever thread: nothing but memory is looked at.
    package func reserveForEffect(bytes: Int) throws(RuntimeError) {
        if bytes < Self.largeAllocation { return }
        try state.withLock { (state) throws(RuntimeError) in
            try checkMemory(adding: bytes, state.isShielded || state.isExceeded, &state)
        }
    }

    private func look(adding bytes: Int, _ state: inout State) throws(RuntimeError) {
        state.work = 0
        let isCleanup = state.isShielded || state.isExceeded
        let now = ContinuousClock.now
        try checkTime(now, isCleanup, &state)
        if !state.isShielded, Task.isCancelled { throw .workStopped }
        if let deadline = state.deadline, deadline <= now { throw .workStopped }
        if bytes >= Self.largeAllocation || now - state.lastLook >= Self.timeBetweenLooks {
            state.lastLook = now
            try checkMemory(adding: bytes, isCleanup, &state)
        }
    }

    // MARK: Limits

    private func checkTime(
        _ now: ContinuousClock.Instant, _ isCleanup: Bool, _ state: inout State
    ) throws(RuntimeError) {
        guard let time = limits.time, now - start > allowed(time, isCleanup) else { return }
        throw exceeded(.timeExceeded(limit: time), &state)
    }

    private func checkMemory(adding bytes: Int, _ isCleanup: Bool, _ state: inout State) throws(RuntimeError) {
        if !state.knowsMemoryLimit {
            state.memoryLimit = limits.memory()
            state.knowsMemoryLimit = true
        }
        guard let limit = state.memoryLimit else { return }
        let allowed = isCleanup ? Self.sum(limit, max(limits.cleanupMemory, limit / 10)) : limit
        let needed = Self.sum(limits.memoryInUse(allowed - min(bytes, allowed)), bytes)
        if needed > allowed { throw exceeded(.memoryExceeded(limit: limit, needed: needed), &state) }
    }

    private func exceeded(_ message: Message, _ state: inout State) -> RuntimeError {
        state.isExceeded = true
        return RuntimeError(.limit, message)
    }

    private func allowed(_ steps: Int, _ isCleanup: Bool) -> Int {
        isCleanup ? Self.sum(steps, max(limits.cleanupSteps, steps / 10)) : steps
    }

    private func allowed(_ time: Duration, _ isCleanup: Bool) -> Duration {
        isCleanup ? time + max(limits.cleanupTime, time / 10) : time
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? Int.max : sum
    }
}
