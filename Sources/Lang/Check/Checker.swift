// What a program gets wrong about types, found before anything runs.
//
// Each file is checked once, after its names were resolved and after the files it imports. The walk goes through
// statements in the order they run and gives each expression a type. Types are gradual: what cannot be known is `any`,
// which fits everywhere, so that a program is refused only for what is certain or was declared. Certain is a value whose
// type has nothing in common with what is asked for; declared is a union (`Str?`, `Version | "FROM_CHANGELOG"`) from an
// annotation or a signature, of which every member must fit, unless tests before have ruled it out (see Narrowing).
// A union that was only inferred needs one member that fits.
//
// - A `let` has the type of its value, a `var` without annotation what all assignments have in common, or `any`; where
//   one was just assigned is a fact of the flow, forgotten where loops and branches make it uncertain.
// - A list or map in a `var` that is changed in place holds `any`.
// - The result of a function without annotation is what its body gives. A function of the file is checked when it is
//   first called, or in its turn; while it is being checked its result is `any`, which ends every recursion.
// - One mistake is reported once: an expression with a mistake is `any`, what touches a finding of the resolver is left
//   out, and of code that is never reached only its first statement is reported.
//
// The tree's depth is bounded by the parser, and a function is checked out of turn only from shallow places, so that the
// recursion of the walk is bounded as well. Every node is looked at once; what a loop assigns is looked up in an index
// (see Assignments).

/// What other files know of the types in a checked file.
struct ModuleTypes {
    var values: [String: CheckedType] = [:]
    var functions: [String: FunctionType] = [:]
    /// What a file that goes on with this one takes over.
    var variables: [String: Variable] = [:]
    var states: [String: FunctionState] = [:]
    /// Of the file's last statement.
    var result = CheckedType.any
}

/// A variable, wherever it is declared.
struct Variable {
    enum Kind { case constant, variable, parameter, loop, handed, function }

    let name: Name
    let kind: Kind
    /// What it may hold at any time; what it holds now may be known better, see `Flow`.
    var type: CheckedType
    /// What holds where a Bool is true and where it is false: `let known = x != null`.
    var implied: (whenTrue: [Place: CheckedType], whenFalse: [Place: CheckedType])?
    /// The variable whose type it names, which never changes: `let t = type_of(x)`.
    var namesType: Int?
    /// See Checker+Parts.
    var presentParts: Set<String> = []
    /// False where later code may change it at a time the walk does not see.
    var isTracked = true
    var isUsed = false
    /// True where its type was written down.
    var isAnnotated = false
    /// True where it should be reported if it is not used.
    var isWatched = false

    var isFunction: Bool { kind == .function }
}

/// A function or recipe of the file, on its way to being checked.
struct FunctionState {
    enum Progress {
        case waiting, underWay
        case done(FunctionType)
    }

    enum Declaration {
        case function(FunctionDeclaration)
        case recipe(RecipeDeclaration, RecipeInfo?)
    }

    let declaration: Declaration
    var progress = Progress.waiting
}

/// The function whose body is being checked.
struct FunctionFrame {
    let name: String
    /// What it must give; nil without annotation.
    let expected: CheckedType?
    /// What its `return`s give.
    var results = CheckedType.never
    /// The parameters that `f(...)` passes on.
    var parameters: [String: CheckedType] = [:]
}

struct Checker {
    let catalog: Catalog
    let tree: FileTree
    let isImported: Bool
    let imports: [String: Int]
    let modules: [ModuleTypes]
    let recipes: [String: RecipeInfo]
    let assignments: Assignments
    /// What the resolver found.
    let reported: ReportedRanges

    var diagnostics: [Diagnostic] = []
    var variables: [Variable] = []
    /// The names of each block, innermost last; first those of the file.
    var scopes: [[String: Int]] = [[:]]
    var functions: [String: FunctionState] = [:]
    var flow = Flow()
    /// By name, the expressions of which something may be known and that are reached through it.
    var expressions: [String: [String]] = [:]
    var notedExpressions: Set<String> = []
    var frames: [FunctionFrame] = []
    /// By nesting, whether a `break` left the loop.
    var loops: [Bool] = []
    /// The types of blocks, and of expressions that can be a place.
    var checkedTypes: [SourceRange: CheckedType] = [:]
    /// How deep in the tree the walk is, over all functions being checked out of turn.
    var depth = 0
    /// Where the `catch` of the innermost `try` begins whose body is being checked.
    var handler: SourceRange?
    /// The types of the file that this one goes on with.
    private let continued: ModuleTypes?
    private var result = CheckedType.any
    /// Statements that do nothing.
    var idle: [(message: Message, range: SourceRange)] = []
    private var hasMistakes = false
    private var silence = 0

    static let maximumDepthOutOfTurn = 60

