package import Lang
import Synchronization

/// The ids of images that the engine was seen to hold during this run: an id names its content, so that it need not be
/// asked for again before every command. Where somebody removes the image meanwhile, the command itself says so.
package final class KnownImages: Sendable {
    private let ids = Mutex<Set<Digest>>([])
    /// What a dry run would build: what the digest is of that stands for it.
    private let planned = Mutex<[String]>([])

    package init() {}

    package func contains(_ id: Digest) -> Bool { ids.withLock { $0.contains(id) } }
    package func insert(_ id: Digest) { ids.withLock { _ = $0.insert(id) } }

    /// In a dry run: an image that a real run would make now, with a digest that stands for the one it would have.
    func plan(_ image: ImageReference) throws -> ImageReference {
        let title = "the id of \(try image.with(digest: nil).familiar)"
        let number = planned.withLock { planned in
            planned.append(title)
            return planned.count
        }
        let digest = Digest.planned(number)
        insert(digest)
        return try image.with(digest: digest)
    }

    /// What such a digest is, in words.
    func title(ofPlanned number: Int) -> String {
        planned.withLock { $0.indices.contains(number - 1) ? $0[number - 1] : "a digest" }
    }
}
