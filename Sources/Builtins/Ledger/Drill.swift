import Glibc
import Synchronization

/// Ends relsh as nothing else does, by SIGKILL, at a chosen point of a chosen change: what `relsh resume` is tried with.
/// `RELSH_DRILL=3:after-intent` is the third change that is made, with its intention in the ledger and itself not begun.
package final class Drill: Sendable {
    package enum Point: String, Sendable, CaseIterable {
        case beforeIntent = "before-intent"
        case afterIntent = "after-intent"
        case afterEffect = "after-effect"
    }

    private let number: Int
    private let point: Point
    private let seen = Atomic<Int>(0)

    package init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let number = Int(parts[0]), let point = Point(rawValue: String(parts[1])) else {
            return nil
        }
        self.number = number
        self.point = point
    }

    func arrive(_ point: Point) {
        guard point == self.point else { return }
        if seen.wrappingAdd(1, ordering: .relaxed).newValue == number { kill(getpid(), SIGKILL) }
    }
}
