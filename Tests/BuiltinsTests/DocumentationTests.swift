import Builtins
import Foundation
import Lang
import TestSupport
import Testing

/// The examples of docs/language.md say the truth.
///
/// A block tagged `rel` is a program; the block tagged `text` behind it is what it prints, what a dry run would do, and
/// how it fails. `rel dry-run` is a dry run, and `rel file=lib/x.rel` a file that the programs below it can import.
/// `RELSH_RECORD=1` rewrites what is shown, and still fails.
@Suite struct DocumentationTests {
    private static let page = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/language.md")

    @Test func everyExampleShowsWhatItSays() async throws {
        var page = MarkdownPage(try String(contentsOf: Self.page, encoding: .utf8))
        var files: [String: String] = [:]
        var count = 0
        var isRecorded = false
        for index in page.blocks.indices.reversed() where page.blocks[index].words.first == "rel" {
            // From the end, so that lines put in move nothing that is still to come.
            let block = page.blocks[index]
            count += 1
            if block.file != nil { continue }
            files = page.files(before: index)
            let shown = await DocumentedProgram(block.text, files: files, isDryRun: block.words.contains("dry-run"))
                .run()
            let expected = page.output(of: index)
            if shown == expected { continue }
            Issue.record("line \(block.line): the program shows\n\(shown)\nbut the page says\n\(expected)")
            page.setOutput(of: index, shown)
            isRecorded = true
        }
        #expect(count > 60, "only \(count) examples were found")
        if isRecorded, ProcessInfo.processInfo.environment["RELSH_RECORD"] == "1" {
            try page.text.write(to: Self.page, atomically: true, encoding: .utf8)
        }
    }

    @Test func everyBlockIsTested() throws {
        let page = MarkdownPage(try String(contentsOf: Self.page, encoding: .utf8))
        for (index, block) in page.blocks.enumerated() where block.words.first != "rel" {
            let isOutput = index > 0 && page.isOutput(index, of: index - 1)
            #expect(isOutput, "the block in line \(block.line) is neither a program nor what one shows")
        }
    }

    @Test func everyLinkOfThePageHasItsHeading() throws {
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let headings = text.matches(of: /\n##+ ([^\n]+)/).map { match in
            match.1.lowercased().filter { $0.isLetter || $0.isNumber || "_- ".contains($0) }.replacing(" ", with: "-")
        }
        #expect(Set(headings).count == headings.count)
        for link in text.matches(of: /\]\(#([^)]+)\)/) {
            #expect(headings.contains(String(link.1)), "#\(link.1) is no heading")
        }
    }
}

/// The fenced blocks of a page.
struct MarkdownPage {
    struct Block {
        /// The words behind the opening fence.
        let words: [String]
        /// The line of the opening fence, from 1.
        let line: Int
        let lines: [String]
        var text: String { lines.joined(separator: "\n") }
        var file: String? {
            words.first { $0.hasPrefix("file=") }.map { String($0.dropFirst("file=".count)) }
        }
    }

    private var lines: [String]
    private(set) var blocks: [Block] = []
    var text: String { lines.joined(separator: "\n") }

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var opening: Int?
        for (index, line) in lines.enumerated() where line.hasPrefix("```") {
            guard let start = opening else {
                opening = index
                continue
            }
            let words = lines[start].dropFirst(3).split(separator: " ").map(String.init)
            blocks.append(Block(words: words, line: start + 1, lines: Array(lines[start + 1..<index])))
            opening = nil
        }
    }

    /// The files that stand above a program.
    func files(before index: Int) -> [String: String] {
        var files: [String: String] = [:]
        for block in blocks[..<index] {
            if let file = block.file { files[file] = block.text }
        }
        return files
    }

    func isOutput(_ index: Int, of program: Int) -> Bool {
        guard index < blocks.count, blocks[index].words == ["text"], blocks[program].file == nil,
            blocks[program].words.first == "rel"
        else { return false }
        let end = blocks[program].line + blocks[program].lines.count + 1
        return lines[end..<blocks[index].line - 1].allSatisfy(\.isEmpty)
    }

    func output(of program: Int) -> String {
        isOutput(program + 1, of: program) ? blocks[program + 1].text : ""
    }

    mutating func setOutput(of program: Int, _ text: String) {
        let block = blocks[program]
        let end = block.line + block.lines.count + 1
        let isThere = isOutput(program + 1, of: program)
        let old = isThere ? end..<blocks[program + 1].line + blocks[program + 1].lines.count + 1 : end..<end
        lines.replaceSubrange(old, with: text.isEmpty ? [] : ["", "```text", text, "```"])
    }
}

/// A program in a world in which nothing is real: commands are the `TranscriptPrograms`, and time passes at once.
private struct DocumentedProgram {
    let text: String
    let files: [String: String]
    let isDryRun: Bool

    init(_ text: String, files: [String: String], isDryRun: Bool) {
        self.text = text
        self.files = files
        self.isDryRun = isDryRun
    }

    func run() async -> String {
        let console = TranscriptConsole()
        var lines = await KnownSecrets.$current.withValue(KnownSecrets()) {
            await Self.run(self, TestWorlds.ofTranscripts(console), PlanPrinter(console: console))
        }
        lines = console.lines + lines
        return lines.joined(separator: "\n")
    }

    /// What was wrong, if anything was.
    @Evaluation
    private static func run(_ example: DocumentedProgram, _ world: World, _ observer: PlanPrinter) async -> [String] {
        let catalog = StandardCatalog.catalog
        let shipped = Dictionary(uniqueKeysWithValues: StandardRecipes.files.map { ("std/" + $0.key, $0.value) })
        let loader = ModuleLoader(catalog: catalog) { path throws(ImportFailure) in
            if let text = example.files[path] { return SourceFile(name: path, path: path, text: text) }
            guard let text = shipped[path] else { throw ImportFailure("there is no such file") }
            return SourceFile(name: path, path: path, text: text)
        }
        let file = SourceFile(name: "example.rel", path: "example.rel", text: example.text)
        let (resolved, findings) = loader.load(entry: file)
        let (program, tooLarge) = Compiler(program: resolved, catalog: catalog, planning: example.isDryRun).compile()
        let all = findings + tooLarge
        if all.contains(where: { $0.severity == .error }) {
            return all.map { line($0.message, $0.location, isError: $0.severity == .error) }
        }
        var options = StressMode.options
        options.isDryRun = example.isDryRun
        let interpreter = Interpreter(program: program, world: world, observer: observer, options: options)
        do throws(RuntimeError) {
            _ = try await interpreter.runStatements()
            return all.map { line($0.message, $0.location, isError: false) }
        } catch {
            return ["error: \(error.message)" + place(error.location)]
        }
    }

    private static func line(_ message: Message, _ location: Lang.SourceLocation, isError: Bool) -> String {
        "\(isError ? "error" : "warning"): \(message.text)" + place(location)
    }

    private static func place(_ location: Lang.SourceLocation?) -> String {
        guard let location else { return "" }
        let position = location.file.position(of: location.range.start)
        return " (\(location.file.name):\(position.line):\(position.column))"
    }
}

/// What commands print, and what a dry run would do.
private struct PlanPrinter: RunObserver {
    let console: TranscriptConsole

    func handle(_ event: RunEvent) {
        switch event {
        case .planned(_, let line): console.print("would run: \(line)\n")
        case .stepStarted(_, _, let title): console.print("==> \(title)\n")
        default: console.handle(event)
        }
    }
}
