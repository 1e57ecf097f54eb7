import Lang

/// Brings one blob into all repositories that lack it: taken over where the registry has it in another repository, and
/// else read once and written to all at the same time.
struct BlobTransfer: Sendable {
    let descriptor: ContentDescriptor
    let source: RegistryRepository

    struct Target: Sendable {
        let repository: RegistryRepository
        /// Another repository of its registry that may have the blob.
        let donor: String?
        let meter: TransferMeter?
    }

    /// How a blob came into a repository.
    enum Way: Sendable, Hashable {
        case mounted
        case written
    }

    /// What is not larger is read whole before it is written, in one request.
    static let smallSize = 1 << 20

    /// One result for each target, in order. A target that fails does not stop the others.
    func perform(to targets: [Target]) async -> [Result<Way, any Error>] {
        // What no registry can take over will be needed.
        let isWanted = descriptor.size <= Self.smallSize && targets.allSatisfy { $0.donor == nil }
        async let content = isWanted ? readWhole() : nil
        let starts = await inParallel(targets) { try await $0.repository.startUpload(descriptor, from: $0.donor) }
        var results: [Result<Way, any Error>] = starts.map { start in start.map { _ in .mounted } }
        let open = starts.indices.compactMap { position -> (position: Int, upload: UploadSession)? in
            guard case .success(let upload?) = starts[position] else { return nil }
            return (position, upload)
        }
        if !open.isEmpty {
            let uploads = open.map { (targets[$0.position], $0.upload) }
            let isSmall = descriptor.size <= Self.smallSize
            let written = isSmall ? await writeWhole(uploads, await content) : await writeTogether(uploads)
            for (item, result) in zip(open, written) { results[item.position] = result.map { .written } }
        }
        for (target, result) in zip(targets, results) {
            if case .success = result { target.meter?.reached(descriptor.size, of: descriptor.digest) }
        }
        return results
    }

    // MARK: - Small ones

    private func readWhole() async -> Result<[UInt8], any Error> {
        do { return .success(try await source.blob(descriptor)) } catch { return .failure(error) }
    }

    /// - Parameter content: nil where it has not been read yet.
    private func writeWhole(
        _ uploads: [(Target, UploadSession)], _ content: Result<[UInt8], any Error>?
    ) async -> [Result<Void, any Error>] {
        let read = if let content { content } else { await readWhole() }
        switch read {
        case .success(let bytes):
            return await inParallel(uploads) { target, upload in
                do {
                    try await target.repository.finish(upload, with: bytes)
                } catch {
                    await target.repository.cancel(upload)
                    throw error
                }
            }
        case .failure(let error):
            _ = await inParallel(uploads) { target, upload in await target.repository.cancel(upload) }
            return uploads.map { _ in .failure(error) }
        }
    }

    // MARK: - Large ones

    private func writeTogether(_ uploads: [(Target, UploadSession)]) async -> [Result<Void, any Error>] {
        let shared = SharedSource(BlobReader(descriptor, in: source), readers: uploads.count)
        return await inParallel(Array(uploads.enumerated())) { number, item in
            let reader = shared.reader(number)
            do {
                try await write(reader, item.1, to: item.0)
            } catch {
                await reader.abandon()
                throw error
            }
        }
    }

    /// Writes what comes; where the connection breaks, the rest is read again for this target alone.
    private func write(_ reader: any ByteSource, _ upload: UploadSession, to target: Target) async throws {
        var upload = upload
        var content = UploadSource(reader, of: descriptor.digest, from: upload.received, target.meter)
        var retries = UploadRetries()
        do {
            while true {
                do {
                    while upload.remaining > 0 { try await target.repository.send(&upload, content) }
                    return try await target.repository.finish(upload, with: [])
                } catch let failure as RegistryFailure {
                    await content.abandon()
                    if retries.pauses(after: failure, &upload) {
                        let call = target.repository.statusCall(upload)
                        try await target.repository.session.pause(after: failure, of: call, attempt: retries.attempt)
                    }
                    upload = try await target.repository.resumed(upload)
                    let rest = BlobReader(descriptor, in: source, from: upload.received)
                    content = UploadSource(rest, of: descriptor.digest, from: upload.received, target.meter)
                }
            }
        } catch {
            // The registry is told that nobody will go on.
            await target.repository.cancel(upload)
            throw error
        }
    }
}

/// What has gone wrong with one upload so far.
struct UploadRetries: Sendable {
    /// Failures in a row without a byte between them.
    private(set) var attempt = 0
    private var failedAt: Int?
    private var renewedAt: Int?

    /// Whether to wait before the upload goes on. It goes on at once where it is known what to do otherwise.
    mutating func pauses(after failure: RegistryFailure, _ upload: inout UploadSession) -> Bool {
        attempt = failedAt == upload.received ? attempt + 1 : 1
        failedAt = upload.received
        guard case .status(let status, _, _) = failure.cause else {
            // A proxy that takes no large bodies may hang up before its answer is heard.
            if attempt > 1 { _ = upload.shrink() }
            return true
        }
        switch status {
        // A token may end during a long upload: what is asked for next gets a new one.
        case 401 where renewedAt != upload.received:
            renewedAt = upload.received
            return false
        // There are registries, and more often proxies before them, that take no large bodies.
        case 413: return !upload.shrink()
        default: return true
        }
    }
}

// What the requests of an upload are.
extension RegistryRepository {
    /// Sends the next portion, once.
    func send(_ upload: inout UploadSession, _ content: UploadSource) async throws {
        let end = upload.received + upload.portion
        await content.begin(upload.portion, isLast: upload.portion == upload.remaining)
        let call = RegistryCall(
            "PATCH", upload.location, scopes: [.push(name)],
            to: "write \(shown(upload.descriptor.digest.description))", fields: upload.patchFields,
            body: .stream(length: upload.portion, content))
        let answer = try await session.once(call) { answer in
            await answer.discard()
            return answer
        }
        upload.update(from: answer)
        if upload.received < end {
            let cause = HTTPFailure(.reset, "it has \(upload.received) bytes where \(end) were sent")
            throw RegistryFailure(cause: .http(cause), line: call.request.line, registry: registry)
        }
    }

    /// Ends an upload with what is left of it.
    func finish(_ upload: UploadSession, with bytes: [UInt8]) async throws {
        let purpose = "write \(shown(upload.descriptor.digest.description))"
        let call = RegistryCall(
            "PUT", upload.completion, scopes: [.push(name)], to: purpose,
            fields: ["Content-Type": "application/octet-stream"], body: .bytes(bytes), answers: [404])
        let answer = try await session.send(call)
        // One that was ended, with the answer lost, is not known any more; then the blob is there.
        if answer.status == 404, try await !hasBlob(upload.descriptor.digest) {
            throw RuntimeError(
                .world, .registryFailed(purpose, reason: "\(registry) forgot the upload before its end", remedy: nil))
        }
    }

    /// Asks how far an upload came.
    func statusCall(_ upload: UploadSession) -> RegistryCall {
        RegistryCall(
            "GET", upload.location, scopes: [.push(name)],
            to: "write \(shown(upload.descriptor.digest.description))", answers: [404])
    }

    /// An upload as far as the registry has it; a new one where it has forgotten it.
    func resumed(_ upload: UploadSession) async throws -> UploadSession {
        let answer = try await session.send(statusCall(upload))
        if answer.status != 404 {
            var upload = upload
            upload.update(from: answer)
            return upload
        }
        guard let new = try await startUpload(upload.descriptor) else { return upload }
        return upload.begun(again: new)
    }
}
