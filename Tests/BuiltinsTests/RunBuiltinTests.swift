import Builtins
import Lang
import TestSupport
import Testing

@Suite("run, sh and commands")
struct RunBuiltinTests {
    private let events = RecordingEvents()
    private let processes = FakeProcesses()
    private var world: World { .fake(processes: processes, events: events) }

    private func builtin(_ name: String) throws -> Builtin {
        try #require(ProcessBuiltins.all.first { $0.name == name })
    }

    /// In declared order; `.missing` stands for what is not given.
    private func run(
        _ words: [Value], check: Value = .missing, timeout: Value = .missing, cwd: Value = .missing,
        env: Value = .missing, stdin: Value = .missing, effect: Value = .missing, in world: World? = nil
    ) async throws -> CommandResult {
        let value = try await builtin("run").call(
            .list(words), check, timeout, cwd, env, stdin, effect, in: world ?? self.world)
        return try #require(CommandResult.from(value))
    }

    private func error(_ body: () async throws -> Void) async -> RuntimeError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RuntimeError
        }
    }

    private let token = Secret("t0p s3cret", source: "env TOKEN").value

    @Test("a program is run with what it was given")
    func options() async throws {
        processes.answer("docker", with: .init(stdout: "ok\n"))
        let result = try await run(
            [.string("docker"), .string("tag"), .int(3), ImageReference(parsing: "redis:7").value],
            timeout: Duration.seconds(5).value, cwd: .string("sub"),
            env: .map(OrderedMap([("A", .string("1")), ("TOKEN", token)])), stdin: .string("input"))
        #expect(result.exitCode == 0)
        #expect(result.stdout == "ok\n")
        let call = try #require(processes.runs.first)
        #expect(call.stages.first?.arguments == ["docker", "tag", "3", "redis:7"])
        #expect(call.stages.first?.environment == ["A": "1"])
        #expect(call.stages.first?.secrets["TOKEN"]?.text == "t0p s3cret")
        #expect(call.options.timeout == .seconds(5))
        #expect(call.options.workingDirectory == "/work/sub")
        #expect(events.commands == ["A=1 TOKEN=••• docker tag 3 redis:7"])
        #expect(events.output == ["ok"])
    }

    @Test("failing raises an error that carries the command, unless it is not to be checked")
    func check() async throws {
        processes.answer("make", with: .init(exitCode: 2, stdout: "building\n", stderr: "no rule\n"))
        let error = await error { _ = try await run([.string("make"), .string("a b")]) }
        #expect(error?.id == "command-failed")
        #expect(error?.command?.line == "make 'a b'")
        #expect(error?.command?.exitCode == 2)
        #expect(error?.command?.output == "building\nno rule")
        #expect(try await run([.string("make")], check: .bool(false)).exitCode == 2)
        #expect(events.finished.map(\.exitCode) == [2, 2])
    }

    @Test("an error carries the end of a long output")
    func longOutput() async {
        let output = (1...100).map { "line \($0)\n" }.joined()
        processes.answer("make", with: .init(exitCode: 1, stdout: output))
        let error = await error { _ = try await run([.string("make")]) }
        #expect(error?.command?.output.hasPrefix("line 61\n") == true)
        #expect(error?.command?.output.hasSuffix("line 100") == true)
    }

    @Test("secrets are masked in everything that is shown, and arrive")
    func masking() async throws {
        processes.answer(
            "login", with: .init(exitCode: 1, stdout: "got t0p s3cret\n", stderr: "bad t0p s3crett0p s3cret"))
        let error = await error { _ = try await run([.string("login")], stdin: token) }
        #expect(events.output == ["bad ••••••got •••"])
        #expect(events.finished.first?.output == "got •••\nbad ••••••")
        #expect(error?.command?.output == "got •••\nbad ••••••")
        guard case .secret(let given)? = processes.runs.first?.options.input else {
            Issue.record("the secret was not handed over")
            return
        }
        #expect(given.text == "t0p s3cret")
    }

    @Test("secrets are masked in the forms they travel in, too")
    func maskingOfForms() async throws {
        // As it is in base64 and a URL, and in base64 behind a name.
        processes.answer(
            "login", with: .init(exitCode: 1, stdout: "dDBwIHMzY3JldA== t0p%20s3cret\nY2k6dDBwIHMzY3JldA==\n"))
        _ = await error { _ = try await run([.string("login")], stdin: token) }
        #expect(events.finished.first?.output == "•••A== •••\nY2k6•••A==\n")
    }

    @Test("a Secret is no word of a command, nor are lists, null and maps")
    func words() async {
        #expect(await error { _ = try await run([.string("x"), token]) }?.id == "secret-in-command")
        for word in [Value.null, .list([]), .map(OrderedMap())] {
            #expect(await error { _ = try await run([.string("x"), word]) }?.id == "not-a-word")
        }
        #expect(await error { _ = try await run([]) }?.id == "no-program")
        #expect(processes.runs.isEmpty)
    }

    @Test("wrong options are refused before anything runs")
    func wrongOptions() async {
        let words = [Value.string("x")]
        #expect(await error { _ = try await run(words, check: .int(1)) }?.id == "wrong-argument-type")
        #expect(await error { _ = try await run(words, stdin: .int(1)) }?.id == "wrong-argument-type")
        #expect(await error { _ = try await run(words, env: .int(1)) }?.id == "wrong-argument-type")
        #expect(
            await error { _ = try await run(words, env: .map(OrderedMap([("A", .int(1))]))) }?.id
                == "wrong-environment-value")
        #expect(await error { _ = try await run(words, effect: .string("pure")) }?.id == "wrong-effect")
        #expect(processes.runs.isEmpty)
    }

    @Test("whether it changes something is told before it runs")
    func effects() async throws {
        let words = Value.list([.string("docker"), .string("ps")])
        let changes = try builtin("run").prepared(words)
        #expect(changes.effect == .changes)
        #expect(changes.planned != nil)
        #expect(try await changes.commands(world) == ["docker ps"])
        let reads = try builtin("run").prepared(
            words, .missing, .missing, .missing, .missing, .missing, .string("reads"))
        #expect(reads.effect == .reads)
        #expect(reads.planned == nil)
    }

    @Test("sh hands its script to a shell, whole")
    func shell() async throws {
        let value = try await builtin("sh").call(.string("echo one; echo two | tr a-z A-Z"), in: .machine())
        #expect(CommandResult.from(value)?.stdout == "one\nTWO\n")
        _ = try? await builtin("sh").call(.string("a && b"), in: world)
        #expect(events.commands == ["sh -c 'a && b'"])
    }

    @Test("a captured command shows its errors and keeps its output to itself")
    func capture() async throws {
        processes.answer("git", with: .init(stdout: "abc\n", stderr: "warning\n"))
        let outcome = try await Command.perform([ProcessRequest(["git", "log"])], capture: true, world: world)
        #expect(outcome.stdout == "abc\n")
        #expect(events.output == ["warning"])
        let shown = try await Command.perform([ProcessRequest(["git", "log"])], capture: false, world: world)
        #expect(shown.stdout.isEmpty)
        #expect(events.output == ["warning", "warning", "abc"])
    }

    @Test("a pipeline's error names the stage")
    func pipeline() async {
        processes.answer("a", with: .init())
        processes.answer("b", with: .init(exitCode: 3, stderr: "broken"))
        let stages = [ProcessRequest(["a"]), ProcessRequest(["b", "x y"])]
        let error = await error { _ = try await Command.perform(stages, capture: false, world: world) }
        #expect(error?.message == "`a | b 'x y'` ended with exit code 3, in its stage `b 'x y'`")
    }

    @Test("a quiet command shows nothing while it runs, and everything when it fails")
    func quiet() async {
        processes.answer("docker", with: .init(exitCode: 1, stderr: "denied"))
        let error = await error { _ = try await Command.run(["docker", "push"], in: world, quiet: true) }
        #expect(events.output.isEmpty)
        #expect(error?.command?.output == "denied")
    }
}
