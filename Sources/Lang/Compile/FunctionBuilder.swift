/// Collects the code of one function: registers, constants, scopes and patched jumps. Knows nothing of the tree.
final class FunctionBuilder {
    /// What stands between here and the end of a loop or function, and must be undone when a jump leaves it.
    enum ExitAction {
        case handler
        case attempt
        case timeout
        /// A `defer`: its handler goes, then its subroutine runs.
        case deferred(register: Int, calls: DeferredCalls)
    }

    /// Places that call a `defer` body whose address is not known yet.
    final class DeferredCalls {
        var patches: [Int] = []
    }

    final class Loop {
        let exitDepth: Int
        let flagDepth: Int
        /// In a dry run: true once a `break` has been passed over that a real run might take.
        let mayEnd: Int?
        var breaks: [Int] = []
        var continues: [Int] = []
        init(exitDepth: Int, flagDepth: Int, mayEnd: Int?) {
            self.exitDepth = exitDepth
            self.flagDepth = flagDepth
            self.mayEnd = mayEnd
        }
    }

    let name: String
    let file: SourceFile
    let parent: FunctionBuilder?
    var parameters: [Prototype.ParameterInfo] = []
    var code: [Instruction] = []
    var ranges: [SourceRange] = []
    var constants: [Value] = []
    var prototypes: [Prototype] = []
    var types: [ValueType] = []
    var shapes: [Prototype.CallShape] = []
    var builtins: [Builtin] = []
    var pipelines: [PipelineTemplate] = []
    var captures: [Prototype.CaptureSource] = []
    private var captureNames: [String: Int] = [:]
    /// Where the function stands in its file.
    var start = 0
    /// By bytes: a dictionary of Swift strings would merge canonically equivalent ones.
    private var stringConstants: [[UInt8]: Int] = [:]
    private var builtinPositions: [String: Int] = [:]
    private var scopes: [[String: Int]] = [[:]]
    /// R[0] is the function itself.
    private(set) var nextRegister = 1
    private(set) var registerCount = 1
    var currentRange = SourceRange(0, 0)
    var exits: [ExitAction] = []
    var loops: [Loop] = []
    /// Registers that say a dry run is planning a branch it may not take; only used when compiling for a dry run.
    var speculation: [Int] = []
    /// In a dry run: true once a `return` has been passed over that a real run might take; the result is then unknown.
    var mayHaveReturned: Int?
    /// How much had been asked of the interpreter by then.
    var requestsAtReturn: Int?
    /// Locals that were assigned since this was last emptied: what a branch that may not be taken leaves uncertain.
    var assigned: Set<Int> = []
    /// The types of annotated `var`s, by register.
    private var variableTypes: [Int: ValueType] = [:]
    /// The register of a value that nobody asked for, as that of a statement: blocks need not leave null there.
    var unwanted: Int?
    /// Set when a limit of the instruction format is passed.
    var overflow = false

    init(name: String, file: SourceFile, parent: FunctionBuilder?) {
        self.name = name
        self.file = file
        self.parent = parent
    }

    func finish(isHidden: Bool = false) -> Prototype {
        Prototype(
            name: name, start: start, parameters: parameters, captures: captures,
            captureNames: captureNames.sorted { $0.value < $1.value }.map(\.key), file: file, code: code,
            ranges: ranges,
            constants: constants, prototypes: prototypes, types: types, shapes: shapes, builtins: builtins,
            pipelines: pipelines, registerCount: registerCount + 1, isHidden: isHidden)
    }

    // MARK: Registers and scopes

    func allocate(_ count: Int = 1) -> Int {
        let first = nextRegister
        nextRegister += count
        registerCount = max(registerCount, nextRegister)
        if nextRegister > 60_000 {
            overflow = true
            nextRegister = 60_000
        }
        return first
    }

    /// Gives back everything allocated since `mark`.
    func release(to mark: Int) { nextRegister = mark }

    func pushScope() { scopes.append([:]) }

    func popScope() { scopes.removeLast() }

    /// - Parameter type: what every value assigned to it must be.
    func declare(_ name: String, at register: Int, type: ValueType? = nil) {
        scopes[scopes.count - 1][name] = register
        variableTypes[register] = type
    }

