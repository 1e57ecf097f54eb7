import Builtins
import Lang

/// Runs as a person reads them.
struct RunText {
    let colour: Bool

    // MARK: relsh runs

    func list(_ runs: [RunSummary]) -> String {
        if runs.isEmpty { return "The ledger has no runs yet.\n" }
        let rows = runs.map { run in
            (
                run.name, run.ending.rawValue, time(run.started), run.ended.map { elapsed(run.started, $0) } ?? "",
                run.command
            )
        }
        let widths = [
            rows.map { $0.0.count }.max() ?? 0, rows.map { $0.1.count }.max() ?? 0, rows.map { $0.2.count }.max() ?? 0,
            rows.map { $0.3.count }.max() ?? 0,
        ]
        return zip(runs, rows).map { run, row in
            var line = StyledLine(padded(row.0, widths[0]) + "  ")
            line = line + (padded(row.1, widths[1]), style(run.ending.rawValue))
            return (line + ("  \(padded(row.2, widths[2]))  \(padded(row.3, widths[3]))  \(row.4)", .plain))
                .harmless.rendered(width: nil, colour: colour) + "\n"
        }.joined()
    }

    // MARK: relsh show

    func show(_ report: RunReport) -> String {
        let run = report.run
        var lines: [StyledLine] = []
        let time = run.ended.map { " after \(elapsed(run.started, $0))" } ?? ""
        lines.append(
            StyledLine("\(run.name) \(run.command): ", .bold) + (run.ending.rawValue, style(run.ending.rawValue)) + (
                time, .plain
            ))
        if let message = run.message { lines.append(StyledLine("  \(message)", .red)) }
        var facts = "  \(self.time(run.started)), \(run.user) on \(run.host), in \(run.directory)"
        if run.attempts > 1 { facts += ", \(run.attempts) attempts" }
        lines.append(StyledLine(facts, .dim))
        let commit = run.state.map { state in
            "commit \(state.commit.prefix(12))"
                + (state.changed.isEmpty ? "" : " and \(state.changed.count) changed files") + ", "
        }
        lines.append(
            StyledLine("  \(commit ?? "")program \(run.program.dropFirst(7).prefix(12)), relsh \(run.version)", .dim))
        lines.append(StyledLine())
        lines += items(report, parent: nil, depth: 0)
        return lines.map { $0.harmless.rendered(width: nil, colour: colour) + "\n" }.joined()
    }

    /// The steps and effects in a step, in the order they began.
    private func items(_ report: RunReport, parent: String?, depth: Int) -> [StyledLine] {
        let steps = report.steps.filter { $0.parent == parent }.map { ($0.started, lines($0, report, depth)) }
        let effects = report.effects.filter { $0.step == parent }.map { ($0.started, lines($0, depth)) }
        return (steps + effects).enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
            .flatMap { $0.element.1 }
    }

    private func lines(_ step: RunReport.Step, _ report: RunReport, _ depth: Int) -> [StyledLine] {
        let margin = String(repeating: "  ", count: depth)
        var line =
            StyledLine(margin) + (mark(step.ending), style(step.ending)) + (" \(step.number) \(step.title)", .bold)
        if let ended = step.ended { line = line + ("  \(elapsed(step.started, ended))", .dim) }
        if let ending = step.ending, ending != "succeeded" { line = line + ("  \(ending)", style(ending)) }
        return [line] + items(report, parent: step.identity, depth: depth + 1)
    }

    private func lines(_ effect: RunReport.Effect, _ depth: Int) -> [StyledLine] {
        let margin = String(repeating: "  ", count: depth)
        let isRead = effect.kind == "reads"
        let call = effect.call.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
        let sign = isRead ? "·" : mark(effect.ending)
        var line = StyledLine(margin) + (sign, style(effect.ending)) + (" \(call)", isRead ? .dim : .plain)
        if let ended = effect.ended { line = line + ("  \(elapsed(effect.started, ended))", .dim) }
        if let ending = effect.ending, ending != "succeeded" { line = line + ("  \(ending)", style(ending)) }
        var lines = [line]
        if let error = effect.error { lines.append(StyledLine("\(margin)    \(error)", .red)) }
        if !isRead {
            for request in effect.requests where "$ \(request)" != effect.call {
                lines.append(StyledLine("\(margin)    $ \(request)", .dim))
            }
        }
        for change in effect.changes where change.state != "unchanged" {
            let after = change.inverse.made.map(told) ?? "unknown"
            var line = StyledLine(
                "\(margin)    \(change.inverse.title): \(told(change.inverse.before)) → \(after)", .cyan)
            if change.state == "undone" { line = line + ("  taken back", .yellow) }
            lines.append(line)
        }
        return lines
    }

    private func told(_ state: Inverse.State) -> String {
        switch state {
        case .absent: "nothing"
        case .image(let digest): digest.short
        case .content(let digest, let count): "\(count) bytes (\(digest.short))"
        case .directory: "a directory"
        case .tree(let entries, let bytes): "\(entries) entries, \(Size(bytes: bytes))"
        case .link(let target): "a link to \(target)"
        case .special: "not read"
        case .commit(let commit): String(commit.prefix(12))
        case .named(let name): name
        }
    }

    // MARK: Parts

    private func mark(_ ending: String?) -> String {
        switch ending {
        case "succeeded": "✔"
        case "failed": "✘"
        case "undone": "↩"
        case nil: "…"
        default: "!"
        }
    }

    private func style(_ ending: String?) -> StyledLine.Style {
        switch ending {
        case "succeeded": .green
        case "failed", "died": .red
        default: .yellow
        }
    }

    /// `2026-11-27 05:40:12`, in UTC.
    private func time(_ microseconds: Int) -> String {
        let time = CalendarTime(secondsSince1970: Double(microseconds) / 1_000_000)
        return "\(time.date) \(time.time)"
    }

    private func elapsed(_ start: Int, _ end: Int) -> String { shownTime(.microseconds(end - start)) }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
