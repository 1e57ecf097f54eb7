import Builtins
import Lang
import TestSupport
import Testing

/// What a dry run runs, plans and knows.
@Suite struct DryRunTests {
    private func plan(_ text: String) async throws -> (run: ProgramRun, ran: [String]) {
        let processes = FakeProcesses()
        processes.answer("git", with: .init(stdout: "abc123\n"))
        processes.answer("docker", with: .init(stdout: "answer\n"))
        let world = World.fake(processes: processes, environment: ["TOKEN": "s3cret"])
        var limits = Limits()
        limits.steps = 100_000
        let run = try await ProgramRun.of(
            text, dryRun: true, world: world, catalog: StandardCatalog.catalog, limits: limits)
        return (run, processes.lines)
    }

    @Test func readsRunAndChangesArePlannedWithExactCommands() async throws {
        let (run, ran) = try await plan(
            """
            let sha = $(git rev-parse HEAD)
            $ git push origin "v ${sha}"
            $ A=${"x y"} printf '%s' ${"; rm -rf /"} | tee ${["a", "b c"]}
            """)
        #expect(run.error == nil)
        #expect(ran == ["git rev-parse HEAD"])
        #expect(run.plan == ["git push origin 'v abc123'", "A='x y' printf %s '; rm -rf /' | tee a 'b c'"])
    }

    @Test func programsThatAreNotKnownToReadArePlanned() async throws {
        let (run, ran) = try await plan("let x = $(make version)\n$ echo ${x}")
        #expect(ran.isEmpty)
        #expect(run.plan.first == "make version")
        #expect(run.plan.count == 2)
    }

    @Test func theEffectThatIsStatedDecides() async throws {
        let (run, ran) = try await plan(
            """
            let a = run(["git", "fetch"], effect: "reads").stdout.trim()
            let b = run(["git", "commit"])
            print(a)
            """)
        #expect(run.error == nil)
        #expect(ran == ["git fetch"])
        #expect(run.plan == ["git commit"])
        #expect(run.printed == "abc123\n")
    }

    @Test func secretsAreMasked() async throws {
        let (run, _) = try await plan("$ T=${env.secret(\"TOKEN\")} docker login")
        #expect(run.plan == ["T=••• docker login"])
    }

    @Test func stepsAreShownAndPlansBelongToThem() async throws {
        let (run, _) = try await plan("step \"Push\" { $ docker push x }")
        #expect(run.events == ["begin 1: Push", "plan in 1: docker push x", "end 1: succeeded"])
    }

    // MARK: What is unknown

    private static let unknown = "let r = run([\"make\"])\n"

    @Test(arguments: [
        "r.stdout", "r.stdout.trim()", "r.exit_code + 1", "1 + r.exit_code", "[r.exit_code].sum()", "not r.ok",
        "r.stdout == \"a\"", "r.exit_code < 5", "r.stdout[0..2]", "Version(r.stdout).major", "-r.exit_code",
        "r.stdout.lines().map(fn(l) => l.trim())", "r.exit_code in [1, 2]", "\"a ${r.stdout}\"", "r.stdout ?? \"x\"",
        "Int(r.stdout)", "min(1, r.exit_code)", "{a: r.ok}.a", "[r.ok][0]", "(fn(x) => x)(r.ok)", "identity(r.ok)",
        "1..r.exit_code", "r.stdout.split(\",\").first()",
    ])
    func whatComesOfItIsUnknown(expression: String) async throws {
        let (run, _) = try await plan(Self.unknown + "fn identity(x) { x }\n\(expression)")
        #expect(run.error == nil)
        #expect(run.value?.hasPrefix("<known at run time") == true)
    }

    @Test func bothBranchesOfAnUnknownIfArePlanned() async throws {
        let (run, _) = try await plan(Self.unknown + "if r.ok { $ a\n} else { $ b\n}\n$ c")
        #expect(run.plan == ["make", "a", "b", "c"])
    }

