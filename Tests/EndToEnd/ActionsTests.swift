import Testing

extension EndToEnd {
    @Suite("In GitHub Actions")
    struct Actions {
        /// The shell scripts under `run:` in the example, in their order.
        private func scripts() -> [String] {
            let lines = readText("\(Host.root)/examples/github-actions/build-dev-image.yml").split(
                separator: "\n", omittingEmptySubsequences: false
            ).map(String.init)
            var scripts: [String] = []
            for (number, line) in lines.enumerated() {
                guard let start = line.firstRange(of: "        run: ") else { continue }
                let first = String(line[start.upperBound...])
                let rest = lines[(number + 1)...].prefix { $0.hasPrefix("          ") }
                scripts.append(first == "|" ? rest.joined(separator: "\n") : first)
            }
            return scripts
        }

        @Test("The example's scripts release the dev image, with folds in the log and a summary of the job")
        func example() async throws {
            let project = try await SampleProject()
            let scripts = scripts()
            #expect(scripts.count == 3)
            let folder = TemporaryFiles.newDirectory("actions")
            try await Host.run("ln", "-s", Host.relsh, folder + "/relsh")
            let summary = folder + "/summary.md"
            try writeFile(summary, "# Before\n")
            let environment = Host.clean.merging([
                "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary, "VERSION": "1.0.0",
                "TARGET_REGISTRIES": "ecr,ghcr",
                "DRY_RUN": "false", "PATH": "\(folder):\(Host.environment["PATH"] ?? "/usr/bin:/bin")",
            ]) { $1 }
            func run(_ script: String, _ more: [String: String] = [:]) async throws -> Finished {
                try await Running(
                    "bash", ["-e", "-c", script], in: project.directory, environment: environment.merging(more) { $1 }
                ).wait(limit: .seconds(180))
            }
            try await run(scripts[1]).expect(0, "What docker_release_dev_image")
            try await run(scripts[2], ["DRY_RUN": "true"]).expect(0, "would run: docker buildx build")
            #expect(try await project.published().values.allSatisfy(\.isEmpty))
            #expect(readText(summary).hasPrefix("# Before\n## ✅ "))
            #expect(readText(summary).contains("A dry run: "))

            try writeFile(summary, "")
            let release = try await run(scripts[2]).expect(0)
            #expect(try await project.published()["dockerhub"]?.isEmpty == true)
            #expect(try await project.published()["ghcr"]?["dev"] != nil)
            let lines = release.stderr.split(separator: "\n").map(String.init)
            #expect(lines.contains("::group::Build local-tester-1.0.0"))
            #expect(lines.contains { $0.hasPrefix("::group::Publish dev 1.0.0") })
            let opened = lines.filter { $0.hasPrefix("::group::") }.count
            #expect(opened > 3 && opened == lines.filter { $0 == "::endgroup::" }.count)
            let page = readText(summary)
            #expect(
                page.hasPrefix("## ✅ `relsh docker_release_dev_image --version 1.0.0 --target-registries ecr,ghcr`\n"))
            #expect(page.contains("| Build local-tester-1.0.0 | ✅ |"))
            #expect(page.contains("- ghcr dev: nothing → "))
            #expect(!page.contains("\u{1B}"))
        }

        @Test("A release that fails says so in the summary, and shows what failed outside of all folds")
        func failure() async throws {
            let project = try await SampleProject()
            try await project.commit("Break it", ["hello/greeting.py": "raise SystemExit('broken on purpose')\n"])
            let summary = TemporaryFiles.path("summary.md")
            let environment = ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary]
            let run = try await project.relsh(
                "docker_release_dev_image", "--no-slow-tests", "--no-qa-tests", environment: environment
            ).expect(
                1, "fast tests failed")
            #expect(readText(summary).contains("> **the fast tests failed on "))
            #expect(readText(summary).contains("| ❌ failed |"))
            let lines = run.stderr.split(separator: "\n").map(String.init)
            let output = try #require(lines.firstIndex { $0.contains("broken on purpose") })
            let opened = lines[..<output].filter { $0.hasPrefix("::group::") }.count
            #expect(opened == lines[..<output].filter { $0 == "::endgroup::" }.count, "\(run)")
        }
    }
}
