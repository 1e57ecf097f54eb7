import Glibc
import Testing

extension EndToEnd {
    @Suite("What may happen to a run")
    struct Durability {
        private static let marker = "RELSH_END_TO_END"

        private func project() throws -> String {
            let directory = TemporaryFiles.newDirectory("durable")
            try writeFile(directory + "/relsh.toml", "name = \"durable\"\n")
            return directory
        }

        private func started(_ text: String, in directory: String, _ mark: String) async throws -> Running {
            try Host.requireRelsh()
            let running = try Running(
                Host.relsh, ["-e", text], in: directory, environment: Host.clean.merging([Self.marker: mark]) { $1 })
            try await running.waitUntil("its programs run") {
                running.stderr.contains("\nready") || running.stdout.contains("ready")
            }
            return running
        }

        // MARK: Signals

        @Test("SIGINT, SIGTERM and SIGHUP let it take back what it has begun", arguments: [SIGINT, SIGTERM, SIGHUP])
        func signals(_ signal: Int32) async throws {
            let directory = try project()
            let mark = "signal-\(signal)-\(UInt32.random(in: .min ... .max))"
            let text = """
                transaction "Work" {
                    files.write("made", "1")
                    step "Sleep" { $ sh -c "echo ready; sleep 300 | sleep 300" } undo { print("never") }
                }
                """
            let running = try await started(text, in: directory, mark)
            #expect(access(directory + "/made", F_OK) == 0)
            running.send(signal)
            try await running.wait(limit: .seconds(60)).expect(130, "relsh: interrupted")
            try await Processes.expectNone(with: Self.marker, mark)
            #expect(access(directory + "/made", F_OK) != 0)
            try await Host.relsh("runs", in: directory).expect(0, "interrupted")
            try await Host.relsh("show", in: directory).expect(0, "undone")
        }

        @Test("What could not be undone ends relsh with 3, whatever a `try` makes of it")
        func tried() async throws {
            let directory = try project()
            let text = """
                try {
                    transaction "Try" {
                        step "Make" { files.write("made", "1") } undo { if files.exists("broken") { fail "cannot" } }
                        fail "no"
                    }
                } catch e { print("caught ${e.message}") }
                """
            try writeFile(directory + "/broken", "")
            try await Host.relsh("-e", text, in: directory).expect(
                3, "caught no", "undo failed: step Make: cannot", "[undo-left-something]", "`relsh undo 1` tries again")
            try await Host.run("rm", directory + "/broken")
            try await Host.relsh("undo", "1", in: directory).expect(0, "taken back: step 2, Make, by its undo")
        }

        @Test("Ctrl-C lets relsh undo end the block that it is in, and it is not called again")
        func undoInterrupted() async throws {
            let directory = try project()
            let text = """
                files.write("made", "1")
                step "Block" { 5 } undo { $ sh -c "echo ready; until test -e go; do sleep 0.1; done; echo called >> calls" }
                """
            try await Host.relsh("-e", text, in: directory).expect(0)
            let undoing = try Running(Host.relsh, ["undo", "1"], in: directory, environment: Host.clean)
            let calls = { readText(directory + "/calls") }
            try await undoing.waitUntil("the block runs") {
                Processes.children(of: undoing.pid).contains { $0.line.contains("echo ready") }
            }
            undoing.send(SIGINT)
            // It has heard that before the block can end.
            try await Task.sleep(for: .seconds(1))
            try writeFile(directory + "/go", "")
            try await undoing.wait(limit: .seconds(60)).expect(130)
            #expect(calls() == "called\n")
            try await Host.relsh("runs", "--locks", in: directory).expect(0, "No release is under way")
            try await Host.relsh("undo", "1", in: directory).expect(0, "taken back: the file made")
            #expect(calls() == "called\n")
        }

