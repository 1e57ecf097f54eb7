import Builtins
import Lang
import TestSupport
import Testing

/// What every builtin says of itself: it is complete, and its example is true.
@Suite struct ExamplesTests {
    private static let builtins = StandardCatalog.catalog.all
    private static let names = builtins.map(\.name)

    private static func builtin(_ name: String) throws -> Builtin {
        try #require(builtins.first { $0.name == name })
    }

    @Test func thereAreManyAndEachOnce() {
        #expect(Self.names.count > 150)
        #expect(Set(Self.names).count == Self.names.count)
    }

    // MARK: Signatures

    @Test(arguments: names)
    func theSignatureIsComplete(name: String) throws {
        let signature = try Self.builtin(name).signature
        #expect(Self.isWellNamed(name, signature.form), "\(name) is not snake_case")
        let isSentence = signature.summary.hasSuffix(".") || signature.summary.hasSuffix(".)")
        #expect(isSentence, "the summary of \(name) must end with a full stop")
        #expect(signature.summary.first?.isUppercase == true || signature.summary.hasPrefix("`"))
        #expect(!signature.example.isEmpty)
        #expect(Set(signature.parameters.map(\.name)).count == signature.parameters.count)
        for parameter in signature.parameters {
            #expect(parameter.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(name): \(parameter.name)")
            #expect(!parameter.summary.isEmpty, "\(name): \(parameter.name) is not described")
            #expect(!parameter.summary.hasSuffix("."), "\(name): the summary of \(parameter.name) is no sentence")
        }
        // What is given by position comes first.
        let optional = signature.parameters.drop { $0.isRequired }
        #expect(optional.allSatisfy { !$0.isRequired }, "\(name) has a required parameter after an optional one")
    }

    /// `docker.tag`, `print`; `Str.trim`; types are their own constructors: `Version`.
    private static func isWellNamed(_ name: String, _ form: Signature.Form) -> Bool {
        switch form {
        case .function where ValueType.named(name) != nil: true
        case .function, .constant: name.wholeMatch(of: /[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*/) != nil
        case .method, .mutatingMethod, .property: name.wholeMatch(of: /[A-Z][A-Za-z]*\.[a-z_][a-z0-9_]*/) != nil
        }
    }

    // MARK: Examples

    /// The examples that show something true everywhere, whatever the world is like.
    private static let runnable = builtins.filter { usesNothingOfTheWorld($0) }.map(\.name)
    private static let others = builtins.filter { !usesNothingOfTheWorld($0) }.map(\.name)

    /// A pure builtin's example runs, unless it needs an effect to have something to start from.
    private static func usesNothingOfTheWorld(_ builtin: Builtin) -> Bool {
        guard builtin.signature.effect == .pure else { return alsoRun.contains(builtin.name) }
        let effects = builtins.filter { $0.signature.effect != .pure && !alsoRun.contains($0.name) }.map(\.name)
        let text = Transcript(builtin.signature.example).inputs.map(\.text).joined(separator: "\n")
        return !text.contains("$ ") && !text.contains("$(")
            && !effects.contains { text.firstRange(of: $0 + ($0.contains(".") ? "" : "(")) != nil }
    }

    /// Effects whose examples answer the same in the world below.
    private static let alsoRun: Set<String> = [
        "print", "ui.table", "ui.note", "time.now", "time.today", "time.seconds", "time.sleep", "env.get",
        "env.require", "env.has", "env.secret", "confirm", "ui.confirm", "ui.prompt", "ui.checklist",
    ]

    private static let runner = TranscriptRunner(catalog: StandardCatalog.catalog) { console in
        .fake(environment: ["HOME": "/home/tester"], console: console)
    }

    @Test(arguments: runnable)
    func theExampleShowsWhatItSays(name: String) async throws {
        let (_, failures) = await Self.runner.run(Transcript(try Self.builtin(name).signature.example))
        for failure in failures { Issue.record("\(name): \(failure.description)") }
    }

    @Test(arguments: others)
    func theExampleIsAProgram(name: String) throws {
        let inputs = Transcript(try Self.builtin(name).signature.example).inputs
        #expect(!inputs.isEmpty, "\(name) has an example without input")
        _ = try ProgramRun.compile(inputs.map(\.text).joined(separator: "\n"), catalog: StandardCatalog.catalog)
    }

    @Test(arguments: names)
    func theExampleUsesIt(name: String) throws {
        let builtin = try Self.builtin(name)
        let shown =
            switch builtin.signature.form {
            case .function, .constant: name
            case .method, .mutatingMethod, .property: "." + (name.split(separator: ".").last ?? "")
            }
        #expect(builtin.signature.example.contains(shown))
    }
}
