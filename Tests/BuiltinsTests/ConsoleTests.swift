import Builtins
import Lang
import TestSupport
import Testing

@Suite("Showing and asking", .ownSecrets)
struct ConsoleTests {
    private func call(_ name: String, _ arguments: Value..., console: FakeConsole) async throws -> Value {
        let builtin = try #require(ConsoleBuiltins.all.first { $0.name == name })
        return switch arguments.count {
        case 0: try await builtin.call(in: .fake(console: console))
        case 1: try await builtin.call(arguments[0], in: .fake(console: console))
        default: try await builtin.call(arguments[0], arguments[1], in: .fake(console: console))
        }
    }

    private func error(_ body: () async throws -> Void) async -> RuntimeError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? RuntimeError
        }
    }

    @Test("print writes strings bare and everything else as a literal")
    func printing() async throws {
        let console = FakeConsole()
        _ = try await call("print", .string("a b"), .list([.int(1), .string("a")]), console: console)
        _ = try await call("print", console: console)
        _ = try await call("print", Secret("hidden", source: "env X").value, console: console)
        #expect(console.printed == "a b [1, \"a\"]\n\n•••\n")
    }

    private func map(_ pairs: (String, Value)...) -> Value { .map(OrderedMap(pairs)) }

    @Test("a table lines up, also where characters are wide")
    func table() async throws {
        let console = FakeConsole()
        let rows: [Value] = [
            map(("name", .string("漢字")), ("tags", .int(2))),
            map(("name", .string("dockerhub")), ("tags", .int(10)), ("note", .string("🚢\nnew"))),
            map(("name", .string("é")), ("note", .null)),
        ]
        _ = try await call("ui.table", .list(rows), console: console)
        #expect(
            console.printed == """
                name       tags  note
                漢字          2
                dockerhub    10  🚢 new
                é

                """)
        #expect(await error { _ = try await call("ui.table", .list([.int(1)]), console: console) }?.id == "not-a-row")
        #expect(await error { _ = try await call("ui.table", .int(1), console: console) }?.id == "wrong-argument-type")
    }

    @Test(
        "a question is answered with yes or no",
        arguments: [(["y"], true), (["YES"], true), (["n"], false), ([""], false), (["what?", " yes "], true)])
    func confirming(_ answers: [String], _ expected: Bool) async throws {
        let answer = try await call("confirm", .string("Go on?"), console: FakeConsole(answers: answers))
        #expect(answer.literal == "\(expected)")
    }

    @Test("without a terminal nothing is asked, and the error says what to do")
    func nobody() async throws {
        for name in ["confirm", "ui.confirm", "ui.prompt", "ui.secret"] {
            let error = await error { _ = try await call(name, .string("Go on?"), console: FakeConsole()) }
            #expect(error?.id == "nobody-to-ask")
            #expect(error?.help != nil)
        }
        let yes = FakeConsole(assumesYes: true)
        #expect(try await call("confirm", .string("Go on?"), console: yes).literal == "true")
        #expect(yes.questions.isEmpty)
    }

    @Test("three wrong answers, or the end of the input, are an error")
    func noAnswer() async {
        let silent = await error { _ = try await call("confirm", .string("?"), console: FakeConsole(answers: [])) }
        #expect(silent?.id == "no-answer")
        let wrong = FakeConsole(answers: ["a", "b", "c"])
        #expect(await error { _ = try await call("confirm", .string("?"), console: wrong) }?.id == "bad-answers")
    }

    @Test("a prompt has a default, and asks again where it has none")
    func prompting() async throws {
        let empty = FakeConsole(answers: [""])
        #expect(try await call("ui.prompt", .string("Version"), .string("1.2.0"), console: empty).asString == "1.2.0")
        #expect(empty.questions == ["Version [1.2.0]: "])
        let again = FakeConsole(answers: ["", " x y "])
        #expect(try await call("ui.prompt", .string("Version"), console: again).asString == "x y")
        let nobody = FakeConsole()
        #expect(try await call("ui.prompt", .string("Version"), .string("1.2.0"), console: nobody).asString == "1.2.0")
    }

    @Test("a secret is asked for without showing it")
    func secrets() async throws {
        let console = FakeConsole(answers: ["hunter2"])
        let secret = try await call("ui.secret", .string("Token"), console: console)
        #expect(secret.literal == "•••")
        #expect(console.questions == ["(secret) Token: "])
    }

    @Test("a checklist returns what is still to do")
    func checklist() async throws {
        let items = Value.list([.string("notes"), .string("team")])
        let console = FakeConsole(answers: ["y", "n"])
        #expect(try await call("ui.checklist", .string("Before"), items, console: console).literal == "[\"team\"]")
        #expect(console.questions == ["Before (1 of 2): notes [y/N] ", "Before (2 of 2): team [y/N] "])
        let yes = FakeConsole(assumesYes: true)
        #expect(try await call("ui.checklist", .string("Before"), items, console: yes).literal == "[]")
    }

    @Test(
        "width is counted in columns",
        arguments: [("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("🚢", 2), ("👩‍👩‍👧", 2), ("❤️", 2), ("한", 2)])
    func width(_ text: String, _ columns: Int) {
        #expect(columnWidth(text) == columns)
    }
}
