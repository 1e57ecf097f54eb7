import Glibc
import Testing

extension EndToEnd {
    @Suite("Working with images")
    struct WorkingWithImages {
        @Test("A local image is looked at, shared, taken over, compared and checked off")
        func localImage() async throws {
            let project = try await SampleProject()
            let relsh = { (words: String...) in try await project.start(words).wait() }
            try await relsh("docker_build_local_image").expect(0)
            let built = try #require(try await project.local()["local-tester-1.0.0"])
            try await relsh("docker_images_ls_repo").expect(0, "repository", "local-tester-1.0.0", project.home)

            try await relsh("pre_release_checklist").expect(
                1, "- [x] the changelog says what is new in 1.0.0", "- [x] the image local-tester-1.0.0 is built",
                "- [ ] the fast tests passed", "not done yet")
            for suite in ["fast_slow_superslow", "qa"] {
                try await relsh("run_\(suite)_tests", "--stage", "local", "--version", "1.0.0").expect(0)
            }
            try await relsh("pre_release_checklist").expect(0, "- [x] the qa tests passed", "all is done")
                .expectNot("- [ ]")
            try writeFile(
                project.directory + "/relsh.toml",
                readText(project.directory + "/relsh.toml") + "\n[checklists]\npre_release = [\"Orange is green\"]\n")
            try await relsh("pre_release_checklist").expect(1, "cannot ask", "- [ ] Orange is green")
            try await relsh("pre_release_checklist", "--yes").expect(0, "all is done")

            try await relsh("share_local_image").expect(0, "--from-user tester")
            #expect(try await project.published()["ecr"] == ["local-tester-1.0.0": built])
            let ada = ["USER": "ada"]
            try await project.relsh("adopt_local_image", "--from-user", "tester", environment: ada).expect(0)
            #expect(try await project.local()["local-ada-1.0.0"] == built)
            try await project.relsh("run_fast_tests", "--stage", "local", "--version", "1.0.0", environment: ada)
                .expect(0)

            try await relsh("docker_tag_local_image_as_dev").expect(0)
            try await relsh("compare_packages").expect(0, "both have the same")
            try await relsh("compare_packages", "--all").expect(0, "pytest", "local-tester-1.0.0", "dev")
            try await relsh("find_unused_packages").expect(0, "Imported:", "pytest==", "neither imported nor required")
        }

        @Test(
            "An image that is called by its digest is looked up without the docker command, where that would ask this engine"
        )
        func lookUp() async throws {
            let project = try await SampleProject()
            let id = try await Host.run("docker", "image", "inspect", "--format", "{{.Id}}", "relsh-base:python")
            let programs = try await RecordedPrograms(["docker"])
            func look(_ digest: String, _ environment: [String: String] = [:]) async throws -> Finished {
                let text = "docker.id(Image(\"relsh-base:python@\(digest)\"))"
                return try await project.start(
                    ["-e", text], environment: environment.merging(["PATH": programs.path]) { $1 }
                ).wait()
            }
            try await look(id).expect(0, id)
            try await look(id, ["DOCKER_HOST": "unix:///var/run/docker.sock"]).expect(0, id)
            #expect(try await programs.seen().isEmpty)
            try await look(id, ["DOCKER_CONTEXT": "default"]).expect(0, id)
            #expect(try await programs.seen().map(\.line) == ["docker image inspect --format {{.Id}} \(id)"])
            // What it does not know, and what does not answer, is docker's to explain.
            let unknown = "sha256:" + String(repeating: "0", count: 64)
            try await look(unknown).expect(1, "no-such-local-image")
            try await look(id, ["DOCKER_HOST": "unix:///nowhere/docker.sock"]).expect(1, "unix:///nowhere/docker.sock")
            #expect(try await programs.seen().count == 4)

            // Once the socket has what the command has built, both are one engine, and names are asked for there, too.
            let build = "docker.build(\".\", \"Dockerfile\", [\"\(project.home):x\"])"
            let ask = "docker.exists(\"\(project.home):x\"), docker.exists(\"\(project.home):y\")"
            try writeFile(project.directory + "/Dockerfile", "FROM scratch\nLABEL of=\"\(project.home)\"\n")
            try await project.start(
                ["-e", "let before = [\(ask)]; \(build); [before, [\(ask)]]"], environment: ["PATH": programs.path]
            ).wait().expect(0, "[[false, false], [true, false]]")
            let asked = try await programs.seen().map(\.line).filter { $0.contains(project.home) }
            #expect(asked.filter { $0.contains("image inspect") }.count == 2 && asked.count == 3, "\(asked)")
            try await programs.remove()
        }

