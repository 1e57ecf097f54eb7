import Builtins
import Lang

/// The report of `relsh explain` as a person reads it: a checklist in the order of the run, then what stays.
struct ExplainText {
    let report: ChangeReport
    let colour: Bool
    private static let labelWidth = 12

    /// - Parameters:
    ///   - title: what is explained: a recipe, or a file.
    ///   - place: where it is declared.
    func text(title: String, place: String?) -> String {
        let place = place.map { " (\($0))" } ?? ""
        var sections: [[StyledLine]] = []
        if report.changes.isEmpty {
            sections.append([StyledLine("\(title)\(place) changes nothing.", .bold)])
        } else {
            sections.append([StyledLine("What \(title)\(place) can change", .bold)] + checklist(report.changes))
        }
        if !report.withOtherOptions.isEmpty {
            let heading = StyledLine("Only with other options", .bold)
            sections.append([heading] + checklist(report.withOtherOptions))
        }
        sections += [
            stays, findings("Secrets given out", report.secrets), findings("Questions asked", report.questions),
            findings("Calls of functions that cannot be seen before the run", report.unseen), remarks,
        ].filter { !$0.isEmpty }
        return sections.map { lines in lines.map { render($0) + "\n" }.joined() }.joined(separator: "\n")
    }

    private func render(_ line: StyledLine) -> String { line.rendered(width: nil, colour: colour) }

    // MARK: - The checklist

    private func checklist(_ changes: [ChangeReport.Change]) -> [StyledLine] {
        var lines: [StyledLine] = []
        var current: [ChangeReport.Surrounding] = []
        for change in changes {
            let shared = zip(current, change.surroundings).prefix { $0 == $1 }.count
            for (depth, surrounding) in change.surroundings.enumerated().dropFirst(shared) {
                let title = oneLine(surrounding.title)
                let text = surrounding.kind == .transaction ? "transaction \"\(title)\"" : title
                lines.append(StyledLine(indent(depth + 1) + text, .cyan))
            }
            current = change.surroundings
            lines += self.lines(change, indent(change.surroundings.count + 1))
        }
        return lines
    }

    private func lines(_ change: ChangeReport.Change, _ indent: String) -> [StyledLine] {
        let isCommand = change.name == "$"
        let command = isCommand ? oneLine(change.arguments.first?.text ?? "") : ""
        var lines = [StyledLine("\(indent)[ ] ") + (isCommand ? "$ \(command)" : change.name, .bold)]
        if !change.conditions.isEmpty {
            let text = change.conditions.joined(separator: ", ")
            lines.append(labelled("only", oneLine(text), indent, .yellow))
        }
        for argument in change.arguments where !isCommand {
            lines.append(labelled(argument.name, oneLine(argument.text), indent))
        }
        lines.append(labelled("at", change.place, indent, .dim))
        for remark in change.remarks {
            lines += self.lines(remark, indent)
        }
        return lines
    }

    private func labelled(_ label: String, _ text: String, _ indent: String, _ style: StyledLine.Style = .plain)
        -> StyledLine
    {
        let padding = String(repeating: " ", count: max(1, Self.labelWidth - displayWidth(label)))
        return StyledLine(indent + "    ") + (label + padding, .dim) + (text, style)
    }

    private func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }

    // MARK: - Taking back

    private func label(_ kind: Reversal.Kind) -> String {
        switch kind {
        case .automatic, .transaction: "on failure"
        case .later: "later"
        case .command: "by hand"
        case .never: "stays"
        case .unknown: "unknown"
        }
    }

    private func style(_ kind: Reversal.Kind) -> StyledLine.Style {
        switch kind {
        case .automatic, .transaction, .later, .command: .green
        case .never, .unknown: .red
        }
    }

    /// A command on a line of its own, with what it does below.
    private func lines(_ remark: ChangeReport.Remark, _ indent: String) -> [StyledLine] {
        let subject = remark.subject.isEmpty ? "" : oneLine(remark.subject) + ": "
        let text = oneLine(remark.text)
        guard let command = remark.command else {
            return [labelled(label(remark.kind), subject + text, indent, style(remark.kind))]
        }
        let first = labelled(label(remark.kind), subject + oneLine(command), indent, style(remark.kind))
        return text.isEmpty ? [first] : [first, labelled("", text, indent, .dim)]
    }

    /// What nothing takes back, once more and by itself.
    private var stays: [StyledLine] {
        var lines: [StyledLine] = []
        for change in report.changes {
            for remark in change.remarks where remark.kind == .never || remark.kind == .unknown {
                let subject = remark.subject.isEmpty ? change.arguments.first?.text ?? "" : remark.subject
                let line = StyledLine("  \(change.name) \(oneLine(subject))", .red) + (" at \(change.place)", .dim)
                if !lines.contains(line) { lines.append(line) }
            }
        }
        return lines.isEmpty ? [] : [StyledLine("Cannot be taken back, or not by relsh", .bold)] + lines
    }

    // MARK: - The rest

    private func findings(_ heading: String, _ findings: [ChangeReport.Finding]) -> [StyledLine] {
        if findings.isEmpty { return [] }
        return [StyledLine(heading, .bold)]
            + findings.map { finding in
                let conditions = finding.conditions.isEmpty ? "" : ", \(finding.conditions.joined(separator: ", "))"
                return StyledLine("  \(oneLine(finding.text))") + (" at \(finding.place)\(oneLine(conditions))", .dim)
            }
    }

    private var remarks: [StyledLine] {
        var lines: [String] = []
        if report.isIncomplete { lines.append("The program is too large to follow to its end: there may be more.") }
        if let error = report.projectError { lines.append("The project is not known: \(error.message)") }
        let texts = (report.changes + report.withOtherOptions).flatMap(\.arguments).map(\.text)
        if texts.contains(where: { $0.contains("{") }) {
            lines.append("What stands in {braces} is known only in the run.")
        }
        return lines.map { StyledLine($0) }
    }
}
