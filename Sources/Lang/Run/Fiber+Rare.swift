// The instructions that programs spend no time in, or whose work is long against the way here: a function of its own, so that
// they take no machine registers from the loop. The frame at the top holds the next instruction.

extension Fiber {
    /// Nil to go on with the frame at the top.
    @inline(never)
    func runRare(_ i: Instruction, _ r: Registers, _ constants: UnsafePointer<Value>) throws(RuntimeError) -> Outcome? {
        let prototype = frames[depth - 1].prototype
        switch i.opcode {
        // Values
        case .storeGlobal: program.globals[i.bx] = r[i.a]
        case .extendList: extendList(r + i.a, r + i.b, i.c)
        case .makeMap:
            r[i.a] = .map(OrderedMap())
            extendMap(r + i.a, r + i.b, i.c)
        case .extendMap: extendMap(r + i.a, r + i.b, i.c)
        case .notContained: r[i.a] = try binary(.notIn, r[i.b], r[i.c])
        case .closedRange: r[i.a] = try binary(.closedRange, r[i.b], r[i.c])
        case .halfOpenRange: r[i.a] = try binary(.halfOpenRange, r[i.b], r[i.c])
        case .negate: r[i.a] = try negate(r[i.b])
        case .unpack: try unpack(r[i.b], into: r + i.a, i.c)
        case .setPlace: try setPlace(r + i.a, r + i.b, prototype.shapes[i.c])
        case .getPlace: try getPlace(r + i.a, r[i.b], prototype.shapes[i.c])
        case .forStart: try startLoop(r + i.a, names: i.b)

        // Dry runs
        case .jumpIfUnknown: if r[i.a].isUnknown { frames[depth - 1].next += i.signedBx }
        case .testUnknown:
            if r[i.a].isUnknown {
                r[i.a] = .bool(true)
                r[i.b] = .bool(true)
            }
        case .countRequests: r[i.a] = .int(program.requestCount)
        case .noteUncertain:
            if case .int(let first) = r[i.a], case .bool(true) = r[i.b], first < program.requestCount {
                program.uncertain.append(
                    Program.Uncertain(requests: first..<program.requestCount, mayRepeat: i.c == 1))
            }

        // Types and matching
        case .checkType:
            let type = prototype.types[i.b]
            if !type.accepts(r[i.a]) {
                let what = constants[i.c].asString ?? "value"
                throw RuntimeError(.value, .typeMismatch(what, expected: type, got: r[i.a]))
            }
        case .matchType: r[i.a] = .bool(prototype.types[i.c].accepts(r[i.b]))
        case .matchRange: r[i.a] = .bool(isWithin(r[i.b], r[i.c]))
        case .matchFailed: throw RuntimeError(.value, .noMatchingArm(r[i.a]))

        // Errors
        case .raise: throw raised(r[i.a])
        case .assertionFailed: throw assertion(r[i.a], source: constants[i.bx].asString ?? "")
        case .rethrowFirst:
            if case .error(let first)? = r[i.a].asDomain, case .error(let second)? = r[i.b].asDomain {
                throw first.outlasting(second)
            }
        case .rethrow: if case .error(let error)? = r[i.a].asDomain { throw error }
        case .pushCatch, .pushCleanup:
            handlers.append(
                Handler(
                    frame: depth - 1, register: i.a, target: nextIndex + i.signedBx,
                    isCleanup: i.opcode == .pushCleanup, scopes: scopes.count))
        case .popHandler: handlers.removeLast()
        case .callSubroutine:
            r[i.a] = .int(nextIndex)
            frames[depth - 1].next += i.signedBx
        case .endSubroutine: if case .int(let target) = r[i.a] { nextIndex = target }

        default: return try runConstruct(i, r, prototype)
        }
        return nil
    }

    /// The number of the next instruction.
    private var nextIndex: Int {
        get { frames[depth - 1].next - UnsafePointer(frames[depth - 1].prototype.code) }
        set { frames[depth - 1].next = UnsafePointer(frames[depth - 1].prototype.code) + newValue }
    }

    // MARK: Release constructs

    private func runConstruct(
        _ i: Instruction, _ r: Registers, _ prototype: Prototype
    ) throws(RuntimeError) -> Outcome? {
        switch i.opcode {
        case .enterStep:
            let title = r[i.a].display
            pushScope(takeIdentity())
            let kind = ScopeKind(rawValue: UInt8(truncatingIfNeeded: i.b)) ?? .step
            return suspend(.enterScope(title: title, kind), .scope(i.a))
        case .leaveStep:
            scopes.removeLast()
            return suspend(.leaveScope(r[i.a]), .none)
        case .failStep:
            scopes.removeLast()
            if case .error(let error)? = r[i.a].asDomain { return suspend(.failScope(error), .none) }
        case .registerUndo:
            if let function = r[i.a].object?.function { return suspend(.registerUndo(function), .none) }
        case .parallel:
            let limit = try parallelLimit(r[i.a])
            let branches = take(r + i.a + 1, i.b).compactMap { $0.object?.function }.map { ($0, [Value]()) }
            return suspend(.parallel(branches, limit: limit), .register(i.a))
        case .parallelFor:
            let limit = try parallelLimit(r[i.a])
            let branches = try parallelBranches(r + i.a, names: i.b)
            return suspend(.parallel(branches, limit: limit), .register(i.a))
        case .command:
            let pipeline = prototype.pipelines[i.c]
            let values = take(r + i.b, pipeline.valueCount)
            let request = try command(pipeline, values, in: prototype)
            return suspend(.command(request), .register(i.a))
        case .enterAttempt: pushScope(scopes[scopes.count - 1].next(chain + Identity.attemptMark))
        case .leaveAttempt: scopes.removeLast()
        case .retryStart: try startRetry(r + i.a)
        case .retryNext:
            scopes.removeLast()
            let kind = try nextAttempt(r + i.a)
            return suspend(kind, .none)
        case .enterTimeout:
            if case .duration(let limit)? = r[i.a].asDomain {
                if limit < .zero { throw RuntimeError(.value, .negativeTime("the limit of `timeout`", limit)) }
                return suspend(.enterTimeout(limit), .none)
            }
            if r[i.a].isUnknown { return suspend(.enterTimeout(.seconds(1 << 40)), .none) }
            throw RuntimeError(.value, .typeMismatch("the limit of `timeout`", expected: .duration, got: r[i.a]))
        case .leaveTimeout: return suspend(.leaveTimeout, .none)
        case .failTimeout:
            if case .error(let error)? = r[i.a].asDomain { return suspend(.failTimeout(error), .none) }
        default: break
        }
        return nil
    }

    func suspend(_ kind: EffectRequest.Kind, _ pending: Pending) -> Outcome {
        self.pending = pending
        program.requestCount += 1
        return .effect(EffectRequest(kind: kind, location: top.location))
    }
}
