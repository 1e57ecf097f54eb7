import Lang

/// A blob on its way out of a registry: checked while it passes, and taken up again where it broke off.
actor BlobReader: ByteSource {
    private let repository: RegistryRepository
    private let descriptor: ContentDescriptor
    private var position: Int
    /// Nil where it does not begin at the beginning: then the one who takes it has to check the whole.
    private var hash: ContentHash?
    private var answer: HTTPAnswer?
    /// Bytes that come although they are not wanted: not every server can begin in the middle.
    private var unwanted = 0
    private var attempt = 1

    init(_ descriptor: ContentDescriptor, in repository: RegistryRepository, from position: Int = 0) {
        self.descriptor = descriptor
        self.repository = repository
        self.position = position
        hash = position == 0 ? ContentHash(descriptor.digest.algorithm) : nil
    }

    func next() async throws -> Piece? {
        while true {
            let call = repository.readCall(descriptor, from: position)
            do {
                return try await piece(call)
            } catch let failure as HTTPFailure {
                let failure = RegistryFailure(
                    cause: .http(failure), line: call.request.line, registry: repository.registry)
                try await again(after: failure, call)
            } catch let failure as RegistryFailure {
                try await again(after: failure, call)
            }
        }
    }

    func abandon() async {
        await answer?.body.abandon()
        answer = nil
    }

    private func piece(_ call: RegistryCall) async throws -> Piece? {
        let answer = try await opened(call)
        while var piece = try await answer.body.next() {
            let skipped = min(unwanted, piece.count)
            unwanted -= skipped
            if skipped > 0 { piece = piece.split(after: skipped).rest }
            if piece.isEmpty { continue }
            position += piece.count
            guard position <= descriptor.size else {
                try repository.check(nil, descriptor)
                return nil
            }
            hash?.update(piece)
            attempt = 1
            return piece
        }
        if position < descriptor.size {
            throw HTTPFailure(.reset, "it ended after \(position) of \(descriptor.size) bytes")
        }
        if let hash { try repository.check(hash.digest, descriptor) }
        return nil
    }

    private func opened(_ call: RegistryCall) async throws -> HTTPAnswer {
        if let answer { return answer }
        let opened = try await repository.session.once(call) { $0 }
        unwanted = opened.status == 206 ? 0 : position
        answer = opened
        return opened
    }

    private func again(after failure: RegistryFailure, _ call: RegistryCall) async throws {
        await abandon()
        try await repository.session.pause(after: failure, of: call, attempt: attempt)
        attempt += 1
    }
}
