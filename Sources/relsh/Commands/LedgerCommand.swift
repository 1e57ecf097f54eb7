/// The words that concern earlier runs, and what may follow each.
enum LedgerCommand: String, Sendable, CaseIterable {
    case runs, show, log, resume, undo, apply

    /// Where its own options stand in the table of them; `log` has none.
    var place: OwnOption.Place {
        switch self {
        case .runs: .runs
        case .show: .show
        case .log: .anywhere
        case .resume: .resume
        case .undo: .undo
        case .apply: .apply
        }
    }

    var usage: String {
        switch self {
        case .runs: "runs [--count COUNT] [--locks] [--unlock]"
        case .show: "show [RUN] [--json]"
        case .log: "log RUN STEP"
        case .resume: "resume [RUN] [--force] [--again] [--wait]"
        case .undo: "undo RUN [--step STEP] [--dry-run] [--again] [--wait]"
        case .apply: "apply FILE [--yes] [--wait] [--no-ledger]"
        }
    }

    var summary: String {
        switch self {
        case .runs: "Lists the runs that the ledger has, the newest first. RUN elsewhere is the number given here."
        case .show:
            "Shows a run, the newest where none is named: its steps as a tree, with what they changed or looked at, how long "
                + "that took, and what every tag and file was before and after."
        case .log:
            "Prints what the programs of a step printed, those of the steps in it too. STEP is its number in `relsh show`, or "
                + "its title."
        case .resume:
            "Goes on with a run that failed, was interrupted or died, the newest where none is named. Finished steps give the "
                + "results they had. Where the recipe, its options or the project have changed since, it says so and does "
                + "nothing. A change that was under way is looked for; what cannot be looked for is run again only with --again."
        case .undo:
            "Takes back what a run has changed, the newest first: tags in registries, names of images on this machine, git "
                + "tags, files; and calls the `undo` of its steps, with the values it had. What somebody else has changed since is left as it is; the rest is taken back, relsh exits "
                + "with 3 and says which command completes it. --dry-run shows what would be done."
        case .apply:
            "Runs the recipe of a plan that `relsh RECIPE … --plan FILE` has saved, and keeps to it: each change must be one that "
                + "the plan has, with what was unknown filled in. Before anything is changed the plan is made anew and compared: "
                + "where recipe, options, project or the world have changed since, relsh says what, does nothing and exits with "
                + "1. So it does before the first change that the plan does not have. A file that is no plan is a mistake in "
                + "the command line: 2. The run is recorded like any other."
        }
    }

    /// What the words after it ask for.
    func action(_ words: [String]) throws(UsageError) -> Invocation.Action {
        let counts: ClosedRange<Int> =
            switch self {
            case .runs: 0...0
            case .show, .resume: 0...1
            case .undo, .apply: 1...1
            case .log: 2...2
            }
        if words.count > counts.upperBound {
            throw UsageError(.unexpectedWord(words[counts.upperBound], help: "usage: relsh \(usage)"))
        }
        if words.count < counts.lowerBound { throw UsageError(.missingWord(command: rawValue, usage: usage)) }
        return switch self {
        case .runs: .runs
        case .show: .show(run: words.first)
        case .log: .log(run: words[0], step: words[1])
        case .resume: .resume(run: words.first)
        case .undo: .undo(run: words[0])
        case .apply: .apply(file: words[0])
        }
    }
}
