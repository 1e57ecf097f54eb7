import Lang
import Testing

private func findings(_ text: String, _ files: [String: String] = [:]) -> [String] {
    CheckFixture.findings(text, files)
}

@Suite struct NameTests {
    @Test func aNameMustExist() {
        #expect(findings("let version = 1.2.3\nprint(verison)") == ["unknown-name: verison"])
        let found = CheckFixture.load("let version = 1.2.3\nprint(verison)").diagnostics
        #expect(found.first?.message.help == "did you mean `version`?")
    }

    @Test func anUnknownNameIsReportedOnce() {
        #expect(findings("fn f() {\n  print(x)\n  if x { print(x) }\n}\nprint(x)").count == 2)
    }

    @Test func aNameIsDeclaredBeforeItIsUsed() {
        #expect(findings("print(a)\nlet a = 1") == ["used-before-declaration: a"])
        #expect(findings("fn f() {\n  print(a)\n  let a = 1\n}") == ["used-before-declaration: a"])
        #expect(findings("let a = a") == ["used-before-declaration: a"])
        #expect(findings("let f = fn(n) => f(n)") == ["used-before-declaration: f"])
    }

    @Test func functionsSeeTheWholeFile() {
        #expect(findings("fn f() { g(a) }\nfn g(x) { f() }\nlet a = 1\nrecipe r() { f() }") == [])
    }

    @Test func functionsDoNotSeeVariablesOfTheFile() {
        let text = "var n = 1\nfn f() { n }\nrecipe r() { n += 1 }\nlet g = fn() => n"
        #expect(findings(text) == ["file-variable-in-function: n", "file-variable-in-function: n"])
    }

    @Test func aNestedFunctionCanCallItself() {
        #expect(findings("fn f() {\n  fn g(n) { if n > 0 { g(n - 1) } }\n  g(3)\n}") == [])
        #expect(findings("fn f() {\n  g()\n  fn g() { 1 }\n}") == ["used-before-declaration: g"])
    }

    @Test func aBlockHasNamesOfItsOwn() {
        #expect(findings("if true { let a = 1 }\nprint(a)") == ["unknown-name: a"])
        #expect(findings("let a = 1\nif true {\n  let a = a + 1\n  print(a)\n}") == [])
        #expect(findings("let a = 1\nlet a = 2") == ["redeclaration: a"])
        #expect(findings("fn f(a) { let a = 1 }") == ["redeclaration: a"])
        #expect(findings("for i, i in [1] { print(i) }") == ["redeclaration: i"])
        #expect(findings("let [a, _, _] = [1, 2, 3]\nfor _, x in [1] { print(x, a) }") == [])
    }

    @Test func builtinNamesCannotBeDeclared() {
        #expect(
            findings("let docker = 1\nfn f(docker) { 1 }\nlet Int = 1")
                == ["shadows-builtin: docker", "shadows-builtin: docker", "shadows-builtin: Int"])
        #expect(findings("fn print(x) { x }\nfn f(type_of) { type_of }\nprint(f(1))") == [])
    }

    @Test func theErrorOfCatchIsKnownInItsBlock() {
        #expect(findings("try { print(1) } catch err { print(err) }\nprint(err)") == ["unknown-name: err"])
    }

    @Test func namesInCommandsAndStringsAreLookedUp() {
        #expect(findings("$ git push ${tag}") == ["unknown-name: tag"])
        #expect(findings("let a = $(A=${b} git log \"${c}\" | cat ${d})").count == 3)
        #expect(findings("print(\"a ${b}\")") == ["unknown-name: b"])
    }

    @Test func typesMustExist() {
        #expect(findings("let a: Sr = \"x\"") == ["unknown-type: Sr"])
        #expect(findings("fn f(a: [Verzion], b: {Int: Str}) -> Foo? { a }").count == 3)
        #expect(findings("match 1 { Itn => 1, else => 2 }") == ["unknown-type: Itn"])
    }

    @Test func aFileThatDoesNotParseHasNoUnknownNames() {
        let found = findings("let a = )\nprint(a)\nreturn")
        #expect(!found.contains { $0.hasPrefix("unknown-name") })
        #expect(found.contains("return-outside-function: return"))
    }
}

