// What the loop does out of line for errors and for the arguments of release constructs.

extension Fiber {
    // MARK: Errors

    func raised(_ value: Value) -> RuntimeError {
        if case .error(let error)? = value.asDomain { return error }
        if let text = value.asString { return RuntimeError(.failure, .failed(text)) }
        if value.isUnknown { return RuntimeError(.failure, .failed(value.display)) }
        return RuntimeError(.value, .failValue(value))
    }

    func assertion(_ message: Value, source: String) -> RuntimeError {
        RuntimeError(.failure, .assertionFailed(message.isNull ? source : message.display))
    }

    // MARK: Release constructs

    func parallelLimit(_ value: Value) throws(RuntimeError) -> Int? {
        switch value {
        case .null: return nil
        case .int(let limit) where limit > 0: return limit
        default:
            if value.isUnknown { return nil }
            throw RuntimeError(.value, .parallelLimitNotPositive(value))
        }
    }

    /// R[1] sequence, R[2] function.
    func parallelBranches(_ r: Registers, names: Int) throws(RuntimeError) -> [(FunctionObject, [Value])] {
        guard let function = r[2].object?.function else { return [] }
        var branches: [(FunctionObject, [Value])] = []
        let sequence = r[1]
        if let range = sequence.object?.range, let count = range.count, count > 100_000 {
            throw RuntimeError(.limit, .tooLarge("`parallel for`", limit: "100,000 branches"))
        }
        // The same rules as `for`, through the same registers.
        let state = Registers.allocate(capacity: 4)
        state.initialize(repeating: .null, count: 4)
        defer {
            state.deinitialize(count: 4)
            state.deallocate()
        }
        state[0] = sequence
        try startLoop(state, names: names)
        while true {
            if names == 2 {
                guard nextPair(state) else { break }
                branches.append((function, [state[2], state[3]]))
            } else if case .int(let last) = state[0], case .int(let position) = state[1] {
                guard position <= last else { break }
                branches.append((function, [.int(position)]))
                state[1] = .int(position + 1)
            } else {
                guard nextElement(state) else { break }
                branches.append((function, [state[2]]))
            }
        }
        return branches
    }

    func startRetry(_ r: Registers) throws(RuntimeError) {
        if r[0].isUnknown { r[0] = .int(1) }
        guard case .int(let attempts) = r[0], attempts > 0 else {
            throw RuntimeError(.value, .retryCountNotPositive(r[0]))
        }
        if !r[2].isNull, !r[2].isUnknown {
            guard case .duration(let every)? = r[2].asDomain else {
                throw RuntimeError(.value, .typeMismatch("`every`", expected: .duration, got: r[2]))
            }
            if every < .zero { throw RuntimeError(.value, .negativeTime("`every`", every)) }
        }
        r[1] = .int(1)
    }

    func nextAttempt(_ r: Registers) throws(RuntimeError) -> EffectRequest.Kind {
        guard case .int(let attempts) = r[0], case .int(let attempt) = r[1], case .error(let error)? = r[3].asDomain
        else { return .pause(.zero, after: RuntimeError(.failure, .failed("")), attempt: 1, of: 1) }
        if attempt >= attempts { throw error }
        r[1] = .int(attempt + 1)
        var pause = Duration.zero
        if case .duration(let every)? = r[2].asDomain { pause = every }
        return .pause(pause, after: error, attempt: attempt, of: attempts)
    }
}
