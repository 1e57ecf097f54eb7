package import Lang

/// `files`: reading and changing files. Paths are relative to the directory relsh was started in.
package enum FileBuiltins {
    package static let all: [Builtin] =
        [read, lines, exists, isDirectory, list, size, write, append, copy, remove, createDirectory]

    // MARK: Looking

    private static let read: Builtin = .reads(
        "files.read", "Returns the text of a file, which must be UTF-8.",
        Parameter<Path>("path", "the file"),
        example: """
            > files.write("/tmp/relsh-example.txt", "one\\ntwo\\n")
            > files.read("/tmp/relsh-example.txt")
            "one\\ntwo\\n"
            """
    ) { (world: World, path: Path) -> String in
        try text(of: path, in: world)
    }

    private static let lines: Builtin = .reads(
        "files.lines", "Returns the lines of a file, without their line ends.",
        Parameter<Path>("path", "the file"),
        example: """
            > files.write("/tmp/relsh-example.txt", "one\\ntwo\\n")
            > files.lines("/tmp/relsh-example.txt")
            ["one", "two"]
            """
    ) { (world: World, path: Path) -> [String] in
        let text = try text(of: path, in: world)
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    private static let exists: Builtin = .reads(
        "files.exists", "Tells whether there is a file or directory.",
        Parameter<Path>("path", "where to look"),
        example: """
            > files.exists("/no/such/file")
            false
            """
    ) { (world: World, path: Path) -> Bool in
        world.files.status(path.text) != nil
    }

    private static let isDirectory: Builtin = .reads(
        "files.is_directory", "Tells whether there is a directory.",
        Parameter<Path>("path", "where to look"),
        example: """
            > files.is_directory("/")
            true
            """
    ) { (world: World, path: Path) -> Bool in
        world.files.status(path.text)?.isDirectory == true
    }

    private static let list: Builtin = .reads(
        "files.list", "Returns the names in a directory, sorted.",
        Parameter<Path>("path", "the directory", default: Path(".")),
        example: """
            > files.write("/tmp/relsh-example/a.txt", "a")
            > files.list(path: "/tmp/relsh-example")
            ["a.txt"]
            """
    ) { (world: World, path: Path) -> [String] in
        try world.files.list(path.text).map { try FileName.handedOut($0, in: path.text) }
    }

    private static let size: Builtin = .reads(
        "files.size", "Returns the size of a file.",
        Parameter<Path>("path", "the file"),
        example: """
            > files.write("/tmp/relsh-example.txt", "one\\ntwo\\n")
            > files.size("/tmp/relsh-example.txt")
            8B
            """
    ) { (world: World, path: Path) -> Size in
        guard let status = world.files.status(path.text) else {
            throw RuntimeError(
                .world,
                .fileNotRead(path.text, "no such file or directory", help: "check the path with `files.exists`"))
        }
        return Size(bytes: status.size)
    }

    // MARK: Changing

    /// What an undo does not bring back.
    private static let beyondWhatIsKept =
        "where git has it, and what was there is larger than the \(Size(bytes: Inverse.largestFile).literal) that relsh keeps"

    private static let write: Builtin = .changes(
        "files.write",
        "Writes a text file, in directories that are made if need be. What was there stays whole until the end.",
        Parameter<Path>("path", "the file"),
        Parameter<String>("text", "what it is to hold"),
        example: """
            > files.write("/tmp/relsh-example.txt", "one\\ntwo\\n")
            > files.read("/tmp/relsh-example.txt")
            "one\\ntwo\\n"
            """,
        reversals: [
            .by("git restore {path}", beyondWhatIsKept)
        ],
        commands: { _, path, text in ["write \(text.utf8.count) bytes to \(shellQuoted(path.text))"] },
        planned: { _, _, _ in Nothing() },
        requires: { path, _ in [.placeForFile(path)] },
        inverse: { world, path, text in Inverse.ofFile(path, in: world) { _ in Array(text.utf8) } },
        repeats: .again,
        body: { (world: World, path: Path, text: String) -> Nothing in
            try makeParent(of: path, in: world)
            try world.files.write(path.text, Array(text.utf8))
            return Nothing()
        })

    private static let append: Builtin = .changes(
        "files.append", "Adds text to the end of a file, which is made if need be.",
        Parameter<Path>("path", "the file"),
        Parameter<String>("text", "what to add; give the line end too"),
        example: """
            > files.write("/tmp/relsh-example.txt", "one\\n")
            > files.append("/tmp/relsh-example.txt", "two\\n")
            > files.lines("/tmp/relsh-example.txt")
            ["one", "two"]
            """,
        reversals: [
            .by("git restore {path}", beyondWhatIsKept)
        ],
        commands: { _, path, text in ["append \(text.utf8.count) bytes to \(shellQuoted(path.text))"] },
        planned: { _, _, _ in Nothing() },
        requires: { path, _ in [.placeForFile(path)] },
        inverse: { world, path, text in Inverse.ofFile(path, in: world) { $0 + Array(text.utf8) } },
        repeats: .compared,
        body: { (world: World, path: Path, text: String) -> Nothing in
            try makeParent(of: path, in: world)
            try world.files.append(path.text, Array(text.utf8))
            return Nothing()
        })

    private static let copy: Builtin = .changes(
        "files.copy", "Copies a file to another path, and replaces what is there.",
        Parameter<Path>("source", "the file"),
        Parameter<Path>("target", "the path of the copy"),
        example: """
            > files.write("/tmp/relsh-example.txt", "one\\n")
            > files.copy("/tmp/relsh-example.txt", "/tmp/relsh-copy.txt")
            > files.read("/tmp/relsh-copy.txt")
            "one\\n"
            """,
        reversals: [
            .by("git restore {target}", beyondWhatIsKept)
        ],
        commands: { _, source, target in ["cp \(shellQuoted(source.text)) \(shellQuoted(target.text))"] },
        planned: { _, _, _ in Nothing() },
        requires: { source, target in [.file(source), .placeForFile(target)] },
        inverse: { world, _, target in Inverse.ofFile(target, in: world) },
        repeats: .again,
        body: { (world: World, source: Path, target: Path) -> Nothing in
            try makeParent(of: target, in: world)
            try world.files.copy(source.text, to: target.text)
            return Nothing()
        })

    private static let remove: Builtin = .changes(
        "files.remove", "Removes a file or an empty directory, and tells whether there was one.",
        Parameter<Path>("path", "what to remove"),
        Parameter<Bool>("recursive", "remove a directory with everything in it", default: false),
        example: """
            > files.write("/tmp/relsh-example.txt", "one\\n")
            > files.remove("/tmp/relsh-example.txt")
            true
            > files.remove("/tmp/relsh-example.txt")
            false
            """,
        reversals: [
            .by("git restore {path}", beyondWhatIsKept)
        ],
        commands: { _, path, recursive in ["rm -\(recursive ? "r" : "")f \(shellQuoted(path.text))"] },
        planned: { world, path, _ in world.files.status(path.text) != nil },
        inverse: { world, path, recursive in Inverse.ofRemoved(path, recursive: recursive, in: world) },
        repeats: .compared,
        found: { world, _, path, _ in world.files.status(path.text) == nil ? true : nil },
        body: { (world: World, path: Path, recursive: Bool) -> Bool in
            guard let status = world.files.status(path.text) else { return false }
            if recursive, status.isDirectory, !status.isSymbolicLink {
                try removeTree(path.text, in: world.files)
            } else {
                try world.files.remove(path.text)
            }
            return true
        })

    private static let createDirectory: Builtin = .changes(
        "files.create_directory", "Makes a directory and those it is in. One that exists is left as it is.",
        Parameter<Path>("path", "the directory"),
        example: """
            > files.create_directory("/tmp/relsh-example/deep")
            > files.is_directory("/tmp/relsh-example/deep")
            true
            """,
        reversals: [
            .by("rmdir {path}", "where it was not there before, and something else is in it by then")
        ],
        commands: { _, path in ["mkdir -p \(shellQuoted(path.text))"] },
        planned: { _, _ in Nothing() },
        requires: { path in [.placeForDirectory(path)] },
        inverse: { world, path in Inverse.ofDirectories(path, in: world) },
        repeats: .again,
        body: { (world: World, path: Path) -> Nothing in
            try world.files.createDirectory(path.text)
            return Nothing()
        })

    // MARK: Parts

    private static func text(of path: Path, in world: World) throws -> String {
        guard let text = String(validating: try world.files.read(path.text), as: UTF8.self) else {
            throw RuntimeError(.world, .fileNotText(path.text))
        }
        return text
    }

    private static func makeParent(of path: Path, in world: World) throws {
        let parent = path.parent.text
        if world.files.status(parent) == nil { try world.files.createDirectory(parent) }
    }

    /// Links are removed, not followed.
    private static func removeTree(_ path: String, in files: any FileAccess) throws {
        for name in try files.list(path) {
            let place = Path(path).joined(name).text
            if let status = files.status(place), status.isDirectory, !status.isSymbolicLink {
                try removeTree(place, in: files)
            } else {
                try files.remove(place)
            }
        }
        try files.remove(path)
    }
}
