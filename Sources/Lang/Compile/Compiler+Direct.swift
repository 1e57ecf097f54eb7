// Calls of members that the machine does itself, with receiver and arguments where they stand. They are compiled twice: for the
// machine to try, and as any other call for where that does not apply; see `callDirect` and `countParts`.

extension Compiler {
    /// Where a value stands that need not be computed: kind and number as `callDirect` has them.
    private typealias DirectOperand = (kind: Int, number: Int)

    private func directOperand(_ expression: Expression) -> DirectOperand? {
        switch expression.kind {
        case .string(let text): return builder.nearConstant(.string(text)).map { (1, $0) }
        case .int(let number): return builder.nearConstant(.int(number)).map { (1, $0) }
        case .null: return builder.nearConstant(.null).map { (1, $0) }
        case .name(let name):
            if let register = builder.local(name) { return (0, register) }
            guard builder.capture(name) == nil, let slot = slots[module][name], slot <= 0xFFFF else { return nil }
            return (2, slot)
        default: return nil
        }
    }

    /// The call of a member that the machine may do itself; false, and nothing emitted, where that cannot be, or where an operand is
    /// not at hand. The result goes to `base`, which is followed by free registers.
    func compileDirectCall(_ call: Call, receiver: Expression, name: Name, base: Int) -> Bool {
        if name.text == "len", call.arguments.isEmpty, compileCount(of: receiver, call, name, base: base) {
            return true
        }
        guard Builtin.directNames.contains(name.text), call.arguments.count <= 2 else { return false }
        let operands = ([receiver] + call.arguments.map(\.value)).compactMap(directOperand)
        guard operands.count == call.arguments.count + 1 else { return false }
        let labels = [String?](repeating: nil, count: call.arguments.count)
        let shape = builder.shape(Prototype.CallShape(name: name.text, labels: labels, path: []))
        var kinds = 0
        for (position, operand) in operands.enumerated() { kinds |= operand.kind << (2 * position) }
        let numbers = operands.map(\.number) + [0, 0]
        builder.at(name.range) { _ = builder.emit(.callDirect, base, numbers[0], shape, d: kinds) }
        compileSkipped(numbers[1], numbers[2]) {
            compile(receiver, into: builder.allocate())
            let first = builder.allocate(call.arguments.count)
            for (offset, argument) in call.arguments.enumerated() { compile(argument.value, into: first + offset) }
            builder.at(name.range) { _ = builder.emit(.callMethod, base, call.arguments.count, shape) }
        }
        return true
    }

    /// `text.split(separator).len()` and `text.lines().len()`: the parts are counted and not made.
    private func compileCount(of parts: Expression, _ call: Call, _ name: Name, base: Int) -> Bool {
        guard case .call(let inner) = parts.kind,
            case .member(let text, let method, optional: false) = inner.callee.kind,
            inner.arguments.allSatisfy({ $0.label == nil }), isMethod(inner.callee), let operand = directOperand(text)
        else { return false }
        var separator: DirectOperand = (0, 0)
        switch (method.text, inner.arguments.count) {
        case ("lines", 0): separator = (3, 0)
        case ("split", 1):
            guard let given = directOperand(inner.arguments[0].value) else { return false }
            separator = given
        default: return false
        }
        builder.at(method.range) {
            _ = builder.emit(.countParts, base, operand.number, separator.number, d: operand.kind | separator.kind << 2)
        }
        compileSkipped(0, 0) {
            let target = builder.allocate()
            compile(parts, into: target)
            let shape = builder.shape(Prototype.CallShape(name: name.text, labels: [], path: []))
            builder.at(name.range) { _ = builder.emit(.callMethod, base, 0, shape) }
        }
        return true
    }

    /// Whether `value.name` is a member of that value: not a function of an import or a namespace.
    private func isMethod(_ callee: Expression) -> Bool {
        switch dottedMeaning(callee) {
        case nil: true
        case .global(_, let members): members.count == 1
        case .builtin: false
        }
    }

    /// The instruction after a direct one, and what that skips.
    private func compileSkipped(_ first: Int, _ second: Int, _ body: () -> Void) {
        let word = builder.emit(.nop, first, second)
        body()
        builder.setOperand(c: builder.code.count - word - 1, at: word)
    }
}
