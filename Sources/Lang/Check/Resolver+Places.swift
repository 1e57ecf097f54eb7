extension Resolver {
    /// `place = …`: the place must exist and be one that can change.
    mutating func resolveAssigned(_ place: Expression) {
        let before = diagnostics.count
        resolve(place)
        if diagnostics.count == before { checkChange(of: place) }
    }

    /// A change at `place` is a change of the variable it is part of.
    mutating func checkChange(of place: Expression) {
        var root = place
        while true {
            switch root.kind {
            case .member(_, let name, optional: true):
                report(.changeThroughOptional(name.text), root.range)
            case .member(let base, _, _), .index(let base, _):
                root = base
                continue
            case .name(let name): checkChange(of: Name(name, root.range))
            case .invalid: break
            default: report(.changeOfTemporary(), root.range)
            }
            return
        }
    }

    private mutating func checkChange(of name: Name) {
        switch find(name.text) {
        case .found(let binding, let barrier):
            if binding.isVariable {
                checkBarrier(barrier, name)
            } else {
                reportFixed(name, binding, barrier)
            }
        case .missing where catalog.reserves(name.text):
            report(.changeOfFixed(name.text, is: "built in", help: "copy what it gives into a `var` first"), name.range)
        default: break
        }
    }

    private mutating func checkBarrier(_ barrier: Scope.Barrier?, _ name: Name) {
        switch barrier {
        case nil: break
        case .function, .closure: report(.changeOfCaptured(name.text), name.range)
        case .isolated(let construct): report(.changeFromIsolated(name.text, construct: construct), name.range)
        }
    }

    private mutating func reportFixed(_ name: Name, _ binding: Binding, _ barrier: Scope.Barrier?) {
        var help = "copy it first: `var copy = \(name.text)`"
        switch binding.kind {
        case .constant:
            // As a `var` it could not be changed from here either.
            switch barrier {
            case nil: help = "declare it with `var`"
            case .function, .closure: help = Message.changeOfCaptured(name.text).help ?? ""
            case .isolated(let construct): help = Message.changeFromIsolated(name.text, construct: construct).help ?? ""
            }
        case .function, .recipe, .import: help = "choose another name"
        default: break
        }
        let note = Diagnostic.Note("it is declared here", at: binding.location)
        report(.changeOfFixed(name.text, is: binding.description, help: help), name.range, notes: [note])
    }
}
