/// A session as it looks on the screen, kept as a test.
///
///     # values are copied #
///     > var xs = [1]
///     > fn double(n) {
///     |     return n * 2
///     | }
///     > double(xs[0])
///     2
///     > xs[5]
///     error: index 5 must be inside the list, but the list has 1 (0 to 0) [index-out-of-range] at 1:1
///
/// `# heading #` begins a sub-test: a session of its own. A line with `> ` is input, lines with `| ` continue it. What
/// follows, up to a blank line, the next input or a heading, is what is shown for it; there, `⏎` alone stands for an
/// empty line. All other lines are prose and mean nothing.
///
/// What is shown for an input, see `TranscriptSession`.
package struct Transcript: Sendable {
    package struct Input: Sendable {
        package var lines: [String]
        package var output: [String] = []
        package var text: String { lines.joined(separator: "\n") }
    }

    package enum Part: Sendable {
        case prose(String)
        case heading(String)
        case input(Input)
    }

    package var parts: [Part] = []

    package static let emptyLine = "⏎"

    package init(_ text: String) {
        var isOutput = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.hasPrefix("> ") || line == ">" {
                parts.append(.input(Input(lines: [String(line.dropFirst(2))])))
                isOutput = true
            } else if let heading = Transcript.heading(line) {
                parts.append(.heading(heading))
                isOutput = false
            } else if isOutput, line.isEmpty {
                parts.append(.prose(line))
                isOutput = false
            } else if isOutput, case .input(var input)? = parts.last {
                let continues = line.hasPrefix("| ") || line == "|"
                if continues, input.output.isEmpty {
                    input.lines.append(String(line.dropFirst(2)))
                } else {
                    input.output.append(line)
                }
                parts[parts.count - 1] = .input(input)
            } else {
                parts.append(.prose(line))
            }
        }
        // The end of the last line begins no other.
        if case .prose("")? = parts.last { parts.removeLast() }
    }

    private static func heading(_ line: String) -> String? {
        guard line.hasPrefix("# "), line.hasSuffix(" #"), line.utf8.count > 4 else { return nil }
        return String(line.dropFirst(2).dropLast(2))
    }

    package var inputs: [Input] {
        parts.compactMap { if case .input(let input) = $0 { input } else { nil } }
    }

    /// As it stands in a file.
    package var text: String {
        var lines: [String] = []
        for part in parts {
            switch part {
            case .prose(let line): lines.append(line)
            case .heading(let heading): lines.append("# \(heading) #")
            case .input(let input):
                for (index, line) in input.lines.enumerated() {
                    let sign = index == 0 ? ">" : "|"
                    lines.append(line.isEmpty ? sign : "\(sign) \(line)")
                }
                lines += input.output
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
