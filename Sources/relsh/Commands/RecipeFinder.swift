import Builtins
import Lang

/// Finds recipes by name: those of the project, then those that ship with relsh.
///
/// The project's are in `recipes/*.rel` of every directory from here up to the project's root, which is the nearest
/// directory with a `relsh.toml`, else the nearest with a `.git`, else `/`. All of these are one tree: a name declared
/// twice in it is an error. A project's recipe shadows the shipped one of its name.
struct RecipeFinder {
    /// Where a recipe is declared.
    struct Entry: Sendable, Equatable {
        enum Origin: Sendable, Equatable { case project, shipped }
        let name: String
        let origin: Origin
        /// As shown and as `SourceFile.name`: `recipes/dev.rel`, `std/dev.rel`.
        let file: String
        /// Absolute for a project's; `std/dev.rel` for a shipped one.
        let path: String
        let line: Int
        let summary: String?
        /// True where a shipped recipe of that name is hidden by this one.
        var shadowsShipped = false

        var place: String { "\(file):\(line)" }
    }

    let workingDirectory: String
    /// Path to text: `dev.rel`, `lib/images.rel`.
    let shipped: [String: String]

    init(
        workingDirectory: String = LocalFiles.workingDirectory, shipped: [String: String] = StandardRecipes.files
    ) {
        self.workingDirectory = workingDirectory
        self.shipped = shipped
    }

    /// The directory that imports may not leave.
    var projectRoot: String {
        let directories = directoriesUpwards
        return directories.first { LocalFiles.kind($0 + "/relsh.toml") == .file }
            ?? directories.first { LocalFiles.kind($0 + "/.git") != nil } ?? "/"
    }

    /// The file that declares a recipe. Dashes in the name stand for underscores.
    func find(_ name: String) throws(UsageError) -> Entry {
        let wanted = String(name.map { $0 == "-" ? "_" : $0 })
        let project = projectEntries()
        for entries in [project, shippedEntries()] {
            let found = entries.filter { $0.name == wanted }
            if found.count > 1 { throw UsageError(.recipeDeclaredTwice(wanted, found[0].place, found[1].place)) }
            if let only = found.first { return only }
        }
        if LocalFiles.kind(LocalFiles.absolute(name, from: workingDirectory)) == .directory {
            _ = try SourceReading.file(name, workingDirectory: workingDirectory)
        }
        let names = (project + shippedEntries()).map(\.name)
        let begun = Set(names.filter { $0.hasPrefix(wanted) })
        if name == "run" { throw UsageError(.runIsNoCommand()) }
        if let option = Self.options[name] { throw UsageError(.optionWithoutDashes(name, option: option)) }
        let near =
            begun.count == 1
            ? begun.first : suggestion(for: wanted, among: names + CommandWord.allCases.map(\.rawValue))
        throw UsageError(.noSuchRecipe(name, suggestion: near))
    }

    /// What people type for options, as other tools have commands of these names.
    private static let options = ["list": "--list", "version": "--version"]

    /// The text of the file an entry is in.
    func source(of entry: Entry) throws(UsageError) -> SourceFile {
        switch entry.origin {
        case .shipped:
            let text = shipped[String(entry.path.dropFirst("std/".count))] ?? ""
            return SourceFile(name: entry.file, path: entry.path, text: text)
        case .project:
            let file = try SourceReading.file(entry.path)
            return SourceFile(name: entry.file, path: entry.path, bytes: file.bytes)
        }
    }

    /// All recipes that can be run by name, sorted, and what is declared twice.
    func all() -> (entries: [Entry], conflicts: [UsageError]) {
        let shippedNames = Set(shippedEntries().map(\.name))
        var entries: [String: Entry] = [:]
        var conflicts: [UsageError] = []
        for entry in projectEntries() {
            if let first = entries[entry.name] {
                conflicts.append(UsageError(.recipeDeclaredTwice(entry.name, first.place, entry.place)))
                continue
            }
            var entry = entry
            entry.shadowsShipped = shippedNames.contains(entry.name)
            entries[entry.name] = entry
        }
        for entry in shippedEntries() where entries[entry.name] == nil { entries[entry.name] = entry }
        return (entries.values.sorted { $0.name < $1.name }, conflicts)
    }

    // MARK: where they are

    private var directoriesUpwards: [String] {
        Array(sequence(first: LocalFiles.absolute(workingDirectory, from: "/"), next: LocalFiles.parent))
    }

    private func projectEntries() -> [Entry] {
        let root = projectRoot
        var entries: [Entry] = []
        for directory in directoriesUpwards {
            let recipes = Path(directory).joined("recipes").text
            for name in LocalFiles.names(in: recipes) where name.hasSuffix(".rel") {
                entries += fileEntries(Path(recipes).joined(name).text)
            }
            if directory == root { break }
        }
        return entries
    }

    private func fileEntries(_ path: String) -> [Entry] {
        guard let bytes = try? LocalFiles.read(path, limit: 64 << 20) else { return [] }
        let file = LocalFiles.shown(path, from: workingDirectory)
        return RecipeScan.recipes(in: String(decoding: bytes, as: UTF8.self)).map { recipe in
            Entry(
                name: recipe.name, origin: .project, file: file, path: path, line: recipe.line,
                summary: recipe.summary)
        }
    }

    private func shippedEntries() -> [Entry] {
        shipped.keys.filter { !$0.contains("/") }.sorted().flatMap { file in
            RecipeScan.recipes(in: shipped[file] ?? "").map { recipe in
                Entry(
                    name: recipe.name, origin: .shipped, file: "std/" + file, path: "std/" + file, line: recipe.line,
                    summary: recipe.summary)
            }
        }
    }
}
