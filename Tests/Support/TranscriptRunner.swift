package import Builtins
package import Foundation
package import Lang

/// Runs transcripts and says where what is shown differs from what they expect.
package struct TranscriptRunner: Sendable {
    private let catalog: Catalog
    private let makeWorld: @Sendable (TranscriptConsole) -> World

    package init(catalog: Catalog, makeWorld: @escaping @Sendable (TranscriptConsole) -> World) {
        self.catalog = catalog
        self.makeWorld = makeWorld
    }

    package struct Failure: Sendable, CustomStringConvertible {
        package let description: String
    }

    /// The transcript as it was expected, with what is really shown in place.
    package func run(_ transcript: Transcript) async -> (recorded: Transcript, failures: [Failure]) {
        var recorded = transcript
        var failures: [Failure] = []
        var session = TranscriptSession(catalog: catalog, makeWorld: makeWorld)
        var heading = ""
        for (index, part) in transcript.parts.enumerated() {
            switch part {
            case .prose: continue
            case .heading(let text):
                heading = text
                session = TranscriptSession(catalog: catalog, makeWorld: makeWorld)
            case .input(var input):
                let shown = await session.enter(input.text)
                if shown == input.output { continue }
                failures.append(Failure(description: difference(heading, input, shown)))
                input.output = shown
                recorded.parts[index] = .input(input)
            }
        }
        return (recorded, failures)
    }

    /// Runs the transcript in a file. With `RELSH_RECORD=1` the file is rewritten; it has failed all the same.
    package func run(file: URL) async throws -> [Failure] {
        let transcript = Transcript(try String(contentsOf: file, encoding: .utf8))
        if transcript.inputs.isEmpty { return [Failure(description: "\(file.lastPathComponent) has no input")] }
        let (recorded, failures) = await run(transcript)
        if !failures.isEmpty, ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" {
            try recorded.text.write(to: file, atomically: true, encoding: .utf8)
        }
        return failures
    }

    private func difference(_ heading: String, _ input: Transcript.Input, _ shown: [String]) -> String {
        let head = (heading.isEmpty ? "" : "# \(heading) #\n") + input.lines.map { "  > \($0)\n" }.joined()
        let changes = shown.difference(from: input.output)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in changes {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        // What stays the same stands once, between what is missing and what is new.
        var lines: [String] = []
        var next = 0
        for (offset, line) in input.output.enumerated() {
            while !removed.contains(offset), next < shown.count, inserted.contains(next) {
                lines.append("+ " + shown[next])
                next += 1
            }
            lines.append((removed.contains(offset) ? "- " : "  ") + line)
            if !removed.contains(offset) { next += 1 }
        }
        lines += shown[min(next, shown.count)...].map { "+ " + $0 }
        return head + lines.joined(separator: "\n")
    }
}
