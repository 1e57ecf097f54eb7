import Glibc
import Testing

extension EndToEnd {
    /// The `undo` blocks of steps whose process was killed.
    @Suite("The undo of a step")
    struct UndoBlocks {
        private static let recipe = """
            import "lib/names.rel"
            recipe ship(stage: Str = "qa") {
                transaction "Ship" {
                    for part in ["web", "db"] {
                        let name = names.of(part, stage)
                        step "Start ${part}" {
                            $ sh -c "echo start ${name} >> .git/log"
                            name.len()
                        } undo length { $ sh -c "echo stop ${name} ${length} >> .git/log" }
                    }
                    $ sh -c "test ! -e .git/broken; echo middle >> .git/log"
                    files.write("state.txt", stage)
                    if files.exists(".git/broken") { fail "broken" }
                }
            }
            """

        private func project() async throws -> SampleProject {
            let project = try await SampleProject()
            try await Host.run("mkdir", "-p", project.directory + "/recipes/lib")
            try await project.commit(
                "A recipe of our own",
                [
                    "recipes/ship.rel": Self.recipe,
                    "recipes/lib/names.rel":
                        "let prefix = \"app\"\nfn of(part, stage) { \"${prefix}-${part}-${stage}\" }\n",
                ])
            return project
        }

        private func log(_ project: SampleProject) -> [String] {
            readText(project.directory + "/.git/log").split(separator: "\n").map(String.init)
        }

        @Test("is called by relsh undo of a finished run, with the values it had")
        func finished() async throws {
            let project = try await project()
            try await project.relsh("ship", "--stage", "prod").expect(0)
            // The recipe of the run counts, whatever has become of it since.
            try writeFile(project.directory + "/recipes/lib/names.rel", "fn of(part, stage) { \"other\" }\n")
            try await project.relsh("undo", "1", "--dry-run").expect(
                0, "step 2, Start web, by its undo would be taken back")
            #expect(log(project).count == 3)
            try await project.relsh("undo", "1").expect(0, "taken back: step 3, Start db, by its undo")
            #expect(
                log(project) == [
                    "start app-web-prod", "start app-db-prod", "middle", "stop app-db-prod 11", "stop app-web-prod 12",
                ])
            #expect(access(project.directory + "/state.txt", F_OK) != 0)
            try await project.relsh("undo", "1").expect(0, "Nothing of run #1 is left to take back")
            for end in ["-wal", "-shm"] { #expect(access(project.directory + "/.relsh/ledger.db" + end, F_OK) != 0) }
        }

        @Test(
            "is called by relsh undo of a run that was killed",
            arguments: [
                ("3:before-intent", 4), ("3:after-effect", 5), ("2:after-effect", 3), ("4:after-intent", 5),
                ("4:after-effect", 5),
            ])
        func killed(point: String, lines: Int) async throws {
            let project = try await project()
            let killed = try await project.start(["ship"], environment: ["RELSH_DRILL": point]).wait()
            #expect(killed.signal == 9)
            try await project.relsh("undo", "1").expect(0, "taken back: step 2, Start web, by its undo")
            let log = log(project)
            #expect(log.count == lines, "\(log)")
            #expect(log.last == "stop app-web-qa 10")
            // That of a step which died before it was done is none of its own.
            #expect(log.contains("stop app-db-qa 9") == !point.hasPrefix("2:"))
            #expect(access(project.directory + "/state.txt", F_OK) != 0)
        }

        @Test("is called when a killed run is resumed and then fails")
        func resumed() async throws {
            let project = try await project()
            let killed = try await project.start(["ship"], environment: ["RELSH_DRILL": "4:before-intent"]).wait()
            #expect(killed.signal == 9)
            try writeFile(project.directory + "/.git/broken", "")
            try await project.relsh("resume").expect(1, "broken", "(done before)")
            #expect(
                log(project) == [
                    "start app-web-qa", "start app-db-qa", "middle", "stop app-db-qa 9", "stop app-web-qa 10",
                ])
            #expect(access(project.directory + "/state.txt", F_OK) != 0)
            try await project.relsh("undo", "1").expect(0, "stays: $ sh -c")
            #expect(log(project).count == 5)
        }

        @Test("which cannot be kept is named before the run and after it")
        func notKept() async throws {
            let project = try await project()
            let recipe = """
                recipe ship() {
                    let loud = fn(x) => x.upper()
                    step "Start" { $ echo start } undo { $ echo ${loud("stop")} }
                    step "Go" { $ echo go } undo { $ echo gone }
                }
                """
            try writeFile(project.directory + "/recipes/ship.rel", recipe)
            try await project.relsh("explain", "ship").expect(0, "cannot call it, as it uses the function `loud`")
            try await project.relsh("ship").expect(0)
            try await project.relsh("undo", "1").expect(
                3, "it uses `loud`, which is a function", "taken back: step 2, Go, by its undo")
        }
    }
}
