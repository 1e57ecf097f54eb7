import Lang

/// Files, directories and links, and how they are taken back to what they were.
extension Inverse {
    /// What files hold is kept for the sake of an undo up to so many bytes in one effect.
    static let largestFile = 32 << 20

    /// Looks at what the file holds now that is about to be written, which for a link is what it leads to; and at the directories
    /// that will be made for it.
    ///
    /// - Parameter made: what it is about to hold, given what it holds; nil where that is not known before.
    static func ofFile(_ path: Path, in world: World, made: ([UInt8]) throws -> [UInt8]?) rethrows -> [Inverse] {
        let place = world.files.followed(path.text)
        let status = world.files.status(place)
        // Writing to a directory fails, and what a pipe or a device was given is nowhere to be taken back.
        if let status, status.isDirectory || status.isSpecial { return [] }
        let parents = status == nil ? ofDirectories(Path(place).parent, in: world) : []
        var inverse = ofWhatIs(at: place, in: world)
        if let content = status == nil ? [] : inverse.content { inverse.made = try made(content).map(state) }
        return parents + [inverse]
    }

    static func ofFile(_ path: Path, in world: World) -> [Inverse] { ofFile(path, in: world) { _ in nil } }

    /// The directories that are about to be made: a path's own and those it is in, as far as they are missing.
    static func ofDirectories(_ path: Path, in world: World) -> [Inverse] {
        var missing: [Inverse] = []
        var path = path
        while path.text != "/", path.text != ".", world.files.status(path.text) == nil {
            missing.insert(Inverse(.file(path.text), before: .absent, made: .directory), at: 0)
            path = path.parent
        }
        return missing
    }

    /// Looks at what is about to be removed.
    static func ofRemoved(_ path: Path, recursive: Bool, in world: World) -> [Inverse] {
        guard let status = world.files.status(path.text) else { return [] }
        var room = largestFile
        var inverses: [Inverse] = []
        if recursive, status.isDirectory, !status.isSymbolicLink {
            if !addContents(of: path.text, to: &inverses, &room, in: world) {
                return [Inverse(.file(path.text), before: tree(path.text, in: world), made: .absent)]
            }
        }
        return inverses + [ofWhatIs(at: path.text, in: world, made: .absent)]
    }

    /// Most that are in a directory whose removal can be taken back.
    private static let mostEntries = 1000

    /// What is in a directory comes before the directory, as it is removed.
    /// - Returns: false where it is more than is kept.
    private static func addContents(
        of path: String, to inverses: inout [Inverse], _ room: inout Int, in world: World
    ) -> Bool {
        guard let names = try? world.files.list(path) else { return false }
        for name in names {
            let place = Path(path).joined(name).text
            guard let status = world.files.status(place), inverses.count < mostEntries else { return false }
            if status.isDirectory, !status.isSymbolicLink {
                guard addContents(of: place, to: &inverses, &room, in: world) else { return false }
            } else if !status.isSymbolicLink, !status.isSpecial {
                room -= status.size
                if room < 0 { return false }
            }
            inverses.append(ofWhatIs(at: place, in: world, made: .absent))
        }
        return true
    }

    private static func tree(_ path: String, in world: World) -> State {
        var (entries, bytes) = (0, 0)
        var directories = [path]
        while let directory = directories.popLast() {
            for name in (try? world.files.list(directory)) ?? [] {
                let place = Path(directory).joined(name).text
                guard let status = world.files.status(place) else { continue }
                entries += 1
                if status.isSymbolicLink { continue }
                if status.isDirectory { directories.append(place) } else { bytes += status.size }
            }
        }
        return .tree(entries: entries, bytes: bytes)
    }

    /// What cannot be read is recorded all the same, so that it is missed when it is to be taken back.
    private static func ofWhatIs(at path: String, in world: World, made: State? = nil) -> Inverse {
        var inverse = Inverse(.file(path), before: .special, made: made)
        inverse.mode = world.files.mode(path)
        guard let status = world.files.status(path) else {
            return Inverse(.file(path), before: .absent, made: made)
        }
        let isRegular = !status.isDirectory && !status.isSymbolicLink && !status.isSpecial
        if isRegular, status.size <= largestFile {
            guard let content = try? world.files.read(path) else { return inverse }
            inverse.before = state(of: content)
            inverse.content = content
        } else if let found = try? lookAtFile(path, in: world) {
            inverse.before = found
        }
        return inverse
    }

    // MARK: Looking

    static func lookAtFile(_ path: String, in world: World) throws -> State {
        if let target = world.files.link(path) { return .link(target) }
        guard let status = world.files.status(path) else { return .absent }
        if status.isDirectory { return .directory }
        if status.isSpecial { return .special }
        let (digest, count) = try world.files.digest(path)
        return .content(digest, count: count)
    }

    func lookAtFile(_ path: String, in world: World) throws -> State {
        let state = try Self.lookAtFile(path, in: world)
        if case .tree = before, state == .directory { return Self.tree(path, in: world) }
        return state
    }

    static func state(of content: [UInt8]) -> State { .content(ContentHash.digest(of: content), count: content.count) }

    // MARK: Taking back

    /// What it is called: by what it was before, or is to be no more.
    func fileTitle(_ path: String) -> String {
        let path = FileName.shown(path)
        return switch before == .absent ? made : before {
        case .directory, .tree: "the directory \(path)"
        case .link: "the link \(path)"
        default: "the file \(path)"
        }
    }

    func fileCommands(_ path: String) -> [String] {
        let place = FileName.quoted(path)
        return switch before {
        case .content(let digest, _): content == nil ? [] : ["\(KeptContent.command(digest)) > \(place)"]
        case .directory: ["mkdir \(place)"]
        case .link(let target): ["ln -s \(FileName.quoted(target)) \(place)"]
        case .absent: [made == .directory ? "rmdir \(place)" : "rm \(place)"]
        default: []
        }
    }

    func restoreFile(_ path: String, in world: World) throws -> Ending {
        let files = world.files
        if before == .absent {
            if made == .directory, try !files.list(path).isEmpty {
                return .stays("something else has been put there")
            }
            try files.remove(path)
            return .takenBack
        }
        if let refusal = fileRefusal(path) { throw refusal }
        let parent = Path(path).parent.text
        if files.status(parent) == nil { try files.createDirectory(parent) }
        switch before {
        case .directory: try files.createDirectory(path)
        case .link(let target):
            try files.makeLink(path, to: target)
            return .takenBack
        default: try files.write(path, content ?? [])
        }
        if let mode, files.mode(path) != mode { try files.setMode(path, mode) }
        return .takenBack
    }

    /// Where else it can be had.
    private static func sourceOfFile(_ path: String) -> String {
        let place = FileName.quoted(path)
        return "`git restore -- \(place)` gives it as it was committed, where git has it; else take it from a backup"
    }

    /// Why it cannot be put back, where that can be told before.
    func fileRefusal(_ path: String) -> RuntimeError? {
        switch before {
        case .content(let digest, let count) where content == nil:
            RuntimeError(
                .world, .contentNotKept(FileName.shown(path), digest, count: count, source: Self.sourceOfFile(path)))
        case .absent, .directory, .link, .content: nil
        default: RuntimeError(.world, .fileNotKept(FileName.shown(path), told(before), source: Self.sourceOfFile(path)))
        }
    }
}