@Suite struct MemberTests {
    @Test func namespacesHaveMembers() {
        #expect(findings("docker.tga(1, 2)") == ["unknown-member: tga"])
        let found = CheckFixture.load("docker.tga(1, 2)").diagnostics
        #expect(found.first?.message.help == "did you mean `docker.tag`?")
        #expect(findings("print(project.registries.al())") == ["unknown-member: al"])
        #expect(findings("print(git.log.first())") == ["unknown-member: first"])
    }

    @Test func aNamespaceIsNoValue() {
        #expect(findings("print(docker)") == ["namespace-as-value: docker"])
        #expect(findings("let r = project.registries") == ["namespace-as-value: project.registries"])
        #expect(findings("docker(1)") == ["namespace-as-value: docker"])
        #expect(findings("docker = 1") == ["namespace-as-value: docker"])
    }

    @Test func theLongestDottedNameWins() {
        #expect(findings("print(project.name.trim(), project.registries.all().len())") == [])
        #expect(findings("print(project.name())") == ["call-of-constant: project.name"])
        #expect(findings("let f = docker.tag\nf(1, 2)\nprint([\"1.0.0\"].map(Version))") == [])
        #expect(findings("let f = Str.trim") == ["member-of-function: trim"])
        #expect(findings("let f = docker.tag.x") == ["member-of-function: x"])
    }
}

@Suite struct CallTests {
    @Test func argumentsFitTheParameters() {
        let f = "fn f(a, b: Int = 3) { a }\n"
        #expect(findings(f + "f(1)\nf(1, 2)\nf(a: 1)\nf(b: 1, a: 2)\nf(1, b: 2)") == [])
        #expect(findings(f + "f()") == ["arguments-lacking: f"])
        #expect(findings(f + "f(1, 2, 3, 4)") == ["too-many-arguments: 3"])
        #expect(findings(f + "f(1, bb: 2)") == ["unknown-parameter: bb"])
        #expect(findings(f + "f(x: 1)") == ["unknown-parameter: x"])
        #expect(findings(f + "f(1, a: 2)") == ["duplicate-argument: a"])
        #expect(findings(f + "f(a: 1, 2)") == ["positional-after-named: 2"])
    }

    @Test func closuresWithANameAreKnown() {
        #expect(findings("let f = fn(a) => a\nf()") == ["arguments-lacking: f"])
        #expect(findings("fn g() {\n  let f = fn(a) => a\n  f(1, 2)\n}") == ["too-many-arguments: 2"])
        #expect(findings("var f = fn(a) => a\nf()\nlet h = [1]\nh(x: 1)") == [])
        #expect(findings("(fn(a) => a)()").count == 1)
    }

    @Test func builtinsTakeOptionalArgumentsByName() {
        #expect(findings("docker.push(1, quiet: true)\nprint(1, 2, 3)\nprint()") == [])
        #expect(findings("docker.push(1, 2)") == ["optional-by-position: 2"])
        #expect(findings("docker.push(1, 2, 3, 4)").last == "too-many-arguments: 4")
        #expect(findings("print(1, sep: 2)") == ["unknown-parameter: sep"])
        #expect(findings("docker.tag(target: 1)") == ["arguments-lacking: docker.tag"])
        #expect(findings("Version()") == ["arguments-lacking: Version"])
    }

    @Test func whatHoldsForAllCalls() {
        #expect(findings("fn f(g) { g(a: 1, 2) }") == ["positional-after-named: 2"])
        #expect(findings("fn f(g) { g(a: 1, a: 2) }") == ["duplicate-argument: a"])
    }

