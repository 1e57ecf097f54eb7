// What a program gets wrong about names, found before anything runs.
//
// A file is walked once, in the order it is written, with a stack of scopes. The file's own scope is filled beforehand:
// its functions, recipes and imports are known everywhere in it. Its `let`s and `var`s are there as well, but marked as
// not yet declared until the walk comes to them; only inside functions and recipes, which run later, does the mark of a
// `let` not matter. All other scopes are filled as the walk proceeds, and know in advance only which names are to come,
// so that "used before it is declared" can be told from "unknown".
//
// A scope may have a barrier: functions of the file do not see its `var`s, closures have the values of outer names from
// when they were made, and bodies of `step`, `undo` and `parallel` may run apart. Looking a name up gives the first
// barrier on the way, which is what decides whether it may be assigned to. `return`, `break` and `continue` are decided
// by `Control`, which says where each of them would lead.
//
// Recipes come first, since their parameters are part of the names of other recipes (`...dev.release`). Imported files
// have been resolved before the files that import them; what is needed of them is their `ModuleInterface`.
//
// One mistake is reported once: what follows from it resolves to `.silent`.

/// What other files can see of a resolved file.
struct ModuleInterface {
    var names: [String: Binding]
    let recipes: [String: RecipeInfo]
    let facts: [String: EffectFacts]
    /// True where names may be missing because the file could not be parsed.
    let isOpen: Bool
}

struct Resolver {
    let catalog: Catalog
    let tree: FileTree
    /// The position the file will have in the program.
    let module: Int
    /// True for a file that another one imports: it may hold declarations only.
    let isImported: Bool
    /// True where the parser found mistakes: names may be missing that were meant to be there.
    let isOpen: Bool
    let interfaces: [ModuleInterface]
    /// By the range of its path, the module each import means; nil where it could not be read.
    let imports: [SourceRange: Int?]
    /// The module whose names this one goes on with.
    let continues: Int?
    /// What that one declares, and those before it.
    var continued: ModuleInterface? { continues.map { interfaces[$0] } }

    var scopes: [Scope] = [Scope()]
    var control = Control.file
    var diagnostics: [Diagnostic] = []
    var recipes: [String: RecipeInfo] = [:]
    var recipeOrder: [String] = []
    /// The parameters of the recipe being walked, which `f(...)` passes on.
    var recipeParameters: Set<String>?
    /// True where that recipe has parameters that are not known, because of a mistake already reported.
    var passesUnknown = false
    var usedImports: Set<String> = []
    /// Names of blocks of the same function that have ended, with what stood between block and surroundings.
    var ended: [String: (Scope.Barrier?, Binding)] = [:]
    /// What the file's functions do to the world, by name; see Resolver+Effects.
    var facts: [String: EffectFacts] = [:]
    var currentFact: String?

    init(
        catalog: Catalog, tree: FileTree, module: Int, isImported: Bool, isOpen: Bool, imports: [SourceRange: Int?],
        interfaces: [ModuleInterface], continues: Int? = nil
    ) {
        self.catalog = catalog
        self.tree = tree
        self.module = module
        self.isImported = isImported
        self.isOpen = isOpen
        self.imports = imports
        self.interfaces = interfaces
        self.continues = continues
    }

    mutating func resolve() -> (ResolvedModule, ModuleInterface) {
        declareFileNames()
        expandRecipes()
        for statement in tree.body.statements { resolveFileLevel(statement) }
        checkImportedLets()
        warnOfUnusedImports()
        let earlier = continued
        let names = (earlier?.names ?? [:]).merging(scopes[0].bindings) { _, own in own }
        let modules = names.compactMapValues { if case .import(let module) = $0.kind { module } else { nil } }
        return (
            ResolvedModule(
                tree: tree, imports: modules, recipes: recipeOrder.compactMap { recipes[$0] }, continues: continues),
            ModuleInterface(
                names: names, recipes: (earlier?.recipes ?? [:]).merging(recipes) { _, own in own },
                facts: (earlier?.facts ?? [:]).merging(facts) { _, own in own }, isOpen: isOpen)
        )
    }

    // MARK: The file

    private mutating func declareFileNames() {
        for statement in tree.body.statements {
            switch statement.kind {
            case .import(let declaration):
                declare(declaration.name, .import(imports[declaration.pathRange] ?? nil))
            case .function(let declaration):
                let shape = CallShape(
                    declaration.function, name: declaration.name.text, location: location(declaration.name.range))
                declare(declaration.name, .function, shape: shape)
            case .recipe(let declaration): declare(declaration.name, .recipe)
            case .declaration(let declaration):
                for name in declaration.pattern.declaredNames {
                    let shape = declaration.isVariable ? nil : closureShape(declaration.value, name: name)
                    declare(name, declaration.isVariable ? .variable : .constant, shape: shape)
                    if scopes[0].bindings[name.text]?.location.range == name.range {
                        scopes[0].bindings[name.text]?.isDeclared = false
                    }
                }
            default: break
            }
        }
    }

    private mutating func resolveFileLevel(_ statement: Statement) {
        switch statement.kind {
        case .import: return
        case .function(let declaration):
            recording(declaration.name.text, isFunction: true) { $0.resolve(declaration.function, barrier: .function) }
        case .recipe(let declaration):
            recording(declaration.name.text, isFunction: true) { $0.resolveBody(of: declaration) }
        case .declaration(let declaration):
            if isImported, declaration.isVariable {
                report(.variableInImport(declaration.pattern.declaredNames.first?.text ?? "_"), statement.range)
            }
            let isFunction = !declaration.isVariable && isFunctionItself(declaration.value)
            recording(declaration.pattern.factName, isFunction: isFunction) { $0.resolve(declaration) }
        case .invalid: return
        default:
            if isImported { report(.statementInImport(), statement.range) }
            resolve(statement)
        }
    }

    private mutating func warnOfUnusedImports() {
        // What is imported at a prompt is for what is typed next.
        if isOpen || continues != nil { return }
        for (name, binding) in scopes[0].bindings where !usedImports.contains(name) {
            guard case .import(.some) = binding.kind else { continue }
            diagnostics.append(Diagnostic(.warning, .unusedImport(name), at: binding.location))
        }
    }

    // MARK: Reporting

    func location(_ range: SourceRange) -> SourceLocation { SourceLocation(file: tree.file, range: range) }

    mutating func report(_ message: Message, _ range: SourceRange, notes: [Diagnostic.Note] = []) {
        diagnostics.append(Diagnostic(.error, message, at: location(range), notes: notes))
    }

    /// More findings than are ever shown: no use in looking for suggestions.
    private var isCrowded: Bool { diagnostics.count > ModuleLoader.maximumDiagnostics }

    func nearest<S: Sequence<String>>(_ name: String, among candidates: @autoclosure () -> S) -> String? {
        if isCrowded { return nil }
        // Sorted, so that of two names equally near the same is suggested every time; `Version` for `verison` only
        // where there is no `version`.
        let sorted = candidates().sorted()
        let isType = name.first?.isUppercase
        return suggestion(for: name, among: sorted.filter { $0.first?.isUppercase == isType })
            ?? suggestion(for: name, among: sorted)
    }
}
