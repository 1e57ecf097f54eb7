import Lang

// What is not as it was when a run began, in words.

extension RunStart {
    /// - Parameter sources: those of the run that is resumed.
    package func differences(from sources: [Source]) -> [String] {
        var differences: [String] = []
        for source in self.sources {
            guard let before = sources.first(where: { $0.path == source.path }) else {
                differences.append("\(source.name) is new")
                continue
            }
            if let line = Self.firstDifference(before.text, source.text) {
                differences.append(
                    "\(source.name) differs from line \(line.number): it was `\(line.before)`, and is `\(line.now)`")
            }
        }
        for before in sources where !self.sources.contains(where: { $0.path == before.path }) {
            differences.append("\(before.name) is not part of the program any more")
        }
        return differences
    }

    private static func firstDifference(_ before: String, _ now: String) -> (number: Int, before: String, now: String)?
    {
        if before == now { return nil }
        let (old, new) = (lines(before), lines(now))
        let position =
            zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(old.count, new.count)
        func line(_ lines: [Substring]) -> String {
            position < lines.count ? String(lines[position]).trimmed.limited(to: 120) : ""
        }
        return (position + 1, line(old), line(new))
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }
}

extension ProjectState {
    /// - Parameters:
    ///   - files: those that the run itself has changed, as its recipe named them.
    ///   - directory: what those are relative to.
    ///   - isUnseen: whether what is at an absolute path may be what the run itself has made of it without having seen it.
    package func differences(
        to now: ProjectState?, but files: Set<String>, from directory: String,
        isUnseen: (String) -> Bool = { _ in false }
    ) -> [String] {
        guard let now else { return ["the project is no git repository any more"] }
        var differences: [String] = []
        if commit != now.commit {
            differences.append("the commit was \(commit.prefix(12)), and is \(now.commit.prefix(12))")
        }
        let own = Set(files.map { Path(directory).joined($0).text })
        for path in Set(changed.keys).union(now.changed.keys).sorted() where changed[path] != now.changed[path] {
            let place = Path(now.root).joined(path).text
            // What is removed with its directory is not always named by itself.
            if own.contains(where: { place == $0 || place.hasPrefix($0 + "/") }) || isUnseen(place) { continue }
            let before = changed[path] == nil ? "as in the commit" : "changed in another way"
            differences.append("\(path) has changed since (it was \(before))")
        }
        if differences.count <= 10 { return differences }
        return differences.prefix(10) + ["and \(differences.count - 10) more"]
    }
}
