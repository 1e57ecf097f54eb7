import Builtins
import Lang
import TestSupport
import Testing

/// Runs a program with the programs of transcripts, watched.
private func run(_ text: String, dryRun: Bool = false) async throws -> (run: ProgramRun, processes: WatchedProcesses) {
    let processes = WatchedProcesses()
    let world = World.fake(processes: processes)
    return (try await ProgramRun.of(text, dryRun: dryRun, world: world, catalog: StandardCatalog.catalog), processes)
}

@Suite struct ParallelTests {
    @Test func resultsComeInOrderThoughBranchesEndInAnother() async throws {
        let (run, processes) = try await run(
            """
            parallel for pause in [1200, 600, 1] {
                $ sleep ${pause}
                pause
            }
            """)
        #expect(run.value == "[1200, 600, 1]")
        #expect(processes.ended == ["sleep 1", "sleep 600", "sleep 1200"])
    }

    @Test func theFirstFailureCancelsTheRestAndAwaitsThem() async throws {
        let (run, processes) = try await run(
            """
            parallel {
                step "a" { $ sleep 500; $ exit 1 no }
                step "b" { $ hang }
                step "c" { $ hang }
            }
            """)
        #expect(run.error?.command?.line == "exit 1 no")
        #expect(processes.stopped == ["hang", "hang"])
        #expect(run.events.filter { $0.hasSuffix(": cancelled") }.count == 2)
        #expect(run.events.filter { $0.contains(": failed: ") }.count == 1)
    }

    @Test func aLoopWithoutEffectsIsCancelledToo() async throws {
        let (run, _) = try await run(
            """
            parallel {
                step "spin" { while true { } }
                step "fail" { $ sleep 5; $ exit 1 no }
            }
            """)
        #expect(run.error?.id == "command-failed")
    }

    @Test func branchesThatHaveNotBegunAreLeftOut() async throws {
        let (run, processes) = try await run(
            """
            parallel(limit: 1) for name in ["a", "b", "c"] {
                $ echo ${name}
                if name == "b" { fail "b failed" }
            }
            """)
        #expect(run.error?.message == "b failed")
        #expect(processes.ended == ["echo a", "echo b"])
    }

    @Test(arguments: [("(limit: 2)", 2), ("(limit: 9)", 6), ("", 6)])
    func noMoreThanTheLimitRunAtOnce(limit: String, most: Int) async throws {
        let (run, processes) = try await run(
            """
            parallel\(limit) for i in 1..6 {
                $ sleep 600
                i
            }
            """)
        #expect(run.value == "[1, 2, 3, 4, 5, 6]")
        #expect(processes.mostAtOnce == most)
    }

    @Test func aBranchMayHandleItsOwnFailure() async throws {
        let (run, _) = try await run(
            """
            parallel for i in 1..3 {
                try { if i == 2 { $ exit 1 no
                } ; i } catch err { "failed" }
            }
            """)
        #expect(run.value == #"[1, "failed", 3]"#)
    }

    @Test func theErrorOfAFailureInsideParallelCanBeCaughtOutside() async throws {
        let (run, processes) = try await run(
            """
            try { parallel { step "a" { fail "no" }; step "b" { $ hang } } } catch err { err.message }
            """)
        #expect(run.value == #""no""#)
        // What ran was stopped; it may also not have begun.
        #expect(processes.ended.isEmpty)
    }

    @Test func defersOfCancelledBranchesRun() async throws {
        let (_, processes) = try await run(
            """
            parallel {
                step "a" {
                    defer { $ echo cleaned }
                    $ hang
                }
                step "b" { $ sleep 500; fail "no" }
            }
            """)
        #expect(processes.stopped == ["hang"])
        #expect(processes.ended == ["sleep 500", "echo cleaned"])
    }

