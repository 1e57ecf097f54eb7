// The machine's loop. What it needs from one instruction to the next stands in locals, and is read and written without reference
// counts where values are no objects (Registers.swift). Registers are reached by pointer: the compiler has made sure that they
// exist. What is rare is in Fiber+Rare.swift, and what is long in the files beside it (Fiber+Values.swift, Fiber+Operators.swift
// and their like), out of the loop, so that the locals keep their machine registers.
//
// Whatever leaves the loop puts the next instruction into its frame first: positions of errors and identities come from there.

extension Fiber {
    /// Runs until the program ends, an effect is needed or the slice is used up.
    func run() throws(RuntimeError) -> Outcome {
        var frame = frames[depth - 1]
        var next = frame.next
        var r = stack + frame.base
        var constants = frame.code._withUnsafeGuaranteedRef { UnsafePointer($0.constants) }
        // Kept by the fiber between requests: a loop of steps must come up for air too.
        var fuel = fuel
        let globals = program.globals
        let functions = program.functions
        let isPlanning = program.planning

        do throws(RuntimeError) {
            while true {
                let i = next.pointee
                next += 1
                switch i.opcode {
                // Loading
                case .loadConstant: (r + i.a).copy(constants + i.bx)
                case .loadNull: (r + i.a).setNull()
                case .loadMissing: (r + i.a).setMissing()
                case .loadBool: (r + i.a).set(i.b != 0)
                case .loadInt: (r + i.a).set(i.signedBx)
                case .move: (r + i.a).copy(r + i.b)
                case .take: (r + i.a).take(r + i.b)
                case .loadGlobal:
                    if case .missing = globals[i.bx] {
                        throw RuntimeError(.value, .usedBeforeSet(program.globalNames[i.bx]))
                    }
                    (r + i.a).copy(globals + i.bx)
                case .loadCapture: loadCapture(r + i.a, r, i.b)
                case .closure: makeClosure(r + i.a, r, i.bx)
                case .interpolate: try interpolate(r + i.a, r + i.b, i.c)
                case .makeList: makeList(r + i.a, r + i.b, i.c)
                case .makeRecord: makeRecord(r + i.a, r + i.b, constants + i.c)

                // Operators
                case .add:
                    if case .int(let x) = r[i.b], case .int(let y) = r[i.c] {
                        let (sum, overflow) = x.addingReportingOverflow(y)
                        if !overflow {
                            (r + i.a).set(sum)
                            continue
                        }
                    } else if case .float(let x) = r[i.b], case .float(let y) = r[i.c] {
                        let sum = x + y
                        if sum.isFinite {
                            (r + i.a).set(sum)
                            continue
                        }
                    }
                    try add(r + i.a, r + i.b, r + i.c)
                case .addImmediate:
                    if case .int(let x) = r[i.b] {
                        let (sum, overflow) = x.addingReportingOverflow(i.signedC)
                        if !overflow {
                            (r + i.a).set(sum)
                            continue
                        }
                    }
                    let amount = i.signedC
                    try compute(amount < 0 ? .subtract : .add, r + i.a, r + i.b, amount < 0 ? -amount : amount)
                case .subtract:
                    if case .int(let x) = r[i.b], case .int(let y) = r[i.c] {
                        let (difference, overflow) = x.subtractingReportingOverflow(y)
                        if !overflow {
                            (r + i.a).set(difference)
                            continue
                        }
                    } else if case .float(let x) = r[i.b], case .float(let y) = r[i.c] {
                        let difference = x - y
                        if difference.isFinite {
                            (r + i.a).set(difference)
                            continue
                        }
                    }
                    try compute(.subtract, r + i.a, r + i.b, r + i.c)
                case .multiply:
                    if case .int(let x) = r[i.b], case .int(let y) = r[i.c] {
                        let (product, overflow) = x.multipliedReportingOverflow(by: y)
                        if !overflow {
                            (r + i.a).set(product)
                            continue
                        }
                    } else if case .float(let x) = r[i.b], case .float(let y) = r[i.c] {
                        let product = x * y
                        if product.isFinite {
                            (r + i.a).set(product)
                            continue
                        }
                    }
                    try compute(.multiply, r + i.a, r + i.b, r + i.c)
                case .multiplyImmediate:
                    if case .int(let x) = r[i.b] {
                        let (product, overflow) = x.multipliedReportingOverflow(by: i.signedC)
                        if !overflow {
                            (r + i.a).set(product)
                            continue
                        }
                    }
                    try compute(.multiply, r + i.a, r + i.b, i.signedC)
                case .divide:
                    if case .float(let x) = r[i.b], case .float(let y) = r[i.c] {
                        let quotient = x / y
                        if y != 0, quotient.isFinite {
                            (r + i.a).set(quotient)
                            continue
                        }
                    } else if case .int(let x) = r[i.b], case .int(let y) = r[i.c], y > 0 {
                        (r + i.a).set(x / y)
                        continue
                    }
                    try compute(.divide, r + i.a, r + i.b, r + i.c)
                case .divideImmediate:
                    if case .int(let x) = r[i.b], i.signedC > 0 {
                        (r + i.a).set(x / i.signedC)
                        continue
                    }
                    try compute(.divide, r + i.a, r + i.b, i.signedC)
                case .remainder:
                    if case .int(let x) = r[i.b], case .int(let y) = r[i.c], y > 0 {
                        (r + i.a).set(x % y)
                        continue
                    }
                    try compute(.remainder, r + i.a, r + i.b, r + i.c)
                case .remainderImmediate:
                    if case .int(let x) = r[i.b], i.signedC > 0 {
                        (r + i.a).set(x % i.signedC)
                        continue
                    }
                    try compute(.remainder, r + i.a, r + i.b, i.signedC)
                case .equal: try compare(.equal, r + i.a, r + i.b, r + i.c)
                case .notEqual: try compare(.notEqual, r + i.a, r + i.b, r + i.c)
                case .less: try compare(.less, r + i.a, r + i.b, r + i.c)
                case .lessOrEqual: try compare(.lessOrEqual, r + i.a, r + i.b, r + i.c)
                case .greater: try compare(.greater, r + i.a, r + i.b, r + i.c)
                case .greaterOrEqual: try compare(.greaterOrEqual, r + i.a, r + i.b, r + i.c)
                case .compareConstant:
                    try compare(.comparison(i.d), r + i.a, r + i.b, Registers(mutating: constants + i.c))
                case .contained: try contain(r + i.a, r + i.b, r + i.c)
                case .not:
                    if case .bool(let value) = r[i.b] {
                        (r + i.a).set(!value)
                    } else {
                        r[i.a] = try logicalNot(r[i.b])
                    }

                case .matchEqual: (r + i.a).set(Value.equal(r[i.b], r[i.c]))

                // Jumps
                case .jump: next += i.signedBx
                case .loop:
                    next += i.signedBx
                    fuel -= 1
                    if fuel <= 0 {
                        self.fuel = Fiber.slice
                        yieldedAt = next - i.signedBx
                        frames[depth - 1].next = next
                        return .yielded
                    }
                case .jumpIfFalse:
                    guard case .bool(let value) = r[i.a] else { throw RuntimeError(.value, .conditionNotBool(r[i.a])) }
                    if !value { next += i.signedBx }
                case .jumpIfTrue:
                    guard case .bool(let value) = r[i.a] else { throw RuntimeError(.value, .conditionNotBool(r[i.a])) }
                    if value { next += i.signedBx }
                case .jumpIfNull: if case .null = r[i.a] { next += i.signedBx }
                case .jumpIfNotNull: if case .null = r[i.a] {} else { next += i.signedBx }
                case .jumpIfGiven: if case .missing = r[i.a] {} else { next += i.signedBx }
                case .unlessEqual:
                    if case .int(let x) = r[i.a], case .int(let y) = r[i.b] {
                        next = decide(x == y, next)
                    } else {
                        next = decide(try holds(.equal, r + i.a, r + i.b), next)
                    }
                case .unlessNotEqual:
                    if case .int(let x) = r[i.a], case .int(let y) = r[i.b] {
                        next = decide(x != y, next)
                    } else {
                        next = decide(try holds(.notEqual, r + i.a, r + i.b), next)
                    }
                case .unlessLess:
                    if case .int(let x) = r[i.a], case .int(let y) = r[i.b] {
                        next = decide(x < y, next)
                    } else {
                        next = decide(try holds(.less, r + i.a, r + i.b), next)
                    }
                case .unlessLessOrEqual:
                    if case .int(let x) = r[i.a], case .int(let y) = r[i.b] {
                        next = decide(x <= y, next)
                    } else {
                        next = decide(try holds(.lessOrEqual, r + i.a, r + i.b), next)
                    }
                case .unlessGreater:
                    if case .int(let x) = r[i.a], case .int(let y) = r[i.b] {
                        next = decide(x > y, next)
                    } else {
                        next = decide(try holds(.greater, r + i.a, r + i.b), next)
                    }
                case .unlessGreaterOrEqual:
                    if case .int(let x) = r[i.a], case .int(let y) = r[i.b] {
                        next = decide(x >= y, next)
                    } else {
                        next = decide(try holds(.greaterOrEqual, r + i.a, r + i.b), next)
                    }
                case .unlessLessImmediate:
                    if case .int(let x) = r[i.a] {
                        next = decide(x < i.signedB, next)
                    } else {
                        next = decide(try holds(.less, r + i.a, i.signedB), next)
                    }
                case .unlessLessOrEqualImmediate:
                    if case .int(let x) = r[i.a] {
                        next = decide(x <= i.signedB, next)
                    } else {
                        next = decide(try holds(.lessOrEqual, r + i.a, i.signedB), next)
                    }
                case .unlessGreaterImmediate:
                    if case .int(let x) = r[i.a] {
                        next = decide(x > i.signedB, next)
                    } else {
                        next = decide(try holds(.greater, r + i.a, i.signedB), next)
                    }
                case .unlessGreaterOrEqualImmediate:
                    if case .int(let x) = r[i.a] {
                        next = decide(x >= i.signedB, next)
                    } else {
                        next = decide(try holds(.greaterOrEqual, r + i.a, i.signedB), next)
                    }
                case .unlessEqualImmediate:
                    if case .int(let x) = r[i.a] {
                        next = decide(x == i.signedB, next)
                    } else {
                        next = decide(false, next)
                    }
                case .unlessNotEqualImmediate:
                    if case .int(let x) = r[i.a] {
                        next = decide(x != i.signedB, next)
                    } else {
                        next = decide(true, next)
                    }

                case .unlessConstant:
                    let holds = try holds(.comparison(i.d), r + i.a, Registers(mutating: constants + i.b))
                    next = decide(holds, next)

                // Loops
                case .forNext:
                    let state = r + i.a
                    if case .int(let last) = state[0], case .int(let position) = state[1] {
                        if position > last {
                            next += i.signedBx
                        } else {
                            (state + 2).set(position)
                            if position == Int.max {
                                state.set(Int.min)
                            } else {
                                (state + 1).initialize(to: .int(position &+ 1))
                            }
                        }
                    } else if !nextElement(state) {
                        next += i.signedBx
                    }
                case .forNextPair: if !nextPair(r + i.a) { next += i.signedBx }

                // Access
                case .getIndex: try getIndex(r + i.a, r + i.b, r + i.c)
                case .getMember: try getMember(r + i.a, r + i.b, constants + i.c)
                case .getClosedSlice: if try getSlice(r + i.a, r + i.b, r + i.c, isClosed: true) { next += 2 }
                case .getHalfOpenSlice: if try getSlice(r + i.a, r + i.b, r + i.c, isClosed: false) { next += 2 }
                case .setIndex:
                    if try !setItem(r + i.b, r + i.a + 1, r + i.a + 2) {
                        try setPlace(r + i.a, r + i.b, frames[depth - 1].prototype.shapes[i.c])
                    }

                // Calls
                case .callGlobal:
                    fuel -= 1
                    if fuel <= 0 {
                        self.fuel = Fiber.slice
                        yieldedAt = next
                        frames[depth - 1].next = next - 1
                        return .yielded
                    }
                    // A global function holds nothing captured and lives as long as the program: R[0] stays empty.
                    guard let callee = functions[i.c] else { continue }
                    frames[depth - 1].next = next
                    if depth >= depthLimit {
                        try tooDeep(r + i.a, count: i.b)
                        continue
                    }
                    let needed = callee._withUnsafeGuaranteedRef { $0.registerCount }
                    let start = r + i.a - stack
                    if start &+ needed > capacity { try ensureCapacity(start + needed) }
                    pushFrame(callee, base: start)
                    frame = frames[depth - 1]
                    r = stack + start
                    next = frame.next
                    constants = callee._withUnsafeGuaranteedRef { UnsafePointer($0.constants) }
                case .call:
                    fuel -= 1
                    if fuel <= 0 {
                        self.fuel = Fiber.slice
                        yieldedAt = next
                        frames[depth - 1].next = next - 1
                        return .yielded
                    }
                    frames[depth - 1].next = next
                    if !enterDirectly(r + i.a, count: i.b),
                        let effect = try call(at: i.a, count: i.b, shape: nil)
                    {
                        self.fuel = fuel
                        return effect
                    }
                    frame = frames[depth - 1]
                    r = stack + frame.base
                    next = frame.next
                    constants = frame.code._withUnsafeGuaranteedRef { UnsafePointer($0.constants) }
                case .callShaped:
                    fuel -= 1
                    if fuel <= 0 {
                        self.fuel = Fiber.slice
                        yieldedAt = next
                        frames[depth - 1].next = next - 1
                        return .yielded
                    }
                    frames[depth - 1].next = next
                    let shape = frames[depth - 1].prototype.shapes[i.c]
                    if let effect = try call(at: i.a, count: i.b, shape: shape) {
                        self.fuel = fuel
                        return effect
                    }
                    frame = frames[depth - 1]
                    r = stack + frame.base
                    next = frame.next
                    constants = frame.code._withUnsafeGuaranteedRef { UnsafePointer($0.constants) }
                case .callBuiltin:
                    frames[depth - 1].next = next
                    if let effect = try callBuiltin(at: i.a, count: i.b, number: i.c) {
                        self.fuel = fuel
                        return effect
                    }
                    frame = frames[depth - 1]
                    r = stack + frame.base
                    next = frame.next
                    constants = frame.code._withUnsafeGuaranteedRef { UnsafePointer($0.constants) }
                case .callMethod:
                    fuel -= 1
                    if fuel <= 0 {
                        self.fuel = Fiber.slice
                        yieldedAt = next
                        frames[depth - 1].next = next - 1
                        return .yielded
                    }
                    frames[depth - 1].next = next
                    if !isPlanning, try callPlainMethod(r + i.a, count: i.b, shape: i.c) { continue }
                    if let effect = try callMethod(at: i.a, count: i.b, shapeIndex: i.c) {
                        self.fuel = fuel
                        return effect
                    }
                    frame = frames[depth - 1]
                    r = stack + frame.base
                    next = frame.next
                    constants = frame.code._withUnsafeGuaranteedRef { UnsafePointer($0.constants) }
                case .callDirect:
                    // A call that uses up the slice is left to what follows.
                    if fuel > 1, try callDirectly(i, next.pointee, r, constants) {
                        fuel -= 1
                        next += next.pointee.c
                    }
                    next += 1
                case .countParts:
                    if fuel > 2, try countParts(i, r, constants) {
                        fuel -= 2
                        next += next.pointee.c
                    }
                    next += 1
                case .callMutating:
                    if !isPlanning, try changePlainly(r + i.a, r + i.b, shape: i.c) { continue }
                    try callMutating(r + i.a, r + i.b, shape: i.c)
                case .return:
                    // The result goes where the caller laid out the callee, which is R[0] here.
                    let count = frame.code._withUnsafeGuaranteedRef { $0.registerCount }
                    if i.a > 0 { r.take(r + i.a) }
                    var register = 1
                    while register < count {
                        (r + register).release()
                        register &+= 1
                    }
                    depth -= 1
                    if depth == 0 {
                        self.fuel = fuel
                        let result = r.pointee
                        r.setNull()
                        return .finished(result)
                    }
                    frame = frames[depth - 1]
                    r = stack + frame.base
                    next = frame.next
                    constants = frame.code._withUnsafeGuaranteedRef { UnsafePointer($0.constants) }

                default:
                    frames[depth - 1].next = next
                    if let outcome = try runRare(i, r, constants) {
                        self.fuel = fuel
                        return outcome
                    }
                    frame = frames[depth - 1]
                    r = stack + frame.base
                    next = frame.next
                    constants = frame.code._withUnsafeGuaranteedRef { UnsafePointer($0.constants) }
                }
            }
        } catch {
            self.fuel = fuel
            frames[depth - 1].next = next
            throw error
        }
    }

    /// After a fused comparison: over its jump, or along it.
    @inline(__always)
    private func decide(_ holds: Bool, _ next: UnsafePointer<Instruction>) -> UnsafePointer<Instruction> {
        holds ? next + 1 : next + (next.pointee.signedBx &+ 1)
    }
}
