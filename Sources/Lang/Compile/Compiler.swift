/// Turns a resolved program into bytecode.
///
/// One pass over the tree. Each expression is compiled into a register the caller names (`into:`), so that temporaries
/// are a stack above the locals. Names become registers of the function at hand, captured values, or globals: file-level
/// `let`, `fn` and `recipe`, which have one numbered slot each for the whole program.
package final class Compiler {
    let program: ResolvedProgram
    let catalog: Catalog
    /// Code for a dry run plans both branches of what it cannot know.
    let planning: Bool
    /// The slot of each file-level name, by module.
    var slots: [[String: Int]] = []
    var slotNames: [String] = []
    /// What is known of the functions in slots: their parameters, for calls.
    var callees: [Int: Callee] = [:]
    var module = 0
    var builder: FunctionBuilder
    /// The parameters of the recipe being compiled, for `other(...)`.
    var recipeParameters: Set<String> = []
    /// The program of what was typed before at a prompt, whose globals this one goes on with.
    private let earlier: Program?
    /// The `var`s that a file leaves to what is typed after it, by module, with the types they were declared with.
    private var prompted: [Int: [String: ValueType?]] = [:]
    /// Where the `var`s of the file being compiled stand, which are written back when it ends.
    var promptedRegisters: [String: Int] = [:]
    private var functionCode: [(slot: Int, prototype: Prototype)] = []
    private var tooLarge: [Diagnostic] = []

    /// A function whose parameters are known when compiling.
    struct Callee {
        let name: String
        let parameters: [String]
    }

    package init(program: ResolvedProgram, catalog: Catalog, planning: Bool = false) {
        self.program = program
        self.catalog = catalog
        self.planning = planning
        earlier = nil
        builder = FunctionBuilder(name: "", file: SourceFile(name: "", bytes: []), parent: nil)
    }

    /// Compiles what has been added to a program since `earlier` compiled it into `compiled`.
    package init(program: ResolvedProgram, following earlier: Compiler, _ compiled: Program) {
        self.program = program
        catalog = earlier.catalog
        planning = earlier.planning
        self.earlier = compiled
        (slots, slotNames) = (earlier.slots, earlier.slotNames)
        (callees, prompted) = (earlier.callees, earlier.prompted)
        builder = FunctionBuilder(name: "", file: SourceFile(name: "", bytes: []), parent: nil)
    }

    /// - Throws: nothing; a function too large for the instruction format is the one finding of this stage.
    package func compile() -> (program: Program, diagnostics: [Diagnostic]) {
        let added = slots.count..<program.modules.count
        for index in added { declareGlobals(of: index) }
        var entries: [Prototype] = []
        for index in added {
            module = index
            entries.append(compileModule(program.modules[index]))
        }
        var recipes: [String: Int] = [:]
        if let entry = program.entry {
            for recipe in entry.recipes { recipes[recipe.name] = slots[program.modules.count - 1][recipe.name] }
        }
        let compiled = Program(
            catalog: catalog, entries: entries, functions: functionCode, recipes: recipes, globalNames: slotNames,
            planning: planning, following: earlier, fileNames: slots.last ?? [:])
        return (compiled, tooLarge)
    }

    private func declareGlobals(of index: Int) {
        let module = program.modules[index]
        slots.append(module.continues.map { slots[$0] } ?? [:])
        if let before = module.continues { prompted[index] = prompted[before] ?? [:] }
        for statement in module.tree.body.statements {
            switch statement.kind {
            case .function(let declaration):
                let slot = addSlot(declaration.name.text, module: index)
                callees[slot] = Callee(
                    name: declaration.name.text, parameters: declaration.function.parameters.map(\.name.text))
            case .recipe(let declaration):
                let slot = addSlot(declaration.name.text, module: index)
                let info = module.recipes.first { $0.name == declaration.name.text }
                callees[slot] = Callee(name: declaration.name.text, parameters: info?.parameters.map(\.name) ?? [])
            case .declaration(let declaration) where !declaration.isVariable:
                for name in declaration.pattern.names { _ = addSlot(name.text, module: index) }
            case .declaration(let declaration) where module.isPrompted:
                for name in declaration.pattern.names {
                    _ = addSlot(name.text, module: index)
                    prompted[index]?[name.text] = .some(nil)
                }
            default: break
            }
        }
    }

    private func addSlot(_ name: String, module: Int) -> Int {
        slotNames.append(name)
        prompted[module]?[name] = nil
        slots[module][name] = slotNames.count - 1
        return slotNames.count - 1
    }

    /// The file's own statements as one function; its functions and recipes go to their slots.
    private func compileModule(_ resolved: ResolvedModule) -> Prototype {
        let file = resolved.tree.file
        let top = FunctionBuilder(name: file.name, file: file, parent: nil)
        for statement in resolved.tree.body.statements {
            switch statement.kind {
            case .function(let declaration):
                if let slot = slots[module][declaration.name.text] {
                    let prototype = compileFunction(declaration.function, name: declaration.name.text, parent: nil)
                    functionCode.append((slot, prototype))
                }
            case .recipe(let declaration):
                if let slot = slots[module][declaration.name.text],
                    let info = resolved.recipes.first(where: { $0.name == declaration.name.text })
                {
                    functionCode.append((slot, compileRecipe(declaration, info)))
                }
            default: break
            }
        }
        builder = top
        let result = top.allocate()
        let statements = resolved.tree.body.statements
        keepingVariables {
            compileStatements(statements, into: result, isFileLevel: true)
        }
        top.emit(.return, result)
        return finish(top)
    }

    /// The `var`s of a prompt stand in registers while a file runs, and in their slots before and after it, however it ends.
    private func keepingVariables(_ body: () -> Void) {
        promptedRegisters = [:]
        guard let variables = prompted[module], !variables.isEmpty else { return body() }
        let own = Set(program.modules[module].tree.body.statements.flatMap(\.declaredVariables))
        for (name, type) in variables.sorted(by: { $0.key < $1.key }) {
            let register = builder.allocate()
            promptedRegisters[name] = register
            if own.contains(name) {
                loadConstant(.missing, into: register)
            } else if let slot = slots[module][name] {
                builder.emit(.loadGlobal, register, bx: slot)
                builder.declare(name, at: register, type: type)
            }
        }
        let registers = promptedRegisters
        protect(body) {
            for (name, register) in registers {
                guard let slot = slots[module][name] else { continue }
                builder.emit(.storeGlobal, register, bx: slot)
            }
        }
        promptedRegisters = [:]
    }

    /// Makes room for a name that no file declares; what is compiled after this one knows it.
    package func declarePrompted(_ name: String) { _ = addSlot(name, module: slots.count - 1) }

    /// Lets a name that the last file has declared, and never given a value, mean again what it meant before that file.
    package func restorePrompted(_ name: String) {
        guard let before = program.modules.last?.continues, let slot = slots[before][name] else { return }
        slots[slots.count - 1][name] = slot
        let type = prompted[before]?[name]
        prompted[slots.count - 1]?[name] = type
    }

    /// What a prompt has to know of a `var` when the next input assigns to it.
    func notePrompted(_ name: String, type: ValueType?) { prompted[module]?[name] = .some(type) }

    func finish(_ builder: FunctionBuilder, isHidden: Bool = false) -> Prototype {
        if builder.overflow {
            tooLarge.append(
                Diagnostic(
                    .error, .functionTooLarge(builder.name),
                    at: SourceLocation(file: builder.file, range: builder.ranges.first ?? SourceRange(0, 0))))
        }
        return builder.finish(isHidden: isHidden)
    }

    /// Runs `body` with a builder of its own for a function, and gives the prototype.
    func withBuilder(name: String, parent: FunctionBuilder?, isHidden: Bool = false, _ body: (FunctionBuilder) -> Void)
        -> Prototype
    {
        let outer = builder
        let inner = FunctionBuilder(name: name, file: program.modules[module].tree.file, parent: parent)
        builder = inner
        defer { builder = outer }
        body(inner)
        return finish(inner, isHidden: isHidden)
    }

    func compileFunction(_ function: Function, name: String, parent: FunctionBuilder?, isHidden: Bool = false)
        -> Prototype
    {
        withBuilder(name: name, parent: parent, isHidden: isHidden) { inner in
            inner.currentRange = function.range
            inner.start = function.range.start
            if parent != nil { inner.declare(name, at: 0) }
            let first = inner.allocate(function.parameters.count)
            inner.parameters = function.parameters.map {
                Prototype.ParameterInfo(name: $0.name.text, hasDefault: $0.defaultValue != nil)
            }
            for (offset, parameter) in function.parameters.enumerated() {
                compileParameter(
                    first + offset, name: parameter.name.text, defaultValue: parameter.defaultValue,
                    type: parameter.type.flatMap(valueType), range: parameter.range)
                inner.declare(parameter.name.text, at: first + offset)
            }
            compileBody(function.body, result: function.result.flatMap(valueType))
        }
    }

    private func compileRecipe(_ declaration: RecipeDeclaration, _ info: RecipeInfo) -> Prototype {
        recipeParameters = Set(info.parameters.map(\.name))
        defer { recipeParameters = [] }
        return withBuilder(name: declaration.name.text, parent: nil) { inner in
            inner.currentRange = declaration.range
            let first = inner.allocate(info.parameters.count)
            inner.parameters = info.parameters.map {
                Prototype.ParameterInfo(name: $0.name, hasDefault: $0.defaultValue != nil)
            }
            let here = module
            for (offset, parameter) in info.parameters.enumerated() {
                // A default taken over from another file is written with that file's names, which the parameters of
                // this recipe must not hide: they are declared afterwards.
                module = parameter.module
                compileParameter(
                    first + offset, name: parameter.name, defaultValue: parameter.defaultValue,
                    type: parameter.type == .any ? nil : parameter.type, range: declaration.name.range)
                module = here
            }
            for (offset, parameter) in info.parameters.enumerated() {
                inner.declare(parameter.name, at: first + offset)
            }
            compileBody(declaration.body, result: declaration.result.flatMap(valueType))
        }
    }

    private func compileParameter(
        _ register: Int, name: String, defaultValue: Expression?, type: ValueType?, range: SourceRange
    ) {
        if let defaultValue {
            let given = builder.emit(.jumpIfGiven, register, bx: 0)
            compile(defaultValue, into: register)
            builder.patch(given)
        }
        if let type { emitCheck(register, type, what: "argument `\(name)`", range: range) }
    }

    private func compileBody(_ body: Block, result: ValueType?) {
        let register = builder.allocate()
        resultType = result
        if planning {
            let flag = builder.allocate()
            builder.emit(.loadBool, flag, 0)
            builder.mayHaveReturned = flag
            builder.requestsAtReturn = countRequests()
        }
        compileStatements(body.statements, into: register, isFileLevel: false)
        emitReturn(register)
    }

    /// The declared result of the function being compiled.
    var resultType: ValueType? {
        get { resultTypes[ObjectIdentifier(builder)] ?? nil }
        set { resultTypes[ObjectIdentifier(builder)] = newValue }
    }
    private var resultTypes: [ObjectIdentifier: ValueType?] = [:]

    func emitReturn(_ register: Int) {
        if let flag = builder.mayHaveReturned {
            noteUncertain(builder.requestsAtReturn, flag)
            let known = builder.emit(.jumpIfFalse, flag, bx: 0)
            loadConstant(.unknown("a result that is decided at run time"), into: register)
            builder.patch(known)
        }
        if let type = resultType { emitCheck(register, type, what: "result", range: builder.currentRange) }
        builder.emit(.return, register)
    }

    func emitCheck(_ register: Int, _ type: ValueType, what: String, range: SourceRange) {
        if type == .any { return }
        builder.at(range) {
            _ = builder.emit(.checkType, register, builder.type(type), builder.smallConstant(.string(what)))
        }
    }

    func valueType(_ expression: TypeExpression) -> ValueType? {
        ValueType(expression) { _, _ in }
    }
}

extension Declaration.Pattern {
    /// The names it declares; `_` declares none.
    var names: [Name] {
        switch self {
        case .name(let name): [name]
        case .list(let names, _): names.filter { $0.text != "_" }
        }
    }
}

extension ResolvedModule {
    /// True where it goes on with another, or where others may go on with it.
    fileprivate var isPrompted: Bool { continues != nil }
}

extension Statement {
    /// The names of the `var`s it declares.
    fileprivate var declaredVariables: [String] {
        guard case .declaration(let declaration) = kind, declaration.isVariable else { return [] }
        return declaration.pattern.names.map(\.text)
    }
}
