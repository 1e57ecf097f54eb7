/// What one run may use. Where it uses more it ends with an error that no `catch` sees; what cleans up after it has a little
/// more, see `cleanup…`.
package struct Limits: Sendable {
    /// Bytes of memory that relsh may hold; nil for any number. Asked for once, when memory is first looked at.
    package var memory: @Sendable () -> Int? = { nil }
    /// Back-edges of loops, calls of functions and methods, in all branches together; nil for any number.
    package var steps: Int?
    /// From the start of the run; nil for any.
    package var time: Duration?

    /// Bytes of memory that relsh holds now. It is told above which number that would be too many, and may then make
    /// room before it answers.
    package var memoryInUse: @Sendable (_ most: Int) -> Int = { _ in 0 }

    /// What `defer` and `undo` have besides, at least, once a limit has been reached; a tenth of the limit where that is more.
    package var cleanupMemory = 64 << 20
    package var cleanupSteps = 1_000_000
    package var cleanupTime = Duration.seconds(30)

    package init() {}
}
