// try, retry, timeout, step, transaction, parallel and commands.

/// What kind of scope the interpreter is told of.
package enum ScopeKind: UInt8, Sendable {
    case step, transaction
}

extension Compiler {
    func compileTry(_ body: Block, _ name: Name?, _ handler: Block, into destination: Int) {
        let error = builder.allocate()
        let landing = builder.emit(.pushCatch, error, bx: 0)
        builder.exits.append(.handler)
        compile(body, into: destination)
        builder.exits.removeLast()
        builder.emit(.popHandler)
        let end = builder.emit(.jump, 0, bx: 0)
        builder.patch(landing)
        builder.pushScope()
        if let name { builder.declare(name.text, at: error) }
        compile(handler, into: destination)
        builder.popScope()
        builder.patch(end)
        builder.emit(.loadNull, error)
    }

    // MARK: Steps and transactions

    func compileStep(_ step: Step, into destination: Int) {
        compileScope(step.title, kind: .step, undo: step.undo, into: destination) {
            compile(step.body, into: destination)
        }
    }

    /// A named unit of work. Leaving it by an error passes through a handler that tells the interpreter.
    func compileScope(
        _ title: Expression, kind: ScopeKind, undo: Step.Undo?, into destination: Int, _ body: () -> Void
    ) {
        let scope = builder.allocate()
        compile(title, into: scope)
        builder.emit(.enterStep, scope, Int(kind.rawValue))
        let skip = builder.emit(.jump, 0, bx: 0)
        let error = builder.allocate()
        let landing = builder.emit(.pushCleanup, error, bx: 0)
        // `return`, `break` and `continue` cannot leave a step, so no exit is recorded for it.
        let (exits, loops) = (builder.exits, builder.loops)
        builder.exits = []
        builder.loops = []
        body()
        (builder.exits, builder.loops) = (exits, loops)
        if let undo { compileUndo(undo, result: destination) }
        builder.emit(.popHandler)
        builder.emit(.move, scope, destination)
        builder.emit(.leaveStep, scope)
        let end = builder.emit(.jump, 0, bx: 0)
        builder.patch(landing)
        builder.emit(.move, scope, error)
        builder.emit(.failStep, scope)
        builder.emit(.rethrow, error)
        builder.patch(skip)
        builder.emit(.move, destination, scope)
        builder.patch(end)
        builder.emit(.loadNull, scope)
        builder.emit(.loadNull, error)
    }

    /// The block becomes a function of no parameters that has captured the step's result.
    private func compileUndo(_ undo: Step.Undo, result: Int) {
        builder.pushScope()
        let mark = builder.nextRegister
        if let name = undo.name {
            let register = builder.declareLocal(name.text)
            builder.emit(.move, register, result)
        }
        let prototype = compileBranch(undo.body, parameters: [], name: "undo")
        let closure = builder.allocate()
        builder.emit(.closure, closure, bx: builder.prototype(prototype))
        builder.emit(.registerUndo, closure)
        builder.release(to: mark)
        builder.popScope()
    }

    /// A block as a function: a branch of `parallel`, or an `undo`.
    private func compileBranch(_ body: Block, parameters: [Name], name: String) -> Prototype {
        let function = Function(
            parameters: parameters.map {
                Parameter(name: $0, type: nil, defaultValue: nil, documentation: nil, range: $0.range)
            }, result: nil, body: body, range: body.range)
        return compileFunction(function, name: name, parent: builder)
    }

    // MARK: parallel

    func compileParallel(_ limit: Expression?, _ branches: [Statement], into destination: Int) {
        let base = builder.allocate()
        if let limit { compile(limit, into: base) } else { builder.emit(.loadNull, base) }
        let first = builder.allocate(branches.count)
        for (offset, branch) in branches.enumerated() {
            let block = Block(range: branch.range, statements: [branch])
            let prototype = compileBranch(block, parameters: [], name: "parallel")
            builder.emit(.closure, first + offset, bx: builder.prototype(prototype))
        }
        builder.emit(.parallel, base, branches.count)
        builder.emit(.take, destination, base)
    }

