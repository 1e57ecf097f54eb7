extension Resolver {
    mutating func resolve(_ expression: Expression) {
        switch expression.kind {
        case .null, .bool, .int, .float, .string, .version, .duration, .size, .invalid: break
        case .name, .member: resolveMember(expression)
        case .interpolation(let segments): resolve(segments)
        case .list(let items): for item in items { resolve(item) }
        case .map(let entries): resolve(entries)
        case .unary(_, let operand): resolve(operand)
        case .binary(_, let left, let right):
            resolve(left)
            resolve(right)
        case .index(let base, let index):
            resolve(base)
            resolve(index)
        case .call(let call): resolve(call, range: expression.range)
        case .closure(let function): resolve(function, barrier: .closure)
        case .conditional(let arms, let otherwise): resolve(arms, otherwise: otherwise)
        case .match(let subject, let arms):
            resolve(subject)
            resolve(arms)
        case .tryCatch(let body, let name, let handler):
            resolve(body)
            resolve(handler, declaring: name.map { [$0] } ?? [])
        case .capture(let pipeline): resolve(pipeline, range: expression.range)
        default: resolveConstruct(expression)
        }
    }

    /// A name or a member: builtins and imports by their dotted names, everything else a member of some value.
    private mutating func resolveMember(_ expression: Expression) {
        if let dotted = DottedName(expression) {
            _ = reference(dotted)
        } else if case .member(let base, _, _) = expression.kind {
            resolve(base)
        }
    }

    private mutating func resolve(_ segments: [Segment]) {
        for case .value(let value) in segments { resolve(value) }
    }

    private mutating func resolve(_ entries: [MapEntry]) {
        // By bytes, as maps themselves compare keys.
        var keys: [[UInt8]: SourceRange] = [:]
        for entry in entries {
            let key = Array(entry.key.utf8)
            if let first = keys[key] {
                let note = Diagnostic.Note("it stands here first", at: location(first))
                report(.duplicateKey(entry.key), entry.keyRange, notes: [note])
            } else {
                keys[key] = entry.keyRange
            }
            resolve(entry.value)
        }
    }

    private mutating func resolve(_ arms: [ConditionalArm], otherwise: Block?) {
        for arm in arms {
            resolve(arm.condition)
            resolve(arm.body)
        }
        otherwise.map { resolve($0) }
    }

    private mutating func resolve(_ arms: [MatchArm]) {
        var hasElse = false
        for arm in arms {
            if hasElse { diagnostics.append(Diagnostic(.warning, .unreachableArm(), at: location(arm.range))) }
            if arm.patterns.isEmpty { hasElse = true }
            for pattern in arm.patterns { resolve(pattern) }
            resolve(arm.body)
        }
    }

    private mutating func resolve(_ pattern: MatchArm.Pattern) {
        switch pattern.kind {
        case .literal(let literal): resolve(literal)
        case .range(let lower, let upper, _):
            resolve(lower)
            resolve(upper)
        case .type(let type): _ = resolve(type)
        }
    }

    // MARK: Commands

    mutating func resolve(_ pipeline: Pipeline, range: SourceRange) {
        noteEffect("a command", at: range)
        for command in pipeline.stages {
            for assignment in command.environment { resolve(assignment.value.pieces) }
            for word in command.words { resolve(word.pieces) }
        }
    }

    // MARK: The release constructs

    private mutating func resolveConstruct(_ expression: Expression) {
        switch expression.kind {
        case .step(let step):
            noteEffect("a step", at: expression.range)
            resolve(step)
        case .transaction(let title, let body):
            noteEffect("a transaction", at: expression.range)
            resolve(title)
            resolveConfined(body, "a transaction", isIsolated: false)
        case .parallel(let limit, let branches):
            noteEffect("`parallel`", at: expression.range)
            limit.map { resolve($0) }
            for branch in branches {
                let block = Block(range: branch.range, statements: [branch])
                resolveConfined(block, Scope.branchOfParallel, isIsolated: true)
            }
        case .parallelFor(let limit, let names, let sequence, let body):
            noteEffect("`parallel`", at: expression.range)
            limit.map { resolve($0) }
            resolve(sequence)
            resolveConfined(body, Scope.branchOfParallel, isIsolated: true, declaring: names, as: .loop)
        case .retry(let retry):
            noteEffect("`retry`", at: expression.range)
            resolve(retry.attempts)
            retry.every.map { resolve($0) }
            resolve(retry.body)
        case .timeout(let limit, let body):
            noteEffect("`timeout`", at: expression.range)
            resolve(limit)
            resolve(body)
        default: break
        }
    }

    private mutating func resolve(_ step: Step) {
        resolve(step.title)
        resolveConfined(step.body, "a step", isIsolated: true)
        guard let undo = step.undo else { return }
        resolveConfined(undo.body, "an `undo`", isIsolated: true, declaring: undo.name.map { [$0] } ?? [])
    }
}
