package import Lang
import Synchronization

/// The ids of images that the engine was seen to hold during this run: an id names its content, so that it need not be
/// asked for again before every command. Where somebody removes the image meanwhile, the command itself says so.
package final class KnownImages: Sendable {
    private let ids = Mutex<Set<Digest>>([])

    package init() {}

    package func contains(_ id: Digest) -> Bool { ids.withLock { $0.contains(id) } }
    package func insert(_ id: Digest) { ids.withLock { _ = $0.insert(id) } }
}