    func compileParallelFor(
        _ limit: Expression?, _ names: [Name], _ sequence: Expression, _ body: Block, into destination: Int
    ) {
        let base = builder.allocate(3)
        if let limit { compile(limit, into: base) } else { builder.emit(.loadNull, base) }
        compile(sequence, into: base + 1)
        let flag = beginSpeculation()
        let requests = countRequests()
        if let flag {
            // As a loop, it may have any number of branches.
            let copy = builder.allocate()
            builder.emit(.move, copy, base + 1)
            builder.emit(.testUnknown, copy, flag)
        }
        let prototype = compileBranch(body, parameters: names, name: "parallel for")
        builder.emit(.closure, base + 2, bx: builder.prototype(prototype))
        builder.at(sequence.range) { _ = builder.emit(.parallelFor, base, names.count) }
        endSpeculation(flag)
        noteUncertain(requests, flag, mayRepeat: true)
        builder.emit(.take, destination, base)
    }

    // MARK: retry and timeout

    func compileRetry(_ retry: Retry, into destination: Int) {
        let base = builder.allocate(4)
        compile(retry.attempts, into: base)
        if let every = retry.every { compile(every, into: base + 2) } else { builder.emit(.loadNull, base + 2) }
        builder.at(retry.attempts.range) { _ = builder.emit(.retryStart, base) }
        let top = builder.code.count
        builder.emit(.enterAttempt)
        let landing = builder.emit(.pushCatch, base + 3, bx: 0)
        builder.exits += [.attempt, .handler]
        compile(retry.body, into: destination)
        builder.exits.removeLast(2)
        builder.emit(.popHandler)
        builder.emit(.leaveAttempt)
        let end = builder.emit(.jump, 0, bx: 0)
        builder.patch(landing)
        builder.emit(.retryNext, base)
        builder.emitLoop(to: top)
        builder.patch(end)
    }

    func compileTimeout(_ limit: Expression, _ body: Block, into destination: Int) {
        let register = builder.allocate()
        compile(limit, into: register)
        builder.at(limit.range) { _ = builder.emit(.enterTimeout, register) }
        let landing = builder.emit(.pushCleanup, register, bx: 0)
        builder.exits += [.timeout, .handler]
        compile(body, into: destination)
        builder.exits.removeLast(2)
        builder.emit(.popHandler)
        builder.emit(.leaveTimeout)
        let end = builder.emit(.jump, 0, bx: 0)
        builder.patch(landing)
        builder.emit(.failTimeout, register)
        builder.patch(end)
    }

    // MARK: Commands

    func compileCommand(_ pipeline: Pipeline, captures: Bool, into destination: Int) {
        var values: [Expression] = []
        let stages = pipeline.stages.map { stage in
            PipelineTemplate.Stage(
                environment: stage.environment.map { ($0.name.text, word($0.value, &values)) },
                words: stage.words.map { word($0, &values) })
        }
        let template = PipelineTemplate(stages: stages, captures: captures, valueCount: values.count)
        let first = builder.allocate(values.count)
        for (offset, value) in values.enumerated() { compile(value, into: first + offset) }
        builder.at(pipeline.range) {
            _ = builder.emit(.command, destination, first, builder.pipeline(template))
        }
    }

    private func word(_ word: Command.Word, _ values: inout [Expression]) -> PipelineTemplate.Word {
        var pieces: [PipelineTemplate.Piece] = []
        for piece in word.pieces {
            switch piece {
            case .text(let text): pieces.append(.text(text))
            case .value(let expression):
                pieces.append(.value(values.count))
                values.append(expression)
            }
        }
        return PipelineTemplate.Word(pieces: pieces, splices: word.soleValue != nil, range: word.range)
    }
}
