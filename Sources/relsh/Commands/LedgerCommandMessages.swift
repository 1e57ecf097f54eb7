import Lang

extension Message {
    /// - Parameter words: what it needs, as its usage calls it.
    static func missingWord(command: String, words: String, usage: String) -> Message {
        let runs = words.contains("RUN") ? "; `relsh runs` lists the runs" : ""
        return Message("`relsh \(command)` needs \(words)", help: "usage: relsh \(usage)\(runs)")
    }

    static func runNotResumable(_ run: String, ending: String, process: String?) -> Message {
        Message(
            "run \(run) cannot be resumed: it \(ending)",
            help: process.map { "process \($0) works on it; wait until it has ended" }
                ?? "a run is resumed where it failed, was interrupted or died; run the recipe again")
    }

    static func commandLineNotKept(_ run: String) -> Message {
        Message(
            "run \(run) cannot be resumed: there was a secret on its command line, which is not in the ledger",
            help: "begin anew; `env.secret` or `secrets.file` bring secrets in without being seen")
    }

    static func directoryGone(_ directory: String, run: String) -> Message {
        Message("run \(run) was started in \(directory), which is not there any more")
    }

    static func settingOfApply(_ key: String) -> Message {
        Message(
            "`relsh apply` must have the settings of its plan, but is given --set \(key)=…",
            help: "plan anew with that setting")
    }

    static func dryRunOfApply() -> Message {
        Message(
            "`relsh apply` has no dry run: the plan says what it does",
            help: "read the plan; before anything is changed, it is compared with what would be done now")
    }

    static func planDirectoryMissing(_ directory: String, in root: String) -> Message {
        Message(
            "the plan was made in the directory \(directory) of its project, which \(root) does not have",
            help: "go to the project that the plan is of")
    }

    static func lockHolderAlive(_ holder: String, process: String) -> Message {
        Message(
            "the lock is not taken away from a release that is under way on this machine: \(holder)",
            help:
                "interrupt it (`kill -INT \(process)`): it takes back what it has begun, and gives the lock back itself"
        )
    }

    static func resumeRefused(_ run: String, _ differences: [String]) -> Message {
        Message(
            "run \(run) cannot go on as it began:\n  " + differences.joined(separator: "\n  "),
            help: "put that back, or begin anew; `relsh resume \(run.dropFirst()) --force` goes on all the same")
    }
}
