import Builtins
import Testing

@testable import Lang

/// What an input at the prompt knows of those before it. What running them gives is tested with the machine.
@Suite struct PromptNamesTests {
    private static let catalog = StandardCatalog.catalog
    private static var loader: ModuleLoader {
        ModuleLoader(catalog: catalog) { path throws(ImportFailure) in
            guard path == "lib.rel" else { throw ImportFailure("there is none") }
            return SourceFile(name: path, path: path, text: "fn half(n: Int) -> Int { n / 2 }\nlet best = 7\n")
        }
    }

    /// The findings of the last of some inputs; none of those before may have any.
    private static func findings(_ inputs: [String]) -> [String] {
        var names = PromptNames(catalog: catalog)
        var found: [String] = []
        for (number, input) in inputs.enumerated() {
            #expect(found.isEmpty, "before \(input)")
            let (next, diagnostics) = names.adding(SourceFile(name: "<input \(number)>", text: input), loader)
            names = next
            found = diagnostics.map(\.message.id)
        }
        return found
    }

    @Test(arguments: [
        (["let x = 1", "x + 1"], []), (["let x = 1", "y"], ["unknown-name"]),
        (["let x = 1", "x = 2"], ["assignment-to-constant"]), (["var x = 1", "x = 2"], []),
        (["var x = 1", "x = \"a\"", "x.upper()"], []), (["var x: Int = 1", "x = \"a\""], ["wrong-type"]),
        (["let x = 1", "let x = \"a\"", "x.upper()"], []), (["let x = 1", "let x = 2; let x = 3"], ["redeclaration"]),
        (["fn f(a: Int) { a }", "f(\"x\")"], ["wrong-type"]), (["fn f(a) { a }", "f()"], ["arguments-lacking"]),
        (["fn f(a) { a }", "fn g() { f(1) }", "g()"], []), (["fn f(a) { a }", "fn f() { 1 }", "f()"], []),
        (["var x = 1", "fn g() { x }"], ["file-variable-in-function"]), (["let x = 1", "fn g() { x }"], []),
        (["import \"lib.rel\"", "lib.half(lib.best)"], []),
        (["import \"lib.rel\"", "lib.halve(1)"], ["unknown-member"]),
        (["import \"lib.rel\"", "lib.half(\"a\")"], ["wrong-type"]), (["import \"none.rel\""], ["import-failed"]),
        (["recipe a(version: Version) { version }", "recipe b(...a) { a(...) }", "b(version: 1.0.0)"], []),
        (["let x = 1", "let g = fn() => x", "g()"], []), (["let f = fn(a) => a", "f(1)"], []),
        (["if true { let inner = 1; print(inner) }", "inner"], ["unknown-name"]),
        (["var x = 1", "step \"a\" { print(x) }"], []), (["var xs = []", "xs.append(1)"], []),
        (["let xs = []", "xs.append(1)"], ["change-of-constant"]),
    ])
    func whatIsKnown(_ inputs: [String], _ expected: [String]) {
        let found = Self.findings(inputs)
        #expect(found.count == expected.count, "\(inputs): \(found)")
    }

    @Test(
        arguments: [
            ("", .empty), ("  # nothing", .empty), ("1 +", .unfinished), ("f(", .unfinished), ("if x {", .unfinished),
            ("{a: 1,", .unfinished), ("\"\"\"a", .unfinished), ("\"${a", .unfinished), ("\"a", .complete),
            ("1", .complete),
            ("f(]", .complete), ("let x =", .unfinished), ("}", .complete), ("$ echo {", .complete),
            ("fn f() {\n}\n", .complete), ("[1,\n2", .unfinished),
        ] as [(String, InputState)])
    func whetherAnInputGoesOn(_ text: String, _ expected: InputState) {
        #expect(InputState(text) == expected, "\(text)")
    }

    @Test func anInputIsTakenApart() {
        let input = PromptInput(
            "import \"a.rel\"\n## Docs\nfn f() { 1 }\nlet x = _ + 1\nx = 2\nprint(\"${_}\")\nx", last: "result_3",
            catalog: Self.catalog)
        #expect(
            input.parts.map(\.text) == [
                "import \"a.rel\"", "## Docs\nfn f() { 1 }", "let x = result_3 + 1", "x = 2", "print(\"${result_3}\")",
                "x",
            ])
        #expect(input.parts[2].assignment == "x = result_3 + 1" && input.usesLast)
        #expect(!PromptInput("let [_, b] = pair", last: nil, catalog: Self.catalog).usesLast)
    }
}
