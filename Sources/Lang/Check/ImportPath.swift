/// Where an import leads, decided on the text of paths alone.
struct ImportPath {
    /// The path that `written` means in the file at `importer`, or what is wrong with it.
    static func resolve(_ written: String, from importer: String, projectRoot: String?) -> Result<String, Refusal> {
        guard written.hasSuffix(".rel") else { return .failure(.init(message: .importWithoutExtension(written))) }
        if written.hasPrefix("/") { return .failure(.init(message: .absoluteImport(written))) }
        if written.hasPrefix(standardPrefix) {
            return inside("std", Path.normalised(written), written, shown: "the recipes that ship with relsh")
        }
        let directory = importer.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(importer[...$0]) } ?? ""
        let path = Path.normalised(directory + written)
        if importer.hasPrefix(standardPrefix) {
            return inside("std", path, written, shown: "the recipes that ship with relsh")
        }
        guard let projectRoot else { return .success(path) }
        return inside(Path.normalised(projectRoot), path, written, shown: "the project")
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
