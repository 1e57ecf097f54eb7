import Glibc
import Testing

extension EndToEnd {
    @Suite("One release at a time across clones")
    struct RemoteLocks {
        /// Several clones of one remote, each with a ledger of its own, as several machines have them.
        private struct Clones {
            let project: SampleProject
            let others: [String]

            init(_ count: Int = 1) async throws {
                let project = try await SampleProject()
                let others = (1...count).map { "\(project.directory)-\($0)" }
                for other in others { try await Host.run("git", "clone", "-q", project.directory + ".git", other) }
                (self.project, self.others) = (project, others)
            }

            func relsh(_ words: String..., in clone: Int = 0) async throws -> Finished {
                try await Host.relsh(words, in: others[clone])
            }

            /// The locks that the remote has.
            func refs() async throws -> String {
                try await Host.run("git", "ls-remote", project.directory + ".git", "refs/relsh/*")
            }

            func hold(_ text: String) async throws -> Running {
                let holder = try project.start(["-e", "transaction \"Hold\" { \(text) }"])
                try await holder.waitUntil("it holds the lock") { try await !refs().isEmpty }
                return holder
            }
        }

        private static let next = "transaction \"Next\" { $ echo next }"

        @Test("The second refuses and says who is at it, or waits; nothing is left behind")
        func refusesAndWaits() async throws {
            let clones = try await Clones()
            let go = TemporaryFiles.path("go")
            let holder = try await clones.hold("$ sh -c \"until test -e \(go); do sleep 0.1; done\"")
            try await clones.relsh("-e", Self.next).expect(
                1, "another release of this project is under way: run #1", "the lock at origin", "since", "--wait")
            try await clones.relsh("runs", "--locks").expect(0, "run #1", "lease until", "at origin")
            try await clones.relsh("runs", "--unlock", "--yes").expect(1, "lock-holder-alive", "kill -INT")
            let waiting = try Running(
                Host.relsh, ["-e", Self.next, "--wait"], in: clones.others[0], environment: Host.clean)
            try await waiting.waitUntil("it says that it waits") { waiting.output.contains("waits until run #1") }
            try writeFile(go, "")
            try await holder.wait().expect(0)
            try await waiting.wait().expect(0, "next")
            #expect(try await clones.refs() == "")
            try await clones.relsh("runs", "--locks").expect(0, "No release is under way.")
            #expect(try await clones.project.git("status", "--porcelain") == "")
            #expect(try await clones.project.git("for-each-ref", "refs/relsh") == "")
        }

        @Test("A recipe that takes the lock before it builds refuses there; a dry run takes none")
        func taken() async throws {
            let clones = try await Clones()
            let go = TemporaryFiles.path("go")
            let text =
                "project.lock()\n$ sh -c \"until test -e \(go); do sleep 0.1; done\"\ntransaction \"T\" { $ echo done }"
            let holder = try clones.project.start(["-e", text])
            try await holder.waitUntil("it holds the lock") { try await !clones.refs().isEmpty }
            let next = "project.lock()\nprint(\"builds\")"
            try await clones.relsh("-e", next).expect(1, "another release of this project is under way: run #1")
                .expectNot("builds")
            try await clones.relsh("-e", next, "--dry-run").expect(0, "builds")
            try await clones.project.relsh("-e", next).expect(1, "another release of this project is under way: run #1")
            let waits = "try { timeout(300ms) { project.lock() } } catch e { print(\"caught\", e.kind) }"
            try await clones.relsh("-e", waits, "--wait").expect(0, "caught timeout")
            try writeFile(go, "")
            try await holder.wait().expect(0, "done")
            #expect(try await clones.refs() == "")
        }

        @Test("Of many that start at once exactly one goes on")
        func race() async throws {
            let clones = try await Clones(6)
            let go = TemporaryFiles.path("go")
            let text = "transaction \"Race\" { $ sh -c \"until test -e \(go); do sleep 0.1; done\" }"
            let running = try clones.others.map {
                try Running(Host.relsh, ["-e", text], in: $0, environment: Host.clean)
            }
            // The one that has it does not end before it may; all others have ended by then.
            var ended: [Finished] = []
            try await withThrowingTaskGroup(of: Finished.self) { group in
                for one in running { group.addTask { try await one.wait() } }
                for try await finished in group {
                    ended.append(finished)
                    if ended.count == running.count - 1 { try writeFile(go, "") }
                }
            }
            #expect(ended.dropLast().allSatisfy { $0.code == 1 && $0.output.contains("release-elsewhere") }, "\(ended)")
            #expect(ended.last?.code == 0)
            #expect(try await clones.refs() == "")
        }

