import Foundation
import Testing

@testable import Lang

/// GRAMMAR.md says what the parser accepts: programs made from it are accepted, and what is left of them after a token
/// was lost, doubled or moved is accepted or refused with a position.
@Suite struct GrammarTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]
    private static let programsPerSeed = 1000

    @Test func everyRuleIsDefinedAndUsed() throws {
        let grammar = try GrammarFile()
        var mentioned: Set<String> = ["file"]
        for part in grammar.rules.values { mentioned.formUnion(GrammarFile.names(in: part)) }
        #expect(mentioned.subtracting(grammar.rules.keys) == ["NEWLINE"])
        #expect(Set(grammar.rules.keys).subtracting(mentioned).isEmpty)
    }

    @Test(arguments: seeds)
    func whatTheGrammarMakesIsAccepted(seed: UInt64) throws {
        let grammar = try GrammarFile()
        var generator = ProgramGenerator(grammar, seed: seed)
        for number in 0..<Self.programsPerSeed {
            let text = generator.text(generator.makeProgram())
            guard let finding = SyntaxFixture.parse(text).diagnostics.first else { continue }
            let shown = DiagnosticPrinter(colour: false).text(finding)
            Issue.record("program \(number) of seed \(seed) is refused: \(shown)\n\(text)")
            return
        }
    }

    @Test func everyAlternativeIsMade() throws {
        let grammar = try GrammarFile()
        let all = grammar.choices.flatMap { choice, count in (0..<count).map { "\(choice).\($0)" } }
        let refused = ["KEYWORD ", "FOREIGN "]
        var unused = Set(all.filter { alternative in !refused.contains { alternative.hasPrefix($0) } })
        #expect(unused.count > 200)
        var generator = ProgramGenerator(grammar, seed: 9)
        for _ in 0..<20 * Self.programsPerSeed where !unused.isEmpty {
            _ = generator.makeProgram()
            unused.subtract(generator.usedAlternatives)
        }
        #expect(unused.isEmpty)
    }

    @Test(arguments: seeds)
    func whatIsBrokenIsRefusedWithAPosition(seed: UInt64) throws {
        var generator = ProgramGenerator(try GrammarFile(), seed: seed &+ 100)
        var refused = 0
        for _ in 0..<Self.programsPerSeed {
            let program = generator.makeProgram()
            if program.isEmpty { continue }
            let text = generator.text(generator.mutated(program))
            let file = SourceFile(name: "test.rel", text: text)
            let diagnostics = Parser.parse(file).diagnostics
            if !diagnostics.isEmpty { refused += 1 }
            for diagnostic in diagnostics {
                let range = diagnostic.location.range
                let isInside = range.start >= 0 && range.start <= range.end && range.end <= file.bytes.count
                #expect(isInside, "\(diagnostic.message.id) has no place in:\n\(text)")
                #expect(file.position(of: range.start).line >= 1 && !diagnostic.message.text.isEmpty)
            }
        }
        #expect(refused > Self.programsPerSeed / 4, "only \(refused) were refused")
    }

    // MARK: Everything there is

    /// Kinds of tokens that stand in no program.
    private static let neverAccepted: Set<String> = [
        "bang", "andAnd", "orOr", "tripleEqual", "notTripleEqual", "increment", "decrement", "power", "walrus",
        "invalid",
    ]

    @Test func everyKindOfTokenIsMade() throws {
        let all = Set(
            try Cases(in: "Sources/Lang/Syntax/Token.swift").names.map { $0.replacing("Token.Kind.", with: "") })
        #expect(all.count > 80)
        var generator = ProgramGenerator(try GrammarFile(), seed: 5)
        var seen: Set<String> = []
        for _ in 0..<Self.programsPerSeed {
            for token in generator.makeProgram() {
                var lexer = Lexer(Array(token.text.utf8))
                seen.insert("\(lexer.next().kind)")
                // `.name` and `?.name` are two tokens.
                if token.text.hasPrefix(".") || token.text.hasPrefix("?") { seen.insert("\(lexer.next().kind)") }
            }
        }
        #expect(all.subtracting(seen) == Self.neverAccepted)
    }

    @Test func everyKindOfNodeIsMade() throws {
        let all = try Cases(in: "Sources/Lang/Syntax/Tree.swift").names
        #expect(all.count > 70)
        var generator = ProgramGenerator(try GrammarFile(), seed: 6)
        var seen: Set<String> = []
        var programs = 0
        while seen.count < all.count - 2, programs < Self.programsPerSeed {
            programs += 1
            let (tree, _) = SyntaxFixture.parse(generator.text(generator.makeProgram()))
            Cases.collect(tree.body, into: &seen)
        }
        #expect(all.subtracting(seen) == ["Statement.Kind.invalid", "Expression.Kind.invalid"])
    }
}

/// The cases of the enums of a file, `Expression.Kind.list`, as its text has them.
private struct Cases {
    var names: Set<String> = []

    init(in path: String) throws {
        let file = SourceText.repository.appendingPathComponent(path)
        var types: [(indentation: Int, name: String)] = []
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            let indentation = line.prefix { $0 == " " }.count
            if let match = line.firstMatch(of: /^ *(?:package )?(?:indirect )?(?:struct|enum|extension) ([\w.]+)/) {
                types.removeAll { $0.indentation >= indentation }
                types.append((indentation, String(match.1)))
            } else if let match = line.firstMatch(of: /^ *case ([^.].*)$/), types.last?.indentation == indentation - 4 {
                let path = types.map(\.name).joined(separator: ".")
                let bare = match.1.replacing(/"[^"]*"|'/, with: "").replacing(/\(.*\)/, with: "")
                for name in bare.matches(of: /\w+/) { names.insert("\(path).\(name.output)") }
            }
        }
    }

    /// The cases of the enums in a tree.
    static func collect(_ value: Any, into seen: inout Set<String>) {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .class { return }
        if mirror.displayStyle == .enum {
            let type = String(reflecting: type(of: value)).replacing("Lang.", with: "")
            seen.insert("\(type).\(mirror.children.first?.label ?? "\(value)")")
        }
        for child in mirror.children { collect(child.value, into: &seen) }
    }
}
