import Testing

extension EndToEnd {
    /// The dry runs of the flows, held against the commands that the tests of the public reference expect of its tasks (its
    /// `test_lib_tasks_docker_release.py`): the same images, tags and build arguments, in the same order but where
    /// docs/migrating.md says what differs and why.
    @Suite("Plans, held against the tasks that recipes replace")
    struct ReferencePlans {
        /// What one planned command must hold, in any order.
        typealias Line = [String]

        /// - Parameter words: `HOME`, `HUB` and `GHCR` stand for the image's name in the three registries, and so in what is
        ///   expected.
        private func expect(
            _ words: String, _ expected: [Line], in project: SampleProject,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let names = zip(["HOME", "HUB", "GHCR"], project.engine.registries).map {
                ($0, "\($1.address)/\(project.repository)")
            }
            let given = words.split(separator: " ").map { word in
                names.reduce(String(word)) { $0.replacing($1.0, with: $1.1) }
            }
            let run = try await project.start(given + ["--dry-run"]).wait()
            run.expect(0, sourceLocation: sourceLocation)
            let plan = run.stderr.split(separator: "\n").compactMap { line -> String? in
                guard let start = line.firstRange(of: "would run: ") else { return nil }
                let shown = names.reduce(String(line[start.upperBound...])) { $0.replacing($1.1, with: $1.0) }
                return shown.contains("docker login") ? nil : shown
            }
            #expect(plan.count == expected.count, "\(words): \(plan)", sourceLocation: sourceLocation)
            for (line, parts) in zip(plan, expected) {
                for part in parts {
                    #expect(line.contains(part), "\(part) in \(line)", sourceLocation: sourceLocation)
                }
            }
        }

        private static let devArguments = [
            "--build-arg INSTALL_DIND=True", "--build-arg POETRY_MODE=update", "--build-arg CLEAN_UP_INSTALLATION=True",
        ]
        private static func prodArguments(_ dev: String) -> Line {
            ["--build-arg VERSION=\(dev)", "--build-arg ECR_BASE_PATH=", "--build-arg IMAGE_NAME=hello-service"]
        }
        private static func retag(_ source: String, _ target: String) -> Line {
            ["retag", source, "Image(\"\(target)\")"]
        }

        @Test("The dev image")
        func dev() async throws {
            let project = try await SampleProject()
            let build = { (image: String) in
                [
                    "docker buildx build", "--no-cache", "--tag \(image):local-tester-1.0.0", "dev.Dockerfile",
                    "--build-arg AM_CONTAINER_VERSION=1.0.0",
                ] + Self.devArguments
            }
            try await expect(
                "docker_build_local_image --version 1.0.0 --base-image test-registry.com/test-image --no-cache",
                [build("test-registry.com/test-image")], in: project)
            try await expect(
                "docker_build_local_image --version 1.0.0 --no-cache --multi-arch linux/amd64,linux/arm64",
                [
                    build("HOME") + ["--push", "--platform linux/amd64,linux/arm64"],
                    ["docker pull", "HOME:local-tester-1.0.0"],
                    ["docker tag", "HOME:local-tester-1.0.0"],
                ], in: project)
            try await expect(
                "docker_release_dev_image --version 1.0.0 --no-cache --skip-tests --target-registries ecr",
                [
                    build("HOME"), ["git tag hello-service-1.0.0"], ["git push origin refs/tags/hello-service-1.0.0"],
                    ["docker tag <known at run time: the id of HOME:local-tester-1.0.0> HOME:dev-1.0.0"],
                    ["docker push HOME:dev-1.0.0"],
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-1.0.0>", "HOME:dev"),
                ], in: project)
            try await expect(
                "docker_release_multi_build_dev_image --version 1.0.0 --no-cache --skip-tests --target-registries ecr,dockerhub",
                [
                    build("HOME") + ["--push", "--platform linux/amd64,linux/arm64"], ["git tag"], ["git push"],
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-1.0.0>", "HOME:dev-1.0.0"),
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-1.0.0>", "HUB:dev-1.0.0"),
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-1.0.0>", "HOME:dev"),
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-1.0.0>", "HUB:dev"),
                ], in: project)
        }

