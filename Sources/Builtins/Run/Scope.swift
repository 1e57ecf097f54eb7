import Lang

/// What surrounds the code a fiber is running: the steps it is in, its deadlines, and what a failure must take back.
@Evaluation
final class Scope {
    struct Step {
        let number: Int
        let identity: Identity
        let title: String
        let kind: ScopeKind
        let start: ContinuousClock.Instant
    }

    struct Deadline {
        let limit: Duration
        let instant: ContinuousClock.Instant
    }

    /// How one thing is taken back.
    enum Undo {
        /// The `undo` block of a step, with the step's identity and title.
        case block(FunctionObject, Identity, String)
        /// A change that a builtin made.
        case change(RecordedInverse)

        var change: RecordedInverse? {
            if case .change(let change) = self { change } else { nil }
        }
    }

    /// What was done in a transaction, oldest first; shared with the branches inside it.
    final class Undos {
        var list: [Undo] = []
    }

    var steps: [Step] = []
    var transactions: [Undos] = []
    var deadlines: [Deadline] = []
    /// True while defers and undo run after an interruption: nothing interrupts them a second time, but for a `timeout` of their
    /// own.
    private(set) var isShielded = false
    /// How many of the deadlines are from before that.
    private var passedDeadlines = 0
    /// True while something is taken back: what that changes is not itself taken back later.
    var isUndoing = false
    private let outerStep: Step?
    private let outerUndos: Undos?

    init() {
        outerStep = nil
        outerUndos = nil
    }

    /// For a branch or an undo inside what `outer` is in.
    init(inheriting outer: Scope) {
        outerStep = outer.step
        outerUndos = outer.undos
        deadlines = []
        isShielded = outer.isShielded
        isUndoing = outer.isUndoing
    }

    /// The innermost step under way.
    var step: Step? { steps.last ?? outerStep }

    /// Where the innermost transaction under way keeps what would be undone; nil outside of one.
    var undos: Undos? { transactions.last ?? outerUndos }

    /// From here on nothing interrupts what runs but a `timeout` that is yet to begin.
    func shield() {
        isShielded = true
        passedDeadlines = deadlines.count
    }

    /// The soonest deadline that has not been reached yet, where one interrupts.
    var nextDeadline: Deadline? {
        deadlines.dropFirst(isShielded ? passedDeadlines : 0).min { $0.instant < $1.instant }
    }

    /// The innermost `timeout` has ended in time.
    func leaveDeadline() {
        deadlines.removeLast()
        passedDeadlines = min(passedDeadlines, deadlines.count)
    }

    /// Throws where the run is to stop; from then on, what cleans up is left alone.
    func checkInterruption() throws(RuntimeError) {
        if !isShielded, Task.isCancelled {
            shield()
            throw RuntimeError(.cancelled, .cancelled())
        }
        if let deadline = nextDeadline, deadline.instant <= .now { throw expire(deadline) }
    }

    /// The error that unwinds to the end of the `timeout` whose time has passed. `catch` does not see it on the way.
    func expire(_ deadline: Deadline) -> RuntimeError {
        expired.append(
            Expired(
                index: deadlines.lastIndex { $0.instant == deadline.instant } ?? 0, wasShielded: isShielded,
                passed: passedDeadlines))
        shield()
        return RuntimeError(.cancelled, .timedOut(deadline.limit))
    }

    /// The deadline that has passed, and what interrupted before it did.
    private struct Expired {
        let index: Int
        let wasShielded: Bool
        let passed: Int
    }

    /// More than one where a `timeout` in what cleans up after another passes, too.
    private var expired: [Expired] = []

    /// An error has reached the end of the innermost `timeout`. If it was that one's time that passed, it becomes an
    /// error that `catch` may see.
    func endDeadline(with error: RuntimeError) -> RuntimeError {
        let deadline = deadlines.popLast()
        passedDeadlines = min(passedDeadlines, deadlines.count)
        guard let ended = expired.last, ended.index == deadlines.count, let deadline else { return error }
        expired.removeLast()
        (isShielded, passedDeadlines) = (ended.wasShielded, ended.passed)
        var timeout = RuntimeError(.timeout, .timedOut(deadline.limit))
        timeout.location = error.location
        timeout.frames = error.frames
        timeout.command = error.command
        return timeout
    }
}
