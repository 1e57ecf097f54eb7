import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What a plan holds, and that a run which follows it keeps to it.
@Suite struct PlanTests {
    /// `make` says `made`, `git` says `head`; all other programs succeed.
    private func world(made: String = "a", head: String = "abc", files: FakeFiles = FakeFiles()) -> (
        World, FakeProcesses
    ) {
        let processes = FakeProcesses()
        processes.answer(with: .init())
        processes.answer("make", with: .init(stdout: made))
        processes.answer("git", with: .init(stdout: head))
        return (.fake(processes: processes, files: files, environment: ["TOKEN": "s3cret-token"]), processes)
    }

    private func plan(_ text: String) async throws -> Plan {
        try #require(try await PlanFixture.plan(text, in: world().0).plan)
    }

    /// What the run that follows the plan has run, where it differs from the planned one only by the world it finds.
    private func follow(_ text: String, made: String = "a", head: String = "abc") async throws -> (ProgramRun, [String])
    {
        let plan = try await plan(text)
        let again = try Plan(json: plan.json, path: "plan.json")
        #expect(again.json == plan.json)
        let (world, processes) = world(made: made, head: head)
        let run = try await PlanFixture.follow(again, text, in: world)
        return (run, processes.lines.filter { !$0.hasPrefix("git rev-parse") })
    }

    private static let unknown = "let r = run([\"make\"])\n"

    // MARK: Following

    @Test func whatIsKnownIsMadeAsPlanned() async throws {
        let (run, ran) = try await follow(
            "let sha = $(git rev-parse HEAD)\nstep \"Push\" { $ push ${sha} }\nrun([\"tag\", sha])\nsh(\"echo ${sha}\")"
        )
        #expect(run.error == nil)
        #expect(ran == ["push abc", "tag abc", "sh -c 'echo abc'"])
    }

    @Test func theUnknownIsFilledInWhereItStands() async throws {
        let text = Self.unknown + "$ push v-${r.stdout} ${r.stdout.lines()} --now\nrun([\"tag\", r.stdout])"
        let (run, ran) = try await follow(text, made: "x y\nz")
        #expect(run.error == nil)
        #expect(ran == ["make", "push $'v-x y\\nz' 'x y' z --now", "tag $'x y\\nz'"])
    }

    @Test func aChangeThatThePlanDoesNotHaveIsNotMade() async throws {
        let text = """
            let sha = $(git rev-parse HEAD)
            $ before
            try { $ push ${sha} now } catch e { $ never }
            $ after
            """
        let (run, ran) = try await follow(text, head: "other")
        #expect(ran == ["before"])
        let error = try #require(run.error)
        #expect(error.id == "outside-plan")
        #expect(error.message.contains("where the plan has `push abc now`, it would now make `push other now`"))
        #expect(error.location?.description == "test.rel:3:7")
    }

    @Test func oneMoreThanThePlanHasIsNotMade() async throws {
        let text = "let n = Int($(git rev-parse HEAD))\nfor i in 1..n { $ push ${i} }"
        let planned = try #require(try await PlanFixture.plan(text, in: world(head: "2").0).plan)
        let (world, processes) = world(head: "3")
        let run = try await PlanFixture.follow(planned, text, in: world)
        #expect(run.error?.message.contains("`push 3` is not in the plan") == true)
        #expect(processes.lines == ["git rev-parse HEAD", "push 1", "push 2"])
    }

    @Test func whatTheArgumentsOfABuiltinWereCounts() async throws {
        let text = "let sha = $(git rev-parse HEAD)\nfiles.write(\"a.txt\", sha)"
        let (run, _) = try await follow(text, head: "other")
        #expect(run.error?.id == "outside-plan")
        #expect(try await follow(text).0.error == nil)
    }

    @Test(arguments: ["a", "b"]) func eitherBranchOfAnUnknownConditionIsAllowed(made: String) async throws {
        let text = Self.unknown + "if r.stdout == \"a\" { $ one } else { $ two }\n$ three"
        let (run, ran) = try await follow(text, made: made)
        #expect(run.error == nil)
        #expect(ran == ["make", made == "a" ? "one" : "two", "three"])
    }

    @Test func aConditionInALoopMayHoldInAnyRound() async throws {
        let text = "for i in 1..3 {\n let r = run([\"make\"])\n if r.exit_code == i - 2 { $ push ${i} }\n}"
        let (run, ran) = try await follow(text)
        #expect(run.error == nil)
        #expect(ran == ["make", "make", "push 2", "make"])
    }

