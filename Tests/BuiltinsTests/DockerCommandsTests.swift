import TestSupport
import Testing

@testable import Builtins
@testable import Lang

@Suite struct DockerCommandsTests {
    private let processes = FakeProcesses()
    private var world: World { projectWorld(processes, environment: ["USER": "me", "GHCR_TOKEN": "s3cret"]) }

    private func image(_ text: String) throws -> Value { try ImageReference(parsing: text).value }

    /// The lines that were run, without the names that relsh makes up.
    private var lines: [String] {
        processes.runs.map { run in
            var words = run.stages[0].arguments
            for option in ["--name", "--metadata-file"] {
                if let position = words.firstIndex(of: option) { words.removeSubrange(position...position + 1) }
            }
            return ProcessRequest(words).line
        }
    }

    @Test func buildGivesTheImageWithItsID() async throws {
        processes.answer("docker", "buildx", "build", with: .init())
        processes.answer("docker", "image", "inspect", with: .init(stdout: digest("a") + "\n"))
        let arguments: [Value] = [
            ".", "my dev.Dockerfile", ["app:local", "app:b"], OrderedMap([("V", "1 2")]).value, false, .missing,
            ["linux/amd64", "linux/arm64"], "farm", OrderedMap([("k", "v")]).value, true,
        ]
        let effect = try #require(try builtin("docker.build").implementation.effect)
        let prepared = try effect.prepare(arguments)
        let expected =
            "docker buildx build --load --provenance=false --builder farm --file 'my dev.Dockerfile' --tag app:local --tag app:b "
            + "--build-arg 'V=1 2' --label k=v --no-cache --pull --platform linux/amd64,linux/arm64 ."
        #expect(try await prepared.commands(world) == [expected])
        let planned = try await prepared.planned?(world)?()
        #expect(planned?.plannedOrigin() == "the id of app:local")
        #expect(try await prepared.perform(world)().literal == "Image(\"app:local@\(digest("a"))\")")
        #expect(lines.first == expected)
        let build = processes.runs.first { $0.stages[0].arguments.contains("build") }
        #expect(build?.stages[0].environment == ["BUILDX_GIT_INFO": "false"], "git is not asked for what nothing holds")
    }

