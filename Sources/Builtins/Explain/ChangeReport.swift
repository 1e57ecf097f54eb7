package import Lang

/// What a recipe can change, told without running it.
package struct ChangeReport: Sendable {
    /// What surrounds a change, outermost first.
    package struct Surrounding: Sendable, Hashable {
        package enum Kind: String, Sendable { case step, transaction }
        package let kind: Kind
        package let title: String
    }

    package struct Argument: Sendable, Hashable {
        package let name: String
        package let text: String
    }

    /// One thing to know of taking a change back.
    package struct Remark: Sendable, Hashable {
        package let kind: Reversal.Kind
        /// What of the change it is about, where that is not all.
        package let subject: String
        package let command: String?
        package let text: String
    }

    /// A call of a builtin that changes something, or a command.
    package struct Change: Sendable, Hashable {
        /// `docker.tag`; `$` for a command, `run` and `sh` by their names.
        package let name: String
        package let arguments: [Argument]
        /// `recipes/dev.rel:12`
        package let place: String
        package let surroundings: [Surrounding]
        /// `if push_to_repo`, `for each target of targets`; outermost first.
        package let conditions: [String]
        /// The calls that lead there, outermost first; what tells two ways to one place apart.
        let calls: [String]
        package internal(set) var remarks: [Remark]
    }

    /// Something of note at a place.
    package struct Finding: Sendable, Hashable {
        package let text: String
        package let place: String
        package let conditions: [String]
    }

    package internal(set) var changes: [Change] = []
    /// Those that only other options lead to.
    package internal(set) var withOtherOptions: [Change] = []
    /// Where a secret is given out by `.reveal()`.
    package internal(set) var secrets: [Finding] = []
    /// What a person is asked.
    package internal(set) var questions: [Finding] = []
    /// Calls of functions that cannot be told before the run.
    package internal(set) var unseen: [Finding] = []
    /// True where the program was too large to follow to its end: then there may be more.
    package internal(set) var isIncomplete = false
    /// Why the project is not known, where the recipe asks for it.
    package internal(set) var projectError: RuntimeError?

    package init() {}
}

extension ChangeReport {
    mutating func add(_ change: Change) { if !changes.contains(change) { changes.append(change) } }

    /// Adds what is at places, or reached on ways, that this one has not.
    mutating func addOthers(_ other: ChangeReport) {
        func key(_ change: Change) -> [String] { change.calls + [change.place, change.name] }
        let known = Set(changes.map(key))
        for change in other.changes where !known.contains(key(change)) { withOtherOptions.append(change) }
        func merge(_ list: inout [Finding], _ others: [Finding]) {
            let places = Set(list.map(\.place))
            for finding in others where !places.contains(finding.place) && !list.contains(finding) {
                list.append(finding)
            }
        }
        merge(&secrets, other.secrets)
        merge(&questions, other.questions)
        merge(&unseen, other.unseen)
        isIncomplete = isIncomplete || other.isIncomplete
        projectError = projectError ?? other.projectError
    }
}
