import Lang

/// The links of a context that lead out of it. BuildKit sends a link as a link, which would lead nowhere in the image; where there are
/// such links, the build is given a copy of its context in which they are what they lead to.
struct FollowedLinks: Sendable {
    private let context: BuildContext
    /// Relative to the context.
    let links: [String]

    /// What relsh calls the copy when it shows commands.
    private static let shownName = "relsh-context"

    /// Nil where no link leads out of the context, but for those that the ignore file keeps out.
    init?(_ directory: Path, dockerfile: Path, in world: World) async throws {
        guard world.files.status(directory.text)?.isDirectory == true else { return nil }
        let context = try BuildContext(directory, dockerfile: dockerfile, in: world)
        let sent = try context.links()
        if sent.isEmpty { return nil }
        let places = try await Self.places([directory.text] + sent.map { directory.joined($0).text }, in: world)
        guard let root = places.first, places.count == sent.count + 1 else { return nil }
        // One that leads nowhere stays as it is.
        links = zip(sent, places.dropFirst()).filter { _, place in
            place != root && !place.hasPrefix(root + "/") && world.files.status(place) != nil
        }.map(\.0)
        if links.isEmpty { return nil }
        self.context = context
    }

    /// Where paths lead to, with all links followed.
    private static func places(_ paths: [String], in world: World) async throws -> [String] {
        var places: [String] = []
        var rest = paths[...]
        while !rest.isEmpty {
            let words = ["realpath", "--canonicalize-missing", "--zero", "--"] + rest.prefix(500)
            rest = rest.dropFirst(500)
            let found = try await Command.run(words, in: world, quiet: true, printsLittle: true).stdout
            places += found.split(separator: "\0").map(String.init)
        }
        return places
    }

    // MARK: - The copy

    /// What a person would type before the build of the copy.
    func commands(then build: (Path) throws -> String) rethrows -> [String] {
        let copy = Path(Self.shownName)
        let first = ProcessRequest(["cp", "--archive", context.directory.text, copy.text]).line
        let followed = links.map { link in
            "rm \(shellQuoted(copy.joined(link).text)) && "
                + ProcessRequest(copyWords(link, into: copy)).line
        }
        return [first] + followed + [try build(copy)]
    }

    private func copyWords(_ link: String, into copy: Path) -> [String] {
        ["cp", "--recursive", "--dereference", context.directory.joined(link).text, copy.joined(link).text]
    }

    /// Makes the copy, of what is sent to a build alone; `remove` takes it away again.
    func stage(in world: World) async throws -> Path {
        let copy = Path(world.environment["TMPDIR"] ?? "/tmp").joined(UniqueName.next("context"))
        try world.files.createDirectory(copy.text)
        do {
            let names = links.joined(separator: ", ")
            world.events.note("these lead out of the context, and what they lead to is sent: \(names)")
            try await copyFiles(to: copy, in: world)
            for link in links {
                let parent = copy.joined(link).parent
                try world.files.createDirectory(parent.text)
                try await Command.run(copyWords(link, into: copy), in: world, quiet: true, printsLittle: true)
            }
        } catch {
            await Self.remove(copy, in: world)
            throw error
        }
        return copy
    }

    /// Two tars, as cp takes no list of files.
    private func copyFiles(to copy: Path, in world: World) async throws {
        let list = copy.text + ".list"
        defer { try? world.files.remove(list) }
        let kept = try context.paths().filter { !links.contains($0) }
        try world.files.write(list, kept.flatMap { FileName.bytes(of: "./\($0)\0") })
        let write = [
            "tar", "--create", "--null", "--no-recursion", "--directory", context.directory.text, "--files-from", list,
        ]
        let read = ["tar", "--extract", "--directory", copy.text]
        _ = try await Command.execute(
            [ProcessRequest(write), ProcessRequest(read)], ProcessOptions(), show: .nothing, check: true, in: world)
    }

    /// In a task of its own: a build that was interrupted is a reason to tidy up, not to leave it.
    static func remove(_ copy: Path, in world: World) async {
        await Task {
            _ = try? await Command.run(
                ["rm", "--recursive", "--force", copy.text], in: world, check: false, quiet: true, printsLittle: true)
        }.value
    }
}
