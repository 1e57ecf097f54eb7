package import Builtins
package import Lang

/// A registry in memory, by the OCI distribution specification. A value: `FakeNetwork` gives it requests.
package struct FakeRegistry: Sendable {
    package enum Admission: Sendable {
        case open
        /// The `Authorization` that is let in.
        case basic(String)
        /// Tokens are handed out by `realm`; those in the set are good.
        case bearer(realm: String, tokens: Set<String>)
    }

    package struct Repository: Sendable {
        package var manifests: [String: (type: String, bytes: [UInt8])] = [:]
        package var tags: [String: String] = [:]
        package var blobs: [String: [UInt8]] = [:]
        var uploads: [String: [UInt8]] = [:]
    }

    package var repositories: [String: Repository] = [:]
    package var admission = Admission.open
    package var deletesTags = false
    package var knowsReferrers = true
    package var tellsDigests = true
    package var pageSize = 1000
    /// A body above this is refused, as proxies do.
    package var largestBody = Int.max
    /// What it wants pieces of an upload to have at least; not said where it is 0.
    package var shortestChunk = 0
    /// The end of the first piece that comes is lost, so many bytes.
    package var forgetsOnce = 0
    private var lastUpload = 0

    package init() {}

    // MARK: - Filling

    /// Puts an image of one platform there, made of these layers, and gives its manifest's digest.
    @discardableResult
    package mutating func add(
        _ repository: String, tag: String?, layers: [[UInt8]], platform: String = "linux/amd64"
    ) -> Digest {
        let parts = platform.split(separator: "/")
        let config = Array("{\"os\":\"\(parts[0])\",\"architecture\":\"\(parts[1])\"}".utf8)
        let described = layers.map { describe(repository, $0, "application/vnd.oci.image.layer.v1.tar+gzip") }
        let configuration = describe(repository, config, "application/vnd.oci.image.config.v1+json")
        let text =
            "{\"schemaVersion\":2,\"mediaType\":\"\(FakeTypes.manifest)\",\"config\":\(configuration),"
            + "\"layers\":[\(described.joined(separator: ","))]}"
        return add(repository, tag: tag, type: FakeTypes.manifest, Array(text.utf8))
    }

    /// Puts an index there that names these manifests.
    ///
    /// - Parameter attested: which of them are attestations, and of which others.
    @discardableResult
    package mutating func addIndex(
        _ repository: String, tag: String?, _ manifests: [(digest: Digest, platform: String)],
        attesting attested: [Digest: Digest] = [:]
    ) -> Digest {
        let items = manifests.map { digest, platform in
            let parts = platform.split(separator: "/")
            let size = repositories[repository]?.manifests[digest.description]?.bytes.count ?? 0
            let note = attested[digest].map {
                "\"annotations\":{\"vnd.docker.reference.digest\":\"\($0)\",\"vnd.docker.reference.type\":"
                    + "\"attestation-manifest\"},"
            }
            return "{\"mediaType\":\"\(FakeTypes.manifest)\",\"digest\":\"\(digest)\",\"size\":\(size)," + (note ?? "")
                + "\"platform\":{\"os\":\"\(parts[0])\",\"architecture\":\"\(parts[1])\"}}"
        }
        let text =
            "{\"schemaVersion\":2,\"mediaType\":\"\(FakeTypes.index)\",\"manifests\":[\(items.joined(separator: ","))]}"
        return add(repository, tag: tag, type: FakeTypes.index, Array(text.utf8))
    }

    @discardableResult
    package mutating func add(_ repository: String, tag: String?, type: String, _ bytes: [UInt8]) -> Digest {
        let digest = FakeTypes.digest(bytes)
        repositories[repository, default: Repository()].manifests[digest.description] = (type, bytes)
        if let tag { repositories[repository]?.tags[tag] = digest.description }
        return digest
    }

    private mutating func describe(_ repository: String, _ bytes: [UInt8], _ type: String) -> String {
        let digest = FakeTypes.digest(bytes)
        repositories[repository, default: Repository()].blobs[digest.description] = bytes
        return "{\"mediaType\":\"\(type)\",\"digest\":\"\(digest)\",\"size\":\(bytes.count)}"
    }

    // MARK: - Answering

    /// What came, and how it is answered.
    package struct Answer: Sendable {
        package var status: Int
        package var fields: HTTPFields
        package var body: [UInt8]
        package init(_ status: Int, _ fields: HTTPFields = [:], _ body: [UInt8] = []) {
            self.status = status
            self.fields = fields
            self.body = body
        }

        package static func error(_ status: Int, _ code: String, _ message: String = "") -> Answer {
            Answer(status, [:], Array("{\"errors\":[{\"code\":\"\(code)\",\"message\":\"\(message)\"}]}".utf8))
        }
    }

    package mutating func answer(_ request: HTTPRequest, _ body: [UInt8]) -> Answer {
        if let refusal = refusal(request) { return refusal }
        let path = request.url.path.dropFirst("/v2/".count)
        for kind in ["/manifests/", "/blobs/uploads/", "/blobs/", "/tags/list", "/referrers/"] {
            guard let range = path.ranges(of: kind).first else { continue }
            let repository = String(path[..<range.lowerBound])
            let item = String(path[range.upperBound...])
            switch kind {
            case "/manifests/": return manifests(request, repository, item, body)
            case "/blobs/uploads/": return uploads(request, repository, item, body)
            case "/blobs/": return blobs(request, repository, item)
            case "/tags/list": return tags(request, repository)
            default: return referrers(repository, item)
            }
        }
        return path.isEmpty ? Answer(200) : .error(404, "NAME_UNKNOWN")
    }

    private func refusal(_ request: HTTPRequest) -> Answer? {
        let given = request.fields["Authorization"]
        switch admission {
        case .open: return nil
        case .basic(let wanted):
            if given == wanted { return nil }
            return Answer(401, ["WWW-Authenticate": "Basic realm=\"fake\""])
        case .bearer(let realm, let tokens):
            if let given, given.hasPrefix("Bearer "), tokens.contains(String(given.dropFirst("Bearer ".count))) {
                return nil
            }
            return Answer(401, ["WWW-Authenticate": "Bearer realm=\"\(realm)\",service=\"fake\",scope=\"x\""])
        }
    }

    private mutating func manifests(
        _ request: HTTPRequest, _ repository: String, _ reference: String, _ body: [UInt8]
    ) -> Answer {
        let isDigest = reference.contains(":")
        let digest = isDigest ? reference : repositories[repository]?.tags[reference]
        switch request.method {
        case "PUT":
            if let missing = missing(body, in: repository) {
                return .error(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry: \(missing)")
            }
            let digest = add(
                repository, tag: isDigest ? nil : reference, type: request.fields["Content-Type"] ?? "", body)
            return Answer(201, ["Docker-Content-Digest": digest.description])
        case "DELETE":
            if !isDigest, !deletesTags { return .error(400, "DIGEST_INVALID") }
            guard let digest, repositories[repository]?.manifests[digest] != nil else {
                return .error(404, "MANIFEST_UNKNOWN")
            }
            if isDigest {
                repositories[repository]?.manifests[digest] = nil
                let kept = repositories[repository]?.tags.filter { $0.value != digest }
                repositories[repository]?.tags = kept ?? [:]
            } else {
                repositories[repository]?.tags[reference] = nil
            }
            return Answer(202)
        default:
            guard let digest, let found = repositories[repository]?.manifests[digest] else {
                return .error(404, "MANIFEST_UNKNOWN", "manifest unknown")
            }
            var fields: HTTPFields = ["Content-Type": found.type]
            if tellsDigests { fields["Docker-Content-Digest"] = digest }
            return Answer(200, fields, request.method == "HEAD" ? [] : found.bytes)
        }
    }

    /// The first part of a manifest that its repository lacks, for which registries refuse it.
    private func missing(_ manifest: [UInt8], in repository: String) -> String? {
        let text = String(decoding: manifest, as: UTF8.self)
        let digests = text.split(separator: "\"digest\":\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
        let held = repositories[repository]
        return digests.first { held?.blobs[$0] == nil && held?.manifests[$0] == nil }
    }

    private func blobs(_ request: HTTPRequest, _ repository: String, _ digest: String) -> Answer {
        guard let bytes = repositories[repository]?.blobs[digest] else { return .error(404, "BLOB_UNKNOWN") }
        if request.method == "HEAD" { return Answer(200, ["Docker-Content-Digest": digest]) }
        if let range = request.fields["Range"], let start = Int(range.dropFirst("bytes=".count).dropLast()) {
            return Answer(206, [:], Array(bytes[min(start, bytes.count)...]))
        }
        return Answer(200, [:], bytes)
    }

    private mutating func uploads(
        _ request: HTTPRequest, _ repository: String, _ id: String, _ body: [UInt8]
    ) -> Answer {
        let query = Self.query(request.url)
        if body.count > largestBody { return .error(413, "SIZE_INVALID") }
        if request.method == "POST" {
            if let mount = query["mount"], let from = query["from"], let bytes = repositories[from]?.blobs[mount] {
                repositories[repository, default: Repository()].blobs[mount] = bytes
                return Answer(201)
            }
            lastUpload += 1
            repositories[repository, default: Repository()].uploads["\(lastUpload)"] = []
            var fields: HTTPFields = ["Location": "/v2/\(repository)/blobs/uploads/\(lastUpload)"]
            if shortestChunk > 0 { fields["OCI-Chunk-Min-Length"] = "\(shortestChunk)" }
            return Answer(202, fields)
        }
        guard var held = repositories[repository]?.uploads[id] else { return .error(404, "BLOB_UPLOAD_UNKNOWN") }
        switch request.method {
        case "PATCH":
            if let range = request.fields["Content-Range"], !range.hasPrefix("\(held.count)-") { return Answer(416) }
            held += body
            held.removeLast(min(forgetsOnce, held.count))
            forgetsOnce = 0
            repositories[repository]?.uploads[id] = held
            return Answer(202, ["Location": request.url.path, "Range": "0-\(held.count - 1)"])
        case "GET":
            return Answer(204, ["Location": request.url.path, "Range": "0-\(max(0, held.count - 1))"])
        case "PUT":
            held += body
            guard FakeTypes.digest(held).description == query["digest"] else { return .error(400, "DIGEST_INVALID") }
            repositories[repository]?.uploads[id] = nil
            repositories[repository]?.blobs[query["digest"] ?? ""] = held
            return Answer(201)
        default:
            repositories[repository]?.uploads[id] = nil
            return Answer(204)
        }
    }

    /// What arrived of a body whose connection broke.
    mutating func keep(_ piece: [UInt8], of request: HTTPRequest) {
        guard request.method == "PATCH" else { return }
        _ = answer(request, piece)
    }

    private func tags(_ request: HTTPRequest, _ repository: String) -> Answer {
        guard let names = repositories[repository]?.tags.keys.sorted() else { return .error(404, "NAME_UNKNOWN") }
        let rest = names.drop { name in Self.query(request.url)["last"].map { name <= $0 } ?? false }
        let page = rest.prefix(pageSize)
        let list = page.map { "\"\($0)\"" }.joined(separator: ",")
        var fields: HTTPFields = [:]
        if rest.count > page.count, let last = page.last {
            fields["Link"] = "</v2/\(repository)/tags/list?last=\(last)&n=\(pageSize)>; rel=\"next\""
        }
        return Answer(200, fields, Array("{\"name\":\"\(repository)\",\"tags\":[\(list)]}".utf8))
    }

    private func referrers(_ repository: String, _ digest: String) -> Answer {
        guard knowsReferrers else { return .error(404, "UNSUPPORTED") }
        let found = (repositories[repository]?.manifests ?? [:]).filter { _, manifest in
            String(decoding: manifest.bytes, as: UTF8.self).contains("\"subject\":{\"digest\":\"\(digest)\"")
        }
        let items = found.sorted { $0.key < $1.key }.map {
            "{\"mediaType\":\"\($1.type)\",\"digest\":\"\($0)\",\"size\":\($1.bytes.count)}"
        }
        return Answer(200, [:], Array("{\"manifests\":[\(items.joined(separator: ","))]}".utf8))
    }

    private static func query(_ url: WebAddress) -> [String: String] {
        let pairs = (url.query ?? "").split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
        return Dictionary(
            pairs.filter { $0.count == 2 }.map { (String($0[0]), String($0[1]).removingPercentEncoding ?? "") }
        ) { $1 }
    }
}
