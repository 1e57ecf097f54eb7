import Testing

extension EndToEnd {
    @Suite("What a person sees")
    struct Progress {
        private static let program = """
            step "Outer" {
                step "Inner one" { $ sh -c "echo from the command; sleep 1" }
                step "Inner two" { sh("true") }
            }
            print("done")
            """

        private func onTerminal(_ environment: [String: String]) async throws -> (Finished, String) {
            try Host.requireRelsh()
            let terminal = try Terminal()
            let file = try TemporaryFiles.file("progress.rel", Self.program)
            let running = try Running(
                Host.relsh, [file], in: "/",
                environment: Host.clean.merging(["TERM": "xterm-256color"]) { $1 }.merging(environment) { $1 },
                input: .terminal(terminal))
            let finished = try await running.wait { terminal.read() }
            return (finished, terminal.text)
        }

        @Test("On a terminal, a tree that is drawn again while it runs, in colours")
        func terminal() async throws {
            let (finished, screen) = try await onTerminal([:])
            #expect(finished.code == 0, "\(screen)")
            for text in ["Outer", "Inner one", "from the command", "✓", "done", "\u{1B}[J", "\u{1B}[32m"] {
                #expect(screen.contains(text), "\(text) in \(screen.debugDescription)")
            }
        }

        @Test("With NO_COLOR, the same without colours")
        func noColour() async throws {
            let (finished, screen) = try await onTerminal(["NO_COLOR": "1"])
            #expect(finished.code == 0)
            #expect(screen.contains("✓") && screen.contains("\u{1B}[J"))
            #expect(
                !screen.contains { $0 == "\u{1B}" } || screen.firstMatch(of: /\x1B\[[0-9;]*m/) == nil,
                "\(screen.debugDescription)")
        }

        @Test("On a dumb terminal, plain lines")
        func dumb() async throws {
            let (finished, screen) = try await onTerminal(["TERM": "dumb"])
            #expect(finished.code == 0)
            #expect(!screen.contains("\u{1B}") && screen.contains("Inner two"), "\(screen.debugDescription)")
        }

        @Test("A copy shows a bar for each target, with bytes and rate")
        func bars() async throws {
            let source = try await OwnRegistry()
            let targets = [try await OwnRegistry(), try await OwnRegistry()]
            _ = try await source.seed("team/app", "1", layers: 1, bytes: 6_000_000)
            let slow = try await FaultProxy(before: source.address, ["GET:/blobs/:slow=40000:9"])
            let names = targets.map { "Image(\"\($0.address)/mirror/app:1\")" }.joined(separator: ", ")
            let call = "step \"Mirror\" { registry.copy(Image(\"\(slow.address)/team/app:1\"), to: [\(names)]) }"
            let terminal = try Terminal()
            let running = try Running(
                Host.relsh, ["-e", call], in: "/", environment: Host.clean.merging(["TERM": "xterm-256color"]) { $1 },
                input: .terminal(terminal))
            let finished = try await running.wait { terminal.read() }
            let screen = terminal.text
            #expect(finished.code == 0, "\(screen)")
            for target in targets {
                let bar = try Regex("\(target.address)/mirror/app:1  .*━.* %  [0-9.]+ [kM]B of 6.0 MB.*[0-9] [kM]B/s")
                #expect(screen.firstMatch(of: bar) != nil, "\(screen.debugDescription)")
            }
        }

        @Test("In a pipe, plain lines on standard error and what was printed on standard output")
        func pipe() async throws {
            let file = try TemporaryFiles.file("progress.rel", Self.program)
            let run = try await Host.relsh(file)
            run.expect(0)
            #expect(run.stdout == "done\n")
            #expect(!run.stderr.contains("\u{1B}"))
            for text in ["Outer", "Inner one", "Inner two", "ok"] { #expect(run.stderr.contains(text), "\(run)") }
        }

        @Test("What a failed command wrote is shown whole, once, and --quiet shows only that")
        func failure() async throws {
            let text = "step \"Fails\" { $ sh -c \"seq 1 500; echo the last words >&2; exit 3\" }\n"
            let file = try TemporaryFiles.file("fails.rel", text)
            for arguments in [[file], ["--quiet", file], ["--verbose", file]] {
                let run = try await Host.relsh(arguments).expect(1, "250\n", "the last words", "fails.rel:1:")
                #expect(
                    run.stderr.split(separator: "\n").filter { $0.hasSuffix("the last words") }.count == 1, "\(run)")
            }
            let quiet = try await Host.relsh("--quiet", try TemporaryFiles.file("works.rel", Self.program))
            quiet.expect(0)
            #expect(!quiet.stderr.contains("Outer") && quiet.stdout == "done\n", "\(quiet)")
        }

        @Test("A password is never on the screen or on a command line")
        func secrets() async throws {
            let project = try await SampleProject()
            let token = project.engine.token
            let programs = try await RecordedPrograms(["docker"])
            try await project.start(["docker_login", "--verbose"], environment: ["PATH": programs.path]).wait()
                .expect(0).expectNot(token)
            let lines = try await programs.seen().map(\.line)
            #expect(lines.contains { $0.contains("--password-stdin") }, "no login among \(lines)")
            #expect(!lines.contains { $0.contains(token) }, "the password stands on a command line")
            try await programs.remove()

            let secret = "let token = env.secret(\"GHCR_TOKEN\")\nprint(token)\nprint([token])\nprint(\"${token}\")\n"
            let shown = try await project.start(["-"], input: .bytes(Array(secret.utf8))).wait()
            shown.expect(0, "•••").expectNot(token)
            let word = "let token = env.secret(\"GHCR_TOKEN\")\n$ echo ${token}\n"
            let refused = try await project.start(["-"], input: .bytes(Array(word.utf8))).wait()
            #expect([1, 2].contains(refused.code), "\(refused)")
            refused.expectNot(token)
            let missing = try await project.relsh("docker_login", environment: ["GHCR_TOKEN": ""])
            missing.expect(1, "GHCR_TOKEN", "ghcr")
        }
    }
}
