import Testing

extension EndToEnd {
    @Suite("Releasing dev and prod in one run")
    struct Releases {
        @Test("The first release reaches every registry with one digest, and a repetition changes nothing")
        func first() async throws {
            let project = try await SampleProject()
            let recipe = "\(Host.root)/recipes/release_all.rel"
            try await project.relsh(recipe, "--version", "1.0.0").expect(0)
            try await project.expectEverywhere(["dev-1.0.0": "dev", "dev": "dev", "prod-1.0.0": "prod", "prod": "prod"])
            let state = try await project.state()
            #expect(state.published["ecr"]?["dev"] != state.published["ecr"]?["prod"])
            #expect(state.remoteTags == ["hello-service-1.0.0": state.head])
            #expect(state.status == "", "the working copy should be as it was")

            try await project.relsh(recipe, "--version", "1.0.0").expect(0)
            #expect(try await project.state() == state, "the same version again should change nothing")
        }

        @Test("The next release moves the moving tags and leaves the version tags of the one before")
        func next() async throws {
            let project = try await SampleProject.released()
            let before = try await project.published()
            try await project.prepare("1.1.0")
            try await project.relsh("docker_release_all").expect(0, "1.1.0")
            try await project.expectEverywhere(["dev-1.1.0": "dev", "prod-1.1.0": "prod"])
            let after = try await project.published()
            for (registry, tags) in before {
                #expect(after[registry]?["dev-1.0.0"] == tags["dev-1.0.0"])
                #expect(after[registry]?["prod-1.0.0"] == tags["prod-1.0.0"])
                #expect(after[registry]?["prod"] != tags["prod"])
            }
            #expect(try await project.remoteTags().keys.sorted() == ["hello-service-1.0.0", "hello-service-1.1.0"])
        }

        @Test("Versions are compared as versions: 1.10.0 comes after 1.9.0, and 1.0.0 after neither")
        func order() async throws {
            let project = try await SampleProject()
            try await project.prepare("1.9.0")
            try await project.relsh("docker_release_all", "--version", "1.9.0", "--skip-tests").expect(0)
            try await project.prepare("1.10.0")
            try await project.relsh("docker_release_all", "--version", "1.10.0", "--skip-tests").expect(0)
            try await project.expectEverywhere(["dev-1.10.0": "dev", "prod-1.10.0": "prod"])

            let state = try await project.state()
            for version in ["1.0.0", "1.9.0"] {
                try await project.relsh("docker_release_all", "--version", version, "--skip-tests")
                    .expect(1, "\(version) is below 1.10.0", "semver precedence", "version-below-changelog")
            }
            #expect(try await project.state() == state, "a refused version should move nothing")
        }

        @Test("A patch release takes prod alone forward, from the dev image that was released")
        func patch() async throws {
            let project = try await SampleProject()
            try await project.prepare("1.1.0")
            try await project.relsh("docker_release_all", "--version", "1.1.0", "--skip-tests").expect(0)
            let before = try await project.published()
            try await project.prepare("1.1.1")
            try await project.relsh("docker_release_all", "--version", "1.1.1", "--skip-tests").expect(0, "dev-1.1.0")
            try await project.expectEverywhere(["prod-1.1.1": "prod", "dev": "dev-1.1.0"])
            let after = try await project.published()
            #expect(after["ecr"]?["dev"] == before["ecr"]?["dev"])
            #expect(after["ecr"]?["prod"] != before["ecr"]?["prod"])
            #expect(after["ecr"]?["dev-1.1.1"] == nil)
            #expect(try await project.remoteTags()["hello-service-1.1.1"] != nil)

            try await project.prepare("1.2.1")
            let state = try await project.state()
            try await project.relsh("docker_release_all", "--version", "1.2.1", "--skip-tests")
                .expect(1, "dev-1.2.0", "must be released before")
            #expect(try await project.state() == state)
        }

        @Test("A version that is out is not changed, unless that is asked for")
        func takenVersion() async throws {
            let project = try await SampleProject.released()
            let state = try await project.state()
            // The same commit with another content: only the digest can tell.
            try writeFile(project.directory + "/hello/greeting.py", "MAX_NAME_LENGTH = 64\n\n\ndef greet(name): ...\n")
            let release = ["docker_release_all", "--version", "1.0.0", "--skip-tests"]
            let refused = try await project.start(release).wait().expect(1, "prod-1.0.0", "a released version")
            for registry in project.engine.registries {
                #expect(refused.output.contains("\(registry.address)/\(project.repository):prod-1.0.0"))
            }
            #expect(try await project.published() == state.published)
            #expect(try await project.remoteTags() == state.remoteTags)

            try await project.start(release + ["--just-do-it"]).wait().expect(0)
            try await project.expectEverywhere(["prod-1.0.0": "prod", "dev-1.0.0": "dev"])
            let after = try await project.published()
            #expect(after["ecr"]?["prod-1.0.0"] != state.published["ecr"]?["prod-1.0.0"])
            #expect(after["ecr"]?["dev-1.0.0"] == state.published["ecr"]?["dev-1.0.0"])
        }

        @Test("A dry run shows every command and changes nothing")
        func dryRun() async throws {
            let project = try await SampleProject.released()
            try await project.prepare("1.1.0")
            let state = try await project.state()
            let local = try await project.local()
            let run = try await project.relsh("docker_release_all", "--version", "1.1.0", "--dry-run").expect(0)
            let planned = run.stderr.split(separator: "\n").filter { $0.contains("would run: ") }
            func expectPlanned(_ parts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
                #expect(
                    planned.contains { line in parts.allSatisfy { line.contains($0) } }, "\(parts) in \(run)",
                    sourceLocation: sourceLocation)
            }
            expectPlanned("docker", "build", "dev.Dockerfile", "\(project.home):local-tester-1.1.0")
            expectPlanned("docker", "build", "prod.Dockerfile", "\(project.home):local-tester-prod-1.1.0")
            expectPlanned("docker run", "not slow and not superslow and not qa")
            expectPlanned("docker run", "-m superslow")
            expectPlanned("pytest", "-m qa", "--image_stage prod")
            expectPlanned("docker login", "--password-stdin", project.engine.registries[2].address)
            for stage in ["dev", "prod"] {
                expectPlanned("docker push \(project.home):\(stage)-1.1.0")
                for registry in project.engine.registries {
                    expectPlanned("registry.retag", "\"\(registry.address)/\(project.repository):\(stage)\"")
                }
                for registry in project.engine.registries.dropFirst() {
                    expectPlanned("registry.retag", "\"\(registry.address)/\(project.repository):\(stage)-1.1.0\"")
                }
            }
            expectPlanned("git tag hello-service-1.1.0")
            expectPlanned("git push origin refs/tags/hello-service-1.1.0")
            run.expectNot(project.engine.token)
            #expect(try await project.state() == state)
            #expect(try await project.local() == local)
        }
    }
}
