/// A pattern as instructions for `PatternMatcher`: a nondeterministic automaton in the manner of Thompson and Pike, see
/// Russ Cox, [Regular Expression Matching: the Virtual Machine Approach](https://swtch.com/~rsc/regexp/regexp2.html).
struct PatternProgram: Sendable, Hashable {
    enum Instruction: Sendable, Hashable {
        /// Consumes just this scalar.
        case scalar(UInt32)
        /// Consumes a scalar of the set with this number.
        case set(Int)
        /// Goes on only where the assertion holds.
        case assertion(PatternAssertion)
        /// Remembers the position in a slot: 2n for the start of group n, 2n + 1 for its end; group 0 is all.
        case save(Int)
        /// Goes on at both places, and prefers the first.
        case split(Int, Int)
        case jump(Int)
        case match
    }

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    let slotCount: Int

    init(_ root: PatternNode, groupCount: Int) {
        slotCount = 2 * (groupCount + 1)
        var numbers: [ScalarSet: Int] = [:]
        instructions.append(.save(0))
        emit(root, &numbers)
        instructions += [.save(1), .match]
    }

    private mutating func emit(_ node: PatternNode, _ numbers: inout [ScalarSet: Int]) {
        switch node.kind {
        case .empty: break
        case .scalar(let value): instructions.append(.scalar(value))
        case .set(let members):
            let number = numbers[members, default: sets.count]
            if number == sets.count {
                numbers[members] = number
                sets.append(members)
            }
            instructions.append(.set(number))
        case .assertion(let assertion): instructions.append(.assertion(assertion))
        case .capture(let body, let index):
            instructions.append(.save(2 * index))
            emit(body, &numbers)
            instructions.append(.save(2 * index + 1))
        case .sequence(let items):
            for item in items { emit(item, &numbers) }
        case .alternatives(let branches): emitAlternatives(branches, &numbers)
        case .repetition(let body, let minimum, let maximum, let isLazy):
            if let maximum {
                for _ in 0..<minimum { emit(body, &numbers) }
                emitOptional(body, upTo: maximum - minimum, isLazy: isLazy, &numbers)
            } else {
                for _ in 0..<max(minimum - 1, 0) { emit(body, &numbers) }
                emitLoop(body, isOptional: minimum == 0, isLazy: isLazy, &numbers)
            }
        }
    }

    private mutating func emitAlternatives(_ branches: [PatternNode], _ numbers: inout [ScalarSet: Int]) {
        var jumps: [Int] = []
        for branch in branches.dropLast() {
            let split = reserve()
            emit(branch, &numbers)
            jumps.append(reserve())
            instructions[split] = .split(split + 1, instructions.count)
        }
        if let last = branches.last { emit(last, &numbers) }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
    }

    /// `body?` nested `count` times: each further one only after the one before.
    private mutating func emitOptional(
        _ body: PatternNode, upTo count: Int, isLazy: Bool, _ numbers: inout [ScalarSet: Int]
    ) {
        var splits: [Int] = []
        for _ in 0..<count {
            splits.append(reserve())
            emit(body, &numbers)
        }
        for split in splits { instructions[split] = choice(split + 1, over: instructions.count, isLazy) }
    }

    /// `body+`, or `body*` when it is optional.
    ///
    /// A loop ends at an iteration that consumes nothing. For `body*` of a body that can do so, that must be an iteration
    /// and not the refusal of one, or `(|a)*` would prefer differently from `(|a)+`; hence `(body+)?`.
    private mutating func emitLoop(
        _ body: PatternNode, isOptional: Bool, isLazy: Bool, _ numbers: inout [ScalarSet: Int]
    ) {
        if isOptional && !body.matchesEmpty {
            let split = reserve()
            emit(body, &numbers)
            instructions.append(.jump(split))
            instructions[split] = choice(split + 1, over: instructions.count, isLazy)
            return
        }
        let skip = isOptional ? reserve() : nil
        let start = instructions.count
        emit(body, &numbers)
        instructions.append(choice(start, over: instructions.count + 1, isLazy))
        if let skip { instructions[skip] = choice(start, over: instructions.count, isLazy) }
    }

    private func choice(_ more: Int, over less: Int, _ isLazy: Bool) -> Instruction {
        isLazy ? .split(less, more) : .split(more, less)
    }

    private mutating func reserve() -> Int {
        instructions.append(.match)
        return instructions.count - 1
    }
}

/// A set of Unicode scalars.
struct ScalarSet: Sendable, Hashable {
    /// In order, apart from one another.
    let ranges: [ClosedRange<UInt32>]
    /// The members below 64, and from there to 127, as bits: most text is ASCII.
    private let low: UInt64
    private let high: UInt64

    init(_ members: [ClosedRange<UInt32>]) {
        var merged: [ClosedRange<UInt32>] = []
        for range in members.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        var bits: [UInt64] = [0, 0]
        for range in merged {
            for value in range.clamped(to: 0...127) where range.contains(value) {
                bits[Int(value >> 6)] |= 1 << UInt64(value & 63)
            }
        }
        ranges = merged
        low = bits[0]
        high = bits[1]
    }

    func contains(_ value: UInt32) -> Bool {
        if value < 64 { return low >> UInt64(value) & 1 == 1 }
        if value < 128 { return high >> UInt64(value - 64) & 1 == 1 }
        var (start, end) = (0, ranges.count)
        while start < end {
            let middle = (start + end) / 2
            if ranges[middle].upperBound < value { start = middle + 1 } else { end = middle }
        }
        return start < ranges.count && ranges[start].lowerBound <= value
    }

    /// Every scalar that is not a member.
    var inverted: ScalarSet {
        var gaps: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { gaps.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= Self.last { gaps.append(next...Self.last) }
        return ScalarSet(gaps)
    }

    /// The members, and for each ASCII letter its other case.
    var ignoringCase: ScalarSet {
        let letters = (0x41...0x5A).filter { contains($0) || contains($0 | 0x20) }
        return ScalarSet(ranges + letters.flatMap { [$0...$0, ($0 | 0x20)...($0 | 0x20)] })
    }

    private static let last: UInt32 = 0x10FFFF

    static let all = ScalarSet([0...last])
    static let newline = ScalarSet([0x0A...0x0A])
    static let digits = ScalarSet([0x30...0x39])
    static let word = ScalarSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let space = ScalarSet([0x09...0x0A, 0x0C...0x0D, 0x20...0x20])
}
