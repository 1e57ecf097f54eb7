/// Who is asked whether a long piece of work may go on. Errors of limits are thrown as they are; where the run is to stop
/// for another reason, `workStopped`, and the machine then hears from its driver why.
package protocol WorkMonitor: Sendable {
    /// So much more has been looked at or copied: about a nanosecond of work for each byte.
    func spend(bytes: Int) throws(RuntimeError)
    /// So much memory is about to be taken at once.
    func reserve(bytes: Int) throws(RuntimeError)
    /// The same for an effect, which may be on another thread than the machine.
    func reserveForEffect(bytes: Int) throws(RuntimeError)
    /// As `spend`, for what cannot throw: true where the run is to stop, which it then does at the next opportunity.
    func mustStop(after bytes: Int) -> Bool
}

/// What operators and builtins ask when they do much at a time. The machine looks at limits and cancellation between
/// instructions; one instruction alone may take minutes, or all the memory there is.
package enum Work {
    /// Belongs to the task, as a pure builtin is handed nothing but its arguments. Nil where nothing is limited.
    @TaskLocal package static var monitor: (any WorkMonitor)?

    /// Less than this is not worth asking for.
    private static let free = 4096

    package static func spend(_ bytes: Int) throws(RuntimeError) {
        if bytes >= free { try monitor?.spend(bytes: bytes) }
    }

    package static func reserve(_ bytes: Int) throws(RuntimeError) {
        if bytes >= free { try monitor?.reserve(bytes: bytes) }
    }

    package static func reserveForEffect(_ bytes: Int) throws(RuntimeError) {
        if bytes >= free { try monitor?.reserveForEffect(bytes: bytes) }
    }

    /// A text that has `old` bytes is about to have `new`: one that is full moves to another of twice the size.
    package static func reserveGrowth(from old: Int, to new: Int) throws(RuntimeError) {
        if old.leadingZeroBitCount != new.leadingZeroBitCount { try reserve(2 * new) }
    }

    /// A list of `count` items, or a copy of one.
    package static func reserveList(_ count: Int) throws(RuntimeError) {
        try reserve(count.multipliedReportingOverflow(by: MemoryLayout<Value>.stride).partialValue)
    }

    /// For what cannot throw: true where its result will not be looked at any more.
    package static func mustStop(after bytes: Int) -> Bool {
        bytes >= free && monitor?.mustStop(after: bytes) == true
    }
}

/// Counts small pieces of work, and asks for many of them together.
package struct WorkCount {
    private var pieces = 0
    private let size: Int
    private static let batch = 1024

    /// - Parameter size: the bytes of one piece, roughly.
    package init(pieceOf size: Int = 16) { self.size = size }

    @inline(__always)
    package mutating func next() throws(RuntimeError) {
        pieces += 1
        if pieces >= Self.batch { try ask() }
    }

    /// True where the result will not be looked at any more.
    @inline(__always)
    package mutating func mustStop() -> Bool {
        pieces += 1
        guard pieces >= Self.batch else { return false }
        pieces = 0
        return Work.mustStop(after: Self.batch * size)
    }

    private mutating func ask() throws(RuntimeError) {
        pieces = 0
        try Work.spend(Self.batch * size)
    }
}
