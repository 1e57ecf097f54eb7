import Testing

extension EndToEnd {
    @Suite("Recipes by name, from a folder of the project")
    struct SingleRecipes {
        @Test("The dev image, step by step")
        func dev() async throws {
            let project = try await SampleProject()
            func relsh(_ arguments: String...) async throws -> Finished {
                try await project.start(arguments, in: "hello").wait()
            }
            try await relsh("docker_build_local_image", "--version", "1.0.0").expect(0)
            let built = try #require(try await project.local()["local-tester-1.0.0"])
            try await relsh("run_fast_tests", "--stage", "local", "--version", "1.0.0").expect(0)
            try await relsh("run_qa_tests", "--stage", "local", "--version", "1.0.0").expect(0)
            #expect(try await project.published().values.allSatisfy(\.isEmpty), "nothing was to be pushed yet")

            try await relsh("docker_tag_local_image_as_dev", "--version", "1.0.0").expect(0)
            let local = try await project.local()
            #expect(local["dev-1.0.0"] == built)
            #expect(local["dev"] == built)
            #expect(try await project.git("tag", "--list") == "hello-service-1.0.0")
            #expect(try await project.remoteTags().isEmpty)

            try await relsh("docker_login").expect(0)
            try await relsh("docker_push_dev_image", "--version", "1.0.0").expect(0)
            try await project.expectEverywhere(["dev-1.0.0": "dev", "dev": "dev"])
            #expect(try await project.published()["ecr"]?.keys.sorted() == ["dev", "dev-1.0.0"])
            #expect(try await project.remoteTags().keys.sorted() == ["hello-service-1.0.0"])

            try await Host.run("docker", "rmi", "--force", "\(project.home):dev", "\(project.home):dev-1.0.0")
            try await relsh("docker_pull").expect(0)
            #expect(try await project.local()["dev"] == built)
            try await relsh("docker_cmd", "--cmd", "python3 --version").expect(0, "Python 3.")
            try await relsh(
                "docker_cmd", "--stage", "local", "--version", "1.0.0", "--cmd", "id -u; pwd; ls /app/changelog.txt"
            )
            .expect(0, "/app/changelog.txt")
            let failed = try await relsh("docker_cmd", "--skip-pull", "--cmd", "echo a; echo why >&2; exit 7")
            failed.expect(1, "why", "ended with exit code 7")
            #expect(failed.stdout == "a\n")
            let piped = try await project.start(
                ["docker_cmd", "--skip-pull", "--cmd", "cat"], input: .bytes(Array("b\r\nc".utf8))
            ).wait()
            #expect(piped.expect(0).stdout == "b\r\nc", "every byte of it, and no terminal between")
            #expect(try await project.git("status", "--porcelain") == "")
        }

        @Test("The prod image, step by step")
        func prod() async throws {
            let project = try await SampleProject()
            func relsh(_ arguments: String...) async throws -> Finished {
                try await project.start(arguments, in: "test").wait()
            }
            try await relsh("docker_build_prod_image", "--version", "1.0.0").expect(
                1, "dev-1.0.0", "must be released before")
            try await relsh("docker_release_dev_image", "--version", "1.0.0", "--no-qa-tests", "--no-slow-tests")
                .expect(0, "fast").expectNot("qa tests", "slow tests")
            try await relsh("docker_build_prod_image", "--version", "1.0.0").expect(0)
            let local = try await project.local()
            #expect(local["prod"] == local["prod-1.0.0"] && local["prod"] != nil, "\(local)")
            for suite in ["fast_slow_superslow", "qa"] {
                try await relsh("run_\(suite)_tests", "--stage", "prod", "--version", "1.0.0").expect(0)
            }
            for (recipe, marks) in [("slow", "-m slow"), ("superslow", "-m superslow"), ("fast_slow", "-m slow")] {
                try await relsh("run_\(recipe)_tests", "--stage", "prod", "--version", "1.0.0", "-n").expect(0, marks)
            }
            try await relsh("docker_push_prod_image", "--version", "1.0.0").expect(0)
            try await project.expectEverywhere(["prod-1.0.0": "prod", "dev-1.0.0": "dev"])
            try await relsh("docker_cmd", "--stage", "prod", "--cmd", "ls /app").expect(0, "hello")

            try await project.prepare("1.0.1")
            try await relsh("docker_release_prod_image").expect(0, "1.0.1", "superslow")
            try await project.expectEverywhere(["prod-1.0.1": "prod", "dev-1.0.0": "dev"])

            let hash = try await project.git("rev-parse", "--short", "HEAD")
            try await relsh("docker_build_prod_image", "--candidate", "--user-tag", "ada").expect(0)
            #expect(try await project.local()["prod-ada-\(hash)"] != nil)
        }

