import Glibc
import Testing

extension EndToEnd {
    @Suite("What a run leaves behind")
    struct Ledgers {
        @Test("A release is taken back: tags in every registry, names of this machine and the git tag")
        func undo() async throws {
            let project = try await SampleProject.released()
            let before = try await project.state()
            try await project.prepare("1.1.0")
            let prepared = try await project.state()
            try await project.relsh("docker_release_all", "--version", "1.1.0", "--skip-tests").expect(0)
            let after = try await project.state()
            #expect(after.moving != before.moving)

            try await project.relsh("undo", "2", "--dry-run").expect(0, "would be taken back", "hello-service-1.1.0")
            #expect(try await project.state() == after)
            try await project.relsh("undo", "2").expect(0, "taken back: the git tag hello-service-1.1.0")
            let undone = try await project.state()
            #expect(undone == prepared)
            try await project.relsh("undo", "2").expect(0, "Nothing of run #2 is left to take back")
        }

        @Test("What somebody else has moved is left, and the command that completes it is shown")
        func undoRefuses() async throws {
            let project = try await SampleProject.released()
            try await project.prepare("1.1.0")
            try await project.relsh("docker_release_all", "--version", "1.1.0", "--skip-tests").expect(0)
            let released = try await project.published()
            let dev = "\(project.home):dev"
            let move = "registry.retag(Image(\"\(project.home):prod-1.1.0\"), Image(\"\(dev)\"))"
            try await project.relsh("--no-ledger", "-e", move).expect(0)
            try await project.relsh("undo", "2").expect(
                3, "\(dev) was changed by somebody else since", "registry.retag", "taken back: the git tag")
            let published = try await project.published()
            #expect(published["ecr"]?["dev"] == released["ecr"]?["prod-1.1.0"])
            #expect(published["ghcr"]?["dev"] == published["ghcr"]?["dev-1.0.0"])
        }

        @Test("A failed release goes on after the mistake is mended, and refuses what has changed")
        func resume() async throws {
            let project = try await SampleProject()
            let release = ["docker_release_all", "--version", "1.0.0", "--skip-tests"]
            let hook = try project.hookOfOrigin(
                "update", "case $1 in refs/tags/*) echo 'no tags today' >&2; exit 1 ;; esac")
            try await project.start(release).wait().expect(1, "no tags today", "`relsh resume 1` goes on")
            unlink(hook)
            #expect(try await project.published().values.allSatisfy(\.isEmpty))

            let server = project.directory + "/hello/server.py"
            let text = readText(server)
            try writeFile(server, text + "# touched\n")
            try await project.relsh("resume").expect(2, "hello/server.py has changed since", "--force")
            try writeFile(server, text)
            try await project.relsh("resume").expect(0, "(done before)")
            try await project.expectEverywhere(["dev-1.0.0": "dev", "prod-1.0.0": "prod"])
            try await project.relsh("resume").expect(2, "run-not-resumable")
        }

        @Test("The ledger is no part of the project and of no image")
        func outOfSight() async throws {
            let project = try await SampleProject()
            try writeFile(project.directory + "/Dockerfile", "FROM relsh-base:python\nCOPY . /context\n")
            try writeFile(project.directory + "/.dockerignore", ".git\n")
            try await project.commit("A context with everything in it", [:])
            let image = "\(project.home):context"
            let build = "docker.build(context: \".\", file: \"Dockerfile\", tags: [\"\(image)\"])"
            let first = try await project.relsh("-e", build).expect(0)
            let found = try await Host.run("docker", "run", "--rm", image, "find", "/context", "-maxdepth", "1")
            #expect(found.contains("/context/relsh.toml"), "\(found)")
            #expect(!found.contains(".relsh") && !found.contains("/context/.git\n"), "\(found)")
            // Another run has written to the ledger since: the image is the same.
            #expect(try await project.relsh("-e", build).expect(0).stdout == first.stdout)
            #expect(try await project.git("status", "--porcelain") == "")
            try await project.relsh("-e", "git.is_clean()").expect(0, "true")
        }

        @Test("A secret is in nothing that is written")
        func secret() async throws {
            let project = try await SampleProject()
            let secret = "pl4nted/s3cret+value"
            let recipe = """
                let token = env.secret("PLANTED")
                step "Use it" {
                    $ TOKEN=${token} sh -c 'echo the token is $TOKEN; echo -n "user:$TOKEN" | base64'
                    let said = run(["sh", "-c", "echo $PLANTED"]).stdout
                    assert said.contains("pl4nted")
                }
                """
            try writeFile(project.directory + "/use.rel", recipe)
            try await project.relsh("use.rel", environment: ["PLANTED": secret]).expect(0)
            let files = try await Host.run("find", project.directory + "/.relsh", "-type", "f")
            for file in files.split(separator: "\n") {
                let text = readText(String(file))
                for form in [
                    secret, "cGw0bnRlZC9zM2NyZXQrdmFsdW", "pl4nted%2Fs3cret%2Bvalue", "bDRudGVkL3MzY3JldCt2YWx1",
                ] {
                    #expect(!text.contains(form), "\(form) in \(file)")
                }
            }
            try await project.relsh("show").expect(0, "•••")
        }

