import Builtins
import Lang
import Synchronization
import TestSupport
import Testing

private func run(
    _ text: String, world: World = .fake(processes: TranscriptPrograms()), _ set: (inout Limits) -> Void
) async throws -> ProgramRun {
    var limits = Limits()
    limits.cleanupSteps = 100
    limits.cleanupTime = .seconds(1)
    set(&limits)
    return try await ProgramRun.of(text, world: world, catalog: StandardCatalog.catalog, limits: limits)
}

extension ProgramRun {
    fileprivate var place: String? { error?.location.map { String($0.description.drop { $0 != ":" }.dropFirst()) } }
}

@Suite struct StepLimitTests {
    @Test(arguments: [
        ("while true { }", "1:1"),
        ("fn f() { f() }\nwhile true { try { f() } catch e { } }", "1:10"),
        ("var n = 0\nfor i in 1..1000000 {\n    n += 1\n}", "2:1"),
        ("[1, 2].map(fn(x) { while true { } })", "1:20"),
        ("let xs = (1..1000).to_list()\nwhile true { xs.map(fn(x) => x + 1) }", "2:17"),
        ("while true { step \"a\" { } }", "1:1"),
        ("while true { $ echo hi }", "1:1"),
    ])
    func aLoopEndsWithAPlace(text: String, place: String) async throws {
        let run = try await run(text) { $0.steps = 1000 }
        #expect(run.error?.kind == .limit)
        #expect(["steps-exceeded", "recursion-too-deep"].contains(run.error?.id))
        #expect(run.place == place)
    }

    @Test func theLimitIsMetExactly() async throws {
        let text = "var n = 0\nwhile n < 50 { n += 1 }\nn"
        #expect(try await run(text) { $0.steps = 50 }.value == "50")
        #expect(try await run(text) { $0.steps = 49 }.error?.id == "steps-exceeded")
    }

    @Test func theStackOfCallsIsKept() async throws {
        let run = try await run("fn spin() { while true { } }\nfn go() { spin() }\ngo()") { $0.steps = 100 }
        #expect(run.error?.frames.map(\.function) == ["spin", "go", "the file's own statements"])
    }

    @Test func branchesAreCountedTogether() async throws {
        let text = "parallel for i in 1..10 { for j in 1..20 { } }"
        #expect(try await run(text) { $0.steps = 400 }.error == nil)
        #expect(try await run(text) { $0.steps = 150 }.error?.id == "steps-exceeded")
    }

    @Test(arguments: [
        "try { while true { } } catch err { print(\"caught\") }",
        "retry(3) { print(\"try\"); while true { } }",
        "while true { try { while true { } } catch err { } }",
    ])
    func nothingCatchesIt(text: String) async throws {
        let run = try await run(text) { $0.steps = 100 }
        #expect(run.error?.id == "steps-exceeded")
        #expect(!run.printed.contains("caught"))
        #expect(run.printed.split(separator: "\n").count <= 1)
    }

    @Test func whatCleansUpStillRuns() async throws {
        let run = try await run(
            """
            transaction "t" {
                step "change" { print("done") } undo { for i in 1..20 { }; print("undone") }
                defer { for i in 1..20 { }; print("deferred") }
                while true { }
            }
            """
        ) { $0.steps = 100 }
        #expect(run.error?.id == "steps-exceeded")
        #expect(run.printed == "done\ndeferred\nundone\n")
        #expect(!run.undoIsIncomplete)
    }

    @Test func whatCleansUpHasALimitToo() async throws {
        let run = try await run(
            """
            transaction "t" {
                step "change" { print("done") } undo { while true { } }
                defer { while true { } }
                while true { }
            }
            """
        ) { $0.steps = 100 }
        #expect(run.error?.kind == .limit)
        #expect(run.undoIsIncomplete)
    }
}

@Suite struct MemoryLimitTests {
    @Test(arguments: [
        "\"x\".repeat(10000000)", "\"x\".pad_left(10000000)", "(1..1000000).to_list()",
        "var s = \"x\"\nwhile true { s = s + s }", "var xs = [1]\nwhile true { xs = xs + xs }",
        "var s = \"x\"\nwhile true { s = \"${s}${s}\" }", "\"x\".repeat(1000000).split(\"\")",
        "\"x\\n\".repeat(500000).lines()",
    ])
    func whatIsLargeIsRefusedBeforeItIsMade(text: String) async throws {
        let run = try await run(text) {
            $0.memory = { 5 << 20 }
            $0.memoryInUse = { _ in 3 << 20 }
            $0.steps = 1_000_000
        }
        #expect(run.error?.id == "memory-exceeded")
        #expect(run.error?.message.hasPrefix("a run must hold at most 5MiB of memory") == true)
        #expect(run.place != nil)
    }

