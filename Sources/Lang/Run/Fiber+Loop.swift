// The machine's loop. Everything it needs between two calls stands in locals; what is rare or slow is a function in
// Fiber+Operations.swift. Registers are reached by pointer: the compiler has made sure that they exist.

extension Fiber {
    /// Runs until the program ends, an effect is needed or the slice is used up.
    func run() throws(RuntimeError) -> Outcome {
        var function = top.function
        var code = function._withUnsafeGuaranteedRef { $0.prototype.code }
        var constants = function._withUnsafeGuaranteedRef { $0.prototype.constants }
        var r = stack + top.base
        var pc = top.pc
        // Kept by the fiber between requests: a loop of steps must come up for air too.
        var fuel = fuel
        let globals = program.globals
        let functions = program.functions
        // Whatever leaves this function, the frame knows where it was.
        defer {
            self.fuel = fuel
            if depth > 0 { frames[depth - 1].pc = pc }
        }

        /// Takes up the frame at the top after a call or return.
        @inline(__always) func reload() {
            let frame = frames[depth - 1]
            function = frame.function
            code = function._withUnsafeGuaranteedRef { $0.prototype.code }
            constants = function._withUnsafeGuaranteedRef { $0.prototype.constants }
            r = stack + frame.base
            pc = frame.pc
        }

        /// What the function refers to besides constants; not for the hot path, since it is retained.
        var prototype: Prototype { function.takeUnretainedValue().prototype }

        while true {
            let i = code[pc]
            pc += 1
            switch i.opcode {
            case .nop: break

            // Loading
            case .loadConstant: r[i.a] = constants[i.bx]
            case .loadNull: r[i.a] = .null
            case .loadMissing: r[i.a] = .missing
            case .loadBool: r[i.a] = .bool(i.b != 0)
            case .loadInt: r[i.a] = .int(i.signedBx)
            case .move: r[i.a] = r[i.b]
            case .loadGlobal:
                let value = globals[i.bx]
                if case .missing = value { throw RuntimeError(.value, .usedBeforeSet(program.globalNames[i.bx])) }
                r[i.a] = value
            case .storeGlobal: globals[i.bx] = r[i.a]
            case .loadCapture:
                if case .object(let object) = r[0] {
                    r[i.a] = unsafeDowncast(object, to: FunctionObject.self).captures[i.b]
                }
            case .closure: r[i.a] = makeClosure(prototype.prototypes[i.bx], r)

            // Making values
            case .makeList: r[i.a] = .list(take(r + i.b, i.c))
            case .extendList: extendList(r + i.a, r + i.b, i.c)
            case .makeMap:
                r[i.a] = .map(OrderedMap())
                extendMap(r + i.a, r + i.b, i.c)
            case .extendMap: extendMap(r + i.a, r + i.b, i.c)
            case .interpolate: r[i.a] = try interpolate(take(r + i.b, i.c))

            // Operators
            case .add:
                if case .int(let x) = r[i.b], case .int(let y) = r[i.c] {
                    let (sum, overflow) = x.addingReportingOverflow(y)
                    if !overflow {
                        r[i.a] = .int(sum)
                        continue
                    }
                } else if case .float(let x) = r[i.b], case .float(let y) = r[i.c] {
                    let sum = x + y
                    if sum.isFinite {
                        r[i.a] = .float(sum)
                        continue
                    }
                }
                r[i.a] = try binary(.add, r[i.b], r[i.c])
            case .addImmediate:
                if case .int(let x) = r[i.b] {
                    let (sum, overflow) = x.addingReportingOverflow(i.signedC)
                    if !overflow {
                        r[i.a] = .int(sum)
                        continue
                    }
                }
                let amount = i.signedC
                r[i.a] = try amount < 0 ? binary(.subtract, r[i.b], .int(-amount)) : binary(.add, r[i.b], .int(amount))
            case .subtract:
                if case .int(let x) = r[i.b], case .int(let y) = r[i.c] {
                    let (difference, overflow) = x.subtractingReportingOverflow(y)
                    if !overflow {
                        r[i.a] = .int(difference)
                        continue
                    }
                } else if case .float(let x) = r[i.b], case .float(let y) = r[i.c] {
                    let difference = x - y
                    if difference.isFinite {
                        r[i.a] = .float(difference)
                        continue
                    }
                }
                r[i.a] = try binary(.subtract, r[i.b], r[i.c])
            case .multiply:
                if case .int(let x) = r[i.b], case .int(let y) = r[i.c] {
                    let (product, overflow) = x.multipliedReportingOverflow(by: y)
                    if !overflow {
                        r[i.a] = .int(product)
                        continue
                    }
                } else if case .float(let x) = r[i.b], case .float(let y) = r[i.c] {
                    let product = x * y
                    if product.isFinite {
                        r[i.a] = .float(product)
                        continue
                    }
                }
                r[i.a] = try binary(.multiply, r[i.b], r[i.c])
            case .divide: r[i.a] = try binary(.divide, r[i.b], r[i.c])
            case .remainder:
                if case .int(let x) = r[i.b], case .int(let y) = r[i.c], y > 0 {
                    r[i.a] = .int(x % y)
                    continue
                }
                r[i.a] = try binary(.remainder, r[i.b], r[i.c])
            case .equal: r[i.a] = try compare(.equal, r[i.b], r[i.c])
            case .notEqual: r[i.a] = try compare(.notEqual, r[i.b], r[i.c])
            case .less: r[i.a] = try compare(.less, r[i.b], r[i.c])
            case .lessOrEqual: r[i.a] = try compare(.lessOrEqual, r[i.b], r[i.c])
            case .greater: r[i.a] = try compare(.greater, r[i.b], r[i.c])
            case .greaterOrEqual: r[i.a] = try compare(.greaterOrEqual, r[i.b], r[i.c])
            case .contained: r[i.a] = try binary(.in, r[i.b], r[i.c])
            case .notContained: r[i.a] = try binary(.notIn, r[i.b], r[i.c])
            case .closedRange: r[i.a] = try binary(.closedRange, r[i.b], r[i.c])
            case .halfOpenRange: r[i.a] = try binary(.halfOpenRange, r[i.b], r[i.c])
            case .negate: r[i.a] = try negate(r[i.b])
            case .not:
                if case .bool(let value) = r[i.b] { r[i.a] = .bool(!value) } else { r[i.a] = try logicalNot(r[i.b]) }

            // Jumps
            case .jump: pc += i.signedBx
            case .loop:
                pc += i.signedBx
                fuel -= 1
                if fuel <= 0 {
                    fuel = Fiber.slice
                    return .yielded
                }
            case .jumpIfFalse:
                guard case .bool(let value) = r[i.a] else { throw RuntimeError(.value, .conditionNotBool(r[i.a])) }
                if !value { pc += i.signedBx }
            case .jumpIfTrue:
                guard case .bool(let value) = r[i.a] else { throw RuntimeError(.value, .conditionNotBool(r[i.a])) }
                if value { pc += i.signedBx }
            case .jumpIfNull: if case .null = r[i.a] { pc += i.signedBx }
            case .jumpIfNotNull: if case .null = r[i.a] {} else { pc += i.signedBx }
            case .jumpIfGiven: if case .missing = r[i.a] {} else { pc += i.signedBx }
            case .jumpIfUnknown: if r[i.a].isUnknown { pc += i.signedBx }
            case .unlessEqual:
                pc += try isTrue(.equal, r[i.a], r[i.b]) ? 1 : code[pc].signedBx + 1
            case .unlessNotEqual:
                pc += try isTrue(.notEqual, r[i.a], r[i.b]) ? 1 : code[pc].signedBx + 1
            case .unlessLess:
                if case .int(let x) = r[i.a], case .int(let y) = r[i.b] {
                    pc += x < y ? 1 : code[pc].signedBx + 1
                } else {
                    pc += try isTrue(.less, r[i.a], r[i.b]) ? 1 : code[pc].signedBx + 1
                }
            case .unlessLessOrEqual:
                if case .int(let x) = r[i.a], case .int(let y) = r[i.b] {
                    pc += x <= y ? 1 : code[pc].signedBx + 1
                } else {
                    pc += try isTrue(.lessOrEqual, r[i.a], r[i.b]) ? 1 : code[pc].signedBx + 1
                }
            case .unlessGreater:
                pc += try isTrue(.greater, r[i.a], r[i.b]) ? 1 : code[pc].signedBx + 1
            case .unlessGreaterOrEqual:
                pc += try isTrue(.greaterOrEqual, r[i.a], r[i.b]) ? 1 : code[pc].signedBx + 1
            case .unlessLessImmediate:
                if case .int(let x) = r[i.a] {
                    pc += x < i.signedB ? 1 : code[pc].signedBx + 1
                } else {
                    pc += try isTrue(.less, r[i.a], .int(i.signedB)) ? 1 : code[pc].signedBx + 1
                }
            case .unlessLessOrEqualImmediate:
                if case .int(let x) = r[i.a] {
                    pc += x <= i.signedB ? 1 : code[pc].signedBx + 1
                } else {
                    pc += try isTrue(.lessOrEqual, r[i.a], .int(i.signedB)) ? 1 : code[pc].signedBx + 1
                }
            case .unlessGreaterImmediate:
                if case .int(let x) = r[i.a] {
                    pc += x > i.signedB ? 1 : code[pc].signedBx + 1
                } else {
                    pc += try isTrue(.greater, r[i.a], .int(i.signedB)) ? 1 : code[pc].signedBx + 1
                }
            case .unlessGreaterOrEqualImmediate:
                if case .int(let x) = r[i.a] {
                    pc += x >= i.signedB ? 1 : code[pc].signedBx + 1
                } else {
                    pc += try isTrue(.greaterOrEqual, r[i.a], .int(i.signedB)) ? 1 : code[pc].signedBx + 1
                }
            case .unlessEqualImmediate:
                if case .int(let x) = r[i.a] {
                    pc += x == i.signedB ? 1 : code[pc].signedBx + 1
                } else {
                    pc += code[pc].signedBx + 1
                }
            case .unlessNotEqualImmediate:
                if case .int(let x) = r[i.a] {
                    pc += x != i.signedB ? 1 : code[pc].signedBx + 1
                } else {
                    pc += 1
                }
            case .testUnknown:
                if r[i.a].isUnknown {
                    r[i.a] = .bool(true)
                    r[i.b] = .bool(true)
                }

            // Loops
            case .forStart: try startLoop(r + i.a, names: i.b)
            case .forNext:
                if case .int(let last) = r[i.a], case .int(let position) = r[i.a + 1] {
                    if position > last {
                        pc += i.signedBx
                    } else {
                        r[i.a + 2] = .int(position)
                        if position == Int.max {
                            r[i.a] = .int(Int.min)
                        } else {
                            r[i.a + 1] = .int(position + 1)
                        }
                    }
                } else if !nextElement(r + i.a) {
                    pc += i.signedBx
                }
            case .forNextPair: if !nextPair(r + i.a) { pc += i.signedBx }

            // Access
            case .getIndex:
                if case .object(let object) = r[i.b], object.tag == .list, case .int(let index) = r[i.c] {
                    let list = unsafeDowncast(object, to: ListObject.self)
                    if index >= 0, index < list.items.count {
                        r[i.a] = list.items[index]
                        continue
                    }
                }
                r[i.a] = try index(r[i.b], r[i.c])
            case .getMember: r[i.a] = try member(r[i.b], constants[i.c].asString ?? "")
            case .setPlace: try setPlace(r + i.a, r + i.b, prototype.shapes[i.c])
            case .getPlace: try getPlace(r + i.a, r[i.b], prototype.shapes[i.c])
            case .unpack: try unpack(r[i.b], into: r + i.a, i.c)

            // Calls
            case .call, .callShaped:
                fuel -= 1
                if fuel <= 0 {
                    fuel = Fiber.slice
                    pc -= 1
                    return .yielded
                }
                frames[depth - 1].pc = pc
                if i.opcode == .call, case .object(let object) = r[i.a], object.tag == .function {
                    let callee = Unmanaged.passUnretained(unsafeDowncast(object, to: FunctionObject.self))
                    let (expected, needed) = callee._withUnsafeGuaranteedRef {
                        ($0.prototype.parameterCount, $0.prototype.registerCount)
                    }
                    let start = r + i.a - stack
                    if i.b == expected, depth < depthLimit, start + needed <= capacity {
                        pushFrame(callee, base: start)
                        reload()
                        continue
                    }
                }
                let shape = i.opcode == .callShaped ? prototype.shapes[i.c] : nil
                switch try call(at: i.a, count: i.b, shape: shape) {
                case .entered: reload()
                case .done: break
                case .effect(let builtin, let arguments):
                    return suspend(.builtin(builtin, arguments), .register(i.a), prototype, pc)
                }
            case .callGlobal:
                fuel -= 1
                if fuel <= 0 {
                    fuel = Fiber.slice
                    pc -= 1
                    return .yielded
                }
                frames[depth - 1].pc = pc
                // A global function holds nothing captured and lives as long as the program: R[0] stays empty.
                if let callee = functions[i.c] {
                    let needed = callee._withUnsafeGuaranteedRef { $0.prototype.registerCount }
                    if depth >= depthLimit {
                        try tooDeep(r + i.a, count: i.b)
                        continue
                    }
                    let start = r + i.a - stack
                    if start + needed > capacity { ensureCapacity(start + needed) }
                    pushFrame(callee, base: start)
                    reload()
                }
            case .callBuiltin:
                let builtin = prototype.builtins[i.c]
                if case .pure(let body) = builtin.implementation {
                    let arguments = take(r + i.a + 1, i.b)
                    r[i.a] = try callPure(body, arguments, of: builtin)
                } else {
                    frames[depth - 1].pc = pc
                    switch try enter(builtin, at: i.a, arguments: take(r + i.a + 1, i.b)) {
                    case .entered: reload()
                    case .done: break
                    case .effect(let builtin, let arguments):
                        return suspend(.builtin(builtin, arguments), .register(i.a), prototype, pc)
                    }
                }
            case .callMethod:
                fuel -= 1
                if fuel <= 0 {
                    fuel = Fiber.slice
                    pc -= 1
                    return .yielded
                }
                frames[depth - 1].pc = pc
                switch try callMethod(at: i.a, count: i.b, prototype: prototype, shapeIndex: i.c) {
                case .entered: reload()
                case .done: break
                case .effect(let builtin, let arguments):
                    return suspend(.builtin(builtin, arguments), .register(i.a), prototype, pc)
                }
            case .callMutating: try callMutating(r + i.a, r + i.b, prototype.shapes[i.c])
            case .return:
                // The result goes where the caller laid out the callee, which is R[0] here.
                let value = r[i.a]
                let count = function._withUnsafeGuaranteedRef { $0.prototype.registerCount }
                depth -= 1
                if depth == 0 {
                    for register in 0..<count { r[register] = .null }
                    return .finished(value)
                }
                for register in 1..<count { r[register] = .null }
                r[0] = value
                reload()

            // Types and matching
            case .checkType:
                let type = prototype.types[i.b]
                if !type.accepts(r[i.a]) {
                    let what = constants[i.c].asString ?? "value"
                    throw RuntimeError(.value, .typeMismatch(what, expected: type, got: r[i.a]))
                }
            case .matchType: r[i.a] = .bool(prototype.types[i.c].accepts(r[i.b]))
            case .matchEqual: r[i.a] = .bool(Value.equal(r[i.b], r[i.c]))
            case .matchRange: r[i.a] = .bool(isWithin(r[i.b], r[i.c]))
            case .matchFailed: throw RuntimeError(.value, .noMatchingArm(r[i.a]))

            // Errors
            case .raise: throw raised(r[i.a])
            case .assertionFailed:
                throw assertion(r[i.a], source: constants[i.bx].asString ?? "")
            case .rethrow:
                if case .error(let error)? = r[i.a].asDomain { throw error }
            case .pushCatch, .pushCleanup:
                handlers.append(
                    Handler(
                        frame: depth - 1, register: i.a, target: pc + i.signedBx,
                        isCleanup: i.opcode == .pushCleanup, scopes: scopes.count))
            case .popHandler: handlers.removeLast()
            case .callSubroutine:
                r[i.a] = .int(pc)
                pc += i.signedBx
            case .endSubroutine:
                if case .int(let target) = r[i.a] { pc = target }

            // Release constructs
            case .enterStep:
                frames[depth - 1].pc = pc
                let title = r[i.a].display
                pushScope(takeIdentity())
                let kind = ScopeKind(rawValue: UInt8(truncatingIfNeeded: i.b)) ?? .step
                return suspend(.enterScope(title: title, kind), .scope(i.a), prototype, pc)
            case .leaveStep:
                scopes.removeLast()
                return suspend(.leaveScope(r[i.a]), .none, prototype, pc)
            case .failStep:
                scopes.removeLast()
                guard case .error(let error)? = r[i.a].asDomain else { continue }
                return suspend(.failScope(error), .none, prototype, pc)
            case .registerUndo:
                guard let function = r[i.a].object as? FunctionObject else { continue }
                return suspend(.registerUndo(function), .none, prototype, pc)
            case .parallel:
                let limit = try parallelLimit(r[i.a])
                let branches = take(r + i.a + 1, i.b).compactMap { $0.object as? FunctionObject }.map {
                    ($0, [Value]())
                }
                return suspend(.parallel(branches, limit: limit), .register(i.a), prototype, pc)
            case .parallelFor:
                let limit = try parallelLimit(r[i.a])
                let branches = try parallelBranches(r + i.a, names: i.b)
                return suspend(.parallel(branches, limit: limit), .register(i.a), prototype, pc)
            case .command:
                let pipeline = prototype.pipelines[i.c]
                let values = take(r + i.b, pipeline.valueCount)
                let request = try command(pipeline, values, in: prototype)
                return suspend(.command(request), .register(i.a), prototype, pc)
            case .enterAttempt:
                frames[depth - 1].pc = pc
                pushScope(takeIdentity())
            case .leaveAttempt: scopes.removeLast()
            case .retryStart: try startRetry(r + i.a)
            case .retryNext:
                scopes.removeLast()
                let kind = try nextAttempt(r + i.a)
                return suspend(kind, .none, prototype, pc)
            case .enterTimeout:
                guard case .duration(let limit)? = r[i.a].asDomain else {
                    if r[i.a].isUnknown { return suspend(.enterTimeout(.seconds(1 << 40)), .none, prototype, pc) }
                    throw RuntimeError(
                        .value, .typeMismatch("the limit of `timeout`", expected: .duration, got: r[i.a]))
                }
                return suspend(.enterTimeout(limit), .none, prototype, pc)
            case .leaveTimeout: return suspend(.leaveTimeout, .none, prototype, pc)
            case .failTimeout:
                guard case .error(let error)? = r[i.a].asDomain else { continue }
                return suspend(.failTimeout(error), .none, prototype, pc)
            }
        }
    }

    private func suspend(_ kind: EffectRequest.Kind, _ pending: Pending, _ prototype: Prototype, _ pc: Int) -> Outcome {
        self.pending = pending
        return .effect(EffectRequest(kind: kind, location: prototype.location(ofInstruction: pc - 1)))
    }
}
