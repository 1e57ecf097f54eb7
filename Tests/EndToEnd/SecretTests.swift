import Glibc
import Synchronization
import Testing

extension EndToEnd {
    /// Secrets are planted, and looked for in everything that relsh writes and starts while it releases.
    @Suite("Secrets")
    struct Secrets {
        /// Fails the first time, and prints what it was given in every form that is usual.
        private static let leak = #"""
            import base64, json, os, sys, urllib.parse
            secrets = [os.environ["TOKEN"], sys.stdin.read(), os.environ["GHCR_TOKEN"]]
            for secret in secrets:
                print("plain", secret)
                print("url", urllib.parse.quote(secret), urllib.parse.quote(secret, safe=""), urllib.parse.quote_plus(secret))
                print("json", json.dumps({"secret": secret}), json.dumps(secret, ensure_ascii=False), file=sys.stderr)
                for user in ["", "u", "me", "bot"]:
                    print("basic", base64.b64encode((user + ":" + secret).encode()).decode())
                print(base64.encodebytes(secret.encode()).decode(), secret.encode().hex())
            sys.exit(0 if os.path.exists("mended") else 3)
            """#

        private static let recipe = #"""
            ## Logs in, builds, uses secrets and publishes.
            recipe planted(place: Path) {
                let token = secrets.file(place.join("token"))
                let fetched = secrets.command(["cat", "${place.join("fetched")}"])
                step "Log in" { docker.login(project.registries.get("ghcr")) }
                let image = step "Build" {
                    docker.build(context: project.root, file: "Dockerfile", tags: [project.image("planted")])
                }
                step "Use ${type_of(token)}" {
                    print("the token is", token)
                    run(["python3", "leak.py"], env: {TOKEN: token, MAY_HAVE_IT: "1"}, stdin: fetched)
                }
                transaction "Publish" {
                    registry.publish(image, to: project.registries.all(), tags: ["dev-9.9.9", "dev"])
                }
                print("published with", token)
            }
            """#

        @Test("are in nothing that relsh writes, and in no process that need not have them")
        func planted() async throws {
            let project = try await SampleProject()
            let place = "/dev/shm/relsh-e2e-\(getpid())-secrets"
            mkdir(place, 0o700)
            defer { for name in ["token", "fetched", ""] { remove("\(place)/\(name)") } }
            // Long enough for `base64` to break its lines.
            let token =
                "pl4nted/t0ken+\"ä ö\"-"
                + String((0..<60).map { _ in "abcdefghijkmnpqrstuvwxyz23456789".randomElement() ?? "a" })
            let fetched = "f3tched%s3cret\\&=\(UInt64.random(in: .min ... .max))"
            try writeFile("\(place)/token", token + "\n")
            try writeFile("\(place)/fetched", fetched + "\n")
            try await project.commit(
                "Use secrets",
                [
                    "Dockerfile": "FROM relsh-base:python\nCOPY hello /hello\n", "leak.py": Self.leak,
                    "planted.rel": Self.recipe, ".gitignore": "mended\n",
                ])
            let patterns = Forms(all: [token, fetched, project.engine.token], given: [token, fetched])
            let watch = Watch(patterns, ledger: project.directory + "/.relsh/ledger.db")
            let watching = Task.detached { await watch.run() }
            let words = ["planted.rel", "--place", place]
            let programs = try await RecordedPrograms(["docker", "git", "python3", "cat"])
            let environment = ["GHCR_TOKEN": project.engine.token, "PATH": programs.path]
            func run(_ words: [String]) async throws -> Finished {
                try await project.start(words, environment: environment).wait()
            }
            var outputs: [Finished] = []
            outputs.append(try await run(words + ["--dry-run"]).expect(0))
            outputs.append(try await run(["explain"] + words).expect(0))
            outputs.append(
                try await run(words + ["--verbose"]).expect(1, "plain •••", "exit code 3", "the token is •••"))
            outputs.append(try await run(["show"]).expect(0))
            outputs.append(try await run(["log", "1", "Use Secret"]).expect(0, "plain •••"))
            try writeFile(project.directory + "/mended", "")
            outputs.append(try await run(["resume", "--force"]).expect(0, "published with •••"))
            outputs.append(try await run(["show", "1", "--json"]).expect(0))
            watching.cancel()
            await watching.value
            let seen = try await programs.seen()
            for (line, environment) in seen { watch.look(at: line, environment) }
            #expect(watch.found == [])
            for start in ["docker login ", "docker buildx build ", "git ", "python3 leak.py", "cat "] {
                let lines = seen.map(\.line)
                #expect(lines.contains { $0.hasPrefix(start) }, "\(start)was not among \(lines.prefix(50))")
            }
            try await programs.remove()
            for finished in outputs {
                for pattern in patterns.all where finished.output.contains(pattern) {
                    Issue.record("\(pattern) in the output of \(finished.line)")
                }
            }
            // Everything in the project, its remote and the directory for temporary files; what the tests themselves give to curl aside.
            let list = try TemporaryFiles.file("patterns", patterns.all.joined(separator: "\n") + "\n")
            let search = try await Running(
                "grep",
                [
                    "-rlaF", "--exclude=*-patterns", "--exclude=*-output.stdin", "-f", list, project.directory,
                    project.directory + ".git",
                    TemporaryFiles.directory,
                ], in: "/", environment: Host.environment
            ).wait(limit: .seconds(300))
            #expect(search.code == 1 && search.stdout == "", "\(search)")
            #expect(try await project.published()["ghcr"]?["dev-9.9.9"] != nil)
        }

        @Test("of every source reach programs, and mistakes are told without them")
        func sources() async throws {
            let project = try await SampleProject()
            let place = TemporaryFiles.newDirectory("bin")
            try writeFile(place + "/aws", "#!/bin/sh\necho '\"{\\\"token\\\": \\\"aws-s3cret\\\"}\"'\n")
            try writeFile(
                place + "/docker-credential-test",
                "#!/bin/sh\ncat >/dev/null\necho '{\"Username\": \"u\", \"Secret\": \"helper-s3cret\"}'\n")
            try writeFile(place + "/config.json", "{\"credsStore\": \"test\"}")
            for name in ["aws", "docker-credential-test"] { chmod("\(place)/\(name)", 0o755) }
            let environment = [
                "PATH": "\(place):\(Host.environment["PATH"] ?? "")",
                "DOCKER_CONFIG": place,
            ]
            let text = """
                let all = [secrets.aws("ci", key: "token"), secrets.docker("r.example"), secrets.command(["echo", "printed-s3cret"])]
                for one in all { print(one, run(["sh", "-c", "wc -c"], stdin: one).stdout.trim()) }
                """
            try await project.start(["-e", text], environment: environment).wait().expect(
                0, "••• 10", "••• 13", "••• 14"
            )
            .expectNot("s3cret")
            try await project.relsh(
                "-e", "secrets.command([\"sh\", \"-c\", \"echo lost-s3cret; echo why >&2; exit 4\"])"
            )
            .expect(1, "exit code 4: why").expectNot("lost-s3cret\n")
            try await project.relsh("-e", "run([\"echo\", secrets.command([\"echo\", \"abc\"])])").expect(
                2, "is Secret", "stdin:")
        }
    }
}

/// A secret, in the forms that it must not be found in.
private struct Forms: Sendable {
    let all: [String]
    /// Of those that only the program has that they are given to.
    let given: [String]

    init(all: [String], given: [String]) {
        self.all = all.flatMap(Self.forms)
        self.given = given.flatMap(Self.forms)
    }

    private static func forms(_ secret: String) -> [String] {
        let url = secret.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            return character.isASCII && (character.isLetter || character.isNumber) ? String(character) : "%" + hex(byte)
        }.joined()
        let encoded = (0..<3).map { start in
            let text = base64(Array(repeating: 0x20, count: start) + Array(secret.utf8))
            return String(text.dropFirst([0, 2, 3][start]).dropLast(4))
        }
        // A part of a long one is as good as most of it.
        let part =
            secret.count > 40
            ? [String(secret.dropFirst(20).prefix(30)), String(encoded[0].dropFirst(10).prefix(50))] : []
        return [secret, url] + encoded + part
    }

    private static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var result = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for position in 0..<4 {
                result.append(position <= group.count ? alphabet[bits >> (18 - 6 * position) & 63] : "=")
            }
        }
        return result
    }
}

/// Looks at every process again and again, and at the ledger while it is written.
private final class Watch: Sendable {
    private let forms: Forms
    private let ledger: String
    private let seen = Mutex<Set<String>>([])

    init(_ forms: Forms, ledger: String) {
        self.forms = forms
        self.ledger = ledger
    }

    var found: [String] { seen.withLock { $0.sorted() } }

    /// Until it is cancelled: what relsh starts by itself is recorded besides, this sees what those start in turn.
    func run() async {
        while !Task.isCancelled {
            for id in Processes.ids() {
                look(
                    at: readText("/proc/\(id)/cmdline").replacing("\0", with: " "), readText("/proc/\(id)/environ"))
            }
            for end in ["", "-wal"] {
                let text = readText(ledger + end)
                if forms.all.contains(where: text.contains) { note("the ledger\(end)") }
            }
            try? await Task.sleep(for: .milliseconds(1))
        }
    }

    /// At one program: its command line, and the variables of its environment.
    func look(at line: String, _ variables: String) {
        if forms.all.contains(where: line.contains) { note("the command line \(line)") }
        // The one that is given them hands them on to what it starts.
        if variables.contains("MAY_HAVE_IT=1") { return }
        if forms.given.contains(where: variables.contains) { note("the environment of \(line)") }
    }

    private func note(_ what: String) { seen.withLock { _ = $0.insert(what) } }
}
