import Builtins
import Foundation
import Lang
import Testing

@testable import relsh

/// Inputs run one after the other, in a world where nothing can be changed.
@Suite struct PromptMachineTests {
    private struct NoObserver: RunObserver { func handle(_ event: RunEvent) {} }

    /// What the last of some inputs gives: its value as it is shown, or the message of its error.
    private static func last(_ inputs: [String]) async -> String? {
        let catalog = StandardCatalog.catalog
        let machine = await PromptMachine(catalog)
        let loading = ProgramLoading(catalog: catalog, colour: false)
        let project = LiveProject(
            files: LiveFiles(workingDirectory: "/"), workingDirectory: "/", environment: [:], options: [])
        let world = World.quiet(project: project)
        var shown: String?
        for (number, input) in inputs.enumerated() {
            let source = SourceFile(name: "<input \(number)>", text: input)
            guard await machine.read(source, loading) != nil else {
                shown = "refused"
                continue
            }
            switch await machine.run(in: world, observer: NoObserver(), Interpreter.Options()) {
            case .refused: shown = "refused"
            case .finished(let value): shown = value?.text
            case .failed(let error, _): shown = error.message
            }
        }
        return shown
    }

    @Test(arguments: [
        (["let x = 2", "x * 21"], "42"), (["var n = 1", "n += 4", "n"], "5"),
        (["var xs = [1]", "let copy = xs", "xs.append(2)", "copy"], "[1]"),
        (["var xs = [1]", "for x in [2, 3] { xs.append(x) }", "xs"], "[1, 2, 3]"),
        (["let x = 1", "fn f() { x }", "let x = 2", "f() * 10 + x"], "12"),
        (["fn f() { 1 }", "fn g() { f() }", "fn f() { 2 }", "g()"], "1"),
        (["var n = 1", "let f = fn() => n", "n = 2", "f()"], "1"),
        (["1 + 1", "_ * 3", "_ + 1"], "7"), (["5", "let x = 1", "_"], "5"), (["[1, 2]", "_.len()", "_"], "2"),
        (["let a = 1; fail \"no\"; let b = 2", "a"], "1"), (["let a = 1; fail \"no\"; let b = 2", "b"], "refused"),
        (["var a = 1; a = 2; fail \"no\"", "a"], "2"), (["var a = 1", "a = 2; fail \"no\"", "a"], "2"),
        (["fail \"first\"; var a = 1", "a"], "refused"), (["let a = 1", "let a = nonsense", "a"], "1"),
        (["var a = 1", "defer { a = 7 }\na = 2", "a"], "7"),
        (["let [a, b] = [1, 2]", "var [c, _] = [3, 4]", "a + b + c"], "6"),
        (["recipe r(n: Int) { n + 1 }", "r(n: 1)"], "2"),
        (["fn f(n) { if n == 0 { 0 } else { f(n - 1) } }", "f(100)"], "0"),
        (["var a = 1", "var a = \"x\"", "a"], "\"x\""), (["let a = 1", "var a = 2", "a = 3", "a"], "3"),
        (["let f = fn(x) => x + 1", "[1, 2].map(f)"], "[2, 3]"), (["var a = 1", "step \"s\" { a + 1 }"], "2"),
        (["var n = 0", "while n < 5 { n += 1 }", "n"], "5"), (["let x = null", "x"], "null"),
        (["1 / 0", "1"], "1"), (["try { fail \"x\" } catch e { 3 }", "_"], "3"),
        (["let a = 1", "let a = 1 / 0", "a"], "1"), (["var a = 1", "var a = 1 / 0", "a = 3", "a"], "3"),
        (["var deep = []", "for i in 1..20000 { deep = [deep] }", "1"], "1"),
        (["var a = 1", "parallel { step \"x\" { a }; step \"y\" { a + 1 } }"], "[1, 2]"),
    ])
    func inputsGoOnWithOneAnother(_ inputs: [String], _ expected: String) async {
        #expect(await Self.last(inputs) == expected, "\(inputs)")
    }

