import Builtins
import Lang

/// Shows why a run failed: message and source as for any other finding, the calls that led there, and the command.
struct ErrorPrinter {
    let colour: Bool
    private static let maximumFrames = 12

    /// - Parameter showsOutput: false where the command's output is on the screen already.
    func text(_ error: RuntimeError, showsOutput: Bool = true) -> String {
        var result = headline(error)
        for frame in Self.calls(error.frames) { result += "  \(frame)\n" }
        for note in error.notes { result += "  note: \(cut(note))\n" }
        if let command = error.command { result += self.command(command, showsOutput: showsOutput) }
        // The source that is shown may hold one, too.
        return SecretMask.hide(in: result)
    }

    func text(_ error: UsageError) -> String {
        headline(error.message, error.location)
    }

    private func headline(_ error: RuntimeError) -> String {
        headline(Message(cut(error.message), help: error.help.map(cut), id: error.id), error.location)
    }

    private func headline(_ message: Message, _ location: SourceLocation?) -> String {
        if let location {
            let text = DiagnosticPrinter(colour: colour).text(Diagnostic(.error, message, at: location))
            return text.hasSuffix("\n") ? text : text + "\n"
        }
        let label = StyledLine("error", .red).rendered(width: nil, colour: colour)
        return "\(label): \(message.text) [\(message.id)]\n" + (message.help.map { "  help: \($0)\n" } ?? "")
    }

    /// Innermost first; a frame that repeats (recursion) is folded, and a long stack shows both of its ends.
    private static func calls(_ frames: [RuntimeError.Frame]) -> [String] {
        var folded: [(text: String, count: Int)] = []
        for frame in frames {
            let text = "in \(frame.function) at \(frame.location.description)"
            if folded.last?.text == text {
                folded[folded.count - 1].count += 1
            } else {
                folded.append((text, 1))
            }
        }
        var lines = folded.map { $0.count == 1 ? $0.text : "\($0.text) (\($0.count) times)" }
        if lines.count > maximumFrames {
            let half = maximumFrames / 2
            let hidden = lines.count - 2 * half
            lines = lines.prefix(half) + ["… \(hidden) more calls"] + lines.suffix(half)
        }
        return lines
    }

    private func command(_ command: RuntimeError.FailedCommand, showsOutput: Bool) -> String {
        let code = command.exitCode.map { " (exit code \($0))" } ?? ""
        var text = "  command: \(cut(command.line))\(code)\n"
        if showsOutput, !command.output.isEmpty {
            text += command.output + (command.output.hasSuffix("\n") ? "" : "\n")
        }
        return text
    }
}