    @Test func argumentsAreMatchedAsTheCompilerTakesThem() throws {
        let shape = CallShape(try #require(CheckFixture.catalog.function("docker.push")).signature)
        let file = SourceFile(name: "call", text: "docker.push(quiet: 1, image: 2)")
        let statement = try #require(Parser.parse(file).tree.body.statements.first)
        guard case .expression(let expression) = statement.kind, case .call(let call) = expression.kind else {
            Issue.record("not a call")
            return
        }
        let match = ArgumentMatch(call.arguments, to: shape)
        #expect(match.slots == [.argument(1), .missing, .argument(0)])
        #expect(match.problems == [])
    }
}

@Suite struct ChangeTests {
    @Test func onlyVariablesChange() {
        #expect(findings("var n = 1\nn += 1\nvar m = {a: [1]}\nm.a[0] = 2\nm.a.append(3)") == [])
        #expect(findings("let n = 1\nn = 2") == ["change-of-fixed: n"])
        #expect(findings("fn f(a) { a = 1 }") == ["change-of-fixed: a"])
        #expect(findings("fn f(xs) { xs.append(1) }") == ["change-of-fixed: xs"])
        #expect(findings("for i in [1] { i += 1 }") == ["change-of-fixed: i"])
        #expect(findings("fn f() { 1 }\nf = 2") == ["change-of-fixed: f"])
        #expect(findings("project.name = 2") == ["change-of-fixed: project"])
        #expect(findings("[1].append(2)") == ["change-of-temporary: [1]"])
        #expect(findings("var m = {a: null}\nm.a?.append(2)") == ["change-through-optional: m.a?.append"])
    }

    /// As a `var` it could be changed where the change stands, or not even then.
    @Test(arguments: [
        ("let n = 1\nn = 2", "declare it with `var`"),
        ("let n = 1\nif true { n = 2 }", "declare it with `var`"),
        ("let n = 1\nfn f() { n = 2 }", "return the new value, and give it to a `var` outside"),
        ("let n = 1\nlet f = fn() { n = 2 }", "return the new value, and give it to a `var` outside"),
        (
            "let n = 1\nstep \"a\" { n = 2 }",
            "make the new value the last expression inside, and give the result to a `var` outside"
        ),
        (
            "var n = 1\nparallel { n = 2 }",
            "let the branch give the new value, and take the list of them outside: `let values = parallel …`"
        ),
        ("fn f(a) { a = 1 }", "copy it first: `var copy = a`"),
        (
            "parallel {\n  let a = 1\n  a\n}",
            "each branch of `parallel` has names of its own: take what they give, `let values = parallel …`"
        ),
        (
            "for i in [1] { let a = i }\na",
            "it is known in its block only: declare it before that, or take the value of the block with `let`"
        ),
        ("fn f() { let a = 1 }\na", nil),
    ])
    func theHelpIsWhatCanBeDoneThere(text: String, help: String?) {
        #expect(CheckFixture.load(text).diagnostics.first?.message.help == help)
    }

    @Test func capturedNamesDoNotChange() {
        #expect(findings("var n = 1\nlet f = fn() { n = 2 }") == ["change-of-captured: n"])
        #expect(findings("fn f() {\n  var xs = []\n  fn g() { xs.append(1) }\n  g()\n}") == ["change-of-captured: xs"])
        #expect(findings("let f = fn() {\n  var n = 1\n  n += 1\n  n\n}") == [])
    }

