import Glibc
import Testing

extension EndToEnd {
    @Suite("The prompt")
    struct PromptTests {
        private func home() -> String { TemporaryFiles.newDirectory("home") }

        private func start(_ arguments: [String] = [], home: String? = nil) async throws -> Prompt {
            let place = home ?? self.home()
            let prompt = try Prompt(arguments, in: place, home: place)
            try await prompt.begin()
            return prompt
        }

        @Test("Values, names and the last value are there in the next line; mistakes leave them as they are")
        func values() async throws {
            let prompt = try await start()
            #expect(try await prompt.line("1 + 1").contains("2"))
            #expect(try await prompt.line("_ * 21").contains("42"))
            try await prompt.line("var tags = []")
            try await prompt.line("tags.append(\"dev\")")
            let shown = try await prompt.line("tags.append(tag)")
            #expect(
                shown.contains { $0.contains("there is no `tag` here") } && shown.contains { $0.contains("`tags`") })
            #expect(try await prompt.line("tags").contains("[\"dev\"]"))
            #expect(try await prompt.line("let 名 = 1").contains { $0.contains("error") })
            #expect(try await prompt.line("\"日本語\".len()").contains("3"))
            let table = try await prompt.line("[{name: \"a\", size: 1}, {name: \"bc\", size: 22}]")
            #expect(table.contains("name  size") && table.contains("bc      22"))
            #expect(try await prompt.line(":type tags.len()").contains("Int"))
            #expect(try await prompt.line("ls -la").contains("`$ ls -la` runs the program of that name"))
            #expect(try await prompt.line(":tipe").contains { $0.contains("did you mean :type?") })
            #expect(try await prompt.end().code == 0)
        }

        @Test("An input goes on while a bracket is open, and Ctrl-C gives it up")
        func unfinished() async throws {
            let prompt = try await start()
            try await prompt.line("fn twice(n: Int) {")
            try await prompt.line("n * 2")
            try await prompt.line("}")
            #expect(try await prompt.line("twice(4)").contains("8"))
            try await prompt.line("let lost = [")
            prompt.keys("1, 2")
            try await prompt.interrupt()
            #expect(try await prompt.line("lost").contains { $0.contains("there is no `lost` here") })
            #expect(try await prompt.end().code == 0)
        }

        @Test("300 lines that are pasted are one input, and no key in them counts")
        func paste() async throws {
            let prompt = try await start()
            let lines = (1...300).map { "    \"line \($0)\t日本\"," }
            prompt.keys("\u{1B}[200~let pasted = [\n" + lines.joined(separator: "\r") + "\n]\n\u{1B}[201~")
            try await prompt.waitFor("line 300")
            try await prompt.line("")
            #expect(try await prompt.line("pasted.len()").contains("300"))
            #expect(try await prompt.line("pasted[299]").contains { $0.contains("line 300") })
            #expect(try await prompt.end().code == 0)
        }

        @Test("Tab completes names, members, arguments, containers and tags")
        func completion() async throws {
            let engine = try Engine()
            let container = "prompt-\(getpid())-completion"
            try await Host.run("docker", "run", "--detach", "--name", container, "relsh-base:python", "sleep", "600")
            let name = "\(engine.registries[0].address)/prompt-\(getpid())/completion"
            try await Host.run("docker", "tag", "relsh-base:python", "\(name):only-there")
            try await Host.run("docker", "push", "\(name):only-there")
            try await Host.run("docker", "rmi", "\(name):only-there")
            let prompt = try await start()
            prompt.keys("docker.comm\t(\"prompt-\(getpid())-comp")
            try await prompt.complete("docker.commit(\"\(container)\"")
            prompt.keys(", ima\t")
            try await prompt.waitFor("\"\(container)\", image: ")
            prompt.keys("\"\(name):")
            try await prompt.complete("image: \"\(name):only-there\"")
            try await prompt.interrupt()
            try await prompt.line("let word = \"docker\"")
            prompt.keys("word.upp\t")
            try await prompt.waitFor("word.upper")
            #expect(try await prompt.line("()").contains("\"DOCKER\""))
            prompt.keys("docker.p\t\t")
            try await prompt.waitFor("docker.push(image: Image) -> Digest")
            try await prompt.interrupt()
            // The signature stands beside the line as long as the call is open.
            prompt.keys("docker.push(")
            try await prompt.waitFor("docker.push(image: Image)")
            try await prompt.interrupt()
            #expect(try await prompt.end().code == 0)
            try await Host.run("docker", "rm", "--force", container)
        }

