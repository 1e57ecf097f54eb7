import Lang

/// Finds the files that a pattern stands for: `*` is any text inside a name, `?` any one character, `**` any number of
/// directories. Names that begin with a dot are found only by patterns that do. Links to directories are not entered by
/// `**`, so that no loop of links keeps it busy.
struct Glob {
    private let files: any FileAccess
    private let pattern: String
    private var found: Set<String> = []
    private var visited = 0

    private static let limit = 200_000

    static func matches(_ pattern: String, in files: any FileAccess) throws -> [String] {
        var glob = Glob(files: files, pattern: pattern)
        var parts: [String] = []
        // One after the other they stand for no more than one of them.
        for part in pattern.split(separator: "/").map(String.init) where part != "**" || parts.last != "**" {
            parts.append(part)
        }
        try glob.walk(parts[...], in: pattern.hasPrefix("/") ? "/" : "")
        return try glob.found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
            try FileName.handedOut($0)
        }
    }

    private init(files: any FileAccess, pattern: String) {
        self.files = files
        self.pattern = pattern
    }

    private mutating func walk(_ parts: ArraySlice<String>, in directory: String) throws {
        guard let part = parts.first else {
            // A `/` at the end asks for directories.
            let isFit = !pattern.hasSuffix("/") || files.status(directory)?.isDirectory == true
            if !directory.isEmpty, isFit { found.insert(directory) }
            return
        }
        let rest = parts.dropFirst()
        if part == "**" {
            // As the last part it stands for everything below.
            try walk(rest.isEmpty ? ["*"] : rest, in: directory)
            for name in try names(in: directory) where !name.hasPrefix(".") {
                let place = join(directory, name)
                if let status = files.status(place), status.isDirectory, !status.isSymbolicLink {
                    try walk(parts, in: place)
                }
            }
        } else if part.contains(where: { $0 == "*" || $0 == "?" }) {
            let wanted = Array(part.unicodeScalars)
            for name in try names(in: directory) where name.hasPrefix(".") == part.hasPrefix(".") {
                guard Self.matches(wanted, Array(name.unicodeScalars)) else { continue }
                let place = join(directory, name)
                if rest.isEmpty || files.status(place)?.isDirectory == true { try walk(rest, in: place) }
            }
        } else {
            let place = join(directory, part)
            if files.status(place) != nil { try walk(rest, in: place) }
        }
    }

    private func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty || directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    /// A directory that may not be read has no names, as in a shell.
    private mutating func names(in directory: String) throws -> [String] {
        let names = (try? files.list(directory.isEmpty ? "." : directory)) ?? []
        visited += names.count
        guard visited <= Self.limit else { throw RuntimeError(.world, .globTooLarge(pattern, limit: Self.limit)) }
        return names
    }

    /// Goes back to the last star only, which is enough and takes at most the product of both lengths.
    private static func matches(_ pattern: [Unicode.Scalar], _ name: [Unicode.Scalar]) -> Bool {
        var (p, n) = (0, 0)
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (p, n) = (last.pattern + 1, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }
}
