import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What relsh cuts short must not show the beginning, the end or the middle of a secret.
@Suite struct SecretPartsTests {
    private static let secret = "pl4nted-s3cret-0123456789"

    private func run(_ text: String, token: String = secret, _ programs: FakeProcesses = FakeProcesses()) async throws
        -> ProgramRun
    {
        let world = World.fake(processes: programs, environment: ["TOKEN": token])
        return try await ProgramRun.of(
            "let token = env.secret(\"TOKEN\")\n" + text, world: world, catalog: StandardCatalog.catalog)
    }

    /// Whether four letters of it that follow one another are shown.
    private func shows(_ text: String, _ secret: String = secret) -> Bool {
        let letters = Array(secret)
        return letters.indices.dropLast(3).contains { text.contains(String(letters[$0..<$0 + 4])) }
    }

    @Test(arguments: [
        "json.parse(token.reveal())", "json.parse(\"[1, \" + token.reveal())", "toml.parse(token.reveal())",
        "toml.parse(\"a = \" + token.reveal())", "Version(token.reveal())",
        "Version(\"1.2.3-\" + token.reveal() + \"!\")",
        "Int(token.reveal())", "Image(token.reveal() + \"@sha256:1\")", "Duration(token.reveal())",
        "Size(token.reveal())",
        "Digest(token.reveal())", "Float(token.reveal())", "Path(token.reveal()).foo", "1 + token.reveal()",
        "fail token.reveal()", "fail \"x\".repeat(390) + token.reveal() + \"y\".repeat(2000)",
        "fail \"y\".repeat(2000) + token.reveal() + \"x\".repeat(190)",
        "[\"a\".repeat(70) + token.reveal(), 1] + 1", "let v: Int = \"a\".repeat(70) + token.reveal()",
    ])
    func errorsShowNoPartOfIt(_ text: String) async throws {
        let run: ProgramRun
        do { run = try await self.run("step \"s\" {\n\(text)\n}") } catch { return }
        let error = try #require(run.error, "\(text)")
        let shown = (error.message + (error.help ?? "") + run.events.joined())
        #expect(!shows(shown), "\(text): \(shown)")
    }

    @Test func aTextThatIsItselfASecretIsNotExcerpted() async throws {
        let token = "{\"user\": \"me\", \"password\": hunter2-is-not-quoted}"
        let run = try await run("json.parse(token.reveal())", token: token)
        let error = try #require(run.error)
        #expect(!shows(error.message, token), "\(error.message)")
        #expect(error.message.contains("line 1, column 28"))
    }

    @Test func besideACut() {
        let search = SecretSearch(SecretForms.of([Self.secret]))
        func hidden(_ text: String) -> String { search.hide(in: text, as: "•••", parts: .besideCuts) }
        #expect(hidden("it is pl4nted…") == "it is •••…")
        #expect(hidden("it is \"pl4nted\"…") == "it is \"•••\"…")
        #expect(hidden("…456789 and so on") == "…••• and so on")
        #expect(hidden("the plan… of pl4 things") == "the plan… of pl4 things")
        #expect(hidden("pl4nted is a word") == "pl4nted is a word")
    }

    @Test func theLedgerHasNoPartOfIt() async throws {
        let fixture = LedgerFixture()
        let world = World.fake(environment: ["TOKEN": Self.secret])
        let text = "let token = env.secret(\"TOKEN\")\nstep \"s\" { json.parse(token.reveal() + \"x\".repeat(100)) }"
        #expect(try await fixture.run(text, in: world).error != nil)
        let report = try fixture.report()
        let shown = report.steps.compactMap(\.message) + report.effects.compactMap(\.error) + [report.run.message ?? ""]
        #expect(!shown.isEmpty && !shown.contains { shows($0) }, "\(shown)")
    }

    @Test func theLedgerHasNoSourceAndNoCommandLineWithIt() async throws {
        let fixture = LedgerFixture()
        let (program, _) = ProgramRun.load("print(\"\(Self.secret)\")", catalog: StandardCatalog.catalog)
        let start = RunStart(
            recipe: nil, program: program, words: ["-e", Self.secret], settings: [], directory: "/work", version: "test"
        )
        let recorder = Recorder(fixture.reopened(), start)
        try await KnownSecrets.$current.withValue(KnownSecrets()) {
            recorder.enter(Identity(path: "/s"), parent: nil, title: "s", kind: .step)
            try await recorder.commit()
            // It is known to be one only after that was written.
            _ = Secret(Self.secret, source: "test")
            try await recorder.end(nil)
        }
        let run = try fixture.report().run
        #expect(run.words == ["-e", "•••"])
        #expect(try run.sources(in: fixture.ledger).map(\.text) == ["print(\"•••\")"])
    }

    @Test func oneLongLineBeginsWithAMarkWhereItIsCut() {
        var tail = Tail(limit: 10)
        Array("0123456789abcdefghijklmnop".utf8).withUnsafeBytes { tail.append($0) }
        #expect(tail.text == "…ghijklmnop")
    }
}
