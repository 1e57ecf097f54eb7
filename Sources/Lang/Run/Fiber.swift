/// One thread of a program: a stack of registers, and the calls under way. It computes until it needs something from
/// the world, which it hands out as a request; `resume` with the answer goes on. It never calls itself natively, so the
/// depth of recursion is bounded by a number, not by the machine's stack.
package final class Fiber {
    package enum Answer {
        /// Begin, or go on after `.yielded`.
        case proceed
        case value(Value)
        case error(RuntimeError)
    }

    package enum Outcome {
        case finished(Value)
        case effect(EffectRequest)
        /// Time to look at deadlines and cancellation; resume with `.proceed`.
        case yielded
        /// A builtin or operator has broken off because the run is to stop; resume with the error.
        case stopped
        case failed(RuntimeError)
    }

    /// Trivial, so that a call retains nothing: the function is kept alive by the frame's R[0], or by the program.
    struct Frame {
        let code: Unmanaged<Prototype>
        let base: Int
        /// The next instruction; one further than what is under way.
        var next: UnsafePointer<Instruction>

        var prototype: Prototype { code.takeUnretainedValue() }
        /// Where what is under way stands in the source.
        var location: SourceLocation { prototype.location(before: next) }
    }

    struct Handler {
        let frame: Int
        let register: Int
        let target: Int
        /// False for `catch`, which must not see cancellation and limits.
        let isCleanup: Bool
        let scopes: Int
    }

    /// What to do with the answer to the request that is out.
    enum Pending {
        case none
        /// Store it in this register of the frame at the top.
        case register(Int)
        /// A step: a value means it is skipped.
        case scope(Int)
    }

    /// Back-edges and calls between two looks at the world.
    package static let slice = 5_000
    package static let maximumDepth = 10_000
    /// A dry run goes through branches it may not take, so that a recursion whose end is unknown has none.
    static let maximumPlannedDepth = 200

    let program: Program
    var stack: UnsafeMutablePointer<Value>
    var capacity: Int
    var frames: UnsafeMutablePointer<Frame>
    /// Calls under way.
    var depth = 0
    var frameCapacity = 16
    let depthLimit: Int
    var handlers: [Handler] = []
    var scopes: [IdentityScope]
    var pending = Pending.none
    var fuel = Fiber.slice
    /// One further than the instruction of the innermost call that used up the slice; where an error in answer to that stands.
    var yieldedAt: UnsafePointer<Instruction>?
    /// Less than `slice` where tests want the machine to come up for air more often; at least 2, as a call that finds
    /// the slice used up is made again.
    package var sliceLimit = Fiber.slice
    private var steps = 0

    package init(program: Program, function: FunctionObject, arguments: [Value], identity: Identity = .root) {
        self.program = program
        depthLimit = program.planning ? Self.maximumPlannedDepth : Self.maximumDepth
        capacity = max(64, function.prototype.registerCount + arguments.count + 1)
        stack = .allocate(capacity: capacity)
        stack.initialize(repeating: .null, count: capacity)
        scopes = [IdentityScope(identity, frame: 0)]
        stack[0] = .object(function)
        for (index, argument) in arguments.enumerated() { stack[index + 1] = argument }
        let count = function.prototype.parameters.count
        if arguments.count < count {
            for index in arguments.count..<count { stack[index + 1] = .missing }
        }
        frames = .allocate(capacity: frameCapacity)
        pushFrame(Unmanaged.passUnretained(function.prototype), base: 0)
    }

    deinit {
        stack.deinitialize(count: capacity)
        stack.deallocate()
        frames.deallocate()
    }

    /// The innermost call.
    var top: Frame {
        get { frames[depth - 1] }
        set { frames[depth - 1] = newValue }
    }

    func pushFrame(_ code: Unmanaged<Prototype>, base: Int) {
        if depth == frameCapacity {
            let larger = UnsafeMutablePointer<Frame>.allocate(capacity: frameCapacity * 2)
            larger.moveInitialize(from: frames, count: depth)
            frames.deallocate()
            frames = larger
            frameCapacity *= 2
        }
        let start = code._withUnsafeGuaranteedRef { $0.code }
        (frames + depth).initialize(to: Frame(code: code, base: base, next: UnsafePointer(start)))
        depth += 1
    }

    package func resume(_ answer: Answer) -> Outcome {
        var failure: RuntimeError?
        switch (pending, answer) {
        case (_, .error(let error)):
            failure = error
        case (.register(let register), .value(let value)):
            stack[top.base + register] = value
        case (.register(let register), .proceed):
            stack[top.base + register] = .null
        case (.scope(let register), .value(let value)):
            stack[top.base + register] = value
            scopes.removeLast()
        case (.scope, .proceed):
            // Over the jump that skips the step.
            top.next += 1
        case (.none, _):
            break
        }
        pending = .none
        fuel = min(fuel, sliceLimit)
        let fuelBefore = fuel
        let outcome = proceed(failure)
        // The machine has taken up the next slice when it yields.
        if case .yielded = outcome { steps += fuelBefore } else { steps += max(0, fuelBefore - fuel) }
        return outcome
    }

    private func proceed(_ error: RuntimeError?) -> Outcome {
        var failure = error
        while true {
            if let error = failure {
                failure = nil
                let located = locate(error)
                yieldedAt = nil
                guard unwind(located) else { return .failed(located) }
            }
            do throws(RuntimeError) {
                yieldedAt = nil
                return try run()
            } catch {
                if error.isWorkStopped { return .stopped }
                failure = error
            }
        }
    }

    /// Back-edges and calls since this was last asked.
    package func takeSteps() -> Int {
        defer { steps = 0 }
        return steps
    }

    /// The identity of the request that is out; counts it.
    package func takeIdentity() -> Identity {
        scopes[scopes.count - 1].next(chain)
    }

    /// The identity of the innermost parent: of the step that was just entered.
    package var parentIdentity: Identity { scopes[scopes.count - 1].identity }

    /// The call sites from the parent to here.
    var chain: String {
        var chain = ""
        for index in min(scopes[scopes.count - 1].frame, depth)..<depth {
            let location = frames[index].location
            chain += "\(chain.isEmpty ? "" : ">")\(location.file.path):\(location.range.start)"
        }
        return chain
    }

    /// Effects from here on belong to `identity`.
    func pushScope(_ identity: Identity) {
        scopes.append(IdentityScope(identity, frame: depth - 1))
    }

    // MARK: Errors

    /// Adds where the error arose and the calls that led there, unless it has that already.
    private func locate(_ error: RuntimeError) -> RuntimeError {
        if error.location != nil && !error.frames.isEmpty { return error }
        var located = error
        addCalls(to: &located)
        return located
    }

    /// Adds the calls under way, innermost first. A branch of `parallel` knows only its own.
    package func addCalls(to located: inout RuntimeError) {
        for index in (0..<depth).reversed() {
            let prototype = frames[index].prototype
            if prototype.isHidden { continue }
            let yielded = index == depth - 1 ? yieldedAt : nil
            let location = prototype.location(before: yielded ?? frames[index].next)
            if located.location == nil { located.location = location }
            let isFunction = prototype.name != prototype.file.name
            // Where a file's own statements failed is where the error stands; where they call something is not.
            if !isFunction, located.frames.isEmpty { continue }
            let name = isFunction ? prototype.name : "the file's own statements"
            located.frames.append(RuntimeError.Frame(function: name, location: location))
        }
    }

    /// Lands at the innermost handler that takes the error; false if there is none.
    private func unwind(_ error: RuntimeError) -> Bool {
        while let handler = handlers.popLast() {
            if !handler.isCleanup && !error.isCatchable { continue }
            while depth - 1 > handler.frame { popFrame() }
            let frame = frames[handler.frame]
            frames[handler.frame].next = UnsafePointer(frame.prototype.code + handler.target)
            stack[frames[handler.frame].base + handler.register] = .domain(.error(error))
            if scopes.count > handler.scopes { scopes.removeLast(scopes.count - handler.scopes) }
            return true
        }
        return false
    }

    func popFrame() {
        // The registers may hold the last reference to the function itself: how many there are is asked before.
        let registers = stack + top.base
        let count = top.prototype.registerCount
        depth -= 1
        for index in 0..<count { registers[index] = .null }
    }

    /// Room for `count` registers from `start`; the stack may move.
    func ensureCapacity(_ count: Int) throws(RuntimeError) {
        if count <= capacity { return }
        let larger = max(count, capacity * 2)
        try Work.reserveList(larger)
        let moved = UnsafeMutablePointer<Value>.allocate(capacity: larger)
        moved.moveInitialize(from: stack, count: capacity)
        (moved + capacity).initialize(repeating: .null, count: larger - capacity)
        stack.deallocate()
        stack = moved
        capacity = larger
    }
}
