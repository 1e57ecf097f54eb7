extension Checker {
    mutating func check(_ loop: ForLoop, _ range: SourceRange) {
        let sequence = type(of: loop.sequence)
        let types = elements(of: sequence, loop.sequence, names: loop.names.count)
        forgetChanges(in: range)
        let before = flow
        scopes.append([:])
        declareLoop(loop.names, types, over: sequence)
        loops.append(false)
        _ = check(loop.body)
        loop.body.statements.last.map { noteIdle($0) }
        loops.removeLast()
        popScope()
        flow = before
    }

    mutating func checkWhile(_ condition: Expression, _ body: Block, _ range: SourceRange) {
        forgetChanges(in: range)
        let before = flow
        let outcomes = self.condition(condition)
        flow = outcomes.whenTrue
        loops.append(false)
        _ = check(body)
        body.statements.last.map { noteIdle($0) }
        let isLeft = loops.removeLast()
        flow = isLeft ? before : outcomes.whenFalse
    }

    /// Declares the names of a loop. `for i in 1..3` may only say how often, and a first name may only make room for the
    /// second: neither needs a use.
    mutating func declareLoop(_ names: [Name], _ types: [CheckedType], over sequence: CheckedType) {
        for (index, (name, type)) in zip(names, types).enumerated() {
            declare(name, .loop, type, isWatched: sequence != .plain(.range) && index == names.count - 1)
        }
    }

    /// What the names of a loop stand for.
    mutating func elements(of sequence: CheckedType, _ expression: Expression, names: Int) -> [CheckedType] {
        let unknown = [CheckedType](repeating: .any, count: names)
        switch sequence {
        case .any, .never: return unknown
        case .list(let element): return names == 2 ? [.int, element.widened] : [element.widened]
        case .map(let value, _): return names == 2 ? [.str, value.widened] : [.str]
        case .plain(.range) where names == 1: return [.int]
        case .union(let members, let isDeclared):
            if isDeclared, sequence.includesNull {
                requireNotNull(sequence, expression, "what `for` goes over")
                return unknown
            }
            if members.contains(where: { $0.isSequence }) { return unknown }
        default: break
        }
        if names == 2, sequence == .plain(.range) {
            report(.numberedRange(shortText(expression.range)), expression.range)
            return unknown
        }
        let help = sequenceHelp(sequence, expression)
        report(.wrongSequence(described(sequence, expression), help: help), expression.range)
        return unknown
    }

    private func sequenceHelp(_ type: CheckedType, _ expression: Expression) -> String? {
        switch type {
        case .plain(.int): "count with a range: `0..<\(shortText(expression.range))`"
        case .plain(.str), .literal: "take it apart with `.lines()` or `.split(\"\")`"
        case .plain(.null): "give a list in its place with `?? []`"
        default: nil
        }
    }
}

extension CheckedType {
    fileprivate var isSequence: Bool {
        switch self {
        case .any, .list, .map, .plain(.range): true
        default: false
        }
    }
}