    @Test func bodiesThatMayRunApartDoNotChangeOuterNames() {
        #expect(findings("var n = 1\nstep \"a\" { n = 2 }") == ["change-from-isolated: n"])
        #expect(findings("var n = 1\nstep \"a\" { 1 } undo { n = 2 }") == ["change-from-isolated: n"])
        #expect(findings("var n = []\nparallel for i in [1] { n.append(i) }") == ["change-from-isolated: n"])
        #expect(findings("var n = 1\nparallel { step \"a\" { n = 2 } }") == ["change-from-isolated: n"])
        #expect(findings("step \"a\" {\n  var n = 1\n  n = 2\n}") == [])
        let text = """
            var n = 1
            if true { n = 2 }
            for i in [1] { n += i }
            while n < 0 { n = 2 }
            try { n = 2 } catch err { n = 3 }
            retry(3) { n = 2 }
            timeout(10m) { n = 2 }
            transaction "t" { n = 2 }
            defer { n = 2 }
            """
        #expect(findings(text) == [])
    }
}

@Suite struct ExitTests {
    @Test func returnNeedsAFunction() {
        #expect(findings("return 1") == ["return-outside-function: return 1"])
        #expect(findings("let f = fn() { return 1 }\nrecipe r() { return 1 }") == [])
    }

    @Test func breakNeedsALoop() {
        #expect(findings("break") == ["loop-exit-outside-loop: break"])
        #expect(findings("for x in [1] { let f = fn() { continue } }") == ["loop-exit-outside-loop: continue"])
        #expect(findings("while true { if true { break } else { continue } }") == [])
    }

    @Test(arguments: [
        "step \"a\" { return }", "transaction \"a\" { return }", "parallel for x in [1] { return }",
        "defer { return }", "step \"a\" { 1 } undo { return }", "parallel { step \"a\" { return } }",
    ])
    func nothingLeavesAConfinedBody(body: String) {
        #expect(findings("fn f() {\n  \(body)\n}") == ["exit-from-construct: return"])
    }

    @Test func aLoopInAStepMayBeLeft() {
        #expect(findings("step \"a\" { for x in [1] { break } }") == [])
        #expect(findings("for x in [1] { step \"a\" { break } }") == ["exit-from-construct: break"])
        #expect(findings("fn f() { retry(3) { return 1 } }\nfor x in [1] { timeout(1m) { break } }") == [])
    }
}

@Suite struct FunctionAndRecipeTests {
    @Test func parametersAreInOrder() {
        #expect(findings("fn f(a = 1, b) { a }") == ["required-after-optional: b"])
        #expect(findings("recipe r(a = 1, b) { a }") == [])
        #expect(findings("fn f(a, a) { a }\nrecipe r(b, b) { b }").count == 2)
        #expect(findings("fn f(a, b = a) { a }") == [])
        #expect(findings("fn f(a = b, b = 1) { [a, b] }") == ["parameter-in-default: b"])
        #expect(findings("recipe r(a = 1, b = a) { [a, b] }") == ["parameter-in-default: a"])
    }

    @Test func aDefaultHasTheTypeOfItsParameter() {
        #expect(findings("recipe r(version: Version = \"1.0.0\") { 1 }") == ["default-type-mismatch: \"1.0.0\""])
        #expect(findings("fn f(a: Float = 1, b: Str = null, c: \"a\" | \"b\" = \"c\") { 1 }").count == 3)
        let right =
            "fn f(a: Version | \"NEW\" = \"NEW\", b: Str? = null, c: [Str] = [], d: Int = -1, e: Bool = g()) { 1 }"
        #expect(findings(right + "\nfn g() { true }") == [])
    }

    @Test func oneRecipeIsTheDefault() {
        #expect(findings("default recipe a() { 1 }\ndefault recipe b() { 1 }") == ["second-default-recipe: b"])
    }

    @Test func parametersAreTakenOver() throws {
        let text = """
            recipe all(...dev, extra = 1, ...prod) { print(version, cache, extra, stage) }
            recipe dev(
                ## The version.
                version: Version = 1.0.0, cache = true) { 1 }
            recipe prod(version: Version = 1.0.0, stage: Str) { 1 }
            """
        let (program, diagnostics) = CheckFixture.load(text)
        #expect(diagnostics.isEmpty)
        let recipes = try #require(program.entry?.recipes)
        #expect(recipes.map(\.name) == ["all", "dev", "prod"])
        #expect(recipes[0].parameters.map(\.name) == ["version", "cache", "extra", "stage"])
        #expect(recipes[0].parameters[0].documentation == "The version.")
        #expect(recipes[0].parameters[0].type == .version)
        #expect(recipes[0].parameters[0].defaultText == "1.0.0")
        #expect(recipes[0].parameters[3].defaultValue == nil)
    }