    @Test(arguments: [
        "r.ok and r.exit_code == 0", "r.ok or r.exit_code == 0", "not r.ok", "r.exit_code == 3", "r.exit_code != 3",
        "r.exit_code > 3", "r.exit_code < 3", "3 < r.exit_code", "r.stdout == \"a\"", "true and r.ok", "false or r.ok",
        "\"a\" in r.stdout", "r.stdout.contains(\"a\")", "not (r.ok and true)", "r.ok ?? false", "r.stdout == null",
    ])
    func everyUnknownConditionPlansBoth(condition: String) async throws {
        let (run, _) = try await plan(Self.unknown + "if \(condition) { $ a\n} else { $ b\n}\n$ c")
        #expect(run.error == nil)
        #expect(run.plan == ["make", "a", "b", "c"])
    }

    @Test func aKnownSideStillDecides() async throws {
        let (run, _) = try await plan(
            Self.unknown + "if false and r.ok { $ a\n} else { $ b\n}\nif true or r.ok { $ c\n}")
        #expect(run.plan == ["make", "b", "c"])
    }

    @Test func aParallelWithoutBranchesIsPlanned() async throws {
        #expect(try await plan("parallel { }\nparallel for x in [] { x }").run.value == "[]")
    }

    @Test func everyBranchOfAChainIsPlanned() async throws {
        let (run, _) = try await plan(
            Self.unknown + "if r.ok { $ a\n} else if r.exit_code == 2 { $ b\n} else if false { $ no\n} else { $ c\n}")
        #expect(run.plan == ["make", "a", "b", "c"])
    }

    @Test func everyArmOfAnUnknownMatchIsPlanned() async throws {
        let (run, _) = try await plan(
            Self.unknown
                + """
                match r.exit_code {
                    0 => { $ a }
                    1..5 => { $ b }
                    Str => { $ c }
                    else => { $ d }
                }
                $ e
                """)
        #expect(run.error == nil)
        #expect(run.plan == ["make", "a", "b", "c", "d", "e"])
    }

    @Test func loopsOverUnknownPlanTheirBodyOnce() async throws {
        let (run, _) = try await plan(
            Self.unknown
                + """
                for line in r.stdout.lines() { $ a }
                while r.ok { $ b }
                for i, x in r.stdout.lines() { $ c }
                """)
        #expect(run.error == nil)
        #expect(run.plan == ["make", "a", "b", "c"])
    }

    @Test func whatLeavesAnUnknownBranchDoesNotEndThePlan() async throws {
        let (run, _) = try await plan(
            Self.unknown
                + """
                fn f() {
                    if r.ok { return 1 }
                    for i in 1..2 {
                        if r.ok { break }
                        if r.ok { continue }
                        $ a ${i}
                    }
                    if r.ok { fail "no" }
                    assert r.ok, "must be"
                    while r.ok { $ w
                        break }
                    $ b
                }
                f()
                $ c
                """)
        #expect(run.error == nil)
        #expect(run.plan == ["make", "a 1", "a 2", "w", "b", "c"])
    }

    @Test func aVariableThatOneBranchChangesIsUnknownAfterwards() async throws {
        let (run, _) = try await plan(
            Self.unknown + "var tag = \"a\"\nif r.ok { tag = \"b\" }\nif tag == \"a\" { $ x\n} else { $ y\n}")
        #expect(run.error == nil)
        do {
            #expect(run.plan == ["make", "x", "y"])
        }
    }

    @Test func theValueOfAnUnknownIfIsUnknown() async throws {
        let (run, _) = try await plan(Self.unknown + "let tag = if r.ok { \"b\" } else { \"c\" }\n$ push ${tag}")
        #expect(run.error == nil)
        #expect(run.plan.count == 2)
        #expect(run.plan.last?.contains("push b") == false)
        #expect(run.plan.last?.contains("push c") == false)
    }

    @Test func unknownWordsAreShownAsSuch() async throws {
        let (run, _) = try await plan(Self.unknown + "$ push ${r.stdout.trim()} now")
        #expect(run.error == nil)
        #expect(run.plan.last?.hasPrefix("push ") == true)
        #expect(run.plan.last?.hasSuffix(" now") == true)
    }

    @Test func aReadThatNeedsTheUnknownIsNotRun() async throws {
        let (run, ran) = try await plan(Self.unknown + "let sha = $(git rev-parse ${r.stdout})\n$ echo ${sha}")
        #expect(run.error == nil)
        #expect(ran.isEmpty)
        #expect(run.plan.count == 2)
    }