    @Test func parallelInsideParallel() async throws {
        let (run, _) = try await run(
            """
            parallel for i in 1..2 { parallel for j in 1..2 { $ sleep 1
                "${i}${j}" } }
            """)
        #expect(run.value == #"[["11", "12"], ["21", "22"]]"#)
    }
}

@Suite struct TimeoutTests {
    @Test func anEffectIsStopped() async throws {
        let (run, processes) = try await run("timeout(300ms) { $ hang\n}")
        #expect(run.error?.kind == .timeout)
        #expect(run.error?.id == "timed-out")
        #expect(processes.stopped == ["hang"])
    }

    @Test(arguments: [
        "while true { }",
        "spin()",
        "let xs = [1, 2, 3]; while true { xs.map(fn(x) => x + 1) }",
        "for i in 1..1_000_000_000_000 { }",
        "for i in 1..1_000_000_000_000 { if i % 2 == 0 { continue } }",
        "recurse(0)",
    ])
    func aLoopIsStopped(body: String) async throws {
        let (run, _) = try await run(
            """
            fn spin() { while true { spin_once() } }
            fn spin_once() { 1 }
            fn recurse(n) { for i in 1..1_000_000 { if n < 100 { recurse(n + 1) } } }
            timeout(30ms) { \(body) }
            """)
        #expect(run.error?.kind == .timeout)
    }

    @Test
    func aLoopOfStepsIsStopped() async throws {
        let (run, _) = try await run("timeout(30ms) { while true { step \"s\" { 1 } } }")
        #expect(run.error?.kind == .timeout)
    }

    @Test func itCannotBeCaughtInsideButOutside() async throws {
        let (run, processes) = try await run(
            """
            let result = try {
                timeout(30ms) {
                    try { $ hang
                    } catch err { $ echo caught inside
                    }
                    $ echo after
                }
            } catch err { [err.kind, "outside"] }
            result
            """)
        #expect(run.value == #"["timeout", "outside"]"#)
        #expect(processes.ended.isEmpty)
    }

    @Test func retryInsideDoesNotSeeItAndRetryOutsideDoes() async throws {
        let (inside, processesInside) = try await run("timeout(300ms) { retry(5) { $ hang\n} }")
        #expect(inside.error?.kind == .timeout)
        #expect(processesInside.stopped == ["hang"])
        let (outside, processesOutside) = try await run("retry(3) { timeout(300ms) { $ hang\n} }")
        #expect(outside.error?.kind == .timeout)
        #expect(processesOutside.stopped == ["hang", "hang", "hang"])
    }

    @Test func defersRunToTheirEnd() async throws {
        let (run, processes) = try await run(
            """
            timeout(300ms) {
                defer {
                    $ sleep 60
                    $ echo cleaned
                }
                $ hang
            }
            """)
        #expect(run.error?.kind == .timeout)
        #expect(processes.ended == ["sleep 60", "echo cleaned"])
    }

    @Test func theOuterOneOfTwoEndsBoth() async throws {
        let (run, _) = try await run(
            """
            try {
                timeout(30ms) { try { timeout(1h) { $ hang
                } } catch err { print("inner") } }
            } catch err { print("outer") }
            """)
        #expect(run.printed == "outer\n")
    }

    @Test func theInnerOneOfTwoEndsAlone() async throws {
        let (run, _) = try await run(
            """
            timeout(1h) {
                try { timeout(30ms) { $ hang
                } } catch err { print("inner") }
                $ echo on
                "done"
            }
            """)
        #expect(run.printed == "inner\n")
        #expect(run.value == #""done""#)
    }

    @Test func afterOneThatWasCaughtTheNextHoldsAgain() async throws {
        let (run, processes) = try await run(
            """
            var kinds = []
            for i in 1..3 {
                try { timeout(300ms) { defer { $ echo ${i}
                }; $ hang
                } } catch err { kinds.append(err.kind) }
            }
            kinds
            """)
        #expect(run.value == #"["timeout", "timeout", "timeout"]"#)
        #expect(processes.ended == ["echo 1", "echo 2", "echo 3"])
    }

