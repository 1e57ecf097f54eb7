package import Lang

/// What can go wrong with the ledger itself.
extension Message {
    package static func ledgerNotOpened(_ path: String, reason: String, help: String) -> Message {
        Message("the run cannot be recorded: the ledger \(path) cannot be opened: \(reason)", help: help)
    }

    package static func ledgerNotWritten(_ path: String, reason: String, help: String) -> Message {
        Message("the run cannot be recorded any further: the ledger \(path) cannot be written: \(reason)", help: help)
    }

    package static func endNotWritten(_ run: Int, reason: String, help: String?) -> Message {
        Message(
            "run #\(run) has succeeded, but that could not be recorded, so that `relsh runs` calls it died: \(reason)",
            help: (help.map { "\($0); " } ?? "") + "`relsh resume \(run)` records it, and does nothing that is done")
    }

    /// - Parameter maker: the relsh that its newest run was made with.
    package static func ledgerTooNew(_ path: String, layout: Int, known: Int, maker: String?) -> Message {
        Message(
            "the ledger \(path) was written by a newer relsh: it has layout \(layout), and this relsh knows layouts up to \(known)"
                + (maker.map { "; its newest run was made with relsh \($0)" } ?? ""),
            help:
                "use that relsh here (`relsh --version` tells which this is): the ledger stays as it is; or set RELSH_LEDGER to "
                + "another file, where the runs of this relsh are then kept apart from the others")
    }

    package static func ledgerDamaged(_ path: String, reason: String) -> Message {
        Message(
            "the ledger \(path) is damaged: \(reason)",
            help: "move it away, with what SQLite has beside it, to begin a new one: "
                + "`cd \(shellQuoted(Path(path).parent.text)) && mkdir damaged && mv \(shellQuoted(Path(path).name))* damaged/`; "
                + "what it says of earlier runs may still be read with "
                + "`sqlite3 \(shellQuoted(Path(path).parent.joined("damaged").joined(Path(path).name).text)) .recover`")
    }

    /// - Parameter isNamed: by RELSH_LEDGER.
    package static func notALedger(_ path: String, reason: String, isNamed: Bool) -> Message {
        Message(
            "\(path) is no ledger of relsh: \(reason)",
            help: isNamed
                ? "RELSH_LEDGER names it: have it name a ledger, or a file that is not there yet"
                : "move it away: relsh keeps its ledger there")
    }

    package static func noLedger(_ path: String) -> Message {
        Message("there is no ledger at \(path)", help: "relsh makes it when a recipe runs for the first time")
    }

    package static func noLedgerPlace() -> Message {
        Message(
            "there is no ledger here: no relsh.toml in this directory or one above it",
            help: "go to the project, or name a ledger in RELSH_LEDGER")
    }

    package static func noSuchRun(_ text: String, newest: Int?) -> Message {
        Message(
            "the ledger has no run \(text)",
            help: newest.map { "the newest is #\($0); `relsh runs` lists them" } ?? "it has none yet")
    }

    static func noSuchContent(_ digest: Digest) -> Message {
        Message(
            "the ledger does not have what \(digest) was",
            help:
                "it keeps what files held before the newest runs changed them (`[ledger]`, `keep_output`), and none of a run with "
                + "--no-ledger, nor what had a secret in it")
    }

    package static func severalSteps(_ text: String, run: Int, numbers: [Int]) -> Message {
        Message(
            "run #\(run) has \(numbers.count) steps \(text)",
            help:
                "name one by its number: \(numbers.map(String.init).joined(separator: ", ")); `relsh show \(run)` shows which is which"
        )
    }

    package static func noSuchStep(_ text: String, run: Int) -> Message {
        Message("run #\(run) has no step \(text)", help: "`relsh show \(run)` lists them with their numbers")
    }
}
