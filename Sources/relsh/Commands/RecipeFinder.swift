import Builtins
import Glibc
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
        let (project, unreadable) = projectEntries()
        if let found = try single(wanted, in: project) { return found }
        // What cannot be read may declare it, and would take the place of the shipped one.
        if let unreadable = unreadable.first { throw unreadable }
        if let found = try single(wanted, in: shippedEntries()) { return found }
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

    private func single(_ name: String, in entries: [Entry]) throws(UsageError) -> Entry? {
        let found = entries.filter { $0.name == name }
        if found.count > 1 { throw UsageError(.recipeDeclaredTwice(name, found[0].place, found[1].place)) }
        return found.first
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

    /// All recipes that can be run by name, sorted; what is declared twice, and what cannot be read.
    func all() -> (entries: [Entry], conflicts: [UsageError]) {
        let shippedNames = Set(shippedEntries().map(\.name))
        var entries: [String: Entry] = [:]
        let (project, unreadable) = projectEntries()
        var conflicts = unreadable
        for entry in project {
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

    /// Those of the project, and what of it cannot be read.
    private func projectEntries() -> ([Entry], unreadable: [UsageError]) {
        let root = projectRoot
        var entries: [Entry] = []
        var unreadable: [UsageError] = []
        func attempt(_ path: String, _ body: () throws(LocalFiles.Failure) -> Void) {
            do throws(LocalFiles.Failure) {
                try body()
            } catch {
                // Directories, and links that lead nowhere, as editors make them, are no recipe files.
                if [ENOENT, ENOTDIR, EISDIR, ELOOP].contains(error.code) { return }
                unreadable.append(UsageError(.unreadableFile(LocalFiles.shown(path, from: workingDirectory), error)))
            }
        }
        for directory in directoriesUpwards {
            let recipes = Path(directory).joined("recipes").text
            var names: [String] = []
            attempt(recipes) { () throws(LocalFiles.Failure) in names = try LocalFiles.list(recipes) }
            for name in names where name.hasSuffix(".rel") {
                if let stray = FileName.stray(in: name, of: recipes) {
                    unreadable.append(UsageError(stray.message))
                    continue
                }
                let path = Path(recipes).joined(name).text
                if LocalFiles.isSpecial(path) { continue }
                attempt(path) { () throws(LocalFiles.Failure) in entries += try fileEntries(path) }
            }
            if directory == root { break }
        }
        return (entries, unreadable)
    }

    private func fileEntries(_ path: String) throws(LocalFiles.Failure) -> [Entry] {
        let bytes = try LocalFiles.read(path, limit: 64 << 20)
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

extension RecipeFinder {
    /// Whether a word on the command line names a file with a program. A directory may have the name of a recipe, as `build` or `test`.
    static func isProgram(_ word: String) -> Bool {
        switch LocalFiles.kind(word) {
        case nil: false
        case .file: true
        case .directory: (try? RecipeFinder().find(word)) == nil
        }
    }
}
