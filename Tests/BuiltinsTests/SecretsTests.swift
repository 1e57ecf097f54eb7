import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// Where secrets come from: files, programs, AWS, docker.
@Suite struct SecretsTests {
    private let programs = FakeProcesses()

    private func run(
        _ text: String, files: [String: String] = [:], environment: [String: String] = [:]
    ) async throws -> ProgramRun {
        let world = World.fake(processes: programs, files: FakeFiles(files), environment: environment)
        return try await ProgramRun.of(text, world: world, catalog: StandardCatalog.catalog)
    }

    private func value(_ text: String, files: [String: String] = [:]) async throws -> String? {
        try await run("let secret_value = \(text)\nsecret_value.reveal()", files: files).value
    }

    // MARK: Files

    @Test(arguments: [
        ("t0ken", "t0ken"), ("t0ken\n", "t0ken"), ("t0ken\r\n", "t0ken"), ("t0ken\n\n", "t0ken\n"),
        (" t0ken ", " t0ken "),
    ])
    func aFileLosesTheNewlineAtItsEnd(_ content: String, _ expected: String) async throws {
        #expect(
            try await value("secrets.file(\"token\")", files: ["token": content])
                == Value.string(expected).literal)
    }

    @Test(arguments: [
        ("", "secret-empty"), ("\n", "secret-empty"), ("ab\n", "secret-too-short"), ("a\u{0}bc", "secret-not-text"),
    ])
    func whatIsNoSecretIsRefused(_ content: String, _ id: String) async throws {
        let error = try await run("secrets.file(\"token\")", files: ["token": content]).error
        #expect(error?.id == id)
        #expect(error?.message.contains("file token") == true)
    }

    @Test func aFileMustBeThereAndBeText() async throws {
        #expect(try await run("secrets.file(\"nowhere\")").error?.id == "file-not-read")
        let files = FakeFiles()
        try files.write("bytes", [0x73, 0xFF, 0xFE, 0x74])
        let world = World.fake(files: files)
        let run = try await ProgramRun.of("secrets.file(\"bytes\")", world: world, catalog: StandardCatalog.catalog)
        #expect(run.error?.id == "secret-not-text")
    }

    @Test func whatTheEnvironmentHasMustBeASecretToo() async throws {
        #expect(try await run("env.secret(\"T\")", environment: ["T": "x"]).error?.id == "secret-too-short")
    }

    // MARK: Programs

    @Test func whatAProgramPrintsIsSeenByNobody() async throws {
        programs.answer("pass", with: .init(stdout: "t0ken\n"))
        #expect(try await value("secrets.command([\"pass\", \"show\", \"ghcr\"])") == "\"t0ken\"")
        #expect(programs.lines == ["pass show ghcr"])
        programs.answer(["pass", "show", "broken"], [.init(exitCode: 2, stdout: "t0ken\n", stderr: "gpg: no key\n")])
        let run = try await run("secrets.command([\"pass\", \"show\", \"broken\"])")
        let error = try #require(run.error)
        #expect(error.id == "secret-command-failed" && error.message.contains("exit code 2: gpg: no key"))
        let shown = run.events.joined() + error.message + (error.command?.output ?? "")
        #expect(!shown.contains("t0ken"))
    }

    @Test func theLedgerKnowsOnlyWhereItIsFrom() async throws {
        programs.answer("pass", with: .init(stdout: "t0ken-of-pass\n"))
        programs.answer("use", with: .init())
        let fixture = LedgerFixture()
        let world = World.fake(processes: programs)
        let text = "let t = secrets.command([\"pass\"])\nrun([\"use\"], stdin: t, env: {T: t})"
        #expect(try await fixture.run(text, in: world).error == nil)
        let report = try fixture.report()
        #expect(report.effects.map(\.result).first == .some(nil))
        #expect(report.json.contains("pass") && !report.json.contains("t0ken"))
        let use = programs.runs.first { $0.stages[0].arguments == ["use"] }
        #expect(use?.stages[0].secrets["T"]?.text == "t0ken-of-pass")
    }

    // MARK: AWS

    private static let call = ["aws", "secretsmanager", "get-secret-value"]

    @Test func aSecretOfAWSIsFetchedWhole() async throws {
        programs.answer(Self.call, [.init(stdout: "\"t0ken\\\"x\"\n")])
        #expect(try await value("secrets.aws(\"ci/ghcr\", region: \"eu-north-1\")") == #""t0ken\"x""#)
        #expect(
            programs.lines == [
                "aws secretsmanager get-secret-value --secret-id=ci/ghcr --query=SecretString --output=json --region=eu-north-1"
            ])
    }

    @Test func orAFieldOfIt() async throws {
        programs.answer(Self.call, [.init(stdout: #""{\"user\": \"ci-bot\", \"token\": \"t0ken\"}""#)])
        #expect(try await value("secrets.aws(\"ci\", key: \"token\")") == "\"t0ken\"")
        let error = try await run("secrets.aws(\"ci\", key: \"tokne\")").error
        #expect(error?.id == "aws-secret-has-no-field" && error?.help == "did you mean \"token\"?")
        programs.answer(Self.call + ["--secret-id=text"], [.init(stdout: "\"plain\"")])
        #expect(try await run("secrets.aws(\"text\", key: \"a\")").error?.id == "aws-secret-has-no-fields")
        programs.answer(Self.call + ["--secret-id=bytes"], [.init(stdout: "null")])
        #expect(try await run("secrets.aws(\"bytes\")").error?.id == "aws-secret-is-no-text")
    }

    @Test(arguments: [
        ("An error occurred (ResourceNotFoundException): no such secret", "list-secrets"),
        ("An error occurred (AccessDeniedException)", "GetSecretValue"),
        ("Unable to locate credentials. You can configure credentials by running \"aws login\".", "aws sso login"),
        ("You must specify a region.", "AWS_REGION"),
    ])
    func whatAWSRefusesHasARemedy(_ said: String, _ remedy: String) async throws {
        programs.answer(Self.call, [.init(exitCode: 254, stderr: "\n\(said)\n")])
        let error = try await run("secrets.aws(\"ci\")").error
        #expect(error?.message.contains(said) == true)
        #expect(error?.help?.contains(remedy) == true, "\(error?.help ?? "")")
    }

    // MARK: Docker

    @Test func dockersOwnPasswordIsFound() async throws {
        let config = "{\"auths\": {\"ghcr.io\": {\"auth\": \"Y2k6dDBrZW4=\"}}}"
        let text = "let t = secrets.docker(\"ghcr.io\")\nt.reveal()"
        #expect(try await run(text, environment: ["DOCKER_AUTH_CONFIG": config]).value == "\"t0ken\"")
        programs.answer(
            "docker-credential-desk", with: .init(stdout: "{\"Username\": \"ci\", \"Secret\": \"other-t0ken\"}"))
        let helped = ["/docker/config.json": "{\"credsStore\": \"desk\"}"]
        let found = try await run(text, files: helped, environment: ["DOCKER_CONFIG": "/docker"])
        #expect(found.value == "\"other-t0ken\"")
        let error = try await run(text).error
        #expect(error?.id == "no-docker-secret" && error?.help?.contains("docker login ghcr.io") == true)
    }

    // MARK: Where it may go

    @Test(arguments: [
        "$ tool ${secrets.file(\"t\")}", "sh(secrets.aws(\"t\"))",
        "run([\"tool\", secrets.file(\"t\")])", "secrets.file(\"t\") + \"x\"",
        "fn f(s: Str) { s }\nf(secrets.docker(\"h\"))",
    ])
    func aCommandLineIsNoPlaceForIt(_ text: String) throws {
        let (_, findings) = ProgramRun.load(text, catalog: StandardCatalog.catalog)
        #expect(findings.contains { $0.severity == .error }, "\(text)")
    }

    @Test func norIsAListOfWords() async throws {
        let run = try await run("let words = [\"tool\", secrets.file(\"t\")]\nrun(words)", files: ["t": "t0ken"])
        #expect(run.error?.id == "secret-in-command" && run.error?.help?.contains("stdin") == true)
        #expect(programs.runs.isEmpty)
    }
}
