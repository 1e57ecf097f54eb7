import Builtins
import Lang
import Synchronization

/// What a run did, as a page of Markdown: for the summary of a job in GitHub Actions, which names a file for it in
/// GITHUB_STEP_SUMMARY.
final class JobSummary: RunObserver {
    private struct Step {
        let number: Int
        let depth: Int
        let title: String
        var ending: RunEvent.Ending?
        var elapsed: Duration = .zero
    }

    private struct State {
        var steps: [Step] = []
        var notes: [String] = []
        var planned = 0
    }

    private let state = Mutex(State())
    private let title: String
    private static let mostNotes = 100

    /// - Parameter words: the command line that was run, from the file or recipe on.
    init(words: [String]) { title = "relsh " + words.map(shellQuoted).joined(separator: " ") }

    /// Only what steps and notes say is of use here.
    var watchesCommands: Bool { false }

    func handle(_ event: RunEvent) {
        state.withLock { state in
            switch event {
            case .stepStarted(let number, let parent, let title):
                let outer = parent.flatMap { parent in state.steps.first { $0.number == parent } }
                state.steps.append(Step(number: number, depth: (outer?.depth ?? -1) + 1, title: title))
            case .stepFinished(let number, let ending, let elapsed):
                guard let place = state.steps.firstIndex(where: { $0.number == number }) else { return }
                state.steps[place].ending = ending
                state.steps[place].elapsed = elapsed
            case .remains(_, let text): state.notes.append(text)
            case .note(_, let text): if state.notes.count < Self.mostNotes { state.notes.append(text) }
            case .planned: state.planned += 1
            default: break
            }
        }
    }

    /// - Parameter error: why the run failed; nil where it succeeded.
    func markdown(_ error: RuntimeError?) -> String {
        state.withLock { state in
            var lines = ["## \(Self.mark(error)) `\(Self.code(title))`", ""]
            if let error {
                lines += ["> **\(Self.cell(error.message))**"] + (error.help.map { [">", "> \(Self.cell($0))"] } ?? [])
                lines.append("")
            }
            if state.planned > 0 {
                lines += ["A dry run: \(state.planned) changes were shown, and none was made.", ""]
            }
            if !state.steps.isEmpty {
                lines += ["| step | | time |", "|---|---|---:|"] + state.steps.map(Self.row) + [""]
            }
            if !state.notes.isEmpty { lines += state.notes.map { "- " + Self.cell($0) } + [""] }
            return lines.joined(separator: "\n") + "\n"
        }
    }

    private static func row(_ step: Step) -> String {
        let margin = String(repeating: "&emsp;", count: step.depth)
        let mark =
            switch step.ending {
            case .succeeded: "✅"
            case .failed: "❌ failed"
            case .cancelled: "⏹ cancelled"
            case nil: "⏹"
            }
        return "| \(margin)\(cell(step.title)) | \(mark) | \(shownTime(step.elapsed)) |"
    }

    private static func mark(_ error: RuntimeError?) -> String { error == nil ? "✅" : "❌" }

    /// One line, in which nothing is taken for Markdown or HTML.
    private static func cell(_ text: String) -> String {
        var result = ""
        for character in line(text) {
            switch character {
            case "|", "*", "_", "`", "[", "]", "\\", "#": result += "\\" + String(character)
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            default: result.append(character)
            }
        }
        return result
    }

    private static func code(_ text: String) -> String { String(line(text).filter { $0 != "`" }) }

    private static func line(_ text: String) -> String {
        oneLine(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }
}

/// Two who look at the same run.
struct ObserverPair: RunObserver {
    let first: any RunObserver
    let second: any RunObserver

    var watchesCommands: Bool { first.watchesCommands || second.watchesCommands }

    func handle(_ event: RunEvent) {
        first.handle(event)
        second.handle(event)
    }
}
