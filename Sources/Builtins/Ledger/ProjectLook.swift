import Lang

/// A look at what differs from the commit in a repository, and in those that lie in it: submodules that are not as in the commit, and
/// repositories that git does not know. A submodule that is as in the commit costs nothing.
struct ProjectLook {
    private let world: World
    /// A file that is no part of the project.
    private let own: String?
    /// Digests by path from the root.
    private(set) var changed: [String: String] = [:]
    private(set) var new: Set<String> = []
    /// That have been looked into.
    private var repositories = 0

    /// In so many repositories git is asked; of what is in others, times and sizes are looked at.
    private static let mostRepositories = 50
    private static let mostEntries = 20_000
    private static let largest = 32 << 20

    init(in world: World, but own: String?) {
        self.world = world
        self.own = own
    }

    /// - Parameter directory: a repository in that of the project; nil for that one.
    static func status(in world: World, _ directory: String? = nil) async -> GitStatus? {
        // A look from beside must not stand in the way of what somebody does there.
        var words = ["git", "--no-optional-locks"]
        var environment: [String: String] = [:]
        if let directory {
            // A program that its settings name must not run for a look, and what is above it is no part of it.
            words += ["-c", "core.fsmonitor=false"]
            environment["GIT_CEILING_DIRECTORIES"] = Path(directory).parent.text
            // Those are about the project's own repository, in a hook of git for example.
            let set = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY"].filter {
                world.environment[$0] != nil
            }
            if !set.isEmpty { words = ["env"] + set.flatMap { ["-u", $0] } + words }
        }
        words += [
            "status", "--porcelain=v2", "--branch", "--no-ahead-behind", "-z", "--untracked-files=all", "--no-renames",
            "--ignore-submodules=none",
        ]
        let listed = try? await Command.run(
            words, in: world, check: false, printsLittle: true, cwd: directory, environment: environment)
        guard let listed, listed.exitCode == 0 else { return nil }
        return GitStatus(listed)
    }

    /// - Parameters:
    ///   - root: the directory of the repository.
    ///   - prefix: its path in the project, with a `/`; empty for the project's.
    mutating func take(_ status: GitStatus, of root: String, as prefix: String = "") async {
        for entry in status.entries where TemporaryName(Path(entry.path).name) == nil {
            let whole = Path(root).joined(entry.path).text
            if whole == own { continue }
            switch entry.kind {
            case .file: add(prefix + entry.path, digest(whole), isNew: entry.isNew)
            case .submodule(let commit): await take(entry, at: whole, as: prefix, known: commit)
            case .repository: await take(entry, at: whole, as: prefix, known: nil)
            }
        }
    }

    /// - Parameter known: the commit that it is at in that of the project.
    private mutating func take(_ entry: GitStatus.Entry, at whole: String, as prefix: String, known: String?) async {
        let path = prefix + entry.path
        guard world.files.status(Path(whole).joined(".git").text) != nil else {
            return add(path, digest(whole), isNew: entry.isNew)
        }
        repositories += 1
        guard repositories <= Self.mostRepositories, FileName.isText(whole),
            let status = await Self.status(in: world, whole)
        else { return add(path, tree(whole), isNew: entry.isNew) }
        if status.commit == nil || status.commit != known {
            add(path, "commit \(status.commit ?? "none")", isNew: entry.isNew)
        }
        await take(status, of: whole, as: path.hasSuffix("/") ? path : path + "/")
    }

    private mutating func add(_ path: String, _ digest: String, isNew: Bool) {
        let path = FileName.shown(path)
        // Another may be called as this one is shown.
        changed[path] = changed[path].map { "\($0) \(digest)" } ?? digest
        if isNew { new.insert(path) }
    }

    // MARK: What is there

    private func digest(_ path: String) -> String {
        guard let target = world.files.link(path) else { return content(path) }
        let link = "link \(ContentHash.digest(of: FileName.bytes(of: target)))"
        guard let status = world.files.status(path), !status.isDirectory, !isDangling(path) else { return link }
        return "\(link) \(content(path))"
    }

    private func isDangling(_ path: String) -> Bool { world.files.status(world.files.followed(path)) == nil }

    private func content(_ path: String) -> String {
        guard let status = world.files.status(path) else { return "absent" }
        // A larger one is told apart by its size alone.
        guard status.size <= Self.largest, let content = try? world.files.read(path) else {
            return "\(status.size) bytes"
        }
        return ContentHash.digest(of: content).description
    }

    /// Without git, and without reading what is there.
    private func tree(_ root: String) -> String {
        var found: [UInt8] = []
        var count = 0
        var directories = [root]
        while let directory = directories.popLast(), count < Self.mostEntries {
            for name in (try? world.files.list(directory)) ?? [] where name != ".git" {
                let place = Path(directory).joined(name).text
                guard let status = world.files.status(place) else { continue }
                count += 1
                let isDirectory = status.isDirectory && !status.isSymbolicLink
                if isDirectory { directories.append(place) }
                let told = isDirectory ? "" : "\(status.size) \(world.files.changed(place) ?? 0)"
                let link = world.files.link(place) ?? ""
                found += FileName.bytes(of: "\(place.dropFirst(root.count))\0\(told)\0\(link)\0")
            }
        }
        return "tree \(ContentHash.digest(of: found))"
    }
}
