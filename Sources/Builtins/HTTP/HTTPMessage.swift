/// Header fields in their order; names compare without case (RFC 9110, section 5).
package struct HTTPFields: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    private(set) var entries: [Entry]

    struct Entry: Sendable, Hashable {
        let name: String
        let value: String
    }

    package init(_ entries: [(String, String)] = []) { self.entries = entries.map(Entry.init) }
    package init(dictionaryLiteral elements: (String, String)...) { self.init(elements) }

    /// The first field of this name.
    package subscript(name: String) -> String? {
        get { entries.first { $0.name.lowercased() == name.lowercased() }?.value }
        set {
            entries.removeAll { $0.name.lowercased() == name.lowercased() }
            if let newValue { entries.append(Entry(name: name, value: newValue)) }
        }
    }

    /// Every field of this name, as some may come several times.
    package func all(_ name: String) -> [String] {
        entries.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// One request, without its body.
package struct HTTPRequest: Sendable {
    package var method: String
    package var url: WebAddress
    package var fields: HTTPFields
    package var body: HTTPBody

    package init(_ method: String, _ url: WebAddress, fields: HTTPFields = [:], body: HTTPBody = .empty) {
        self.method = method
        self.url = url
        self.fields = fields
        self.body = body
    }

    /// Without what may be secret: a query may carry a signature.
    package var line: String { "\(method) \(url.shown)" }
}

/// What a request carries.
package enum HTTPBody: Sendable {
    case empty
    case bytes([UInt8])
    /// Sent piece by piece, and once only.
    case stream(length: Int, any ByteSource)

    package var length: Int {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .stream(let length, _): length
        }
    }

    /// Whether it can be sent a second time.
    package var isReplayable: Bool { if case .stream = self { false } else { true } }
}

/// Bytes that come piece by piece. One task at a time may ask.
package protocol ByteSource: Sendable {
    /// The next piece, never empty; nil at the end.
    func next() async throws -> Piece?
    /// Says that the rest is not wanted.
    func abandon() async
}

/// An answer whose head has come; its body comes as it is asked for.
package struct HTTPAnswer: Sendable {
    package let status: Int
    package let fields: HTTPFields
    package let body: any ByteSource

    package init(status: Int, fields: HTTPFields, body: any ByteSource) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The whole body.
    /// - Throws: `HTTPFailure.tooLarge` above `limit` bytes; the rest is then not read.
    package func bytes(limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await body.next() {
            bytes += piece.bytes
            if bytes.count > limit {
                await body.abandon()
                throw HTTPFailure(.tooLarge, "it sent more than \(limit) bytes")
            }
        }
        return bytes
    }

    /// Reads what is left, so that the connection can be used again.
    package func discard() async { _ = try? await bytes(limit: 1 << 16) }
}
