package import Lang

/// Where a program's machine and everything it refers to live: values are shared without locks because only one thread
/// at a time is here. Effects run elsewhere.
@globalActor package actor Evaluation {
    package static let shared = Evaluation()
}

/// Runs a program: drives its fibers, performs what they hand out, and tells what happens.
///
/// The machine computes until it needs the world; `drive` answers each request and goes on. What holds for all effects
/// alike, the dry run, cancellation, deadlines and undo, is here and in no builtin.
@Evaluation
package final class Interpreter {
    package struct Options: Sendable {
        /// Show what would be changed, and change nothing.
        package var isDryRun = false
        package var limits = Limits()
        /// Less than `Fiber.slice` where tests want the machine to come up for air more often.
        package var slice = Fiber.slice
        /// Writes down what happens; nil where nothing is recorded.
        package var recorder: Recorder?
        package var resuming = Resuming()
        /// Takes down what a dry run comes by, for a plan.
        package var planner: PlanRecorder?
        /// The plan that the run must keep to.
        package var follower: PlanFollower?
        /// Called before each change, which is not made where it throws; nil where nobody asks.
        package var beforeChange: (@Sendable (PendingChange) async throws -> Void)?
        /// False where only what changes something is worth a record.
        package var recordsReads = true
        /// What keeps the releases of other machines out; nil where that is not wanted.
        package var lock: RemoteLock?
        package init() {}
    }

    let program: Program
    let world: World
    let observer: any RunObserver
    let options: Options
    let meter: Meter
    var recorder: Recorder? { options.isDryRun ? nil : options.recorder }
    /// What a dry run has planned so far.
    let planned = PlannedChanges()
    private var lastNumber = 0
    private var lastTurn = ContinuousClock.now
    /// True once an undo has failed: what it should have taken back is still there.
    package private(set) var undoIsIncomplete = false
    /// True once something that may change the world was begun.
    package internal(set) var hasChanged = false

    package init(program: Program, world: World, observer: any RunObserver, options: Options) {
        self.program = program
        self.world = world
        self.observer = MaskedObserver(inner: observer)
        self.options = options
        meter = Meter(options.limits)
    }

    /// Runs the statements of every file, and gives the value of the entry file's last.
    /// - Throws: `RuntimeError`, with position and call stack.
    /// What a dry run has found, once it has ended.
    package var plan: Plan? { options.planner?.plan(program.uncertain) }

    package func runStatements() async throws(RuntimeError) -> Value {
        var value = Value.null
        for function in program.entryFunctions { value = try await start(function, []) }
        return value
    }

    /// Runs one recipe of the entry file; arguments that are not given take their defaults.
    package func run(recipe name: String, arguments: [String: Value]) async throws(RuntimeError) -> Value {
        guard let function = program.recipe(name) else { return .null }
        let values = program.arguments(for: function, from: arguments)
        return try await start(function, values)
    }

    private func start(_ function: FunctionObject, _ arguments: [Value]) async throws(RuntimeError) -> Value {
        let fiber = Fiber(program: program, function: function, arguments: arguments)
        return try await Work.$monitor.withValue(meter) { () async -> Result<Value, RuntimeError> in
            do throws(RuntimeError) {
                return .success(try await drive(fiber, Scope()))
            } catch {
                return .failure(SecretMask.hide(in: error))
            }
        }.get()
    }

    func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    func undoFailed() { undoIsIncomplete = true }

    // MARK: Driving a fiber

    func drive(_ fiber: Fiber, _ scope: Scope) async throws(RuntimeError) -> Value {
        var answer = Fiber.Answer.proceed
        defer { meter.count(fiber.takeSteps()) }
        while true {
            fiber.sliceLimit = min(options.slice, meter.stepsLeft(isShielded: scope.isShielded))
            meter.enter(isShielded: scope.isShielded, deadline: scope.nextDeadline?.instant)
            let outcome = fiber.resume(answer)
            switch outcome {
            case .finished(let value):
                try meter.checkEnd()
                return value
            case .failed(let error): throw error
            case .yielded:
                await giveWay()
                do throws(RuntimeError) {
                    try check(fiber, scope)
                    answer = .proceed
                } catch {
                    answer = .error(error)
                }
            case .stopped:
                do throws(RuntimeError) {
                    try check(fiber, scope)
                    answer = .error(RuntimeError(.cancelled, .cancelled()))
                } catch {
                    answer = .error(error)
                }
            case .effect(let request):
                do throws(RuntimeError) {
                    if request.isEntry { try check(fiber, scope) }
                    answer = try await perform(request, of: fiber, scope)
                } catch {
                    answer = .error(error)
                }
            }
        }
    }

    /// Throws where the run is to stop, or has used more than it may.
    private func check(_ fiber: Fiber, _ scope: Scope) throws(RuntimeError) {
        try scope.checkInterruption()
        try meter.check(steps: fiber.takeSteps(), isShielded: scope.isShielded)
    }

    /// Branches of `parallel` that have not ended.
    var branchCount = 0

    /// Lets other branches have their turn, though not after each slice: that takes longer than a look at the clock.
    private func giveWay() async {
        if branchCount == 0 { return }
        let now = ContinuousClock.now
        if now - lastTurn < .milliseconds(1) { return }
        await Task.yield()
        lastTurn = .now
    }

    private func perform(
        _ request: EffectRequest, of fiber: Fiber, _ scope: Scope
    ) async throws(RuntimeError) -> Fiber.Answer {
        switch request.kind {
        case .builtin(let builtin, let arguments):
            let identity = fiber.takeIdentity()
            if options.isDryRun {
                return .value(try await plan(builtin, arguments, identity, at: request.location, scope))
            }
            return .value(try await perform(builtin, arguments, identity, scope))
        case .command(let command):
            let identity = fiber.takeIdentity()
            if options.isDryRun { return .value(try await plan(command, identity, at: request.location, scope)) }
            return .value(try await perform(command, identity, scope))
        case .enterScope(let title, let kind):
            if kind == .transaction { try await lock(scope) }
            if let result = try await enter(title, kind, fiber.parentIdentity, scope) { return .value(result) }
        case .leaveScope(let result):
            leave(.succeeded, scope, result: result)
        case .failScope(let error):
            await fail(error, scope)
        case .registerUndo(let function):
            guard let step = scope.step else { break }
            scope.undos?.list.append(.block(function, step.identity, step.title))
            if !scope.isUndoing { try await recorder?.noteUndo(function, of: step.identity, in: program) }
        case .parallel(let branches, let limit):
            let identity = fiber.takeIdentity()
            do throws(RuntimeError) {
                return .value(.list(try await parallel(branches, limit: limit, identity: identity, scope)))
            } catch {
                var failure = error
                if !failure.frames.isEmpty { fiber.addCalls(to: &failure) }
                throw failure
            }
        case .pause(let duration, let error, let attempt, let attempts):
            try await pause(duration, after: error, attempt: attempt, of: attempts, scope)
        case .enterTimeout(let limit):
            scope.deadlines.append(Scope.Deadline(limit: limit, instant: .now + limit))
        case .leaveTimeout:
            scope.leaveDeadline()
        case .failTimeout(let error):
            throw scope.endDeadline(with: error)
        }
        return .proceed
    }

    private func pause(
        _ duration: Duration, after error: RuntimeError, attempt: Int, of attempts: Int, _ scope: Scope
    ) async throws(RuntimeError) {
        let error = SecretMask.hide(in: error)
        let wait = duration > .zero ? "; again in \(duration.literal)" : "; again"
        observer.handle(
            .note(step: scope.step?.number, text: "attempt \(attempt) of \(attempts) failed: \(error.message)\(wait)"))
        // A run that is resumed has waited before.
        guard duration > .zero, !options.isDryRun, recorder?.isReplaying != true else { return }
        let clock = world.clock
        try await interruptible(scope) { try await clock.sleep(duration) }
    }

    // MARK: Steps

    /// Gives the result of a step that is finished already.
    private func enter(_ title: String, _ kind: ScopeKind, _ identity: Identity, _ scope: Scope)
        async throws(RuntimeError) -> Value?
    {
        let step = Scope.Step(number: nextNumber(), identity: identity, title: title, kind: kind, start: .now)
        let finished = scope.isUndoing ? nil : try await recallStep(identity, scope)
        let shown = finished == nil ? title : "\(title) (done before)"
        observer.handle(.stepStarted(step.number, parent: scope.step?.number, title: shown))
        if let finished {
            observer.handle(.stepFinished(step.number, .succeeded, elapsed: .zero))
            return finished
        }
        recorder?.enter(identity, parent: scope.step?.identity.path, title: title, kind: kind)
        if options.isDryRun {
            options.planner?.step(
                identity, parent: scope.step?.identity, title: title, kind: kind, request: program.requestCount - 1)
        }
        scope.steps.append(step)
        if kind == .transaction { scope.transactions.append(Scope.Undos()) }
        return nil
    }

    private func leave(_ ending: RunEvent.Ending, _ scope: Scope, result: Value? = nil) {
        guard let step = scope.steps.popLast() else { return }
        recorder?.leave(step.identity.path, ending, result: result)
        if step.kind == .transaction, let undos = scope.transactions.popLast() {
            // An inner transaction that succeeded joins the outer one.
            if case .succeeded = ending { scope.undos?.list += undos.list }
        }
        observer.handle(.stepFinished(step.number, ending, elapsed: .now - step.start))
    }

    private func fail(_ error: RuntimeError, _ scope: Scope) async {
        let error = SecretMask.hide(in: error)
        if scope.steps.last?.kind == .transaction, let undos = scope.transactions.last {
            await undo(undos, scope)
            undos.list = []
        }
        leave(error.kind == .cancelled ? .cancelled : .failed(error.message), scope)
    }

    /// Calls the `undo` block that a step of another run had, as that step and under `identity` in this one.
    ///
    /// - Parameter step: of this run, in whose ledger it has an entry.
    func takeBack(_ undo: StoredUndo, title: String, _ identity: Identity) async throws(RuntimeError) {
        let function = try undo.function(in: program, environment: world.environment, restoring: true)
        let scope = Scope()
        scope.shield()
        scope.isUndoing = true
        _ = try await enter(title, .step, identity, scope)
        do throws(RuntimeError) {
            try await call(function, identity, scope)
            leave(.succeeded, scope)
        } catch {
            leave(.failed(SecretMask.hide(in: error).message), scope)
            throw error
        }
    }
}
