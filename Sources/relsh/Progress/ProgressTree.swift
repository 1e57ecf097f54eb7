import Builtins
import Lang

/// What is known of a run that is under way, and how it looks: a pure model that applies events and gives lines.
///
/// A step of the outermost level stays in the tree until it ends; then it and everything below becomes lines that are
/// printed once and scroll away. `Duration`s are times since the run began.
struct ProgressTree: Sendable {
    private enum Row: Sendable {
        case step(Int)
        case text(StyledLine)
    }

    private struct Step: Sendable {
        let title: String
        let parent: Int?
        let depth: Int
        let start: Duration
        var rows: [Row] = []
        var ending: RunEvent.Ending?
        var elapsed: Duration = .zero
    }

    private struct Command: Sendable {
        let line: String
        var lastOutput = ""
    }

    private static let maximumDepth = 40

    private var steps: [Int: Step] = [:]
    private var roots: [Int] = []
    /// Under way; by step, the newest last.
    private var commands: [Int?: [(id: Int, command: Command)]] = [:]
    /// Under way; by step, in the order they began.
    private var transfers: [Int?: [(id: Int, bar: TransferBar)]] = [:]

    init() {}

    /// True where nothing moves, so that nobody needs to draw again.
    var isIdle: Bool { steps.isEmpty && commands.isEmpty && transfers.isEmpty }

    // MARK: events

    /// - Returns: lines that are final, to be printed above the tree.
    mutating func apply(_ event: RunEvent, at now: Duration) -> [StyledLine] {
        switch event {
        case .stepStarted(let id, let parent, let title):
            return start(id, parent: parent, title: title, now)
        case .stepFinished(let id, let ending, let elapsed):
            return finish(id, ending, elapsed)
        case .commandStarted(let id, let step, let line):
            commands[step, default: []].append((id, Command(line: oneLine(line))))
        case .commandOutput(let id, let step, let line):
            guard let position = commands[step]?.firstIndex(where: { $0.id == id }) else { return [] }
            let text = oneLine(line)
            if text.contains(where: { $0 != " " }) { commands[step]?[position].command.lastOutput = text }
        case .commandFinished(let id, let step, _, _, _, _):
            commands[step]?.removeAll { $0.id == id }
            if commands[step]?.isEmpty == true { commands[step] = nil }
        case .liveOutput: break
        case .transferStarted(let id, let step, let place, let total):
            transfers[step, default: []].append((id, TransferBar(place, total: total, at: now)))
        case .transferred(let id, let step, let bytes):
            guard let position = transfers[step]?.firstIndex(where: { $0.id == id }) else { return [] }
            transfers[step]?[position].bar.reached(bytes, at: now)
        case .transferFinished(let id, let step):
            transfers[step]?.removeAll { $0.id == id }
            if transfers[step]?.isEmpty == true { transfers[step] = nil }
        case .planned(let step, let line):
            return add(StyledLine("would run: ", .yellow) + (oneLine(line), .plain), to: step)
        case .note(let step, let text):
            return add(StyledLine("· " + inOneLine(text), .dim), to: step)
        case .remains(let step, let text):
            return add(StyledLine("· " + inOneLine(text), .red), to: step)
        }
        return []
    }

    private mutating func start(_ id: Int, parent: Int?, title: String, _ now: Duration) -> [StyledLine] {
        var known = parent.flatMap { steps[$0] == nil ? nil : $0 }
        // A recipe that calls itself within a step goes on beside its caller: the tree is walked by recursion.
        if let above = known.flatMap({ steps[$0] }), above.depth >= Self.maximumDepth { known = above.parent }
        let depth = known.flatMap { steps[$0] }.map { $0.depth + 1 } ?? 0
        steps[id] = Step(title: oneLine(title), parent: known, depth: depth, start: now)
        if let known { steps[known]?.rows.append(.step(id)) } else { roots.append(id) }
        return []
    }

    private mutating func finish(_ id: Int, _ ending: RunEvent.Ending, _ elapsed: Duration) -> [StyledLine] {
        steps[id]?.ending = ending
        steps[id]?.elapsed = elapsed
        commands[id] = nil
        transfers[id] = nil
        guard let step = steps[id], step.parent == nil else { return [] }
        return commit(id)
    }

