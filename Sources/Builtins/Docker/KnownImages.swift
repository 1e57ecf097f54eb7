package import Lang
import Synchronization

/// The ids of images that the engine was seen to hold during this run: an id names its content, so that it need not be
/// asked for again before every command. Where somebody removes the image meanwhile, the command itself says so.
package final class KnownImages: Sendable {
    private let ids = Mutex<Set<Digest>>([])
    /// What a dry run would build: what the digest is of that stands for it.
    private let planned = Mutex<[String]>([])
    /// Those of them that the build would push, too.
    private let pushed = Mutex<Set<Digest>>([])

    /// Whether the socket that is asked has an image that the docker command has just made.
    private let hasOneEngine = Mutex(false)

    package init() {}

    package func contains(_ id: Digest) -> Bool { ids.withLock { $0.contains(id) } }
    package func insert(_ id: Digest) { ids.withLock { _ = $0.insert(id) } }

    /// Whether the engine's socket is known to be that of the engine which the docker command talks to. Before that it can only be
    /// asked for what no other engine could tell otherwise.
    var isEngineKnown: Bool { hasOneEngine.withLock { $0 } }
    func noteEngine() { hasOneEngine.withLock { $0 = true } }

    /// In a dry run: an image that a real run would make now, with a digest that stands for the one it would have.
    ///
    /// - Parameter isPushed: it would be in its registry then, with every platform.
    func plan(_ image: ImageReference, isPushed: Bool = false) throws -> ImageReference {
        let title = "the id of \(try image.with(digest: nil).familiar)"
        let number = planned.withLock { planned in
            planned.append(title)
            return planned.count
        }
        let digest = Digest.planned(number)
        insert(digest)
        if isPushed { pushed.withLock { _ = $0.insert(digest) } }
        return try image.with(digest: digest)
    }

    /// In a dry run: whether a real run would have pushed this by now.
    func isPushed(_ digest: Digest) -> Bool { pushed.withLock { $0.contains(digest) } }

    /// What such a digest is, in words.
    func title(ofPlanned number: Int) -> String {
        planned.withLock { $0.indices.contains(number - 1) ? $0[number - 1] : "a digest" }
    }
}