        @Test("--skip-tests runs no suite at all, QA included")
        func skipTests() async throws {
            let project = try await SampleProject()
            try await project.relsh("docker_release_dev_image", "--version", "1.0.0", "--skip-tests")
                .expect(0).expectNot(" tests on ", "pytest")
            try await project.expectEverywhere(["dev-1.0.0": "dev"])
        }

        @Test("--target-registries publishes to those alone")
        func targetRegistries() async throws {
            let project = try await SampleProject()
            let release = ["docker_release_dev_image", "--version", "1.0.0", "--skip-tests", "--target-registries"]
            try await project.start(release + ["ecr,ghrc"]).wait().expect(2, "ghrc", "ghcr")
            try await project.start(release + ["ecr,ghcr"]).wait().expect(0)
            let published = try await project.published()
            #expect(published["ecr"]?["dev"] != nil)
            #expect(published["ghcr"] == published["ecr"])
            #expect(published["dockerhub"]?.isEmpty == true)
        }

        @Test("--no-push-to-repo stays on this machine")
        func noPush() async throws {
            let project = try await SampleProject()
            try await project.relsh("docker_release_all", "--version", "1.0.0", "--skip-tests", "--no-push-to-repo")
                .expect(0)
            #expect(try await project.published().values.allSatisfy(\.isEmpty))
            #expect(try await project.remoteTags().isEmpty)
            #expect(try await project.git("tag", "--list") == "hello-service-1.0.0")
            let local = try await project.local()
            for tag in ["dev", "dev-1.0.0", "prod-1.0.0"] { #expect(local[tag] != nil, "\(tag) in \(local)") }
        }

        @Test("A project's recipe wins over the shipped one of its name, and the list says so")
        func shadowing() async throws {
            let project = try await SampleProject()
            try await Host.run("mkdir", project.directory + "/recipes")
            let recipe = "## Ours.\nrecipe docker_pull(stage: Str = \"dev\") { print(\"ours\", stage) }\n"
            try writeFile(project.directory + "/recipes/dev.rel", recipe)
            let run = try await project.start(["docker_pull", "--stage", "prod"], in: "hello").wait().expect(0)
            #expect(run.stdout == "ours prod\n")
            let list = try await project.start(["--list"], in: "hello").wait().expect(0)
            let lines = list.stdout.split(separator: "\n").filter { $0.contains("docker_pull") }
            #expect(lines.count == 1 && list.stdout.contains("instead of the one shipped"), "\(list)")
            for name in ["docker_release_all", "docker_build_local_image", "run_qa_tests", "docker_login"] {
                #expect(list.stdout.contains(name), "\(list)")
            }
            try writeFile(project.directory + "/recipes/more.rel", recipe)
            try await project.relsh("docker_pull").expect(
                2, "declared twice", "recipes/dev.rel:2", "recipes/more.rel:2")
        }

        @Test("Every recipe that ships has help, which runs nothing")
        func help() async throws {
            let project = try await SampleProject()
            let list = try await project.relsh("--list").expect(0)
            let names = list.stdout.split(separator: "\n").compactMap { line -> String? in
                let name = line.split(separator: " ").first.map(String.init) ?? ""
                return line.hasPrefix("  ") && !line.hasPrefix("   ") && (name.contains("_") || name == "announce")
                    ? name : nil
            }
            #expect(names.count >= 50, "\(names)")
            for name in names {
                let help = try await project.relsh(name, "--help").expect(
                    0, "Usage: relsh \(name)", "relsh's own: --dry-run")
                #expect(help.stderr == "")
            }
        }
    }
}
