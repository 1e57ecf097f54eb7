/// A compiled program and its globals. One run uses one program; its fibers share it.
package final class Program {
    package let catalog: Catalog
    /// The statements of each file, imported ones first; the last is the entry file's.
    let entries: [Prototype]
    let recipes: [String: Int]
    let globalNames: [String]
    /// True when compiled for a dry run.
    package let planning: Bool
    /// What the fibers have asked for so far.
    package internal(set) var requestCount = 0

    /// Requests that a dry run has come by on a branch that a real run may not take.
    package struct Uncertain: Sendable {
        /// Their numbers, from 0.
        package let requests: Range<Int>
        /// True in a loop whose rounds only a real run would know.
        package let mayRepeat: Bool
    }

    /// Of a dry run so far.
    package internal(set) var uncertain: [Uncertain] = []

    /// File-level `let`, `fn` and `recipe`; set once each.
    let globals: UnsafeMutablePointer<Value>
    /// The code of the functions among them, without the reference count: the globals keep it.
    let functions: UnsafeMutablePointer<Unmanaged<Prototype>?>
    private var scripts: [String: FunctionObject] = [:]
    /// The slots of the names that the entry file declares, or goes on with.
    private let fileNames: [String: Int]

    /// - Parameter earlier: what was typed before at a prompt; its globals are those of this program too, in the same slots.
    init(
        catalog: Catalog, entries: [Prototype], functions: [(slot: Int, prototype: Prototype)], recipes: [String: Int],
        globalNames: [String], planning: Bool, following earlier: Program? = nil, fileNames: [String: Int] = [:]
    ) {
        self.fileNames = fileNames
        self.catalog = catalog
        self.entries = entries
        self.recipes = recipes
        self.globalNames = globalNames
        self.planning = planning
        globals = .allocate(capacity: max(1, globalNames.count))
        globals.initialize(repeating: .missing, count: globalNames.count)
        self.functions = .allocate(capacity: max(1, globalNames.count))
        self.functions.initialize(repeating: nil, count: globalNames.count)
        characters = .allocate(capacity: 128)
        characters.initialize(repeating: .null, count: 128)
        if let earlier {
            scripts = earlier.scripts
            for slot in earlier.globalNames.indices {
                globals[slot] = earlier.globals[slot]
                self.functions[slot] = earlier.functions[slot]
            }
        }
        for (slot, prototype) in functions {
            let function = FunctionObject(prototype)
            globals[slot] = .object(function)
            self.functions[slot] = Unmanaged.passUnretained(prototype)
        }
    }

    deinit {
        globals.deinitialize(count: globalNames.count)
        globals.deallocate()
        functions.deallocate()
        characters.deinitialize(count: 128)
        characters.deallocate()
    }

    /// The value of a name of the entry file; nil where it has none, or where the statement that gives it one was not reached.
    package func value(of name: String) -> Value? {
        guard let slot = fileNames[name] else { return nil }
        if case .missing = globals[slot] { return nil }
        return globals[slot]
    }

    /// Gives a name of the entry file a value.
    package func setValue(_ value: Value, of name: String) {
        if let slot = fileNames[name] { globals[slot] = value }
    }

    /// Takes over the values that another program of the same files has; its functions stay as they were compiled here.
    package func takeValues(of other: Program) {
        for slot in 0..<min(globalNames.count, other.globalNames.count) where functions[slot] == nil {
            globals[slot] = other.globals[slot]
        }
    }

    /// What runs, in order: the statements of every file. The value of the last is that of the program.
    package var entryFunctions: [FunctionObject] { entries.map { FunctionObject($0) } }

    package func recipe(_ name: String) -> FunctionObject? {
        recipes[name].flatMap { globals[$0].object?.function }
    }

    /// The arguments of a recipe in its own order, from values by name; those not given take their defaults.
    package func arguments(for function: FunctionObject, from values: [String: Value]) -> [Value] {
        function.prototype.parameters.map { values[$0.name] ?? .missing }
    }

    /// The one-character strings of ASCII, each made when first needed: a program that goes through text makes no others.
    private let characters: UnsafeMutablePointer<Value>

    func character(_ byte: UInt8) -> Registers {
        let place = characters + Int(byte & 0x7F)
        if !place.isObject { place.pointee = .string(String(Unicode.Scalar(byte & 0x7F))) }
        return place
    }

    /// A builtin that is written in the language, compiled when first called.
    func script(_ builtin: Builtin, source: String) throws(RuntimeError) -> FunctionObject {
        if let known = scripts[builtin.name] { return known }
        let file = SourceFile(name: builtin.name, text: source)
        let (tree, diagnostics) = Parser.parse(file)
        guard diagnostics.isEmpty, case .expression(let expression)? = tree.body.statements.last?.kind,
            case .closure(let function) = expression.kind
        else { throw RuntimeError(.value, .brokenScript(builtin.name)) }
        let module = ResolvedModule(tree: tree, imports: [:], recipes: [])
        let compiler = Compiler(program: ResolvedProgram(modules: [module]), catalog: catalog, planning: planning)
        let object = FunctionObject(compiler.compileScript(function, name: builtin.name))
        scripts[builtin.name] = object
        return object
    }
}

extension Compiler {
    fileprivate func compileScript(_ function: Function, name: String) -> Prototype {
        slots = [[:]]
        return compileFunction(function, name: name, parent: nil, isHidden: true)
    }
}