    @Test func differingDefaultsAreRestated() throws {
        let others = "recipe a(n: Int = 1) { 1 }\nrecipe b(n: Int = 2) { 1 }\n"
        #expect(findings(others + "recipe c(...a, ...b) { 1 }") == ["conflicting-parameters: ...b"])
        let (program, diagnostics) = CheckFixture.load(others + "recipe c(...a, n = 3, ...b) { n }")
        #expect(diagnostics.isEmpty)
        let parameter = try #require(program.entry?.recipes.last?.parameters.first)
        #expect(parameter.type == .int)
        #expect(parameter.defaultText == "3")
    }

    @Test func spreadsNameRecipes() {
        #expect(findings("recipe a(...relaese) { 1 }\nrecipe release() { 1 }") == ["unknown-recipe: relaese"])
        #expect(findings("fn f() { 1 }\nrecipe a(...f) { print(x) }") == ["spread-of-non-recipe: f"])
        #expect(findings("recipe a(...b) { 1 }\nrecipe b(...a) { 1 }") == ["spread-cycle: ...a"])
        #expect(findings("recipe a(...a) { 1 }") == ["spread-cycle: ...a"])
    }

    @Test func parametersArePassedOn() {
        let dev = "recipe dev(version, cache = true) { 1 }\n"
        #expect(findings(dev + "recipe all(...dev) { dev(...) }") == [])
        #expect(findings(dev + "recipe all(...dev) { step \"dev\" { dev(cache: false, ...) } }") == [])
        #expect(findings(dev + "recipe all(cache) { dev(...) }") == ["arguments-lacking: dev"])
        #expect(findings(dev + "fn f() { dev(...) }").count == 1)
        #expect(findings(dev + "fn f(version) { 1 }\nrecipe all(...dev) { f(...) }").count == 1)
        let hidden = "recipe all(...dev) { for version in [1] { dev(...) } }"
        #expect(findings(dev + hidden).first?.hasPrefix("passing-on-shadowed") == true)
    }
}

@Suite struct SmallCheckTests {
    @Test func keysOfAMapAreDifferent() {
        #expect(findings("let m = {a: 1, b: 2, \"a\": 3}").count == 1)
    }

    @Test func nothingFollowsElse() {
        let text = "match 1 {\n  else => 1\n  2 => 2\n}"
        #expect(findings(text) == ["unreachable-arm: 2 => 2"])
        #expect(CheckFixture.load(text).diagnostics.first?.severity == .warning)
    }

    @Test func findingsAreFewAndInOrder() {
        let text = (0..<100).map { "print(unknown_\($0))" }.joined(separator: "\n")
        let found = CheckFixture.load(text).diagnostics
        #expect(found.count == ModuleLoader.maximumDiagnostics + 1)
        #expect(found.last?.message.text == "and 50 more findings, of which this is the first")
        #expect(found.last?.severity == .error)
        #expect(found.map(\.location.range.start) == found.map(\.location.range.start).sorted())
    }

    @Test func asManyAsAreShownAreAll() {
        let text = (0..<50).map { "print(unknown_\($0))" }.joined(separator: "\n")
        #expect(findings(text).count == 50)
        #expect(findings(text).allSatisfy { $0.hasPrefix("unknown-name") })
    }

    @Test func whatIsNotReadIsSaid() {
        func ids(_ count: Int) -> [String] {
            let text = (0..<count).map { "let x\($0) = )" }.joined(separator: "\n")
            return CheckFixture.load(text).diagnostics.map(\.message.id)
        }
        #expect(ids(20).count == 20 && !ids(20).contains("more-findings"))
        #expect(ids(60).count == 21 && ids(60).last == "more-findings")
        let command = "$ echo " + Array(repeating: "*", count: 60).joined(separator: " x ")
        #expect(CheckFixture.load(command).diagnostics.count <= 21)
    }

