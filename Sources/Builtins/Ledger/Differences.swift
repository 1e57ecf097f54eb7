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
            differences.append("\(path) \(difference(of: path, in: now))")
        }
        if differences.count <= 10 { return differences }
        return differences.prefix(10) + ["and \(differences.count - 10) more"]
    }

    /// Of files that git does not know it tells nothing but that they are there.
    private func difference(of path: String, in now: ProjectState) -> String {
        let (gone, isNew) = ("absent", now.new.contains(path))
        return switch (changed[path], now.changed[path]) {
        case (nil, gone): "is gone (it was as in the commit)"
        case (nil, _): isNew ? "is new" : "has changed since (it was as in the commit)"
        case (gone, nil): "is there again, as in the commit"
        case (gone, _): "is there again, with other content"
        case (_, nil): "has changed since (it differed from the commit; now it does not, or is gone)"
        case (_, gone): "is gone (it differed from the commit)"
        default: "has changed since (it \(isNew ? "had other content" : "differed from the commit in another way"))"
        }
    }
}
