import Lang

/// What a run would do, as a dry run has found it: to be reviewed, and followed later by `relsh apply`. All texts stand as
/// `PlanWriting` has them, so that a plan says the same on every machine.
package struct Plan: Sendable {
    /// The layout of the file; one that is newer is refused.
    static let layout = 1

    package struct Source: Sendable, Hashable {
        package let file: String
        package let digest: String
    }

    package struct Step: Sendable, Hashable {
        let identity: String
        let parent: String?
        let title: String
        /// `step` or `transaction`.
        let kind: String
        var mark = Mark()
    }

    /// What a real run may make of something that was planned.
    struct Mark: Sendable, Hashable {
        /// It may not come to this: that depends on something which only a real run would know.
        var isUncertain = false
        /// It may come to this several times.
        var mayRepeat = false
    }

    /// A change.
    struct Effect: Sendable, Hashable {
        let identity: String
        let step: String?
        /// Where it stands: `release.rel:12:5`.
        let place: String
        let name: String
        /// What a person would type; for one of relsh's own changes whose commands depend on the unknown, its call.
        let commands: [String]
        /// Of `$`: the words of each program, in groups that stand for one word of the recipe.
        var stages: [Stage]?
        /// Of relsh's own: a list, as JSON.
        var arguments: String?
        /// What stands now where it changes something, by what it is: `tag app:dev`, `git-tag app-1.0.0`.
        var before: [Before] = []
        /// What it gives, as far as that is known; as JSON.
        var gives: String?
        var mark = Mark()
    }

    struct Stage: Sendable, Hashable {
        var words: [[String]]
        /// With a secret's source in its place.
        var environment: [String: String]
    }

    struct Before: Sendable, Hashable {
        let subject: String
        let state: String
    }

    /// A look at the world that the plan rests on.
    struct Read: Sendable, Hashable {
        let identity: String
        let place: String
        let call: String
        /// As JSON; nil where it cannot be kept, or must not be.
        let result: String?
    }

    package let version: String
    package let recipe: String?
    package let file: String
    /// Those of the command line, from the file or recipe on, without relsh's own options.
    package let words: [String]
    /// `--set`.
    package let settings: [String]
    /// The digest of `relsh.toml`; empty where there is none.
    package let projectFile: String
    /// Where it was started, from the project's directory.
    package let directory: String
    package let sources: [Source]
    package let state: ProjectState?
    /// For people: when, who and where.
    package let made: [String]

    package var steps: [Step] = []
    var effects: [Effect] = []
    var reads: [Read] = []

    package var effectCount: Int { effects.count }

    /// The words of the command line, for a project that lies in this directory.
    package func words(in project: String) -> [String] { words.map(Self.writing(project).plain) }
    package func settings(in project: String) -> [String] { settings.map(Self.writing(project).plain) }

    private static func writing(_ project: String) -> PlanWriting {
        PlanDirectories(workingDirectory: project, project: nil, repository: nil).writingOfWords
    }
}
