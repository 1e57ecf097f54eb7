import Lang

// Where a plan does not hold any more.

extension Plan {
    /// Before it is planned anew: recipe, settings and project.
    ///
    /// - Parameter now: what a run would be now, with no steps.
    package func differencesOfProject(to now: Plan) -> [String] {
        var differences: [String] = []
        if version != now.version {
            differences.append("it was made by relsh \(version), and this is relsh \(now.version)")
        }
        for source in sources {
            guard let other = now.sources.first(where: { $0.file == source.file }) else {
                differences.append("\(source.title) is not part of the program any more")
                continue
            }
            if source.digest != other.digest { differences.append("\(source.title) has changed") }
        }
        for source in now.sources where !sources.contains(where: { $0.file == source.file }) {
            differences.append("\(source.title) is new in the program")
        }
        if file != now.file { differences.append("the recipe was in \(file), and is in \(now.file)") }
        if recipe != now.recipe {
            differences.append("the recipe was \(recipe ?? "none"), and is \(now.recipe ?? "none")")
        }
        if projectFile != now.projectFile { differences.append("relsh.toml has changed") }
        if let state {
            differences += state.differences(to: now.state, but: [], from: "")
        } else if now.state != nil {
            differences.append("the project was no git repository when the plan was made")
        }
        return differences
    }

    /// After it was planned anew: the world, and what the run would do in it.
    package func differencesOfWorld(to now: Plan) -> [String] {
        var differences: [String] = []
        for read in reads where read.isOfTheWorld {
            guard let other = now.reads.first(where: { $0.identity == read.identity }), read.result != other.result
            else { continue }
            differences.append(
                "\(read.call) gave \(Self.shown(read.result)), and gives \(Self.shown(other.result)) now")
        }
        for effect in effects {
            guard let other = now.effects.first(where: { $0.identity == effect.identity }) else { continue }
            for before in effect.before {
                guard !before.isOfThisMachine, let state = other.before.first(where: { $0.subject == before.subject }),
                    state.state != before.state
                else { continue }
                differences.append("\(before.title) was \(before.shown), and is \(state.shown) now")
            }
        }
        // What would be done follows from what is there.
        if differences.isEmpty, let difference = firstDifference(to: now) { differences.append(difference) }
        var told: Set<String> = []
        differences = differences.filter { told.insert($0).inserted }
        return differences.count <= 20 ? differences : differences.prefix(20) + ["and \(differences.count - 20) more"]
    }

    private func firstDifference(to now: Plan) -> String? {
        for (position, effect) in effects.enumerated() {
            guard position < now.effects.count else { return "\(effect.title) is planned, and would not be made now" }
            let other = now.effects[position]
            if effect.isSame(as: other) { continue }
            if effect.title == other.title { return "\(effect.title) stands elsewhere, or is given something else now" }
            return "\(effect.title) is planned, and it would be \(other.title) now"
        }
        if now.effects.count > effects.count { return "\(now.effects[effects.count].title) is not in the plan" }
        if steps != now.steps { return "its steps have other titles, or another order, than they would have now" }
        return nil
    }

    private static func shown(_ result: String?) -> String {
        guard let result else { return "null" }
        guard let value = try? StoredValue.value(of: result) else { return result.limited(to: 200) }
        return value.literal.limited(to: 200)
    }
}

extension Plan.Source {
    fileprivate var title: String { file.replacingBytes(of: "‹project›/", with: "") }
}

extension Plan.Effect {
    var title: String { "`\(commands.joined(separator: "; ").limited(to: 400))`" }

    /// What stands there now is compared by itself.
    fileprivate func isSame(as other: Plan.Effect) -> Bool {
        var (one, two) = (self, other)
        (one.before, two.before) = ([], [])
        return one == two
    }
}

extension Plan.Read {
    /// False for what differs from machine to machine: that counts where it shows in a command, and nowhere else.
    fileprivate var isOfTheWorld: Bool {
        let name = call.prefix { $0 != "(" && $0 != " " }
        if name.hasPrefix("$") {
            let program = call.dropFirst(2).prefix { $0 != " " && $0 != ")" }
            return !Self.ofThisMachine.contains(String(program))
        }
        return !Self.sections.contains { name.hasPrefix($0) }
    }

    private static let ofThisMachine: Set<String> = ["hostname", "whoami", "id", "uname", "pwd", "date", "docker"]
    private static let sections = ["env.", "paths.", "docker.", "ui.", "confirm"]
}

extension Plan.Before {
    fileprivate var isOfThisMachine: Bool { subject.hasPrefix("name ") }
    fileprivate var title: String { subject.hasPrefix("tag ") ? "the tag \(subject.dropFirst(4))" : "the \(subject)" }
    fileprivate var shown: String {
        switch Inverse.State(stored: state) {
        case .absent?: "not there"
        case .image(let digest)?: digest.description
        case .content(_, let count)?: "\(count) bytes (\(state.split(separator: " ").dropFirst().first ?? ""))"
        case .directory?: "a directory"
        case .tree(let entries, let bytes)?: "a directory with \(entries) entries and \(Size(bytes: bytes))"
        case .link(let target)?: "a link to \(target)"
        case .special?: "not to be read"
        case .commit(let commit)?: commit
        case .named(let name)?: name
        case nil: state
        }
    }
}
