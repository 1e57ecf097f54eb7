import Lang

/// One repository of a registry, by the
/// [OCI distribution specification 1.1](https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md).
struct RegistryRepository: Sendable {
    let session: RegistrySession
    /// `team/app`
    let name: String

    var registry: String { session.endpoint.registry }

    /// As a person names content of it: `ghcr.io/team/app:dev`.
    func shown(_ reference: String) -> String {
        "\(registry)/\(name)\(reference.contains(":") ? "@" : ":")\(reference)"
    }

    /// What tells it from every other: `ghcr.io/team/app`.
    var place: String { "\(registry)/\(name)" }

    func isSame(as other: RegistryRepository) -> Bool { place == other.place }

    func url(_ path: String) -> WebAddress { session.endpoint.url(name, path) }

    // MARK: - Manifests

    private static let accept: HTTPFields = ["Accept": MediaType.manifests.joined(separator: ", ")]

    /// What a tag or digest stands for, whole; nil where there is no such thing. The bytes are those that the digest
    /// belongs to.
    func manifest(_ reference: String) async throws -> Manifest? {
        let call = RegistryCall(
            "GET", url("manifests/\(reference)"), scopes: [.pull(name)], to: "read the manifest of \(shown(reference))",
            fields: Self.accept, answers: [404])
        return try await session.send(call) { answer in
            if answer.status == 404 {
                await answer.discard()
                return nil
            }
            return try Self.read(
                try await answer.bytes(limit: Manifest.maximumSize), answer.fields, reference, shown(reference))
        }
    }

    private static func read(
        _ bytes: [UInt8], _ fields: HTTPFields, _ reference: String, _ shown: String
    ) throws -> Manifest {
        let asked = reference.contains(":") ? try Digest(parsing: reference) : nil
        let told = fields["Docker-Content-Digest"].flatMap { try? Digest(parsing: $0.trimmed) }
        let algorithm = (asked ?? told)?.algorithm ?? "sha256"
        let found = ContentHash.digest(of: bytes, algorithm: algorithm)
        for expected in [asked, told].compactMap(\.self) where expected.algorithm == algorithm && expected != found {
            throw RuntimeError(.world, .contentChanged("the manifest of \(shown)", expected: expected, got: found))
        }
        do throws(Manifest.Unreadable) {
            return try Manifest(bytes, type: fields["Content-Type"] ?? "", digest: found)
        } catch {
            throw RuntimeError(.world, .manifestUnreadable(shown, reason: error.reason))
        }
    }

    /// The digest of what a tag or digest stands for; nil where there is no such thing.
    func head(_ reference: String) async throws -> Digest? {
        let call = RegistryCall(
            "HEAD", url("manifests/\(reference)"), scopes: [.pull(name)], to: "look up \(shown(reference))",
            fields: Self.accept, answers: [404])
        let answer = try await session.send(call)
        if answer.status == 404 { return nil }
        let type = MediaType.bare(answer.fields["Content-Type"] ?? "")
        guard let digest = answer.fields["Docker-Content-Digest"].flatMap({ try? Digest(parsing: $0.trimmed) }),
            MediaType.manifests.contains(type)
        else {
            // Not every registry tells the digest without the body.
            return try await manifest(reference)?.digest
        }
        return digest
    }

    /// Puts a manifest, byte for byte, under a tag or its digest.
    /// - Throws: `RegistryFailure` where it is refused with one of `refusals`.
    func put(_ manifest: Manifest, as reference: String, refusals: Set<Int> = []) async throws {
        var call = RegistryCall(
            "PUT", url("manifests/\(reference)"), scopes: [.push(name)], to: "write \(shown(reference))",
            fields: ["Content-Type": manifest.mediaType], body: .bytes(manifest.bytes))
        call.refusals = refusals
        call.outlivesCancelling = true
        let answer = try await session.send(call)
        guard let told = answer.fields["Docker-Content-Digest"].flatMap({ try? Digest(parsing: $0.trimmed) }),
            told.algorithm == manifest.digest.algorithm, told != manifest.digest
        else { return }
        throw RuntimeError(
            .world, .contentChanged("the manifest of \(shown(reference))", expected: manifest.digest, got: told))
    }