        @Test(
            "A container is committed, retagged, pushed and pulled; the tag is undone; what was done is saved, and does it again"
        )
        func session() async throws {
            let engine = try Engine()
            let home = home()
            let container = "prompt-\(getpid())-session"
            try await Host.run(
                "docker", "run", "--detach", "--name", container, "relsh-base:python", "sh", "-c",
                "echo by hand >/patched; sleep 600")
            let place = "prompt-\(getpid())/web"
            let there = "\(engine.registries[0].address)/\(place)"
            let prompt = try await start(home: home)
            let committed = try await prompt.line("docker.commit(\"\(container)\", \"web:patched\")")
            #expect(
                committed.contains { $0.contains("$ docker commit") } && committed.contains { $0.contains("sha256:") })
            try await prompt.line("let remote = docker.tag(_, \"\(there):patched\")")
            try await prompt.line("docker.psh(remote)")
            try await prompt.line("docker.push(remote)")
            let digest = try #require(try await engine.registries[0].digests(of: place)["patched"])
            #expect(prompt.screen.contains { $0.contains(digest) })

            prompt.keys("docker.tag(remote, \"web:prod\")\r")
            try await prompt.waitFor("This moves web:prod. Go on? [y/N]")
            let refused = try await prompt.line("n")
            #expect(refused.contains { $0.contains("nobody said yes") })
            prompt.keys("docker.tag(remote, \"web:prod\")\r")
            try await prompt.waitFor("[y/N]")
            try await prompt.line("y")
            #expect(try await Host.run("docker", "images", "--quiet", "web:prod").isEmpty == false)
            #expect(try await prompt.line(":undo").contains { $0.contains("taken back: the name web:prod") })
            #expect(try await Host.run("docker", "images", "--quiet", "web:prod").isEmpty)

            try await Host.run("docker", "rmi", "\(there):patched")
            try await prompt.line("docker.pull(remote.with(digest: null))")
            #expect(try await Host.run("docker", "images", "--quiet", "\(there):patched").isEmpty == false)
            let saved = try await prompt.line(":save again.rel")
            #expect(saved.contains { $0.contains("again.rel is written and checked") })
            #expect(try await prompt.end().code == 0)

