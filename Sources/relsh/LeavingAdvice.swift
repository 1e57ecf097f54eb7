import Builtins
import Glibc
import Lang

/// What somebody is told who has relsh leave a run at once.
enum LeavingAdvice {
    /// The run that this process works on, as far as the ledger has it.
    static func ownRun() -> RunSummary? {
        guard let ledger = try? RunsCommand.ledger(), ledger.exists else { return nil }
        let runs = (try? RunSummary.list(ledger, most: 20)) ?? []
        return runs.first { $0.ending == .running && $0.process == ProcessMark.own }
    }

    static func text(_ run: RunSummary?, hasContainers: Bool) -> String {
        var lines = ["", "relsh: interrupted again, leaving at once: nothing more is undone"]
        if let other = run?.takesBack {
            lines.append("  help: `relsh undo \(other)` takes back what is left of run #\(other)")
        } else if let run {
            lines.append(
                "  help: `relsh resume \(run.number)` goes on with run #\(run.number), and `relsh undo \(run.number)` takes it back"
            )
        }
        if hasContainers {
            let name = "relsh-run-\(getpid())-"
            lines.append("  help: containers named \(name)… may still run; this removes them:")
            lines.append("    docker rm --force $(docker ps -q --filter name=\(name))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
