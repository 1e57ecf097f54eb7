import Lang

/// Brings one blob into all repositories that lack it: taken over where the registry has it in another repository, and
/// else read once and written to all at the same time.
struct BlobTransfer: Sendable {
    let descriptor: ContentDescriptor
    let source: RegistryRepository

    /// How a blob came into a repository.
    enum Way: Sendable, Hashable {
        case mounted
        case written
    }

    /// What is not larger is read whole before it is written, in one request.
    static let smallSize = 1 << 20

    /// One result for each target, in order. A target that fails does not stop the others.
    ///
    /// - Parameter donors: for each target the repository of its registry that may have the blob.
    func perform(to targets: [RegistryRepository], donors: [String?]) async -> [Result<Way, any Error>] {
        let starts = await inParallel(Array(zip(targets, donors))) { target, donor in
            try await target.startUpload(descriptor, from: donor)
        }
        var results: [Result<Way, any Error>] = starts.map { start in start.map { _ in .mounted } }
        let open = starts.indices.compactMap { position -> (position: Int, upload: UploadSession)? in
            guard case .success(let upload?) = starts[position] else { return nil }
            return (position, upload)
        }
        if open.isEmpty { return results }
        let uploads = open.map { (targets[$0.position], $0.upload) }
        let written = descriptor.size <= Self.smallSize ? await writeWhole(uploads) : await writeTogether(uploads)
        for (item, result) in zip(open, written) { results[item.position] = result.map { .written } }
        return results
    }

    // MARK: - Small ones

    private func writeWhole(_ uploads: [(RegistryRepository, UploadSession)]) async -> [Result<Void, any Error>] {
        let bytes: [UInt8]
        do {
            bytes = try await source.blob(descriptor)
        } catch {
            for (target, upload) in uploads { await target.cancel(upload) }
            return uploads.map { _ in .failure(error) }
        }
        return await inParallel(uploads) { target, upload in
            try await target.finish(upload, with: bytes)
        }
    }

    // MARK: - Large ones

    private func writeTogether(_ uploads: [(RegistryRepository, UploadSession)]) async -> [Result<Void, any Error>] {
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
    private func write(_ reader: any ByteSource, _ upload: UploadSession, to target: RegistryRepository) async throws {
        var upload = upload
        var reader = reader
        var attempt = 1
        while true {
            do {
                try await target.send(&upload, reader)
                return try await target.finish(upload, with: [])
            } catch let failure as RegistryFailure {
                await reader.abandon()
                // A token may end during a long upload: what is asked for next gets a new one.
                let isExpired = if case .status(401, _, _) = failure.cause { attempt == 1 } else { false }
                let question = target.statusCall(upload)
                if !isExpired { try await target.session.pause(after: failure, of: question, attempt: attempt) }
                upload = try await target.resumed(upload)
                reader = BlobReader(descriptor, in: source, from: upload.received)
                attempt += 1
            } catch {
                await target.cancel(upload)
                throw error
            }
        }
    }
}

// What the requests of an upload are.
extension RegistryRepository {
    /// Sends the rest of the content, once.
    func send(_ upload: inout UploadSession, _ reader: any ByteSource) async throws {
        if upload.remaining == 0 { return }
        let call = RegistryCall(
            "PATCH", upload.location, scopes: [.push(name)],
            to: "write \(shown(upload.descriptor.digest.description))", fields: upload.patchFields,
            body: .stream(length: upload.remaining, reader))
        let answer = try await session.once(call) { answer in
            await answer.discard()
            return answer
        }
        upload.update(from: answer)
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
        return new
    }
}
