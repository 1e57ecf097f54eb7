import Testing

extension EndToEnd {
    @Suite("A release that fails")
    struct Failures {
        private func expectStopped(
            by test: String, saying text: String, options: [String] = [],
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let project = try await SampleProject.released()
            try await project.prepare("1.1.0")
            try await project.commit("Break a test", ["test/test_planted.py": test])
            let state = try await project.state()
            try await project.start(["docker_release_all", "--version", "1.1.0"] + options).wait()
                .expect(1, text, "test_planted.py", sourceLocation: sourceLocation)
            #expect(try await project.state() == state, "nothing should have moved", sourceLocation: sourceLocation)
            let local = try await project.local()
            #expect(local["dev-1.1.0"] == nil, "\(local)", sourceLocation: sourceLocation)
            try await project.expectNoContainers(sourceLocation: sourceLocation)
        }

        @Test("A fast suite that fails stops it before any tag moves")
        func fastSuite() async throws {
            try await expectStopped(
                by: "def test_planted():\n    assert False, 'planted in the fast suite'\n",
                saying: "planted in the fast suite")
        }

        @Test("A superslow suite that fails on prod alone stops dev as well")
        func superslowSuiteOfProd() async throws {
            try await expectStopped(
                by:
                    "import pytest\n\n@pytest.mark.superslow\ndef test_planted():\n    assert False, 'planted in superslow'\n",
                saying: "planted in superslow", options: ["--no-fast-tests", "--no-slow-tests", "--no-qa-tests"])
        }

        @Test("QA that fails stops it too, and the moving tag of this machine stays")
        func qa() async throws {
            try await expectStopped(
                by: "import pytest\n\n@pytest.mark.qa\ndef test_planted():\n    assert False, 'planted in qa'\n",
                saying: "planted in qa", options: ["--no-slow-tests", "--no-superslow-tests"])
        }

        @Test(
            "An origin that cannot take the version's tag stops a release before it builds",
            arguments: [
                "docker_release_dev_image", "docker_release_prod_image", "docker_release_all",
                "docker_release_multi_build_dev_image",
            ])
        func origin(recipe: String) async throws {
            let project = try await SampleProject()
            let words = [recipe, "--version", "1.0.0"]
            try await project.git("remote", "set-url", "origin", "/nowhere.git")
            for more in [[], ["--dry-run"]] {
                let failed = try await project.start(words + more).wait()
                failed.expect(1, "could not look up the tag hello-service-1.0.0 at origin", "git remote -v")
                #expect(!failed.output.contains("Run the"), "\(failed)")
            }
            try await project.git("remote", "set-url", "origin", project.directory + ".git")
            try await project.git("push", "origin", "HEAD~1:refs/tags/hello-service-1.0.0")
            try await project.start(words).wait().expect(1, "hello-service-1.0.0 of origin is at")
            try await project.git("remote", "remove", "origin")
            let noted = try await project.start([recipe, "--version", "1.0.0", "--dry-run"]).wait()
            #expect(noted.output.contains("there is no origin that the git tag hello-service-1.0.0 could be at"))
            let local = [recipe, "--version", "1.0.0", "--no-push-to-repo", "--dry-run"]
            try await project.start(local).wait().expectNot("there is no origin")
        }

        @Test("A suite that is cancelled because another failed takes its containers along")
        func cancelledSuite() async throws {
            let project = try await SampleProject()
            let qa = readText(project.directory + "/test/test_qa.py")
            try await project.commit(
                "Fail while QA is under way",
                [
                    "test/test_planted.py": "import time\n\ndef test_planted():\n    time.sleep(4)\n    assert False\n",
                    "test/test_qa.py": qa + "\n\ndef test_planted(service):\n    time.sleep(300)\n",
                ])
            try await project.relsh("docker_build_local_image", "--version", "1.0.0").expect(0)
            let file = project.directory + "/recipes.rel"
            let recipe = """
                import "std/lib/suites.rel"
                let image = project.image("local-tester-1.0.0")
                suites.run(["fast", "qa"], image, stage: "local", version: 1.0.0)
                """
            try writeFile(file, recipe)
            try await project.relsh("recipes.rel").expect(1, "test_planted.py")
            try await project.expectNoContainers()
        }

        @Test("A registry that is down is named, and the others do not move")
        func deadRegistry() async throws {
            let project = try await SampleProject.released()
            try await project.prepare("1.1.0")
            let state = try await project.state()
            let release = ["docker_release_all", "--version", "1.1.0", "--skip-tests"]
            try await project.engine.stopRegistry("dockerhub")
            let outcome: Result<Finished, any Error>
            do { outcome = .success(try await project.start(release).wait()) } catch { outcome = .failure(error) }
            try await project.engine.startRegistry("dockerhub")
            try outcome.get().expect(1, project.engine.registries[1].address, "refused")

            let after = try await project.state()
            #expect(after.published.mapValues { $0["dev"] } == state.published.mapValues { $0["dev"] })
            #expect(after.published.mapValues { $0["prod"] } == state.published.mapValues { $0["prod"] })
            #expect(after.moving == state.moving)
            #expect(after.remoteTags == state.remoteTags)

            try await project.start(release).wait().expect(0)
            try await project.expectEverywhere(["dev-1.1.0": "dev", "prod-1.1.0": "prod"])
        }

        @Test("A build that fails shows what docker said")
        func build() async throws {
            let project = try await SampleProject()
            try await project.commit(
                "Break the build", ["devops/docker_build/dev.Dockerfile": "FROM scratch\nCOPY nowhere /\n"])
            let state = try await project.state()
            try await project.relsh("docker_release_all", "--version", "1.0.0").expect(1, "nowhere")
            #expect(try await project.state() == state)
        }

        @Test("A git tag that is at another commit is told before any registry moves")
        func gitTagElsewhere() async throws {
            let project = try await SampleProject.released()
            try await project.git("tag", "hello-service-1.1.0", "HEAD~1")
            try await project.prepare("1.1.0")
            let state = try await project.state()
            try await project.relsh("docker_release_all", "--version", "1.1.0", "--skip-tests")
                .expect(1, "hello-service-1.1.0", "is at")
            #expect(try await project.published() == state.published)
        }
    }
}
