import Builtins
import Lang

/// What stands before the cursor: the project, its git branch and docker's context, as they are now.
struct PromptLook: Sendable {
    let colour: Bool
    private let environment = World.inheritedEnvironment()

    /// For the first line of an input. Escape sequences stand between two characters U+0001.
    func first(isDry: Bool) -> String {
        let directory = LocalFiles.workingDirectory
        var words: [String] = []
        words.append(styled(project(directory) ?? Path(directory).name, "1"))
        if let branch = Self.branch(from: directory) { words.append(styled(branch, "36")) }
        words.append(styled("docker:" + context, "2"))
        if isDry { words.append(styled("dry", "33")) }
        return words.joined(separator: " ") + "> "
    }

    /// For the lines after it.
    var next: String { styled("...", "2") + " " }

    private func styled(_ text: String, _ style: String) -> String {
        let text = oneLine(text)
        return colour ? "\u{1}\u{1B}[\(style)m\u{1}\(text)\u{1}\u{1B}[0m\u{1}" : text
    }

    private func project(_ directory: String) -> String? {
        let files = LiveFiles(workingDirectory: directory)
        guard let root = try? ProjectFile.root(from: directory, files: files) else { return nil }
        let path = Path(root).joined(ProjectFile.name).text
        guard let bytes = try? files.read(path) else { return nil }
        // The whole file is checked when something of it is used; here a name is enough.
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, String(parts[0]).trimmed == "name" else { continue }
            let value = String(parts[1]).trimmed
            guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
            return String(value.dropFirst().prefix { $0 != quote })
        }
        return nil
    }

    /// The branch, or the first digits of a commit that none is at; nil outside of a repository.
    /// Source: gitrepository-layout, `HEAD` and the `gitdir:` files of linked work trees.
    static func branch(from directory: String) -> String? {
        var place: String? = directory
        while let here = place {
            var git = Path(here).joined(".git").text
            if LocalFiles.kind(git) == .file, let text = read(git), text.hasPrefix("gitdir: ") {
                git = Path(here).joined(String(text.dropFirst(8))).text
            }
            if let head = read(Path(git).joined("HEAD").text) {
                let reference = "ref: refs/heads/"
                return head.hasPrefix(reference) ? String(head.dropFirst(reference.count)) : String(head.prefix(7))
            }
            place = LocalFiles.parent(here)
        }
        return nil
    }

    private static func read(_ path: String) -> String? {
        (try? LocalFiles.read(path, limit: 4096)).map { String(decoding: $0, as: UTF8.self).trimmed }
    }

    /// As docker finds it: `DOCKER_HOST`, then `DOCKER_CONTEXT`, then its settings.
    private var context: String {
        if let host = environment["DOCKER_HOST"], !host.isEmpty { return host }
        if let context = environment["DOCKER_CONTEXT"], !context.isEmpty { return context }
        let directory = environment["DOCKER_CONFIG"] ?? environment["HOME"].map { "\($0)/.docker" } ?? ""
        let settings = try? LocalFiles.read("\(directory)/config.json", limit: 1 << 20)
        guard let settings else { return "default" }
        let text = String(decoding: settings, as: UTF8.self)
        guard let key = text.firstRange(of: "\"currentContext\"") else { return "default" }
        let rest = text[key.upperBound...].drop { $0.isWhitespace || $0 == ":" }
        guard rest.first == "\"" else { return "default" }
        return String(rest.dropFirst().prefix { $0 != "\"" })
    }
}