    @Test func aroundParallelItStopsAllBranches() async throws {
        let (run, processes) = try await run(
            """
            try {
                timeout(300ms) {
                    parallel {
                        step "a" { $ hang }
                        step "b" { while true { } }
                        step "c" { try { $ hang
                        } catch err { $ echo never
                        } }
                    }
                }
            } catch err { err.kind }
            """)
        #expect(run.value == #""timeout""#)
        #expect(processes.stopped == ["hang", "hang"])
        #expect(processes.ended.isEmpty)
    }

    @Test func inABranchItConcernsThatBranchAlone() async throws {
        let (run, _) = try await run(
            """
            parallel for i in 1..2 {
                try { timeout(if i == 1 { 100ms } else { 1h }) { $ sleep 2000
                    "slept" } } catch err { err.kind }
            }
            """)
        #expect(run.value == #"["timeout", "slept"]"#)
    }

    @Test func whatEndsInTimeIsNotTouched() async throws {
        let (run, processes) = try await run("let x = timeout(1h) { $ sleep 5\n7 }; $ echo after\nx")
        #expect(run.value == "7")
        #expect(processes.ended == ["sleep 5", "echo after"])
    }

    @Test func aStepThatTimesOutIsShownAsFailed() async throws {
        let (run, _) = try await run("step \"slow\" { timeout(300ms) { $ hang\n} }")
        #expect(run.events.last == "end 1: failed: this must be done in 300ms, but was not")
    }
}

@Suite struct CancellationTests {
    /// Runs a program and cancels it, as Ctrl-C does, once it has started a command.
    private func cancelled(_ text: String) async throws -> (run: ProgramRun, processes: WatchedProcesses) {
        let processes = WatchedProcesses()
        let task = Task {
            let world = World.fake(processes: processes)
            return try await ProgramRun.of(text, world: world, catalog: StandardCatalog.catalog)
        }
        while processes.log.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        task.cancel()
        return (try await task.value, processes)
    }

    @Test func nothingCatchesItAndDefersRun() async throws {
        let (run, processes) = try await cancelled(
            """
            defer {
                $ sleep 30
                $ echo cleaned
            }
            retry(3) {
                try { $ hang
                } catch err { $ echo never
                }
            }
            """)
        #expect(run.error?.kind == .cancelled)
        #expect(processes.stopped == ["hang"])
        #expect(processes.ended == ["sleep 30", "echo cleaned"])
    }

    @Test func loopsStop() async throws {
        let (run, _) = try await cancelled("$ echo begin\nwhile true { }")
        #expect(run.error?.kind == .cancelled)
    }

    @Test func branchesStopAndTheirDefersRun() async throws {
        let (run, processes) = try await cancelled(
            """
            parallel for i in 1..3 {
                defer { $ echo ${i}
                }
                $ hang
            }
            """)
        #expect(run.error?.kind == .cancelled)
        #expect(processes.stopped.count == processes.log.count { $0 == "begin hang" })
        // A branch may be cancelled between its `defer` and its command.
        #expect(processes.ended.count >= processes.stopped.count)
    }

    @Test func aTransactionIsUndone() async throws {
        let (run, processes) = try await cancelled(
            """
            transaction "Publish" {
                step "One" { 1 } undo {
                    $ sleep 30
                    $ echo undone
                }
                $ hang
            }
            """)
        #expect(run.error?.kind == .cancelled)
        #expect(processes.ended == ["sleep 30", "echo undone"])
    }

    @Test func aTimeoutAroundItDoesNotMakeItCatchable() async throws {
        let (run, _) = try await cancelled("try { timeout(1h) { $ hang\n} } catch err { print(\"never\") }")
        #expect(run.error?.kind == .cancelled)
        #expect(run.printed.isEmpty)
    }
}

