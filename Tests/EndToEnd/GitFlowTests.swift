import Testing

extension EndToEnd {
    @Suite("Git, GitHub and the team")
    struct GitFlows {
        @Test("A branch from an issue, a change of the changelog, the main branch merged, and a pull request")
        func issue() async throws {
            let project = try await SampleProject()
            let gh = try GitHubStandIn(issues: [12: "Add package `foobar`, please!"])
            func relsh(_ words: String...) async throws -> Finished {
                try await project.start(words, environment: gh.environment).wait()
            }
            let branch = "HelloServiceTask12_Add_package_foobar_please"
            try await relsh("git_create_branch", "-i", "13").expect(1, "could not read the issue 13", "gh issue list")
            try await relsh("git_create_branch", "-i", "12").expect(0, branch)
            #expect(try await project.git("branch", "--show-current") == branch)
            #expect(try await project.git("ls-remote", "--heads", "origin", branch) != "")

            try await relsh("add_changelog_entry", "--change", "Add foobar\nDrop barfoo").expect(
                0, "1.1.0")
            #expect(readText(project.directory + "/changelog.txt").hasPrefix("# hello-service-1.1.0\n"))
            try await relsh("git_merge_master").expect(1, "commit or stash")
            try await project.git("commit", "-qam", "Say what is new")
            try await project.git("checkout", "-q", "master")
            try await project.commit("Somebody else's", ["other.txt": "x\n"])
            try await project.git("checkout", "-q", branch)
            try await relsh("git_merge_master").expect(0)
            #expect(readText(project.directory + "/other.txt") == "x\n")

            let url = "https://github.example/team/hello-service/pull/1"
            try await relsh("git_create_pull_request", "--title", "Add foobar", "--reviewers", "ada,bob", "--dry-run")
                .expect(0, "gh pr create --title 'Add foobar'", "--reviewer ada --reviewer bob")
            #expect(gh.pullRequests == "[]")
            try await relsh("git_create_pull_request", "--title", "Add foobar", "--reviewers", "ada,bob").expect(0, url)
            #expect(gh.pullRequests.contains("\"open\""))
            // Once more finds the one that is open.
            try await relsh("git_create_pull_request", "--title", "Add foobar").expect(0, "already", url)
            let number = try await relsh("runs").stdout.split(separator: "\n")[1].dropFirst().prefix { $0.isNumber }
            try await relsh("undo", String(number)).expect(0, "pull request")
            #expect(gh.pullRequests.contains("\"closed\"") && !gh.pullRequests.contains("\"open\""))
        }

        @Test("The periodic release: built, tested, committed, proposed, and pushed to GHCR under its version")
        func periodic() async throws {
            let project = try await SampleProject()
            try await project.commit("Leave the ledger out", [".gitignore": ".relsh\n"])
            let gh = try GitHubStandIn()
            let words = ["docker_build_test_dev_image", "--assignee", "me", "--reviewers", "ada,team/dev"]
            try await project.start(words, environment: gh.environment).wait()
                .expect(0, "fast tests on local-tester-1.1.0", "slow tests", "superslow tests", "/pull/1")
            let branch = try await project.git("branch", "--show-current")
            #expect(branch.wholeMatch(of: /HelloServiceTask_Periodic_image_release_\d{8}/) != nil, "\(branch)")
            #expect(try await project.git("log", "-1", "--format=%s") == "Periodic release 1.1.0")
            #expect(try await project.git("ls-remote", "--heads", "origin", branch) != "")
            #expect(readText(project.directory + "/changelog.txt").contains("# hello-service-1.1.0\n"))
            let call = try #require(gh.calls.first { $0.contains("\"create\"") })
            for part in ["\"Automated release\"", "\"ada\"", "\"team/dev\"", "\"me\"", "\"master\"", "\"\(branch)\""] {
                #expect(call.contains(part), "\(part) in \(call)")
            }
            let published = try await project.published()
            #expect(published["ghcr"]?.keys.sorted() == ["dev-1.1.0"])
            #expect(published["ecr"]?.isEmpty == true, "it is released when the pull request is merged")

            // Which is done from GHCR.
            let ghcr = "\(project.engine.registries[2].address)/\(project.repository)"
            try await project.relsh("docker_tag_push_dev_image", "--base-image", ghcr).expect(0)
            try await project.expectEverywhere(["dev-1.1.0": "dev"])
        }

        @Test("After a release the registries are looked at, and the team is told although its server fails twice")
        func announcement() async throws {
            let project = try await SampleProject()
            let server = try await ScriptServer("web-hook.py", ["2"])
            let hook = "http://\(server.address)/services/T0KEN"
            try writeFile(
                project.directory + "/relsh.toml",
                readText(project.directory + "/relsh.toml") + "\n[notifications.team]\nurl_env = \"CHAT_WEB_HOOK\"\n")
            try await project.relsh("post_release_checklist").expect(
                1, "- [ ] dev-1.0.0 of ghcr is the image", "- [ ] the git tag hello-service-1.0.0 is on origin")
            try await project.relsh("docker_release_dev_image", "--skip-tests").expect(0)
            try await project.relsh("post_release_checklist").expect(0, "- [x] dev of dockerhub", "all is done")

            try await project.relsh("announce").expect(1, "CHAT_WEB_HOOK is not set")
            let environment = ["CHAT_WEB_HOOK": hook]
            let told = try await project.relsh("announce", environment: environment)
                .expect(0, "answered 503; trying again").expectNot("T0KEN")
            #expect(told.stderr.components("trying again") == 2)
            let lines = server.lines
            #expect(lines.map { $0.prefix(3) } == ["503", "503", "200"])
            #expect(lines.last?.contains("hello-service 1.0.0 is released:\\n- Greet by name") == true, "\(lines)")
            try await project.relsh("announce", "--channel", "teem", environment: environment).expect(
                1, "did you mean \"team\"")
            try await project.relsh("show", "--json").expect(0).expectNot("T0KEN")
            try await server.stop()
            try await project.relsh("announce", environment: environment).expect(1, "was not taken", "3 times")
        }
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
