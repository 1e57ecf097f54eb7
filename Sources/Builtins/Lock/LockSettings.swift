/// How the releases of several machines are kept apart: `[lock]` in `relsh.toml`.
package struct LockSettings: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        /// `origin`, where there is one and it takes the lock.
        case automatic
        /// A remote that must take it.
        case remote(String)
        case nowhere
    }

    package var place = Place.automatic
    /// How long a lock holds without a sign of life of whoever has it.
    package var lease = Duration.seconds(600)

    /// Shorter ones would be over before they are renewed.
    static let shortestLease = Duration.seconds(1)

    package init() {}
}
