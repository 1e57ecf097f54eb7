import Lang
import Synchronization

/// Tells how much of an image one target has got. Blobs come at once and may break off, so that each has its own count.
final class TransferMeter: Sendable {
    private let events: any EffectEvents
    private let number: Int
    private let sent = Mutex<[Digest: Int]>([:])

    /// - Parameter total: in bytes.
    init(_ place: String, total: Int, _ events: any EffectEvents) {
        self.events = events
        number = events.transferStarted(place, total: total)
    }

    /// So many bytes of a blob are there now.
    func reached(_ bytes: Int, of blob: Digest) {
        // Told inside the lock: what is told later must not be older.
        sent.withLock { sent in
            sent[blob] = bytes
            events.transferred(number, bytes: sent.values.reduce(0, +))
        }
    }

    func finish() { events.transferFinished(number) }
}
