extension Checker {
    /// `try`, the release constructs and `$( … )`.
    mutating func construct(_ expression: Expression) -> CheckedType {
        switch expression.kind {
        case .tryCatch(let body, let name, let handler): return tryCatch(body, name, handler)
        case .step(let step): return self.step(step)
        case .transaction(let title, let body):
            // A title may be anything that can be shown.
            _ = type(of: title)
            return check(body)
        case .parallel(let limit, let branches): return parallel(limit, branches)
        case .parallelFor(let limit, let names, let sequence, let body):
            limit.map { checkLimit($0) }
            let sequenceType = type(of: sequence)
            let types = elements(of: sequenceType, sequence, names: names.count)
            let before = flow
            scopes.append([:])
            declareLoop(names, types, over: sequenceType)
            let result = check(body)
            popScope()
            flow = before
            return .list(result.widened.withoutShape)
        case .retry(let retry):
            require(type(of: retry.attempts), retry.attempts, .int, "the number of attempts")
            requirePositive(retry.attempts, "the number of attempts")
            if let every = retry.every {
                let type = type(of: every)
                require(type, every, .union([.plain(.duration), .null], isDeclared: true), "`every`")
                requireNotNegative(every, "`every`")
            }
            forgetChanges(in: retry.body.range)
            return check(retry.body)
        case .timeout(let limit, let body):
            require(type(of: limit), limit, .plain(.duration), "the limit of `timeout`")
            requireNotNegative(limit, "the limit of `timeout`")
            return check(body)
        case .capture(let pipeline):
            check(pipeline)
            return .str
        default: return .any
        }
    }

    private mutating func tryCatch(_ body: Block, _ name: Name?, _ handler: Block) -> CheckedType {
        let before = flow
        let outerHandler = self.handler
        self.handler = name?.range ?? SourceRange(handler.range.start, handler.range.start + 1)
        var type = check(body)
        self.handler = outerHandler
        let end = flow
        flow = before
        forgetChanges(in: body.range)
        scopes.append([:])
        if let name { declare(name, .handed, .plain(.error)) }
        type = type.joined(check(handler))
        popScope()
        flow = merged(end, flow)
        return flow.isReachable ? type : .never
    }

    // MARK: Steps

    private mutating func step(_ step: Step) -> CheckedType {
        _ = type(of: step.title)
        let before = flow
        let result = check(step.body)
        if let undo = step.undo {
            let end = flow
            flow = before
            scopes.append([:])
            if let name = undo.name { declare(name, .handed, result == .never ? .any : result) }
            _ = check(undo.body)
            popScope()
            flow = end
        }
        return result
    }

    /// Refuses a number that is written down and too small; what is calculated shows when it runs.
    private mutating func requirePositive(_ number: Expression, _ what: String) {
        let isTooSmall =
            switch number.kind {
            case .int(let value): value < 1
            case .unary(.negate, let operand): if case .int = operand.kind { true } else { false }
            default: false
            }
        guard isTooSmall else { return }
        let got = shortText(number.range)
        report(.wrongType(what, expected: "an Int above 0", type: "Int", got: got, help: nil), number.range)
    }

    /// Refuses a time that is written down and lies in the past.
    private mutating func requireNotNegative(_ time: Expression, _ what: String) {
        guard case .unary(.negate, let operand) = time.kind, case .duration(let size) = operand.kind, size > .zero
        else { return }
        let got = shortText(time.range)
        report(.wrongType(what, expected: "a Duration not below 0s", type: "Duration", got: got, help: nil), time.range)
    }

    // MARK: parallel

    private mutating func checkLimit(_ limit: Expression) {
        require(type(of: limit), limit, .union([.int, .null], isDeclared: true), "the limit of `parallel`")
        requirePositive(limit, "the limit of `parallel`")
    }

    /// All branches are done when it ends: what they have found out holds after it.
    private mutating func parallel(_ limit: Expression?, _ branches: [Statement]) -> CheckedType {
        limit.map { checkLimit($0) }
        let before = flow
        var after = flow
        var element = CheckedType.never
        for branch in branches {
            flow = before
            scopes.append([:])
            element = element.joined(checkStatements([branch], endOf: branch.range).widened.withoutShape)
            popScope()
            if flow.isReachable { after.learn(flow.facts(since: before)) }
        }
        flow = after
        return .list(element)
    }

    // MARK: Commands

    mutating func check(_ pipeline: Pipeline) {
        for command in pipeline.stages {
            for assignment in command.environment {
                let pieces = assignment.value.pieces
                if pieces.count == 1, case .value(let value) = pieces[0] {
                    checkPiece(value, isWhole: false, takesSecret: true)
                } else {
                    check(pieces, isWhole: false)
                }
            }
            for word in command.words { check(word.pieces, isWhole: word.soleValue != nil) }
        }
    }

    private mutating func check(_ pieces: [Segment], isWhole: Bool) {
        for case .value(let value) in pieces { checkPiece(value, isWhole: isWhole, takesSecret: false) }
    }

    private mutating func checkPiece(_ value: Expression, isWhole: Bool, takesSecret: Bool) {
        let type = type(of: value)
        regardlessOfCatch { $0.requireWord(type, value, isWhole: isWhole, takesSecret: takesSecret) }
    }

    private mutating func requireWord(_ type: CheckedType, _ value: Expression, isWhole: Bool, takesSecret: Bool) {
        if type.isOptional, type.unwrapped.isText(takesSecret: takesSecret) {
            reportNull("a word of a command", help: "give a value in its place with `??`", value)
            return
        }
        if case .list(let element) = type {
            if !isWhole {
                report(.listWithinWord(), value.range)
            } else if !element.isText(takesSecret: false) {
                let help: String? =
                    if case .list = element { "a list inside a list is not spliced: use `.flatten()`" } else { nil }
                report(.wrongWord(type.description, help: help), value.range)
            }
            return
        }
        // Each of several is right by itself.
        if isWhole, case .union(let members, _) = type,
            members.allSatisfy({ $0.isWords || $0.isText(takesSecret: takesSecret) })
        {
            return
        }
        if type.isText(takesSecret: takesSecret) { return }
        report(.wrongWord(described(type, value), help: wordHelp(type)), value.range)
    }

    private func wordHelp(_ type: CheckedType) -> String? {
        switch type {
        case .plain(.null): "give a value in its place with `??`"
        case .map: "pick a value of it, or list them with `.values()`"
        case .function: "call it: `${f()}`"
        case .plain(.secret): "pass it in the environment (`TOKEN=${secret} program …`) or as `stdin:`"
        default: nil
        }
    }
}

extension CheckedType {
    /// True for a list that gives an argument for each item.
    fileprivate var isWords: Bool {
        if case .list(let element) = self { element.isText(takesSecret: false) } else { false }
    }

    /// True for what may be a word of a command, or part of one.
    fileprivate func isText(takesSecret: Bool) -> Bool {
        switch self {
        case .any, .never, .literal: true
        case .plain(.null), .plain(.range): false
        case .plain(.secret): takesSecret
        case .plain: true
        case .list, .map, .function: false
        case .union(let members, let isDeclared):
            isDeclared
                ? members.allSatisfy { $0.isText(takesSecret: takesSecret) }
                : members.contains { member in
                    if case .list = member { return true }
                    return member.isText(takesSecret: takesSecret)
                }
        }
    }
}
