import Glibc
import Testing

extension EndToEnd {
    /// docs/tutorial.md from where it needs an engine, typed in as it stands there: the blocks tagged `engine`. What comes
    /// before is tried by `Tests/RelshTests/TutorialTests.swift`, which says what the blocks mean.
    @Suite("The tutorial")
    struct TutorialTests {
        @Test("Its second half does what it says")
        func secondHalf() async throws {
            try Host.requireRelsh()
            _ = try Engine()
            var shell = TutorialShell()
            var commands = 0
            for block in Self.blocks(of: readText("\(Host.root)/docs/tutorial.md")) {
                if let file = block.words.first(where: { $0.hasPrefix("file=") })?.dropFirst("file=".count) {
                    let directory = file.split(separator: "/").dropLast().joined(separator: "/")
                    try await Host.run("mkdir", "-p", "\(shell.place)/\(directory)")
                    try writeFile("\(shell.place)/\(file)", block.lines.joined(separator: "\n") + "\n")
                    continue
                }
                for session in block.sessions {
                    let shown = try await shell.run(session.command)
                    let isRight = Self.fit(session.output[...], shown[...])
                    #expect(isRight, "`\(session.command)` shows\n\(shown.joined(separator: "\n"))")
                    commands += 1
                    if session.command.contains("make-history.sh") { try await shell.takeAPlaceInTheRegistries() }
                }
            }
            #expect(commands > 8)
        }

        // MARK: The page

        private struct Block {
            let words: [String]
            var lines: [String] = []

            var sessions: [(command: String, output: [String])] {
                lines.reduce(into: []) { sessions, line in
                    if line.hasPrefix("% ") {
                        sessions.append((String(line.dropFirst(2)), []))
                    } else if !sessions.isEmpty {
                        sessions[sessions.count - 1].output.append(line)
                    }
                }
            }
        }

        private static func blocks(of text: String) -> [Block] {
            var blocks: [Block] = []
            var isInside = false
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("```") {
                    isInside.toggle()
                    if isInside {
                        blocks.append(Block(words: line.dropFirst(3).split(separator: " ").map(String.init)))
                    }
                } else if isInside {
                    blocks[blocks.count - 1].lines.append(String(line))
                }
            }
            return blocks.filter { $0.words.contains("engine") }
        }

        /// `…` is any text, on a line of its own any lines.
        private static func fit(_ wanted: ArraySlice<String>, _ shown: ArraySlice<String>) -> Bool {
            guard let first = wanted.first else { return shown.isEmpty }
            if first == "…" {
                return (shown.startIndex...shown.endIndex).contains { fit(wanted.dropFirst(), shown[$0...]) }
            }
            guard let line = shown.first else { return false }
            let parts = first.split(separator: "…", omittingEmptySubsequences: false)
            let isFitting = parts.count == 2 ? line.hasPrefix(parts[0]) && line.hasSuffix(parts[1]) : first == line
            return isFitting && fit(wanted.dropFirst(), shown.dropFirst())
        }
    }
}

/// A shell that remembers where it is and what was exported, in a home of its own.
private struct TutorialShell {
    private let home = TemporaryFiles.newDirectory("tutorial")
    private(set) var place = Host.root

    /// What a person would see, with times as 0.0 s.
    mutating func run(_ command: String) async throws -> [String] {
        var environment = Host.clean
        let relsh = Host.relsh.split(separator: "/").dropLast().joined(separator: "/")
        environment["PATH"] = "/\(relsh):\(environment["PATH"] ?? "/usr/bin:/bin")"
        environment["HOME"] = home
        let script = """
            exec 2>&1
            if [ -f "$HOME/.exports" ]; then . "$HOME/.exports"; fi
            cd "$1"
            \(command)
            export -p | grep -v ' OLDPWD' > "$HOME/.exports"
            pwd > "$HOME/.place"
            """
        let finished = try await Running(
            "bash", ["-c", script, "bash", place], in: Host.root, environment: environment
        ).wait(limit: .seconds(300))
        place = String(readText("\(home)/.place").prefix { $0 != "\n" })
        let text = finished.stdout.replacing(/\((?:\d+(?:\.\d)? s|\d+m \d\ds)\)/, with: "(0.0 s)")
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// So that a test and its neighbours do not publish to one repository.
    mutating func takeAPlaceInTheRegistries() async throws {
        let directory = "\(home)/hello-service"
        let settings = readText("\(directory)/relsh.toml")
        try writeFile("\(directory)/relsh.toml", settings.replacing("/team\"", with: "/e2e-\(getpid())-tutorial\""))
        try await Host.run("git", "-C", directory, "commit", "-qam", "Take a place in the registries")
        try await Host.run("git", "-C", directory, "push", "-q")
    }
}