    init(
        catalog: Catalog, module: ResolvedModule, isImported: Bool, modules: [ModuleTypes], findings: [Diagnostic],
        continued: ModuleTypes? = nil
    ) {
        self.catalog = catalog
        self.isImported = isImported
        self.modules = modules
        self.continued = continued
        tree = module.tree
        imports = module.imports
        recipes = Dictionary(module.recipes.map { ($0.name, $0) }) { first, _ in first }
        assignments = Assignments(module.tree, mutatingNames: catalog.mutatingNames)
        let errors = findings.filter { $0.severity == .error && $0.location.file === module.tree.file }
        reported = ReportedRanges(errors.map(\.location.range))
    }

    mutating func check() -> ModuleTypes {
        declareFileNames()
        let others = tree.body.statements.filter {
            switch $0.kind {
            case .function, .recipe, .import: false
            default: true
            }
        }
        result = checkStatements(others[...], endOf: tree.body.range)
        for statement in tree.body.statements {
            switch statement.kind {
            case .function(let declaration): _ = function(named: declaration.name.text, outOfTurn: false)
            case .recipe(let declaration): _ = function(named: declaration.name.text, outOfTurn: false)
            default: break
            }
        }
        warnOfWhatHasNoUse()
        return interface
    }

    private var interface: ModuleTypes {
        var types = ModuleTypes()
        for (name, index) in scopes[0] { types.values[name] = variables[index].type }
        for (name, state) in functions {
            if case .done(let type) = state.progress { types.functions[name] = type }
        }
        types.variables = scopes[0].mapValues { variables[$0] }
        types.states = functions
        types.result = result
        return types
    }

    private mutating func declareFileNames() {
        for statement in tree.body.statements {
            switch statement.kind {
            case .function(let declaration):
                if functions[declaration.name.text] == nil {
                    functions[declaration.name.text] = FunctionState(declaration: .function(declaration))
                }
            case .recipe(let declaration):
                let name = declaration.name.text
                if functions[name] == nil {
                    functions[name] = FunctionState(declaration: .recipe(declaration, recipes[name]))
                }
            case .declaration(let declaration):
                // Known by name before their time: a function that is called early may use them.
                for name in declaration.pattern.declaredNames where scopes[0][name.text] == nil {
                    var variable = Variable(
                        name: name, kind: declaration.isVariable ? .variable : .constant, type: .any)
                    if case .name = declaration.pattern, let type = declaration.type {
                        variable.type = CheckedType(annotation: type)
                    }
                    scopes[0][name.text] = variables.count
                    variables.append(variable)
                }
            default: break
            }
        }
        takeOverNames()
    }

    /// The names that the file goes on with, where it has none of its own that hide them.
    private mutating func takeOverNames() {
        guard let continued else { return }
        for (name, state) in continued.states where functions[name] == nil && scopes[0][name] == nil {
            functions[name] = state
        }
        for (name, known) in continued.variables where functions[name] == nil && scopes[0][name] == nil {
            var variable = known
            variable.isTracked = !assignments.deferred.contains(name)
            variable.isWatched = false
            // Facts about other variables: those have other numbers here.
            variable.implied = nil
            variable.namesType = nil
            if known.kind == .variable, !known.isAnnotated, assignments.areThere(of: name, in: tree.body.range) {
                variable.type = .any
            }
            scopes[0][name] = variables.count
            variables.append(variable)
        }
    }

    // MARK: Functions of the file

    /// The type of a function or recipe of the file; nil for other names. Checks it where that has not been done.
    mutating func function(named name: String, outOfTurn: Bool = true) -> FunctionType? {
        guard let state = functions[name] else { return nil }
        switch state.progress {
        case .done(let type): return type
        case .underWay: return signature(of: state.declaration, name, result: nil)
        case .waiting:
            if outOfTurn, depth > Checker.maximumDepthOutOfTurn {
                return signature(of: state.declaration, name, result: nil)
            }
        }
        functions[name]?.progress = .underWay
        let outer = (scopes, flow, frames, loops, handler, silence)
        scopes = [scopes[0]]
        (flow, frames, loops, handler, silence) = (Flow(), [], [], nil, 0)
        let parameters = parameters(of: state.declaration)
        let result: CheckedType
        switch state.declaration {
        case .function(let declaration):
            result = checkBody(
                declaration.function.body, parameters: parameters, result: declaration.function.result, name: name,
                isRecipe: false)
        case .recipe(let declaration, _):
            result = checkBody(
                declaration.body, parameters: parameters, result: declaration.result, name: name, isRecipe: true)
        }
        (scopes, flow, frames, loops, handler, silence) = outer
        let type = signature(of: state.declaration, name, result: result)
        functions[name]?.progress = .done(type)
        return type
    }

    /// A parameter, and the default to look at where it stands in this file.
    struct CheckedParameter {
        let name: Name
        let type: CheckedType
        let defaultValue: Expression?
    }

    func parameters(of function: Function) -> [CheckedParameter] {
        function.parameters.map {
            CheckedParameter(
                name: $0.name, type: $0.type.map { CheckedType(annotation: $0) } ?? .any, defaultValue: $0.defaultValue)
        }
    }

