/// Runs a program over a text, all of its threads in step: at each position there is at most one thread per instruction,
/// and none is ever run twice. So the time is at most the length of the text times that of the program.
///
/// Threads stand in the order in which the pattern prefers them. One that matches ends those after it, while those before
/// it go on and may replace the match.
struct PatternMatcher {
    private let program: PatternProgram
    private var current: ThreadList
    private var next: ThreadList
    private var steps = 0

    private static let batch = 10_000
    /// A step takes some tens of nanoseconds.
    private static let bytesOfStep = 32

    /// A matcher that fills in the groups, or one that only tells whether there is a match.
    init(_ program: PatternProgram, capturing: Bool) {
        self.program = program
        let slotCount = capturing ? program.slotCount : 0
        current = ThreadList(instructionCount: program.instructions.count, slotCount: slotCount)
        next = current
    }

    /// The slots of the leftmost match that starts at `start` or after it, nil when there is none.
    ///
    /// - Parameter spend: told what has been done, in bytes of work, each time that has become much.
    mutating func search<Stop: Error>(
        _ text: [UInt32], from start: Int, _ spend: (Int) throws(Stop) -> Void
    ) throws(Stop) -> [Int]? {
        var found: [Int]?
        var position = start
        current.removeAll()
        while true {
            if found == nil {
                current.startThread(in: program, text, at: position)
            } else if current.runnable.isEmpty {
                break
            }
            next.removeAll()
            advance: for index in current.runnable.indices {
                let pc = current.runnable[index]
                switch program.instructions[pc] {
                case .match:
                    found = current.slots(of: pc)
                    if current.slotCount == 0 { return found }
                    break advance
                case .scalar(let value):
                    guard position < text.count, text[position] == value else { continue }
                case .set(let number):
                    guard position < text.count, program.sets[number].contains(text[position]) else { continue }
                case .assertion, .save, .split, .jump:
                    continue
                }
                next.addThread(at: pc + 1, continuing: pc, of: current, in: program, text, at: position + 1)
            }
            swap(&current, &next)
            position += 1
            steps += 1 + current.runnable.count
            if steps > Self.batch {
                try spend(steps * Self.bytesOfStep)
                steps = 0
            }
            if position > text.count { break }
        }
        return found
    }
}

/// The threads at one position of the text, in order of preference.
private struct ThreadList {
    /// The instructions that consume a scalar or match, one for each thread.
    private(set) var runnable: [Int] = []
    let slotCount: Int

    /// The round in which an instruction was last reached.
    private var reached: [Int]
    private var round = 0
    /// The slots of the thread at each instruction.
    private var slots: [Int]
    /// The slots of the thread that is being followed.
    private var trail: [Int]
    private var pending: [Step] = []

    private enum Step {
        case follow(Int)
        case restore(slot: Int, to: Int)
    }

    init(instructionCount: Int, slotCount: Int) {
        self.slotCount = slotCount
        reached = Array(repeating: 0, count: instructionCount)
        slots = Array(repeating: -1, count: instructionCount * slotCount)
        trail = Array(repeating: -1, count: slotCount)
    }

    mutating func removeAll() {
        runnable.removeAll(keepingCapacity: true)
        round += 1
    }

    func slots(of pc: Int) -> [Int] { Array(slots[(pc * slotCount)..<((pc + 1) * slotCount)]) }

    /// Adds a thread at the start of the program.
    mutating func startThread(in program: PatternProgram, _ text: [UInt32], at position: Int) {
        for slot in trail.indices { trail[slot] = -1 }
        follow(from: 0, in: program, text, at: position)
    }

    /// Adds the thread of another list that goes on at `pc`.
    mutating func addThread(
        at pc: Int, continuing previous: Int, of list: ThreadList, in program: PatternProgram, _ text: [UInt32],
        at position: Int
    ) {
        for slot in trail.indices { trail[slot] = list.slots[previous * slotCount + slot] }
        follow(from: pc, in: program, text, at: position)
    }

    /// Follows everything that consumes nothing, the preferred way first, and adds a thread wherever it ends.
    private mutating func follow(from pc: Int, in program: PatternProgram, _ text: [UInt32], at position: Int) {
        pending.append(.follow(pc))
        while let step = pending.popLast() {
            switch step {
            case .restore(let slot, let value): trail[slot] = value
            case .follow(let pc): followOne(from: pc, in: program, text, at: position)
            }
        }
    }

    private mutating func followOne(from start: Int, in program: PatternProgram, _ text: [UInt32], at position: Int) {
        var pc = start
        while reached[pc] != round {
            reached[pc] = round
            switch program.instructions[pc] {
            case .jump(let target): pc = target
            case .split(let preferred, let other):
                pending.append(.follow(other))
                pc = preferred
            case .save(let slot):
                if slot < slotCount {
                    pending.append(.restore(slot: slot, to: trail[slot]))
                    trail[slot] = position
                }
                pc += 1
            case .assertion(let assertion):
                guard assertion.holds(in: text, at: position) else { return }
                pc += 1
            case .scalar, .set, .match:
                runnable.append(pc)
                for slot in trail.indices { slots[pc * slotCount + slot] = trail[slot] }
                return
            }
        }
    }
}

extension PatternAssertion {
    func holds(in text: [UInt32], at position: Int) -> Bool {
        switch self {
        case .textStart: position == 0
        case .textEnd: position == text.count
        case .lineStart: position == 0 || text[position - 1] == 0x0A
        case .lineEnd: position == text.count || text[position] == 0x0A
        case .wordBoundary: isWordBoundary(in: text, at: position)
        case .notWordBoundary: !isWordBoundary(in: text, at: position)
        }
    }

    private func isWordBoundary(in text: [UInt32], at position: Int) -> Bool {
        let before = position > 0 && ScalarSet.word.contains(text[position - 1])
        let after = position < text.count && ScalarSet.word.contains(text[position])
        return before != after
    }
}
