package import Lang

/// Files, by path; relative ones are relative to the working directory.
/// - Throws: `RuntimeError` that says what was tried, on which path, why it failed and what to do.
package protocol FileAccess: Sendable {
    func read(_ path: String) throws -> [UInt8]
    /// Replaces the file at once: what was there is whole until the new content is. Keeps the mode of what was there.
    func write(_ path: String, _ content: [UInt8]) throws
    /// Removes what a write of that file has left beside it whose process died.
    func removeLeftovers(of path: String)
    /// Adds to the end of the file, which need not exist.
    func append(_ path: String, _ content: [UInt8]) throws
    /// Replaces `target` with what `source` holds.
    func copy(_ source: String, to target: String) throws
    /// Nil where there is nothing.
    func status(_ path: String) -> FileStatus?
    /// Names in a directory, sorted by bytes; what is not UTF-8 in them is as `FileName` keeps it.
    func list(_ path: String) throws -> [String]
    /// With the directories it is in; one that exists is left as it is.
    func createDirectory(_ path: String) throws
    /// Removes a file, a link (not what it leads to) or an empty directory.
    func remove(_ path: String) throws
    /// The digest of what a file of any size holds, and how much that is.
    func digest(_ path: String) throws -> (digest: Digest, count: Int)
    /// Where a symbolic link leads, as it stands in the link; nil for anything else.
    func link(_ path: String) -> String?
    func makeLink(_ path: String, to target: String) throws
    /// The permissions of what is at a path, that of the link itself for a link; nil where there is nothing.
    func mode(_ path: String) -> Int?
    func setMode(_ path: String, _ mode: Int) throws
    /// When what is at a path was changed, in microseconds since 1970; nil where there is nothing.
    func changed(_ path: String) -> Int?
}

extension FileAccess {
    package func append(_ path: String, _ content: [UInt8]) throws {
        try write(path, (status(path) == nil ? [] : read(path)) + content)
    }
    package func removeLeftovers(of path: String) {}
    package func copy(_ source: String, to target: String) throws { try write(target, read(source)) }
    package func digest(_ path: String) throws -> (digest: Digest, count: Int) {
        let content = try read(path)
        return (ContentHash.digest(of: content), content.count)
    }
    package func link(_ path: String) -> String? { nil }
    package func makeLink(_ path: String, to target: String) throws {
        throw RuntimeError(.world, .fileNotWritten(path, "there are no links here", help: nil))
    }
    package func mode(_ path: String) -> Int? { nil }
    package func setMode(_ path: String, _ mode: Int) throws {}
    package func changed(_ path: String) -> Int? { nil }

    /// Where a path leads that is a symbolic link: what is written to it goes there. The path itself where it is none.
    package func followed(_ path: String) -> String {
        var place = path
        // As many as the system follows; a circle of links leads nowhere, and says so when it is written to.
        for _ in 0..<40 {
            guard let target = link(place) else { return place }
            place = Path(place).parent.joined(target).text
        }
        return path
    }
}

/// What is at a path. For a link, what it leads to, or the link itself where that is missing.
package struct FileStatus: Sendable, Hashable {
    package let isDirectory: Bool
    package let isSymbolicLink: Bool
    /// Neither a file nor a directory: a pipe, a socket, a device.
    package let isSpecial: Bool
    package let size: Int
    package init(isDirectory: Bool, isSymbolicLink: Bool, isSpecial: Bool = false, size: Int) {
        self.isDirectory = isDirectory
        self.isSymbolicLink = isSymbolicLink
        self.isSpecial = isSpecial
        self.size = size
    }
}
