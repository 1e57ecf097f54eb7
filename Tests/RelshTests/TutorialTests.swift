import Builtins
import Foundation
import Testing

/// docs/tutorial.md, typed in from top to bottom: what needs no Docker Engine. `Tests/EndToEnd/TutorialTests.swift` does
/// the rest.
///
/// A block tagged `console` is a session in the shell, one tagged `file=NAME` a file that is written where the reader
/// is. `…` stands for any text, on a line of its own for any lines. `RELSH_RECORD=1` rewrites sessions without a `…`, and
/// still fails.
@Suite struct TutorialTests {
    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let page = repository.appendingPathComponent("docs/tutorial.md")

    @Test func theSessionsShowWhatThePageSays() async throws {
        let shell = try Shell()
        defer { shell.remove() }
        var lines = try String(contentsOf: Self.page, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        var commands = 0
        var recorded = false
        var index = 0
        while index < lines.count {
            guard lines[index].hasPrefix("```") else {
                index += 1
                continue
            }
            let words = lines[index].dropFirst(3).split(separator: " ")
            let end = try #require(lines[(index + 1)...].firstIndex(of: "```"), "line \(index + 1) opens a block")
            let block = Array(lines[index + 1..<end])
            index = end + 1
            if words.contains("engine") { continue }
            if let file = words.first(where: { $0.hasPrefix("file=") })?.dropFirst("file=".count) {
                try shell.write(String(file), block.joined(separator: "\n") + "\n")
                continue
            }
            #expect(words.first == "console", "nobody tries the block that ends in line \(end + 1)")
            var shown: [String] = []
            var expected: [String] = []
            for (command, output) in sessions(block) {
                commands += 1
                if words.contains("build") {
                    try shell.expectTarget(of: command)
                    continue
                }
                let lines = try await shell.run(command)
                shown += ["% " + command] + (output.contains { $0.contains("…") } ? output : lines)
                expected += ["% " + command] + output
                let isRight = SessionOutput(output).matches(lines)
                if !isRight {
                    Issue.record("`\(command)` in line \(end) shows\n\(lines.joined(separator: "\n"))")
                }
            }
            guard shown != expected, ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" else { continue }
            lines.replaceSubrange(end - block.count..<end, with: shown)
            index += shown.count - block.count
            recorded = true
        }
        #expect(commands > 15)
        if recorded { try lines.joined(separator: "\n").write(to: Self.page, atomically: true, encoding: .utf8) }
    }

    private func sessions(_ block: [String]) -> [(command: String, output: [String])] {
        var sessions: [(String, [String])] = []
        for line in block {
            if line.hasPrefix("% ") {
                sessions.append((String(line.dropFirst(2)), []))
            } else if !sessions.isEmpty {
                sessions[sessions.count - 1].1.append(line)
            }
        }
        return sessions
    }

    /// A shell that remembers where it is, in a home of its own, with the relsh that stands beside these tests.
    private struct Shell {
        let home: URL
        private let state: URL

        init() throws {
            let name = "relsh-tutorial-\(UUID().uuidString)"
            home = FileManager.default.temporaryDirectory.appendingPathComponent(name).resolvingSymlinksInPath()
            state = home.appendingPathComponent(".place")
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            try home.path.write(to: state, atomically: true, encoding: .utf8)
            let relsh = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
                .appendingPathComponent("relsh")
            try #require(FileManager.default.isExecutableFile(atPath: relsh.path), "\(relsh.path) is missing")
            let bin = home.appendingPathComponent(".bin")
            try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                at: bin.appendingPathComponent("relsh"), withDestinationURL: relsh)
        }

        func remove() { try? FileManager.default.removeItem(at: home) }

        private var place: String {
            ((try? String(contentsOf: state, encoding: .utf8)) ?? home.path).trimmingCharacters(in: .newlines)
        }

        func write(_ name: String, _ text: String) throws {
            try text.write(toFile: place + "/" + name, atomically: true, encoding: .utf8)
        }

        /// What a person would see: both outputs in the order in which they are written, with times as 0.0 s.
        func run(_ command: String) async throws -> [String] {
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            // Not Foundation's Process: its children may hold connections open that other tests have at the same time.
            let processes = LiveProcesses(
                environment: ["HOME": home.path, "PATH": home.path + "/.bin:" + path, "LANG": "C.UTF-8"],
                workingDirectory: place)
            let request = ProcessRequest(["/bin/bash", "-c", "exec 2>&1\n\(command)\npwd > '\(state.path)'"])
            let outcome = try await processes.run([request], ProcessOptions())
            let text = outcome.stdout.replacing(/\((?:\d+(?:\.\d)? s|\d+m \d\ds)\)/, with: "(0.0 s)")
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            while lines.last?.isEmpty == true { lines.removeLast() }
            return lines
        }

        /// Building is what has been done before this test: that make knows the target is all to see.
        func expectTarget(of command: String) throws {
            guard command.hasPrefix("make ") else { return }
            let makefile = try String(
                contentsOf: TutorialTests.repository.appendingPathComponent("Makefile"), encoding: .utf8)
            let target = command.dropFirst("make ".count)
            #expect(makefile.contains("\n\(target):"), "the Makefile has no target \(target)")
        }
    }

    /// Lines in which `…` stands for what is left out.
    private struct SessionOutput {
        let lines: [String]
        init(_ lines: [String]) { self.lines = lines }

        func matches(_ shown: [String]) -> Bool {
            matches(lines[...], shown[...])
        }

        private func matches(_ wanted: ArraySlice<String>, _ shown: ArraySlice<String>) -> Bool {
            guard let first = wanted.first else { return shown.isEmpty }
            if first == "…" {
                return (shown.startIndex...shown.endIndex).contains { matches(wanted.dropFirst(), shown[$0...]) }
            }
            guard let line = shown.first, fits(first, line) else { return false }
            return matches(wanted.dropFirst(), shown.dropFirst())
        }

        private func fits(_ wanted: String, _ line: String) -> Bool {
            let parts = wanted.split(separator: "…", omittingEmptySubsequences: false)
            guard parts.count == 2 else { return wanted == line }
            return line.count + 1 >= wanted.count && line.hasPrefix(parts[0]) && line.hasSuffix(parts[1])
        }
    }
}