    /// Takes an outermost step out of the tree.
    private mutating func commit(_ root: Int) -> [StyledLine] {
        var lines: [StyledLine] = []
        append(root, depth: 0, Look(now: .zero, foldsFinished: false), to: &lines)
        roots.removeAll { $0 == root }
        forget(root)
        return lines
    }

    private mutating func forget(_ id: Int) {
        guard let step = steps.removeValue(forKey: id) else { return }
        commands[id] = nil
        transfers[id] = nil
        for case .step(let child) in step.rows { forget(child) }
    }

    private mutating func add(_ line: StyledLine, to step: Int?) -> [StyledLine] {
        guard let step, steps[step] != nil else { return [line] }
        steps[step]?.rows.append(.text(line))
        return []
    }

    /// The run is over: steps that never ended count as cancelled.
    mutating func close(at now: Duration) -> [StyledLine] {
        for (id, step) in steps where step.ending == nil {
            steps[id]?.ending = .cancelled
            steps[id]?.elapsed = now - step.start
        }
        commands = [:]
        transfers = [:]
        return roots.flatMap { commit($0) }
    }

    // MARK: lines

    private struct Look {
        let now: Duration
        /// True where finished steps are counted instead of shown.
        let foldsFinished: Bool
    }

    /// What to draw. Where there is more than fits the height, finished steps are counted first, then the rest is cut.
    func lines(height: Int, now: Duration) -> [StyledLine] {
        let limit = max(1, height - 1)
        var lines = tree(Look(now: now, foldsFinished: false))
        if lines.count > limit { lines = tree(Look(now: now, foldsFinished: true)) }
        if lines.count > limit {
            let hidden = lines.count - (limit - 1)
            lines = lines.prefix(limit - 1) + [StyledLine("… \(hidden) more", .dim)]
        }
        return lines
    }

    private func tree(_ look: Look) -> [StyledLine] {
        var lines: [StyledLine] = []
        for root in roots { append(root, depth: 0, look, to: &lines) }
        appendActivity(of: nil, depth: 0, look, to: &lines)
        return lines
    }

    private func append(_ id: Int, depth: Int, _ look: Look, to lines: inout [StyledLine]) {
        guard let step = steps[id] else { return }
        lines.append(header(step, depth, look))
        var folded = 0
        for row in step.rows {
            switch row {
            case .text(let text):
                if !look.foldsFinished { lines.append(Self.indented(text, depth + 1)) }
            case .step(let child):
                if look.foldsFinished, steps[child]?.ending != nil {
                    folded += 1
                } else {
                    append(child, depth: depth + 1, look, to: &lines)
                }
            }
        }
        if folded > 0 { lines.append(Self.indented(StyledLine("✓ \(folded) finished", .dim), depth + 1)) }
        if step.ending == nil { appendActivity(of: id, depth: depth + 1, look, to: &lines) }
    }

    private func header(_ step: Step, _ depth: Int, _ look: Look) -> StyledLine {
        let mark: (String, StyledLine.Style)
        switch step.ending {
        case nil: mark = (Self.spinner(look.now - step.start), .cyan)
        case .succeeded: mark = ("✓", .green)
        case .failed: mark = ("✗", .red)
        case .cancelled: mark = ("⊘", .yellow)
        }
        let time = shownTime(step.ending == nil ? look.now - step.start : step.elapsed)
        return StyledLine(Self.margin(depth)) + mark + (" \(step.title)", step.ending == nil ? .bold : .plain)
            + ("  \(time)", .dim)
    }

    /// A bar for each transfer, then the newest command's last line, or the command itself where it has printed nothing yet.
    private func appendActivity(of step: Int?, depth: Int, _ look: Look, to lines: inout [StyledLine]) {
        lines += (transfers[step] ?? []).map { Self.indented($0.bar.line(at: look.now), depth) }
        guard let command = commands[step]?.last?.command else { return }
        let text = command.lastOutput.isEmpty ? "$ " + command.line : "│ " + command.lastOutput
        lines.append(StyledLine(Self.margin(depth) + text, .dim))
    }

    private static func indented(_ line: StyledLine, _ depth: Int) -> StyledLine {
        line.spans.reduce(StyledLine(margin(depth))) { $0 + $1 }
    }

    private static func margin(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    private static let frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    private static func spinner(_ elapsed: Duration) -> String {
        let tenths = elapsed.components.seconds * 10 + elapsed.components.attoseconds / 100_000_000_000_000_000
        return frames[Int(max(0, tenths) % Int64(frames.count))]
    }
}
