import Testing

extension EndToEnd {
    @Suite("Images of two platforms")
    struct TwoPlatforms {
        @Test("Dev and prod reach every registry with both platforms and one digest")
        func release() async throws {
            let project = try await SampleProject(example: "two-platforms")
            try await project.relsh("docker_release_multi_build_dev_image").expect(
                0, "Run the fast tests on local-", "ok  Send the layers of local-tester-1.0.0 ahead to dockerhub, ghcr")
            try await project.expectBothPlatforms(["dev-1.0.0": "dev", "dev": "dev"])
            try await project.relsh("docker_release_multi_arch_prod_image").expect(
                0, "Run the fast tests on local-",
                "ok  Send the layers of local-tester-prod-1.0.0 ahead to dockerhub, ghcr")
            try await project.expectBothPlatforms(["prod-1.0.0": "prod", "prod": "prod"])
            let state = try await project.state()
            #expect(state.remoteTags == ["two-platforms-1.0.0": state.head])
            #expect(state.published["ecr"]?["dev"] != state.published["ecr"]?["prod"])
        }

        @Test("A rollback takes the moving tag of every registry back, with both platforms, and pulls nothing")
        func rollback() async throws {
            let project = try await SampleProject.releasedTwice()
            let before = try await project.published()
            #expect(before["ecr"]?["dev"] == before["ecr"]?["dev-1.1.0"])
            try await project.relsh("docker_rollback_dev_image", "--version", "1.0.0").expect(0)
                .expectNot("docker pull")
            try await project.expectBothPlatforms(["dev": "dev-1.0.0"])
            let after = try await project.published()
            #expect(after.mapValues { $0["dev-1.1.0"] } == before.mapValues { $0["dev-1.1.0"] })
        }

        @Test("A rollback to what was never released moves nothing")
        func rollbackToNothing() async throws {
            let project = try await SampleProject.releasedTwice()
            let before = try await project.published()
            try await project.relsh("docker_rollback_dev_image", "--version", "1.7.0")
                .expect(1, "dev-1.7.0 is not in its registry")
            #expect(try await project.published() == before)
        }

        @Test("Step by step: build, promote to two registries, mirror to the third")
        func steps() async throws {
            let project = try await SampleProject(example: "two-platforms")
            try await project.relsh("docker_build_local_image", "--multi-arch").expect(0)
            try await project.relsh(
                "docker_tag_push_multi_build_local_image_as_dev", "--version", "1.0.0", "--target", "ecr,dockerhub"
            ).expect(0)
            let promoted = try await project.published()
            #expect(promoted["ghcr"] == [:])
            #expect(promoted["dockerhub"]?["dev"] == promoted["ecr"]?["local-tester-1.0.0"])
            try await project.relsh("docker_tag_push_dev_image", "--version", "1.0.0", "--target-registries", "ghcr")
                .expect(0)
            try await project.expectBothPlatforms(["dev-1.0.0": "dev", "dev": "dev"])

            try await project.relsh("docker_build_multi_arch_prod_image", "--version", "1.0.0").expect(0)
            #expect(try await project.published()["ecr"]?["prod"] == nil, "a prod image is prod when it is promoted")
            try await project.relsh("docker_tag_push_multi_arch_prod_image", "--version", "1.0.0").expect(0)
            try await project.expectBothPlatforms(["prod-1.0.0": "prod", "prod": "prod"])
        }

        @Test("One platform can be built by name")
        func onePlatform() async throws {
            let project = try await SampleProject(example: "two-platforms")
            try await project.relsh("docker_build_local_image", "--multi-arch", "--platform", "linux/arm64")
                .expect(0, "--platform linux/arm64")
            try await project.relsh("docker_build_local_image", "--multi-arch", "linux/amd64,linux/arm64")
                .expect(0, "--platform linux/amd64,linux/arm64")
        }