    @Test func manySmallValuesAreSeen() async throws {
        let held = Mutex(0)
        let run = try await run("var xs = []\nwhile true { xs.append(\"x\") }") {
            $0.memory = { 50 << 20 }
            // Grows each time somebody asks.
            $0.memoryInUse = { _ in
                held.withLock {
                    $0 += 1 << 20
                    return $0
                }
            }
        }
        #expect(run.error?.id == "memory-exceeded")
        #expect(run.place?.hasPrefix("2:") == true)
    }

    @Test func whatCleansUpHasMore() async throws {
        let run = try await run(
            """
            try {
                defer { print("x".repeat(2000000).len()) }
                "x".repeat(4000000)
            } catch err { print("caught") }
            """
        ) {
            $0.memory = { 3 << 20 }
            $0.memoryInUse = { _ in 0 }
        }
        #expect(run.error?.id == "memory-exceeded")
        #expect(run.printed == "2000000\n")
    }

    @Test func thisProcessHoldsSomething() {
        #expect(LiveMemory.inUse(above: .max) > 1 << 20)
        #expect(LiveMemory.inUse(above: 0) > 1 << 20)
        #expect(LiveMemory.standardLimit > 1 << 20)
    }
}

@Suite struct TimeLimitTests {
    @Test func aLoopEnds() async throws {
        let run = try await run("while true { }") { $0.time = .milliseconds(50) }
        #expect(run.error?.id == "time-exceeded")
        #expect(run.error?.message == "a run must end within 50ms, but this one has not")
        #expect(run.place == "1:1")
    }

    @Test func aCommandIsStopped() async throws {
        let start = ContinuousClock.now
        let run = try await run("let a = 1\n$ sleep ${599 + a}", world: .machine()) { $0.time = .seconds(3) }
        #expect(run.error?.id == "time-exceeded")
        #expect(run.place == "2:1")
        #expect(ContinuousClock.now - start < .seconds(300))
    }

    @Test func theSoonerOfTwoTimesCounts() async throws {
        let text = "try { timeout(10ms) { while true { } } } catch err { print(err.kind) }"
        #expect(try await run(text) { $0.time = .seconds(20) }.printed == "timeout\n")
        let other = try await run("timeout(1m) { while true { } }") { $0.time = .milliseconds(10) }
        #expect(other.error?.id == "time-exceeded")
    }

    /// A `defer` that fails while a run is stopped must not make something of it that `catch` or `retry` may see.
    @Test(arguments: [
        "try {\n    defer { fail \"c\" }\n    while true { }\n} catch err { print(err.message) }\nprint(\"went on\")",
        "retry(3) {\n    defer { fail \"c\" }\n    print(\"tried\")\n    while true { }\n}\nprint(\"went on\")",
    ]) func aDeferThatFailsDoesNotHideThatTheTimeIsUp(text: String) async throws {
        let run = try await run(text) { $0.time = .milliseconds(200) }
        #expect(run.error?.id == "time-exceeded")
        #expect(["", "tried\n"].contains(run.printed))
        #expect(run.error?.notes.first?.hasPrefix("a `defer` failed too at ") == true)
        let counted = try await BuiltinsTests.run(text) { $0.steps = 1000 }
        #expect(counted.error?.id == "steps-exceeded")
        let within = try await BuiltinsTests.run("timeout(50ms) {\n\(text)\n}") { $0.time = .seconds(60) }
        #expect(within.error?.kind == .timeout)
        #expect(["", "tried\n"].contains(within.printed))
    }

    @Test func whatFailedFirstIsToldWithWhatADeferFailedWith() async throws {
        let text = "fn push() {\n    defer { fail \"stop failed\" }\n    fail \"push denied\"\n}\n"
        let run = try await run(text + "push()") { _ in }
        #expect(run.error?.message == "push denied")
        #expect(run.error?.notes.count == 1)
        #expect(run.error?.notes.first?.hasSuffix(": stop failed") == true)
        let caught = try await BuiltinsTests.run(text + "try { push() } catch err { print(err.message) }") { _ in }
        #expect(caught.printed == "push denied\n")
        // Where nothing else has failed, it is what failed.
        let alone = try await BuiltinsTests.run("fn f() {\n    defer { fail \"d\" }\n    return 1\n}\nf()") { _ in }
        #expect(alone.error?.message == "d")
    }

    @Test func whatCleansUpHasALittleMore() async throws {
        let run = try await run(
            "try {\n    defer { print(\"deferred\"); while true { } }\n    while true { }\n} catch err { print(1) }"
        ) {
            $0.time = .seconds(1)
            // Long enough for a machine that has other things to do in between.
            $0.cleanupTime = .seconds(5)
        }
        #expect(run.error?.id == "time-exceeded")
        #expect(run.printed == "deferred\n")
    }
}
