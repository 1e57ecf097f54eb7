import Glibc
import Testing

extension EndToEnd {
    @Suite("A plan")
    struct Plans {
        private static let release = [
            "docker_release_all", "--version", "1.0.0", "--no-slow-tests", "--no-superslow-tests", "--no-qa-tests",
        ]

        @Test("is saved, applied in another clone, and gives what an unplanned release gives")
        func appliedElsewhere() async throws {
            let project = try await SampleProject()
            let state = try await project.state()
            let local = try await project.local()
            let made = try await project.start(Self.release + ["--plan", "plan.json"]).wait()
            made.expect(0, "would run: git tag hello-service-1.0.0", "relsh apply plan.json")
            let plan = readText(project.directory + "/plan.json")
            #expect(plan.contains("\"git tag hello-service-1.0.0\"") && plan.contains("‹project›/devops"))
            #expect(!plan.contains(project.directory) && !plan.contains(project.engine.token))
            // Nothing has changed but for the file itself; there is not even a ledger.
            #expect(try await project.local() == local)
            #expect(access(project.directory + "/.relsh", F_OK) != 0)
            let elsewhere = TemporaryFiles.newDirectory("clone") + "/clone"
            try await Host.run("git", "clone", "-q", project.directory + ".git", elsewhere)
            try writeFile(elsewhere + "/artifact.json", plan)
            let applied = try await Running(
                Host.relsh, ["apply", "artifact.json"], in: elsewhere, environment: Host.clean
            ).wait()
            applied.expect(0, "ok  Release hello-service 1.0.0")

            let after = try await project.state()
            try await project.expectEverywhere(["dev-1.0.0": "dev", "prod-1.0.0": "prod"])
            #expect(after.remoteTags["hello-service-1.0.0"] == state.head)
            let runs = try await Running(Host.relsh, ["runs"], in: elsewhere, environment: Host.clean).wait()
            runs.expect(0, "#1", "succeeded", "docker_release_all")
            // What was planned has happened: the plan does not hold any more.
            try await project.relsh("apply", "plan.json").expect(1, "plan-outdated", "nothing was changed")
        }

        @Test("names the tag that has moved since, with both digests")
        func movedTag() async throws {
            let project = try await SampleProject.released()
            try await project.prepare("1.1.0")
            try await project.relsh("docker_release_all", "--version", "1.1.0", "--skip-tests").expect(0)
            let back = ["docker_rollback_dev_image", "--version", "1.0.0"]
            try await project.start(back + ["--plan", ".relsh/plan.json"]).wait().expect(0)
            let before = try await project.published()
            let dev = "\(project.home):dev"
            let move = "registry.retag(Image(\"\(project.home):prod-1.1.0\"), Image(\"\(dev)\"))"
            try await project.relsh("--no-ledger", "-e", move).expect(0)
            let moved = try await project.published()
            try await project.relsh("apply", ".relsh/plan.json").expect(
                1, "the tag \(dev) was \(before["ecr"]?["dev"] ?? "?"), and is \(moved["ecr"]?["dev"] ?? "?") now")
            #expect(try await project.published() == moved)
            // Put back, it holds again.
            let undo = "registry.retag(Image(\"\(project.home):dev-1.1.0\"), Image(\"\(dev)\"))"
            try await project.relsh("--no-ledger", "-e", undo).expect(0)
            try await project.relsh("apply", ".relsh/plan.json").expect(0)
            try await project.expectEverywhere(["dev-1.0.0": "dev"])
        }

        @Test("refuses a changed recipe, project and file, and what is no plan")
        func changed() async throws {
            let project = try await SampleProject()
            try await Host.run("mkdir", "-p", project.directory + "/recipes")
            let recipe = project.directory + "/recipes/ship.rel"
            try writeFile(
                recipe, "recipe ship(to: Str) { assert git.is_clean(), \"commit first\"\n$ echo ship ${to} }\n")
            try await project.commit("A recipe of our own", [:])
            try await project.relsh("ship", "--to", "x", "--plan", "plan.json").expect(0)
            try await project.relsh("apply", "plan.json").expect(0, "ship x")
            let file = project.directory + "/hello/server.py"
            let text = readText(file)
            try writeFile(file, text + "# touched\n")
            try await project.relsh("apply", "plan.json").expect(1, "hello/server.py has changed since")
            try writeFile(file, text)
            try writeFile(recipe, readText(recipe).replacing("echo", with: "printf"))
            try await project.relsh("apply", "plan.json").expect(1, "recipes/ship.rel has changed")
            try await project.git("checkout", "-q", "recipes")
            let saved = readText(project.directory + "/plan.json")
            try writeFile(project.directory + "/plan.json", saved.replacing("\"x\"", with: "\"y\""))
            try await project.relsh("apply", "plan.json").expect(1, "plan-outdated")
            try writeFile(project.directory + "/plan.json", saved.replacing("\"echo ship x\"", with: "\"echo ship y\""))
            try await project.relsh("apply", "plan.json").expect(
                1, "`echo ship y` is planned, and it would be `echo ship x` now")
            try writeFile(project.directory + "/plan.json", saved)
            try await project.relsh("apply", "plan.json", "--set", "name=other").expect(2, "setting-of-apply")
            try await project.relsh("apply", "plan.json", "--dry-run").expect(2)
            try await project.relsh("apply", "relsh.toml").expect(2, "plan-unreadable")
            try await project.relsh("apply", "none.json").expect(2, "none.json")
            try await project.relsh("apply").expect(2, "usage: relsh apply FILE")
            try await project.relsh("apply", "--help").expect(0, "Usage: relsh apply FILE")
        }

        @Test("stops before the first change that it does not have")
        func leavesThePlan() async throws {
            let project = try await SampleProject()
            let recipe = """
                recipe ship() {
                    let made = $(sh -c "cat .git/decided || true")
                    step "Decide" { $ sh -c "echo one > .git/decided" }
                    let now = files.read(".git/decided").trim()
                    step "Ship" { $ echo ship ${now} }
                    $ echo end ${made}
                }
                """
            try await Host.run("mkdir", "-p", project.directory + "/recipes")
            try writeFile(project.directory + "/recipes/ship.rel", recipe)
            try writeFile(project.directory + "/.git/decided", "zero\n")
            try await project.relsh("ship", "--plan", "plan.json").expect(0, "ship zero")
            let run = try await project.relsh("apply", "plan.json")
            run.expect(
                1, "outside-plan", "where the plan has `echo ship zero`, it would now make `echo ship one`",
                "recipes/ship.rel:5:19", "plan anew")
            run.expectNot("\nship one")
            try await project.relsh("show").expect(0, "failed")
        }

        @Test("of a recipe that would fail is not saved, and a damaged one is not followed")
        func failing() async throws {
            let project = try await SampleProject.released()
            try writeFile(project.directory + "/hello/more.py", "# more\n")
            try await project.commit("Another commit", [:])
            try await project.start(Self.release + ["--plan", "plan.json"]).wait().expect(1, "the git tag")
            #expect(access(project.directory + "/plan.json", F_OK) != 0)
            try await project.relsh("-e", "$ echo planned", "--plan", "plan.json").expect(0)
            try await project.relsh("apply", "plan.json").expect(0, "planned")
            let text = readText(project.directory + "/plan.json")
            try writeFile(project.directory + "/plan.json", String(text.prefix(text.count / 2)))
            try await project.relsh("apply", "plan.json").expect(2, "plan-unreadable")
            try await project.relsh("-e", "$ echo planned", "--plan", "/proc/none/plan.json").expect(1)
        }
    }
}