    @Test func aDryRunGoesOnWithWhatThereIsAndIsForgotten() async throws {
        let catalog = StandardCatalog.catalog
        let machine = await PromptMachine(catalog)
        let loading = ProgramLoading(catalog: catalog, colour: false)
        let project = LiveProject(
            files: LiveFiles(workingDirectory: "/"), workingDirectory: "/", environment: [:], options: [])
        func run(_ text: String, dry: Bool = false) async -> String? {
            guard await machine.read(SourceFile(name: "<input>", text: text), loading) != nil else { return "refused" }
            var options = Interpreter.Options()
            options.isDryRun = dry
            let outcome = await machine.run(in: .quiet(project: project), observer: NoObserver(), options)
            if case .finished(let value) = outcome { return value?.text }
            return "failed"
        }
        _ = await run("var n = 1")
        _ = await run("fn twice(x) { x * 2 }")
        await machine.setDry(true)
        _ = await run("n = twice(n) + 5", dry: true)
        #expect(await run("n", dry: true) == "7")
        _ = await run("let only_dry = 1", dry: true)
        await machine.setDry(false)
        #expect(await run("n") == "1")
        #expect(await run("only_dry") == "refused")
    }

    @Test func manyInputsAreQuickAndNoneIsLost() async {
        var inputs = (0..<500).map { "let name_\($0) = \($0)" }
        inputs.append("name_0 + name_250 + name_499")
        #expect(await Self.last(inputs) == "749")
    }

    // MARK: Commands, history, the saved recipe

