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

    /// - Parameters:
    ///   - answer: of the POST that began it.
    ///   - url: where that was sent.
    init(_ descriptor: ContentDescriptor, started answer: HTTPAnswer, at url: WebAddress, shown: String) throws {
        guard answer.status == 202, let location = answer.fields["Location"].flatMap(url.resolving) else {
            throw RuntimeError(.world, .uploadWithoutLocation(shown, status: answer.status))
        }
        self.descriptor = descriptor
        self.location = location
    }

    /// Where the last request of the upload goes.
    var completion: WebAddress { location.adding("digest", descriptor.digest.description) }

    /// How many bytes are still to be sent.
    var remaining: Int { descriptor.size - received }

    /// The fields that go with the rest of the content.
    var patchFields: HTTPFields {
        [
            "Content-Type": "application/octet-stream",
            "Content-Range": "\(received)-\(max(received, descriptor.size - 1))",
        ]
    }

    /// Learns from the answer to a PATCH that was sent whole, or to the question how far an upload came.
    mutating func update(from answer: HTTPAnswer) {
        if let location = answer.fields["Location"].flatMap(location.resolving) { self.location = location }
        if answer.status == 202, answer.fields["Range"] == nil {
            received = descriptor.size
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
