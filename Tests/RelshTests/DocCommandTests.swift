import Builtins
import Foundation
import Lang
import Testing

@testable import relsh

@Suite struct DocCommandTests {
    private static let command = DocCommand(catalog: StandardCatalog.catalog, width: 80)

    private func show(_ name: String) throws -> String { try Self.command.text(name, asMarkdown: false) }

    // MARK: What is shown

    @Test func aFunctionSaysAllThereIsToKnow() throws {
        let builtin = Builtin.pure(
            "tool.repeat", "Gives `text` several times.", Parameter("text", "what to repeat", default: "x"),
            Parameter("times", "how often", default: 2),
            example: """
                > tool.repeat(times: 3)

                "xxx"
                """
        ) { (text: String, times: Int) in String(repeating: text, count: times) }
        let command = DocCommand(catalog: Catalog([builtin]), width: 80)
        #expect(
            try command.text("tool.repeat", asMarkdown: false) == """
                tool.repeat(text: Str = "x", times: Int = 2) -> Str

                Gives `text` several times.

                Parameters:
                  text: Str   what to repeat ["x"]
                  times: Int  how often [2]

                Pure: depends on its arguments alone.

                Example:
                  > tool.repeat(times: 3)

                  "xxx"

                """)
    }

    @Test func aMemberIsNamedWithItsType() throws {
        #expect(try show("Str.trim").hasPrefix("Str.trim() -> Str\n\n"))
        #expect(try show("Version.major").hasPrefix("Version.major: Int\n\n"))
        #expect(try show("List.append").contains("which must be a `var`"))
    }

    @Test func aDefaultIsShown() throws {
        #expect(try show("run").contains("[true]"))
    }

    @Test func aNamespaceListsWhatItHolds() throws {
        let text = try show("docker")
        #expect(text.contains("docker.build") && text.contains("docker.tag"))
        #expect(!text.contains("git."))
    }

    @Test func aTypeShowsItsConstructorAndItsMembers() throws {
        let text = try show("Version")
        #expect(text.hasPrefix("Version("))
        #expect(text.contains("Members:\n") && text.contains("Version.bump"))
        #expect(try show("Fn") == "Fn is a type without members.\n")
    }

    @Test func theOverviewNamesEverything() throws {
        let words = Set(Self.command.overview().split { " ,\n".contains($0) }.map(String.init))
        for name in Self.names where ValueType.named(name) == nil {
            let last = name.split(separator: ".").last.map(String.init) ?? name
            #expect(words.contains(last), "\(name) is missing")
        }
        #expect(!words.contains { $0.hasPrefix("_") })
        for type in ValueType.named { #expect(words.contains(type.name)) }
    }

    /// All but those that other builtins are made of.
    private static let names = StandardCatalog.catalog.all.map(\.name).filter { !$0.contains("__") }

    @Test(arguments: names)
    func everythingIsDescribed(name: String) throws {
        let text = try show(name)
        #expect(text.contains("Example:\n"))
        let width = text.split(separator: "\n").dropFirst().prefix { $0 != "Example:" }.map(\.count).max() ?? 0
        #expect(width <= 80)
    }

    // MARK: What is not there

    @Test(arguments: [
        ("dokcer.tag", "did you mean `relsh doc docker.tag`?"), ("trim", "did you mean `relsh doc Str.trim`?"),
        ("Vesion", "did you mean `relsh doc Version`?"), ("gti", "did you mean `relsh doc git`?"),
        ("nothing_like_it", "`relsh doc` shows what there is"), ("List.__sorted", "`relsh doc` shows what there is"),
        ("docker.", "did you mean `relsh doc docker`?"),
    ])
    func anUnknownNameIsAUsageError(name: String, help: String) {
        let message = usageMessage { _ = try show(name) }
        #expect(message?.id == "nothing-to-describe")
        #expect(message?.help == help)
    }

    // MARK: The command line

    @Test func theCommandLineNamesOneThing() throws {
        func parse(_ words: String...) throws -> Invocation { try Invocation.parse(words, exists: { _ in false }) }
        #expect(try parse("doc").action == .doc(nil))
        #expect(try parse("doc", "docker.tag").action == .doc("docker.tag"))
        let page = try parse("doc", "--markdown")
        #expect(page.action == .doc(nil) && page.own.wantsMarkdown)
        #expect(try parse("doc", "--help").action == .commandHelp(.doc))
        #expect(usageMessage { _ = try parse("doc", "docker", "tag") }?.id == "unexpected-word")
        #expect(usageMessage { _ = try parse("doc", "--json") }?.id == "unknown-option-of-command")
    }

    // MARK: The page

    private static let page = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/builtins.md")

    /// `RELSH_RECORD=1` rewrites the page, and still fails.
    @Test func thePageIsWhatTheCatalogSays() throws {
        let text = try Self.command.text(nil, asMarkdown: true)
        let kept = (try? String(contentsOf: Self.page, encoding: .utf8)) ?? ""
        if text != kept, ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" {
            try text.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        #expect(text == kept, "docs/builtins.md is not what `relsh doc --markdown` writes: `make record` rewrites it")
    }

    @Test func everyLinkOfThePageHasItsHeading() throws {
        let text = try Self.command.text(nil, asMarkdown: true)
        let headings = text.matches(of: /\n##+ ([^\n]+)/).map { match in
            match.1.lowercased().filter { $0.isLetter || $0.isNumber || "_- ".contains($0) }.replacing(" ", with: "-")
        }
        let links = text.matches(of: /\]\(#([^)]+)\)/).map { String($0.1) }
        #expect(links.count > 30)
        for link in links { #expect(headings.count { $0 == link } == 1, "#\(link) is no heading, or several") }
    }
}