        @Test("Of two releases at once, one refuses or waits; a dead one holds nothing")
        func lock() async throws {
            let project = try await SampleProject()
            let go = TemporaryFiles.path("go")
            let next = "transaction \"Next\" { $ echo next }"
            let slow = "transaction \"Slow\" { $ sh -c \"until test -e \(go); do sleep 0.1; done\" }"
            let first = try project.start(["-e", slow])
            try await first.waitUntil("it holds the lock") {
                try await project.relsh("runs", "--locks").stdout.contains("run #1")
            }
            try await project.relsh("-e", next).expect(1, "another release of this project is under way: run #1")
            let waiting = try project.start(["-e", next, "--wait"])
            try await waiting.waitUntil("it says that it waits") { waiting.output.contains("waits until") }
            try writeFile(go, "")
            try await first.wait().expect(0)
            try await waiting.wait().expect(0)
            try await project.relsh("runs", "--locks").expect(0, "No release is under way")

            let killed = try project.start(["-e", "transaction \"Dies\" { $ sleep 300 }"])
            try await killed.waitUntil("it holds the lock") {
                try await project.relsh("runs", "--locks").stdout.contains("run #")
            }
            killed.send(SIGKILL)
            _ = try await killed.wait()
            try await project.relsh("runs", "--locks").expect(0, "that process is gone")
            try await project.relsh("-e", next).expect(0)
        }

        /// A command that ends is looked behind; without one, what was written is compared.
        @Test(
            "What somebody has changed since the run wrote it stops a resume, and is named",
            arguments: [
                ("$ test -e .git/go", "a.txt has changed since"),
                ("if not files.exists(\".git/go\") { fail \"no\" }", "a.txt is not as the run left it"),
            ], [true, false])
        func changedSince(stop: (line: String, message: String), isReverted: Bool) async throws {
            let place = TemporaryFiles.newDirectory("changed-since")
            func git(_ words: String) async throws {
                let own = "git -c user.name=me -c user.email=me@example.com"
                try await Host.run("sh", "-c", "\(own) \(words)", in: place)
            }
            try writeFile(place + "/relsh.toml", "name = \"p\"\n")
            try writeFile(place + "/a.txt", "as it was\n")
            let program = """
                step "Write" { files.write("a.txt", "from the run\\n") }
                \(stop.line)
                files.write("out.txt", files.read("a.txt"))
                """
            try writeFile(place + "/k.rel", program)
            for words in ["init --quiet", "add -A", "commit --quiet --message first"] { try await git(words) }
            try await Host.relsh("k.rel", in: place).expect(1)
            try writeFile(place + "/.git/go", "")
            if isReverted {
                try await git("checkout --quiet a.txt")
            } else {
                try writeFile(place + "/a.txt", "theirs\n")
            }
            try await Host.relsh("resume", in: place).expect(2, stop.message)
            try writeFile(place + "/a.txt", "from the run\n")
            try await Host.relsh("resume", in: place).expect(0, "Write (done before)")
            #expect(readText(place + "/out.txt") == "from the run\n")
        }

        @Test("Who may only read a ledger sees what has been recorded, and is told what else would need")
        func readOnly() async throws {
            let place = TemporaryFiles.newDirectory("read-only é %41?#")
            try writeFile(place + "/relsh.toml", "name = \"x\"\n")
            try await Host.relsh(["-e", "transaction \"Noted\" { files.write(\"a\", \"1\") }"], in: place).expect(0)
            // The tests are root's, whom nothing holds up.
            let relsh = TemporaryFiles.newDirectory("for-all") + "/relsh"
            try await Host.run("cp", Host.relsh, relsh)
            try await Host.run("chmod", "a+rx", relsh)
            try await Host.run("chmod", "-R", "a+rX", place)
            for directory in sequence(first: place, next: { Self.parent($0) }) { chmod(directory, 0o755) }
            chmod(Self.parent(relsh) ?? "", 0o755)
            func other(_ words: String...) async throws -> Finished {
                let who = ["--reuid=65534", "--regid=65534", "--clear-groups", relsh]
                return try await Running("setpriv", who + words, in: place, environment: Host.clean).wait()
            }
            try await other("runs").expect(0, "Noted")
            try await other("show", "1").expect(0, "Noted", "files.write")
            try await other("undo", "1").expect(1, "the ledger \(place)/.relsh/ledger.db cannot be")
            try await Host.relsh(["undo", "1"], in: place).expect(0)
        }

        /// Nil at the directory of temporary files, which is everybody's.
        private static func parent(_ path: String) -> String? {
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            return parent.contains("/") ? "/" + parent : nil
        }

        @Test("A ledger that cannot be written stops a run before its first change, and --no-ledger goes on")
        func unwritable() async throws {
            let project = try await SampleProject()
            try writeFile(project.directory + "/change.rel", "files.write(\"made.txt\", \"new\")\n")
            let nowhere = ["RELSH_LEDGER": "/proc/none/ledger.db"]
            try await project.relsh("change.rel", environment: nowhere).expect(1, "ledger-not-opened", "--no-ledger")
            #expect(access(project.directory + "/made.txt", F_OK) != 0)
            try await project.relsh("--no-ledger", "change.rel", environment: nowhere).expect(0)
            #expect(readText(project.directory + "/made.txt") == "new")
        }
    }
}
