/// How a run is resumed.
package struct Resuming: Sendable {
    /// Goes on although something is not as it was.
    package var force = false
    /// Repeats what may have been done already.
    package var again = false
    /// Of a run that another holds up: wait for it.
    package var waits = false
    package init() {}
}