    @Test func retryDoesNotPauseAndTimeoutHoldsNothingUp() async throws {
        let (run, _) = try await plan("retry(3, every: 1h) { $ a\n}\ntimeout(1h) { $ b\n}")
        #expect(run.plan == ["a", "b"])
    }

    @Test func branchesArePlannedInOrder() async throws {
        let (run, _) = try await plan(
            """
            parallel for x in ["a", "b", "c"] {
                $ first ${x}
                $ second ${x}
            }
            parallel { step "s" { $ d }; step "t" { $ e } }
            """)
        #expect(
            run.plan == ["first a", "second a", "first b", "second b", "first c", "second c", "d", "e"])
    }

    @Test func undoIsNotRun() async throws {
        let (run, ran) = try await plan(
            "transaction \"t\" { step \"One\" { $ a } undo { $ never }; $ b\n}")
        #expect(run.plan == ["a", "b"])
        #expect(ran.isEmpty)
    }

    // MARK: What is planned conceals what is there

    private func plan(_ text: String, files: FakeFiles, assumesYes: Bool = true) async throws -> ProgramRun {
        let processes = FakeProcesses()
        processes.answer("docker", "image", "inspect", with: .init(exitCode: 1, stderr: "No such image"))
        let id = "sha256:" + String(repeating: "a", count: 64)
        processes.answer("docker", "image", "inspect", "--format", "{{.Id}}", "app:x", with: .init(stdout: id))
        processes.answer("git", with: .init(stdout: "abc"))
        processes.answer("git", "rev-parse", "--verify", "--quiet", with: .init(exitCode: 1))
        // Links in the context of a build.
        processes.answer("find", with: .init())
        let world = World.fake(processes: processes, files: files)
        return try await ProgramRun.of(
            text, dryRun: true, world: world, catalog: StandardCatalog.catalog, assumesYes: assumesYes)
    }

    @Test(arguments: [
        "files.write(\"a.txt\", \"x\")\nfiles.read(\"a.txt\")", "files.remove(\"old.txt\")\nfiles.exists(\"old.txt\")",
        "files.write(\"a.txt\", \"x\")\ngit.is_clean()", "$ git commit -m x\ngit.head()",
        "$ git checkout b\n$(git rev-parse HEAD)", "git.create_branch(\"b\")\ngit.branch()",
        "docker.build(context: \".\", file: \"Dockerfile\", tags: [\"app:x\"])\ndocker.exists(\"app:x\")",
        "let i = docker.build(context: \".\", file: \"Dockerfile\", tags: [\"app:x\"])\ndocker.id(i)",
        "docker.tag(\"app:x\", \"app:y\")\ndocker.id(\"app:y\")", "docker.push(\"app:x\")\nregistry.digest(\"app:x\")",
        "$ make\nfiles.read(\"made.txt\")", "run([\"make\"])\nfiles.lines(\"made.txt\")",
        "git.tag(\"v1\")\ngit.tag_exists(\"v1\")",
        "docker.push(\"app:x\")\nregistry.tags(\"app\")", "docker.tag(\"app:x\", \"app:y\")\ndocker.images()",
        "files.write(\"a.txt\", \"x\")\nfiles.list(path: \".\")",
        "files.write(\"a.txt\", \"x\")\npaths.glob(\"*.txt\")",
        "docker.run(\"app:x\", command: [\"make\"])\nfiles.read(\"made.txt\")",
        "docker.tag(\"app:x\", \"app:y\")\n$(docker image inspect app:y)",
    ]) func whatWouldBeThereIsUnknown(text: String) async throws {
        let run = try await plan(text, files: FakeFiles(["old.txt": "old", "Dockerfile": ""]))
        #expect(run.error == nil)
        #expect(run.value?.hasPrefix("<known at run time") == true, "\(run.value ?? "")")
    }

    @Test func whatIsNotTouchedIsRead() async throws {
        let run = try await plan(
            "$ make\nfiles.write(\"a.txt\", \"x\")\nfiles.read(\"old.txt\")", files: FakeFiles(["old.txt": "old"]))
        #expect(run.value == "\"old\"")
    }

    @Test func whatIsMissingFailsTheDryRun() async throws {
        let run = try await plan("files.read(\"made.txt\")\n$ make", files: FakeFiles([:]))
        #expect(run.error?.id == "file-not-read")
        #expect(run.plan.isEmpty)
    }

    @Test(arguments: ["time.now()", "time.seconds()", "confirm(\"Really?\")", "ui.prompt(\"Which?\", default: \"a\")"])
    func timeAndAnswersAreForTheRealRun(expression: String) async throws {
        let run = try await plan("time.sleep(1h)\n\(expression)", files: FakeFiles([:]), assumesYes: false)
        #expect(run.error == nil)
        #expect(run.value?.hasPrefix("<known at run time") == true)
    }

    @Test func whatYesAnswersIsKnown() async throws {
        #expect(try await plan("confirm(\"Really?\")", files: FakeFiles([:])).value == "true")
    }

    private static let build = "let i = docker.build(context: \".\", file: \"Dockerfile\", tags: [\"app:x\"])\n"

    @Test(arguments: [
        "i.digest?.short", "Str(i)", "\"${i}\"", "i.familiar", "i.digest == registry.digest(\"app:x\")",
        "i == Image(\"app:x@sha256:\(String(repeating: "a", count: 64))\")", "[Str(i)].join(\",\")",
    ]) func whatTheIDOfAnImageDecidesIsUnknown(expression: String) async throws {
        let run = try await plan(Self.build + expression, files: FakeFiles(["Dockerfile": ""]))
        #expect(run.value?.hasPrefix("<known at run time") == true, "\(run.value ?? "\(run.error?.message ?? "")")")
    }

    @Test(arguments: [
        ("i.tag", "\"x\""), ("i.with(digest: null)", "Image(\"app:x\")"), ("i == null", "false"), ("i == i", "true"),
        ("i == Image(\"app:z\")", "false"), ("[i].len()", "1"),
    ]) func whatDoesNotRestOnItIsKnown(expression: String, value: String) async throws {
        #expect(try await plan(Self.build + expression, files: FakeFiles(["Dockerfile": ""])).value == value)
    }

    // MARK: What is decided at run time

    @Test
    func aLoopThatOnlyAnUnknownBreakEndsIsPlannedOnce() async throws {
        let text = Self.unknown + "while true {\n    if r.ok { break }\n    $ poll\n}\n$ after"
        let run = try await plan(text).run
        #expect(run.plan == ["make", "poll", "after"])
    }

    @Test func recursionThatOnlyTheUnknownEndsIsPlanned() async throws {
        let (run, _) = try await plan(Self.unknown + "fn wait(n) { if r.ok { wait(n + 1) } }\nwait(0)")
        do {
            #expect(run.error == nil)
        }
    }

    @Test func aFunctionThatMayReturnEarlyGivesTheUnknown() async throws {
        let (run, _) = try await plan(Self.unknown + "fn tag() { if r.ok { return \"a\" }; \"b\" }\n$ push ${tag()}")
        do {
            #expect(run.plan.last != "push b")
        }
    }

    @Test(arguments: ["any", "all", "find", "filter"])
    func askingAListWithAnUnknownAnswerGivesTheUnknown(member: String) async throws {
        let (run, _) = try await plan(Self.unknown + "[1, 2].\(member)(fn(i) => i == r.exit_code)")
        do {
            #expect(run.value?.hasPrefix("<known at run time") == true)
        }
    }

    @Test func anErrorInABranchThatMayNotBeTakenDoesNotEndThePlan() async throws {
        let (run, _) = try await plan(Self.unknown + "if r.ok {\n    let xs = [1]\n    print(xs[5])\n}\n$ after")
        do {
            #expect(run.plan == ["make", "after"])
        }
    }

    @Test func whatAPersonSeesOfUnknownIsSaidSo() async throws {
        let (run, _) = try await plan(Self.unknown + "print(\"out:\", r.stdout)")
        #expect(run.error == nil)
        do {
            #expect(run.printed.hasPrefix("out: "))
        }
    }
}
