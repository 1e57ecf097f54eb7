import Builtins

/// What somebody can do whose run has failed: the last line of relsh.
struct RunAdvice {
    private let run: Int
    /// Whether its undo has left something that `relsh undo` takes back.
    private let hasLeft: Bool

    init(_ run: Int, undoIsIncomplete: Bool, in ledger: Ledger) {
        self.run = run
        hasLeft = undoIsIncomplete && Self.hasLeft(run, in: ledger)
    }

    private static func hasLeft(_ run: Int, in ledger: Ledger) -> Bool {
        guard let summary = try? RunSummary.find(run, in: ledger),
            let undoing = try? Undoing(summary, step: nil, ledger: ledger)
        else { return false }
        return !undoing.items.isEmpty
    }

    var text: String {
        let start = "relsh: this was run #\(run): `relsh show \(run)` explains it, "
        if !hasLeft { return start + "`relsh resume \(run)` goes on" }
        return start + "`relsh undo \(run)` takes back what is left of it, and `relsh resume \(run)` begins anew then"
    }
}
