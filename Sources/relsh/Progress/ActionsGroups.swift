/// Folds steps in the log of GitHub Actions, where a line `::group::TITLE` opens a fold and `::endgroup::` closes it. Folds cannot
/// stand in one another: the fold of a step closes when a step inside it begins, as far as that is one of the two outer levels.
struct ActionsGroups: Sendable {
    /// The level whose steps are folded now, and how many of them are under way: those of a `parallel` share one.
    private var open: (depth: Int, steps: Int)?

    private static let deepest = 1

    /// The lines before those of a step that begins; nil where it is only another line of the fold that is open.
    mutating func begin(depth: Int, title: String) -> [String]? {
        guard depth <= Self.deepest else { return nil }
        if let (level, steps) = open, level == depth {
            open = (level, steps + 1)
            return nil
        }
        let closing = open == nil ? [] : ["::endgroup::"]
        open = (depth, 1)
        return closing + ["::group::" + title]
    }

    /// The lines before the one that says how a step ended. What failed is not to be folded away.
    mutating func end(depth: Int, failed: Bool) -> [String] {
        guard let (level, steps) = open, depth <= level || failed else { return [] }
        if depth == level, steps > 1, !failed {
            open = (level, steps - 1)
            return []
        }
        open = nil
        return ["::endgroup::"]
    }
}
