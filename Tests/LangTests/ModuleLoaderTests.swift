import Lang
import Testing

private func findings(_ text: String, _ files: [String: String] = [:]) -> [String] {
    CheckFixture.findings(text, files)
}

@Suite struct ModuleLoaderTests {
    @Test func importedFilesComeFirst() throws {
        let files = [
            "lib/a.rel": "import \"b.rel\"\nfn f() { b.g() }",
            "lib/b.rel": "fn g() { 1 }\nrecipe r(n = 1) { n }\nlet limit = 3",
        ]
        let text = """
            import "lib/a.rel"
            import "lib/../lib/b.rel" as other
            print(a.f(), other.limit)
            other.r(n: 2)
            """
        let (program, diagnostics) = CheckFixture.load(text, files)
        #expect(diagnostics.isEmpty)
        #expect(program.modules.map(\.tree.file.path) == ["lib/b.rel", "lib/a.rel", "main.rel"])
        #expect(program.entry?.imports == ["a": 1, "other": 0])
        #expect(program.modules[1].imports == ["b": 0])
    }

    @Test func membersOfImportsMustExist() {
        let files = ["lib.rel": "fn build(image) { image }\nimport \"x.rel\"", "x.rel": ""]
        let text = "import \"lib.rel\"\nlib.biuld(1)\nlib.build()\nlib.x.y()\nprint(lib)"
        #expect(
            findings(text, files) == [
                "unused-import: \"x.rel\"", "unknown-member: biuld", "arguments-lacking: lib.build",
                "unknown-member: x", "namespace-as-value: lib",
            ])
    }

    @Test func importsThatLeadNowhere() {
        #expect(findings("import \"no.rel\"\nno.f(1)") == ["import-failed: \"no.rel\""])
        #expect(findings("import \"lib.txt\" as lib\nlib.f(1)") == ["import-without-extension: \"lib.txt\""])
        #expect(findings("import \"/etc/lib.rel\"\nlib.f(1)") == ["absolute-import: \"/etc/lib.rel\""])
        let found = CheckFixture.load("import \"no.rel\"", path: "a/main.rel").diagnostics
        #expect(found.first?.message.help == "looked for a/no.rel")
    }

    @Test func importsDoNotGoInCircles() {
        let files = ["a.rel": "import \"b.rel\"", "b.rel": "import \"a.rel\"\nfn f() { a.x }"]
        let found = CheckFixture.load("import \"a.rel\"", files).diagnostics.filter { $0.severity == .error }
        #expect(found.map(\.message.text) == ["files import each other in a circle: a.rel → b.rel → a.rel"])
        #expect(findings("import \"main.rel\"") == ["import-cycle: \"main.rel\""])
    }

    @Test func importsStayInTheProject() {
        let files = ["/p/lib/a.rel": "fn f() { 1 }", "/q.rel": "fn f() { 1 }", "/pq.rel": ""]
        let good = CheckFixture.load("import \"../lib/a.rel\"\na.f()", files, path: "/p/recipes/m.rel", root: "/p/")
        #expect(good.diagnostics.isEmpty)
        for path in ["../../q.rel", "../../pq.rel", "../../../../q.rel"] {
            let bad = CheckFixture.load("import \"\(path)\"\nq.f()", files, path: "/p/recipes/m.rel", root: "/p")
            #expect(bad.diagnostics.map(\.message.id).first == "import-outside-project")
        }
        let free = CheckFixture.load("import \"../../q.rel\"\nq.f()", files, path: "/p/recipes/m.rel")
        #expect(free.diagnostics.isEmpty)
    }

    @Test func shippedRecipesStayAmongThemselves() {
        let files = ["std/dev.rel": "import \"lib/a.rel\"\nfn f() { a.f() }", "std/lib/a.rel": "fn f() { 1 }"]
        let good = CheckFixture.load("import \"std/dev.rel\"\ndev.f()", files, path: "/p/m.rel", root: "/p")
        #expect(good.diagnostics.isEmpty)
        let escaping = ["std/dev.rel": "import \"../m.rel\"\nfn f() { m.f() }"]
        let bad = CheckFixture.load("import \"std/dev.rel\"\ndev.f()", escaping, path: "/p/m.rel", root: "/p")
        #expect(bad.diagnostics.map(\.message.id) == ["import-outside-project"])
        let other = CheckFixture.load("import \"std/../m.rel\"", [:], path: "/p/m.rel", root: "/p")
        #expect(other.diagnostics.map(\.message.id) == ["import-outside-project"])
    }

    @Test func aLongChainOfImportsEnds() {
        var files: [String: String] = [:]
        for index in 0..<200 { files["f\(index).rel"] = "import \"f\(index + 1).rel\"" }
        let found = CheckFixture.load("import \"f0.rel\"", files).diagnostics.filter { $0.severity == .error }
        #expect(found.map(\.message.id) == ["imports-too-deep"])
    }

    @Test func importedFilesHoldDeclarations() {
        let files = ["lib.rel": "let a = 1\nvar b = 2\nprint(a)\n$ ls\nfn f() { $ ls }"]
        #expect(
            findings("import \"lib.rel\"\nlib.f()", files)
                == ["variable-in-import: var b = 2", "statement-in-import: print(a)", "statement-in-import: $ ls"])
    }

    @Test(arguments: [
        "let a = docker.inspect(1)", "let a = $(git log)", "let a = project.commit",
        "let a = if true { step \"a\" { 1 } }",
        "let a = f()\nfn f() { g() }\nfn g() { docker.inspect(1) }", "let a = [1].map(fn(x) => docker.inspect(x))",
        "let f = docker.inspect\nlet a = f(1)", "import \"other.rel\"\nlet a = other.f()",
        "let a = [1].map(f)\nfn f(x) { $(ls) }", "let a = retry(2) { 1 }",
    ])
    func letsOfImportedFilesArePure(text: String) {
        let files = ["lib.rel": text, "other.rel": "fn f() { $(git log) }"]
        #expect(
            findings("import \"lib.rel\"\nprint(lib.a)", files).map { $0.prefix { $0 != ":" } } == ["effect-in-import"])
    }

    @Test(arguments: [
        "let a = 1 + 2", "let a = fn(x) => docker.inspect(x)", "let a = docker.inspect", "let a = Version(\"1.0.0\")",
        "let a = f(1)\nfn f(x) { x }", "let a = project.name", "let b = 1\nlet a = b",
    ])
    func pureLetsAreFine(text: String) {
        #expect(findings("import \"lib.rel\"\nprint(lib.a)", ["lib.rel": text]) == [])
    }

    @Test func importsShareNamesWithNothing() {
        let files = ["lib.rel": "", "docker.rel": ""]
        #expect(findings("import \"lib.rel\"\nfn lib() { 1 }", files).first == "redeclaration: lib")
        #expect(findings("import \"lib.rel\"\nfn f(lib) { lib }", files).contains("shadows-import: lib"))
        #expect(findings("import \"docker.rel\"", files).first == "shadows-builtin: \"docker.rel\"")
    }

    @Test func unusedImportsAreWarnedOf() {
        let files = ["lib.rel": "recipe r(n = 1) { n }"]
        let found = CheckFixture.load("import \"lib.rel\"", files).diagnostics
        #expect(found.map(\.message.id) == ["unused-import"])
        #expect(found.first?.severity == .warning)
        #expect(findings("import \"lib.rel\"\nrecipe a(...lib.r) { n }", files) == [])
    }

    @Test func defaultsAreTakenOverFromOtherFiles() throws {
        let files = [
            "dev.rel": "let stage = \"dev\"\nrecipe release(where = stage, all = project.registries.all()) { 1 }",
            "prod.rel": "let stage = \"prod\"\nrecipe release(where = stage, all = project.registries.all()) { 1 }",
        ]
        let imports = "import \"dev.rel\"\nimport \"prod.rel\"\n"
        let (program, diagnostics) = CheckFixture.load(
            imports + "recipe a(...dev.release) { prod.release(...) }", files)
        #expect(diagnostics.isEmpty)
        #expect(program.entry?.recipes.first?.parameters.map(\.module) == [0, 0])
        let conflict = CheckFixture.load(imports + "recipe a(...dev.release, ...prod.release) { 1 }", files).diagnostics
        #expect(conflict.map(\.message.id) == ["conflicting-parameters"])
    }
}