        @Test("A container that was changed by hand is kept as an image, and does not take the name of a release")
        func patch() async throws {
            let project = try await SampleProject()
            let relsh = { (words: String...) in try await project.start(words).wait() }
            try await relsh("docker_build_local_image").expect(0)
            let name = "flows-\(project.repository.filter { $0 != "/" })"
            try await Host.run(
                "docker", "run", "--detach", "--name", name, "--label", "user=gp", "\(project.home):local-tester-1.0.0",
                "sh", "-c", "touch /patched; sleep 600")
            try await relsh("docker_ps").expect(0, "local-tester-1.0.0", "gp", "sleep 600")
            try await relsh("docker_stats").expect(0, name, "memory")

            try await relsh("docker_patch", "--tag", "dev_patched").expect(1, "either --container or --image")
            try await relsh("docker_patch", "--container", name, "--tag", "dev-1.0.0", "--push")
                .expect(1, "the name of a release")
            try await relsh("docker_patch", "--container", name, "--tag", "dev_patched", "--push")
                .expect(0, "docker pull \(project.home):dev_patched")
            #expect(try await project.published()["ecr"]?.keys.sorted() == ["dev_patched"])
            try await relsh("docker_patch", "--image", "\(project.home):dev_patched", "--tag", "dev").expect(0)
            try await relsh("docker_cmd", "--skip-pull", "--cmd", "ls -d /patched").expect(0, "/patched")

            // The newest is not necessarily this one: other tests have containers, too.
            try await relsh("docker_kill", "--all").expect(1, "cannot ask")
            let dry = try await relsh("docker_kill", "--dry-run").expect(0)
            #expect(dry.output.contains("would run: docker rm --force --volumes "))
            try await Host.run("docker", "rm", "--force", name)
        }

        @Test("Who works with an old container is told so, and how to get the new one")
        func outOfSync() async throws {
            let project = try await SampleProject()
            let relsh = { (words: String...) in try await project.start(words).wait() }
            try await relsh("check_sync").expect(1, "no \(project.home):dev on this machine", "docker_pull")
            try await relsh("docker_build_local_image").expect(0)
            try await relsh("docker_tag_local_image_as_dev").expect(0)
            try await relsh("check_sync").expect(0, "are in sync")
            try await project.prepare("1.0.1")
            try await relsh("check_sync").expect(0, "are in sync")
            try await project.prepare("1.1.0")
            let rule = String(repeating: "-", count: 77)
            let check = try await relsh("check_sync").expect(1)
            #expect(
                check.stdout == """
                    \(rule)
                    This code is not in sync with the container:
                    code_version='1.1.0' != container_version='1.0.0'
                    \(rule)
                    You need to:
                    - merge origin/master into your branch with `relsh git_merge_master`
                    - pull the latest container with `relsh docker_pull`

                    """)
            let command = try await relsh("docker_cmd", "--skip-pull", "--cmd", "echo done").expect(0)
            #expect(command.stdout == "done\n", "the message must not stand in what the command prints")
            for line in ["not in sync", "code_version='1.1.0' != container_version='1.0.0'", "relsh git_merge_master"] {
                #expect(command.stderr.contains(line))
            }
            try await relsh("run_slow_tests").expect(0, "not in sync")
        }

