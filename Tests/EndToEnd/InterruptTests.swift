import Glibc
import Testing

extension EndToEnd {
    @Suite("Ctrl-C")
    struct Interrupts {
        /// A project with a local image whose fast suite, in the image, and QA, outside of it, never end.
        private func endless() async throws -> SampleProject {
            let project = try await SampleProject()
            let sleep = "[\"python3\", \"-c\", \"import time; time.sleep(300)\", \"{image}\"]"
            var settings = readText(project.directory + "/relsh.toml")
            for (start, end) in [("[tests.fast]\n", "timeout = \"5m\""), ("where = \"outside\"\n", "timeout = \"5m\"")]
            {
                let after = try #require(settings.firstRange(of: start)).upperBound
                let before = try #require(settings[after...].firstRange(of: end)).lowerBound
                settings.replaceSubrange(after..<before, with: "command = \(sleep)\n")
            }
            try await project.commit("Test for ever", ["relsh.toml": settings])
            try await project.relsh("docker_build_local_image", "--version", "1.0.0").expect(0)
            return project
        }

        private static let marker = "RELSH_END_TO_END"

        private func interrupt(
            _ recipe: String, until underWay: @Sendable (SampleProject) async throws -> Bool,
            input: Running.Input = .none,
            _ stop: (Running) -> Void
        ) async throws {
            let project = try await endless()
            let run = project.repository
            let running = try project.start(
                [recipe, "--stage", "local", "--version", "1.0.0"], environment: [Self.marker: run], input: input)
            try await running.waitUntil("the suite is under way") { try await underWay(project) }
            try await Task.sleep(for: .milliseconds(200))
            let stopped = ContinuousClock.now
            stop(running)
            let finished = try await running.wait(limit: .seconds(60)) {
                if case .terminal(let terminal) = input { terminal.read() }
            }
            #expect(ContinuousClock.now - stopped < .seconds(25), "\(finished)")
            finished.expect(130)
            // The engine may need a moment to take a container away that has ended.
            try await running.waitUntil("no container is left", limit: .seconds(30)) {
                try await project.containers().isEmpty
            }
            try await Processes.expectNone(with: Self.marker, run)
        }

        private func containerRuns(_ project: SampleProject) async throws -> Bool {
            try await project.containers().isEmpty == false
        }

        private func programRuns(_ project: SampleProject) -> Bool {
            Processes.with(variable: Self.marker, project.repository).contains { $0.contains("time.sleep") }
        }

        @Test("In a suite inside an image: the container goes too")
        func inside() async throws {
            try await interrupt("run_fast_tests", until: containerRuns) { $0.send(SIGINT) }
        }

        @Test("In a suite outside of it: the program goes too")
        func outside() async throws {
            try await interrupt("run_qa_tests", until: programRuns) { $0.send(SIGINT) }
        }

        @Test("Twice at once, as `timeout` does it")
        func twice() async throws {
            try await interrupt("run_fast_tests", until: containerRuns) {
                $0.send(SIGINT)
                $0.send(SIGTERM)
            }
        }

        @Test("A second time, however soon: it leaves at once")
        func again() async throws {
            try Host.requireRelsh()
            let marker = "again-\(UInt32.random(in: .min ... .max))"
            let running = try Running(
                Host.relsh, ["-e", "print(1)\n$ sh -c \"trap '' INT TERM; sleep 300; sleep 300\""], in: "/",
                environment: Host.clean.merging([Self.marker: marker]) { $1 })
            try await running.waitUntil("the program runs") {
                Processes.with(variable: Self.marker, marker).contains { $0.contains(": sleep") }
            }
            running.send(SIGINT)
            try await Task.sleep(for: .milliseconds(500))
            running.send(SIGINT)
            // Of containers it speaks only where there may be some.
            try await running.wait(limit: .seconds(60)).expect(130, "interrupted again, leaving at once")
                .expectNot("docker")
            try await Processes.expectNone(with: Self.marker, marker)
        }

        @Test("Typed at a terminal, where every process in the foreground hears it")
        func typed() async throws {
            let terminal = try Terminal()
            try await interrupt("run_fast_tests", until: containerRuns, input: .terminal(terminal)) { _ in
                terminal.type("\u{3}")
            }
        }

        @Test("What it still does is said")
        func slowUndo() async throws {
            try Host.requireRelsh()
            let text =
                "transaction \"T\" { step \"S\" { print(\"started\") } undo { time.sleep(3s) }; time.sleep(300s) }"
            let running = try Running(Host.relsh, ["--no-ledger", "-e", text], in: "/", environment: Host.clean)
            try await running.waitUntil("it has started") { running.stdout.contains("started") }
            try await Task.sleep(for: .milliseconds(200))
            running.send(SIGINT)
            try await running.wait(limit: .seconds(60)).expect(130, "Ctrl-C again leaves at once", "interrupted")
        }

        @Test("In a loop that does nothing else")
        func loop() async throws {
            try Host.requireRelsh()
            let running = try Running(
                Host.relsh, ["-e", "print(\"started\")\nvar i = 0\nwhile true { i = (i + 1) % 7 }"], in: "/",
                environment: Host.clean)
            try await running.waitUntil("it has started") { running.stdout.contains("started") }
            running.send(SIGINT)
            try await running.wait(limit: .seconds(30)).expect(130)
        }
    }
}