        @Test("What is out: promotion, mirroring, going back, and prod")
        func released() async throws {
            let project = try await SampleProject()
            try await project.relsh("docker_build_local_image", "--version", "1.0.0").expect(0)
            try await project.relsh("share_local_image").expect(0)
            let promotion = [["git tag hello-service-1.0.0"], ["git push origin refs/tags/hello-service-1.0.0"]]
            for (registry, image) in [("ecr", "HOME"), ("dockerhub", "HUB")] {
                try await expect(
                    "docker_tag_push_multi_build_local_image_as_dev --version 1.0.0 --target \(registry)",
                    promotion + [
                        Self.retag("HOME@sha256:", "\(image):dev-1.0.0"), Self.retag("HOME@sha256:", "\(image):dev"),
                    ],
                    in: project)
            }
            try await expect(
                "docker_tag_local_image_as_dev --version 1.0.0",
                [
                    ["docker tag", "HOME:local-tester-1.0.0", "HOME:dev-1.0.0"],
                    ["docker tag", "HOME:local-tester-1.0.0", "HOME:dev"], ["git tag hello-service-1.0.0"],
                ], in: project)
            try await project.relsh(
                "docker_release_dev_image", "--version", "1.0.0", "--skip-tests", "--target-registries", "ghcr"
            )
            .expect(0)
            try await expect(
                "docker_tag_push_dev_image --version 1.0.0 --base-image GHCR --target-registries ghcr,ecr",
                [Self.retag("GHCR@sha256:", "HOME:dev-1.0.0"), Self.retag("GHCR@sha256:", "HOME:dev")], in: project)

            try await project.relsh(
                "docker_tag_push_dev_image", "--base-image",
                "\(project.engine.registries[2].address)/\(project.repository)"
            )
            .expect(0)
            try await project.prepare("1.1.0")
            try await project.relsh("docker_release_dev_image", "--version", "1.1.0", "--skip-tests").expect(0)
            // Without a pull and a push: all registries, and every platform.
            try await expect(
                "docker_rollback_dev_image --version 1.0.0 --target-registries ecr,dockerhub",
                [Self.retag("HOME@sha256:", "HOME:dev"), Self.retag("HOME@sha256:", "HUB:dev")], in: project)

            try await project.relsh("docker_pull", "--version", "1.1.0").expect(0)
            let build = ["docker buildx build", "prod.Dockerfile", "--no-cache"] + Self.prodArguments("1.1.0")
            try await expect(
                "docker_build_prod_image --version 1.1.2 --no-cache",
                [build + ["--tag HOME:prod-1.1.2 --tag HOME:prod "]], in: project)
            try await expect(
                "docker_build_prod_image --version 1.1.2 --no-cache --candidate --tag test_tag",
                [build + ["--tag HOME:prod-test_tag "]], in: project)
            try await expect(
                "docker_build_prod_image --version 1.1.2 --no-cache --candidate --user-tag test_user --tag test_tag",
                [build + ["--tag HOME:prod-test_user-test_tag "]], in: project)
            // A plan to push what is not there fails.
            let candidate = "docker.tag(\"\(project.home):dev-1.1.0\", \"\(project.home):prod-4759b36\")"
            try await project.relsh("-e", candidate).expect(0)
            try await expect(
                "docker_push_prod_candidate_image --candidate 4759b36",
                [["docker tag"], ["docker push HOME:prod-4759b36"]],
                in: project)
            try await expect(
                "docker_release_prod_image --version 1.1.2 --no-cache --skip-tests --target-registries ecr",
                [
                    build, ["git tag hello-service-1.1.2"], ["git push"], ["docker tag", "HOME:prod-1.1.2"],
                    ["docker push HOME:prod-1.1.2"],
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-prod-1.1.2>", "HOME:prod"),
                ], in: project)
            try await expect(
                "docker_release_multi_arch_prod_image --version 1.1.2 --skip-tests --docker-registry ecr --docker-registry dockerhub",
                [
                    ["--push", "--platform linux/amd64,linux/arm64"] + Self.prodArguments("1.1.0"), ["git tag"],
                    ["git push"],
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-prod-1.1.2>", "HOME:prod-1.1.2"),
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-prod-1.1.2>", "HUB:prod-1.1.2"),
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-prod-1.1.2>", "HOME:prod"),
                    Self.retag("HOME@<known at run time: the id of HOME:local-tester-prod-1.1.2>", "HUB:prod"),
                ], in: project)
        }

        @Test("The periodic release")
        func periodic() async throws {
            let project = try await SampleProject()
            try await project.commit("Use poetry", ["devops/docker_build/pyproject.toml": "[tool.poetry]\n"])
            try await expect(
                "docker_build_test_dev_image --reviewers specific_user",
                [
                    ["git checkout -b HelloServiceTask_Periodic_image_release_20"],
                    ["docker buildx build", "--tag HOME:local-tester-1.1.0", "AM_CONTAINER_VERSION=1.1.0"]
                        + Self.devArguments,
                    ["docker create"], ["docker cp", "/install/poetry.lock.out", "devops/docker_build/poetry.lock"],
                    ["docker rm"],
                    ["docker create"], ["docker cp", "/install/pip_list.txt", "devops/docker_build/pip_list.txt"],
                    ["docker rm"],
                    ["docker run"], ["docker run"], ["docker run"],
                    ["# hello-service-1.1.0", "- Periodic release"],
                    ["git add", "changelog.txt", "devops/docker_build"],
                    ["git commit"], ["git push origin HelloServiceTask_Periodic_image_release_20"],
                    ["gh pr create", "--reviewer specific_user", "--label 'Automated release'"],
                    ["docker tag <known at run time: the id of HOME:local-tester-1.1.0> GHCR:dev-1.1.0"],
                    ["docker push GHCR:dev-1.1.0"],
                ], in: project)
        }
    }
}
