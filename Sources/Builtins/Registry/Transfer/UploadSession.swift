import Lang

/// An upload under way: where the next bytes go, and how many the registry has.
///
/// Pure: it makes requests and learns from answers; it sends nothing.
struct UploadSession: Sendable, Hashable {
    let descriptor: ContentDescriptor
    /// Where the next request goes; each answer may give another.
    private(set) var location: WebAddress
    /// The bytes that the registry has, by its own word.
    private(set) var received = 0
    /// What one request carries at most, in bytes; nil as long as nobody objects to all at once.
    private(set) var limit: Int?
    /// What one request carries at least, by the registry's word; the last one excepted.
    private let minimum: Int

    /// What nobody should object to: smaller pieces only cost time.
    private static let smallestPiece = 1 << 20
    private static let largestPiece = 64 << 20

    /// - Parameters:
    ///   - answer: of the POST that began it.
    ///   - url: where that was sent.
    init(_ descriptor: ContentDescriptor, started answer: HTTPAnswer, at url: WebAddress, shown: String) throws {
        guard answer.status == 202, let location = answer.fields["Location"].flatMap(url.resolving) else {
            throw RuntimeError(.world, .uploadWithoutLocation(shown, status: answer.status))
        }
        self.descriptor = descriptor
        self.location = location
        minimum = answer.fields["OCI-Chunk-Min-Length"].flatMap { Int($0.trimmed) } ?? 0
    }

    /// Where the last request of the upload goes.
    var completion: WebAddress { location.adding("digest", descriptor.digest.description) }

    /// How many bytes are still to be sent.
    var remaining: Int { descriptor.size - received }

    /// How many of them the next request carries.
    var portion: Int { min(remaining, limit ?? remaining) }

    /// The fields that go with the next portion.
    var patchFields: HTTPFields {
        [
            "Content-Type": "application/octet-stream",
            "Content-Range": "\(received)-\(max(received, received + portion - 1))",
        ]
    }

    /// After a portion was refused as too large. False where smaller ones are of no use.
    mutating func shrink() -> Bool {
        let smaller = max(min(portion / 2, Self.largestPiece), minimum, Self.smallestPiece)
        guard smaller < portion else { return false }
        limit = smaller
        return true
    }

    /// Goes on as another upload of the same content, which is what was learnt of this one.
    func begun(again other: UploadSession) -> UploadSession {
        var other = other
        other.limit = limit
        return other
    }

    /// Learns from the answer to a portion that was sent whole, or to the question how far an upload came.
    mutating func update(from answer: HTTPAnswer) {
        if let location = answer.fields["Location"].flatMap(location.resolving) { self.location = location }
        if answer.status == 202, answer.fields["Range"] == nil {
            received += portion
        } else if let end = answer.fields["Range"].flatMap(Self.end) {
            received = min(end, descriptor.size)
        } else {
            received = 0
        }
    }

    /// `0-499` is 500 bytes. Nothing at all is `0-0`, as is one byte; taken as nothing, as a byte sent twice is
    /// refused and one sent again after nothing is not.
    private static func end(_ range: String) -> Int? {
        var text = range.trimmed
        if text.hasPrefix("bytes=") { text = String(text.dropFirst("bytes=".count)) }
        let parts = text.split(separator: "-", maxSplits: 1).map { Int($0) }
        guard parts.count == 2, parts[0] == 0, let last = parts[1], last >= 0 else { return nil }
        return last == 0 ? 0 : last + 1
    }
}
