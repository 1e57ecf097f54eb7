package import Lang

/// Images where they are published.
package enum RegistryBuiltins {
    /// What publishing did: registry, tag, then `from` and `to`.
    package typealias Published = OrderedMap<OrderedMap<OrderedMap<Digest?>>>

    package static let all: [Builtin] = [digest, tags, referrers, history, retag, delete, publish] + CopyBuiltins.all

    private static let digest: Builtin = .reads(
        "registry.digest", "The digest that an image has in its registry; null where there is no such tag.",
        Parameter("image", "the image, with registry and tag"),
        example: """
            > registry.digest("127.0.0.1:5001/team/app:dev-1.2.0")
            Digest("sha256:6b1e…")
            """
    ) { (world: World, image: ImageReference) in
        try await RegistryClient(world: world).digest(of: image)
    }

    private static let tags: Builtin = .reads(
        "registry.tags", "The tags that a registry has for an image; none where it does not know the image.",
        Parameter("image", "the image; its own tag does not matter"),
        example: """
            > registry.tags("127.0.0.1:5001/team/app")
            ["dev", "dev-1.2.0"]
            """
    ) { (world: World, image: ImageReference) in try await RegistryClient(world: world).tags(of: image) }

    private static let retag: Builtin = .changes(
        "registry.retag", "Makes `target` stand for what `source` stands for: the same digest, every platform.",
        Parameter("source", "an image in a registry"),
        Parameter("target", "the name to point at it; may be in another registry"),
        example: """
            > registry.retag("127.0.0.1:5001/team/app:dev-1.1.0", "127.0.0.1:5001/team/app:dev")
            Digest("sha256:6b1e…")
            """,
        reversals: [byRetagging("{target}")],
        commands: { world, source, target in
            let digest = try await RegistryClient(world: world).digest(of: source)
            return [try RegistryClient.pointLine(target, at: digest, of: source)]
        },
        planned: { world, source, target in try await RegistryClient(world: world).digest(of: source) },
        requires: { source, _ in [.remoteImage(source)] },
        inverse: { world, source, target in
            let digest = try await RegistryClient(world: world).digest(of: source)
            return try await Inverse.ofRemoteTags([target], meant: digest, in: world)
        },
        made: { inverses, digest in inverses.made(.image(digest)) },
        repeats: .again,
        body: { (world: World, source: ImageReference, target: ImageReference) -> Digest in
            let client = RegistryClient(world: world)
            var known = world.seen?.first?.meant
            if known == nil { known = try await client.digest(of: source) }
            guard let digest = known else { throw RuntimeError(.world, .noSuchRemoteImage(source.familiar)) }
            try await client.point(target, at: digest, of: source)
            return digest
        })

    private static let referrers: Builtin = .reads(
        "registry.referrers",
        "What refers to an image in its registry: signatures, lists of contents. Each with its digest.",
        Parameter("image", "the image, with registry and tag or digest"),
        example: """
            > registry.referrers("127.0.0.1:5001/team/app:dev")
            [{digest: "sha256:2f1d…", type: "application/vnd.dev.cosign.artifact.sig.v1+json", size: 712}]
            """
    ) { (world: World, image: ImageReference) -> [JSON] in
        let client = RegistryClient(world: world)
        guard let digest = try await client.digest(of: image) else {
            throw RuntimeError(.world, .noSuchRemoteImage(image.familiar))
        }
        return try await client.repository(of: image).referrers(of: digest).map { found in
            .map(
                OrderedMap([
                    ("digest", .text(found.digest.description)), ("type", .text(found.artifactType ?? found.mediaType)),
                    ("size", .int(found.size)),
                ]))
        }
    }

    private static let history: Builtin = .reads(
        "registry.history",
        "How a tag has moved, the newest move first, as far as the ledger of this project knows: which run moved it, who, when, "
            + "from which digest to which, and whether that was taken back. The registry is not asked.",
        Parameter("image", "the image, with registry and tag"),
        example: """
            > registry.history("127.0.0.1:5001/team/app:dev")
            [{run: 12, user: "me", time: "2025-10-06T09:30:00Z", from: "sha256:9b57…", to: "sha256:6b1e…", undone: false}]
            """
    ) { (world: World, image: ImageReference) -> [JSON] in
        guard image.tag != nil else { throw RuntimeError(.value, .pushNeedsTag(image.familiar)) }
        return try await world.history.moves(of: image).map { move in
            .map(
                OrderedMap([
                    ("run", .int(move.run)), ("user", .text(move.user)),
                    ("time", .text(CalendarTime(secondsSince1970: move.time).description)),
                    ("from", move.from.map { .text($0.description) } ?? .null),
                    ("to", move.to.map { .text($0.description) } ?? .null), ("undone", .bool(move.isUndone)),
                ]))
        }
    }

    private static let delete: Builtin = .changes(
        "registry.delete",
        "Deletes a tag in its registry. The image stays, as do its other tags. A tag that is not there is no error.",
        Parameter("image", "the image, with registry and tag"),
        example: """
            > registry.delete("127.0.0.1:5001/team/app:local-me-1.2.0")
            """,
        reversals: [byRetagging("{image}")],
        commands: { world, image in [RegistryClient.line([try RegistryClient.deleteCall(image)])] },
        inverse: { world, image in try await Inverse.ofRemoteTags([image], in: world) },
        made: { inverses, _ in inverses.made(.absent) },
        repeats: .again,
        body: { (world: World, image: ImageReference) -> Nothing in
            let client = RegistryClient(world: world)
            guard image.tag != nil else { throw RuntimeError(.value, .pushNeedsTag(image.familiar)) }
            let isThere = try await client.digest(of: image.with(digest: nil)) != nil
            if isThere, try await !client.takeBack(image) { throw RuntimeError(.world, .tagStays(image.familiar)) }
            return Nothing()
        })

    private static let publish: Builtin = .changes(
        "registry.publish",
        "Publishes an image in several registries at once: all of them hold the same digest afterwards, or no moving "
            + "tag has moved. Tags that are the bare name of a stage move; every other tag is a version and stays.",
        Parameter("image", "the image; one from docker.build is published just as it was built"),
        Parameter("to", "the registries"),
        Parameter("tags", "such as `dev-1.2.0` and `dev`"),
        Parameter("overwrite", "replace a version that is there with another digest", default: false),
        example: """
            > let local = Image("app:local-me-1.2.0")
            > registry.publish(local, to: project.registries.all(), tags: ["dev-1.2.0", "dev"])
            {ecr: {"dev-1.2.0": {from: null, to: Digest("sha256:6b1e…")}, dev: {from: …, to: …}}}
            """,
        reversals: [
            .automatic("moving tags go back to the digests they had; version tags that were pushed stay"),
            byRetagging("NAME:TAG", part: .movingTags(of: "tags")),
            .by(
                "relsh -e 'registry.delete(Image(\"NAME:TAG\"))'",
                "a new version, in each registry that deletes tags; in others it stays, and whoever has pulled it has it",
                part: .versionTags(of: "tags")),
        ],
        commands: { world, image, registries, tags, overwrite in
            try await Publication(image, to: registries, tags: tags, overwrite: overwrite, in: world).commands()
        },
        requires: { image, _, _, _ in [.image(image)] },
        inverse: { world, image, registries, tags, overwrite in
            let publication = try await Publication(image, to: registries, tags: tags, overwrite: overwrite, in: world)
            let places = try publication.allPlaces
            let source = try? await PublishSource.find(
                image, among: publication.project.registries, client: publication.client)
            async let tags = Inverse.ofRemoteTags(places.map(\.image), meant: source?.digest, in: world)
            // An image that is pushed from here gets home's names here, too; one that a registry holds does not.
            var home = places.filter { $0.registry == publication.project.registries.first }.map(\.image)
            if case .registry? = source { home = [] }
            let names = await inParallel(home) { image in
                var inverse = try await Inverse.ofLocalName(image, made: nil, in: world)
                inverse.meant = source?.digest
                return inverse
            }
            return try await tags + names.compactMap { try? $0.get() }
        },
        made: { inverses, published in
            // All registries hold the same under the same tags.
            guard let digest = published.values.first?.values.first?["to"] ?? nil else { return inverses }
            let tags = inverses.filter { if case .remoteTag = $0.subject { true } else { false } }
            return tags.made(.image(digest)) + inverses.dropFirst(tags.count)
        },
        repeats: .again,
        body: {
            (world: World, image: ImageReference, registries: [Registry], tags: [String], overwrite: Bool) -> Published
            in
            let publication = try await Publication(image, to: registries, tags: tags, overwrite: overwrite, in: world)
            var published = Published()
            for change in try await publication.perform() {
                let (name, tag) = (change.place.registry.name, change.place.tag)
                var entries = published[name] ?? OrderedMap()
                entries[tag] = OrderedMap([("from", change.before), ("to", change.after)])
                published[name] = entries
            }
            return published
        })

    /// What a person types to point a tag at what it stood for.
    static func byRetagging(_ target: String, part: Reversal.Part? = nil) -> Reversal {
        .by(
            "relsh -e 'registry.retag(Image(\"NAME@DIGEST\"), Image(\"\(target)\"))'",
            "in each registry, with the digest it had; `registry.digest` gives it before the run; a new tag goes "
                + "with `registry.delete`, where its registry deletes tags", part: part)
    }
}
