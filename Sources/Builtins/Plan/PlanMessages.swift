package import Lang

/// Why a plan cannot be read, or not be followed.
extension Message {
    package static func planUnreadable(_ path: String, _ reason: String) -> Message {
        Message(
            "\(path) is not a plan that can be followed: \(reason)",
            help: "a plan is what `relsh RECIPE … --plan FILE` writes; it is made to be read, not to be edited")
    }

    package static func planTooNew(_ path: String, layout: Int, known: Int, maker: String) -> Message {
        Message(
            "\(path) was made by relsh \(maker): it has layout \(layout), and this relsh knows \(known)",
            help: "apply it with the relsh that made it")
    }

    package static func planOutdated(_ path: String, _ differences: [String]) -> Message {
        Message(
            "the plan \(path) does not hold any more, and nothing was changed:\n  "
                + differences.joined(separator: "\n  "), help: replan)
    }

    package static func planFailsNow(_ path: String, _ reason: String) -> Message {
        Message(
            "the plan \(path) does not hold any more, and nothing was changed: planned anew, it fails: \(reason)",
            help: replan)
    }

    package static func outsidePlan(_ call: String, planned: String?) -> Message {
        let instead =
            planned.map { "where the plan has `\($0)`, it would now make `\(call)`" }
            ?? "`\(call)` is not in the plan"
        return Message("the run leaves its plan: \(instead); it was stopped before that", help: replan)
    }

    private static let replan =
        "plan anew with `relsh RECIPE … --plan FILE`, look at what has changed, and apply that"

    package static func planNeedsFile() -> Message {
        Message(
            "a plan must be of a recipe in a file, but this program comes from standard input",
            help: "write it to a file: whoever applies the plan needs it too")
    }
}
