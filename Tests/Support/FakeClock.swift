import Builtins
import Lang
import Synchronization

/// A clock that stands still until somebody sleeps, which takes no time at all.
package final class FakeClock: ClockAccess {
    private let time: Mutex<Double>
    private let slept = Mutex<[Duration]>([])

    /// - Parameter now: seconds since 1970; 2025-10-06 09:30 UTC unless told otherwise.
    package init(now: Double = 1_759_743_000) { time = Mutex(now) }

    /// How long was slept, each time.
    package var sleeps: [Duration] { slept.withLock { $0 } }

    package func now() -> Double { time.withLock { $0 } }

    package func sleep(_ duration: Duration) async throws {
        try Task.checkCancellation()
        slept.withLock { $0.append(duration) }
        time.withLock { $0 += Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18 }
    }
}
