/// The options relsh itself has. This table is all there is to know of them: parsing, `--help` and suggestions follow it.
///
/// Why not swift-argument-parser: which options are allowed after a recipe, and what their values may be, is known only
/// when the recipe has been read, so one reader has to do both kinds; and the protocol look-ups of that package cost
/// 1 to 2 ms of a start-up of about 3.
struct OwnOption: Sendable {
    enum Key: Sendable {
        case help, version, list, evaluate, dryRun, set, yes, quiet, verbose, noColor, json, strict, markdown, onlyCheck
        case maxMemory, maxSteps, maxTime, noLedger, wait, force, again, step, count, locks, unlock
        case plan, content
    }

    /// Where it may stand.
    enum Place: Sendable {
        /// Before the file or recipe, and after it; a recipe cannot have an option of this name.
        case anywhere
        /// Before the recipe, and after it where the recipe has no option of the name.
        case redeclarable
        /// Instead of a file or recipe.
        case alone
        /// After `relsh check`.
        case check
        /// After `relsh fmt`.
        case fmt
        /// After `relsh explain`, before the recipe or after it.
        case explain
        /// After `relsh doc`.
        case doc
        /// After `relsh runs`, `relsh show`, `relsh resume` and `relsh undo`.
        case runs, show, resume, undo
    }

    let key: Key
    let name: String
    let short: Character?
    /// What stands for the value in help; nil for a flag.
    let value: String?
    let place: Place
    let summary: String

    static let all: [OwnOption] = [
        OwnOption(
            key: .dryRun, name: "dry-run", short: "n", value: nil, place: .anywhere,
            summary: "Look at everything and change nothing; show what would be run."),
        OwnOption(
            key: .plan, name: "plan", short: nil, value: "FILE", place: .anywhere,
            summary: "As --dry-run, and save what is shown, for `relsh apply FILE`."),
        OwnOption(
            key: .yes, name: "yes", short: "y", value: nil, place: .anywhere,
            summary: "Answer yes to every confirmation."),
        OwnOption(
            key: .set, name: "set", short: nil, value: "KEY=VALUE", place: .anywhere,
            summary: "Override a setting of relsh.toml; can be repeated."),
        OwnOption(
            key: .quiet, name: "quiet", short: "q", value: nil, place: .anywhere,
            summary: "Show only what the recipe prints and what failed."),
        OwnOption(
            key: .verbose, name: "verbose", short: nil, value: nil, place: .anywhere,
            summary: "Show the output of commands as it comes."),
        OwnOption(
            key: .noColor, name: "no-color", short: nil, value: nil, place: .anywhere,
            summary: "No colours (also NO_COLOR in the environment)."),
        OwnOption(
            key: .maxMemory, name: "max-memory", short: nil, value: "SIZE", place: .redeclarable,
            summary: "Let the run hold at most this much memory, such as 512MB (2GiB, or half of what there is)."),
        OwnOption(
            key: .maxSteps, name: "max-steps", short: nil, value: "COUNT", place: .redeclarable,
            summary: "Let the run take at most so many steps: turns of loops, and calls (any number)."),
        OwnOption(
            key: .maxTime, name: "max-time", short: nil, value: "DURATION", place: .redeclarable,
            summary: "Let the run take at most this long, such as 90s or 2h (any time)."),
        OwnOption(
            key: .noLedger, name: "no-ledger", short: nil, value: nil, place: .redeclarable,
            summary: "Do not record the run; it can then be neither resumed nor taken back later."),
        OwnOption(
            key: .wait, name: "wait", short: nil, value: nil, place: .redeclarable,
            summary: "Wait while another release of the project is under way, instead of giving up."),
        OwnOption(
            key: .list, name: "list", short: nil, value: nil, place: .anywhere,
            summary: "List the recipes found from here, or those of FILE."),
        OwnOption(
            key: .help, name: "help", short: "h", value: nil, place: .anywhere,
            summary: "Show help, of relsh, or of the command or recipe named."),
        OwnOption(
            key: .version, name: "version", short: nil, value: nil, place: .redeclarable,
            summary: "Show the version of relsh."),
        OwnOption(
            key: .evaluate, name: "eval", short: "e", value: "EXPRESSION", place: .alone,
            summary: "Run the text given and print its value, as `print` does."),
        OwnOption(
            key: .json, name: "json", short: nil, value: nil, place: .check,
            summary: "Print the findings of `relsh check` as JSON."),
        OwnOption(
            key: .strict, name: "strict", short: nil, value: nil, place: .check,
            summary: "Let warnings fail `relsh check`."),
        OwnOption(
            key: .onlyCheck, name: "check", short: nil, value: nil, place: .fmt,
            summary: "Change nothing; list the files that would change, and exit with 1 if there are any."),
        OwnOption(
            key: .json, name: "json", short: nil, value: nil, place: .explain,
            summary: "Print the report as JSON."),
        OwnOption(
            key: .markdown, name: "markdown", short: nil, value: nil, place: .doc,
            summary: "Print all of it as one page of Markdown."),
        OwnOption(
            key: .count, name: "count", short: nil, value: "COUNT", place: .runs,
            summary: "List so many runs, the newest (20)."),
        OwnOption(
            key: .locks, name: "locks", short: nil, value: nil, place: .runs,
            summary: "Show which run may release now, and since when; also one on another machine, at the git remote."),
        OwnOption(
            key: .unlock, name: "unlock", short: nil, value: nil, place: .runs,
            summary: "Take the lock away from a run that is not there any more, after a question."),
        OwnOption(
            key: .json, name: "json", short: nil, value: nil, place: .show,
            summary: "Print everything the ledger has of the run as JSON."),
        OwnOption(
            key: .content, name: "content", short: nil, value: "DIGEST", place: .show,
            summary: "Print what a file held before a run changed it, by the digest that a message names."),
        OwnOption(
            key: .force, name: "force", short: nil, value: nil, place: .resume,
            summary: "Go on although the recipe, its options or the project have changed."),
        OwnOption(
            key: .again, name: "again", short: nil, value: nil, place: .resume,
            summary: "Run again what was under way, though nothing tells how far it came."),
        OwnOption(
            key: .again, name: "again", short: nil, value: nil, place: .undo,
            summary: "Call an `undo` again that was under way when the run died."),
        OwnOption(
            key: .wait, name: "wait", short: nil, value: nil, place: .resume,
            summary: "Wait while another release of the project is under way, instead of giving up."),
        OwnOption(
            key: .wait, name: "wait", short: nil, value: nil, place: .undo,
            summary: "Wait while a release of the project is under way, instead of giving up."),
        OwnOption(
            key: .step, name: "step", short: nil, value: "STEP", place: .undo,
            summary: "Take back this step alone, named by its number or title."),
    ]

    static func named(_ name: String, in places: Set<Place>) -> OwnOption? {
        all.first { $0.name == name && places.contains($0.place) }
    }

    static func lettered(_ letter: Character, in places: Set<Place>) -> OwnOption? {
        all.first { $0.short == letter && places.contains($0.place) }
    }

    /// The letters that mean the same after every recipe: `-n` must never be anything but a dry run.
    static let reservedLetters: Set<Character> = Set(all.filter { $0.place == .anywhere }.compactMap(\.short))

    /// The names a recipe's parameters cannot have.
    static let reservedNames: Set<String> = Set(all.filter { $0.place == .anywhere }.map(\.name))
}
