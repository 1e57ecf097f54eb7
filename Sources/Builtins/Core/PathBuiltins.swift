package import Lang

/// `paths`: names of files, and finding them.
package enum PathBuiltins {
    package static let all: [Builtin] = [join, glob, absolute, home, cwd, temporary]

    private static let join: Builtin = .pure(
        "paths.join", "Joins the parts of a path. An absolute part begins it anew.",
        Parameter<[String]>("parts", "the parts, in order"),
        example: """
            > paths.join(["build", "images", "dev.tar"])
            Path("build/images/dev.tar")
            """
    ) { (parts: [String]) -> Path in
        parts.reduce(Path("")) { $1.isEmpty ? $0 : $0.joined($1) }
    }

    private static let glob: Builtin = .reads(
        "paths.glob",
        "Returns the paths that a pattern stands for, sorted: `*` any text in a name, `?` a character, `**` any directories.",
        Parameter<String>("pattern", "`src/**/*.swift`"),
        example: """
            > files.write("/tmp/relsh-example/a.txt", "a")
            > paths.glob("/tmp/relsh-example/*.txt")
            [Path("/tmp/relsh-example/a.txt")]
            """
    ) { (world: World, pattern: String) -> [Path] in
        try Glob.matches(pattern, in: world.files).map(Path.init)
    }

    private static let absolute: Builtin = .reads(
        "paths.absolute", "Returns the path from the root, without `.` and `..` in it.",
        Parameter<Path>("path", "a path, relative to where relsh was started"),
        example: """
            > paths.absolute("/tmp/a/../b")
            Path("/tmp/b")
            """
    ) { (world: World, path: Path) -> Path in
        var parts: [Substring] = []
        for part in Path(world.workingDirectory).joined(path.text).text.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return Path("/" + parts.joined(separator: "/"))
    }

    private static let home: Builtin = .reads(
        "paths.home", "Returns the home directory.",
        example: """
            > files.is_directory(paths.home())
            true
            """
    ) { (world: World) -> Path in
        guard let home = world.environment["HOME"], !home.isEmpty else {
            throw RuntimeError(.world, .noHomeDirectory())
        }
        return Path(home)
    }

    private static let cwd: Builtin = .reads(
        "paths.cwd", "Returns the directory that relsh was started in.",
        example: """
            > files.is_directory(paths.cwd())
            true
            """
    ) { (world: World) -> Path in
        Path(world.workingDirectory)
    }

    private static let temporary: Builtin = .reads(
        "paths.temporary", "Returns the directory for files that nobody misses later: TMPDIR, or `/tmp`.",
        example: """
            > files.is_directory(paths.temporary())
            true
            """
    ) { (world: World) -> Path in
        Path(world.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp")
    }
}
