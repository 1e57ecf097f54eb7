/// Why a file could not be read, as the reader of files says it.
package struct ImportFailure: Error {
    package let message: String
    package init(_ message: String) { self.message = message }
}

/// Reads a program: the entry file and what it imports, parsed, with its names resolved and its types checked.
///
/// Imports are followed depth first, so that each file is resolved after those it imports and stands after them in the
/// program. A file is read once, whatever ways lead to it; a way that leads back to a file still being loaded is a
/// circle. Paths are compared and confined as text; links are the business of `read`.
package struct ModuleLoader {
    package typealias Reader = (_ path: String) throws(ImportFailure) -> SourceFile

    /// More than these are not reported: nobody reads them.
    package static let maximumDiagnostics = 50
    static let maximumDepth = 100

    private let catalog: Catalog
    private let projectRoot: String?
    private let checksTypes: Bool
    private let read: Reader

    /// - Parameters:
    ///   - projectRoot: imports must stay inside it; in the same form (absolute or not) as the paths of files. Nil for
    ///     a file that belongs to no project.
    ///   - checksTypes: whether types are checked as well; not in tests of what the machine itself refuses.
    ///   - read: gives the file at a normalised path. `std/…` are the recipes that ship with relsh.
    package init(
        catalog: Catalog, projectRoot: String? = nil, checksTypes: Bool = true, read: @escaping Reader
    ) {
        self.catalog = catalog
        self.projectRoot = projectRoot
        self.checksTypes = checksTypes
        self.read = read
    }

    func begin() -> Loading {
        Loading(catalog: catalog, projectRoot: projectRoot, checksTypes: checksTypes, read: read)
    }

    package func load(entry: SourceFile) -> (program: ResolvedProgram, diagnostics: [Diagnostic]) {
        var loading = begin()
        _ = loading.load(entry, path: Path.normalised(entry.path))
        return (ResolvedProgram(modules: loading.modules), loading.sortedDiagnostics)
    }
}

/// One program on its way to being loaded.
struct Loading {
    let catalog: Catalog
    let projectRoot: String?
    let checksTypes: Bool
    let read: ModuleLoader.Reader

    var modules: [ResolvedModule] = []
    var interfaces: [ModuleInterface] = []
    var types: [ModuleTypes] = []
    /// The module whose names the entry file goes on with.
    var continues: Int?
    /// By module, then those of files that could not be finished.
    private(set) var diagnostics: [Diagnostic] = []
    /// The module each path has become; nil where it could not be read.
    private var loaded: [String: Int?] = [:]
    /// The files being loaded, each imported by the one before it.
    private var chain: [(path: String, name: String)] = []

    init(catalog: Catalog, projectRoot: String?, checksTypes: Bool, read: @escaping ModuleLoader.Reader) {
        self.catalog = catalog
        self.projectRoot = projectRoot
        self.checksTypes = checksTypes
        self.read = read
    }

    /// Another entry file. What the one before imported is read again: it may have changed.
    mutating func `continue`(after module: Int?) {
        continues = module
        diagnostics = []
        loaded = [:]
    }

    mutating func load(_ file: SourceFile, path: String) -> Int {
        chain.append((path, file.name))
        let (tree, found) = Parser.parse(file)
        var imports: [SourceRange: Int?] = [:]
        for statement in tree.body.statements {
            guard case .import(let declaration) = statement.kind else { continue }
            imports[declaration.pathRange] = .some(follow(declaration, in: file))
        }
        chain.removeLast()
        diagnostics += found
        let isOpen = found.contains { $0.severity == .error }
        var resolver = Resolver(
            catalog: catalog, tree: tree, module: modules.count, isImported: !chain.isEmpty, isOpen: isOpen,
            imports: imports, interfaces: interfaces, continues: chain.isEmpty ? continues : nil)
        let (module, interface) = resolver.resolve()
        diagnostics += resolver.diagnostics
        types.append(isOpen || !checksTypes ? ModuleTypes() : check(module, resolver.diagnostics))
        modules.append(module)
        interfaces.append(interface)
        return modules.count - 1
    }

    /// Checks the types of a file whose names are known; one that could not be parsed would only give follow-on errors.
    private mutating func check(_ module: ResolvedModule, _ findings: [Diagnostic]) -> ModuleTypes {
        var checker = Checker(
            catalog: catalog, module: module, isImported: !chain.isEmpty, modules: types, findings: findings,
            continued: module.continues.map { types[$0] })
        let result = checker.check()
        diagnostics += checker.diagnostics
        return result
    }

    /// Loads an imported file unless that has been done; nil where it cannot be had.
    private mutating func follow(_ declaration: ImportDeclaration, in file: SourceFile) -> Int? {
        let importer = SourceLocation(file: file, range: declaration.pathRange)
        func fail(_ message: Message) { diagnostics.append(Diagnostic(.error, message, at: importer)) }
        switch ImportPath.resolve(declaration.path, from: chain.last?.path ?? "", projectRoot: projectRoot) {
        case .failure(let refusal):
            fail(refusal.message)
            return nil
        case .success(let path):
            if let start = chain.firstIndex(where: { $0.path == path }) {
                fail(.importCycle(chain[start...].map(\.name) + [chain[start].name]))
                return nil
            }
            if let known = loaded[path] {
                if known == nil { fail(.importFailed(declaration.path, tried: path, reason: "it could not be read")) }
                return known
            }
            if chain.count >= ModuleLoader.maximumDepth {
                fail(.importsTooDeep(ModuleLoader.maximumDepth))
                return nil
            }
            do throws(ImportFailure) {
                let module = load(try read(path), path: path)
                loaded[path] = module
                return module
            } catch {
                loaded[path] = .some(nil)
                fail(.importFailed(declaration.path, tried: path, reason: error.message))
                return nil
            }
        }
    }

    /// By file, those imported first, and place. Where there are too many, warnings go first, and the last one says how
    /// many there are.
    var sortedDiagnostics: [Diagnostic] {
        var order: [ObjectIdentifier: Int] = [:]
        for (index, module) in modules.enumerated() { order[ObjectIdentifier(module.tree.file)] = index }
        let all = diagnostics.filter { $0.severity == .error } + diagnostics.filter { $0.severity != .error }
        var kept = sorted(all.prefix(ModuleLoader.maximumDiagnostics), order)
        let others = sorted(all.dropFirst(ModuleLoader.maximumDiagnostics), order)
        if let first = others.first {
            let message = Message.moreFindings(others.count)
            kept.append(Diagnostic(first.severity, message, at: first.location))
        }
        return kept
    }

    private func sorted(_ diagnostics: ArraySlice<Diagnostic>, _ order: [ObjectIdentifier: Int]) -> [Diagnostic] {
        let keyed = diagnostics.enumerated().map { offset, diagnostic in
            let file = order[ObjectIdentifier(diagnostic.location.file)] ?? modules.count
            return (key: (file, diagnostic.location.range.start, offset), diagnostic)
        }
        return keyed.sorted { $0.key < $1.key }.map(\.1)
    }
}
