import Lang

/// One build, as docker.build was asked for it.
struct DockerBuild: Sendable {
    var context: Path
    var file: Path
    var tags: [ImageReference]
    var arguments: OrderedMap<String>
    var usesCache: Bool
    var target: String?
    var platforms: [String]
    var builder: String?
    var labels: OrderedMap<String>
    var pulls: Bool
    var pushes: Bool
    var provenance: Bool

    /// `docker buildx build …`, without what relsh adds for itself.
    ///
    /// Provenance is off unless asked for: it holds the time of the build, so that the same image built again from the
    /// cache would get another digest, and a rerun of a release would be refused as a change of a released version.
    func words(metadata path: String? = nil) throws -> [String] {
        var words = ["buildx", "build", pushes ? "--push" : "--load", "--provenance=\(provenance)"]
        if let builder { words += ["--builder", builder] }
        if let path { words += ["--metadata-file", path] }
        words += ["--file", file.text]
        for tag in tags { words += ["--tag", try Docker.tagged(tag)] }
        for (name, value) in arguments { words += ["--build-arg", "\(name)=\(value)"] }
        for (name, value) in labels { words += ["--label", "\(name)=\(value)"] }
        if !usesCache { words.append("--no-cache") }
        if pulls { words.append("--pull") }
        if let target { words += ["--target", target] }
        if !platforms.isEmpty { words += ["--platform", platforms.joined(separator: ",")] }
        return words + [context.text]
    }

    /// buildx asks git six times for what only provenance would hold, and begins to build afterwards
    /// ([BUILDX_GIT_INFO](https://docs.docker.com/build/building/variables/#buildx_git_info)).
    private func variables(in world: World) -> [String: String] {
        provenance || world.environment["BUILDX_GIT_INFO"] != nil ? [:] : ["BUILDX_GIT_INFO": "false"]
    }

    /// What a person would type.
    func commands(in world: World) async throws -> [String] {
        guard let links = try await FollowedLinks(context, dockerfile: file, in: world) else {
            return [Docker.line(try words())]
        }
        return try links.commands { copy in
            var build = self
            build.context = copy
            return Docker.line(try build.words())
        }
    }

    /// Builds, and gives the first tag together with the id of just what was built.
    func perform(in world: World) async throws -> ImageReference {
        guard let first = tags.first else { throw RuntimeError(.value, .buildNeedsTag()) }
        let path = Self.scratchFile(in: world)
        defer { try? world.files.remove(path) }
        let purpose = "build \(first.familiar)"
        let staged = try StagedDockerfile(of: self, in: world)
        defer { staged?.remove(in: world) }
        var build = self
        if let staged { build.file = staged.file }
        if let links = try await FollowedLinks(context, dockerfile: file, in: world) {
            build.context = try await links.stage(in: world)
        }
        do {
            try await Docker.run(
                try build.words(metadata: path), to: purpose, in: world, quiet: false, environment: variables(in: world)
            )
        } catch {
            if build.context != context { await FollowedLinks.remove(build.context, in: world) }
            throw error
        }
        if build.context != context { await FollowedLinks.remove(build.context, in: world) }
        let digests = Self.digests(in: (try? world.files.read(path)) ?? [])
        if pushes, let digest = digests.first { return try first.with(digest: digest) }
        // The id of a loaded image is the manifest's digest or the configuration's, as the engine's image store has it.
        for digest in digests {
            let built = try first.with(tag: nil).with(digest: digest)
            if let id = try await Docker.id(of: built, in: world, isNew: true) { return try first.with(digest: id) }
        }
        return try first.with(digest: try await Docker.knownID(of: first, in: world))
    }

    /// A name that no other build has: buildx writes there what it has built, and it is removed afterwards.
    private static func scratchFile(in world: World) -> String {
        Path(world.environment["TMPDIR"] ?? "/tmp").joined("\(UniqueName.next("build")).json").text
    }

    private static func digests(in metadata: [UInt8]) -> [Digest] {
        let json = try? JSON.parse(String(decoding: metadata, as: UTF8.self))
        return ["containerimage.digest", "containerimage.config.digest"].compactMap { key in
            json?[key]?.text.flatMap { try? Digest(parsing: $0) }
        }
    }
}