        @Test("A holder that was killed holds nothing on its own machine")
        func killed() async throws {
            let clones = try await Clones()
            let holder = try await clones.hold("$ sleep 300")
            holder.send(SIGKILL)
            _ = try await holder.wait()
            try await clones.relsh("runs", "--locks").expect(0, "that process is gone: the lock is free")
            try await clones.relsh("-e", Self.next).expect(0)
            #expect(try await clones.refs() == "")
        }

        @Test("A lock of another machine goes when its lease is over, or by hand")
        func elsewhere() async throws {
            let clones = try await Clones()
            let holder = try await clones.hold("$ sleep 300")
            holder.send(SIGKILL)
            _ = try await holder.wait()
            // As if it had been another machine's.
            let ref = try #require(try await clones.refs().split(separator: "\t").last).description
            let git = ["-C", clones.project.directory]
            let object = try await Host.run("git", "-C", clones.project.directory + ".git", "rev-parse", ref)
            let note = try await Host.run("git", "-C", clones.project.directory + ".git", "cat-file", "blob", object)
            let changed = note.replacing(/"space": "[^"]*"/, with: "\"space\": \"elsewhere\"")
            let file = try TemporaryFiles.file("note", changed)
            let other = try await Host.run("git", git[0], git[1], "hash-object", "-w", file)
            try await Host.run("git", git[0], git[1], "push", "-q", "--force", "origin", "\(other):\(ref)")

            try await clones.relsh("-e", Self.next).expect(1, "its lease ends at", "relsh runs --unlock")
            try await clones.relsh("runs", "--unlock").expect(1, "there is no terminal", "--yes")
            #expect(try await !clones.refs().isEmpty)
            try await clones.relsh("runs", "--unlock", "--yes").expect(0, "run #1", "The lock is free.")
            #expect(try await clones.refs() == "")
            try await clones.relsh("-e", Self.next).expect(0)
            try await clones.relsh("runs", "--unlock").expect(0, "No release is under way.")
        }

        @Test("Ctrl-C gives it back, and so does a failure")
        func givenBack() async throws {
            let clones = try await Clones()
            let holder = try await clones.hold("$ sleep 300")
            holder.send(SIGINT)
            try await holder.wait(limit: .seconds(60)).expect(130)
            #expect(try await clones.refs() == "")
            try await clones.project.relsh("-e", "transaction \"Fails\" { $ false }").expect(1)
            #expect(try await clones.refs() == "")
        }

        @Test("Where the remote is read-only, it is said; whether that stops a release, the project decides")
        func readOnly() async throws {
            let project = try await SampleProject()
            try project.hookOfOrigin("pre-receive", "exit 1")
            try await project.relsh("-e", Self.next).expect(0, "goes on without a lock at origin", "hook declined")
            let strict = try await project.relsh("-e", Self.next, "--set", "lock.remote=origin")
                .expect(1, "lock-not-taken", "relsh resume --set lock.remote=false")
            #expect(!strict.stdout.contains("next"))
            try await project.relsh("resume", "--set", "lock.remote=false").expect(0, "next")
                .expectNot("goes on without a lock")
            try await project.relsh("-e", "1", "--set", "lock.remoet=origin").expect(0)
            try await project.relsh("-e", Self.next, "--set", "lock.remoet=origin").expect(2, "did you mean `remote`?")
        }

        @Test("What a remote keeps a finished release waiting for is said")
        func slow() async throws {
            let project = try await SampleProject()
            // Nothing but zeros stands for a ref that is to go.
            try project.hookOfOrigin("pre-receive", "read -r _ new _\ncase $new in *[1-9a-f]*) ;; *) sleep 4 ;; esac")
            try await project.relsh("-e", Self.next).expect(0, "the git remote takes its time", "Ctrl-C")
        }

        @Test("A release and its undo leave no lock behind")
        func release() async throws {
            let project = try await SampleProject.released()
            let remote = project.directory + ".git"
            #expect(try await Host.run("git", "ls-remote", remote, "refs/relsh/*") == "")
            let other = project.directory + "-1"
            try await Host.run("git", "clone", "-q", remote, other)
            let go = TemporaryFiles.path("go")
            let text = "transaction \"Hold\" { $ sh -c \"until test -e \(go); do sleep 0.1; done\" }"
            let holder = try Running(Host.relsh, ["-e", text], in: other, environment: Host.clean)
            try await holder.waitUntil("it holds the lock") {
                try await !Host.run("git", "ls-remote", remote, "refs/relsh/*").isEmpty
            }
            try await project.relsh("undo", "1").expect(1, "another release of this project is under way")
            #expect(try await project.remoteTags()["hello-service-1.0.0"] != nil)
            try writeFile(go, "")
            try await holder.wait().expect(0)
            try await project.relsh("undo", "1").expect(0, "taken back: the git tag hello-service-1.0.0")
            #expect(try await Host.run("git", "ls-remote", remote, "refs/relsh/*") == "")
        }
    }
}