    func variableType(_ register: Int) -> ValueType? { variableTypes[register] }

    /// The name of the local in a register, for messages.
    func localName(_ register: Int) -> String? {
        for scope in scopes.reversed() {
            if let name = scope.first(where: { $0.value == register })?.key { return name }
        }
        return nil
    }

    func declareLocal(_ name: String) -> Int {
        let register = allocate()
        declare(name, at: register)
        return register
    }

    func local(_ name: String) -> Int? {
        for scope in scopes.reversed() {
            if let register = scope[name] { return register }
        }
        return nil
    }

    /// The number under which this function captures `name` from the functions around it.
    func capture(_ name: String) -> Int? {
        if let known = captureNames[name] { return known }
        guard let parent else { return nil }
        let source: Prototype.CaptureSource
        if let register = parent.local(name) {
            source = .register(register)
        } else if let outer = parent.capture(name) {
            source = .capture(outer)
        } else {
            return nil
        }
        captures.append(source)
        captureNames[name] = captures.count - 1
        return captures.count - 1
    }

    // MARK: Code

    @discardableResult
    func emit(_ opcode: Opcode, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0, d: Int = 0) -> Int {
        append(Instruction(opcode, a, b, c, d: d))
    }

    @discardableResult
    func emit(_ opcode: Opcode, _ a: Int, bx: Int) -> Int {
        append(Instruction(opcode, a, bx: bx))
    }

    private func append(_ instruction: Instruction) -> Int {
        code.append(instruction)
        ranges.append(currentRange)
        return code.count - 1
    }

    /// Makes the jump at `index` land at the next instruction to come.
    func patch(_ index: Int) { patch(index, to: code.count) }

    func patch(_ indices: [Int]) {
        for index in indices { patch(index) }
    }

    func setOperand(c: Int, at index: Int) {
        let old = code[index]
        code[index] = Instruction(old.opcode, old.a, old.b, checked(c), d: old.d)
    }

    func patch(_ index: Int, to target: Int) {
        let old = code[index]
        code[index] = Instruction(old.opcode, old.a, bx: target - index - 1)
    }

    func emitLoop(to target: Int) {
        emit(.loop, 0, bx: target - code.count - 1)
    }

    // MARK: Tables

    func constant(_ value: Value) -> Int {
        if let text = value.asString, text.utf8.count <= 64 {
            let key = Array(text.utf8)
            if let known = stringConstants[key] { return known }
            stringConstants[key] = constants.count
        }
        constants.append(value)
        return constants.count - 1
    }

    /// The number of a constant that an operand of 16 bits can name; nil where there are too many.
    func nearConstant(_ value: @autoclosure () -> Value) -> Int? {
        constants.count <= 0xFFFF ? constant(value()) : nil
    }

    /// A constant whose number must fit 16 bits, as names of members do.
    func smallConstant(_ value: Value) -> Int { checked(constant(value)) }

    func type(_ type: ValueType) -> Int {
        if let known = types.firstIndex(of: type) { return known }
        types.append(type)
        return checked(types.count - 1)
    }

    func shape(_ shape: Prototype.CallShape) -> Int {
        shapes.append(shape)
        return checked(shapes.count - 1)
    }

    func builtin(_ builtin: Builtin) -> Int {
        if let known = builtinPositions[builtin.name] { return known }
        builtins.append(builtin)
        builtinPositions[builtin.name] = builtins.count - 1
        return checked(builtins.count - 1)
    }

    func pipeline(_ pipeline: PipelineTemplate) -> Int {
        pipelines.append(pipeline)
        return checked(pipelines.count - 1)
    }

    func prototype(_ prototype: Prototype) -> Int {
        prototypes.append(prototype)
        return prototypes.count - 1
    }

    private func checked(_ index: Int) -> Int {
        if index > 0xFFFF { overflow = true }
        return index & 0xFFFF
    }

    /// With `range` as the source of what is emitted in `body`.
    func at<T>(_ range: SourceRange, _ body: () -> T) -> T {
        let outer = currentRange
        currentRange = range
        defer { currentRange = outer }
        return body()
    }
}