@Suite struct RetryTests {
    private func run(_ text: String) async throws -> (run: ProgramRun, sleeps: [Duration]) {
        let clock = FakeClock()
        let world = World.fake(processes: TranscriptPrograms(), clock: clock)
        return (try await ProgramRun.of(text, world: world, catalog: StandardCatalog.catalog), clock.sleeps)
    }

    @Test func itPausesBetweenAttemptsOnly() async throws {
        let (run, sleeps) = try await run("retry(3, every: 2s) { fail \"no\" }")
        #expect(run.error?.message == "no")
        #expect(sleeps == [.seconds(2), .seconds(2)])
        #expect(run.notes.count == 2)
        #expect(run.notes.first?.contains("attempt 1 of 3 failed: no") == true)
    }

    @Test func withoutEveryItDoesNotPause() async throws {
        let (run, sleeps) = try await run("var n = 0; retry(3) { n += 1; if n < 3 { fail \"no\" }; n }")
        #expect(run.value == "3")
        #expect(sleeps.isEmpty)
    }

    @Test func failingCommandsAreTriedAgain() async throws {
        let (run, sleeps) = try await run("retry(2, every: 1s) { $ exit 1 no\n}")
        #expect(run.error?.id == "command-failed")
        #expect(sleeps == [.seconds(1)])
        #expect(run.events.filter { $0.hasPrefix("run") }.count == 2)
    }

    @Test func stepsInsideBeginAnewWithEveryAttempt() async throws {
        let (run, _) = try await run(
            "var n = 0; retry(2) { n += 1; let m = n; step \"try\" { if m == 1 { fail \"no\" } } }")
        #expect(
            run.events.filter { !$0.hasPrefix("note") } == [
                "begin 1: try", "end 1: failed: no", "begin 2: try", "end 2: succeeded",
            ])
    }

    @Test func limitsAreNotTriedAgain() async throws {
        let (run, _) = try await run("fn deep(n) { deep(n + 1) }\nretry(5) { deep(0) }")
        #expect(run.error?.kind == .limit)
        #expect(run.notes.isEmpty)
    }
}

@Suite struct TransactionTests {
    private static let steps = """
        step "One" { 1 } undo n { print("undo", n) }
        step "Two" { 2 } undo n { print("undo", n) }
        """

    @Test func onFailureItIsUndoneNewestFirst() async throws {
        let (run, _) = try await run("transaction \"t\" { \(Self.steps)\nfail \"no\" }")
        #expect(run.printed == "undo 2\nundo 1\n")
        #expect(run.error?.message == "no")
        #expect(!run.undoIsIncomplete)
    }

    @Test func onSuccessNothingIsUndone() async throws {
        let (run, _) = try await run("transaction \"t\" { \(Self.steps)\n}")
        #expect(run.printed.isEmpty)
        #expect(run.value == "2")
    }

    @Test func aStepThatFailedHasNothingToUndo() async throws {
        let (run, _) = try await run(
            "transaction \"t\" { step \"One\" { fail \"no\" } undo { print(\"never\") } }")
        #expect(run.printed.isEmpty)
    }

    @Test func anInnerOneThatSucceededJoinsTheOuter() async throws {
        let (run, _) = try await run(
            """
            transaction "outer" {
                step "Zero" { 0 } undo n { print("undo", n) }
                transaction "inner" { \(Self.steps)
                }
                fail "no"
            }
            """)
        #expect(run.printed == "undo 2\nundo 1\nundo 0\n")
    }

    @Test func anInnerOneThatFailedIsUndoneOnce() async throws {
        let (run, _) = try await run(
            """
            transaction "outer" {
                step "Zero" { 0 } undo n { print("undo", n) }
                try { transaction "inner" { \(Self.steps)
                    fail "inner" } } catch err { print(err.message) }
                fail "outer"
            }
            """)
        #expect(run.printed == "undo 2\nundo 1\ninner\nundo 0\n")
    }

