/// What `relsh COMMAND --help` says besides the options.
extension CommandWord {
    /// What stands on the command line, after `relsh`.
    var usage: String {
        switch self {
        case .check: "check FILE… [--json] [--strict]"
        case .fmt: "fmt FILE… [--check]"
        case .explain: "explain RECIPE|FILE [RECIPE] [--json] [options of the recipe]"
        case .doc: "doc [NAME] [--markdown]"
        case .initialise: "init [--dry-run]"
        case .runs: "runs [--count COUNT] [--locks] [--unlock]"
        case .show: "show [RUN] [--json] [--content DIGEST]"
        case .log: "log RUN STEP"
        case .resume: "resume [RUN] [--force] [--again] [--wait]"
        case .undo: "undo RUN [--step STEP] [--dry-run] [--again] [--wait]"
        case .apply: "apply FILE [--yes] [--wait] [--no-ledger]"
        case .help: "help [COMMAND|RECIPE|FILE]"
        }
    }

    /// A sentence, which stands in `relsh --help`, too.
    var summary: String {
        switch self {
        case .check: "Finds what is wrong in recipe files without running anything."
        case .fmt: "Writes recipe files in the one style of the language, and names those that were not."
        case .explain: "Shows what a recipe can change, and how each change is taken back; runs nothing."
        case .doc: "Describes what a recipe can call."
        case .initialise: "Begins a project: looks at the repository, and writes relsh.toml and a first recipe."
        case .runs: "Lists the runs that the ledger has, the newest first."
        case .show: "Shows a run, the newest where none is named."
        case .log: "Prints what the programs of a step printed, those of the steps in it too."
        case .resume: "Goes on with a run that failed, was interrupted or died, the newest where none is named."
        case .undo: "Takes back what a run has changed, the newest change first."
        case .apply: "Runs the recipe of a plan that `relsh RECIPE … --plan FILE` has saved, and keeps to it."
        case .help: "Shows the help of a command, a recipe or a file; alone, that of relsh."
        }
    }

    /// What else there is to know.
    var details: String {
        switch self {
        case .check:
            "FILE is a recipe file, and `-` standard input. What a file imports is looked at, too. Findings have the place, and "
                + "what to do."
        case .fmt:
            "FILE is a recipe file, a directory, which stands for the recipe files in it, or `-`, which reads standard input and "
                + "writes standard output. A file that does not parse stays as it is."
        case .explain:
            "It reads the recipe, what that imports, and relsh.toml. Options of the recipe narrow down what can happen."
        case .doc:
            "NAME is a function, a member, a namespace or a type: print, docker.tag, docker, Str. Alone it lists all there are."
        case .initialise: "It overwrites nothing, and says what it found."
        case .runs:
            "RUN elsewhere is the number given here. The ledger is that of the project; outside of one, it has what was typed at "
                + "the prompt."
        case .show:
            "Its steps are a tree, with what they changed or looked at, how long that took, and what every tag and file was "
                + "before and after."
        case .log: "STEP is its number in `relsh show`, or its title."
        case .resume:
            "Finished steps give the results they had. Where the recipe, its options or the project have changed since, it says "
                + "so and does nothing. A change that was under way is looked for; what cannot be looked for is run again only "
                + "with --again. Of settings, --set takes those of [lock]; the others are those of the run."
        case .undo:
            "That is tags in registries, names of images on this machine, git tags and files; and it calls the `undo` of the "
                + "run's steps, with the values it had. What somebody else has changed since is left as it is; the rest is taken "
                + "back, relsh exits with 3 and says which command completes it. --dry-run shows what would be done."
        case .apply:
            "Each change must be one that the plan has, with what was unknown filled in. Before anything is changed the plan is "
                + "made anew and compared: where recipe, options, project or the world have changed since, relsh says what, and "
                + "does nothing. So it does before the first change that the plan does not have. The run is recorded like any "
                + "other."
        case .help: "It is what --help after that name shows."
        }
    }

    /// How it ends, and when.
    var exitCodes: [(Int, String)] {
        switch self {
        case .check:
            [
                (0, "nothing is wrong, or there are warnings alone"),
                (2, "something is, or a file cannot be read; with --strict a warning is enough"),
            ]
        case .fmt:
            [
                (0, "done"), (1, "with --check or --dry-run: a file would change"),
                (2, "a file could not be read, parsed or written; the others are done"),
            ]
        case .explain: [(0, "done"), (2, "the recipe, its options or relsh.toml are wrong")]
        case .doc: [(0, "done"), (2, "there is nothing of that name")]
        case .initialise: [(0, "done"), (1, "there is a project already, or a file could not be written")]
        case .runs:
            [
                (0, "done"), (1, "with --unlock or --locks: the lock was not taken away, or could not be looked at"),
                (2, "there is no ledger, or it cannot be read"),
            ]
        case .show, .log: [(0, "done"), (2, "there is no such run or step, or no ledger")]
        case .resume: Self.codesOfRuns(refused: "the run cannot go on: it says why; nothing was run")
        case .undo:
            [
                (0, "all of it is as before"), (1, "it could not begin: another release is under way"),
                (2, "there is no such run, or it has not ended; nothing was changed"),
                (3, "some of it was not taken back"), (130, "interrupted"),
            ]
        case .apply:
            [
                (0, "done"), (1, "the recipe failed, or what it would do is not what the plan has"),
                (2, "the file is no plan; nothing was run"),
                (3, "the recipe failed and could not be undone completely"), (130, "interrupted"),
            ]
        case .help: [(0, "done"), (2, "there is nothing of that name")]
        }
    }

    private static func codesOfRuns(refused: String) -> [(Int, String)] {
        ExitCode.allCases.map { (Int($0.rawValue), $0 == .usage ? refused : $0.summary) }
    }

    /// Command lines, without `relsh`.
    var examples: [String] {
        switch self {
        case .check: ["check recipes/*.rel", "check --json - < recipes/dev.rel"]
        case .fmt: ["fmt recipes", "fmt --check recipes"]
        case .explain: ["explain docker_release_all --version 1.2.0", "explain recipes/dev.rel build --json"]
        case .doc: ["doc", "doc docker.tag"]
        case .initialise: ["init --dry-run", "init"]
        case .runs: ["runs --count 5", "runs --locks"]
        case .show: ["show", "show 12 --json"]
        case .log: ["log 12 3", "log 12 \"Build 1.2.0\""]
        case .resume: ["resume", "resume 12 --again"]
        case .undo: ["undo 12 --dry-run", "undo 12 --step \"Publish\""]
        case .apply: ["docker_release_all --plan plan.json", "apply plan.json --yes"]
        case .help: ["help resume", "help docker_pull"]
        }
    }
}
