/// Which step or effect of a run something is: by its parent instance, its place in the source (with the calls that led
/// there) and its occurrence, never by its title. The same program run again with the same answers gives the same
/// identities, which is what resuming a run rests on.
///
/// Calls are not counted as they are made, which would cost every call: the chain of call sites from the parent to the
/// effect stands for them, and occurrences are counted for each chain. Steps, attempts of `retry` and branches of
/// `parallel` are parents.
package struct Identity: Sendable, Hashable {
    /// `file:offset>file:offset#occurrence` for each level, joined by `/`.
    package let path: String

    package init(path: String) { self.path = path }

    package static let root = Identity(path: "")

    /// Ends the chain of an attempt of `retry`.
    package static let attemptMark = "~"

    package func child(_ chain: String, occurrence: Int) -> Identity {
        Identity(path: "\(path)/\(chain)#\(occurrence)")
    }

    /// Branch `index` of the `parallel` that this is.
    package func branch(_ index: Int) -> Identity { Identity(path: "\(path)[\(index)]") }
}

/// A parent under way: what has been counted in it so far.
struct IdentityScope {
    let identity: Identity
    /// The frame in which it began; only calls above it are part of a chain.
    let frame: Int
    private var counts: [String: Int] = [:]

    init(_ identity: Identity, frame: Int) {
        self.identity = identity
        self.frame = frame
    }

    mutating func next(_ chain: String) -> Identity {
        let occurrence = counts[chain, default: 0]
        counts[chain] = occurrence + 1
        return identity.child(chain, occurrence: occurrence)
    }
}
