/// What went wrong while a program ran: what was tried, on what, what came back, and what to do.
package struct RuntimeError: Error, Sendable {
    /// Which family it belongs to; what `err.kind` gives and `catch` code can look at.
    package enum Kind: String, Sendable {
        /// A value that does not fit: types, ranges, arithmetic, conversions.
        case value
        /// `fail` and `assert`.
        case failure
        /// A program that could not be started or ended badly.
        case command
        /// A file, a registry, git or another part of the world.
        case world
        case timeout
        /// Recursion, memory or steps, or the end of what a plan allows; `catch` never sees it.
        case limit
        /// Ctrl-C, or another branch of `parallel` that failed; `catch` never sees it.
        case cancelled
    }

    /// A program that failed.
    package struct FailedCommand: Sendable {
        /// As a person would type it; secrets masked.
        package let line: String
        package let exitCode: Int?
        /// The end of what it printed.
        package let output: String
        package init(line: String, exitCode: Int?, output: String) {
            self.line = line
            self.exitCode = exitCode
            self.output = output
        }
    }

    /// A call that was under way: the function or recipe, and where it was called.
    package struct Frame: Sendable {
        package let function: String
        package let location: SourceLocation
        package init(function: String, location: SourceLocation) {
            self.function = function
            self.location = location
        }
    }

    package var kind: Kind
    package var id: String
    package var message: String
    package var help: String?
    package var location: SourceLocation?
    /// Innermost first.
    package var frames: [Frame] = []
    package var command: FailedCommand?
    /// The exit code relsh should end with, where it is not the usual one.
    package var exitCode: Int?
    /// The identity of the effect that failed with it.
    package var effect: String?
    /// What went wrong besides, a sentence each.
    package var notes: [String] = []

    package init(_ kind: Kind, _ message: Message, command: FailedCommand? = nil) {
        self.kind = kind
        id = message.id
        self.message = message.text
        help = message.help
        self.command = command
    }

    /// True for what only says that a builtin has broken off; why, its driver knows.
    package var isWorkStopped: Bool { kind == .cancelled && id == Self.workStopped.id }

    package static let workStopped = RuntimeError(.cancelled, .workStopped())

    /// What goes on where another error arose in a `defer` while this one unwound.
    func outlasting(_ other: RuntimeError) -> RuntimeError {
        if isCatchable, !other.isCatchable { return other }
        var first = self
        let place = other.location.map { " at \($0)" } ?? ""
        first.notes.append("a `defer` failed too\(place): \(other.message)")
        first.notes += other.notes
        return first
    }

    /// True for what `catch` and `retry` may see.
    package var isCatchable: Bool { kind != .limit && kind != .cancelled }
}
