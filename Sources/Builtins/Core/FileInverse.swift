import Lang

/// Files, and how they are taken back to what they held.
extension Inverse {
    /// Larger files are not kept for the sake of an undo.
    static let largestFile = 32 << 20

    /// Looks at what the file holds now. Empty for what cannot be kept: a directory, a link, a file that cannot be read or is
    /// too large.
    ///
    /// - Parameter made: what it is about to hold, given what it holds; nil where that is not known before.
    static func ofFile(_ path: Path, in world: World, made: ([UInt8]) throws -> [UInt8]?) rethrows -> [Inverse] {
        var old: [UInt8] = []
        var before = State.absent
        if let status = world.files.status(path.text) {
            guard !status.isDirectory, !status.isSymbolicLink, status.size <= largestFile,
                let content = try? world.files.read(path.text)
            else { return [] }
            old = content
            before = state(of: content)
        }
        return [
            Inverse(
                .file(path.text), before: before, made: try made(old).map(state),
                content: before == .absent ? nil : old)
        ]
    }

    static func ofFile(_ path: Path, in world: World) -> [Inverse] { ofFile(path, in: world) { _ in nil } }

    static func lookAtFile(_ path: String, in world: World) throws -> (state: State, content: [UInt8]?) {
        guard world.files.status(path) != nil else { return (.absent, nil) }
        let content = try world.files.read(path)
        return (state(of: content), content)
    }

    static func state(of content: [UInt8]) -> State { .content(ContentHash.digest(of: content), count: content.count) }

    func fileCommands(_ path: String) -> [String] {
        if case .content(_, let count) = before { return ["restore the \(count) bytes of \(shellQuoted(path))"] }
        return ["rm \(shellQuoted(path))"]
    }

    func restoreFile(_ path: String, in world: World) throws {
        if before == .absent { return try world.files.remove(path) }
        guard let content else { throw RuntimeError(.world, .contentNotKept(path)) }
        try world.files.write(path, content)
    }
}
