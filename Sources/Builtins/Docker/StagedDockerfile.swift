import Lang

/// A copy of a Dockerfile whose ignore file keeps relsh's own directory out of the build: the ledger changes with every step, so
/// that `COPY . .` would never come from the cache, and holds what no image should. BuildKit reads `NAME.dockerignore` beside a
/// Dockerfile, which may stand outside of the context.
struct StagedDockerfile: Sendable {
    let file: Path
    private let directory: Path

    private static let pattern = "**/\(LedgerPlace.directory)"
    /// Lines that do the same for a directory at the top of the context.
    private static let sufficientAtTop: Set<String> = [LedgerPlace.directory, ".*", "**/.*", "*", "**", "**/*"]

    /// Nil where there is nothing to keep out, or the project's own ignore file does so.
    init?(of build: DockerBuild, in world: World) throws {
        let isAtTop = world.files.status(build.context.joined(LedgerPlace.directory).text) != nil
        let hasLedger = try isAtTop || Self.hasProject(build.context, in: world)
        let plan = Self.plan(in: build.context, world)
        guard hasLedger || plan != nil else { return nil }
        let beside = Path(build.file.text + ".dockerignore")
        let ignore = world.files.status(beside.text) == nil ? build.context.joined(".dockerignore") : beside
        let lines = try Self.text(of: ignore, in: world)
        if plan == nil, Self.keepsOut(lines, atTop: isAtTop) { return nil }
        let dockerfile = try world.files.read(build.file.text)
        directory = Path(world.environment["TMPDIR"] ?? "/tmp").joined(UniqueName.next("dockerfile"))
        file = directory.joined(build.file.name)
        try world.files.createDirectory(directory.text)
        try world.files.write(file.text, dockerfile)
        try world.files.write(file.text + ".dockerignore", Array((lines + "\n\(Self.pattern)\n\(plan ?? "")\n").utf8))
    }

    func remove(in world: World) {
        for path in [file.text + ".dockerignore", file.text, directory.text] { try? world.files.remove(path) }
    }

    /// Where the plan that is followed lies in the context, if it does.
    private static func plan(in context: Path, _ world: World) -> String? {
        guard let plan = world.planFile else { return nil }
        let top = Path(world.workingDirectory).joined(context.text).text
        return plan.hasPrefix(top + "/") ? String(plan.dropFirst(top.utf8.count + 1)) : nil
    }

    /// Whether a project with a ledger is but a part of the context.
    private static func hasProject(_ context: Path, in world: World) throws -> Bool {
        let top = Path(world.workingDirectory).joined(context.text).text
        guard let root = try? ProjectFile.root(from: world.workingDirectory, files: world.files) else { return false }
        return root.hasPrefix(top.hasSuffix("/") ? top : top + "/")
            && world.files.status(Path(root).joined(LedgerPlace.directory).text) != nil
    }

    private static func text(of path: Path, in world: World) throws -> String {
        guard world.files.status(path.text) != nil else { return "" }
        return String(decoding: try world.files.read(path.text), as: UTF8.self)
    }

    /// Whether a line does so and no later one takes it in again.
    private static func keepsOut(_ text: String, atTop: Bool) -> Bool {
        var isOut = false
        for line in text.split(whereSeparator: \.isNewline).map({ String($0).trimmed }) {
            let path = line.hasPrefix("!") ? String(line.dropFirst()) : line
            var name = path.hasPrefix("/") ? String(path.dropFirst()) : path
            if name.hasSuffix("/") { name.removeLast() }
            if line.hasPrefix("!") {
                // A plain name of something else says nothing about the ledger; what has wildcards may.
                let isPlain = !name.utf8.contains { "*?[".utf8.contains($0) }
                if !atTop || !isPlain || name.hasPrefix(LedgerPlace.directory) { isOut = false }
            } else if name == pattern || atTop && sufficientAtTop.contains(name) {
                isOut = true
            }
        }
        return isOut
    }
}