        @Test("A shell in the image, at a terminal: as the person who called it, with the source mounted")
        func shell() async throws {
            let project = try await SampleProject()
            try await project.relsh("docker_build_local_image").expect(0)
            let terminal = try Terminal()
            let words = ["docker_bash", "--stage", "local", "--version", "1.0.0"]
            let running = try project.start(words, input: .terminal(terminal))
            try await running.waitUntil("a container runs", limit: .seconds(120)) {
                terminal.read()
                return try await project.containers().isEmpty == false
            }
            terminal.type("echo \"user $(id -u), $((40 + 2)), $(pwd), $(head -1 changelog.txt)\"; exit\n")
            let finished = try await running.wait(limit: .seconds(120)) { terminal.read() }
            #expect(finished.code == 0, "\(terminal.text)")
            #expect(terminal.text.contains("user \(getuid()), 42, /app, # hello-service-1.0.0"), "\(terminal.text)")
        }

        @Test("QA is all suites of that name, the project's own commands among them; and there are end-to-end tests")
        func ownSuites() async throws {
            let project = try await SampleProject()
            let lint = ["docker", "run", "--rm", "{image}", "python3", "-c", "import sys; print('linted')"]
            let settings = """

                [tests.qa_lint]
                where = "outside"
                command = [\(lint.map { "\"\($0)\"" }.joined(separator: ", "))]

                [tests.end_to_end]
                command = ["sh", "-c", "test $IMAGE_STAGE = local && test $IMAGE_VERSION = 1.0.0"]
                """
            try writeFile(project.directory + "/relsh.toml", readText(project.directory + "/relsh.toml") + settings)
            try await project.relsh("docker_build_local_image").expect(0)
            let image = ["--stage", "local", "--version", "1.0.0"]
            try await project.start(["run_qa_tests"] + image).wait().expect(0, "the qa tests", "the qa_lint tests")
            try await project.start(["run_end_to_end_tests"] + image).wait().expect(0, "the end_to_end tests")
            try await project.start(["run_end_to_end_tests", "--stage", "local"]).wait().expect(
                1, "end_to_end tests failed")
            let release = ["docker_release_dev_image", "--no-push-to-repo", "--no-fast-tests", "--no-slow-tests", "-n"]
            try await project.start(release).wait().expect(0, "qa_lint", "end_to_end")
            try await project.start(release + ["--no-qa-tests", "--no-run-end-to-end-tests"]).wait()
                .expect(0).expectNot("qa_lint", "end_to_end")
        }

        @Test("Lock and list of poetry come out of the image, where the project uses it and wants new packages")
        func poetry() async throws {
            let project = try await SampleProject()
            let devops = "devops/docker_build"
            try await project.commit(
                "Use poetry", ["\(devops)/pyproject.toml": "[tool.poetry]\n", ".gitignore": ".relsh\n"])
            let build = { (words: String...) in try await project.start(["docker_build_local_image"] + words).wait() }
            try await build("--poetry-mode", "no_update").expect(0, "POETRY_MODE=no_update").expectNot("Bring")
            try await build("--no-update-poetry").expect(0, "POETRY_MODE=no_update").expectNot("Bring")
            #expect(try await project.git("status", "--porcelain") == "")
            try await build("--poetry-mode", "sometimes").expect(2, "update")
            try await build("--update-poetry").expect(0, "POETRY_MODE=update", "Bring poetry.lock and pip_list.txt")
            #expect(readText("\(project.directory)/\(devops)/poetry.lock").contains("name = \"pytest\""))
            #expect(readText("\(project.directory)/\(devops)/pip_list.txt").contains("pytest=="))
            let run = try await project.relsh("runs").expect(0)
            let number = run.stdout.dropFirst().prefix { $0.isNumber }
            try await project.relsh("undo", String(number)).expect(0, "taken back")
            #expect(try await project.git("status", "--porcelain") == "")
        }
    }
}