    private func parameters(of declaration: FunctionState.Declaration) -> [CheckedParameter] {
        switch declaration {
        case .function(let declaration): return parameters(of: declaration.function)
        case .recipe(let declaration, let info):
            var own: [String: Parameter] = [:]
            for case .parameter(let parameter) in declaration.items { own[parameter.name.text] = parameter }
            guard let info else {
                return own.values.map { CheckedParameter(name: $0.name, type: .any, defaultValue: nil) }
            }
            return info.parameters.map { parameter in
                let written = own[parameter.name]
                return CheckedParameter(
                    name: written?.name ?? Name(parameter.name, declaration.name.range),
                    type: CheckedType(parameter.type), defaultValue: written?.defaultValue)
            }
        }
    }

    private func signature(
        of declaration: FunctionState.Declaration, _ name: String, result: CheckedType?
    ) -> FunctionType {
        let parameters = parameters(of: declaration).map {
            FunctionType.Parameter(name: $0.name.text, type: $0.type)
        }
        switch declaration {
        case .function(let declaration):
            let function = declaration.function
            let shape = CallShape(function, name: name, location: location(declaration.name.range))
            let declared = function.result.map { CheckedType(annotation: $0) }
            return FunctionType(shape: shape, parameters: parameters, result: declared ?? result ?? .any)
        case .recipe(let declaration, let info):
            let declared = declaration.result.map { CheckedType(annotation: $0) }
            var shape = CallShape(info ?? .none(in: tree.file), isOpen: info == nil)
            // Spreads that could not be read leave parameters out; the resolver has said so.
            if !reported.isEmpty { shape.isOpen = true }
            return FunctionType(shape: shape, parameters: parameters, result: declared ?? result ?? .any)
        }
    }

    // MARK: Reporting

    func location(_ range: SourceRange) -> SourceLocation { SourceLocation(file: tree.file, range: range) }

    /// A mistake is an error, or a warning where a `try` around it would catch what comes of it.
    mutating func report(_ message: Message, _ range: SourceRange) {
        hasMistakes = true
        guard let handler else {
            add(Diagnostic(.error, message, at: location(range)))
            return
        }
        let note = Diagnostic.Note(
            "it is only a warning, because the error would be caught here", at: location(handler))
        add(Diagnostic(.warning, message, at: location(range), notes: [note]))
    }

    /// Checks what is handed to something that reads or changes the world: a mistake there is an error, caught or not,
    /// for it must not come to light while a release is under way.
    mutating func regardlessOfCatch<R>(_ check: (inout Checker) -> R) -> R {
        let outer = handler
        handler = nil
        defer { handler = outer }
        return check(&self)
    }

    mutating func warn(_ message: Message, _ range: SourceRange) {
        add(Diagnostic(.warning, message, at: location(range)))
    }

    private mutating func add(_ diagnostic: Diagnostic) {
        let range = diagnostic.location.range
        if silence > 0 || !flow.isReachable { return }
        if isReported(range) { return }
        diagnostics.append(diagnostic)
    }

    /// True for what touches a finding of the resolver.
    func isReported(_ range: SourceRange) -> Bool { reported.touches(range) }

    var isSilent: Bool { silence > 0 }

    /// Walks without reporting.
    mutating func quietly<R>(_ walk: (inout Checker) -> R) -> R {
        silence += 1
        defer { silence -= 1 }
        return walk(&self)
    }

    private mutating func warnOfWhatHasNoUse() {
        // A name that looks unused may be meant where another mistake stands.
        if !reported.isEmpty || hasMistakes { return }
        flow.isReachable = true
        let known = diagnostics.map(\.location.range)
        for (message, range) in idle where !known.contains(where: { $0.start < range.end && range.start < $0.end }) {
            warn(message, range)
        }
        for variable in variables where variable.isWatched && !variable.isUsed {
            warn(.unusedName(variable.name.text, isChanged: variable.kind == .variable), variable.name.range)
        }
    }

    /// The text of a range where it is short, else `…`.
    func shortText(_ range: SourceRange) -> String {
        if range.end - range.start > 40 { return "…" }
        let text = tree.file.text(range)
        return text.utf8.contains(UInt8(ascii: "\n")) ? "…" : text
    }

    /// What an expression is, for messages: literals as they stand, then the type.
    func described(_ type: CheckedType, _ expression: Expression) -> String {
        switch expression.kind {
        case .bool, .int, .float, .string, .version, .duration, .size:
            return "\(shortText(expression.range)) (\(type.widened.description))"
        default: break
        }
        if type.isNull { return "null" }
        return type.description
    }
}

extension CheckedType {
    /// The type that an annotation means; the resolver has reported what is wrong with it.
    init(annotation: TypeExpression) {
        self.init(ValueType(annotation) { _, _ in })
    }
}
