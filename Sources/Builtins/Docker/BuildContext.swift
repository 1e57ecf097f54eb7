import Lang

/// What a build would be sent: the files of a directory without those that its ignore file keeps out.
struct BuildContext: Sendable {
    let directory: Path
    private let ignore: IgnoreFile
    private let files: any FileAccess

    /// - Parameter dockerfile: the file beside it, or else `.dockerignore` in the directory, says what stays out.
    init(_ directory: Path, dockerfile: Path, in world: World) throws {
        self.directory = directory
        files = world.files
        let candidates = [dockerfile.text + ".dockerignore", directory.joined(".dockerignore").text]
        let place = candidates.first { world.files.status($0)?.isDirectory == false }
        let text = try place.map { String(decoding: try world.files.read($0), as: UTF8.self) } ?? ""
        do throws(IgnoreFile.Mistake) {
            ignore = try IgnoreFile(text)
        } catch {
            throw RuntimeError(.world, .malformedIgnoreFile(place ?? "", line: error.line, error.text))
        }
    }

    /// Each file or directory at the top with its size, the largest first; what is kept out entirely is left out.
    func items() throws -> [(name: String, size: Size)] {
        try files.list(directory.text).compactMap { name in
            let bytes = try size(of: name)
            if bytes == 0 { return nil }
            return (try FileName.handedOut(name, in: directory.text), Size(bytes: bytes))
        }.sorted { $0.1 > $1.1 }
    }

    /// The links that are sent. What is in the directories of git and of relsh is not looked at, nor what has a name that no program
    /// can be given.
    func links() throws -> [String] {
        var found: [String] = []
        try collectLinks(in: "", into: &found)
        return found
    }

    private func collectLinks(in folder: String, into found: inout [String]) throws {
        let names = (try? files.list(directory.joined(folder.isEmpty ? "." : folder).text)) ?? []
        try Work.spend(64 * names.count)
        for name in names where name != ".git" && name != LedgerPlace.directory && FileName.isText(name) {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            guard let status = files.status(directory.joined(path).text) else { continue }
            if status.isSymbolicLink {
                if !ignore.keepsOut(path) { found.append(path) }
            } else if status.isDirectory, ignore.hasExceptions || !ignore.keepsOut(path) {
                try collectLinks(in: path, into: &found)
            }
        }
    }

    /// All files and links that are sent, and the ignore file. relsh's own directory is none of them. Names are as `FileName` keeps them.
    func paths() throws -> [String] {
        var found: [String] = []
        for name in try files.list(directory.text) { try collect(name, into: &found) }
        if !found.contains(".dockerignore"), files.status(directory.joined(".dockerignore").text) != nil {
            found.append(".dockerignore")
        }
        return found
    }

    private func collect(_ path: String, into found: inout [String]) throws {
        try Work.spend(4096)
        if Path(path).name == LedgerPlace.directory { return }
        let isOut = ignore.keepsOut(FileName.lossy(path))
        let status = files.status(directory.joined(path).text)
        guard let status, status.isDirectory, !status.isSymbolicLink else {
            if !isOut { found.append(path) }
            return
        }
        if isOut && !ignore.hasExceptions { return }
        let names = (try? files.list(directory.joined(path).text)) ?? []
        // A directory that is empty is sent, too.
        if names.isEmpty, !isOut { found.append(path) }
        for name in names { try collect("\(path)/\(name)", into: &found) }
    }

    private func size(of path: String) throws -> Int {
        try Work.spend(4096)
        guard let status = files.status(directory.joined(path).text) else { return 0 }
        let isOut = ignore.keepsOut(FileName.lossy(path))
        // A link is sent as a link.
        if status.isSymbolicLink || !status.isDirectory { return isOut || status.isSymbolicLink ? 0 : status.size }
        if isOut && !ignore.hasExceptions { return 0 }
        let names = (try? files.list(directory.joined(path).text)) ?? []
        return try names.reduce(0) { sum, name in sum + (try size(of: "\(path)/\(name)")) }
    }
}
