import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// Values come out of the ledger as they went in.
@Suite struct StoredValueTests {
    @Test(arguments: [
        "null", "true", "-7", "0.1", "1.0", "\"a \\\"b\\\" é\\n\"", "[]", "[1, [2.5, null]]", "{}",
        "{\"$\": \"Version\", a: [1], \"b c\": {x: 1}}", "1..3", "1..<3", "1.2.3", "Version(\"1.2.3-rc.1+b\")", "90s",
        "1ms", "500MB", "Path(\"a/b\")", "Image(\"127.0.0.1:5001/team/app:dev\")", "Image(\"app\")",
        "Digest(\"sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\")",
        "[1.2.3, {at: 5m}]",
    ])
    func aValueKeepsItsType(_ literal: String) async throws {
        try await check(literal)
    }

    @Evaluation private func check(_ literal: String) throws {
        let program = try ProgramRun.compile("let v = \(literal)\nv", catalog: StandardCatalog.catalog)
        var value = Value.null
        for function in program.entryFunctions {
            let fiber = Fiber(program: program, function: function, arguments: [])
            guard case .finished(let result) = fiber.resume(.proceed) else { throw Broken() }
            value = result
        }
        let back = try StoredValue.value(of: try StoredValue.text(of: value))
        #expect(back.literal == value.literal)
        #expect(back.typeName == value.typeName)
    }

    private struct Broken: Error {}

    @Test func outcomesComeBackWhole() throws {
        let result = CommandResult(exitCode: 3, stdout: "out\n", stderr: "err", duration: .milliseconds(1500))
        let back = try StoredValue.value(of: try StoredValue.text(of: .domain(.commandResult(result))))
        guard case .commandResult(let read)? = back.asDomain else { throw Broken() }
        #expect(read.exitCode == 3 && read.stdout == "out\n" && read.stderr == "err")
        #expect(read.duration == .milliseconds(1500))

        var error = RuntimeError(.command, .commandFailed("false", stage: nil, exitCode: 1))
        error.command = .init(line: "false", exitCode: 1, output: "said")
        error.exitCode = 2
        let failed = try StoredValue.error(of: StoredValue.text(of: error))
        #expect(failed.id == error.id && failed.message == error.message && failed.kind == .command)
        #expect(failed.command?.output == "said" && failed.command?.exitCode == 1 && failed.exitCode == 2)
    }

    @Test func aRegistryKeepsHowToLogIn() throws {
        let registry = Registry(
            name: "ghcr", base: "ghcr.io/team", stages: ["dev"], username: "ci", passwordEnvironment: "TOKEN",
            login: "password", scheme: "https")
        let back = try StoredValue.value(of: try StoredValue.text(of: .domain(.registry(registry))))
        guard case .registry(let read)? = back.asDomain else { throw Broken() }
        #expect(read == registry)
    }

    @Test func secretsAndFunctionsAreRefused() {
        let secret = Value.domain(.secret(Secret("hunter2hunter2", source: "env TOKEN")))
        #expect(throws: StoredValue.Refusal.secret) { try StoredValue.text(of: .list([secret])) }
        let text = try? StoredValue.text(of: secret, secrets: .asSources)
        #expect(text == "{\"$\": \"Secret\", \"source\": \"env TOKEN\"}")
        let builtin = Value.object(BuiltinObject(StandardCatalog.catalog.function("print") ?? Builtin.nothing))
        #expect(throws: StoredValue.Refusal.function) { try StoredValue.text(of: builtin) }
    }

    @Test func whatNestsWithoutEndIsRefused() {
        var value = Value.list([])
        for _ in 0..<10_000 { value = .list([value]) }
        #expect(throws: StoredValue.Refusal.size) { try StoredValue.text(of: value) }
    }

    @Test(arguments: ["", "[", "{\"$\": \"Nothing\"}", "{\"a\": 1}", "{\"$\": \"Version\", \"v\": 3}"])
    func nonsenseIsNoValue(_ text: String) {
        #expect(throws: (any Error).self) { try StoredValue.value(of: text) }
    }
}

extension Builtin {
    fileprivate static let nothing = Builtin(
        Signature(
            name: "nothing", form: .function, effect: .pure, summary: "", parameters: [], result: .null, example: ""),
        .pure { _ in .null })
}
