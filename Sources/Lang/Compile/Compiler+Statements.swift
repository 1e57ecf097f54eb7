extension Compiler {
    /// Compiles a block in a scope of its own; its value goes to `destination`.
    func compile(_ block: Block, into destination: Int) {
        builder.pushScope()
        let mark = builder.nextRegister
        compileStatements(block.statements, into: destination, isFileLevel: false)
        builder.release(to: mark)
        builder.popScope()
    }

    func compileStatements(_ statements: [Statement], into destination: Int, isFileLevel: Bool) {
        compileStatements(statements[...], into: destination, isFileLevel: isFileLevel)
    }

    private func compileStatements(_ statements: ArraySlice<Statement>, into destination: Int, isFileLevel: Bool) {
        for index in statements.indices {
            let statement = statements[index]
            let isLast = index == statements.endIndex - 1
            switch statement.kind {
            case .defer(let body):
                builder.at(statement.range) {
                    compileDefer(body, rest: statements[(index + 1)...], into: destination, isFileLevel: isFileLevel)
                }
                return
            case .expression(let expression) where isLast:
                compile(expression, into: destination)
                return
            default:
                builder.at(statement.range) { compile(statement, isFileLevel: isFileLevel) }
            }
        }
        if destination != builder.unwanted { builder.emit(.loadNull, destination) }
    }

    /// Compiles what is evaluated for its effects alone.
    func compileUnwanted(_ body: (Int) -> Void) {
        let (mark, outer) = (builder.nextRegister, builder.unwanted)
        let register = builder.allocate()
        builder.unwanted = register
        body(register)
        builder.unwanted = outer
        builder.release(to: mark)
    }

    private func compile(_ statement: Statement, isFileLevel: Bool) {
        let mark = builder.nextRegister
        switch statement.kind {
        case .expression(let expression):
            compileUnwanted { compile(expression, into: $0) }
        case .declaration(let declaration):
            compileDeclaration(declaration, isFileLevel: isFileLevel)
        case .function(let declaration):
            if isFileLevel { return }
            let register = builder.declareLocal(declaration.name.text)
            let prototype = compileFunction(declaration.function, name: declaration.name.text, parent: builder)
            builder.emit(.closure, register, bx: builder.prototype(prototype))
        case .assignment(let place, let operation, let value):
            compileAssignment(place, operation, value)
            builder.release(to: mark)
        case .for(let loop):
            compileFor(loop)
            builder.release(to: mark)
        case .while(let condition, let body):
            compileWhile(condition, body)
            builder.release(to: mark)
        case .return(let value):
            compileReturn(value)
            builder.release(to: mark)
        case .break:
            compileLeaveLoop { $0.breaks.append($1) }
        case .continue:
            compileLeaveLoop { $0.continues.append($1) }
        case .fail(let value):
            let register = builder.allocate()
            compile(value, into: register)
            let skips = speculationSkips(from: 0)
            builder.emit(.raise, register)
            builder.patch(skips)
            builder.release(to: mark)
        case .assert(let condition, let message):
            compileAssert(condition, message)
            builder.release(to: mark)
        case .command(let pipeline):
            compileCommand(pipeline, captures: false, into: builder.allocate())
            builder.release(to: mark)
        case .defer, .recipe, .import, .invalid:
            break
        }
    }

    // MARK: Declarations and assignments

    private func compileDeclaration(_ declaration: Declaration, isFileLevel: Bool) {
        let isGlobal = isFileLevel && !declaration.isVariable
        let type = declaration.type.flatMap(valueType)
        switch declaration.pattern {
        case .name(let name):
            if isGlobal, let slot = slots[module][name.text] {
                let mark = builder.nextRegister
                let register = builder.allocate()
                compile(declaration.value, into: register)
                if let type { emitCheck(register, type, what: "`\(name.text)`", range: declaration.value.range) }
                builder.emit(.storeGlobal, register, bx: slot)
                builder.emit(.loadNull, register)
                builder.release(to: mark)
            } else {
                // Declared after its value is compiled, so that `let x = x + 1` sees the outer x.
                let register = builder.allocate()
                compile(declaration.value, into: register)
                if let type { emitCheck(register, type, what: "`\(name.text)`", range: declaration.value.range) }
                if isFileLevel, let kept = promptedRegisters[name.text] {
                    builder.emit(.take, kept, register)
                    builder.declare(name.text, at: kept, type: type)
                    notePrompted(name.text, type: type)
                } else {
                    builder.declare(name.text, at: register, type: type)
                }
            }
        case .list(let names, let range):
            let source = builder.allocate()
            compile(declaration.value, into: source)
            if let type { emitCheck(source, type, what: "value", range: declaration.value.range) }
            let first = builder.allocate(names.count)
            builder.at(range) { _ = builder.emit(.unpack, first, source, names.count) }
            builder.emit(.loadNull, source)
            for (offset, name) in names.enumerated() where name.text != "_" {
                if isGlobal, let slot = slots[module][name.text] {
                    builder.emit(.storeGlobal, first + offset, bx: slot)
                } else if isFileLevel, let kept = promptedRegisters[name.text] {
                    builder.emit(.take, kept, first + offset)
                    builder.declare(name.text, at: kept)
                } else {
                    builder.declare(name.text, at: first + offset)
                }
            }
        }
    }

    private func compileAssignment(_ place: Expression, _ operation: BinaryOperator?, _ value: Expression) {
        guard let target = self.place(place) else { return }
        builder.assigned.insert(target.root)
        if target.path.isEmpty {
            compileWhole(target.root, operation, value, range: place.range.union(value.range))
            return
        }
        let base = builder.allocate()
        for index in target.indices { compile(index, into: builder.allocate()) }
        let shape = builder.shape(Prototype.CallShape(name: "", labels: [], path: target.path))
        let result = builder.allocate()
        var isOneIndex = false
        if target.path.count == 1, case .index = target.path[0] { isOneIndex = true }
        if let operation {
            builder.at(place.range) {
                if isOneIndex {
                    _ = builder.emit(.getIndex, base, target.root, base + 1)
                } else {
                    _ = builder.emit(.getPlace, base, target.root, shape)
                }
            }
            compileCompound(base, operation, value, into: result, range: place.range.union(value.range))
        } else {
            compile(value, into: result)
        }
        emitCheck(result, value, into: target)
        builder.at(place.range) {
            _ = builder.emit(isOneIndex ? .setIndex : .setPlace, base, target.root, shape)
        }
    }

    /// Assigns a variable itself. Through a temporary: the value may use the old one, and must be of the variable's type
    /// before it takes its place.
    private func compileWhole(
        _ root: Int, _ operation: BinaryOperator?, _ value: Expression, range: SourceRange
    ) {
        let type = builder.variableType(root)
        // What is added to a Str is a Str.
        if let operation, type == nil || (type == .str && operation == .add) {
            compileCompound(root, operation, value, into: root, range: range)
            return
        }
        if operation == nil, type == nil, value.writesLast {
            compile(value, into: root)
            return
        }
        let temporary = builder.allocate()
        if let operation {
            compileCompound(root, operation, value, into: temporary, range: range)
        } else {
            compile(value, into: temporary)
        }
        if let type { emitCheck(temporary, type, what: "`\(builder.localName(root) ?? "")`", range: value.range) }
        builder.emit(.take, root, temporary)
    }

    private func compileCompound(
        _ left: Int, _ operation: BinaryOperator, _ value: Expression, into destination: Int, range: SourceRange
    ) {
        if case .int(let number) = value.kind, let immediate = immediate(number, for: operation) {
            builder.at(range) { _ = builder.emit(.addImmediate, destination, left, immediate) }
            return
        }
        let right = builder.allocate()
        compile(value, into: right)
        builder.at(range) { _ = builder.emit(operation.opcode, destination, left, right) }
        if !value.isArithmetic { builder.emit(.loadNull, right) }
    }

    func immediate(_ number: Int, for operation: BinaryOperator) -> Int? {
        guard abs(number.clampedMagnitude) < 0x7FFF else { return nil }
        switch operation {
        case .add: return number
        case .subtract: return -number
        default: return nil
        }
    }

    // MARK: Loops

    private func compileFor(_ loop: ForLoop) {
        let width = loop.names.count == 2 ? 4 : 3
        let base = builder.allocate(width)
        compile(loop.sequence, into: base)
        let before = builder.assigned
        builder.assigned = []
        let flag = beginSpeculation()
        let requests = countRequests()
        if let flag {
            // The body of a loop over something unknown may not be run at all.
            let copy = builder.allocate()
            builder.emit(.move, copy, base)
            builder.emit(.testUnknown, copy, flag)
        }
        builder.at(loop.sequence.range) { _ = builder.emit(.forStart, base, loop.names.count) }
        builder.pushScope()
        for (offset, name) in loop.names.enumerated() { builder.declare(name.text, at: base + 2 + offset) }
        let state = beginLoop()
        let top = builder.code.count
        let next = builder.emit(loop.names.count == 2 ? .forNextPair : .forNext, base, bx: 0)
        compileLoopBody(loop.body, state)
        // A `break` that may be taken does not end the plan: what the later rounds would do may be done too.
        builder.emitLoop(to: top)
        builder.patch(next)
        builder.patch(state.breaks)
        builder.popScope()
        // What the loop held must not keep a list shared that is changed after it.
        for offset in 0..<width { builder.emit(.loadNull, base + offset) }
        endSpeculation(flag)
        noteUncertain(requests, flag, mayRepeat: true)
        noteUncertain(requests, state.mayEnd)
        endUncertain([flag, state.mayEnd], since: before, below: base)
    }

    private func compileWhile(_ condition: Expression, _ body: Block) {
        let mark = builder.nextRegister
        let before = builder.assigned
        builder.assigned = []
        let flag = beginSpeculation()
        let requests = countRequests()
        let state = beginLoop()
        let top = builder.code.count
        let exits = compileCondition(condition, flag: flag)
        compileLoopBody(body, state)
        // A dry run that does not know when the loop ends plans the body once.
        let ended = [flag, state.mayEnd].compactMap { $0 }.map { builder.emit(.jumpIfTrue, $0, bx: 0) }
        builder.emitLoop(to: top)
        builder.patch(exits)
        builder.patch(ended)
        builder.patch(state.breaks)
        endSpeculation(flag)
        for flag in [flag, state.mayEnd] { noteUncertain(requests, flag, mayRepeat: true) }
        endUncertain([flag, state.mayEnd], since: before, below: mark)
    }

    private func beginLoop() -> FunctionBuilder.Loop {
        var mayEnd: Int?
        if planning {
            let register = builder.allocate()
            builder.emit(.loadBool, register, 0)
            mayEnd = register
        }
        return FunctionBuilder.Loop(
            exitDepth: builder.exits.count, flagDepth: builder.speculation.count, mayEnd: mayEnd)
    }

    private func compileLoopBody(_ body: Block, _ state: FunctionBuilder.Loop) {
        builder.loops.append(state)
        compileUnwanted { compile(body, into: $0) }
        builder.loops.removeLast()
        builder.patch(state.continues)
    }

    private func compileLeaveLoop(_ record: (FunctionBuilder.Loop, Int) -> Void) {
        guard let loop = builder.loops.last else { return }
        let skips = speculationSkips(from: loop.flagDepth)
        leave(to: loop.exitDepth)
        record(loop, builder.emit(.jump, 0, bx: 0))
        builder.patch(skips)
        if !skips.isEmpty, let flag = loop.mayEnd { builder.emit(.loadBool, flag, 1) }
    }

    private func compileReturn(_ value: Expression?) {
        let register = builder.allocate()
        if let value { compile(value, into: register) } else { builder.emit(.loadNull, register) }
        let skips = speculationSkips(from: 0)
        leave(to: 0)
        emitReturn(register)
        builder.patch(skips)
        guard !skips.isEmpty, let flag = builder.mayHaveReturned, let requests = builder.requestsAtReturn else {
            return
        }
        let isNew = builder.emit(.jumpIfTrue, flag, bx: 0)
        builder.emit(.countRequests, requests)
        builder.patch(isNew)
        builder.emit(.loadBool, flag, 1)
    }

    /// Undoes what stands between here and `depth`, without forgetting it: the code after still stands inside.
    private func leave(to depth: Int) {
        for exit in builder.exits[depth...].reversed() {
            switch exit {
            case .handler: builder.emit(.popHandler)
            case .attempt: builder.emit(.leaveAttempt)
            case .timeout: builder.emit(.leaveTimeout)
            case .deferred(let register, let calls):
                builder.emit(.popHandler)
                calls.patches.append(builder.emit(.callSubroutine, register, bx: 0))
            }
        }
    }

    // MARK: defer and assert

    private func compileDefer(
        _ body: Block, rest: ArraySlice<Statement>, into destination: Int, isFileLevel: Bool
    ) {
        protect {
            compileStatements(rest, into: destination, isFileLevel: isFileLevel)
        } finally: {
            compile(body, into: builder.allocate())
        }
    }

    /// What is compiled first is protected by a handler; `finally` is a subroutine called from every way out.
    func protect(_ rest: () -> Void, finally body: () -> Void) {
        let returnAddress = builder.allocate()
        let error = builder.allocate()
        let calls = FunctionBuilder.DeferredCalls()
        let handler = builder.emit(.pushCleanup, error, bx: 0)
        builder.exits.append(.deferred(register: returnAddress, calls: calls))
        rest()
        builder.exits.removeLast()
        builder.emit(.popHandler)
        calls.patches.append(builder.emit(.callSubroutine, returnAddress, bx: 0))
        let end = builder.emit(.jump, 0, bx: 0)
        builder.patch(handler)
        // What goes wrong in it must not take the place of what it is called for, least of all of an interruption.
        let another = builder.allocate()
        let failed = builder.emit(.pushCleanup, another, bx: 0)
        calls.patches.append(builder.emit(.callSubroutine, returnAddress, bx: 0))
        builder.emit(.popHandler)
        builder.emit(.rethrow, error)
        builder.patch(failed)
        builder.emit(.rethrowFirst, error, another)
        builder.patch(calls.patches)
        let mark = builder.nextRegister
        // Above everything the rest uses: what a `return` in it is about to give must survive the subroutine.
        _ = builder.allocate(builder.registerCount - mark)
        // Nothing that stands around the body may be left from inside it.
        let (exits, loops) = (builder.exits, builder.loops)
        builder.exits = []
        builder.loops = []
        body()
        (builder.exits, builder.loops) = (exits, loops)
        builder.release(to: mark)
        builder.emit(.endSubroutine, returnAddress)
        builder.patch(end)
    }

    private func compileAssert(_ condition: Expression, _ message: Expression?) {
        let flag = beginSpeculation()
        let failed = compileCondition(condition, flag: flag)
        let passed = builder.emit(.jump, 0, bx: 0)
        builder.patch(failed)
        let register = builder.allocate()
        if let message { compile(message, into: register) } else { builder.emit(.loadNull, register) }
        let source = builder.file.text(condition.range)
        let skips = speculationSkips(from: 0)
        builder.at(condition.range) {
            _ = builder.emit(.assertionFailed, register, bx: builder.constant(.string(source)))
        }
        builder.patch(skips)
        builder.patch(passed)
        endSpeculation(flag)
    }

    // MARK: Planning what is not known

    /// A register that says "this branch may not be taken"; nil when not compiling for a dry run.
    func beginSpeculation() -> Int? {
        guard planning else { return nil }
        let flag = builder.allocate()
        builder.emit(.loadBool, flag, 0)
        builder.speculation.append(flag)
        return flag
    }

    func endSpeculation(_ flag: Int?) {
        if flag != nil { builder.speculation.removeLast() }
    }

    /// A register with how much has been asked of the interpreter by now; nil when not compiling for a dry run.
    func countRequests() -> Int? {
        guard planning else { return nil }
        let register = builder.allocate()
        builder.emit(.countRequests, register)
        return register
    }

    /// Where `flag` is set: a real run may not ask what was asked since `requests`, or may ask it again and again.
    func noteUncertain(_ requests: Int?, _ flag: Int?, mayRepeat: Bool = false) {
        if let requests, let flag { builder.emit(.noteUncertain, requests, flag, mayRepeat ? 1 : 0) }
    }

    /// After code that may not have been run: what it assigned to locals below `mark` is unknown if one of the flags is
    /// set.
    func endUncertain(_ flags: [Int?], since before: Set<Int>, below mark: Int) {
        let assigned = builder.assigned
        builder.assigned = before.union(assigned)
        let outer = assigned.filter { $0 < mark }.sorted()
        if outer.isEmpty { return }
        for flag in flags.compactMap({ $0 }) {
            let known = builder.emit(.jumpIfFalse, flag, bx: 0)
            for register in outer { loadConstant(.unknown("a value that is decided at run time"), into: register) }
            builder.patch(known)
        }
    }

    /// Compiles a branch. In a dry run, an error in one that may not be taken is no reason to stop planning.
    func compileUncertain(_ flags: some Collection<Int>, _ body: () -> Void) {
        if flags.isEmpty { return body() }
        let error = builder.allocate()
        let landing = builder.emit(.pushCatch, error, bx: 0)
        builder.exits.append(.handler)
        body()
        builder.exits.removeLast()
        builder.emit(.popHandler)
        let end = builder.emit(.jump, 0, bx: 0)
        builder.patch(landing)
        let passed = flags.map { builder.emit(.jumpIfTrue, $0, bx: 0) }
        builder.emit(.rethrow, error)
        builder.patch(passed)
        builder.patch(end)
    }

    /// Jumps over what leaves the function or loop while a branch is only being planned.
    func speculationSkips(from depth: Int) -> [Int] {
        builder.speculation[min(depth, builder.speculation.count)...].map { builder.emit(.jumpIfTrue, $0, bx: 0) }
    }
}

extension Int {
    /// The magnitude, without overflowing for the smallest Int.
    fileprivate var clampedMagnitude: Int { self == Int.min ? Int.max : (self < 0 ? -self : self) }
}
