package import Lang

/// Walks a program without running it, and notes what it can change.
///
/// It does what the machine does, on estimates in place of values: what follows from literals, options, defaults and
/// `relsh.toml` is known exactly, everything else is open and carries the expression it comes from. Where a condition is
/// open every branch is walked and what comes out is joined; a loop over something open is walked once, with its
/// variables forgotten; a function that calls itself is walked once more with its parameters open. So each call of a
/// builtin that a run can reach is seen, and perhaps some that no run reaches.
@Evaluation
package final class Explainer {
    /// How a block was left before its end.
    enum Exit { case none, failure, `return`, `break`, `continue` }

    /// The function being walked.
    struct Frame {
        var returns: [Estimate] = []
        /// The parameters of a recipe, which `f(...)` passes on.
        var recipeParameters: Set<String> = []
        /// What variables held where a loop was left or begun anew, innermost loop last.
        var loops: [[Bindings]] = []
    }

    /// What surrounds the place being walked.
    struct Context {
        struct Construct {
            let kind: ChangeReport.Surrounding.Kind
            let title: String
        }
        var constructs: [Construct] = []
        var conditions: [String] = []
        /// Where the functions being walked were called.
        var calls: [String] = []
        /// True in a builtin that is written in the language: its conditions are not the reader's.
        var isScript = false
        /// Where the outermost such builtin was called, and how that reads.
        var script: (place: String, text: String)?
    }

    typealias Work = @Evaluation () async -> Estimate

    let program: ResolvedProgram
    let catalog: Catalog
    let world: World
    var report = ChangeReport()
    var environment = Bindings()
    var exit = Exit.none
    var frame = Frame()
    var context = Context()
    var module = 0
    var file: SourceFile
    /// What each file declares, by module.
    var globals: [[String: Estimate]]
    /// The functions being walked, innermost last.
    var stack: [SourceRange] = []
    var stackFiles: [ObjectIdentifier] = []
    var scripts: [String: Estimate.Closure] = [:]
    /// The names that are tags which move; set when the walk begins.
    var stages: Set<String> = ["local", "dev", "prod"]
    /// In an `undo`: the names that were there before it, and those of them that are functions with values of their own.
    var undoNames: (before: Bindings, functions: [String])?
    private var lastID = 0
    private var work = 0

    /// More expressions than these are not walked.
    static let maximumWork = 300_000
    static let maximumDepth = 200

    private init(_ program: ResolvedProgram, _ catalog: Catalog, _ world: World, _ file: SourceFile) {
        self.program = program
        self.catalog = catalog
        self.world = world
        self.file = file
        globals = Array(repeating: [:], count: program.modules.count)
    }

    /// - Parameters:
    ///   - recipe: nil where the file's statements are all there is to run.
    ///   - given: the options of the command line, by parameter; those not given have their defaults.
    ///   - world: only its project is used.
    package static func explain(
        _ program: ResolvedProgram, recipe: RecipeInfo?, given: @Sendable () -> [String: Value], catalog: Catalog,
        world: World
    ) async -> ChangeReport {
        guard let entry = program.entry else { return ChangeReport() }
        let given = given().mapValues(Estimate.init)
        let first = Explainer(program, catalog, world, entry.tree.file)
        await first.walk(recipe, given)
        let open = (recipe?.parameters ?? []).filter { given[$0.name] == nil && $0.defaultValue?.isScalar == true }
        if open.isEmpty { return first.report }
        let second = Explainer(program, catalog, world, entry.tree.file)
        await second.walk(recipe, given.merging(open.map { ($0.name, .open($0.name)) }) { $1 })
        first.report.addOthers(second.report)
        return first.report
    }

    private func walk(_ recipe: RecipeInfo?, _ given: [String: Estimate]) async {
        if let project = try? await world.project.load() { stages.formUnion(project.stages.keys) }
        for index in program.modules.indices { await walkFile(index) }
        guard let recipe, exit == .none, case .function(let closure)? = globals.last?[recipe.name] else { return }
        _ = await call(closure, closure.parameters.map { given[$0.name] })
    }

    private func walkFile(_ index: Int) async {
        module = index
        file = program.modules[index].tree.file
        environment = Bindings()
        declareFunctions(of: index)
        for statement in program.modules[index].tree.body.statements where exit == .none {
            _ = await walk(statement)
            if case .declaration(let declaration) = statement.kind, !declaration.isVariable {
                for name in declaration.pattern.names { globals[index][name] = environment[name] }
            }
        }
    }

    private func declareFunctions(of index: Int) {
        let module = program.modules[index]
        for statement in module.tree.body.statements {
            guard case .function(let declaration) = statement.kind else { continue }
            globals[index][declaration.name.text] = .function(
                closure(declaration.function, name: declaration.name, captures: nil))
        }
        for recipe in module.recipes { globals[index][recipe.name] = .function(closure(recipe, in: index)) }
    }

    // MARK: - Small things

    /// False where too much has been walked already; the report then says so.
    func spend() -> Bool {
        work += 1
        if work <= Self.maximumWork { return true }
        report.isIncomplete = true
        return false
    }

    func nextID() -> Int {
        lastID += 1
        return lastID
    }

    func closure(_ function: Function, name: Name, captures: Bindings?) -> Estimate.Closure {
        Estimate.Closure(
            id: nextID(), name: name.text,
            parameters: function.parameters.map {
                .init(name: $0.name.text, defaultValue: $0.defaultValue, module: module)
            },
            body: function.body, range: function.range, captures: captures, module: module, file: file,
            shape: CallShape(function, name: name.text, location: SourceLocation(file: file, range: name.range)))
    }

    private func closure(_ recipe: RecipeInfo, in index: Int) -> Estimate.Closure {
        Estimate.Closure(
            id: nextID(), name: recipe.name,
            parameters: recipe.parameters.map {
                .init(name: $0.name, defaultValue: $0.defaultValue, module: $0.module)
            },
            body: recipe.declaration.body, range: recipe.declaration.range, captures: nil, module: index,
            file: program.modules[index].tree.file, shape: CallShape(recipe))
    }

    /// `recipes/dev.rel:12`
    func place(_ range: SourceRange) -> String {
        if context.isScript, let script = context.script { return script.place }
        return "\(file.name):\(file.position(of: range.start).line)"
    }

    /// An expression as it stands in the source, on one line.
    func source(_ range: SourceRange) -> String {
        let words = file.text(range).split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" }
        return cut(words.joined(separator: " "), to: 60)
    }

    func open(_ expression: Expression, type: ValueType = .any) -> Estimate {
        .open(source(expression.range), type: type)
    }
}

extension Declaration.Pattern {
    /// The names it declares.
    var names: [String] {
        switch self {
        case .name(let name): [name.text]
        case .list(let names, _): names.map(\.text)
        }
    }
}

extension Expression {
    /// True for a literal that is no list or map: the default of an option that people switch.
    fileprivate var isScalar: Bool {
        switch kind {
        case .null, .bool, .int, .float, .string, .version, .duration, .size: true
        default: false
        }
    }
}
