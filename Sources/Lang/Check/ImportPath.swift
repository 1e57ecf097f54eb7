/// Where an import leads, decided on the text of paths alone.
struct ImportPath {
    /// `a/./b/../c` is `a/c`. Leading `..` stay in a relative path.
    static func normalised(_ path: String) -> String {
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        // Added up by hand: `joined` costs every start more than all the rest of this.
        var normal = isAbsolute ? "/" : ""
        for (index, part) in parts.enumerated() {
            if index > 0 { normal += "/" }
            normal += part
        }
        return normal
    }

    /// The path that `written` means in the file at `importer`, or what is wrong with it.
    static func resolve(_ written: String, from importer: String, projectRoot: String?) -> Result<String, Refusal> {
        guard written.hasSuffix(".rel") else { return .failure(.init(message: .importWithoutExtension(written))) }
        if written.hasPrefix("/") { return .failure(.init(message: .absoluteImport(written))) }
        if written.hasPrefix(standardPrefix) {
            return inside("std", normalised(written), written, shown: "the recipes that ship with relsh")
        }
        let directory = importer.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(importer[...$0]) } ?? ""
        let path = normalised(directory + written)
        if importer.hasPrefix(standardPrefix) {
            return inside("std", path, written, shown: "the recipes that ship with relsh")
        }
        guard let projectRoot else { return .success(path) }
        return inside(normalised(projectRoot), path, written, shown: "the project")
    }

    /// A file that must not be read.
    struct Refusal: Error { let message: Message }

    private static let standardPrefix = "std/"

    private static func inside(
        _ root: String, _ path: String, _ written: String, shown: String
    ) -> Result<String, Refusal> {
        let isInside: Bool
        switch root {
        case "": isInside = !path.hasPrefix("/") && path != ".." && !path.hasPrefix("../")
        case "/": isInside = path.hasPrefix("/")
        default: isInside = path.hasPrefix(root + "/")
        }
        return isInside ? .success(path) : .failure(.init(message: .importOutsideProject(written, root: shown)))
    }
}