        @Test(
            "A timeout counts in what cleans up, after another has passed, too",
            arguments: [
                ("transaction \"t\" { step \"s\" { 1 } undo { CLEAN }\nfail \"x\" }", "error: x"),
                ("timeout(1s) { defer { CLEAN }\n$ sleep 60 }", "this must be done in 1s"),
            ])
        func timeoutInCleaning(_ text: String, _ failure: String) async throws {
            let clean = "try { timeout(500ms) { $ sleep 61 } } catch e { print(\"caught\", e.kind) }"
            let run = try await Host.relsh("-e", text.replacing("CLEAN", with: clean), in: try project())
            #expect(run.expect(1, failure).stdout == "caught timeout\n")
        }

        @Test("Where nothing can be recorded a run stops, whatever is tried")
        func unrecorded() async throws {
            let directory = try project()
            var environment = Host.clean
            environment["RELSH_LEDGER"] = "/dev/full"
            let text = "try { retry(2, every: 1ms) { files.write(\"made\", \"1\") } } catch e { }\nprint(\"goes on\")"
            try await Host.relsh("-e", text, in: directory, environment: environment).expect(1, "not-a-ledger")
                .expectNot("goes on")
            #expect(access(directory + "/made", F_OK) != 0)
        }

        @Test("SIGKILL leaves nothing running: what it had started ends with it")
        func killed() async throws {
            let directory = try project()
            let mark = "killed-\(UInt32.random(in: .min ... .max))"
            let text = """
                parallel {
                    step "Pipe" { $ sh -c "echo ready; sleep 300" | sh -c "cat; sleep 300 & sleep 300" }
                    step "Stubborn" { $ sh -c "trap '' INT TERM HUP; sleep 300; sleep 300" }
                    step "Quiet" { print($(sleep 300)) }
                }
                """
            let running = try await started(text, in: directory, mark)
            try await running.waitUntil("all of them run") {
                Processes.with(variable: Self.marker, mark).count { $0.contains("sleep 300") } >= 5
            }
            try await running.waitUntil("the guard of what it has started is there") {
                Processes.children(of: running.pid).contains { $0.line.hasPrefix("relsh-guard") }
            }
            running.send(SIGKILL)
            #expect(try await running.wait().signal == SIGKILL)
            try await Processes.expectNone(with: Self.marker, mark)
        }

        @Test("A second interruption leaves nothing running either")
        func twice() async throws {
            let directory = try project()
            let mark = "twice-\(UInt32.random(in: .min ... .max))"
            let text = "$ sh -c \"trap '' INT TERM HUP; echo ready; sleep 300; sleep 300\""
            let running = try await started(text, in: directory, mark)
            running.send(SIGTERM)
            try await Task.sleep(for: .milliseconds(800))
            running.send(SIGTERM)
            try await running.wait(limit: .seconds(60)).expect(130, "interrupted again")
            try await Processes.expectNone(with: Self.marker, mark)
        }

        @Test("relsh leaves no process of its own behind")
        func ended() async throws {
            let directory = try project()
            let text = "$ sh -c \"echo ready; until test -e go; do sleep 0.1; done\""
            let running = try await started(text, in: directory, "ended")
            func own() -> String? { Processes.children(of: running.pid).first { $0.line.hasPrefix("relsh-guard") }?.id }
            try await running.waitUntil("the guard of what it has started is there") { own() != nil }
            let id = try #require(own())
            try writeFile(directory + "/go", "")
            try await running.wait().expect(0)
            try await running.waitUntil("the guard is gone") {
                !Processes.commandLine(id).hasPrefix("relsh-guard")
            }
        }

        // MARK: Disks

        /// Runs a shell script with a file system of its own, of one megabyte, at its working directory.
        private func onSmallDisk(_ script: String) async throws -> Finished {
            try Host.requireRelsh()
            let directory = TemporaryFiles.newDirectory("disk")
            let words = ["--user", "--map-root-user", "--mount", "sh", "-euc"]
            let whole = "mount -t tmpfs -o size=1m none \(directory); cd \(directory); relsh=\(Host.relsh)\n\(script)"
            return try await Running("unshare", words + [whole], in: "/", environment: Host.clean).wait()
        }

