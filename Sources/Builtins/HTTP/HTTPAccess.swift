/// Speaks HTTP. Knows nothing of registries, follows no redirect and repeats nothing that may have had an effect.
package protocol HTTPAccess: Sendable {
    /// Sends a request and gives the answer as soon as its head has come.
    /// - Throws: `HTTPFailure`, or `CancellationError` where the task is cancelled.
    func send(_ request: HTTPRequest) async throws -> HTTPAnswer
    /// Runs what sends many requests where their answers arrive, so that it need not be woken up for each of them. It must not
    /// keep the processor for long.
    func nearby<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T
}

extension HTTPAccess {
    package func nearby<T: Sendable>(_ body: @Sendable () async throws -> T) async rethrows -> T { try await body() }
}

/// Why no answer came, or not all of it.
package struct HTTPFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable {
        /// The host's name is not known.
        case unknownHost
        /// Nobody listens there.
        case refused
        case timeout
        /// The connection ended before the answer did.
        case reset
        /// The certificate, or another part of the agreement on encryption.
        case encryption
        /// A proxy on the way does not let it through.
        case proxy
        /// What came is not HTTP.
        case malformed
        case tooLarge
    }

    package let kind: Kind
    /// For a person: follows "it could not be reached: ".
    package let reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// Bytes that are there already, as a source.
package actor BytesInMemory: ByteSource {
    private var pieces: ArraySlice<Piece>

    /// - Parameter pieces: given in this order; empty ones are left out.
    package init(_ pieces: [Piece]) { self.pieces = pieces.filter { !$0.isEmpty }[...] }

    package func next() async throws -> Piece? { pieces.popFirst() }
    package func abandon() { pieces = [] }
}