            let recipe = readText("\(home)/again.rel")
            #expect(recipe.contains("default recipe again() {") && recipe.contains("docker.push(remote)"), "\(recipe)")
            #expect(!recipe.contains("psh") && !recipe.contains("web:prod"), "\(recipe)")
            try await Host.relsh("fmt", "--check", "again.rel", in: home).expect(0)
            try await Host.run("docker", "rmi", "web:patched")
            try await Host.relsh("again.rel", in: home).expect(0)
            let config = try await Host.run("docker", "run", "--rm", "web:patched", "cat", "/patched")
            #expect(config == "by hand")
            try await Host.run("docker", "rm", "--force", container)
        }

        @Test("Ctrl-C stops a push and not the session")
        func interruptedPush() async throws {
            // It takes connections, and says nothing.
            let silent = try SilentPort()
            let image = "127.0.0.1:\(silent.port)/prompt:stuck"
            try await Host.run("docker", "tag", "relsh-base:python", image)
            let prompt = try await start()
            prompt.keys("docker.push(\"\(image)\")\r")
            try await prompt.waitFor("$ docker push \(image)")
            try await Task.sleep(for: .milliseconds(500))
            try await prompt.interrupt()
            #expect(prompt.screen.contains("relsh: interrupted"))
            #expect(try await prompt.line("6 * 7").contains("42"))
            try await prompt.line("while true {")
            prompt.keys("}\r")
            try await Task.sleep(for: .milliseconds(500))
            try await prompt.interrupt()
            #expect(try await prompt.line("7 * 7").contains("49"))
            #expect(try await prompt.end().code == 0)
            try await Host.run("docker", "rmi", image)
        }

        @Test("What is pasted holds no keys, and searching finds what has brackets")
        func keysInText() async throws {
            let prompt = try await start()
            try await prompt.line("let found = [1, 2].map(fn(x) => x + 1)")
            prompt.keys("\u{12}map(f")
            try await prompt.waitFor("bck:map(f")
            prompt.keys("\u{3}")
            prompt.keys("\u{1B}[200~let a = 1\n\u{3}let b = 2\u{1A}\u{1C}\nprint(\"ran\")\n\u{1B}[201~")
            try await prompt.waitFor("print(\"ran\")")
            try await Task.sleep(for: .milliseconds(300))
            #expect(!prompt.screen.contains("ran"))
            #expect(try await prompt.line("").contains("ran"))
            #expect(try await prompt.line("a + b").contains("3"))
            #expect(try await prompt.end().code == 0)
        }

        @Test("A loop in an undo, which nothing may interrupt, is left at the third Ctrl-C")
        func loopInUndo() async throws {
            let prompt = try await start()
            let undo = "print(\"lo\" + \"ops\"); while true { }"
            prompt.keys("transaction \"t\" { step \"a\" { 1 } undo { \(undo) }; fail \"x\" }\r")
            try await prompt.waitFor("loops")
            for _ in 0..<3 {
                prompt.keys("\u{3}")
                try await Task.sleep(for: .milliseconds(800))
            }
            #expect(try await prompt.running.wait().code == 130)
            #expect(prompt.screen.contains { $0.contains("leaving at once") })
        }

        @Test("~/.editrc is heeded")
        func editrc() async throws {
            let home = home()
            try writeFile("\(home)/.editrc", "bind -s ^T \"20 + 22\"\n")
            let prompt = try await start(home: home)
            #expect(try await prompt.line("\u{14}").contains("42"))
            #expect(try await prompt.end().code == 0)
        }

        @Test("A window that gets another size is drawn anew")
        func resize() async throws {
            let prompt = try await start()
            prompt.keys("let words = \"" + String(repeating: "x", count: 150))
            try await prompt.waitFor("xxxx")
            prompt.terminal.resize(columns: 60, rows: 40)
            try await Task.sleep(for: .milliseconds(300))
            try await prompt.line("\"")
            prompt.terminal.resize(columns: 100, rows: 40)
            prompt.terminal.resize(columns: 120, rows: 40)
            try await Task.sleep(for: .milliseconds(300))
            #expect(!prompt.screen.contains { $0.ranges(of: "docker:default>").count > 1 })
            #expect(try await prompt.line("words.len()").contains("150"))
            #expect(try await prompt.end().code == 0)
        }

        @Test("What was typed is there in the next session, without secrets, each line once")
        func history() async throws {
            let home = home()
            let first = try await start(home: home)
            try await first.line("\"first\".upper()")
            try await first.line("\"second\".upper()")
            try await first.line("\"second\".upper()")
            try await first.line("let token = \"hunter2hunter2\"")
            try await first.line(" \"behind a space\"")
            #expect(try await first.end().code == 0)
            let file = readText("\(home)/.local/state/relsh/history")
            #expect(file == "\"first\".upper()\n\"second\".upper()\n")
            // Nor is its text in the ledger, which outside of a project is beside the history.
            let secret = try await start(home: home)
            try await secret.line("let password = \"hunter2hunter2\"; files.write(\"a\", \"b\")")
            #expect(try await secret.end().code == 0)
            var environment = Host.clean
            (environment["HOME"], environment["XDG_STATE_HOME"]) = (home, nil)
            let runs = try await Host.relsh("runs", in: home, environment: environment)
                .expect(0, "an input that may hold a secret")
            #expect(!runs.output.contains("hunter2"))
            let shown = try await Host.relsh("show", "--json", in: home, environment: environment).expect(
                0, "files.write")
            #expect(!shown.output.contains("hunter2"))
            let second = try await start(home: home)
            second.keys("\u{1B}[A\u{1B}[A")
            try await second.waitFor("\"first\".upper()")
            #expect(try await second.line("").contains("\"FIRST\""))
            second.keys("\u{12}sec")
            try await second.waitFor("\"second\".upper()")
            try await second.interrupt()
            #expect(try await second.end().code == 0)
        }

        @Test("A dry run changes nothing and is forgotten")
        func dry() async throws {
            let prompt = try await start()
            try await prompt.line("let image = Image(\"relsh-base:python\")")
            try await prompt.line(":dry on")
            let shown = try await prompt.line("let other = docker.tag(image, \"web:dry\")")
            #expect(shown.contains { $0.contains("would run: docker tag relsh-base:python web:dry") }, "\(shown)")
            try await prompt.line(":dry off")
            #expect(try await prompt.line("other").contains { $0.contains("there is no `other` here") })
            #expect(try await Host.run("docker", "images", "--quiet", "web:dry").isEmpty)
            #expect(try await prompt.end().code == 0)
        }

        @Test("An image is patched by hand, keeps how it starts, and is pushed")
        func patch() async throws {
            let engine = try Engine()
            let place = "prompt-\(getpid())/patch"
            let there = "\(engine.registries[0].address)/\(place)"
            try await Host.run("docker", "tag", "relsh-base:python", "\(there):dev")
            let prompt = try await start()
            prompt.keys("patch(\"\(there):dev\")\r")
            try await prompt.waitFor(":/#")
            prompt.keys("echo by hand > /patched; exit\r")
            try await prompt.waitFor("tag for the patched image")
            #expect(prompt.screen.contains { $0.contains("added  /patched") })
            // A slip does not cost what was done in the container.
            prompt.keys("not a tag\r")
            try await prompt.waitFor("choose another")
            prompt.keys("dev_patched\r")
            try await prompt.waitFor("Push \(there):dev_patched? [y/N]")
            try await prompt.line("y")
            #expect(prompt.screen.contains("on other machines: docker pull \(there):dev_patched"))
            #expect(try await engine.registries[0].digests(of: place).keys.sorted() == ["dev_patched"])
            func beginning(_ image: String) async throws -> String {
                try await Host.run(
                    "docker", "image", "inspect", "--format", "{{json .Config.Entrypoint}} {{json .Config.Cmd}}", image)
            }
            #expect(try await beginning("\(there):dev_patched") == beginning("\(there):dev"))
            let containers = ["--filter", "name=relsh-shell-\(prompt.running.pid)-"]
            #expect(try await Host.run("docker", "ps", "--all", "--quiet", containers[0], containers[1]).isEmpty)
            #expect(try await prompt.end().code == 0)
        }

        @Test("A pipe is run up to its first mistake, without a prompt")
        func piped() async throws {
            let home = home()
            func relsh(_ input: String) async throws -> Finished {
                try await Running(
                    Host.relsh, [], in: home, environment: Host.clean, input: .bytes(Array(input.utf8))
                ).wait()
            }
            let good = try await relsh("let x = [1,\n2]\nx.len()\n_ + 1\n:type x\n").expect(0)
            #expect(good.stdout == "2\n3\n[Int]\n")
            let bad = try await relsh("1\nfail \"boom\"\n2\n").expect(1, "boom", "stopped at input 2")
            #expect(bad.stdout == "1\n")
            try await relsh("nonsense\n").expect(2, "there is no `nonsense` here")
            try await relsh("let x = [\n").expect(2, "is not closed")
            try await relsh("").expect(2, "Usage:")
            let step = "files.write(\"a.txt\", \"a\")\nstep \"S\" { 1 } undo v { print(\"undo\", v) }\n"
            let undone = try await relsh(step + ":undo\n").expect(0, "step 1, S, by its undo")
            #expect(!undone.stdout.contains("a.txt"))
            // What it had written is no change of the next session.
            unlink(home + "/a.txt")
            #expect(try await relsh(step + ":undo\n:undo\n").expect(0).stdout.contains("taken back: the file a.txt"))
        }
    }
}
