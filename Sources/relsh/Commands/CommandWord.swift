import Lang

/// The words that can stand first instead of a file or a recipe.
enum CommandWord: String, Sendable, CaseIterable {
    case check, fmt, explain, doc
    case initialise = "init"
    /// What concerns earlier runs.
    case runs, show, log, resume, undo
    case apply, help

    /// Where its own options stand in the table of them, besides those of relsh.
    var places: Set<OwnOption.Place> {
        switch self {
        case .check: [.check]
        case .fmt: [.fmt]
        case .explain: [.explain]
        case .doc: [.doc]
        case .runs: [.runs]
        case .show: [.show]
        case .resume: [.resume]
        case .undo: [.undo]
        case .apply: [.redeclarable]
        case .initialise, .log, .help: []
        }
    }

    /// Those of relsh's options that do something here. The others are let pass, as people have them in aliases.
    private var shared: Set<OwnOption.Key> {
        switch self {
        case .check, .show: [.noColor, .help]
        case .fmt, .initialise: [.dryRun, .noColor, .help]
        case .explain: [.set, .list, .noColor, .help]
        case .doc, .log, .help: [.help]
        case .runs: [.yes, .set, .noColor, .help]
        case .resume: [.dryRun, .yes, .set, .quiet, .verbose, .noColor, .help]
        case .undo: [.dryRun, .yes, .set, .noColor, .help]
        case .apply: [.yes, .quiet, .verbose, .noColor, .help]
        }
    }

    /// Its own options first.
    var options: [OwnOption] {
        let own = OwnOption.all.filter { places.contains($0.place) && $0.key != .version }
        return own + OwnOption.all.filter { $0.place == .anywhere && shared.contains($0.key) }
    }

    /// What the words after one of those with words of a fixed number ask for.
    func action(_ words: [String]) throws(UsageError) -> Invocation.Action {
        let counts: ClosedRange<Int> =
            switch self {
            case .show, .resume: 0...1
            case .undo, .apply: 1...1
            case .log: 2...2
            default: 0...0
            }
        if words.count > counts.upperBound {
            throw UsageError(.unexpectedWord(words[counts.upperBound], help: "usage: relsh \(usage)"))
        }
        if words.count < counts.lowerBound {
            let names = usage.split(separator: " ").dropFirst().prefix(counts.lowerBound)
            throw UsageError(
                .missingWord(command: rawValue, words: names.joined(separator: " and "), usage: usage))
        }
        return switch self {
        case .show: .show(run: words.first)
        case .log: .log(run: words[0], step: words[1])
        case .resume: .resume(run: words.first)
        case .undo: .undo(run: words[0])
        case .apply: .apply(file: words[0])
        default: .runs
        }
    }
}
