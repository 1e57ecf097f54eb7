extension Compiler {
    func compileCall(_ call: Call, into destination: Int) {
        switch dottedMeaning(call.callee) {
        case .builtin(let builtin, let members) where members.isEmpty && builtin.signature.form == .function:
            compileBuiltinCall(builtin, call.arguments, into: destination)
            return
        case .global(let slot, let members) where members.isEmpty:
            let base = callBase(for: destination)
            guard let callee = callees[slot], slot <= 0xFFFF else {
                builder.emit(.loadGlobal, base, bx: slot)
                compileKnownCall(call, callee: callees[slot], base: base, into: destination)
                return
            }
            compileArguments(
                call.arguments, parameters: callee.parameters, passesOn: call.passesOn == nil ? [] : recipeParameters)
            builder.emit(.callGlobal, base, callee.parameters.count, slot)
            moveResult(base, to: destination)
            return
        case .global(_, let members) where !members.isEmpty, .builtin(_, let members) where !members.isEmpty:
            break
        default: break
        }
        if case .member(let receiver, let name, let isOptional) = call.callee.kind {
            compileMethodCall(call, receiver: receiver, name: name, isOptional: isOptional, into: destination)
            return
        }
        let base = callBase(for: destination)
        compile(call.callee, into: base)
        compileKnownCall(call, callee: nil, base: base, into: destination)
    }

    // MARK: Builtins

    private func compileBuiltinCall(_ builtin: Builtin, _ arguments: [Argument], into destination: Int) {
        let base = callBase(for: destination)
        let signature = builtin.signature
        let count: Int
        if signature.isVariadic {
            count = arguments.count
            let first = builder.allocate(count)
            for (offset, argument) in arguments.enumerated() { compile(argument.value, into: first + offset) }
        } else {
            count = signature.parameters.count
            let names = signature.parameters.map(\.name)
            compileArguments(arguments, parameters: names, passesOn: [])
        }
        builder.emit(.callBuiltin, base, count, builder.builtin(builtin))
        moveResult(base, to: destination)
    }

    /// Arguments in the order of the parameters, in new registers; those not given are marked so.
    private func compileArguments(_ arguments: [Argument], parameters: [String], passesOn: Set<String>) {
        let first = builder.allocate(parameters.count)
        var given = Set<Int>()
        for (position, argument) in arguments.enumerated() {
            let target = argument.label.flatMap { parameters.firstIndex(of: $0.text) } ?? position
            guard target < parameters.count else { continue }
            given.insert(target)
            compile(argument.value, into: first + target)
        }
        for (position, name) in parameters.enumerated() where !given.contains(position) {
            if passesOn.contains(name) {
                compileName(name, into: first + position)
            } else {
                builder.emit(.loadMissing, first + position)
            }
        }
    }

    // MARK: Functions

    private func compileKnownCall(_ call: Call, callee: Callee?, base: Int, into destination: Int) {
        if let callee {
            compileArguments(
                call.arguments, parameters: callee.parameters, passesOn: call.passesOn == nil ? [] : recipeParameters)
            builder.emit(.call, base, callee.parameters.count)
        } else {
            let first = builder.allocate(call.arguments.count)
            for (offset, argument) in call.arguments.enumerated() { compile(argument.value, into: first + offset) }
            let labels = call.arguments.map { $0.label?.text }
            if labels.allSatisfy({ $0 == nil }) {
                builder.emit(.call, base, labels.count)
            } else {
                let shape = builder.shape(Prototype.CallShape(name: "", labels: labels, path: []))
                builder.emit(.callShaped, base, labels.count, shape)
            }
        }
        moveResult(base, to: destination)
    }

    /// Where callee and result stand: the destination itself where it is the last register in use, for then nothing that
    /// the arguments need is in the way.
    private func callBase(for destination: Int) -> Int {
        destination == builder.nextRegister - 1 ? destination : builder.allocate()
    }

    private func moveResult(_ base: Int, to destination: Int) {
        if base == destination { return }
        builder.emit(.take, destination, base)
    }

    // MARK: Methods

    func compileMethodCall(
        _ call: Call, receiver: Expression, name: Name, isOptional: Bool, into destination: Int
    ) {
        let labels = call.arguments.map { $0.label?.text }
        if catalog.mutatingNames.contains(name.text), !isOptional, let place = place(receiver) {
            builder.assigned.insert(place.root)
            let base = builder.allocate()
            for index in place.indices { compile(index, into: builder.allocate()) }
            let first = builder.allocate(call.arguments.count)
            for (offset, argument) in call.arguments.enumerated() { compile(argument.value, into: first + offset) }
            emitItemCheck(name.text, call.arguments, from: first, into: place)
            let shape = builder.shape(Prototype.CallShape(name: name.text, labels: labels, path: place.path))
            builder.at(name.range) { _ = builder.emit(.callMutating, base, place.root, shape) }
            moveResult(base, to: destination)
            return
        }
        // The register before the receiver is for a method that is itself written in the language.
        let base = callBase(for: destination)
        if !isOptional, !planning, labels.allSatisfy({ $0 == nil }),
            compileDirectCall(call, receiver: receiver, name: name, base: base)
        {
            moveResult(base, to: destination)
            return
        }
        let target = builder.allocate()
        compile(receiver, into: target)
        var skip: Int?
        if isOptional {
            builder.emit(.loadNull, base)
            skip = builder.emit(.jumpIfNull, target, bx: 0)
        }
        let first = builder.allocate(call.arguments.count)
        for (offset, argument) in call.arguments.enumerated() { compile(argument.value, into: first + offset) }
        let shape = builder.shape(Prototype.CallShape(name: name.text, labels: labels, path: []))
        builder.at(name.range) { _ = builder.emit(.callMethod, base, labels.count, shape) }
        if let skip { builder.patch(skip) }
        moveResult(base, to: destination)
    }

    // MARK: Places

    struct Place {
        /// The register of the `var`.
        let root: Int
        let path: [Prototype.PathStep]
        /// The keys of the path's index steps, to be evaluated in order.
        let indices: [Expression]
    }

    /// The place an expression names: a local, and the way into it.
    func place(_ expression: Expression) -> Place? {
        var path: [Prototype.PathStep] = []
        var indices: [Expression] = []
        var current = expression
        while true {
            switch current.kind {
            case .name(let name):
                guard let root = builder.local(name) else { return nil }
                return Place(root: root, path: path.reversed(), indices: indices.reversed())
            case .member(let base, let name, optional: false):
                path.append(.member(name.text))
                current = base
            case .index(let base, let index):
                path.append(.index)
                indices.append(index)
                current = base
            default: return nil
            }
        }
    }
}