    @Test func aLoopOfUnknownRoundsMayHaveAny() async throws {
        let text =
            Self.unknown + """
                for line in r.stdout.lines() {
                    step "Line ${line}" { for i in [1, 2] { $ push ${line} ${i} } }
                }
                $ end
                """
        let (run, ran) = try await follow(text, made: "a\nb\nc")
        #expect(run.error == nil)
        #expect(ran == ["make", "push a 1", "push a 2", "push b 1", "push b 2", "push c 1", "push c 2", "end"])
        #expect(try await follow(text, made: "").0.error == nil)
    }

    @Test func aLoopThatOnlyAnUnknownBreakEndsMayGoOn() async throws {
        let text =
            "var n = 0\nwhile true {\n n += 1\n let r = run([\"make\"])\n if r.exit_code == n - 3 { break }\n $ wait\n}"
        let (run, ran) = try await follow(text)
        #expect(run.error == nil)
        #expect(ran == ["make", "wait", "make", "wait", "make"])
    }

    @Test func branchesOverTheUnknownMayBeAny() async throws {
        let text = Self.unknown + "parallel(limit: 1) for line in r.stdout.lines() { step \"s\" { $ push ${line} } }"
        let (run, ran) = try await follow(text, made: "a\nb\nc")
        #expect(run.error == nil)
        #expect(ran == ["make", "push a", "push b", "push c"])
    }

    @Test func anAttemptMayBeMadeAgain() async throws {
        let text = """
            for i in 1..2 {
                retry(3) { step "Try" { $ flaky ${i}
                    $ then ${i} } }
            }
            """
        let plan = try await plan(text)
        let (world, processes) = world()
        processes.answer("flaky", with: .init(exitCode: 1), .init(exitCode: 1), .init(), .init(exitCode: 1), .init())
        let run = try await PlanFixture.follow(plan, text, in: world)
        #expect(run.error == nil)
        #expect(
            processes.lines == [
                "flaky 1", "flaky 1", "flaky 1", "then 1", "flaky 2", "flaky 2", "then 2",
            ])
    }

    @Test func whatATransactionTakesBackIsNoPartOfThePlan() async throws {
        let text =
            "transaction \"t\" { step \"s\" { $ one } undo { $ back }\n let r = run([\"make\"])\n assert r.stdout == \"x\" }"
        let (run, ran) = try await follow(text)
        #expect(run.error?.id == "assertion-failed")
        #expect(ran == ["one", "make", "back"])
    }

    @Test func aSecretIsNotInThePlanAndItsSourceCounts() async throws {
        let text = "$ T=${env.secret(\"TOKEN\")} login"
        let plan = try await plan(text)
        #expect(!plan.json.contains("s3cret") && plan.json.contains("TOKEN"))
        #expect(try await follow(text).0.error == nil)
    }

    // MARK: Marks

    private func marks(_ text: String) async throws -> [String] {
        try await plan(text).effects.map { effect in
            let mark = effect.mark.mayRepeat ? "*" : effect.mark.isUncertain ? "?" : ""
            return effect.commands.joined(separator: "; ") + mark
        }
    }

    @Test func whatMayNotComeIsMarked() async throws {
        let marks = try await marks(
            Self.unknown
                + """
                if r.ok { $ a } else { $ b }
                $ c
                match r.stdout { "x" => { $ d }
                    else => { $ e } }
                if true { $ f }
                for l in r.stdout.lines() { $ g }
                while r.ok { $ h }
                parallel for l in r.stdout.lines() { $ i }
                for l in [1] { $ j }
                $ k
                """)
        #expect(marks == ["make", "a?", "b?", "c", "d?", "e?", "f", "g*", "h*", "i*", "j", "k"])
    }

    @Test func whatComesAfterAnUnknownReturnIsMarked() async throws {
        let marks = try await marks(
            Self.unknown + "fn f(ok) {\n $ a\n if ok { return 1 }\n $ b\n}\nf(r.ok)\n$ c\nf(false)")
        #expect(marks == ["make", "a", "b?", "c", "a", "b"])
    }

    @Test func anImageThatIsBuiltHasAMarkForItsDigest() async throws {
        let text = """
            let image = docker.build(context: ".", file: "Dockerfile", tags: ["app:local"])
            docker.tag(image, "app:dev")
            $ run ${image}
            """
        let processes = FakeProcesses()
        processes.answer("docker", "image", "inspect", with: .init(exitCode: 1, stderr: "No such image"))
        processes.answer("find", with: .init())
        let plan = try #require(
            try await PlanFixture.plan(text, in: .fake(processes: processes, files: FakeFiles(["Dockerfile": ""]))).plan
        )
        #expect(plan.effects[1].commands == ["docker tag ‹1: the id of app:local› app:dev"])
        #expect(plan.effects[1].before == [Plan.Before(subject: "name app:dev", state: "absent")])
        #expect(plan.effects[2].stages?[0].words == [["run"], ["app:local@‹1: the id of app:local›"]])
    }
}
