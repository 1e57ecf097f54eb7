import Lang

/// Which images of an index are copied.
enum PlatformChoice: Sendable, Hashable {
    /// The index as it is.
    case all
    /// One image, without an index around it.
    case one(Platform)
    /// An index of these.
    case several([Platform])

    init(_ platform: String?, _ platforms: [String]) throws {
        if platform != nil, !platforms.isEmpty { throw RuntimeError(.value, .platformTwice()) }
        if let platform {
            self = .one(try Platform(parsing: platform))
        } else {
            self = platforms.isEmpty ? .all : .several(try platforms.map { try Platform(parsing: $0) })
        }
    }

    /// The argument that says the same, with the comma before it.
    var argument: String {
        switch self {
        case .all: ""
        case .one(let platform): ", platform: \"\(platform)\""
        case .several(let platforms): ", platforms: [\(platforms.map { "\"\($0)\"" }.joined(separator: ", "))]"
        }
    }
}

extension Manifest {
    /// The images of an index that are for these platforms, in the order of the index. Attestations name the platform
    /// `unknown/unknown`, and so are none.
    ///
    /// - Parameter image: for the error where one is missing.
    func choose(_ platforms: [Platform], of image: String) throws -> [ContentDescriptor] {
        let found = platforms.map { platform in
            manifests.first { $0.platform.map(platform.accepts) ?? false }
        }
        if let missing = found.firstIndex(where: { $0 == nil }) {
            let known = manifests.compactMap { $0.platform?.description }
            throw RuntimeError(.value, .platformMissing(platforms[missing].description, image, known: known))
        }
        let wanted = Set(found.compactMap { $0?.digest })
        return manifests.filter { wanted.contains($0.digest) }
    }

    /// The index of these platforms alone, with the attestations that belong to them. It has a digest of its own.
    func narrowed(to platforms: [Platform], of image: String) throws -> Manifest {
        let chosen = Set(try choose(platforms, of: image).map(\.digest))
        guard var json = try? JSON.parse(String(decoding: bytes, as: UTF8.self)).map,
            let items = json["manifests"]?.list
        else { return self }
        let kept = items.filter { Self.belongs($0, to: chosen) }
        if kept.count == items.count { return self }
        json["manifests"] = .list(kept)
        var printer = JSONPrinter(isIndented: false)
        try printer.print(JSON.map(json).value, depth: 0)
        let narrowed = Array(printer.text.utf8)
        return try Manifest(narrowed, type: mediaType, digest: ContentHash.digest(of: narrowed))
    }

    /// BuildKit notes at an attestation which image it is of.
    private static func belongs(_ item: JSON, to chosen: Set<Digest>) -> Bool {
        let names = [item["digest"], item["annotations"]?["vnd.docker.reference.digest"]].compactMap { $0?.text }
        return names.contains { name in (try? Digest(parsing: name)).map(chosen.contains) ?? false }
    }
}