    @Test func branchesOfParallelAreUndoneToo() async throws {
        let (run, _) = try await run(
            """
            transaction "t" {
                parallel for i in 1..2 {
                    $ sleep ${i * 500}
                    step "s" { i } undo n { print("undo", n) }
                }
                fail "no"
            }
            """)
        #expect(run.printed == "undo 2\nundo 1\n")
    }

    @Test func anUndoThatFailsIsReportedAndTheOthersRun() async throws {
        let (run, processes) = try await run(
            """
            transaction "t" {
                step "One" { 1 } undo { $ echo one }
                step "Two" { 2 } undo { $ exit 1 stuck }
                step "Three" { 3 } undo { $ echo three }
                fail "no"
            }
            """)
        #expect(processes.ended == ["echo three", "exit 1 stuck", "echo one"])
        #expect(run.undoIsIncomplete)
        #expect(run.error?.message == "no")
        #expect(run.notes.contains { $0.contains("`exit 1 stuck` ended with exit code 1") })
    }

    @Test func afterATimeoutUndoRunsToItsEnd() async throws {
        let (run, processes) = try await run(
            """
            timeout(300ms) {
                transaction "t" {
                    step "One" { 1 } undo {
                        $ sleep 60
                        $ echo undone
                    }
                    $ hang
                }
            }
            """)
        #expect(run.error?.kind == .timeout)
        #expect(processes.ended == ["sleep 60", "echo undone"])
    }

    @Test func nothingOutsideOfATransactionIsUndone() async throws {
        let (run, _) = try await run("step \"One\" { 1 } undo { print(\"never\") }\nfail \"no\"")
        #expect(run.printed.isEmpty)
    }
}

@Suite struct StepEventTests {
    @Test func eventsComeInOrderWithTheirParents() async throws {
        let (run, _) = try await run(
            """
            step "Build ${1 + 1}" {
                step "Compile" { $ echo a }
                $ echo b
            }
            step "Fails" {
                step "Inner" { fail "no" }
            }
            """)
        #expect(
            run.events == [
                "begin 1: Build 2", "begin 2 in 1: Compile", "run in 2: echo a", "done in 2: echo a [0]",
                "end 2: succeeded", "run in 1: echo b", "done in 1: echo b [0]", "end 1: succeeded", "begin 3: Fails",
                "begin 4 in 3: Inner", "end 4: failed: no", "end 3: failed: no",
            ])
    }

    @Test func anErrorThatIsCaughtEndsTheStepAndNoMore() async throws {
        let (run, _) = try await run(
            "step \"Outer\" { try { step \"Inner\" { fail \"no\" } } catch err { $ echo on\n} }")
        #expect(
            run.events == [
                "begin 1: Outer", "begin 2 in 1: Inner", "end 2: failed: no", "run in 1: echo on",
                "done in 1: echo on [0]", "end 1: succeeded",
            ])
    }

    @Test func theErrorHasThePositionAndTheCallsThatLedThere() async throws {
        let (run, _) = try await run(
            """
            recipe release() { publish("x") }
            fn publish(tag) {
                $ exit 1 ${tag}
            }
            step "Release" { release() }
            """)
        #expect(run.error?.location?.description == "test.rel:3:5")
        #expect(run.error?.frames.map(\.function) == ["publish", "release", "the file's own statements"])
    }

    @Test func theCallsOfABranchGoOnWithThoseOfWhatRunsIt() async throws {
        let (run, _) = try await run(
            """
            fn publish(tag) { fail "no ${tag}" }
            fn release() {
                parallel { publish("x") }
            }
            release()
            """)
        #expect(
            run.error?.frames.map(\.function) == ["publish", "parallel", "release", "the file's own statements"])
        #expect(run.error?.frames.map { $0.location.description }.suffix(2) == ["test.rel:3:5", "test.rel:5:1"])
    }
}
