import Lang

// Configurations and layers: looking them up, reading them, and the requests that uploads are made of.
extension RegistryRepository {
    /// Whether the repository has it.
    func hasBlob(_ digest: Digest) async throws -> Bool {
        let call = RegistryCall(
            "HEAD", url("blobs/\(digest)"), scopes: [.pull(name)], to: "look up \(shown(digest.description))",
            answers: [404])
        return try await session.send(call).status != 404
    }

    /// A small one, whole and checked.
    func blob(_ descriptor: ContentDescriptor) async throws -> [UInt8] {
        let call = RegistryCall(
            "GET", url("blobs/\(descriptor.digest)"), scopes: [.pull(name)],
            to: "read \(shown(descriptor.digest.description))")
        return try await session.send(call) { answer in
            let bytes = try await answer.bytes(limit: descriptor.size)
            try check(ContentHash.digest(of: bytes, algorithm: descriptor.digest.algorithm), descriptor)
            return bytes
        }
    }

    func check(_ found: Digest?, _ descriptor: ContentDescriptor) throws {
        if found == descriptor.digest { return }
        throw RuntimeError(
            .world, .contentChanged("a blob of \(registry)/\(name)", expected: descriptor.digest, got: found))
    }

    /// Opens a blob at a position, which is the answer's business to honour: 206 where it did, 200 where it begins
    /// at 0.
    func readCall(_ descriptor: ContentDescriptor, from position: Int) -> RegistryCall {
        RegistryCall(
            "GET", url("blobs/\(descriptor.digest)"), scopes: [.pull(name)],
            to: "read \(shown(descriptor.digest.description))",
            fields: position > 0 ? ["Range": "bytes=\(position)-"] : [:])
    }

    // MARK: - Uploads

    /// Begins an upload, or takes the blob over from another repository of this registry.
    ///
    /// - Parameter other: that it has the blob, and that we may read there, is a guess.
    /// - Returns: nil where it was taken over and nothing is left to do.
    func startUpload(_ descriptor: ContentDescriptor, from other: String? = nil) async throws -> UploadSession? {
        let shown = shown(descriptor.digest.description)
        let url = url("blobs/uploads/")
        if let other {
            let mount = url.adding("mount", descriptor.digest.description).adding("from", other)
            let answer = try await attempt(mount, other, shown)
            if answer?.status == 201 { return nil }
            if let answer, answer.status == 202 {
                return try UploadSession(descriptor, started: answer, at: mount, shown: shown)
            }
        }
        let call = RegistryCall(
            "POST", url, scopes: [.push(name)], to: "begin the upload of \(shown)", body: .bytes([]))
        let answer = try await session.send(call)
        if answer.status == 201 { return nil }
        return try UploadSession(descriptor, started: answer, at: url, shown: shown)
    }

    /// Asks for a blob of another repository. Nil where that needs a token that is not given.
    private func attempt(_ mount: WebAddress, _ other: String, _ shown: String) async throws -> HTTPAnswer? {
        let scopes: [RegistryScope] = other == name ? [.push(name)] : [.push(name), .pull(other)]
        let call = RegistryCall(
            "POST", mount, scopes: scopes, to: "begin the upload of \(shown)", body: .bytes([]),
            answers: [400, 403, 404, 405])
        do {
            return try await session.send(call)
        } catch let error as RuntimeError where error.id == "token-refused" {
            return nil
        }
    }

    /// A small blob: one request after the first.
    func upload(_ bytes: [UInt8], _ descriptor: ContentDescriptor) async throws {
        guard let upload = try await startUpload(descriptor) else { return }
        try await finish(upload, with: bytes)
    }

    /// How long a registry is told of an upload that will not be finished.
    private static let cancelLimit = Duration.seconds(2)

    /// Says that an upload will not be finished, so that the registry can forget it.
    func cancel(_ upload: UploadSession) async {
        let call = RegistryCall("DELETE", upload.location, scopes: [.push(name)], to: "cancel an upload")
        // Tasks of their own: being cancelled is a reason to say so.
        let (ends, said) = AsyncStream.makeStream(of: Void.self)
        let saying = Task(executorPreference: LoopExecutor.current) {
            _ = try? await session.once(call) { await $0.discard() }
            said.finish()
        }
        let limit = Task {
            try? await Task.sleep(for: Self.cancelLimit)
            saying.cancel()
            // Whether or not that is heeded.
            said.finish()
        }
        await Task { for await _ in ends {} }.value
        limit.cancel()
    }
}