        @Test("Another platform than this machine's is tested where qemu runs it")
        func otherPlatform() async throws {
            try await Host.run("\(Host.root)/scripts/engine.sh", "qemu")
            let project = try await SampleProject(example: "two-platforms")
            let other = try await Host.run("uname", "-m") == "aarch64" ? "linux/amd64" : "linux/arm64"
            try await project.relsh("docker_release_multi_build_dev_image", "--test-platforms", other)
                .expect(0, "ok  Run the fast tests on local-tester-1.0.0 for \(other)")
            try await project.relsh("docker_release_multi_arch_prod_image", "--test-platforms", other)
                .expect(0, "ok  Run the fast tests on local-tester-prod-1.0.0 for \(other)")
            try await project.expectBothPlatforms(["dev": "dev-1.0.0", "prod": "prod-1.0.0"])
        }

        @Test("A platform that fails its tests leaves every registry without a release")
        func failingPlatform() async throws {
            let project = try await SampleProject(example: "two-platforms")
            let other = try await Host.run("uname", "-m") == "aarch64" ? "amd64" : "arm64"
            // No program of any processor.
            try await project.commit("Break one platform", ["check-\(other)": "\u{7F}ELF?"])
            try await Host.run("chmod", "+x", "\(project.directory)/check-\(other)")
            try await project.relsh("docker_release_multi_build_dev_image", "--test-platforms", "linux/\(other)")
                .expect(1, "could not be started", "for linux/\(other)", "register qemu")
            let published = try await project.published()
            #expect(published["ecr"]?.keys.sorted() == ["local-tester-1.0.0"])
            #expect(published["dockerhub"] == [:] && published["ghcr"] == [:])
        }

        @Test("A rollback that one registry refuses moves none, and both platforms stay")
        func refusedRollback() async throws {
            let project = try await SampleProject.releasedTwice()
            let before = try await project.published()
            let proxy = try await FaultProxy(
                before: project.engine.registries[1], "PUT:/manifests/dev$:status=403:9")
            let settings = readText(project.directory + "/relsh.toml")
            try await project.commit(
                "A registry that refuses",
                ["relsh.toml": settings.replacing(project.engine.registries[1].address, with: proxy.address)])
            try await project.relsh("docker_rollback_dev_image", "--version", "1.0.0")
                .expect(1, "answered 403", "put back", "dev is \(before["ghcr"]?["dev"] ?? "missing") again")
            #expect(try await project.published() == before)
            try await project.expectBothPlatforms(["dev": "dev-1.1.0"])
        }

        @Test("A suite that fails leaves every registry without a release")
        func failingSuite() async throws {
            let project = try await SampleProject(example: "two-platforms")
            let settings = readText(project.directory + "/relsh.toml")
            try await project.commit(
                "A suite that fails", ["relsh.toml": settings.replacing(#"["/check"]"#, with: #"["/missing"]"#)])
            try await project.relsh("docker_release_multi_build_dev_image").expect(1, "the fast tests")
            let published = try await project.published()
            #expect(published["ecr"]?.keys.sorted() == ["local-tester-1.0.0"])
            #expect(published["dockerhub"] == [:] && published["ghcr"] == [:])
            #expect(try await project.remoteTags() == [:])
        }
    }
}

extension SampleProject {
    /// Two platforms, with 1.0.0 and then 1.1.0 as dev.
    fileprivate static func releasedTwice() async throws -> SampleProject {
        let project = try await SampleProject(example: "two-platforms")
        try await project.relsh("docker_release_multi_build_dev_image", "--skip-tests").expect(0)
        let entry = "# two-platforms-1.1.0\n- 2025-10-07\n- Say it again\n\n"
        let changelog = readText(project.directory + "/changelog.txt")
        try await project.commit("Say it again", ["changelog.txt": entry + changelog])
        try await project.relsh("docker_release_multi_build_dev_image", "--skip-tests").expect(0)
        return project
    }

    /// As `expectEverywhere`, and that what is there has both platforms in every registry.
    fileprivate func expectBothPlatforms(_ tags: [String: String]) async throws {
        try await expectEverywhere(tags)
        for registry in engine.registries {
            for tag in tags.keys {
                let index = try await Host.run(
                    "docker", "buildx", "imagetools", "inspect", "--raw", "\(registry.address)/\(repository):\(tag)")
                for architecture in ["amd64", "arm64"] {
                    #expect(
                        index.contains("\"architecture\": \"\(architecture)\""),
                        "\(tag) of \(registry.name) should have \(architecture): \(index)")
                }
            }
        }
    }
}
