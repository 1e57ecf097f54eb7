import Builtins
import Glibc
import Lang

/// Reads the program that was named, or says why not.
enum SourceReading {
    private static let limit = 64 << 20

    /// - Parameter path: as the user wrote it, which is also how messages name it.
    static func file(
        _ path: String, workingDirectory: String = LocalFiles.workingDirectory
    ) throws(UsageError) -> SourceFile {
        let absolute = LocalFiles.absolute(path, from: workingDirectory)
        switch LocalFiles.kind(absolute) {
        case nil:
            // What is in a directory that may not be gone into is not there for whoever looks, and is not missing.
            if let failure = LocalFiles.failure(of: absolute) { throw UsageError(.unreadableFile(path, failure)) }
            throw UsageError(.missingFile(path, help: near(absolute, path)))
        case .directory: throw UsageError(.fileIsDirectory(path, help: recipes(in: absolute, path)))
        case .file: break
        }
        let bytes: [UInt8]
        do throws(LocalFiles.Failure) {
            bytes = try LocalFiles.read(absolute, limit: limit)
        } catch {
            throw UsageError(.unreadableFile(path, error))
        }
        try checkSize(bytes, path)
        return SourceFile(name: path, path: absolute, bytes: bytes)
    }

    static func standardInput() throws(UsageError) -> SourceFile {
        let name = "<standard input>"
        let bytes: [UInt8]
        do throws(LocalFiles.Failure) {
            bytes = try LocalFiles.read(0, limit: limit)
        } catch {
            throw UsageError(.unreadableFile(name, error))
        }
        try checkSize(bytes, name)
        return SourceFile(name: name, bytes: bytes)
    }

    /// The reader that `ModuleLoader` needs.
    ///
    /// - Parameters:
    ///   - path: normalised; absolute, or `std/…`.
    ///   - root: links must not lead out of it; nil where anything goes.
    static func imported(
        _ path: String, root: String?, shipped: [String: String], workingDirectory: String
    ) throws(ImportFailure) -> SourceFile {
        if path.hasPrefix("std/") {
            guard let text = shipped[String(path.dropFirst("std/".count))] else {
                throw ImportFailure("relsh ships no such file")
            }
            return SourceFile(name: path, path: path, text: text)
        }
        if let root, let real = LocalFiles.resolvingLinks(path), let realRoot = LocalFiles.resolvingLinks(root),
            realRoot != "/", !real.hasPrefix(realRoot + "/")
        {
            throw ImportFailure("it is a link to \(real), outside the project")
        }
        if LocalFiles.kind(path) == .directory { throw ImportFailure("it is a directory") }
        if LocalFiles.isSpecial(path) { throw ImportFailure("it is not a regular file") }
        do throws(LocalFiles.Failure) {
            let bytes = try LocalFiles.read(path, limit: limit)
            if bytes.count > limit { throw LocalFiles.Failure(code: EFBIG) }
            let name = LocalFiles.shown(path, from: workingDirectory)
            return SourceFile(name: name, path: path, bytes: bytes)
        } catch {
            throw ImportFailure(error.reason)
        }
    }

    /// A file without a word in it is refused when it is to be run: whoever asked for a release must not be told that
    /// all went well.
    static func checkNotEmpty(_ file: SourceFile) throws(UsageError) {
        let isBlank = file.bytes.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        if isBlank { throw UsageError(.emptyFile(file.name)) }
    }

    private static func checkSize(_ bytes: [UInt8], _ name: String) throws(UsageError) {
        if bytes.count > limit { throw UsageError(.programTooLarge(name, limit: "64 MiB")) }
    }

    /// A file of nearly that name beside where it was looked for.
    private static func near(_ absolute: String, _ path: String) -> String? {
        let wanted = Path(absolute)
        let names = LocalFiles.names(in: wanted.parent.text).filter { $0.hasSuffix(".rel") }
        guard let name = suggestion(for: wanted.name, among: names) else {
            if let target = LiveFiles(workingDirectory: "/").link(absolute) {
                return "it is a link to \(target), which is not there"
            }
            let place = "it was looked for in \(wanted.parent.text)"
            return path.contains("/") ? place : "\(place); `relsh --list` shows the recipes found from here"
        }
        let parent = Path(path).parent
        return "did you mean \(path.contains("/") ? parent.joined(name).text : name)?"
    }

    private static func recipes(in absolute: String, _ path: String) -> String? {
        let names = LocalFiles.names(in: absolute).filter { $0.hasSuffix(".rel") }
        guard let first = names.first else { return nil }
        return "name a file in it, for example \(Path(path).joined(first).text)"
    }
}