    @Test func longChainsOfRecipesAreNoDanger() {
        let text = (0..<3000).map { "recipe r\($0)(...r\($0 + 1)) { 1 }" }.joined(separator: "\n")
        #expect(findings(text + "\nrecipe r3000(last) { 1 }") == [])
    }
}

@Suite struct WholeRecipeTests {
    @Test func aRecipeWithoutMistakesHasNoFindings() {
        let images = """
            ## The version that dev images have.
            fn dev_version(version) { if version == "FROM_CHANGELOG" { 1.2.0 } else { version.with(patch: 0) } }
            fn build_local(v, cache: Bool = true) -> Image { docker.inspect("local-${v}") }
            """
        let text = """
            #!/usr/bin/env relsh
            import "lib/images.rel"

            default recipe docker_release_dev_image(
                version: Version | "FROM_CHANGELOG" = "FROM_CHANGELOG",
                cache: Bool = true,
                skip_tests: Bool = false,
                target_registries: [Registry] = project.registries.all(),
            ) {
                let v = images.dev_version(version)
                let local = step "Build the local image" { images.build_local(v, cache: cache) }
                if not skip_tests {
                    for suite in ["fast", "slow", "qa"] {
                        step "Run ${suite} tests" { run(["pytest", suite, local.digest], check: true) }
                    }
                }
                transaction "Publish dev ${v}" {
                    parallel for registry in target_registries {
                        step "Publish to ${registry}" { docker.push(local, registry: registry) }
                    }
                    $ git tag "${project.name}-${v}"
                }
            }
            """
        let (program, diagnostics) = CheckFixture.load(
            text, ["recipes/lib/images.rel": images], path: "recipes/dev.rel")
        #expect(diagnostics.map(\.message.text) == [])
        #expect(program.entry?.recipes.first?.parameters.last?.type == .list(.registry))
    }
}

@Suite struct RobustnessTests {
    private static let sample = """
        import "lib.rel"
        let limit: Int = 3
        fn f(a, b: [Str] = ["x"]) -> Str? { if a { return b[0] } else { null } }
        default recipe r(## Help.
            v: Version | "NEW" = "NEW", ...lib.r, c = {a: 1, "b": [1..2]}) {
            var xs = []
            for i, x in [1, 2] { xs.append(x ?? i); xs[0] = -x % 2 }
            let [p, _] = step "s ${v}" { $ git push ${xs} | cat } undo res { print(res) }
            parallel(limit: 2) { step "a" { lib.r(...) }; step "b" { 1 } }
            match v { "NEW" | 1..3 => 1, Version => fn(x) => x, else => {a: 1} }
            retry(3, every: 2s) { timeout(10m) { transaction "t" { defer { assert p, "m" } } } }
            try { fail "x" } catch e { docker?.tag(xs?.y, $(ls), name: project.name.trim()) }
            while true { break; continue }
        }
        """

    @Test func everyPrefixAndEveryGapIsFine() {
        let bytes = Array(Self.sample.utf8)
        let files = ["lib.rel": Self.sample]
        for end in stride(from: 0, through: bytes.count, by: 3) {
            let prefix = String(decoding: bytes[..<end], as: UTF8.self)
            let gap = String(decoding: bytes[..<end] + bytes[min(end + 5, bytes.count)...], as: UTF8.self)
            _ = CheckFixture.load(prefix, files)
            _ = CheckFixture.load(gap, files)
        }
    }

    @Test(arguments: ["(", "[", "-", "{a: ", "f(", "fn() => ", "if true { ", "not ", "a.b("])
    func deepTextIsFine(opening: String) {
        for depth in [150, 5000] { _ = CheckFixture.load("let x = " + String(repeating: opening, count: depth)) }
        let chain = "let x = 1" + String(repeating: " + a.b", count: 490)
        _ = CheckFixture.load(chain)
    }
}