    @Test func thePageHasEveryCommand() throws {
        let repository = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: repository.appendingPathComponent("docs/prompt.md"), encoding: .utf8)
        for command in PromptCommand.all { #expect(page.contains("`:\(command.name)"), "\(command.name)") }
        let named = page.matches(of: /`:([a-z]+)/).map { String($0.1) }
        #expect(Set(named) == Set(PromptCommand.all.map(\.name)))
    }

    @Test(
        arguments: [
            ("help", .help), (" undo ", .undo), ("q", .quit), ("doc docker.tag", .doc("docker.tag")),
            ("dry on", .dry(true)),
            ("dry", .dry(nil)), ("time", .time(nil)), ("time f(1) + 2", .time("f(1) + 2")),
            ("save 'a b.rel'", .save("a b.rel")),
            (
                "run release --version 1.0.0 --note \"a b\" c\\ d",
                .run(["release", "--version", "1.0.0", "--note", "a b", "c d"])
            ),
        ] as [(String, PromptCommand)])
    func commandsAreRead(_ line: String, _ expected: PromptCommand) throws {
        #expect(try PromptCommand.parse(line) == expected)
    }

    @Test(arguments: ["", "hlp", "dry maybe", "help me", "doc", "save", "run 'open", "run"])
    func otherLinesAreNone(_ line: String) {
        #expect(throws: PromptCommand.Mistake.self) { try PromptCommand.parse(line) }
    }

    @Test(arguments: [
        ("1 + 1", true), (" 1 + 1", false), ("   ", false), ("let token = \"abcdef\"", false),
        ("let t = Secret(\"hunter2\")", false), ("let password: Str = 'x'", false), ("env.secret(\"TOKEN\")", true),
        ("$ curl --password=hunter2 x", false), ("PASSWORD=hunter2 $ x", false), ("docker.login(registry)", true),
        ("$ docker login -u me -p hunter2 ghcr.io", false), ("$ curl -u me:hunter2 https://x", false),
        ("$ git clone https://me:hunter2@host/x", false), ("let db_password: Str = \"x\"", false),
        ("{\"password\": \"x\"}", false), ("sh(\"export TOKEN=x\")", false), ("$ x --token abcdef", false),
        ("let h = \"Authorization: Bearer abcdef\"", false), ("let t = \"ghp_0123456789abcdef\"", false),
        ("run([\"x\"], env: {PASSWORD: \"hunter2\"})", false), ("run([\"x\"], env: {PASSWORD: ${secret}})", true),
        ("let token = env.secret(\"TOKEN\")", true), ("$ docker run -p 80:80 app:dev", true), ("$ mkdir -p a", true),
        ("$ echo ${token}", true), ("{api_key: \"abc\"}", false), ("token", true), ("print(\"secret things\")", true),
    ])
    func whatHoldsASecretIsNotKept(_ input: String, _ isKept: Bool) {
        #expect(PromptHistory.isKept(input) == isKept, "\(input)")
    }

    /// Where `fail` stands.
    private static func offset(_ text: String) -> Int? {
        text.range(of: "fail").map { text.utf8.distance(from: text.startIndex, to: $0.lowerBound) }
    }

    private static func saved(_ inputs: [(text: String, changed: Bool, ok: Bool, value: Bool)]) -> String {
        var transcript = PromptTranscript()
        for (number, input) in inputs.enumerated() {
            transcript.add(
                number + 1, input.text,
                failure: input.ok ? nil : .init(offset: offset(input.text), reason: "no", hasMade: input.changed),
                hasChanged: input.changed, run: nil, hasValue: input.value)
        }
        let text = transcript.recipe(StandardCatalog.catalog).text("saved")
        let file = SourceFile(name: "saved.rel", text: text)
        let (_, diagnostics) = ProgramLoading(catalog: StandardCatalog.catalog, colour: false).check(file)
        #expect(diagnostics.filter { $0.severity == .error }.isEmpty, "\(text)\n\(diagnostics.map(\.message.text))")
        guard case .success(let formatted) = Formatter.format(file) else { return text }
        return formatted
    }

    @Test func ofAnInputThatFailedThereIsWhatWasDone() {
        let text = Self.saved([
            ("let base = \"app:dev\"; fail \"no\"; let other = 1", false, false, false),
            ("$ docker push a\n$ docker push ${base}\nif true { fail \"no\" }\n$ docker push c", true, false, false),
            ("fail \"nothing was done\"", false, false, false), ("docker.push(\"fails\")", true, false, false),
        ])
        #expect(
            text == """
                ## What was done at the prompt.
                default recipe saved() {
                    let base = "app:dev"
                    $ docker push a
                    $ docker push ${base}
                    # Left out: `if true { fail "no" }`, which failed, and the statement after it: no
                    # Left out: `docker.push("fails")`, which failed: no
                }

                """)
    }

    @Test func whatFailedAloneIsNoRecipe() {
        var transcript = PromptTranscript()
        transcript.add(
            1, "$ docker push a", failure: .init(offset: 0, reason: "no", hasMade: true), hasChanged: true, run: nil,
            hasValue: false)
        #expect(transcript.recipe(StandardCatalog.catalog).isEmpty)
    }

    @Test func whatWasDoneBecomesARecipe() {
        let text = Self.saved([
            ("import \"std/lib/images.rel\" as images", false, true, false),
            ("let base = \"app:dev\"", false, true, false),
            ("fn mine(tag) { \"${base}_${tag}\" }", false, true, false), ("docker.images()", false, true, true),
            ("let n = 1", false, true, false), ("docker.tgg(base)", false, false, false),
            ("docker.commit(\"web\", mine(\"x\"))", true, true, true), ("let n = 2", false, true, false),
            ("docker.tag(_, \"b:${n}\")", true, true, true), ("1 + 1", false, true, true),
            ("var tags = []", false, true, false), ("tags.append(\"x\")", false, true, false),
            ("tags = [\"y\"]", false, true, false),
            ("for i in [1, 2] { n += i }", false, true, false), ("fn thrice(k) { k * 3 }", false, true, false),
            ("let [a, b] = [n, thrice(n)]", false, true, false), ("$ docker push b:2", true, true, false),
        ])
        #expect(
            text == """
                import "std/lib/images.rel" as images

                fn thrice(k) { k * 3 }

                ## What was done at the prompt.
                default recipe saved() {
                    let base = "app:dev"

                    fn mine(tag) { "${base}_${tag}" }

                    var n = 1
                    let result_7 = docker.commit("web", mine("x"))
                    n = 2
                    docker.tag(result_7, "b:${n}")
                    var tags = []
                    tags.append("x")
                    tags = ["y"]
                    for i in [1, 2] { n += i }
                    let [a, b] = [n, thrice(n)]
                    $ docker push b:2
                }

                """)
    }
}