    /// As `put`, and reads back what the name stands for then.
    func place(_ manifest: Manifest, as reference: String, refusals: Set<Int> = []) async throws {
        try await put(manifest, as: reference, refusals: refusals)
        let found = try await head(reference)
        if found != manifest.digest {
            throw RuntimeError(
                .world, .copyChangedDigest(shown(reference), expected: manifest.digest, got: found))
        }
    }

    /// Deletes a manifest with every tag that names it. False where the registry does not do that.
    @discardableResult
    func delete(_ digest: Digest) async throws -> Bool {
        var call = RegistryCall(
            "DELETE", url("manifests/\(digest)"), scopes: [.delete(name)], to: "delete \(shown(digest.description))",
            answers: [403, 404, 405])
        call.outlivesCancelling = true
        await session.world.registries.forget(digest, of: place)
        let answer = try await session.send(call)
        return ![403, 405].contains(answer.status)
    }

    /// Deletes a tag and leaves the manifest. False where the registry does not do that.
    func delete(tag: String) async throws -> Bool {
        var call = RegistryCall(
            "DELETE", url("manifests/\(tag)"), scopes: [.delete(name)], to: "delete \(shown(tag))",
            answers: [400, 403, 404, 405])
        call.outlivesCancelling = true
        let answer = try await session.send(call)
        return ![400, 403, 405].contains(answer.status)
    }

    // MARK: - Tags

    /// Registries hand out long lists in pages; more than this many pages is not believed.
    private static let maximumPages = 1000

    /// In the registry's order; none where it does not know the repository.
    func tags() async throws -> [String] {
        try await pages("tags/list?n=1000", to: "list the tags of \(registry)/\(name)") {
            $0["tags"]?.list?.compactMap(\.text) ?? []
        } ?? []
    }

    /// Reads page after page; nil where the first is not there.
    func pages<T: Sendable>(
        _ path: String, to purpose: String, _ items: @escaping @Sendable (JSON) -> [T]
    ) async throws -> [T]? {
        guard var next = url("").resolving(path) else { return nil }
        var found: [T] = []
        for page in 0..<Self.maximumPages {
            let call = RegistryCall("GET", next, scopes: [.pull(name)], to: purpose, answers: page == 0 ? [404] : [])
            let (status, body, fields) = try await session.send(call) { answer in
                (answer.status, try await answer.bytes(limit: Manifest.maximumSize), answer.fields)
            }
            if status == 404 { return nil }
            guard let json = try? JSON.parse(String(decoding: body, as: UTF8.self)), json.map != nil else {
                throw RuntimeError(
                    .world, .registryFailed(purpose, reason: "\(registry) answered with what is not JSON", remedy: nil))
            }
            found += items(json)
            guard let following = LinkField.next(fields.all("Link"), of: next) else { return found }
            // Another host has no business with this one's lists.
            guard following.origin == next.origin, following != next else {
                let reason =
                    "its next page is \(following == next ? "the same again" : "on another host"): \(following.shown)"
                throw RuntimeError(.world, .registryFailed(purpose, reason: reason, remedy: nil))
            }
            next = following
        }
        let reason = "\(registry) has more than \(Self.maximumPages) pages of them"
        throw RuntimeError(.world, .registryFailed(purpose, reason: reason, remedy: nil))
    }

    // MARK: - Referrers

    /// What refers to a manifest: signatures, lists of contents. A registry without the interface keeps them under a tag
    /// made from the digest.
    func referrers(of digest: Digest) async throws -> [ContentDescriptor] {
        let read: @Sendable (JSON) -> [ContentDescriptor] = {
            $0["manifests"]?.list?.compactMap(ContentDescriptor.init) ?? []
        }
        let purpose = "list what refers to \(shown(digest.description))"
        if let found = try await pages("referrers/\(digest)", to: purpose, read) { return found }
        return try await manifest(Self.referrersTag(digest))?.manifests ?? []
    }

    /// `sha256-6c3c…`
    static func referrersTag(_ digest: Digest) -> String {
        "\(digest.algorithm.prefix(32))-\(digest.encoded.prefix(64))"
    }
}
