import Builtins
import Lang
import Synchronization

/// Completion on Tab, and the signature of the call under way, from what the checker knows.
final class PromptHelp: LineEditor.Help {
    private let names: Mutex<PromptNames>
    /// The lines of the input before the one that is being read.
    private let earlier = Mutex("")
    private let live: LiveNames
    private let colour: Bool
    private let catalog: Catalog

    init(_ names: PromptNames, _ live: LiveNames, catalog: Catalog, colour: Bool) {
        self.names = Mutex(names)
        self.live = live
        self.catalog = catalog
        self.colour = colour
    }

    /// - Parameter earlier: the lines of the input that were read already.
    func expect(_ names: PromptNames, after earlier: String) {
        self.names.withLock { $0 = names }
        self.earlier.withLock { $0 = earlier }
    }

    // MARK: Hints

    func hint(_ text: String) -> String {
        if text.hasPrefix(":") { return "" }
        let width = (Terminal.size(1)?.width ?? 80) / 2
        let known = names.withLock { $0 }
        let earlier = earlier.withLock { $0 }
        guard let hint = SignatureHint(earlier + text, names: known) else { return "" }
        var shown = hint.text
        if columnWidth(shown) > width, let current = hint.current {
            // What is about to be typed counts more than the rest.
            let bytes = Array(shown.utf8)
            let argument = String(decoding: bytes[current.start..<current.end], as: UTF8.self)
            shown = "\(shown.prefix { $0 != "(" })(… \(argument) …)"
        }
        if columnWidth(shown) > width { return "" }
        guard colour, let last = shown.last else { return shown }
        // The last character stands outside: libedit loses a sequence at the end.
        return "\u{1}\u{1B}[2m\u{1}\(shown.dropLast())\u{1}\u{1B}[0m\u{1}\(last)"
    }

    // MARK: Completion

    func complete(_ text: String, _ answer: LineEditor.Answer) {
        let (start, prefix, candidates, isText) = found(text)
        if candidates.isEmpty {
            if text.allSatisfy({ $0 == " " }) { answer.replace(0, with: "    ") } else { answer.beep() }
            return
        }
        let common = Self.commonPrefix(candidates.map(\.text))
        if candidates.count == 1 {
            let whole = candidates[0].text
            // A name that may go on, as a directory, is left open.
            let isOpen = [":", "/", " "].contains(whole.suffix(1)) || Self.opensTriple(text, start)
            answer.replace(text.utf8.count - start, with: whole + (isText && !isOpen ? "\"" : ""))
        } else if common.utf8.count > prefix.utf8.count {
            answer.replace(text.utf8.count - start, with: common)
        } else {
            answer.show(list(candidates))
        }
    }

    /// What could stand at the end of a text, and from which byte of it on.
    func found(
        _ text: String
    ) -> (start: Int, prefix: String, candidates: [Completion.Candidate], isText: Bool) {
        if text.hasPrefix(":"), let found = commands(text) {
            return (found.start, found.prefix, found.candidates, false)
        }
        let known = names.withLock { $0 }
        var (lead, body) = (earlier.withLock { $0 }, text)
        if lead.isEmpty, let rest = Self.behindCommand(text) {
            lead = String(text.prefix(text.count - rest.count))
            body = rest
            let completion = Completion(body, names: known)
            let found = completion.candidates + look(completion)
            return (lead.utf8.count + completion.start, completion.prefix, found, completion.isText)
        }
        let completion = Completion(lead + body, names: known)
        let start = max(0, completion.start - lead.utf8.count)
        return (start, completion.prefix, completion.candidates + look(completion), completion.isText)
    }

    /// Where another quote than a single `"` would have to close the string.
    private static func opensTriple(_ text: String, _ start: Int) -> Bool {
        let before = Array(text.utf8.prefix(start).suffix(3))
        let quote = UInt8(ascii: "\"")
        return before.last != quote || before == [quote, quote, quote]
    }

    /// `:type EXPR` and `:time EXPR` go on with an expression.
    private static func behindCommand(_ text: String) -> String? {
        for name in [":type ", ":time "] where text.hasPrefix(name) { return String(text.dropFirst(name.count)) }
        return nil
    }

    private func look(_ completion: Completion) -> [Completion.Candidate] {
        let prefix = completion.prefix
        return completion.live.flatMap { kind -> [Completion.Candidate] in
            switch kind {
            case .containers: return live.names(.containers)
            case .versions: return live.names(.versions)
            case .files: return files(prefix)
            case .images: return images(prefix)
            case .dockerNames: return live.names(.containers) + images(prefix)
            case .imports: return imports(prefix)
            }
        }.filter { $0.text.hasPrefix(prefix) }
    }

    /// Local ones; and where the name of a registry is written already, the tags that it has there.
    private func images(_ prefix: String) -> [Completion.Candidate] {
        var repository: String?
        if let colon = prefix.lastIndex(of: ":"), let slash = prefix.lastIndex(of: "/"), slash < colon {
            repository = String(prefix[..<colon])
        }
        // Both at once: a person waits once.
        if let repository { live.begin(.tags(repository)) }
        let local = live.names(.images)
        guard let repository else { return local }
        let there = live.names(.tags(repository))
        return there
            + local.filter { candidate in
                !there.contains { $0.text == candidate.text } && !candidate.text.hasSuffix(":")
            }
    }

    private func files(_ prefix: String) -> [Completion.Candidate] {
        let (directory, name) = Self.split(prefix)
        let place = Path(LocalFiles.workingDirectory).joined(directory.isEmpty ? "." : directory).text
        return LocalFiles.names(in: place).filter { $0.hasPrefix(name) && (name.hasPrefix(".") || !$0.hasPrefix(".")) }
            .sorted().map { file in
                let isDirectory = LocalFiles.kind(Path(place).joined(file).text) == .directory
                return Completion.Candidate(directory + file + (isDirectory ? "/" : ""))
            }
    }

    /// Recipe files of the project, and those that relsh brings along.
    private func imports(_ prefix: String) -> [Completion.Candidate] {
        let own = files(prefix).filter { $0.text.hasSuffix(".rel") || $0.text.hasSuffix("/") }
        return own
            + StandardRecipes.files.keys.sorted().map { Completion.Candidate("std/\($0)", detail: "ships with relsh") }
    }

    private static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[...slash]), String(path[path.index(after: slash)...]))
    }

    /// `:help`, and what comes after `:run `, `:load ` and their like; nil where an expression follows.
    private func commands(_ text: String) -> (start: Int, prefix: String, candidates: [Completion.Candidate])? {
        guard let space = text.firstIndex(of: " ") else {
            let all = PromptCommand.all.map { Completion.Candidate(":" + $0.name, detail: $0.summary) }
            return (0, text, all.filter { $0.text.hasPrefix(text) })
        }
        let rest = text[text.index(after: space)...]
        let word = String(rest.split(separator: " ", omittingEmptySubsequences: false).last ?? "")
        let candidates: [Completion.Candidate]
        switch text[..<space] {
        case ":run":
            candidates = rest.contains(" ") ? options(of: String(rest.prefix { $0 != " " })) : live.names(.recipes)
        case ":load", ":save": candidates = files(word)
        case ":dry": candidates = ["on", "off"].map { Completion.Candidate($0) }
        case ":doc": candidates = Reference(catalog).allNames.map { Completion.Candidate($0) }
        default: return nil
        }
        return (text.utf8.count - word.utf8.count, word, candidates.filter { $0.text.hasPrefix(word) })
    }

    private func options(of name: String) -> [Completion.Candidate] {
        let finder = RecipeFinder()
        guard let entry = try? finder.find(name), let source = try? finder.source(of: entry) else { return [] }
        let (program, _) = ProgramLoading(catalog: catalog, colour: false).check(source)
        let recipe = program.entry?.recipes.first { $0.name == entry.name }
        return (recipe?.parameters ?? []).map { parameter in
            Completion.Candidate(
                "--" + parameter.name.map { $0 == "_" ? "-" : String($0) }.joined(),
                detail: parameter.documentation ?? "")
        }
    }

    // MARK: Lists

    private static func commonPrefix(_ texts: [String]) -> String {
        guard var common = texts.first else { return "" }
        for text in texts.dropFirst() {
            common = String(zip(common, text).prefix { $0 == $1 }.map(\.0))
        }
        return common
    }

    private static let maximumRows = 30

    private func list(_ candidates: [Completion.Candidate]) -> String {
        let width = Terminal.size(1)?.width ?? 80
        let shown = candidates.prefix(Self.maximumRows)
        let longest = min(shown.map { columnWidth($0.text) }.max() ?? 0, 40)
        var text = ""
        for candidate in shown {
            let padding = String(repeating: " ", count: max(0, longest - columnWidth(candidate.text)))
            let line = StyledLine("  " + candidate.text) + (padding + "  " + oneLine(candidate.detail), .dim)
            text += line.rendered(width: width - 1, colour: colour) + "\n"
        }
        if candidates.count > shown.count { text += "  … \(candidates.count - shown.count) more\n" }
        return text
    }
}