        @Test("A disk that is full stops a run before its next change, and it goes on when there is room")
        func fullDisk() async throws {
            let script = """
                printf 'name = "full"\\n' >relsh.toml
                go=$(mktemp -u /dev/shm/relsh-e2e-go.XXXXXX)
                cat >r.rel <<TEXT
                files.write("one", "1")
                print("ready")
                retry(3000, every: 20ms) { assert files.exists("$go") }
                files.write("two", "2")
                print("done")
                TEXT
                $relsh r.rel >out 2>/dev/shm/$$.err & run=$!
                until grep -q ready out; do sleep 0.05; done
                dd if=/dev/zero of=fill bs=4k 2>/dev/null || true
                : >$go
                code=0; wait $run || code=$?
                cat /dev/shm/$$.err >&2; rm /dev/shm/$$.err
                echo "ended with $code"; ls
                rm fill
                $relsh runs
                $relsh resume; rm $go
                cat one two
                """
            let finished = try await onSmallDisk(script)
            finished.expect(0, "ended with 1", "ledger-not-written", "make room on its disk", "failed", "done\n12")
            #expect(!(finished.stdout.split(separator: "runs").first ?? "").contains("two"))
        }

        @Test("A disk that is full at the very end: that the run has succeeded is recorded all the same")
        func fullDiskAtTheEnd() async throws {
            let script = """
                printf 'name = "full"\\n' >relsh.toml
                go=$(mktemp -u /dev/shm/relsh-e2e-go.XXXXXX)
                cat >r.rel <<TEXT
                files.write("one", "1")
                print("ready")
                retry(3000, every: 20ms) { assert files.exists("$go") }
                TEXT
                $relsh r.rel >out & run=$!
                until grep -q ready out; do sleep 0.05; done
                dd if=/dev/zero of=fill bs=4k 2>/dev/null || true
                : >$go
                code=0; wait $run || code=$?
                rm $go
                echo "ended with $code"
                $relsh runs
                """
            try await onSmallDisk(script).expect(0, "ended with 0", "succeeded")
        }

        @Test("A disk that is full from the start: the remedy is room, and no run is named that is not there")
        func fullDiskAtTheStart() async throws {
            let script = """
                printf 'name = "full"\\n' >relsh.toml
                printf 'files.write("one", "1")\\n' >r.rel
                dd if=/dev/zero of=fill bs=4k 2>/dev/null || true
                code=0; $relsh r.rel || code=$?
                echo "ended with $code"
                rm fill
                $relsh r.rel && $relsh runs
                """
            let finished = try await onSmallDisk(script)
            finished.expect(0, "ended with 1", "make room on its disk", "#1  succeeded")
            #expect(!finished.stderr.contains("this was run"))
        }

        @Test("A project that cannot be written to, and a home that is not there, are told with a remedy")
        func readOnly() async throws {
            let script = """
                printf 'name = "fixed"\\n' >relsh.toml; mkdir sub
                printf 'files.write("/dev/shm/relsh-e2e-%s", "1")\\n' $$ >r.rel
                mount -o remount,ro none .
                code=0; HOME=/proc/none $relsh r.rel || code=$?; echo "first $code"
                [ ! -e /dev/shm/relsh-e2e-$$ ] && echo "nothing was made"
                RELSH_LEDGER=/dev/shm/relsh-e2e-$$.db HOME=/proc/none $relsh r.rel && cat /dev/shm/relsh-e2e-$$
                rm -f /dev/shm/relsh-e2e-$$*
                """
            try await onSmallDisk(script).expect(
                0, "first 1", "nothing was made", "ledger-not-opened", "read-only file system", "set RELSH_LEDGER",
                "\n1")
        }

        @Test("A login that docker cannot keep is told with a remedy")
        func noHome() async throws {
            let project = try await SampleProject()
            try await project.start(
                ["-e", "docker.login(project.registries.get(\"ghcr\"))"],
                environment: ["HOME": "/proc/none", "DOCKER_CONFIG": "/proc/none", "GHCR_TOKEN": project.engine.token]
            ).wait().expect(1, "/proc/none", "DOCKER_CONFIG")
        }
    }
}
