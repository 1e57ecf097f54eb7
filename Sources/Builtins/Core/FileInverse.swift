import Lang

/// Takes a file back to what it held.
struct FileInverse: Sendable {
    private enum Before: Sendable {
        case nothing
        case content([UInt8])
        /// No file, or one that cannot be read or is too large to be kept.
        case unknown
    }

    /// Larger files are not kept in memory for the sake of an undo.
    static let limit = 32 << 20

    private let path: String
    private let before: Before

    init(_ path: Path, in world: World) {
        self.path = path.text
        guard let status = world.files.status(path.text) else {
            before = .nothing
            return
        }
        if status.isDirectory || status.isSymbolicLink {
            before = .unknown
        } else if status.size <= Self.limit, let content = try? world.files.read(path.text) {
            before = .content(content)
        } else {
            before = .unknown
        }
    }

    /// For a builtin that changes one file, whatever its result.
    static func of<Result>(_ path: Path, in world: World) -> @Sendable (Result) -> [Inverse] {
        let before = FileInverse(path, in: world)
        return { _ in before.inverse(in: world).map { [$0] } ?? [] }
    }

    /// To be asked when the change is made.
    func inverse(in world: World) -> Inverse? {
        let (path, before) = (path, before)
        // A file that is gone holds nothing; one that cannot be read cannot be compared later.
        let made = world.files.status(path) == nil ? nil : try? world.files.read(path)
        let command: String
        switch before {
        case .nothing: command = "rm \(shellQuoted(path))"
        case .content(let bytes):
            if bytes == made { return nil }
            command = "restore the \(bytes.count) bytes of \(shellQuoted(path))"
        case .unknown: return nil
        }
        return Inverse("the file \(path)", commands: [command]) { world in
            let now = world.files.status(path) == nil ? nil : try world.files.read(path)
            if case .content(let bytes) = before, now == bytes { return }
            if case .nothing = before, now == nil { return }
            guard now == made else {
                let found = now.map { "\($0.count) bytes of other content" } ?? "gone"
                throw RuntimeError(.world, .changedSince(path, now: found, commands: [command]))
            }
            if case .content(let bytes) = before {
                try world.files.write(path, bytes)
            } else {
                try world.files.remove(path)
            }
        }
    }
}
