import TestSupport
import Testing

@testable import Builtins
@testable import Lang

/// What `relsh explain` knows of a program, rule by rule.
@Suite struct ExplainTests {
    private func lines(_ text: String) async throws -> [String] { try await explained(text).lines }

    // MARK: What changes

    @Test func whatReadsOrComputesIsNoChange() async throws {
        let report = try await explained(
            """
            print(1 + 2, git.head(), docker.exists("app:1"), [1].map(fn(x) => x))
            let text = $(git rev-parse HEAD)
            run(["make", "-n"], effect: "reads")
            """)
        #expect(report.changes.isEmpty && report.unseen.isEmpty && report.questions.isEmpty)
    }

    @Test func aChangeIsNotedWithItsArgumentsAndPlace() async throws {
        let report = try await explained("\ndocker.tag(\"app:1\", target: \"app:2\")")
        #expect(report.lines == ["docker.tag source=app:1 target=app:2"])
        #expect(report.changes.first?.place == "test.rel:2")
    }

    @Test func argumentsThatAreTheDefaultAreLeftOut() async throws {
        #expect(
            try await lines("git.tag(\"v1\", push: false)\ngit.tag(\"v2\", push: true)") == [
                "git.tag name=v1", "git.tag name=v2 push=true",
            ])
    }

    @Test func commandsAreChangesUnlessTheyAreKnownToRead() async throws {
        let text = """
            let name = git.short_head()
            $ make all | tee log
            let a = $(git rev-list -n 1 v-${name})
            let b = $(git rev-list -n 1 ${name})
            let c = $(make version)
            sh("echo hello")
            run(["make", name], check: false)
            """
        #expect(
            try await lines(text) == [
                "$ command=make all | tee log", "$ command=git rev-list -n 1 {git.short_head()}",
                "$ command=make version",
                "sh script=echo hello", "run command=[make, {git.short_head()}] check=false",
            ])
        #expect(try await explained(text).remarks == ["unknown: it depends on the program that runs"])
    }

    @Test func valuesAreFollowedThroughLetsFunctionsAndClosures() async throws {
        let text = """
            fn tag(name, version, suffix = "-x") { "${name}-${version}${suffix}" }
            let v = 1.2.3
            let tags = ["dev", "prod"].map(fn(stage) => tag(stage, v.with(patch: 0)))
            for t in tags { docker.rmi("app:${t}") }
            var n = 1
            n += 1
            git.push("b${n}")
            """
        #expect(
            try await lines(text) == [
                "docker.rmi image=app:dev-1.2.0-x", "docker.rmi image=app:prod-1.2.0-x", "git.push ref=b2",
            ])
    }

    @Test func whatIsOpenStandsAsItsExpression() async throws {
        let text = """
            let head = git.short_head()
            docker.tag("app:local", Image("app:c-${head}"))
            let image = Image("reg:5000/app:c-${head}")
            docker.rmi("x:${image.tag}")
            git.push(Str(changelog.newest().with(patch: 0).bump("minor")))
            """
        #expect(
            try await lines(text) == [
                "docker.tag source=app:local target=app:c-{git.short_head()}",
                "docker.rmi image=x:c-{git.short_head()}",
                "git.push ref={changelog.newest().with(patch: 0).bump(\"minor\")}",
            ])
    }

    // MARK: The project

    @Test func theProjectIsReadAndNothingElse() async throws {
        let text = """
            registry.publish(project.image("local-${project.user()}"), to: project.registries.all(), tags: ["dev-1", "dev"])
            """
        let report = try await explained(text)
        #expect(
            report.lines == [
                "registry.publish image=127.0.0.1:5001/team/hello:local-me to=[ecr (127.0.0.1:5001/team), "
                    + "dockerhub.kaizenflow (docker.io/kaizenflow), ghcr (ghcr.io/team)] tags=[dev-1, dev]"
            ])
        let tags = report.changes.first?.remarks.filter { !$0.subject.isEmpty }.map { "\($0.kind) \($0.subject)" }
        #expect(tags == ["command dev", "command dev-1"])
    }

    @Test func withoutAProjectItIsOpen() async throws {
        let report = try await explained("docker.rmi(project.image(\"dev\"))", hasProject: false)
        #expect(report.lines == ["docker.rmi image={project.image(\"dev\")}"])
        #expect(report.projectError?.id == "no-project")
    }

    // MARK: Conditions

    @Test func bothWaysOfAnOpenConditionAreWalked() async throws {
        let text = """
            if git.is_clean() { git.push("a") } else if docker.exists("x") { git.push("b") } else { git.push("c") }
            if 1 > 2 { git.push("never") }
            """
        #expect(
            try await lines(text) == [
                "git.push ref=a [if git.is_clean()]", "git.push ref=b [unless git.is_clean(), if docker.exists(\"x\")]",
                "git.push ref=c [unless git.is_clean(), unless docker.exists(\"x\")]",
            ])
    }

    @Test func whatFollowsAnEarlyReturnIsUnderTheOpposite() async throws {
        let text = """
            fn f() {
                if git.is_clean() { return 1 }
                git.push("a")
                2
            }
            if git.head() == "x" { fail "no" }
            git.push("n${f()}")
            """
        #expect(
            try await lines(text) == [
                "git.push ref=a [unless git.head() == \"x\", unless git.is_clean()]",
                "git.push ref=n{1 or 2} [unless git.head() == \"x\"]",
            ])
    }

    @Test func whatFollowsAFailureOrAnAssertionIsUnderWhatItAsksFor() async throws {
        let text = """
            fn check(n) { if n == null { fail "none" }; git.push("a") }
            check(env.get("N"))
            for i in 1..2 {
                if git.branch() != "master" { fail "${i}" }
                git.push("b")
                assert git.is_clean()
                git.push("c")
            }
            assert true
            assert git.is_clean()
            git.push("d")
            """
        let checked = "unless git.branch() != \"master\""
        #expect(
            try await lines(text) == [
                "git.push ref=a [unless n == null]", "git.push ref=b [\(checked)]",
                "git.push ref=c [\(checked), if git.is_clean()]", "git.push ref=d [if git.is_clean()]",
            ])
    }

    @Test func aDefaultKnowsTheParametersBeforeIt() async throws {
        let text = """
            fn put(base, name = "${base}/app", other = name + "!") { git.push(other) }
            put("x")
            put("y", other: "z")
            """
        #expect(try await lines(text) == ["git.push ref=x/app!", "git.push ref=z"])
    }

    @Test func whatAMethodCallsStandsWhereTheMethodIsCalled() async throws {
        let text = """
            ["x"].map(
                f)
            [["a"]].map(run)
            [1].map(fn(n) {
                ["b"].map(git.push)
            })
            """
        let report = try await explained("fn go(f) {\n\(text)\n}\nfn any() { env.get(\"x\") }\ngo(any())")
        #expect(report.changes.map(\.place) == ["test.rel:4", "test.rel:6"])
        #expect(report.unseen.map(\.place) == ["test.rel:2"])
        #expect(report.unseen.map(\.text) == ["[\"x\"].map( f)"])
    }

    @Test func matchTakesTheArmItKnows() async throws {
        let text = """
            fn go(stage) { match stage { "dev" => git.push("d"), 1..3 => git.push("r"), Version => git.push("v"), else => git.push("e") } }
            go("dev"); go(2); go(1.0.0); go(null); go(git.head())
            """
        #expect(
            try await lines(text) == [
                "git.push ref=d", "git.push ref=r", "git.push ref=v", "git.push ref=e",
                "git.push ref=d [if stage is \"dev\"]", "git.push ref=r [if stage is 1..3]",
                "git.push ref=v [if stage is Version]", "git.push ref=e [if stage is something else]",
            ])
    }

    @Test func variablesAreJoinedAfterABranch() async throws {
        let text = """
            var a = "x"
            var b = null
            if git.is_clean() { a = "y"; b = "z" }
            git.push(a)
            if b != null { git.push(b) }
            """
        #expect(try await lines(text) == ["git.push ref={y or x}", "git.push ref=z [if b != null]"])
    }

    @Test func theRightSideOfAndMayNotRun() async throws {
        #expect(
            try await lines("let a = git.is_clean() and run([\"x\"]).ok\nlet b = true or run([\"y\"]).ok") == [
                "run command=[x] [if git.is_clean()]"
            ])
    }

    // MARK: Loops

    @Test func aLoopOverSomethingOpenIsWalkedOnceWithItsVariablesForgotten() async throws {
        let text = """
            var last = "none"
            for line in files.lines("x") {
                git.push(last)
                last = line
            }
            git.push(last)
            """
        #expect(
            try await lines(text) == [
                "git.push ref={last} [for each line in files.lines(\"x\")]", "git.push ref={last or line}",
            ])
    }

    @Test func breakAndContinueAreFollowed() async throws {
        let text = """
            var found = "no"
            for i, name in ["a", "b", "c"] {
                if i == 0 { continue }
                found = name
                if git.is_clean() { break }
                git.push("${i}")
            }
            git.push(found)
            """
        #expect(
            try await lines(text) == [
                "git.push ref=1 [unless git.is_clean()]", "git.push ref=2 [unless git.is_clean()]",
                "git.push ref={c or b}",
            ])
    }

    @Test func aWhileLoopIsWalkedOnce() async throws {
        #expect(
            try await lines("var n = 0\nwhile n < 3 { git.push(\"b${n}\"); n += 1 }\nwhile false { git.push(\"x\") }")
                == [
                    "git.push ref=b{n} [while n < 3]"
                ])
    }

    @Test func parallelBranchesAreAllWalked() async throws {
        let text = """
            let [a, b] = parallel { docker.pull("a:1"); docker.pull("b:1") }
            parallel for r in project.registries.for_stage("local") { docker.login(r) }
            docker.rmi(b)
            """
        #expect(
            try await lines(text) == [
                "docker.pull image=a:1", "docker.pull image=b:1", "docker.login registry=ecr (127.0.0.1:5001/team)",
                "docker.rmi image=b:1",
            ])
    }

    // MARK: Functions

    @Test func recursionEnds() async throws {
        let text = """
            fn down(n) {
                git.push("b${n}")
                if n > 0 { down(n - 1) }
            }
            fn ping(n) { pong(n) }
            fn pong(n) { docker.rmi("x:${n}"); ping(n + 1) }
            down(5)
            ping(1)
            """
        #expect(
            try await lines(text) == [
                "git.push ref=b5", "git.push ref=b{n}", "docker.rmi image=x:1", "docker.rmi image=x:{n}",
            ])
    }

    @Test func functionsHandedToFunctionsAreFollowed() async throws {
        let text = """
            fn twice(f) { f("a"); f("b") }
            let prefix = "p-"
            twice(fn(x) => git.push(prefix + x))
            twice(git.push)
            files.lines("x").map(fn(line) => git.untag(line))
            """
        #expect(
            try await lines(text) == [
                "git.push ref=p-a", "git.push ref=p-b", "git.push ref=a", "git.push ref=b", "git.untag name={line}",
            ])
    }

    @Test func aFunctionThatCannotBeSeenIsNamed() async throws {
        let report = try await explained(
            """
            recipe go(f: Fn) { f(fn() => git.push("x")) }
            """, recipe: "go")
        #expect(report.unseen.map(\.text) == ["f"])
        #expect(report.lines == ["git.push ref=x"])
    }

    @Test func importedFilesAreFollowed() async throws {
        let files = [
            "lib.rel":
                "import \"deep.rel\"\nlet stage = \"dev\"\nfn go(tag = deep.mark(stage)) { docker.rmi(\"app:${tag}\") }",
            "deep.rel": "fn mark(text) { \"${text}-1\" }",
        ]
        let report = try await explained("import \"lib.rel\"\nlib.go()\nlib.go(\"x\")", files: files)
        #expect(report.lines == ["docker.rmi image=app:dev-1", "docker.rmi image=app:x"])
        #expect(report.changes.first?.place == "lib.rel:3")
    }

    // MARK: Recipes and their options

    private let release = """
        recipe release(version: Version | "NEWEST" = "NEWEST", push: Bool = true, to: [Registry] = project.registries.all()) {
            let v = match version { "NEWEST" => changelog.newest(), else => version }
            if push { registry.publish(Image("app:${v}"), to: to, tags: ["dev-${v}"]) } else { docker.rmi("app:${v}") }
        }
        recipe both(...release, name: Str) { release(...); git.tag(name) }
        """

    @Test func defaultsHoldAndOtherOptionsAreSaidApart() async throws {
        let report = try await explained(release, recipe: "release")
        #expect(report.lines.first?.hasPrefix("registry.publish image=app:{changelog.newest()} to=[ecr ") == true)
        #expect(
            report.withOtherOptions.map(\.line) == [
                "docker.rmi image=app:{changelog.newest() or version} [unless push]"
            ])
    }

    @Test func givenOptionsNarrowTheAnswer() async throws {
        let report = try await explained(
            release, recipe: "both",
            given: { ["version": (try? Version(parsing: "1.2.0"))?.value ?? .null, "push": .bool(false)] })
        #expect(report.lines == ["docker.rmi image=app:1.2.0", "git.tag name={name}"])
        #expect(report.withOtherOptions.isEmpty)
    }

    // MARK: Steps, transactions, undo

    @Test func stepsAndTransactionsAreTheWayToAChange() async throws {
        let text = """
            transaction "Release" { step "Push ${1.2.0}" { git.push("a") } }
            """
        let surroundings = try await explained(text).changes.first?.surroundings.map { "\($0.kind) \($0.title)" }
        #expect(surroundings == ["transaction Release", "step Push 1.2.0"])
    }

    @Test func anUndoOfAStepTakesBackInATransaction() async throws {
        let step = "step \"Push\" { git.push(\"a\") } undo { git.untag(\"a\"); $ git gc }"
        let inside = try await explained("transaction \"T\" { \(step) }")
        #expect(inside.lines == ["git.push ref=a"])
        #expect(
            inside.remarks.first == "automatic: by the undo of the step (git.untag, a command), at test.rel:1, "
                + "once the step is done and \"T\" fails; later by `relsh undo`")
        #expect(
            try await explained(step).remarks.first
                == "command: relsh undo RUN; which calls the undo of the step (git.untag, a command), at test.rel:1; the run itself "
                + "calls it only inside a transaction, and there is none")
    }

    @Test(arguments: [
        ("let f = fn(x) => x\nSTEP { $ back ${f(1)} }", true), ("fn f(x) { x }\nSTEP { $ back ${f(1)} }", false),
        ("fn g() { let f = fn(x) => x\nSTEP { $ back ${f(1)} } }\ng()", true),
        ("STEP { let f = fn(x) => x\n$ back ${f(1)} }", false), ("STEP { $ back ${[1].map(fn(x) => x).len()} }", false),
    ]) func anUndoThatAnotherProcessCannotCallIsNamed(text: String, isNamed: Bool) async throws {
        let program = text.replacing("STEP", with: "step \"s\" { git.push(\"a\") } undo")
        let remark = try await explained(program).remarks.first
        #expect(
            remark?.contains("`relsh undo` cannot call it, as it uses the function `f`") == isNamed, "\(remark ?? "")")
    }

    @Test func insideATransactionThatIsSaidToo() async throws {
        let step = "step \"s\" { git.push(\"a\") } undo { $ back ${f(1)} }"
        let remark = try await explained("let f = fn(x) => x\ntransaction \"T\" { \(step) }").remarks.first
        #expect(
            remark?.hasSuffix("\"T\" fails; `relsh undo` cannot call it later, as it uses the function `f`") == true)
    }

    @Test func everyChangeSaysHowItIsTakenBack() {
        for builtin in StandardCatalog.catalog.all {
            let isChange = builtin.signature.effect == .changes
            #expect(isChange != builtin.signature.reversals.isEmpty, "\(builtin.name)")
            #expect(!isChange || builtin.signature.reversals.contains { $0.kind != .automatic }, "\(builtin.name)")
        }
    }

    @Test func commandsToTakeBackHaveTheArgumentsPutIn() async throws {
        #expect(
            try await explained("docker.login(project.registries.get(\"ghcr\"))").remarks == [
                "command: docker logout ghcr.io"
            ])
        #expect(
            try await explained("docker.build(context: \".\", file: \"F\", tags: [\"a:1\", \"b:2\"])").remarks.first?
                .hasPrefix("command: docker rmi a:1 b:2;") == true)
        #expect(
            try await explained("docker.build(context: \".\", file: \"F\", tags: [\"a:1\"], push: true)").remarks.last
                == "never: what was pushed stays in the registries")
    }

    // MARK: What else is told

    @Test func secretsAndQuestionsAreListed() async throws {
        let report = try await explained(
            """
            let token = ui.secret("Token")
            if confirm("Go?") { print(token.reveal()) }
            """)
        #expect(report.questions.map(\.text) == ["Token", "Go?"])
        #expect(
            report.secrets.map { "\($0.text) \($0.place) \($0.conditions)" } == [
                "token.reveal() test.rel:2 [\"if confirm(\\\"Go?\\\")\"]"
            ])
    }

    @Test func catchDeferAndRetryAreWalked() async throws {
        let text = """
            defer { git.push("d") }
            try { retry(3) { git.push("t") } } catch err { git.push("c") }
            timeout(1m) { git.push("o") }
            """
        #expect(
            try await lines(text) == [
                "git.push ref=d", "git.push ref=t", "git.push ref=c [if test.rel:2 fails]", "git.push ref=o",
            ])
    }

    @Test func aProgramThatIsTooLargeIsSaidToBe() async throws {
        let nested = (0..<4).reduce("n += 1") { body, depth in "for x\(depth) in 1..100 { \(body) }" }
        let report = try await explained("var n = 0\n\(nested)\ngit.push(\"a\")")
        #expect(report.isIncomplete)
    }

    @Test func nothingOfTheWorldIsTouched() async throws {
        let world = World.closed(project: NoProject(), environment: ["USER": "me", "TOKEN": "x"])
        #expect(world.environment == ["USER": "me"])
        for touch: () async throws -> Void in [
            { _ = try await world.processes.run([ProcessRequest(["true"])], ProcessOptions()) },
            { _ = try world.files.read("/etc/passwd") }, { try world.files.write("/tmp/x", []) },
            { try await world.clock.sleep(.seconds(1)) },
        ] {
            #expect(await failure { try await touch() }?.id == "world-is-closed")
        }
    }

    @Test func theReportIsJSONToo() async throws {
        let text = try await explained("if git.is_clean() { docker.rmi(\"a:1\") }").json(recipe: nil, file: "test.rel")
        #expect(text.contains("\"name\": \"docker.rmi\"") && text.contains("\"command\": \"docker pull a:1\""))
        #expect(text.contains("\"if git.is_clean()\"") && text.contains("\"is_complete\": true"))
    }
}