    @Test func runAddressesAnImageByItsIDAndHidesSecrets() async throws {
        processes.answer("docker", "image", "inspect", with: .init(stdout: digest("b") + "\n"))
        processes.answer("docker", "run", with: .init(stdout: "hi\n"))
        let secrets = OrderedMap([("TOKEN", Secret("s3cret", source: "env TOKEN"))]).value
        let result = try await builtin("docker.run").call(
            try image("app:local@\(digest("b"))"), ["echo", "a b"], "linux/arm64", ["/x:/app:ro"],
            OrderedMap([("A", "1")]).value,
            secrets,
            "1:2", "/app", in: world)
        #expect(CommandResult.from(result)?.stdout == "hi\n")
        #expect(
            lines.last
                == "docker run --rm --init --platform linux/arm64 --user 1:2 --workdir /app --volume /x:/app:ro --env A=1 --env TOKEN "
                + "\(digest("b")) echo 'a b'")
        #expect(!processes.lines.joined().contains("s3cret"))
    }

    @Test(arguments: [true, false])
    func aProgramThatIsGivenTheStreamsGetsATerminalWhereThereIsOne(_ hasTerminal: Bool) async throws {
        processes.answer("docker", with: .init(exitCode: 3))
        var world = world
        world.console = FakeConsole(hasTerminal: hasTerminal)
        let given: [Value] = [try image("app:dev"), ["cat"].value]
        let defaults = [Value](repeating: .missing, count: 8)
        let labels = OrderedMap([("user", "me")]).value
        let words = hasTerminal ? "--interactive --tty" : "--interactive"
        let error = await failure { [world] in
            let run = try #require(try builtin("docker.run").implementation.effect)
            let prepared = try run.prepare(given + defaults + [labels, .missing, .bool(true), .missing, .missing])
            let planned = try await prepared.commands(world)
            #expect(planned == ["docker run --rm --init \(words) --label user=me app:dev cat"])
            return try await prepared.perform(world)()
        }
        #expect(error?.message == "what ran in app:dev ended with exit code 3")
        guard case .terminal? = processes.runs.last?.options.input else {
            Issue.record("standard input was not handed over")
            return
        }
        let exec = try builtin("docker.exec").prepared("c1", ["sh"].value, .missing, .missing, .bool(true))
        #expect(try await exec.commands(world) == ["docker exec \(words) c1 sh"])
    }

    /// The container would print to nobody for ever.
    @Test(arguments: [(3, false), (141, true)])
    func aContainerWhoseClientWasKilledIsRemoved(exitCode: Int, isRemoved: Bool) async throws {
        processes.answer("docker", "run", with: .init(exitCode: exitCode))
        processes.answer("docker", "rm", with: .init())
        _ = await failure { try await builtin("docker.run").call("app:dev", ["yes"].value, in: world) }
        #expect(processes.lines.contains { $0.hasPrefix("docker rm --force --volumes relsh-run-") } == isRemoved)
    }

    @Test func anImageThatWasSeenIsNotLookedUpAgain() async throws {
        processes.answer("docker", "image", "inspect", with: .init(stdout: digest("b") + "\n"))
        processes.answer("docker", "run", with: .init(stdout: "hi\n"))
        let world = world
        for _ in 1...2 {
            _ = try await builtin("docker.run").call(try image("app:local@\(digest("b"))"), ["true"], in: world)
        }
        #expect(lines.filter { $0.hasPrefix("docker image inspect") }.count == 1)
        #expect(lines.filter { $0.hasPrefix("docker run") }.count == 2)
        // A name may stand for something else by now, and who asks wants to know.
        _ = try await builtin("docker.id").call(try image("app:local"), in: world)
        _ = try await builtin("docker.id").call(try image("app:local"), in: world)
        #expect(lines.filter { $0.hasPrefix("docker image inspect") }.count == 3)
    }

    @Test func onlyProgramsThatMayPrintMuchAreReadWhileTheyRun() async throws {
        processes.answer("docker", with: .init(stdout: digest("b") + "\n"))
        _ = try await builtin("docker.id").call(try image("app:local"), in: world)
        _ = try await builtin("docker.run").call(try image("app:local"), ["yes"], in: world)
        #expect(processes.runs.map(\.options.collectsAtEnd) == [true, false])
    }

    @Test func pushTellsTheDigest() async throws {
        let output = "The push refers to repository [h:1/app]\ndev: digest: \(digest("c")) size: 855\n"
        processes.answer("docker", "push", with: .init(stdout: output))
        let pushed = try await builtin("docker.push").call(try image("h:1/app:dev@\(digest("d"))"), in: world)
        #expect(pushed.literal == "Digest(\"\(digest("c"))\")")
        #expect(lines == ["docker push h:1/app:dev"])
        let error = await failure { try await builtin("docker.push").call(try image("h:1/app"), in: world) }
        #expect(error?.id == "push-needs-tag")
    }

    @Test func anUnreachableEngineHasARemedy() async throws {
        let output =
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n"
        processes.answer("docker", with: .init(exitCode: 1, stderr: output))
        for name in ["docker.ps", "docker.id", "docker.exists"] {
            let arguments: [Value] = name == "docker.ps" ? [] : ["app:dev"]
            let prepared = try #require(try builtin(name).implementation.effect).prepare(arguments)
            let error = await failure { try await prepared.perform(world)() }
            #expect(error?.id == "docker-unreachable")
            #expect(error?.help?.contains("systemctl start docker") == true)
            #expect(error?.command?.output.contains("Cannot connect") == true)
        }
    }

    @Test func passwordsGoByStandardInput() async throws {
        processes.answer("docker", "login", with: .init())
        let registry = try project().registry("ghcr").value
        let login = try builtin("docker.login")
        _ = try await login.call(registry, in: world)
        #expect(processes.lines == ["docker login --username ci --password-stdin ghcr.io"])
        if case .secret(let secret)? = processes.runs.first?.options.input {
            #expect(secret.text == "s3cret")
        } else {
            Issue.record("the password did not go by standard input")
        }
        #expect(
            try await login.prepared(registry).commands(world)
                == ["printenv GHCR_TOKEN | docker login --username ci --password-stdin ghcr.io"])
        let error = await failure { try await login.call(registry, in: projectWorld(processes)) }
        #expect(error?.message.contains("GHCR_TOKEN is not set") == true)
    }

    /// What docker, buildx and registries were seen to say.
    @Test(arguments: [
        ("ERROR: permission denied while trying to connect to the Docker daemon socket at unix:///x", "group that may"),
        ("ERROR: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?", "systemctl start"),
        ("docker: 'buildx' is not a docker command.", "install the buildx plugin"),
        (
            "ERROR: failed to solve: failed to load cache key: content digest sha256:1: not found",
            "docker builder prune"
        ),
        (
            "ERROR: failed to compute cache key: failed to calculate checksum of ref 1: \"/x\": not found",
            ".dockerignore"
        ),
        ("toomanyrequests: You have reached your pull rate limit.", "log in"),
        ("denied: requested access to the resource is denied", "log in (`docker_login`"),
        ("Error response from daemon: no match for platform in manifest: not found", "another platform"),
        (
            "docker: Error response from daemon: Conflict. The container name \"/a\" is already in use by container \"b\".",
            "docker rm --force"
        ),
        ("docker: Bind for 0.0.0.0:80 failed: port is already allocated.", "another port"),
        ("write /x: no space left on device", "docker system df"),
        ("dial tcp 10.0.0.1:443: i/o timeout", "that it answers"),
        ("manifest unknown: manifest unknown", "docker images"),
    ])
    func whatDockerSaysHasARemedy(output: String, remedy: String) async throws {
        processes.answer("docker", "tag", with: .init(exitCode: 1, stderr: output + "\n"))
        let error = await failure { try await builtin("docker.tag").call("app:a", "app:b", in: world) }
        #expect(error?.help?.contains(remedy) == true, "\(error?.help ?? "none")")
    }

    /// What a program prints is no word of docker's.
    @Test func aProgramInAContainerIsNotTakenForDocker() async throws {
        processes.answer("docker", "run", with: .init(exitCode: 1, stderr: "connection refused\n"))
        let error = await failure { try await builtin("docker.run").call("app:a", in: world) }
        #expect(error?.message == "what ran in app:a ended with exit code 1: connection refused")
        #expect(error?.help == nil)
    }

    @Test func imagesAreToldApartFromErrors() async throws {
        processes.answer(
            "docker", "image", "inspect",
            with: .init(exitCode: 1, stdout: "[]\n", stderr: "Error: No such image: app:dev\n"))
        #expect(try await builtin("docker.exists").call("app:dev", in: world).literal == "false")
        #expect(
            await failure { try await builtin("docker.id").call("app:dev", in: world) }?.id == "no-such-local-image")
    }

    @Test func aContainerThatIsNotThereIsNoImage() async throws {
        processes.answer(
            "docker", "commit", with: .init(exitCode: 1, stderr: "Error response from daemon: No such container: c1\n"))
        processes.answer(
            "docker", "image", "inspect", with: .init(exitCode: 1, stderr: "Error: No such image: app:x\n"))
        let error = await failure { try await builtin("docker.commit").call("c1", "app:x", in: world) }
        #expect(
            error?.message == "docker could not commit container c1: Error response from daemon: No such container: c1")
        #expect(error?.help == "check its name or id; `docker ps --all` lists the containers of this machine")
    }

    @Test func thatAnImageIsNotThereIsAnAnswerAndNoFailureToShow() async throws {
        processes.answer(
            "docker", "image", "inspect", with: .init(exitCode: 1, stderr: "Error: No such image: app:dev\n"))
        let run = try await ProgramRun.of(
            "step \"Look\" { if not docker.exists(\"app:dev\") { fail \"build it first\" } }", world: world,
            catalog: StandardCatalog.catalog)
        #expect(run.events == ["begin 1: Look", "end 1: failed: build it first"])
    }

    @Test func listsAreMaps() async throws {
        processes.answer("docker", "images", with: .init(stdout: "{\"Tag\":\"dev\"}\n{\"Tag\":\"prod\"}\n"))
        #expect(
            try await builtin("docker.images").call("app", in: world).literal == "[{Tag: \"dev\"}, {Tag: \"prod\"}]")
        #expect(lines == ["docker images --no-trunc --format '{{json .}}' app"])
    }

    // MARK: - Test suites

    @Test func suitesRunInsideTheImageWithTheSourceMounted() async throws {
        processes.answer("docker", "image", "inspect", with: .init(stdout: digest("e") + "\n"))
        processes.answer("docker", "run", with: .init(exitCode: 1, stdout: "1 failed\n"))
        let error = await failure {
            try await builtin("tests.run").call("fast", try image("app:local@\(digest("e"))"), in: world)
        }
        #expect(error?.message == "the fast tests failed on app:local@\(digest("e")) (exit code 1)")
        #expect(error?.command?.output == "1 failed\n")
        let line = try #require(lines.last)
        #expect(line.hasPrefix("docker run --rm --init --user "))
        #expect(
            line.hasSuffix(
                " --workdir /app --volume /work:/app --env IMAGE=\(digest("e")) --env IMAGE_STAGE=local "
                    + "--label user=me \(digest("e")) pytest -q"))
        #expect(processes.runs.last?.options.timeout == .seconds(300))
    }

    @Test func suitesRunOutsideAsAUserWould() async throws {
        processes.answer("pytest", with: .init())
        processes.answer("docker", "image", "inspect", with: .init(stdout: digest("c")))
        _ = try await builtin("tests.run").call("qa", "app:prod", "prod", in: world)
        let id = digest("c")
        #expect(processes.lines.last == "IMAGE=\(id) IMAGE_STAGE=prod pytest --image \(id) --stage prod")
        #expect(processes.runs.last?.options.workingDirectory == "/work")
        let error = await failure { try await builtin("tests.run").call("qaa", "app:prod", in: world) }
        #expect(error?.help == "did you mean \"fast\"?" || error?.id == "unknown-suite")
    }

    @Test func aSuiteOutsideNeedsNoEngineOfRelsh() async throws {
        processes.answer("pytest", with: .init())
        _ = try await builtin("tests.run").call("qa", "app:prod", "prod", in: world)
        #expect(processes.lines.last == "IMAGE=app:prod IMAGE_STAGE=prod pytest --image app:prod --stage prod")
    }
}

extension Builtin.Implementation {
    var effect: EffectBody? { if case .effect(let body) = self { body as? EffectBody } else { nil } }
}
