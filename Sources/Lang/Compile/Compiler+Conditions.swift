// if, match and the conditions of loops.

extension Compiler {
    /// Compiles a condition; gives the jumps taken where it is false.
    /// Comparisons are fused with their jump. In a dry run an unknown condition sets `flag` and counts as true.
    func compileCondition(_ condition: Expression, flag: Int?) -> [Int] {
        let mark = builder.nextRegister
        defer { builder.release(to: mark) }
        if flag == nil {
            switch condition.kind {
            case .binary(.and, let left, let right):
                return compileCondition(left, flag: nil) + compileCondition(right, flag: nil)
            case .binary(.or, let left, let right):
                let neither = compileCondition(left, flag: nil)
                let either = builder.emit(.jump, 0, bx: 0)
                builder.patch(neither)
                let exits = compileCondition(right, flag: nil)
                builder.patch(either)
                return exits
            case .unary(.not, let operand):
                let register = self.operand(operand)
                return builder.at(operand.range) { [builder.emit(.jumpIfTrue, register, bx: 0)] }
            case .binary(let operation, let left, let right):
                if let jump = compileComparison(operation, left, right, range: condition.range) { return [jump] }
            default: break
            }
        }
        var register = operand(condition)
        if let flag {
            let copy = builder.allocate()
            builder.emit(.move, copy, register)
            register = copy
            builder.emit(.testUnknown, register, flag)
        }
        return builder.at(condition.range) { [builder.emit(.jumpIfFalse, register, bx: 0)] }
    }

    private func compileComparison(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression, range: SourceRange
    ) -> Int? {
        let opcode: Opcode
        let immediate: Opcode
        switch operation {
        case .equal: (opcode, immediate) = (.unlessEqual, .unlessEqualImmediate)
        case .notEqual: (opcode, immediate) = (.unlessNotEqual, .unlessNotEqualImmediate)
        case .less: (opcode, immediate) = (.unlessLess, .unlessLessImmediate)
        case .lessOrEqual: (opcode, immediate) = (.unlessLessOrEqual, .unlessLessOrEqualImmediate)
        case .greater: (opcode, immediate) = (.unlessGreater, .unlessGreaterImmediate)
        case .greaterOrEqual: (opcode, immediate) = (.unlessGreaterOrEqual, .unlessGreaterOrEqualImmediate)
        default: return nil
        }
        if case .int(let number) = right.kind, let small = Int16(exactly: number) {
            let register = operand(left)
            builder.at(range) { _ = builder.emit(immediate, register, Int(small)) }
        } else if case .string(let text) = right.kind, let number = operation.comparisonNumber,
            let constant = builder.nearConstant(.string(text))
        {
            let register = operand(left)
            builder.at(range) { _ = builder.emit(.unlessConstant, register, constant, d: number) }
        } else {
            let first = stableOperand(left, before: right)
            let second = operand(right)
            builder.at(range) { _ = builder.emit(opcode, first, second) }
        }
        return builder.emit(.jump, 0, bx: 0)
    }

    func compileConditional(_ arms: [ConditionalArm], _ otherwise: Block?, into destination: Int) {
        var ends: [Int] = []
        let mark = builder.nextRegister
        let before = builder.assigned
        builder.assigned = []
        // All before the first test: an arm that is taken leaves the later ones' tests out, and their flags must be unset.
        let flags = arms.compactMap { _ in beginSpeculation() }
        let requests = countRequests()
        for (index, arm) in arms.enumerated() {
            let flag = flags.isEmpty ? nil : flags[index]
            let next = compileCondition(arm.condition, flag: flag)
            compileUncertain(flags.prefix(index + 1)) { compile(arm.body, into: destination) }
            // While planning, an arm that may not be taken is followed by the others.
            if let flag { builder.patch(builder.emit(.jumpIfTrue, flag, bx: 0), to: builder.code.count + 1) }
            // Where nothing follows there is nothing to jump over.
            let isEnd = otherwise == nil && index == arms.count - 1 && destination == builder.unwanted && flags.isEmpty
            if !isEnd { ends.append(builder.emit(.jump, 0, bx: 0)) }
            builder.patch(next)
        }
        if let otherwise {
            compileUncertain(flags) { compile(otherwise, into: destination) }
        } else if destination != builder.unwanted {
            builder.emit(.loadNull, destination)
        }
        builder.patch(ends)
        for flag in flags {
            endSpeculation(flag)
            noteUncertain(requests, flag)
        }
        endUncertain(flags, since: before, below: mark)
        for flag in flags {
            markUnknown(destination, unless: flag, origin: "a branch that is decided at run time")
        }
    }

    /// While planning: the value of something decided at run time is unknown.
    private func markUnknown(_ destination: Int, unless flag: Int, origin: String) {
        let known = builder.emit(.jumpIfFalse, flag, bx: 0)
        loadConstant(.unknown(origin), into: destination)
        builder.patch(known)
    }

    func compileMatch(_ subject: Expression, _ arms: [MatchArm], into destination: Int) {
        let value = builder.allocate()
        compile(subject, into: value)
        let test = builder.allocate()
        let before = builder.assigned
        builder.assigned = []
        let flag = beginSpeculation()
        let requests = countRequests()
        if let flag {
            // An unknown value fits every arm.
            let known = builder.allocate()
            builder.emit(.move, known, value)
            builder.emit(.testUnknown, known, flag)
        }
        var ends: [Int] = []
        var hasElse = false
        for arm in arms {
            var matched: [Int] = []
            if let flag { matched.append(builder.emit(.jumpIfTrue, flag, bx: 0)) }
            for pattern in arm.patterns {
                builder.at(pattern.range) { compileTest(pattern, value: value, into: test) }
                matched.append(builder.emit(.jumpIfTrue, test, bx: 0))
            }
            var next: Int?
            if arm.patterns.isEmpty { hasElse = true } else { next = builder.emit(.jump, 0, bx: 0) }
            builder.patch(matched)
            compileUncertain([flag].compactMap { $0 }) { compile(arm.body, into: destination) }
            if let flag { builder.patch(builder.emit(.jumpIfTrue, flag, bx: 0), to: builder.code.count + 1) }
            ends.append(builder.emit(.jump, 0, bx: 0))
            if let next { builder.patch(next) }
        }
        if !hasElse {
            var skip: Int?
            if let flag { skip = builder.emit(.jumpIfTrue, flag, bx: 0) }
            builder.at(subject.range) { _ = builder.emit(.matchFailed, value) }
            if let skip { builder.patch(skip) }
        }
        builder.patch(ends)
        if let flag {
            endSpeculation(flag)
            noteUncertain(requests, flag)
            markUnknown(destination, unless: flag, origin: "a match that is decided at run time")
        }
        endUncertain([flag], since: before, below: value)
    }

    private func compileTest(_ pattern: MatchArm.Pattern, value: Int, into test: Int) {
        let mark = builder.nextRegister
        defer { builder.release(to: mark) }
        switch pattern.kind {
        case .literal(let literal):
            let register = builder.allocate()
            compile(literal, into: register)
            builder.emit(.matchEqual, test, value, register)
        case .range(let lower, let upper, let isInclusive):
            let first = builder.allocate()
            let second = builder.allocate()
            compile(lower, into: first)
            compile(upper, into: second)
            builder.emit(isInclusive ? .closedRange : .halfOpenRange, first, first, second)
            builder.emit(.matchRange, test, value, first)
        case .type(let expression):
            builder.emit(.matchType, test, value, builder.type(valueType(expression) ?? .any))
        }
    }
}
