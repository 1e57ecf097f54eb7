import Testing

extension EndToEnd {
    @Suite("What reaches a build")
    struct BuildContexts {
        @Test("The ignore file beside the Dockerfile takes effect, and nothing is overwritten for it")
        func ignoreFile() async throws {
            let project = try await SampleProject()
            var dockerfile = readText(project.directory + "/devops/docker_build/dev.Dockerfile")
            dockerfile += "COPY . /context\n"
            let ignore = "*\n!devops/docker_build/freeze.py\n!hello\n!secret.txt\nsecret.txt\n"
            try await project.commit(
                "Copy the context",
                [
                    "devops/docker_build/dev.Dockerfile": dockerfile,
                    "devops/docker_build/dev.Dockerfile.dockerignore": ignore, ".dockerignore": "hello\n",
                ])
            try writeFile(project.directory + "/secret.txt", "the password\n")
            let status = try await project.git("status", "--porcelain")
            try await project.relsh("docker_release_all", "--version", "1.0.0", "--skip-tests", "--no-push-to-repo")
                .expect(0)
            #expect(try await project.git("status", "--porcelain") == status)

            let dev = try await list("\(project.home):dev-1.0.0", "/context")
            #expect(dev.contains("/context/hello/server.py"), "\(dev)")
            #expect(!dev.contains("/context/secret.txt") && !dev.contains("/context/relsh.toml"), "\(dev)")
            let prod = try await list("\(project.home):prod-1.0.0", "/app")
            #expect(prod.contains("/app/hello/server.py"), "\(prod)")
            for absent in ["/app/secret.txt", "/app/.git", "/app/devops", "/app/relsh.toml"] {
                #expect(!prod.contains { $0.hasPrefix(absent) }, "\(absent) in \(prod)")
            }
        }

        private func list(_ image: String, _ directory: String) async throws -> [String] {
            try await Host.run("docker", "run", "--rm", image, "find", directory).split(separator: "\n").map(
                String.init)
        }

        @Test("Links that lead out of the context are followed, and others stay links")
        func links() async throws {
            let project = try await SampleProject()
            let outside = TemporaryFiles.newDirectory("outside")
            try await Host.run("chmod", "755", outside)
            try writeFile(outside + "/shared.py", "SHARED = 1\n")
            try writeFile(outside + "/secret.txt", "the password\n")
            for (target, link) in [
                (outside, "hello/shared"), ("server.py", "hello/alias.py"), ("/nowhere", "hello/dangling"),
                (outside + "/secret.txt", "secret.txt"),
            ] {
                try await Host.run("ln", "-s", target, "\(project.directory)/\(link)")
            }
            let words = ["docker_release_all", "--version", "1.0.0", "--skip-tests", "--no-push-to-repo"]
            try await project.start(words + ["--dry-run"]).wait()
                .expect(0, "cp --recursive --dereference", "hello/shared relsh-context/hello/shared")
            let run = try await project.start(words).wait().expect(0, "lead out of the context", "hello/shared")
            #expect(!run.output.contains("context, and what they lead to is sent: hello/dangling"))
            let prod = try await list("\(project.home):prod-1.0.0", "/app")
            #expect(prod.contains("/app/hello/shared/shared.py") && prod.contains("/app/hello/shared/secret.txt"))
            #expect(!prod.contains("/app/secret.txt"), "the ignore file keeps it out")
            let alias = try await Host.run(
                "docker", "run", "--rm", "\(project.home):prod-1.0.0", "readlink", "/app/hello/alias.py")
            #expect(alias == "server.py")
            #expect(
                try await Host.run("find", TemporaryFiles.directory, "-maxdepth", "1", "-name", "relsh-context*") == "")
        }

        @Test("Build arguments say which version and how to build")
        func buildArguments() async throws {
            let project = try await SampleProject()
            try await project.relsh(
                "docker_build_local_image", "-v", "1.0.0", "--no-update-poetry", "--no-cleanup-installation"
            ).expect(0)
            let environment = try await Host.run(
                "docker", "inspect", "--format", "{{join .Config.Env \"\\n\"}}", "\(project.home):local-tester-1.0.0")
            for setting in ["AM_CONTAINER_VERSION=1.0.0", "POETRY_MODE=no_update"] {
                #expect(environment.contains(setting), "\(environment)")
            }
            #expect(!environment.contains("CLEAN_UP_INSTALLATION=True"), "\(environment)")
        }
    }
}
